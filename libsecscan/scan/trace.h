/*
 * trace.h: what scanning an object leaves behind for the deltas of it, and
 * which of it a delta inherits. Offsets only: no bytes of secrets.
 *
 * A match depends on the bytes [seen_from, seen_to): look-around, and the line
 * that its verdict reads. It is inherited, its offset shifted, if and only if
 * those lie in one copied run, and end at an edge of the object in the target
 * exactly where they did in the base.
 */
#ifndef SS_TRACE_H
#define SS_TRACE_H

#include "base/bytes.h"
#include "base/vec.h"
#include "rules/rule.h"

/* Matches wider than this make windows too large: they leave anchors instead.
 */
#define SS_TRACE_NARROW 192u

static inline int ss_trace_is_wide(const ss_rule *rule)
{
    return rule->is_carrier || rule->width + rule->after > SS_TRACE_NARROW;
}

/* A maximal series of copies, contiguous in base and target. */
typedef struct ss_run {
    size_t base, from, len; /* offset in the base, in the target; bytes */
} ss_run;

typedef struct ss_trace_match {
    uint32_t rule;
    uint32_t named; /* the kind that the words around name, else `rule` */
    uint32_t from, to, secret_from, secret_to;
    uint32_t seen_from, seen_to;
    uint32_t is_suppressed; /* an allowlist took it out: only counted */
} ss_trace_match;

/* Where Hyperscan proposed a rule that is wide: its matches reach further than
 * a window, so they are extracted again wherever a delta comes near. */
typedef struct ss_trace_anchor {
    uint32_t rule;
    uint32_t end;
} ss_trace_anchor;

/* Encoded text: a region of uncover.h. */
typedef struct ss_trace_region {
    uint32_t row; /* of the decoders */
    uint32_t from, to;
    uint32_t is_hot; /* something was found in it */
} ss_trace_region;

typedef struct ss_trace {
    SS_VEC(ss_trace_match) matches;  /* sorted by seen_from */
    SS_VEC(ss_trace_anchor) anchors; /* sorted by end */
    SS_VEC(ss_trace_region) regions; /* sorted by from, row */
    size_t len;                      /* of the object */
    int is_lost; /* nothing may be inherited: scan its deltas whole */
} ss_trace;

#define SS_TRACE_INIT                                                          \
    {                                                                          \
        {NULL, 0, 0}, {NULL, 0, 0}, {NULL, 0, 0}, 0, 0                         \
    }

void ss_trace_reset(ss_trace *trace);
void ss_trace_release(ss_trace *trace);
void ss_trace_sort(ss_trace *trace);

/* Does [from, to) of the target stand in one run, with the edges of the object
 * where they were? base_len, len: of the two objects. */
int ss_run_holds(const ss_run *run, size_t from, size_t to, size_t base_len,
                 size_t len);
/* The same for [from, to) of the base. */
int ss_run_passes_on(const ss_run *run, size_t from, size_t to, size_t base_len,
                     size_t len);
/* The run that holds [from, to) of the target; NULL when none does. */
const ss_run *ss_run_find(const ss_run *runs, size_t n_runs, size_t from,
                          size_t to, size_t base_len, size_t len);

/* Add to `out` the matches, and the anchors, that the target inherits. 0, or -1
 * when out of memory. */
int ss_trace_inherit(ss_trace *out, const ss_trace *base, const ss_run *runs,
                     size_t n_runs, size_t len);
int ss_trace_inherit_anchors(ss_trace *out, const ss_trace *base,
                             const ss_run *runs, size_t n_runs,
                             const ss_rule *const *rules);

void ss_trace_sort_regions(ss_trace *trace);
/* The same decoder's, from and to the same bytes; NULL: there is none. */
const ss_trace_region *ss_trace_find_region(const ss_trace *trace,
                                            const ss_trace_region *wanted);

#endif
