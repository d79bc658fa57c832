/*
 * overlap.h: of matches whose secrets overlap, the one with the strongest
 * evidence, then the most specific rule, then the longest is kept; the others
 * are listed in it.
 */
#ifndef SS_OVERLAP_H
#define SS_OVERLAP_H

#include "base/arena.h"
#include "scan/match.h"

/* `matches` is a cluster: sorted by ss_match_order. The kept ones are moved to
 * the front, in the same order, with `also` in the arena. Returns their number,
 * or SIZE_MAX when out of memory. */
size_t ss_overlap_resolve(ss_match *matches, size_t n, ss_arena *arena);

/* By (secret start, secret end, rule): the order of delivery. */
int ss_match_order(const ss_match *a, const ss_match *b);

#endif
