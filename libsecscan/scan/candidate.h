/*
 * candidate.h: (rule, end offset) exactly as Hyperscan said it.
 */
#ifndef SS_CANDIDATE_H
#define SS_CANDIDATE_H

#include <stddef.h>
#include <stdint.h>

typedef struct ss_candidate {
    uint32_t rule;
    uint32_t end; /* offset in the chunk, one past the last byte */
} ss_candidate;

/* Born with its capacity; a push past it says so instead of growing. */
typedef struct ss_candidates {
    ss_candidate *at;
    size_t len, cap;
    int overflowed;
} ss_candidates;

int ss_candidates_init(ss_candidates *list, size_t cap);
void ss_candidates_release(ss_candidates *list);
/* Nonzero (and `overflowed`) when full: what stops Hyperscan. */
static inline int ss_candidates_push(ss_candidates *list, ss_candidate c)
{
    if (list->len == list->cap) {
        list->overflowed = 1;
        return 1;
    }
    list->at[list->len++] = c;
    return 0;
}
/* Sort by (rule, end) and drop doubles. */
void ss_candidates_sort(ss_candidates *list);
/* Sort by (end, rule). */
void ss_candidates_sort_by_end(ss_candidates *list);

#endif
