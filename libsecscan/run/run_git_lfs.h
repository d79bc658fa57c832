/*
 * run_git_lfs.h: the LFS objects on disk, as if they stood in their pointers.
 */
#ifndef SS_RUN_GIT_LFS_H
#define SS_RUN_GIT_LFS_H

#include "run/run_git_objects.h"

/* Scan them into the store: once each, a hit for each pointer; one without a
 * pointer is unreachable. Pointers without an object are noted. After the
 * texts, before the hits are sorted. */
int ss_git_scan_lfs(ss_git_history *h);

#endif
