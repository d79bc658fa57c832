/*
 * run_git_gaps.h: what of a history is not here, and whether it should be.
 */
#ifndef SS_RUN_GIT_GAPS_H
#define SS_RUN_GIT_GAPS_H

#include "run/run_git_objects.h"

/* Skip records for refs without objects, commits without parents, trees
 * without entries, shallow and partial clones; submodules of HEAD are
 * noted. Gaps that only unreachable
 * objects have are what `git gc` leaves behind: not told. */
int ss_git_deliver_gaps(ss_git_history *h);

#endif
