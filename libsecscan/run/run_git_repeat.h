/*
 * run_git_repeat.h: secrets that were there before a range, and that one of its
 * commits puts at a further path: worth a warning, and not new.
 */
#ifndef SS_RUN_GIT_REPEAT_H
#define SS_RUN_GIT_REPEAT_H

#include "run/run_git_objects.h"

typedef struct ss_git_repeat {
    uint32_t secret;
    ss_attr_intro at; /* the commit, and where it puts it */
    uint32_t before;  /* a place that a parent has, or SS_NO_PLACE */
} ss_git_repeat;

typedef struct ss_git_repeats {
    SS_VEC(ss_git_repeat) list; /* by secret, then in order of commits */
} ss_git_repeats;

/* Of commits with a reach; one for each commit and secret. The attribution has
 * run. What is introduced is no repeat. */
int ss_git_repeats_find(ss_git_repeats *out, ss_git_history *h);
/* Those of a secret: position of the first, and how many. */
size_t ss_git_repeats_of(const ss_git_repeats *repeats, uint32_t secret,
                         size_t *n);
void ss_git_repeats_release(ss_git_repeats *repeats);

#endif
