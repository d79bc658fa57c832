/*
 * lfs.h: Git LFS: pointers, which are blobs, and the objects they name, which
 * are files below the git directory. Bytes and paths in, ids out.
 */
#ifndef SS_LFS_H
#define SS_LFS_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/vec.h"

#define SS_LFS_TEXT 65u /* 64 hex digits of SHA-256, lower case, and NUL */

typedef struct ss_lfs_id {
    char hex[SS_LFS_TEXT];
} ss_lfs_id;

typedef struct ss_lfs_ids {
    SS_VEC(ss_lfs_id) list; /* sorted */
    size_t n_closed;        /* directories that cannot be listed */
} ss_lfs_ids;

/* 1 when the blob is a pointer: the id of its object. */
int ss_lfs_pointer_read(ss_lfs_id *out, ss_bytes blob);

/* The objects that are there. `git_dir` ends with a slash. What is no object
 * (a file that is just being fetched) is left out. */
int ss_lfs_list(ss_lfs_ids *out, const char *git_dir, secscan_error *err);
/* Where an object is; in `arena`, NULL without memory. */
const char *ss_lfs_path(ss_arena *arena, const char *git_dir,
                        const ss_lfs_id *id);

#endif
