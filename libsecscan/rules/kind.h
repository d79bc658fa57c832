/*
 * kind.h: the words that kinds are named by (rules with `near` and `value`): a
 * sorted table of them, and a hidden rule that finds those rare enough to look
 * for. For built-in rules both are made at build time.
 */
#ifndef SS_KIND_H
#define SS_KIND_H

#include "rules/rule.h"

/* How far behind a word that is looked for a value may start, in bytes. */
#define SS_NEAR_REACH 512u
/* Words of this length and more are also found inside of a longer one. */
#define SS_KIND_LONG_WORD 5u

/* The number of a pair of characters of a word; SS_KIND_PAIRS when they are
 * none. */
unsigned ss_kind_pair(uint8_t first, uint8_t second);

/* Fill set->kinds from its rules, which are in their order, some of them kinds.
 */
int ss_kind_index_make(ss_rule_set *set, ss_arena *arena, secscan_error *err);
/* The hidden rule that finds their words; NULL when none is to be looked for.
 */
int ss_kind_rule_make(const ss_rule **out, const ss_rule_set *set,
                      ss_arena *arena, secscan_error *err);

#endif
