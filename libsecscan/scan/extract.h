/*
 * extract.h: candidates of one chunk to exact matches, with PCRE2 in a window.
 * What is found depends on the bytes around the match alone (and, for a rule
 * whose matches overlap each other, on its match before): never on the chunk.
 */
#ifndef SS_EXTRACT_H
#define SS_EXTRACT_H

#include "rules/regex.h"
#include "scan/candidate.h"
#include "scan/chunk.h"
#include "scan/cost.h"
#include "scan/match.h"

typedef struct ss_extractor ss_extractor; /* one thread at a time */

/* Called for each match, in order of its start within a rule; `line` borrows
 * the chunk. When *is_taken is set, matches of the rule that overlap this one
 * are passed over. Nonzero stops. `limit` is told of places where PCRE2 gave
 * up. */
typedef struct ss_extract_sink {
    void *ctx;
    int (*match)(void *ctx, ss_match *match, int *is_taken);
    int (*limit)(void *ctx, uint64_t offset);
} ss_extract_sink;

int ss_extractor_new(ss_extractor **out, const ss_rule_set *set,
                     secscan_error *err);
void ss_extractor_free(ss_extractor *extractor);
/* From now on count what each rule costs, what its matches cause included;
 * NULL: do not. */
void ss_extractor_measure(ss_extractor *extractor, ss_costs *costs);
/* A new unit: forget where the last matches ended. */
void ss_extractor_reset(ss_extractor *extractor);
/* `candidates` are sorted; their ends count from `haystack_from` in the chunk.
 */
int ss_extract(ss_extractor *extractor, const ss_chunk *chunk,
               const ss_candidates *candidates, const ss_extract_sink *sink,
               secscan_error *err);

/* The line(s) around [from, to), at most SS_LINE_REACH bytes each way. */
ss_bytes ss_extract_line(ss_bytes bytes, size_t from, size_t to);

#endif
