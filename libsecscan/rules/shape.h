/*
 * shape.h: what a regular expression can match, read off its text: widths,
 * look-behind, look-ahead, the literal mark a secret starts with, and the form
 * that Hyperscan looks for.
 */
#ifndef SS_SHAPE_H
#define SS_SHAPE_H

#include "base/arena.h"
#include "base/error.h"

#define SS_WIDTH_UNBOUNDED UINT32_MAX

typedef struct ss_shape {
    uint32_t min_width, max_width; /* of a match; SS_WIDTH_UNBOUNDED */
    uint32_t before; /* bytes that look-behind (and \b) may read */
    uint32_t after;  /* bytes that look-ahead (and \b) may read */
    uint32_t n_groups;
    uint32_t unbounded_at;  /* offset of the first unbounded repeat */
    uint32_t public_prefix; /* of the secret group: leading bytes that are
                               literal (or alternatives of one length) */
    const char *prefilter;  /* in the arena: look-around at the edges dropped,
                               the last repeat cut to its minimum */
    uint32_t prefilter_min, prefilter_max, prefilter_cost;
} ss_shape;

/* Read `pattern`. A pattern that cannot be understood is an error whose column
 * is the 1-based byte of the pattern. */
int ss_shape_of(ss_shape *out, const char *pattern, uint32_t secret_group,
                ss_arena *arena, secscan_error *err);

#endif
