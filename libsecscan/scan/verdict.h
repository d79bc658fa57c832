/*
 * verdict.h: is a value of no known format a credential? First what cannot be
 * one is taken out by rule, then boosted trees over facts (facts.h) say how
 * likely the rest is. Whole numbers only: the same score on every machine.
 */
#ifndef SS_VERDICT_H
#define SS_VERDICT_H

#include "base/bytes.h"

/* What scores below is noise. */
#define SS_LEAST_SCORE 50u

#define SS_TOLD_LEN 120u /* as ss_check_result.reason */

/* Could it be one at all, before the trees are asked? */
int ss_is_possible(ss_bytes line, size_t value_at, size_t value_len);
/* 0 to 100, of the value at `value_at` in its line. `told` may be NULL: the
 * facts that spoke most for it, in a person's words; no scanned bytes. */
unsigned ss_score(ss_bytes line, size_t value_at, size_t value_len,
                  char told[SS_TOLD_LEN]);

#endif
