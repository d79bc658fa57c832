/*
 * run_git_reach.h: which refs lead to a secret: those whose history has a
 * commit that holds it, and those that name an object that does.
 */
#ifndef SS_RUN_GIT_REACH_H
#define SS_RUN_GIT_REACH_H

#include "run/run_git_objects.h"

#define SS_MAX_REFS 100u /* listed of a secret */

typedef struct ss_git_ref_list {
    const char **names; /* sorted, the first SS_MAX_REFS; in the arena */
    size_t n;
    uint64_t n_all;
} ss_git_ref_list;

typedef struct ss_git_reach {
    ss_git_ref_list *of; /* by secret */
    size_t n;
    ss_arena arena;
} ss_git_reach;

/* After the attribution. Names are the history's. */
int ss_git_reach_find(ss_git_reach *out, const ss_git_history *h);
void ss_git_reach_release(ss_git_reach *reach);

#endif
