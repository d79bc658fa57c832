/*
 * kind.h: the words that kinds are named by (rules with `near` and `value`): a
 * sorted table of them, and the hidden rule of the values that they may name.
 * For built-in rules both are made at build time.
 */
#ifndef SS_KIND_H
#define SS_KIND_H

#include "rules/rule.h"

/* Bytes of a value by which it is found (scan/value.h), and the most that its
 * finding looks at. */
#define SS_KIND_PREFIX 16u
#define SS_KIND_LOOK 64u
#define SS_KIND_TAIL 8u /* bytes behind it that only end a sentence */

/* The number of a pair of characters of a word; SS_KIND_PAIRS when they are
 * none. */
static inline unsigned ss_kind_pair(uint8_t first, uint8_t second)
{
    unsigned a = ss_is_digit(first) ? 26u + first - '0' : 0u + first - 'a';
    unsigned b = ss_is_digit(second) ? 26u + second - '0' : 0u + second - 'a';

    return a < 36 && b < 36 ? a * 36 + b : SS_KIND_PAIRS;
}

/* Fill set->kinds from its rules, which are in their order, some of them kinds.
 */
int ss_kind_index_make(ss_rule_set *set, ss_arena *arena, secscan_error *err);
/* Append the hidden rule, for which there has to be room. */
int ss_kind_rule_make(ss_rule_set *set, ss_arena *arena, secscan_error *err);

#endif
