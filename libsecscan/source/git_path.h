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

/* The tree of a commit; without a message when it fails. The caller releases
 * it. */
int ss_git_root_read(ss_git_data *out, ss_git *git, const ss_oid *commit);
/* The entry of that name in a tree; SECSCAN_ERR_ARG, without a message, when
 * there is none. */
int ss_git_entry_find(ss_oid *out, uint32_t *mode, const ss_git_data *tree,
                      ss_bytes name, size_t id_len);

#endif
