/*
 * base64.h: the blocks of base64 in text (RFC 4648), of either alphabet: one
 * run of digits, or lines of equal length, however their ends are written.
 */
#ifndef SS_BASE64_H
#define SS_BASE64_H

#include "scan/payload.h"

#define SS_NO_DIGIT 64u

extern const uint8_t ss_base64_digits[256]; /* SS_NO_DIGIT for the others */

typedef struct ss_base64_block {
    size_t to; /* behind its last digit and padding */
    size_t n_digits;
    size_t first_line; /* digits of the first line */
} ss_base64_block;

/* May the four digits decode to what is worth it? Says no to nearly all else.
 */
static inline int ss_base64_may_begin(const uint8_t s[4])
{
    unsigned a = ss_base64_digits[s[0]], b = ss_base64_digits[s[1]];
    unsigned c = ss_base64_digits[s[2]], d = ss_base64_digits[s[3]];

    return ss_payload_may_start((uint8_t)(a << 2 | b >> 4),
                                (uint8_t)(b << 4 | c >> 2),
                                (uint8_t)(c << 6 | d));
}

/* Where the next line begins when a line ends at `at`; `at` when none does. */
size_t ss_base64_joint(ss_bytes text, size_t at);
/* The block that begins at `from`; at most `max` bytes, cut between groups of
 * four digits. */
ss_base64_block ss_base64_block_at(ss_bytes text, size_t from, size_t max);

#endif
