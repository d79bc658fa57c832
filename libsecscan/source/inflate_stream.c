/*
 * inflate_stream.c: zlib, a piece at a time.
 */
#include "inflate_stream.h"

#include "base/alloc.h"

#include <limits.h>
#include <zlib.h>

struct ss_inflate_stream {
    z_stream z;
};

int ss_inflate_stream_new(ss_inflate_stream **out, secscan_error *err)
{
    ss_inflate_stream *s = ss_calloc(1, sizeof(*s));

    if (!s)
        return ss_fail_nomem(err);
    if (inflateInit(&s->z) != Z_OK) {
        ss_free(s);
        return ss_fail_nomem(err);
    }
    *out = s;
    return 0;
}

void ss_inflate_stream_free(ss_inflate_stream *s)
{
    if (!s)
        return;
    inflateEnd(&s->z);
    ss_free(s);
}

static uInt at_most(size_t len)
{
    return len < UINT_MAX ? (uInt)len : UINT_MAX;
}

int ss_inflate_stream_read(ss_inflate_stream *s, ss_bytes *in, uint8_t *out,
                           size_t cap, size_t *got, int *is_end,
                           secscan_error *err)
{
    uInt given = at_most(in->len), room = at_most(cap);
    int rc;

    /* zlib only reads it: its type is older than its use of const. */
    s->z.next_in = (Bytef *)(uintptr_t)in->data;
    s->z.avail_in = given;
    s->z.next_out = out;
    s->z.avail_out = room;
    rc = inflate(&s->z, Z_NO_FLUSH);
    in->data += given - s->z.avail_in;
    in->len -= given - s->z.avail_in;
    *got = room - s->z.avail_out;
    *is_end = rc == Z_STREAM_END;
    if (rc == Z_MEM_ERROR)
        return ss_fail_nomem(err);
    /* Z_BUF_ERROR: there was nothing to do, which more input mends. */
    if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
        return ss_fail(err, SECSCAN_ERR_CORRUPT, "damaged zlib stream");
    return 0;
}
