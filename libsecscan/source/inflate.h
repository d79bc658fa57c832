/*
 * inflate.h: one zlib stream to bytes whose number is known, or its first
 * bytes. The only includer of libdeflate and of zlib is inflate.c.
 */
#ifndef SS_INFLATE_H
#define SS_INFLATE_H

#include "base/bytes.h"
#include "base/error.h"

typedef struct ss_inflater ss_inflater; /* one thread at a time */

int ss_inflater_new(ss_inflater **out, secscan_error *err);
void ss_inflater_free(ss_inflater *inflater);

/* Inflate the stream at the head of `in` into exactly `len` bytes; *used, if
 * not NULL, is the length of the stream. SECSCAN_ERR_CORRUPT when it is
 * damaged, ends early, or holds more or fewer bytes. */
int ss_inflate(ss_inflater *inflater, ss_bytes in, uint8_t *out, size_t len,
               size_t *used, secscan_error *err);

/* The first bytes of the stream at the head of `in`, at most `len`, however
 * long it is. SECSCAN_ERR_CORRUPT when it is damaged; fewer bytes when it ends,
 * or `in` does. */
int ss_inflate_head(ss_bytes in, uint8_t *out, size_t len, size_t *got,
                    secscan_error *err);

/* CRC-32 of a pack's entry, as its index has it. */
uint32_t ss_inflate_crc32(ss_bytes bytes);
/* The same in pieces; `crc` is that of the bytes before, 0 at first. */
uint32_t ss_inflate_crc32_more(uint32_t crc, ss_bytes bytes);

#endif
