/*
 * results.h: what one unit yielded, kept until its turn to be delivered: a
 * worker fills it, the calling thread delivers it. Bytes of secrets live in its
 * arena and are wiped.
 */
#ifndef SS_RESULTS_H
#define SS_RESULTS_H

#include "run/handle.h"

#include "base/vec.h"

typedef struct ss_result_skip {
    const char *reason; /* a word of secscan_skip: static */
    const char *detail; /* in the arena */
} ss_result_skip;

typedef struct ss_results {
    ss_arena arena;
    SS_VEC(ss_match) matches; /* bytes and `also` are in the arena */
    SS_VEC(ss_result_skip) skips;
} ss_results;

#define SS_RESULTS_INIT                                                        \
    {                                                                          \
        SS_ARENA_INIT, {NULL, 0, 0},                                           \
        {                                                                      \
            NULL, 0, 0                                                         \
        }                                                                      \
    }

/* A sink for ss_scanner_* that keeps copies here. */
ss_match_sink ss_results_sink(ss_results *results);
int ss_results_add_skip(ss_results *results, const char *reason,
                        const char *detail);
/* Deliver all at one origin, skips first. As ss_deliver_match. */
int ss_results_deliver(const ss_results *results, secscan_scanner *handle,
                       const ss_origin *origin, const secscan_sink *sink);
void ss_results_reset(ss_results *results);
void ss_results_release(ss_results *results);

#endif
