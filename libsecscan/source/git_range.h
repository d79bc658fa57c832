/*
 * git_range.h: the commits of a range, as `git log A..B` has them, and what
 * each of them changes.
 */
#ifndef SS_GIT_RANGE_H
#define SS_GIT_RANGE_H

#include "source/git.h"

#include "base/map.h"

typedef struct ss_range_commit {
    ss_oid id, tree;
    uint32_t first_parent, n_parents; /* in ss_git_range.parents */
    int64_t time;
    uint8_t sides; /* reached from: 1 the left end, 2 the right one */
    uint8_t in_range;
    uint8_t is_base;     /* not in the range, but the parent of one that is */
    uint8_t is_boundary; /* a shallow clone ends here */
    uint8_t is_waiting;  /* used while walking */
} ss_range_commit;

typedef struct ss_git_range {
    SS_VEC(ss_range_commit) commits; /* those looked at */
    SS_VEC(uint32_t) parents;        /* positions of commits */
    ss_map by_id;
    size_t n_in_range;
    ss_arena arena;
} ss_git_range;

/* "A..B", "A...B" or "B"; an end left out is HEAD. The zero id as A is a new
 * branch: what no other one reaches. A range that goes over the border of a
 * shallow clone is SECSCAN_ERR_GIT, except for "B"; a name that does not exist
 * is SECSCAN_ERR_ARG, a commit that should be here SECSCAN_ERR_GIT. */
int ss_git_range_read(ss_git_range *out, ss_git *git, const char *text,
                      const ss_git_refs *refs, secscan_error *err);
/* What of the commits' history `wanted` the one of `known` does not have. */
int ss_git_range_between(ss_git_range *out, ss_git *git, const ss_oid *wanted,
                         size_t n_wanted, const ss_oid *known, size_t n_known,
                         const ss_git_refs *refs, secscan_error *err);
/* These commits and no others. */
int ss_git_range_of(ss_git_range *out, ss_git *git, const char *const *ids,
                    size_t n, const ss_git_refs *refs, secscan_error *err);
void ss_git_range_release(ss_git_range *range);

/* One file that a commit has and none of its parents has at this path with this
 * id. `is_new_path`: no parent has the path at all. */
typedef int (*ss_git_change_fn)(void *ctx, const char *path, const ss_oid *blob,
                                int is_new_path);

#define SS_MAX_DIFF_PARENTS 16u

/* Files of `tree` that differ from all of `parents`. Nonzero from `change` ends
 * it. `git` objects that cannot be read: SECSCAN_ERR_GIT or _CORRUPT. */
int ss_git_tree_diff(ss_git *git, const ss_oid *tree, const ss_oid *parents,
                     size_t n_parents, ss_git_change_fn change, void *ctx,
                     secscan_error *err);

#endif
