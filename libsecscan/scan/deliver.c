/*
 * deliver.c: from matches that wait to matches that are delivered, in order.
 *
 * Three steps, each as far as what it depends on is known: what is required and
 * overlaps; parts and wholes; the sink. The known part ends at a limit: no
 * match with a secret before it is still to come. The second step looks twice
 * the reach of parts around a match. What is delivered is kept for one reach:
 * whatever is near a match that is not joined yet is not delivered, and other
 * wholes are within reach of that. Without rules that have parts the reach is
 * 0.
 */
#include "pipeline.h"

#include "scan/overlap.h"
#include "scan/part.h"

/* Matches without a gap between them would never let the arena be reset. */
#define RENEW_FROM ((size_t)1 << 20)

static uint64_t reach_of(const ss_scanner *s)
{
    return s->set->part_reach;
}

/* ---- required parts, overlaps ---- */

/* The cluster of overlapping matches that starts at `first`: its end, and how
 * far its secrets reach. */
static size_t cluster_end(const ss_scanner *s, size_t first, uint64_t *reach)
{
    size_t i = first;

    for (*reach = s->pending.at[i].secret_to; i < s->pending.len; i++) {
        const ss_match *m = &s->pending.at[i];

        if (i > first && m->secret_from >= *reach)
            break;
        if (m->secret_to > *reach)
            *reach = m->secret_to;
    }
    return i;
}

static int resolve_cluster(ss_scanner *s, size_t first, size_t last)
{
    ss_match *at = s->pending.at;

    for (size_t i = first; i < last; i++) {
        if (!ss_part_is_complete(at, s->pending.len, i))
            at[i].fate = SS_FATE_UNMET;
    }
    return ss_overlap_resolve(at + first, last - first, &s->arena);
}

/* Later matches may still be near a secret that is `reach` before the limit. */
static int resolve(ss_scanner *s, uint64_t limit)
{
    while (s->n_resolved < s->pending.len) {
        uint64_t reach;
        size_t last = cluster_end(s, s->n_resolved, &reach);

        if (reach > limit ||
            (limit != UINT64_MAX && reach_of(s) && limit - reach < reach_of(s)))
            return 0;
        if (resolve_cluster(s, s->n_resolved, last))
            return ss_fail_nomem(s->err);
        s->n_resolved = last;
    }
    return 0;
}

/* ---- parts ---- */

/* Where the secrets start of which step `n_done` knows nothing yet. */
static uint64_t frontier(const ss_scanner *s, size_t n_done, uint64_t limit)
{
    return n_done < s->pending.len ? s->pending.at[n_done].secret_from : limit;
}

static int join(ss_scanner *s, uint64_t limit)
{
    uint64_t known = frontier(s, s->n_resolved, limit);

    for (; s->n_joined < s->n_resolved; s->n_joined++) {
        const ss_match *m = &s->pending.at[s->n_joined];

        if (m->fate != SS_FATE_KEPT || !m->rule->n_parts)
            continue;
        if (known - m->secret_from <= 2 * reach_of(s))
            return 0;
        if (ss_part_join(s->pending.at, s->n_resolved, s->n_joined, &s->arena))
            return ss_fail_nomem(s->err);
    }
    return 0;
}

/* ---- the sink ---- */

static int hand_over(ss_scanner *s, uint64_t limit)
{
    uint64_t known = frontier(s, s->n_joined, limit);
    int rc = 0;

    while (!rc && s->n_delivered < s->n_joined) {
        const ss_match *m = &s->pending.at[s->n_delivered];

        if (reach_of(s) && known - m->secret_from <= reach_of(s))
            break;
        s->n_delivered++;
        if (m->fate == SS_FATE_KEPT && !m->rule->is_part_only)
            rc = s->sink.match(s->sink.ctx, m);
    }
    return rc;
}

/* ---- what nothing looks at any more ---- */

/* Copy what still waits to an arena of its own. */
static int renew_arena(ss_scanner *s)
{
    ss_arena old = s->arena;
    int rc = 0;

    s->arena = (ss_arena)SS_ARENA_INIT;
    for (size_t i = 0; !rc && i < s->pending.len; i++) {
        ss_match *m = &s->pending.at[i];

        if (ss_match_copy(m, m, &s->arena))
            rc = ss_fail_nomem(s->err);
    }
    ss_arena_release(&old);
    s->arena_kept = s->arena.used;
    return rc;
}

static int forget(ss_scanner *s, uint64_t limit)
{
    uint64_t next = frontier(s, s->n_delivered, limit);
    size_t n = 0;

    while (n < s->n_delivered &&
           next - s->pending.at[n].secret_from > reach_of(s))
        n++;
    if (!n)
        return 0;
    s->pending.len -= n;
    s->n_resolved -= n;
    s->n_joined -= n;
    s->n_delivered -= n;
    memmove(s->pending.at, s->pending.at + n,
            s->pending.len * sizeof(*s->pending.at));
    if (!s->pending.len) {
        ss_arena_reset(&s->arena);
        s->arena_kept = 0;
        return 0;
    }
    if (s->arena.used > RENEW_FROM && s->arena.used / 2 > s->arena_kept)
        return renew_arena(s);
    return 0;
}

int ss_pipeline_deliver(ss_scanner *s, uint64_t limit)
{
    int rc;

    if (!s->pending.len)
        return 0;
    /* A secret far behind its match's start may wait for later matches. */
    if (s->pending.len - s->n_resolved > 1)
        ss_pipeline_sort(s, s->n_resolved);
    rc = resolve(s, limit);
    if (!rc)
        rc = join(s, limit);
    if (!rc)
        rc = hand_over(s, limit);
    return rc ? rc : forget(s, limit);
}
