/*
 * decode_utf16.h: UTF-16 with a byte order mark to UTF-8, in pieces of any
 * size.
 */
#ifndef SS_DECODE_UTF16_H
#define SS_DECODE_UTF16_H

#include "base/buf.h"

typedef struct ss_utf16 {
    int is_big_endian;
    int has_byte; /* half of a unit waits in `byte` */
    uint8_t byte;
    uint16_t high; /* a high surrogate waits; 0: none */
} ss_utf16;

/* The byte order mark at the head of a unit: 0 none, 1 little, 2 big endian.
 * Needs four bytes to tell UTF-16 from UTF-32, fewer at a unit's end. */
int ss_utf16_mark(ss_bytes head);

/* Append the UTF-8 of `in`; what is not UTF-16 becomes U+FFFD. At most three
 * bytes out for two in. 0, or -1 when `out` is full. */
int ss_utf16_decode(ss_utf16 *state, ss_bytes in, ss_buf *out);
/* The unit has ended: an unfinished character becomes U+FFFD. */
int ss_utf16_finish(ss_utf16 *state, ss_buf *out);

#endif
