/*
 * uncover.h: scan what is encoded in a unit. Its matches wait for delivery like
 * any other, at the place of the encoded text.
 */
#ifndef SS_UNCOVER_H
#define SS_UNCOVER_H

#include "scan/layer.h"
#include "scan/trace.h"

#include "scan/match.h"

typedef struct ss_uncover_region {
    uint32_t row; /* of the decoders */
    ss_region at; /* in the unit's bytes */
} ss_uncover_region;

/* A match in a part, before overlaps of its own rule are decided. */
typedef struct ss_uncover_match {
    uint32_t rule; /* before the words around named it */
    ss_match match;
} ss_uncover_match;

typedef struct ss_uncover_progress {
    /* Of each decoder, where in the unit it has not looked yet. */
    uint64_t low[SS_N_DECODERS];
    uint8_t goes_on[SS_N_DECODERS]; /* that is inside of encoded text */
} ss_uncover_progress;

/* Bytes of an object that stand in its base, too, and what is encoded in them:
 * all that depends on them alone. */
typedef struct ss_uncover_copy {
    size_t from, to;
    const ss_run *run;
} ss_uncover_copy;

/* The state of a unit, and memory for the next. */
typedef struct ss_uncover {
    ss_layer layer;
    ss_sights sights;
    SS_VEC(ss_uncover_region) regions; /* that start in the core at hand */
    SS_VEC(ss_uncover_match) matches;  /* of the part at hand */
    SS_VEC(ss_uncover_copy) copies;    /* of the object at hand */
    const ss_layer_part *part;         /* the part at hand */
    ss_uncover_progress progress;
    uint64_t n_decoded; /* bytes */
    uint64_t n_found;   /* matches, skips and containers */
    size_t missing;     /* bytes that the region at the end may still need */
    size_t wait_for;    /* bytes of the text, before a look is worth it */
    int has_told_limit, has_told_depth;
} ss_uncover;

/* An object: what it leaves, and what it is a delta of. */
typedef struct ss_object_delta {
    const ss_trace *base; /* NULL: decode all of it */
    const ss_run *runs;
    size_t n_runs;
    ss_trace *out; /* NULL: it is too large to leave something */
} ss_object_delta;

struct ss_scanner;

/* How far in front of a core, in its line, a match may start that is found in
 * it. */
#define SS_UNCOVER_LEFT SS_LAYER_LEFT

void ss_uncover_reset(struct ss_scanner *scanner); /* a new unit */
void ss_uncover_release(struct ss_scanner *scanner);

/* Find the regions that start in the core [from, to) of `unit`. 1: more of the
 * unit has to be there first; 0; or a status. */
int ss_uncover_find(struct ss_scanner *scanner, ss_bytes unit, uint64_t offset,
                    size_t from, size_t to, int is_last);
/* Decode and scan those. */
int ss_uncover_scan(struct ss_scanner *scanner, ss_bytes unit, uint64_t offset);
/* Decode and scan one region of an object. */
int ss_uncover_one(struct ss_scanner *scanner, ss_bytes unit,
                   const ss_uncover_region *region);
/* All of an object; with a base, only what that does not have
 * (uncover_object.c). */
int ss_uncover_object(struct ss_scanner *scanner, ss_bytes bytes,
                      const ss_object_delta *delta);

#endif
