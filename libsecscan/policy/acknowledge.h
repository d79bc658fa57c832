/*
 * acknowledge.h: skips that somebody has looked at, and until when that holds:
 * one broken fixture does not keep a repository red for ever.
 * docs/exit-codes.md has the lines of the file.
 */
#ifndef SS_ACKNOWLEDGE_H
#define SS_ACKNOWLEDGE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"

#define SS_DAY_TEXT 11u /* "2026-11-25" and its end */

typedef struct ss_acknowledged {
    const char *reason;
    char until[SS_DAY_TEXT]; /* the last day */
    int is_over;
} ss_acknowledged;

/* Zero is the empty list. */
typedef struct ss_acknowledgements {
    ss_map by_object; /* hex id to ss_acknowledged, both in the arena */
    ss_arena arena;
} ss_acknowledgements;

/* Read a file. `today` is "YYYY-MM-DD". A line that is wrong is
 * SECSCAN_ERR_RULE, with its place. */
int ss_acknowledgements_read(ss_acknowledgements *out, const char *path,
                             const char *today, secscan_error *err);
/* The same from text; `name` is for errors. */
int ss_acknowledgements_parse(ss_acknowledgements *out, ss_bytes text,
                              const char *name, const char *today,
                              secscan_error *err);
void ss_acknowledgements_release(ss_acknowledgements *list);

/* NULL: nobody has looked at it. */
const ss_acknowledged *ss_acknowledgements_find(const ss_acknowledgements *list,
                                                const char *object);

#endif
