/*
 * run_git_base.h: what judges a scan of a repository: the files at the root of
 * a commit, of the index, or of the work tree, so that a change is not judged
 * by files of its own.
 */
#ifndef SS_RUN_GIT_BASE_H
#define SS_RUN_GIT_BASE_H

#include "source/git.h"
#include "source/index.h"

#include <secscan_git.h>

typedef struct ss_git_base {
    ss_git *git;
    ss_git_refs refs; /* HEAD, and the shallow list */
    int is_work_tree; /* its files count, which are read elsewhere */
    int adopts;       /* the other side counts: what is judged */
    int has_commit;
    ss_oid commit;
    int tree_status;  /* of reading `tree` */
    ss_git_data tree; /* the commit's: read once, for it may be large */
    ss_index index;   /* empty unless it counts */
} ss_git_base;

#define SS_GIT_BASE_INIT                                                       \
    {                                                                          \
        .index = SS_INDEX_INIT                                                 \
    }

/* Find the repository, and out whether its work tree counts. Release it in any
 * case. */
int ss_git_base_open(ss_git_base *base, const char *path,
                     const secscan_git_options *git, secscan_error *err);
/* Unless the work tree counts: choose the commit or the index. There may be
 * none, which has no files. */
int ss_git_base_choose(ss_git_base *base, const secscan_git_options *git,
                       int adopts, secscan_error *err);
/* 1: the file `name` at the root has been read; 0: there is none, or `*why`
 * says what keeps it from being read; negative: out of memory. */
int ss_git_base_read(ss_git_data *out, const char **why, ss_git_base *base,
                     const char *name, uint64_t max_size);
void ss_git_base_release(ss_git_base *base);

#endif
