/*
 * git_walk.h: the commit graph from parsed commits, in canonical order: parents
 * before children, ties broken by (committer time, id). Needs no repository; a
 * parent that is not there ends the walk at its child and is counted.
 */
#ifndef SS_GIT_WALK_H
#define SS_GIT_WALK_H

#include "source/git.h"

#define SS_NO_COMMIT UINT32_MAX

typedef struct ss_walk_commit {
    uint32_t object;                  /* its number */
    uint32_t tree;                    /* the tree's number, or SS_NO_OBJECT */
    uint32_t first_parent, n_parents; /* in ss_git_walk.parents */
    int64_t time;                     /* of the committer */
    uint8_t reach;                    /* secscan_reach */
    uint8_t is_boundary; /* of a shallow clone: its parents are not here */
    uint8_t is_note;     /* only refs/notes lead here */
    uint8_t has_missing; /* a parent is not here though it should */
} ss_walk_commit;

typedef struct ss_git_walk {
    SS_VEC(ss_walk_commit) commits; /* in canonical order once finished */
    SS_VEC(uint32_t) parents;       /* positions of commits; SS_NO_COMMIT */
    uint32_t *by_object;            /* position of a commit by object number */
    uint8_t *reached; /* by object number: reach of tags, trees and
                         blobs that refs name directly; else 0 */
    size_t n_objects;
    uint32_t head; /* position, or SS_NO_COMMIT */
} ss_git_walk;

/* Add one commit, parsed; in any order. */
int ss_git_walk_add(ss_git_walk *walk, const ss_git_objects *objects,
                    uint32_t object, const ss_git_commit *commit,
                    size_t id_len);

/* One whose parts are known: `n_parents` object numbers have been pushed to
 * walk->parents. */
int ss_git_walk_add_known(ss_git_walk *walk, uint32_t object, uint32_t tree,
                          int64_t time, uint32_t n_parents);

/* What an annotated tag points at; SS_NO_OBJECT for anything else. */
typedef uint32_t (*ss_tag_target_fn)(void *ctx, uint32_t object);

/* Order the commits and label what reaches them. */
int ss_git_walk_finish(ss_git_walk *walk, const ss_git_objects *objects,
                       const ss_git_refs *refs, ss_tag_target_fn target,
                       void *ctx, size_t id_len, secscan_error *err);
void ss_git_walk_release(ss_git_walk *walk);

#endif
