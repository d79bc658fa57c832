/*
 * worktree.h: the git work tree around a directory, as far as a walk has to
 * know it: what is tracked, what is ignored. Reads .git itself; no git2.h.
 * The user's own excludes (core.excludesFile) are not read: what a scan reads
 * depends on the tree alone, and is more without them.
 */
#ifndef SS_WORKTREE_H
#define SS_WORKTREE_H

#include "base/buf.h"
#include "source/ignore.h"
#include "source/index.h"

typedef struct ss_worktree {
    ss_index index;
    ss_ignore ignore;
    int has_index; /* 0: git's index could not be read */
    size_t cursor; /* in the index: where the next question is expected */
} ss_worktree;

/* The repository whose work tree starts at `dir` (which ends with a slash, or
 * is empty for the current directory). *out stays NULL when there is none.
 * Without its index, which may be large, nothing counts as tracked. */
int ss_worktree_open(ss_worktree **out, const char *dir, int with_index,
                     secscan_error *err);
/* The one that the absolute path `dir` lies in; *root_len is how much of `dir`
 * is the work tree's root, without a slash at its end. */
int ss_worktree_find(ss_worktree **out, size_t *root_len, const char *dir,
                     int with_index, secscan_error *err);
void ss_worktree_free(ss_worktree *tree);

/* Put the patterns of an ignore file in force. One that cannot be read, or is a
 * symbolic link, has none: more is scanned then, not less. */
int ss_worktree_push(ss_worktree *tree, const char *file, size_t base_len,
                     secscan_error *err);
void ss_worktree_pop(ss_worktree *tree);

/* Paths are relative to the work tree. */
int ss_worktree_is_tracked(ss_worktree *tree, ss_bytes path);
/* `dir` ends with a slash. */
int ss_worktree_has_below(const ss_worktree *tree, ss_bytes dir);

#endif
