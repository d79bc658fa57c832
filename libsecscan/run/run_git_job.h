/*
 * run_git_job.h: one job of a history's scan, and what its two ways of reading
 * share: run_git_packs.c (delta trees of packs, each entry inflated once) and
 * run_git_objects.c (objects by name, for what no pack of ours holds).
 */
#ifndef SS_RUN_GIT_JOB_H
#define SS_RUN_GIT_JOB_H

#include "run/pool.h"
#include "run/run_container.h"
#include "run/run_git_objects.h"
#include "scan/object.h"

/* Where the matches of one unit lie in a job's results. */
typedef struct ss_git_unit {
    uint32_t object;
    secscan_source source;
    size_t n_matches, n_skips; /* counts at its end */
    int is_suppressed;         /* something in it was */
} ss_git_unit;

typedef struct ss_git_parsed {
    uint32_t object;
    ss_oid target;        /* a tag's */
    ss_git_commit commit; /* a commit's; bytes in the results' arena */
    int is_tag;
} ss_git_parsed;

typedef struct ss_git_failure {
    uint32_t object;
    const char *reason, *detail;
} ss_git_failure;

typedef struct ss_git_tree_part {
    uint32_t tree;
    /* A tree before it, from which it differs in its entries (with
     * SS_NO_OBJECT: a name that it has not); or SS_NO_OBJECT. */
    uint32_t like;
    size_t n_entries; /* count at its end */
} ss_git_tree_part;

typedef struct ss_git_job {
    /* Objects by number, or, when `pack` is set, delta trees of a pack. */
    const uint32_t *objects;
    const struct ss_pack_root *roots;
    struct ss_pack *pack;
    size_t pack_number;
    size_t n;
    int is_trees, has_gitlinks, has_items;
    SS_VEC(uint32_t) done; /* objects of the pack that were read */
    ss_results results;
    SS_VEC(ss_git_unit) units;
    SS_VEC(ss_git_parsed) parsed;
    SS_VEC(ss_git_failure) failures;
    SS_VEC(ss_git_tree_part) trees;
    SS_VEC(ss_attr_entry) entries;
    SS_VEC(ss_git_gap) gaps;
    SS_VEC(ss_git_pointer) pointers;
    int rc;
} ss_git_job;

/* An entry that is kept, or that names what is not there. */
typedef struct ss_git_tree_item {
    uint32_t start : 31; /* of the entry, in the tree */
    uint32_t is_tree : 1;
    uint32_t number;      /* SS_NO_OBJECT: it is not there */
    const ss_bytes *name; /* of the worker's */
} ss_git_tree_item;

/* What reading a tree leaves behind for the deltas of it. */
typedef struct ss_git_tree_trace {
    uint32_t tree;                  /* SS_NO_OBJECT: read elsewhere */
    SS_VEC(uint32_t) starts;        /* of all entries, and the end */
    SS_VEC(ss_git_tree_item) items; /* in order */
    int has_gaps;
    unsigned depth; /* trees that it is like, one behind the other */
} ss_git_tree_trace;

#define SS_GIT_MAX_COLLECTED ((size_t)256 << 20) /* a container in pieces */

typedef struct ss_git_worker {
    ss_git_history *history;
    ss_scanner *scanner;
    ss_unpacker unpacker;
    int is_callers;              /* on the calling thread */
    ss_git_tree_trace leaf_tree; /* of a tree that nothing is built on */
    ss_map item_names;           /* of kept entries, in names_arena */
    SS_VEC(uint32_t) added;      /* of the tree at hand: items that it brings */
    SS_VEC(uint8_t) taken;       /* which items of its base it has */
    ss_map names; /* of tree entries: may a rule about paths match? */
    ss_arena names_arena;
    struct ss_pack_walker *walker; /* of the pack of the last job */
    const struct ss_pack *pack;
    SS_VEC(ss_run) runs;   /* of the delta at hand */
    ss_trace leaf;         /* of a blob that nothing is built on */
    uint64_t n_suppressed; /* by its scanner, up to the last unit */
    /* A blob in pieces: what the job held before it. */
    int is_streaming;
    int is_collecting; /* a container: its pieces are not scanned yet */
    ss_buf collected;
    size_t n_matches, n_skips;
} ss_git_worker;

/* How a blob came by its base, and what it leaves for its own deltas. */
typedef struct ss_git_descent {
    const ss_trace *base; /* NULL: none */
    const ss_run *runs;
    size_t n_runs;
    ss_trace *out;
} ss_git_descent;

/* Scan or parse an object into the job. `descent` is NULL where the bytes come
 * from no pack of ours. What is wrong with the object is a failure in the job;
 * a status is returned for memory only. */
int ss_git_job_take(const ss_git_history *h, ss_git_worker *w, ss_git_job *j,
                    uint32_t number, ss_git_kind kind, ss_bytes bytes,
                    const ss_git_descent *descent);
/* A step of that: a blob, a commit or a tag. Any status may be returned. */
int ss_git_job_take_text(const ss_git_history *h, ss_git_worker *w,
                         ss_git_job *j, uint32_t number, ss_git_kind kind,
                         ss_bytes bytes, const ss_git_descent *descent);
/* How a tree came by its base, and what it leaves for its own deltas. */
typedef struct ss_git_tree_descent {
    const ss_git_tree_trace *base; /* NULL: none */
    const ss_run *runs;
    size_t n_runs;
    ss_git_tree_trace *out;
    int is_again; /* read elsewhere: only its trace is wanted */
} ss_git_tree_descent;

/* The same for a tree. `descent` may be NULL. */
int ss_git_job_take_tree(const ss_git_history *h, ss_git_worker *w,
                         ss_git_job *j, uint32_t number, ss_bytes bytes,
                         const ss_git_tree_descent *descent);
void ss_git_tree_trace_release(ss_git_tree_trace *trace);
/* Note that an object cannot be read; negative for memory only. */
int ss_git_job_fail(ss_git_job *j, uint32_t number, int rc);
/* A blob in pieces: begin with the first, end with an empty one. `is_lost`:
 * what was found in it is dropped. */
int ss_git_job_take_piece(ss_git_worker *w, ss_git_job *j, uint32_t number,
                          ss_bytes bytes, int is_lost);
/* The object is larger than is read. */
int ss_git_job_too_large(const ss_git_history *h, ss_git_job *j,
                         uint32_t number);
uint64_t ss_git_object_limit(const ss_git_history *h);
uint64_t ss_git_stream_limit(const ss_git_history *h); /* of one in pieces */
/* On a worker: read the job's delta trees. */
void ss_git_job_walk(const ss_git_history *h, ss_git_worker *w, ss_git_job *j);
/* For several workers: cut delta trees that hold a large part of all. */
int ss_git_packs_split(ss_git_history *h);
/* Hand in all delta trees of all packs. */
int ss_git_packs_submit(ss_git_history *h, ss_pool *pool, int is_trees);

#endif
