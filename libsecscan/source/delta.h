/*
 * delta.h: git's delta encoding (gitformat-pack): a list of copies out of a
 * base and of literal inserts.
 */
#ifndef SS_DELTA_H
#define SS_DELTA_H

#include "base/bytes.h"
#include "base/error.h"

typedef struct ss_delta {
    size_t base_len, result_len; /* as the delta states them */
    ss_bytes ops;
} ss_delta;

/* One step of a delta: bytes [from, from + len) of the base, or, when it is no
 * copy, `literal`. */
typedef struct ss_delta_op {
    int is_copy;
    size_t from, len;
    const uint8_t *literal;
} ss_delta_op;

/* Read the two lengths that a delta starts with. */
int ss_delta_open(ss_delta *out, ss_bytes bytes, secscan_error *err);
/* Take the next step off delta->ops (not empty). */
int ss_delta_next(ss_delta *delta, ss_delta_op *op, secscan_error *err);
/* Build the result, of exactly delta.result_len bytes. Every offset and length
 * is checked against the base and the result. */
int ss_delta_apply(ss_delta delta, ss_bytes base, uint8_t *out,
                   secscan_error *err);

#endif
