/*
 * part.h: which matches are one finding: a key and its id, a password and its
 * user. Decided on a list of matches that are sorted by ss_match_order and have
 * their places; nothing depends on what stands further away than the set's
 * part_reach.
 */
#ifndef SS_PART_H
#define SS_PART_H

#include "base/arena.h"
#include "scan/match.h"

/* Does everything stand near matches[i] that its rule requires? Whatever became
 * of it: it may overlap another match. */
int ss_part_is_complete(const ss_match *matches, size_t n, size_t i);

/* Give matches[i], which is kept, the parts near it, and them their whole. A
 * part goes to the nearest whole, a whole takes its nearest part. Depends on
 * what became of matches within twice the reach. 0, or -1 when out of memory.
 */
int ss_part_join(ss_match *matches, size_t n, size_t i, ss_arena *arena);

#endif
