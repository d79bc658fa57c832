/*
 * git_attr.h: which commits hold a secret, and which introduce it.
 *
 * A commit introduces a secret when its tree (in any blob, at any path) or its
 * own text holds it, and no parent's does; it removes one when all its parents'
 * trees hold it and its own does not. Secrets are numbers here: what they
 * are, and whether one counts at a path, is the caller's knowledge.
 *
 * Only what leads to hits is kept of each tree, and equal remains are one
 * node, so that memory follows the number of changes to files with hits.
 */
#ifndef SS_GIT_ATTR_H
#define SS_GIT_ATTR_H

#include "source/git_walk.h"

#include "base/map.h"

typedef struct ss_attr ss_attr;

/* A kept entry of a tree: a subtree, or a blob with hits. */
typedef struct ss_attr_entry {
    ss_bytes name;
    uint32_t object; /* number */
    uint8_t is_tree;
} ss_attr_entry;

typedef struct ss_attr_place {
    uint32_t path;   /* number: ss_attr_path */
    uint32_t blob;   /* object number */
    uint8_t is_note; /* every commit that has it is one of refs/notes */
    uint8_t reach;   /* secscan_reach, the strongest */
} ss_attr_place;

typedef struct ss_attr_intro {
    uint32_t commit; /* position in the walk */
    uint32_t place;  /* number, or SS_NO_PLACE: the commit's own text */
} ss_attr_intro;

#define SS_NO_PLACE UINT32_MAX

typedef struct ss_attr_secret {
    SS_VEC(ss_attr_intro) intros; /* the introducing one first */
    /* Commits whose tree has it no more while all their parents' trees do:
     * by reach, then in the walk's order. */
    SS_VEC(uint32_t) removals;
    uint64_t n_commits;  /* that hold it, of the strongest reach */
    uint64_t n_excluded; /* introductions that the caller left out */
    uint8_t reach;       /* 0: no commit and no ref leads to it */
    uint8_t in_head;
} ss_attr_secret;

typedef struct ss_attr_ops {
    void *ctx;
    /* The secrets that count at a path: sorted, no two alike, borrowed until
     * the attribution ends. Asked once for each pair; may name new secrets. */
    int (*at)(void *ctx, const char *path, uint32_t blob,
              const uint32_t **secrets, size_t *n);
    /* Whether the commit is to be left out for this secret (allowlists). */
    int (*is_excluded)(void *ctx, uint32_t secret, uint32_t commit,
                       uint32_t place);
} ss_attr_ops;

int ss_attr_new(ss_attr **out, const ss_git_walk *walk, size_t n_objects,
                secscan_error *err);
void ss_attr_free(ss_attr *attr);

/* Give a tree's kept entries, in the tree's order; each tree once. `like`: a
 * tree that was given before, from which it differs in these entries only, in
 * any order (object SS_NO_OBJECT: a name that it has not); or SS_NO_OBJECT.
 * Chains of such trees are followed by recursion: the caller keeps them short.
 */
int ss_attr_add_tree(ss_attr *attr, uint32_t tree, uint32_t like,
                     const ss_attr_entry *entries, size_t n,
                     secscan_error *err);
/* A commit's own text holds a secret. */
int ss_attr_add_text(ss_attr *attr, uint32_t commit, uint32_t secret,
                     secscan_error *err);

/* Attribute `n_secrets` secrets; then ask. */
int ss_attr_run(ss_attr *attr, size_t n_secrets, const ss_attr_ops *ops,
                secscan_error *err);
/* Set marks[number] of every tree that commits of this reach, or of a stronger
 * one, lead to. Needs no run. */
int ss_attr_mark_trees(const ss_attr *attr, uint8_t *marks, int max_reach,
                       secscan_error *err);
const ss_attr_secret *ss_attr_get(const ss_attr *attr, uint32_t secret);
size_t ss_attr_n_places(const ss_attr *attr);
const ss_attr_place *ss_attr_place_at(const ss_attr *attr, uint32_t place);
/* What `at` said of it. */
const uint32_t *ss_attr_place_secrets(const ss_attr *attr, uint32_t place,
                                      size_t *n);
/* All places of a commit's tree, in the order of their paths. After the run;
 * borrowed until the next such call, which may find new places. */
int ss_attr_commit_places(ss_attr *attr, uint32_t commit,
                          const uint32_t **places, size_t *n,
                          secscan_error *err);
const char *ss_attr_path(const ss_attr *attr, uint32_t path);
/* Nonzero when trees were too deep or places too many to follow. */
int ss_attr_is_cut(const ss_attr *attr);
/* Some tree that a commit or a ref leads to has this blob. */
int ss_attr_has_blob(const ss_attr *attr, uint32_t blob);

/* ---- what is kept of a tree, after the run ---- */

/* Pairs of uint32_t: name << 1 | is_tree, and the object's number, into `out`
 * (reset first). Nonzero when out of memory. */
int ss_attr_edges(const ss_attr *attr, uint32_t tree, ss_buf *out);
ss_bytes ss_attr_name(const ss_attr *attr, uint32_t name);
size_t ss_attr_n_names(const ss_attr *attr);
/* Has it been followed, and does it lead to a hit? */
int ss_attr_is_pruned(const ss_attr *attr, uint32_t tree);
int ss_attr_leads(const ss_attr *attr, uint32_t tree);

#endif
