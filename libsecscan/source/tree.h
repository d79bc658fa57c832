/*
 * tree.h: the files below a path, one by one, in bytewise order of their paths.
 *
 * Inside a git work tree: tracked files, and untracked ones that are not
 * ignored. Opens no file but git's own; knows nothing of rules or scanning.
 * Memory is that of the directories on the way down.
 */
#ifndef SS_TREE_H
#define SS_TREE_H

#include "source/seen.h"

#define SS_TREE_IGNORED 0x1u /* ignored files too */
#define SS_TREE_FOLLOW 0x2u  /* look behind symbolic links, each file once */

typedef struct ss_tree_entry {
    const char *path; /* opens it, and is shown; valid until the next call */
    size_t path_len;
    const char *reason; /* NULL: a file; else it is not scanned, and why: a
                           word of secscan_skip */
    const char *detail; /* static; never NULL */
    int is_ignored;     /* git would not add it */
    int is_link;        /* a symbolic link that may be followed */
} ss_tree_entry;

typedef struct ss_tree ss_tree;

/* `path` is a file or a directory; SECSCAN_ERR_IO when it is neither. What is
 * in `seen`, which may be shared by several walks, is not given again; it is
 * needed with SS_TREE_FOLLOW, else it may be NULL. */
int ss_tree_new(ss_tree **out, const char *path, unsigned flags, ss_seen *seen,
                secscan_error *err);
/* 1: *entry is the next, 0: there are no more, or a negative status. */
int ss_tree_next(ss_tree *tree, ss_tree_entry *entry, secscan_error *err);
void ss_tree_free(ss_tree *tree);

#endif
