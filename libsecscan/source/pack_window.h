/*
 * pack_window.h: pieces of a file, read ahead when they are asked for one
 * behind the other. A reused buffer costs less than a call for each piece, a
 * mapping (which ends in a signal when the file gets shorter) or memory for all
 * of it.
 */
#ifndef SS_PACK_WINDOW_H
#define SS_PACK_WINDOW_H

#include "base/bytes.h"
#include "base/error.h"

typedef struct ss_pack_window {
    uint8_t *data;
    size_t cap, len;
    uint64_t offset; /* of data[0] in the file */
    size_t ahead;    /* read at least as much next time */
    size_t most;     /* `ahead` grows up to here; 0: 128 KiB */
} ss_pack_window;

/* Bytes [offset, offset + len) of the file, fewer where it ends before.
 * Borrowed until the next call. */
int ss_pack_window_look(ss_pack_window *w, int fd, uint64_t offset, size_t len,
                        ss_bytes *out, secscan_error *err);
void ss_pack_window_release(ss_pack_window *w);

#endif
