/*
 * candidate.c: a list of raw hits with a fixed capacity.
 */
#include "candidate.h"

#include "base/alloc.h"

#include <stdlib.h>

int ss_candidates_init(ss_candidates *list, size_t cap)
{
    list->len = 0;
    list->overflowed = 0;
    list->cap = cap;
    list->at = ss_calloc(cap, sizeof(*list->at));
    return list->at ? 0 : -1;
}

void ss_candidates_release(ss_candidates *list)
{
    ss_free(list->at);
    list->at = NULL;
    list->len = list->cap = 0;
}

static int by_rule_then_end(const void *pa, const void *pb)
{
    const ss_candidate *a = pa;
    const ss_candidate *b = pb;

    if (a->rule != b->rule)
        return a->rule < b->rule ? -1 : 1;
    return (a->end > b->end) - (a->end < b->end);
}

void ss_candidates_sort(ss_candidates *list)
{
    size_t kept = 0;

    qsort(list->at, list->len, sizeof(*list->at), by_rule_then_end);
    for (size_t i = 0; i < list->len; i++) {
        if (kept && !by_rule_then_end(&list->at[kept - 1], &list->at[i]))
            continue;
        list->at[kept++] = list->at[i];
    }
    list->len = kept;
}

static int by_end_then_rule(const void *pa, const void *pb)
{
    const ss_candidate *a = pa;
    const ss_candidate *b = pb;

    if (a->end != b->end)
        return a->end < b->end ? -1 : 1;
    return (a->rule > b->rule) - (a->rule < b->rule);
}

void ss_candidates_sort_by_end(ss_candidates *list)
{
    qsort(list->at, list->len, sizeof(*list->at), by_end_then_rule);
}
