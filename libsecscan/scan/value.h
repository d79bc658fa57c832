/*
 * value.h: runs of bytes that could be a credential of no form of its own,
 * whatever the syntax around: found beside Hyperscan, in one pass of their own.
 */
#ifndef SS_VALUE_H
#define SS_VALUE_H

#include "base/bytes.h"
#include "rules/kind.h"
#include "scan/candidate.h"

/* A run is of letters, digits and _-.+/, and unlike words: by its first bytes,
 * of which it has some at least. */
#define SS_VALUE_MIN SS_KIND_PREFIX
#define SS_VALUE_LOOK SS_KIND_LOOK

typedef struct ss_value_span {
    size_t from, to;
} ss_value_span;

/* Append a candidate of `rule` for each run; its end is SS_VALUE_MIN behind the
 * run's start. A run that goes on beyond an end of `bytes` counts as far as it
 * is seen. */
void ss_value_scan(ss_bytes bytes, uint32_t rule, ss_candidates *out);

/* The run that starts at `from`; 0 when none does. `value` is it without what
 * ends a sentence and with base64's padding; `wide` goes on over separators
 * that few values have (a:b), and is empty when it would be the same. */
int ss_value_at(ss_bytes bytes, size_t from, ss_value_span *value,
                ss_value_span *wide);

/* Not made of words, nor of the same bytes again and again. */
int ss_value_is_random(ss_bytes value);

#endif
