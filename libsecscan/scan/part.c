/*
 * part.c: join matches that stand near each other.
 */
#include "part.h"

#include "scan/overlap.h"

static uint64_t between(uint64_t a, uint64_t b)
{
    return a < b ? b - a : a - b;
}

/* Bytes between the ends of two secrets. */
static uint64_t gap(const ss_match *a, const ss_match *b)
{
    if (a->secret_to <= b->secret_from)
        return b->secret_from - a->secret_to;
    return a->secret_from >= b->secret_to ? a->secret_from - b->secret_to : 0;
}

/* Further away there is nothing more to look for: matches are in order. */
static int is_out_of_reach(const ss_rule_part *part, const ss_match *a,
                           const ss_match *b)
{
    return between(a->secret_from, b->secret_from) > part->reach ||
           between(a->line_start, b->line_start) > part->within_lines;
}

/* gitleaks measures from the match, where that starts in the same line. */
static uint64_t column_of(const ss_match *m)
{
    uint64_t lead = m->secret_from - m->from;

    return m->rule->is_gitleaks && lead < m->column_start
               ? m->column_start - lead
               : m->column_start;
}

static int is_in_column(const ss_rule_part *part, const ss_match *a,
                        const ss_match *b)
{
    return between(column_of(a), column_of(b)) <= part->within_columns;
}

/* ---- which is nearer ---- */

/* Of a pair, the smaller the nearer. An id stands in front of its key, in lists
 * of pairs, too: lines decide, then that, then bytes. */
typedef struct distance {
    uint64_t lines, gap;
    int is_behind; /* the part, behind its whole */
} distance;

static distance distance_of(const ss_match *part, const ss_match *whole)
{
    return (distance){between(part->line_start, whole->line_start),
                      gap(part, whole), part->secret_from > whole->secret_from};
}

static int is_nearer(distance a, distance b)
{
    if (a.lines != b.lines)
        return a.lines < b.lines;
    if (a.lines && a.is_behind != b.is_behind)
        return !a.is_behind;
    if (a.gap != b.gap)
        return a.gap < b.gap;
    return !a.is_behind && b.is_behind;
}

/* ---- looking around a match ---- */

/* What is looked for around a match. */
typedef struct search {
    const ss_match *matches;
    size_t n, i; /* around matches[i] */
    const ss_rule_part *part;
    const ss_match *whole; /* NULL: any match of the part's rules will do */
    int (*is_wanted)(const struct search *search, size_t k);
    size_t best; /* SIZE_MAX: none */
    distance distance;
} search;

static int has_id(const ss_rule_part *part, const ss_match *match)
{
    for (size_t i = 0; i < part->n_ids; i++) {
        if (strcmp(match->rule->id, part->ids[i]) == 0)
            return 1;
    }
    return 0;
}

/* 1: look on in this direction. */
static int look_at(search *s, size_t k)
{
    const ss_match *center = &s->matches[s->i], *m = &s->matches[k];
    distance d =
        s->whole == center ? distance_of(m, center) : distance_of(center, m);

    if (is_out_of_reach(s->part, center, m))
        return 0;
    if (s->best != SIZE_MAX && d.lines > s->distance.lines)
        return 0;
    if (!is_in_column(s->part, center, m) || !s->is_wanted(s, k))
        return 1;
    if (s->best == SIZE_MAX || is_nearer(d, s->distance)) {
        s->best = k;
        s->distance = d;
    }
    return 1;
}

static size_t find_nearest(search *s)
{
    s->best = SIZE_MAX;
    for (size_t k = s->i; k-- > 0;) {
        if (!look_at(s, k))
            break;
    }
    for (size_t k = s->i + 1; k < s->n; k++) {
        if (!look_at(s, k))
            break;
    }
    return s->best;
}

/* ---- what is required ---- */

static int is_any(const search *s, size_t k)
{
    return has_id(s->part, &s->matches[k]);
}

int ss_part_is_complete(const ss_match *matches, size_t n, size_t i)
{
    const ss_rule *rule = matches[i].rule;

    for (size_t p = 0; p < rule->n_parts; p++) {
        search s = {.matches = matches,
                    .n = n,
                    .i = i,
                    .part = &rule->parts[p],
                    .whole = &matches[i],
                    .is_wanted = is_any};

        if (rule->parts[p].is_required && find_nearest(&s) == SIZE_MAX)
            return 0;
    }
    return 1;
}

/* ---- pairs ---- */

/* The match that a part is delivered as: itself, or what it lost to, if that
 * starts within reach. */
static size_t winner_of(const ss_match *matches, size_t n, size_t k,
                        uint32_t reach)
{
    const ss_match *part = &matches[k];

    if (part->fate == SS_FATE_KEPT)
        return k;
    for (size_t w = k + 1; w < n && ss_match_overlaps(part, &matches[w]); w++) {
        if (matches[w].fate == SS_FATE_KEPT)
            return w;
    }
    for (size_t w = k; w-- > 0;) {
        if (part->secret_from - matches[w].secret_from > reach)
            break;
        if (matches[w].fate == SS_FATE_KEPT &&
            ss_match_overlaps(part, &matches[w]))
            return w;
    }
    return SIZE_MAX;
}

/* A part that lost to stronger evidence is something else, and what has parts
 * of its own is a whole. */
static int is_part(const search *s, size_t k)
{
    const ss_match *m = &s->matches[k], *winner;
    size_t w;

    if (!has_id(s->part, m) || m->fate == SS_FATE_UNMET)
        return 0;
    w = winner_of(s->matches, s->n, k, s->part->reach);
    if (w == SIZE_MAX)
        return 0;
    winner = &s->matches[w];
    /* gitleaks reports what a rule requires beside it, unless it is hidden. */
    if (s->whole->rule->is_gitleaks && !winner->rule->is_part_only)
        return 0;
    return winner != s->whole && winner->evidence <= m->evidence &&
           !winner->rule->n_parts;
}

static int is_whole(const search *s, size_t k)
{
    return s->matches[k].fate == SS_FATE_KEPT &&
           s->matches[k].rule_number == s->whole->rule_number;
}

/* The part of matches[i], if that is the nearest whole to it, too. */
static size_t find_part(const ss_match *matches, size_t n, size_t i,
                        const ss_rule_part *part)
{
    search to_part = {.matches = matches,
                      .n = n,
                      .i = i,
                      .part = part,
                      .whole = &matches[i],
                      .is_wanted = is_part};
    search to_whole = to_part;

    to_whole.i = find_nearest(&to_part);
    to_whole.is_wanted = is_whole;
    if (to_whole.i == SIZE_MAX || find_nearest(&to_whole) != i)
        return SIZE_MAX;
    return to_whole.i;
}

static ss_part part_of(const ss_match *m, const ss_match *winner,
                       const ss_rule_part *part)
{
    return (ss_part){.rule = m->rule,
                     .own = winner->rule->is_part_only ? NULL : winner->rule,
                     .role = part->role,
                     .is_public = part->is_public,
                     .secret = ss_match_secret(m),
                     .offset = m->offset,
                     .line_start = m->line_start,
                     .line_end = m->line_end,
                     .column_start = m->column_start,
                     .column_end = m->column_end,
                     .severity = winner->severity,
                     .evidence = winner->evidence,
                     .confidence = winner->confidence,
                     .is_hygiene = winner->is_hygiene};
}

/* The whole is as bad, and as sure, as the worst and surest of its parts. */
static void raise_whole(ss_match *whole, const ss_match *part)
{
    if (part->rule->is_part_only)
        return;
    if (part->severity > whole->severity)
        whole->severity = part->severity;
    if (part->confidence > whole->confidence)
        whole->confidence = part->confidence;
    if (part->evidence > whole->evidence) {
        whole->evidence = part->evidence;
        whole->reason = part->reason;
    }
    if (!part->is_hygiene)
        whole->is_hygiene = 0;
}

int ss_part_join(ss_match *matches, size_t n, size_t i, ss_arena *arena)
{
    ss_match *whole = &matches[i], *copy;
    const ss_rule *rule = whole->rule;
    size_t *winners = ss_arena_alloc(arena, rule->n_parts * sizeof(*winners));
    ss_part *parts = ss_arena_alloc(arena, rule->n_parts * sizeof(*parts));

    if (!winners || !parts)
        return -1;
    for (size_t p = 0; p < rule->n_parts; p++) {
        size_t k = find_part(matches, n, i, &rule->parts[p]);
        size_t winner;

        if (k == SIZE_MAX)
            continue;
        winner = winner_of(matches, n, k, rule->parts[p].reach);
        winners[whole->n_parts] = winner;
        parts[whole->n_parts++] =
            part_of(&matches[k], &matches[winner], &rule->parts[p]);
    }
    if (!whole->n_parts)
        return 0;
    whole->parts = parts;
    for (size_t p = 0; p < whole->n_parts; p++)
        raise_whole(whole, &matches[winners[p]]);
    copy = ss_arena_copy(arena, whole, sizeof(*whole));
    if (!copy)
        return -1;
    for (size_t p = 0; p < whole->n_parts; p++)
        matches[winners[p]].whole = copy;
    return 0;
}
