/*
 * prefilter.h: what Hyperscan looks for, made from a pattern's tree: plain
 * groups, classes and bounded repeats only, whatever the pattern was written
 * in. Everything that the pattern matches, it proposes.
 */
#ifndef SS_PREFILTER_H
#define SS_PREFILTER_H

#include "rules/syntax.h"

typedef struct ss_prefilter {
    const char *text; /* in the arena; NULL: nothing fixed starts the pattern */
    /* From the start of a match to the end that Hyperscan says. */
    uint32_t width_min, width_max;
    uint32_t cost; /* states that Hyperscan has to build, about */
    int is_open;   /* no literal starts it */
} ss_prefilter;

/* More than this takes Hyperscan seconds: SS_PREFILTER_NARROW bytes do then. */
#define SS_PREFILTER_MAX_COST 4096u
#define SS_PREFILTER_NARROW 24u

int ss_prefilter_of(ss_prefilter *out, const ss_node *root, uint32_t max_width,
                    ss_arena *arena, secscan_error *err);

#endif
