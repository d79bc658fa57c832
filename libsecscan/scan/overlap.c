/*
 * overlap.c: choose between matches that overlap.
 */
#include "overlap.h"

#include <string.h>

int ss_match_order(const ss_match *a, const ss_match *b)
{
    if (a->secret_from != b->secret_from)
        return a->secret_from < b->secret_from ? -1 : 1;
    if (a->secret_to != b->secret_to)
        return a->secret_to < b->secret_to ? -1 : 1;
    return (a->rule_number > b->rule_number) -
           (a->rule_number < b->rule_number);
}

static int is_better(const ss_match *a, const ss_match *b)
{
    uint64_t a_len = a->secret_to - a->secret_from;
    uint64_t b_len = b->secret_to - b->secret_from;
    int chain;

    if (a->rule->is_part_only != b->rule->is_part_only)
        return b->rule->is_part_only;
    /* A path is asked last: where it says no, the other has to be there. */
    if (!a->rule->path != !b->rule->path)
        return !a->rule->path;
    if (a->evidence != b->evidence)
        return a->evidence > b->evidence;
    if (a->rule->specificity != b->rule->specificity)
        return a->rule->specificity > b->rule->specificity;
    if (a_len != b_len)
        return a_len > b_len;
    if (a->encodings.n != b->encodings.n)
        return a->encodings.n < b->encodings.n;
    chain = memcmp(a->encodings.at, b->encodings.at, a->encodings.n);
    if (chain)
        return chain < 0;
    return ss_match_order(a, b) < 0;
}

int ss_match_overlaps(const ss_match *a, const ss_match *b)
{
    return a->secret_from < b->secret_to && b->secret_from < a->secret_to;
}

static size_t best_open(const ss_match *matches, size_t n)
{
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < n; i++) {
        if (matches[i].fate == SS_FATE_OPEN &&
            (best == SIZE_MAX || is_better(&matches[i], &matches[best])))
            best = i;
    }
    return best;
}

static int is_listed(const uint32_t *list, size_t n, uint32_t rule)
{
    for (size_t i = 0; i < n; i++) {
        if (list[i] == rule)
            return 1;
    }
    return 0;
}

static int loses(const ss_match *match, const ss_match *winner)
{
    return match->fate == SS_FATE_OPEN && ss_match_overlaps(winner, match);
}

static size_t count_losers(const ss_match *matches, size_t n,
                           const ss_match *winner)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        count += (size_t)loses(&matches[i], winner);
    return count;
}

/* `winner` keeps its place; those it overlaps lose theirs to it. */
static int absorb(ss_match *matches, size_t n, ss_match *winner,
                  ss_arena *arena)
{
    size_t n_losers = count_losers(matches, n, winner);
    uint32_t *also = ss_arena_alloc(arena, n_losers * sizeof(*also));

    if (!also)
        return -1;
    winner->fate = SS_FATE_KEPT;
    winner->also = also;
    winner->n_also = 0;
    for (size_t i = 0; i < n; i++) {
        ss_match *m = &matches[i];

        if (!loses(m, winner))
            continue;
        m->fate = SS_FATE_LOST;
        if (m->rule_number != winner->rule_number && !m->rule->is_part_only &&
            !is_listed(also, winner->n_also, m->rule_number))
            also[winner->n_also++] = m->rule_number;
    }
    return 0;
}

int ss_overlap_resolve(ss_match *matches, size_t n, ss_arena *arena)
{
    for (;;) {
        size_t winner = best_open(matches, n);

        if (winner == SIZE_MAX)
            return 0;
        if (absorb(matches, n, &matches[winner], arena))
            return -1;
    }
}
