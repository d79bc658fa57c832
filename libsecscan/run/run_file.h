/*
 * run_file.h: one file through a scanner, its results kept.
 */
#ifndef SS_RUN_FILE_H
#define SS_RUN_FILE_H

#include "run/run_container.h"

/* What one thread needs to scan files. */
typedef struct ss_file_worker {
    ss_scanner *scanner;
    ss_unpacker unpacker;
    uint8_t *buffer;   /* wiped when released */
    uint64_t max_size; /* 0: none */
    /* May be NULL: told of what was read, and asked, with 0, while it is
     * unpacked or scanned. Nonzero stops the file and is what ss_run_file
     * returns. */
    int (*on_read)(void *ctx, size_t len);
    void *ctx;
} ss_file_worker;

typedef enum ss_file_outcome {
    SS_FILE_SCANNED,
    SS_FILE_SKIPPED, /* a skip in the results says why */
    SS_FILE_VANISHED /* deleted since it was listed */
} ss_file_outcome;

/* `scanner` is borrowed; `on_read` is left empty. */
int ss_file_worker_init(ss_file_worker *worker, secscan_scanner *handle,
                        ss_scanner *scanner, secscan_error *err);
/* On the calling thread. */
void ss_file_worker_release(ss_file_worker *worker);

/* Scan the file, streamed: of whatever size, and however it changes meanwhile.
 * 0, what on_read returned, or a negative status; that it cannot be read is a
 * skip. *len is what was read. */
int ss_run_file(ss_file_worker *worker, const char *path, int follow,
                ss_results *results, ss_file_outcome *outcome, uint64_t *len,
                secscan_error *err);

#endif
