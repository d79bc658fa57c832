/*
 * stream_container.c: a compressed stream as a container of one member.
 */
#include "base/alloc.h"
#include "base/error.h"
#include "source/open_container.h"
#include "source/stream.h"

typedef struct stream_container {
    ss_container base;
    ss_stream *stream;
    ss_bytes block;
    int is_given;
} stream_container;

static int next(ss_container *container, ss_member *out,
                ss_container_fault *fault)
{
    stream_container *c = (stream_container *)container;

    (void)fault;
    if (c->is_given)
        return 0;
    c->is_given = 1;
    *out = (ss_member){
        .name = c->stream->name, .size = UINT64_MAX, .is_stream = 1};
    return 1;
}

static ptrdiff_t read_stream(ss_container *container, void *to, size_t len,
                             ss_container_fault *fault)
{
    stream_container *c = (stream_container *)container;
    int rc;

    if (!c->block.len) {
        rc = ss_stream_block(c->stream, &c->block);
        if (rc < 0) {
            *fault = c->stream->fault;
            return SECSCAN_ERR_CORRUPT;
        }
        if (rc == 0)
            return 0;
    }
    if (len > c->block.len)
        len = c->block.len;
    memcpy(to, c->block.data, len);
    c->block.data += len;
    c->block.len -= len;
    return (ptrdiff_t)len;
}

static void close_container(ss_container *container)
{
    stream_container *c = (stream_container *)container;

    ss_stream_close(c->stream);
    ss_free(c);
}

ss_container *ss_stream_container(ss_stream *s)
{
    static const ss_opens_ops ops = {NULL, next, read_stream, NULL,
                                     close_container};
    stream_container *c = ss_calloc(1, sizeof(*c));

    if (!c)
        return NULL;
    c->base.ops = &ops;
    c->stream = s;
    return &c->base;
}
