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
    const char *member; /* in the arena; NULL: of none */
} ss_result_skip;

/* A container that stands encoded in a unit, to be opened at the unit's end. */
typedef struct ss_result_nested {
    uint8_t *bytes; /* wiped when freed */
    size_t len;
    ss_match at; /* the encoded text: place, encodings; in the arena */
} ss_result_nested;

typedef struct ss_results {
    ss_arena arena;
    SS_VEC(ss_match) matches; /* bytes and `also` are in the arena */
    SS_VEC(ss_result_skip) skips;
    SS_VEC(ss_result_nested) nested;
    size_t nested_len; /* bytes of them */
    /* While a member is scanned: gives a match its member and place. May
     * allocate in the arena. Nonzero when out of memory. NULL: as it is. */
    int (*place)(void *ctx, ss_match *match, ss_arena *arena);
    void *place_ctx;
} ss_results;

#define SS_RESULTS_INIT                                                        \
    {                                                                          \
        .arena = SS_ARENA_INIT                                                 \
    }

/* A sink for ss_scanner_* that keeps copies here. Of a scanner that decodes
 * every sink has to be one of these. */
ss_match_sink ss_results_sink(ss_results *results);
int ss_results_add(ss_results *results, const ss_match *match);
/* For ss_decode_options. `ctx` is the results, or NULL: nobody is interested.
 */
int ss_results_add_nested(void *ctx, ss_bytes bytes, const ss_match *at);
/* Nothing is open any more from this one on. */
void ss_results_drop_nested(ss_results *results, size_t from);
int ss_results_add_skip(ss_results *results, const char *reason,
                        const char *detail);
/* Of a member, whatever is being scanned; NULL: of none. */
int ss_results_add_member_skip(ss_results *results, const char *member,
                               const char *reason, const char *detail);
/* The matches from `first` on are those of one unit, up to `own` those of its
 * members. What was found plainly (with at most `n_plain` encodings) and in an
 * encoding as well is dropped there, and so is what decodes in a longer way,
 * too, unless every place is wanted; what was found in the unit itself and in
 * a member is dropped in the unit. Plain matches come first. */
int ss_results_settle(ss_results *results, size_t first, size_t own,
                      size_t n_plain, int every_place);
/* Deliver all at one origin, skips first. As ss_deliver_match. */
int ss_results_deliver(const ss_results *results, secscan_scanner *handle,
                       const ss_origin *origin, const secscan_sink *sink);
int ss_result_skip_deliver(const ss_result_skip *skip, secscan_scanner *handle,
                           const ss_origin *origin, const secscan_sink *sink);
/* The skips alone. */
int ss_results_deliver_skips(const ss_results *results, secscan_scanner *handle,
                             const ss_origin *origin, const secscan_sink *sink);
void ss_results_reset(ss_results *results);
void ss_results_release(ss_results *results);

#endif
