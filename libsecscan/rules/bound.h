/*
 * bound.h: repeats without a bound get one, so that how far a match reaches is
 * known, and what is found depends on no chunk.
 */
#ifndef SS_BOUND_H
#define SS_BOUND_H

#include "base/arena.h"
#include "base/error.h"

/* *out is `pattern` itself when a match is narrow enough as it is. One that
 * cannot be made so stays too wide: ss_shape_of tells. */
int ss_bound_repeats(const char **out, const char *pattern, ss_arena *arena,
                     secscan_error *err);

#endif
