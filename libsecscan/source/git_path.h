/*
 * git_path.h: what stands at one path of a commit's tree.
 */
#ifndef SS_GIT_PATH_H
#define SS_GIT_PATH_H

#include "source/git.h"

/* The id and the mode at `path`. SECSCAN_ERR_ARG, without a message, when there
 * is nothing; SECSCAN_ERR_GIT and _CORRUPT when it cannot be told. */
int ss_git_path_find(ss_oid *out, uint32_t *mode, ss_git *git,
                     const ss_oid *commit, const char *path);

#endif
