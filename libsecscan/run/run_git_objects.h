/*
 * run_git_objects.h: read every object once, scan what is text, keep what the
 * walk and the attribution need: commits, targets of tags, entries of trees.
 */
#ifndef SS_RUN_GIT_OBJECTS_H
#define SS_RUN_GIT_OBJECTS_H

#include "run/results.h"
#include "run/run_git.h"
#include "run/run_git_gate.h"
#include "run/run_git_store.h"
#include "source/git_attr.h"
#include "source/lfs.h"

#include <stdatomic.h>

/* An object that a tree names and that is not there. */
typedef struct ss_git_gap {
    uint32_t tree;
    ss_oid id;
} ss_git_gap;

/* A blob that stands for an LFS object. */
typedef struct ss_git_pointer {
    ss_lfs_id id;
    uint32_t object;
} ss_git_pointer;

/* What was not scanned of an object, or of a member of it. */
typedef struct ss_git_skip {
    uint32_t object;
    ss_result_skip skip; /* in the store's arena */
} ss_git_skip;

enum { SS_DIRTY = 1, SS_DIRTY_UNREAD = 2 };

typedef struct ss_git_history {
    const ss_git_scan *scan;
    ss_git *git;
    size_t id_len;
    ss_git_objects objects;
    ss_git_refs refs;
    ss_git_gate gate;
    ss_git_walk walk;
    ss_git_store store;
    ss_attr *attr;
    uint32_t *targets; /* of tags: target's number, by object */
    uint8_t *wanted;   /* by object: a blob with hits */
    uint8_t *done;     /* by object: it need not be read any more */
    uint8_t *known;    /* by object: clean by the cache; NULL: no cache */
    uint8_t *dirty;    /* by object: SS_DIRTY_*: something is said of it */
    struct ss_git_cache *cache; /* NULL: none asked for */
    int has_path_rules, needs_all_names;
    int has_gitlinks; /* some tree names a submodule */
    /* Trees lead to nothing that is known: they are only looked through, and
     * read again when one of them has something after all. */
    int is_quiet, is_disturbed;
    int is_range; /* units and skips have been counted; only what commits with
                     a reach introduce is delivered */
    int has_named_tree; /* of a push: a ref names a tree without a commit */
    SS_VEC(ss_git_gap) gaps;
    SS_VEC(ss_git_pointer) pointers;
    SS_VEC(ss_git_skip) skips;  /* until all objects have been read */
    atomic_int stopped;         /* what a sink said: workers need not go on */
    uint64_t told_at;           /* when the progress was last told */
    size_t n_workers;           /* of the pool at work */
    struct ss_git_below *below; /* NULL: submodules are only noted */
    secscan_progress progress;
    secscan_error *err;
} ss_git_history;

void ss_git_history_release(ss_git_history *h); /* all but the repository */

/* Blobs, commits and tags: fills store, walk and targets. */
int ss_git_scan_texts(ss_git_history *h);
/* Trees: fills attr and gaps. The store has to be sorted. */
int ss_git_read_trees(ss_git_history *h);

#endif
