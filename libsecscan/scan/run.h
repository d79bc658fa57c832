/*
 * run.h: a run of letters, digits and + / _ = -, and where in it something
 * encoded may begin: at its start, behind the n of an escaped line end, and
 * behind a name or path that is glued to it (KEY=..., data/...).
 */
#ifndef SS_RUN_H
#define SS_RUN_H

#include "base/bytes.h"

#define SS_RUN_LOOK 64u /* of the run; names are shorter */

typedef struct ss_run {
    uint64_t starts; /* bit i: at + i */
    size_t len;      /* of the run, at most SS_RUN_LOOK */
    int is_word;     /* no digits and one case in the first 32: nearly all are
                      * names, and of texts of 12 bytes one in 1000 is */
} ss_run;

/* The run that begins at `at`, and where `min` bytes of it or more are ahead.
 * The byte before it is looked at. */
ss_run ss_run_look(ss_bytes text, size_t at, size_t min);

#endif
