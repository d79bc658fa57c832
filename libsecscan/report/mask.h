/*
 * mask.h: take the values of all findings out of any text of a report.
 *
 * Values of 8 bytes or more are masked in every text, those of 4 to 7 in
 * excerpts of lines, shorter ones only in the line of their own finding: three
 * letters stand in half of all words. What hides is "********" behind the
 * value's public prefix; of values that overlap nothing but a prefix that no
 * other value covers is shown.
 */
#ifndef SS_MASK_H
#define SS_MASK_H

#include "base/arena.h"
#include "base/buf.h"

typedef struct ss_mask_value {
    ss_bytes bytes;
    size_t prefix; /* leading bytes that may be shown; < bytes.len */
    size_t parent; /* 1 + index of the longest other value that this one
                      starts with; 0: none */
} ss_mask_value;

/* Values in order of their bytes, behind a filter on their first bytes. */
typedef struct ss_mask_table {
    ss_mask_value *at;
    size_t len, cap;
    size_t key; /* bytes that the filter looks at: 4 or 8 */
    uint64_t *filter;
    unsigned shift; /* of the hash, to a bit of the filter */
} ss_mask_table;

typedef struct ss_mask {
    ss_mask_table longs, shorts;
    ss_mask_table reversed; /* ends of the long values, last byte first */
    ss_arena arena;
} ss_mask;

/* The line of a finding: where its own secret stands in it (len 0: nowhere),
 * and, set by ss_mask_line, where the masked form stands in the output. */
typedef struct ss_mask_place {
    ss_bytes secret;
    size_t at, prefix;
    size_t from, to;
} ss_mask_place;

void ss_mask_init(ss_mask *mask);
/* `value` is borrowed. Returns 0, or -1 when out of memory. */
int ss_mask_add(ss_mask *mask, ss_bytes value, size_t prefix);
/* After the last value, before the first text. */
int ss_mask_seal(ss_mask *mask);
/* Append `text` with every value masked. */
int ss_mask_text(ss_buf *out, const ss_mask *mask, ss_bytes text);
int ss_mask_line(ss_buf *out, const ss_mask *mask, ss_bytes line,
                 ss_mask_place *place);
/* Append a secret alone: prefix and asterisks. */
int ss_mask_secret(ss_buf *out, ss_bytes secret, size_t prefix);
void ss_mask_release(ss_mask *mask); /* wipes */

#endif
