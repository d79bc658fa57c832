/*
 * overlap.c: choose between matches that overlap.
 */
#include "overlap.h"

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

    if (a->evidence != b->evidence)
        return a->evidence > b->evidence;
    if (a->rule->specificity != b->rule->specificity)
        return a->rule->specificity > b->rule->specificity;
    if (a_len != b_len)
        return a_len > b_len;
    return ss_match_order(a, b) < 0;
}

static int overlaps(const ss_match *a, const ss_match *b)
{
    return a->secret_from < b->secret_to && b->secret_from < a->secret_to;
}

/* States of a match in a cluster while it is resolved. */
enum { OPEN = 0, KEPT = 1, LOST = 2 };

static size_t best_open(const ss_match *matches, const uint8_t *state, size_t n)
{
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < n; i++) {
        if (state[i] == OPEN &&
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

static size_t count_losers(const ss_match *matches, const uint8_t *state,
                           size_t n, const ss_match *winner)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        count += state[i] == OPEN && overlaps(winner, &matches[i]);
    return count;
}

/* `winner` keeps its place; those it overlaps lose theirs to it. */
static int absorb(ss_match *matches, uint8_t *state, size_t n, size_t winner,
                  ss_arena *arena)
{
    ss_match *m = &matches[winner];
    size_t n_losers = count_losers(matches, state, n, m);
    uint32_t *also = ss_arena_alloc(arena, n_losers * sizeof(*also));

    if (!also)
        return -1;
    state[winner] = KEPT;
    m->also = also;
    m->n_also = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t rule = matches[i].rule_number;

        if (state[i] != OPEN || !overlaps(m, &matches[i]))
            continue;
        state[i] = LOST;
        if (rule != m->rule_number && !is_listed(also, m->n_also, rule))
            also[m->n_also++] = rule;
    }
    return 0;
}

size_t ss_overlap_resolve(ss_match *matches, size_t n, ss_arena *arena)
{
    uint8_t *state;
    size_t kept = 0;

    if (n == 1)
        return 1;
    state = ss_arena_alloc(arena, n);
    if (!state)
        return SIZE_MAX;
    memset(state, OPEN, n);
    for (;;) {
        size_t winner = best_open(matches, state, n);

        if (winner == SIZE_MAX)
            break;
        if (absorb(matches, state, n, winner, arena))
            return SIZE_MAX;
    }
    for (size_t i = 0; i < n; i++) {
        if (state[i] == KEPT)
            matches[kept++] = matches[i];
    }
    return kept;
}
