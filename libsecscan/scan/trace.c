/*
 * trace.c: which matches of a base a delta leaves as they were.
 */
#include "trace.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

static void reset_decoding(ss_trace_decoding *decoding)
{
    decoding->looks.len = 0;
    decoding->regions.len = 0;
    decoding->is_whole = 0;
    memset(decoding->first_look, 0, sizeof(decoding->first_look));
    memset(decoding->first_region, 0, sizeof(decoding->first_region));
}

void ss_trace_reset(ss_trace *trace)
{
    trace->matches.len = 0;
    trace->anchors.len = 0;
    reset_decoding(&trace->decoding);
    trace->len = 0;
    trace->is_lost = 0;
}

void ss_trace_release(ss_trace *trace)
{
    SS_VEC_RELEASE(&trace->matches);
    SS_VEC_RELEASE(&trace->anchors);
    SS_VEC_RELEASE(&trace->decoding.looks);
    SS_VEC_RELEASE(&trace->decoding.regions);
}

static int by_seen_from(const void *pa, const void *pb)
{
    const ss_trace_match *a = pa;
    const ss_trace_match *b = pb;

    if (a->seen_from != b->seen_from)
        return a->seen_from < b->seen_from ? -1 : 1;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return (a->rule > b->rule) - (a->rule < b->rule);
}

static int by_end(const void *pa, const void *pb)
{
    const ss_trace_anchor *a = pa;
    const ss_trace_anchor *b = pb;

    if (a->end != b->end)
        return a->end < b->end ? -1 : 1;
    return (a->rule > b->rule) - (a->rule < b->rule);
}

static void drop_double_anchors(ss_trace *trace)
{
    size_t kept = 0;

    for (size_t i = 0; i < trace->anchors.len; i++) {
        ss_trace_anchor *at = trace->anchors.at;

        if (kept && !by_end(&at[kept - 1], &at[i]))
            continue;
        at[kept++] = at[i];
    }
    trace->anchors.len = kept;
}

/* What is inherited is in order, and often all there is. */
static int is_in_order(const ss_trace *trace)
{
    const ss_trace_anchor *at = trace->anchors.at;

    for (size_t i = 1; i < trace->anchors.len; i++) {
        if (by_end(&at[i - 1], &at[i]) >= 0)
            return 0;
    }
    return 1;
}

void ss_trace_sort(ss_trace *trace)
{
    if (trace->matches.len > 1)
        qsort(trace->matches.at, trace->matches.len, sizeof(*trace->matches.at),
              by_seen_from);
    if (is_in_order(trace))
        return;
    qsort(trace->anchors.at, trace->anchors.len, sizeof(*trace->anchors.at),
          by_end);
    drop_double_anchors(trace);
}

/* A region that ends at an edge was cut there: the edge has to be one in both
 * objects, or in neither. */
static int has_same_edges(size_t from, size_t to, size_t len, size_t other_from,
                          size_t other_to, size_t other_len)
{
    return (from == 0) == (other_from == 0) &&
           (to == len) == (other_to == other_len);
}

int ss_run_holds(const ss_run *run, size_t from, size_t to, size_t base_len,
                 size_t len)
{
    size_t shift = from - run->from;

    if (from < run->from || to > run->from + run->len)
        return 0;
    return has_same_edges(from, to, len, run->base + shift,
                          run->base + shift + (to - from), base_len);
}

int ss_run_passes_on(const ss_run *run, size_t from, size_t to, size_t base_len,
                     size_t len)
{
    size_t shift = from - run->base;

    if (from < run->base || to > run->base + run->len)
        return 0;
    return has_same_edges(from, to, base_len, run->from + shift,
                          run->from + shift + (to - from), len);
}

const ss_run *ss_run_find(const ss_run *runs, size_t n_runs, size_t from,
                          size_t to, size_t base_len, size_t len)
{
    size_t low = 0, high = n_runs;

    /* The last run that starts at or before `from`. */
    while (low < high) {
        size_t at = low + (high - low) / 2;

        if (runs[at].from <= from)
            low = at + 1;
        else
            high = at;
    }
    if (!low || !ss_run_holds(&runs[low - 1], from, to, base_len, len))
        return NULL;
    return &runs[low - 1];
}

static size_t first_match_from(const ss_trace *base, size_t offset)
{
    size_t low = 0, high = base->matches.len;

    while (low < high) {
        size_t at = low + (high - low) / 2;

        if (base->matches.at[at].seen_from < offset)
            low = at + 1;
        else
            high = at;
    }
    return low;
}

static int inherit_matches(ss_trace *out, const ss_trace *base,
                           const ss_run *run, size_t len)
{
    uint32_t shift = (uint32_t)(run->from - run->base); /* modulo 2^32 */
    size_t i = first_match_from(base, run->base);

    for (; i < base->matches.len; i++) {
        ss_trace_match m = base->matches.at[i];

        if (m.seen_from >= run->base + run->len)
            break;
        if (!ss_run_passes_on(run, m.seen_from, m.seen_to, base->len, len))
            continue;
        m.from += shift;
        m.to += shift;
        m.secret_from += shift;
        m.secret_to += shift;
        m.seen_from += shift;
        m.seen_to += shift;
        if (SS_VEC_PUSH(&out->matches, m))
            return -1;
    }
    return 0;
}

int ss_trace_inherit(ss_trace *out, const ss_trace *base, const ss_run *runs,
                     size_t n_runs, size_t len)
{
    if (!base->matches.len)
        return 0;
    for (size_t i = 0; i < n_runs; i++) {
        if (inherit_matches(out, base, &runs[i], len))
            return -1;
    }
    return 0;
}

static size_t first_anchor_behind(const ss_trace *base, size_t offset)
{
    size_t low = 0, high = base->anchors.len;

    while (low < high) {
        size_t at = low + (high - low) / 2;

        if (base->anchors.at[at].end < offset)
            low = at + 1;
        else
            high = at;
    }
    return low;
}

/* The shortest prefix has to lie in the run: a longer one that begins before it
 * sees the seam, and is found there; a shorter one does not. */
static int inherit_anchors(ss_trace *out, const ss_trace *base,
                           const ss_run *run, const ss_rule *const *rules)
{
    size_t i = first_anchor_behind(base, run->base);

    for (; i < base->anchors.len; i++) {
        ss_trace_anchor anchor = base->anchors.at[i];
        size_t width = rules[anchor.rule]->prefix_min;
        size_t from = anchor.end > width ? anchor.end - width : 0;

        if (anchor.end > run->base + run->len)
            break;
        if (from < run->base)
            continue;
        anchor.end += (uint32_t)(run->from - run->base);
        if (SS_VEC_PUSH(&out->anchors, anchor))
            return -1;
    }
    return 0;
}

int ss_trace_inherit_anchors(ss_trace *out, const ss_trace *base,
                             const ss_run *runs, size_t n_runs,
                             const ss_rule *const *rules)
{
    if (!base->anchors.len)
        return 0;
    for (size_t i = 0; i < n_runs; i++) {
        if (inherit_anchors(out, base, &runs[i], rules))
            return -1;
    }
    return 0;
}

/* ---- encoded text ---- */

size_t ss_trace_first_look(const ss_trace_decoding *decoding, uint32_t row,
                           size_t at)
{
    size_t low = decoding->first_look[row];
    size_t high = decoding->first_look[row + 1];

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (decoding->looks.at[middle].at < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const ss_trace_region *ss_trace_region_at(const ss_trace_decoding *decoding,
                                          uint32_t row, size_t at)
{
    size_t low = decoding->first_region[row];
    size_t end = decoding->first_region[row + 1], high = end;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (decoding->regions.at[middle].to <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low < end ? &decoding->regions.at[low] : NULL;
}
