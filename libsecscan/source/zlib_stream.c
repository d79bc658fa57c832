/*
 * zlib_stream.c: gzip, with any number of members, and zlib, by zlib.
 * libarchive knows no zlib, and gives nothing of the last 64 KiB of a damaged
 * gzip.
 */
#include "base/alloc.h"
#include "source/stream.h"

#include <limits.h>
#include <zlib.h>

#define ROOM ((size_t)128 << 10)

typedef struct zlib_stream {
    ss_stream base;
    z_stream z;
    gz_header header; /* of the first member */
    ss_bytes in;
    uint8_t is_gzip, is_started, is_over, is_first;
    size_t used;  /* of `out`, at most: small streams touch little of it */
    uint8_t *out; /* ROOM bytes */
} zlib_stream;

static int fail(zlib_stream *s, const char *detail)
{
    s->base.fault = (ss_container_fault){"corrupt", detail};
    s->is_over = 1;
    return -1;
}

/* Behind a member of gzip: another one, or padding and what nobody reads. */
static int start(zlib_stream *s)
{
    if (!s->is_first && (!s->is_gzip || s->in.data[0] != 0x1f)) {
        s->is_over = 1;
        return 0;
    }
    if (!s->is_first && inflateReset(&s->z) != Z_OK)
        return fail(s, "zlib cannot begin again");
    s->is_started = 1;
    return 0;
}

static int refill(zlib_stream *s)
{
    int rc;

    if (s->in.len)
        return 0;
    rc = ss_feed_next(&s->base.feed, &s->in);
    if (rc > 0)
        return 0;
    s->is_over = 1;
    if (rc < 0) {
        s->base.fault = s->base.feed.fault;
        return -1;
    }
    return s->is_started || s->is_first ? fail(s, "it is cut short") : 0;
}

static void inflate_some(zlib_stream *s)
{
    uInt given = s->in.len < UINT_MAX ? (uInt)s->in.len : UINT_MAX;
    int rc;

    /* zlib only reads it: its type is older than its use of const. */
    s->z.next_in = (Bytef *)(uintptr_t)s->in.data;
    s->z.avail_in = given;
    rc = inflate(&s->z, Z_NO_FLUSH);
    s->in.data += given - s->z.avail_in;
    s->in.len -= given - s->z.avail_in;
    if (rc == Z_STREAM_END) {
        s->is_started = s->is_first = 0;
        return;
    }
    if (rc == Z_OK || rc == Z_BUF_ERROR)
        return;
    /* What is not even a header is no member: it stands behind the last. */
    if (!s->is_first && s->z.total_out == 0 && s->z.total_in < 10)
        s->is_over = 1;
    else
        (void)fail(s, "its compression is damaged");
}

static int block(ss_stream *stream, ss_bytes *out)
{
    zlib_stream *s = (zlib_stream *)stream;

    s->z.next_out = s->out;
    s->z.avail_out = ROOM;
    while (!s->is_over && s->z.avail_out > 0) {
        if (refill(s) || s->is_over)
            break;
        if (!s->is_started && (start(s) || s->is_over))
            break;
        inflate_some(s);
    }
    *out = ss_bytes_of(s->out, ROOM - s->z.avail_out);
    s->used = out->len > s->used ? out->len : s->used;
    if (out->len)
        return 1;
    return stream->fault.reason ? -1 : 0;
}

static void close_stream(ss_stream *stream)
{
    zlib_stream *s = (zlib_stream *)stream;

    inflateEnd(&s->z);
    ss_free_wiped(s->out, s->used);
    ss_free(s);
}

ss_stream *ss_zlib_stream_open(int is_gzip)
{
    static const ss_stream_ops ops = {block, close_stream};
    zlib_stream *s = ss_calloc(1, sizeof(*s));

    if (!s)
        return NULL;
    s->base.ops = &ops;
    s->is_gzip = (uint8_t)is_gzip;
    s->is_first = 1;
    s->out = ss_alloc(ROOM);
    if (!s->out ||
        inflateInit2(&s->z, is_gzip ? 16 + MAX_WBITS : MAX_WBITS) != Z_OK) {
        ss_free(s->out);
        ss_free(s);
        return NULL;
    }
    if (is_gzip) {
        s->header.name = (Bytef *)s->base.name;
        s->header.name_max = sizeof(s->base.name) - 1;
        inflateGetHeader(&s->z, &s->header);
    }
    return &s->base;
}
