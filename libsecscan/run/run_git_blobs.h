/*
 * run_git_blobs.h: scan a given list of blobs, and know the secrets of another.
 * What a range and the index have in common: a change brings blobs in and takes
 * blobs away.
 */
#ifndef SS_RUN_GIT_BLOBS_H
#define SS_RUN_GIT_BLOBS_H

#include "base/map.h"
#include "run/results.h"
#include "run/run_git.h"
#include "source/git.h"

#include <stdatomic.h>

typedef struct ss_git_blob {
    ss_oid id;
    const char *path; /* borrowed; NULL: none */
    ss_results results;
    const char *reason; /* not scanned: a word of secscan_skip; else NULL */
} ss_git_blob;

typedef struct ss_git_blobs {
    SS_VEC(ss_git_blob) list;
    size_t n_scanned;   /* of the list */
    uint64_t deadline;  /* of ss_clock_ms; 0: none */
    atomic_int stopped; /* what a sink said */
    int is_late;        /* it has come: not all of the last ones are scanned */
} ss_git_blobs;

/* Nonzero when out of memory. */
int ss_git_blobs_add(ss_git_blobs *blobs, const ss_oid *id, const char *path);
/* Fill results and reasons of those that have been added since the last time,
 * in parallel when there is much to do. */
int ss_git_blobs_scan(ss_git_blobs *blobs, const ss_git_scan *scan, ss_git *git,
                      secscan_error *err);
void ss_git_blobs_release(ss_git_blobs *blobs);

/* Fingerprints, as a set. */
typedef struct ss_git_known {
    ss_map map;
    ss_arena arena;
} ss_git_known;

/* Add the secrets of scanned blobs that count at their paths. */
int ss_git_known_add(ss_git_known *known, const ss_git_blobs *blobs,
                     const secscan_scanner *handle);
int ss_git_known_has(const ss_git_known *known, const ss_match *match,
                     const secscan_scanner *handle);
void ss_git_known_release(ss_git_known *known);

#endif
