/*
 * run_container.h: units that may be containers, through a scanner: what is a
 * container is opened, and its members are scanned, to any depth the budgets
 * allow; so is what decoding brings up. One of these to a thread.
 */
#ifndef SS_RUN_CONTAINER_H
#define SS_RUN_CONTAINER_H

#include "run/results.h"

/* A container and what is in it: no deeper, whatever max_depth says. */
#define SS_MAX_LEVELS (SS_MAX_ENCODINGS + 1u)

typedef struct ss_unpacker {
    secscan_scanner *handle;
    ss_scanner *scanner;
    /* May be NULL: asked now and then inside of containers, and between two
     * cores of what is scanned, with 0. Nonzero stops the unit, and is what the
     * call returns. */
    int (*on_read)(void *ctx, size_t len);
    void *ctx;
    size_t n_opened; /* of the results: up to the last match of members of the
                        unit at hand; 0: it was not opened */
    uint64_t n_containers, n_members;
    uint8_t *buffers[SS_MAX_LEVELS]; /* by level; wiped when released */
} ss_unpacker;

/* All are borrowed. on_read is left empty. It stays where it is until it is
 * released: the scanner asks it. */
void ss_unpacker_init(ss_unpacker *u, secscan_scanner *handle,
                      ss_scanner *scanner);
/* On the calling thread: adds what was opened to the coverage. */
void ss_unpacker_release(ss_unpacker *u);

/* Is it a container, and are containers opened? `head` is the unit's first
 * SS_CONTAINER_HEAD bytes or more, or all of it. */
const ss_container_kind *ss_unpack_detect(const ss_unpacker *u, ss_bytes head);
/* The same of the end of what has no such head: `tail` is its last
 * SS_CONTAINER_TAIL bytes, or all of it. */
const ss_container_kind *ss_unpack_detect_tail(const ss_unpacker *u,
                                               ss_bytes tail);

/* Open the unit and scan its members into the results. *is_plain: its bytes
 * are to be scanned as well, for nothing could be opened, or not all, or they
 * are text. What is wrong with it is a skip; a status is returned for lack of
 * memory, and what on_read said. */
int ss_unpack(ss_unpacker *u, const ss_container_kind *kind,
              const ss_input *input, ss_results *results, int *is_plain,
              secscan_error *err);
/* After each unit, container or not, whose matches are those from `first` on:
 * containers that stand encoded in it are opened, doubles are dropped. */
int ss_unpack_end(ss_unpacker *u, ss_results *results, size_t first,
                  secscan_error *err);
/* All of that for a unit in memory. */
int ss_unpack_scan(ss_unpacker *u, ss_bytes bytes, ss_results *results,
                   secscan_error *err);
/* The first part of that: nothing but its bytes is left to be scanned. */
int ss_unpack_memory(ss_unpacker *u, ss_bytes bytes, ss_results *results,
                     int *is_plain, secscan_error *err);

#endif
