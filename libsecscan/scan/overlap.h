/*
 * overlap.h: of matches whose secrets overlap, the one with the strongest
 * evidence, then the most specific rule, then the longest is kept; the others
 * are listed in it.
 */
#ifndef SS_OVERLAP_H
#define SS_OVERLAP_H

#include "base/arena.h"
#include "scan/match.h"

/* `matches` is a cluster: sorted by ss_match_order. Those that are open are
 * kept, with `also` in the arena, or lost. A match that is only a part of
 * others wins over nothing else. 0, or -1 when out of memory. */
int ss_overlap_resolve(ss_match *matches, size_t n, ss_arena *arena);

/* Do the secrets overlap? */
int ss_match_overlaps(const ss_match *a, const ss_match *b);

/* By (secret start, secret end, rule): the order of delivery. */
int ss_match_order(const ss_match *a, const ss_match *b);

#endif
