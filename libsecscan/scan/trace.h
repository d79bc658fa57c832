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
#include "scan/decode.h"

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

/* What a decoder said of a place that caught the eye. */
typedef enum ss_trace_verdict {
    SS_LOOK_NO,
    SS_LOOK_FAR,    /* no, but for bytes that may be anywhere */
    SS_LOOK_HIDDEN, /* it was not asked: the place is in a region */
    SS_LOOK_REGION  /* it begins there: the first one that ends behind it */
} ss_trace_verdict;

typedef struct ss_trace_look {
    uint32_t at;
    uint16_t back; /* bytes to the decoder's region before it, the object's
                      start or SS_SIGHT_REACH: the nearest */
    uint16_t verdict;
} ss_trace_look;

/* Encoded text. */
typedef struct ss_trace_region {
    uint32_t from, to;
    uint32_t is_hot; /* something was found in it */
} ss_trace_region;

/* Both of each decoder in turn, in order of places. */
typedef struct ss_trace_decoding {
    SS_VEC(ss_trace_look) looks;
    SS_VEC(ss_trace_region) regions;
    uint32_t first_look[SS_N_DECODERS + 1];
    uint32_t first_region[SS_N_DECODERS + 1];
    int is_whole; /* all looks are there, and depend on what stands near */
} ss_trace_decoding;

typedef struct ss_trace {
    SS_VEC(ss_trace_match) matches;  /* sorted by seen_from */
    SS_VEC(ss_trace_anchor) anchors; /* sorted by end */
    ss_trace_decoding decoding;
    size_t len;  /* of the object */
    int is_lost; /* nothing may be inherited: scan its deltas whole */
} ss_trace;

#define SS_TRACE_INIT                                                          \
    {                                                                          \
        {NULL, 0, 0}, {NULL, 0, 0}, {{NULL, 0, 0}, {NULL, 0, 0}, {0}, {0}, 0}, \
            0, 0                                                               \
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

/* The first look of a decoder at `at` or behind it. */
size_t ss_trace_first_look(const ss_trace_decoding *decoding, uint32_t row,
                           size_t at);
/* The first region of a decoder that ends behind `at`; NULL: none does. */
const ss_trace_region *ss_trace_region_at(const ss_trace_decoding *decoding,
                                          uint32_t row, size_t at);

#endif
