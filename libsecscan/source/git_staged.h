/*
 * git_staged.h: how the index differs from the trees of one or more parents.
 * What the cache-tree says is equal is never looked at.
 */
#ifndef SS_GIT_STAGED_H
#define SS_GIT_STAGED_H

#include "source/git.h"
#include "source/index.h"

/* Something that stood in a parent at a path and stands there no more: a blob,
 * or a whole tree whose entries are not told one by one. */
typedef struct ss_staged_old {
    const char *path; /* in the arena */
    ss_oid id;
    uint8_t is_tree;
} ss_staged_old;

typedef struct ss_staged_new {
    const ss_index_entry *entry;
    /* Blobs of the parents at this path: olds[first_old] .. + n_olds. */
    size_t first_old, n_olds;
} ss_staged_new;

typedef struct ss_staged {
    SS_VEC(ss_staged_new) news; /* in path order */
    SS_VEC(ss_staged_old) olds;
    ss_arena arena;
} ss_staged;

#define SS_MAX_PARENTS 16u

/* `trees`: of the parents; none for a first commit. */
int ss_git_staged_diff(ss_staged *out, ss_git *git, const ss_index *index,
                       const ss_oid *trees, size_t n_trees, secscan_error *err);
void ss_git_staged_release(ss_staged *staged);

#endif
