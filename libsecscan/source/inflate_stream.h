/*
 * inflate_stream.h: one zlib stream in pieces, for objects that are too large
 * to hold. Several times slower than inflate.h. The only includer of zlib is
 * inflate_stream.c.
 */
#ifndef SS_INFLATE_STREAM_H
#define SS_INFLATE_STREAM_H

#include "base/bytes.h"
#include "base/error.h"

typedef struct ss_inflate_stream ss_inflate_stream; /* one thread at a time */

int ss_inflate_stream_new(ss_inflate_stream **out, secscan_error *err);
void ss_inflate_stream_free(ss_inflate_stream *stream);

/* Inflate from the head of *in, which loses what was used, into out[cap]: *got
 * bytes. *is_end: the stream is over, and its checksum right. Call again with
 * the same input as long as cap bytes are got; with more when it is used up.
 * SECSCAN_ERR_CORRUPT when it is damaged. */
int ss_inflate_stream_read(ss_inflate_stream *stream, ss_bytes *in,
                           uint8_t *out, size_t cap, size_t *got, int *is_end,
                           secscan_error *err);

#endif
