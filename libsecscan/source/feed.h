/*
 * feed.h: the bytes of an ss_input in blocks, asking now and then whether to go
 * on.
 */
#ifndef SS_FEED_H
#define SS_FEED_H

#include "source/container.h"

typedef struct ss_feed {
    const ss_input *input;
    int (*should_stop)(void *ctx); /* NULL: never */
    void *ctx;
    uint8_t *buffer; /* when the input is not in memory */
    size_t used;     /* of it, at most: small inputs touch little of it */
    uint64_t at;     /* of the next block */
    ss_container_fault fault; /* why it ended early; reason NULL: it did not */
} ss_feed;

/* 1: a block that is not empty, valid until the next call; 0: the end; -1:
 * feed->fault says why. */
int ss_feed_next(ss_feed *feed, ss_bytes *out);
/* 1 when should_stop says so, which is a fault. */
int ss_feed_is_stopped(ss_feed *feed);
/* 0: it can only be read in order. */
int ss_feed_can_seek(const ss_feed *feed);
uint64_t ss_feed_size(const ss_feed *feed); /* when it can seek */
/* Bytes from `offset` on, when it can seek: their number. */
size_t ss_feed_peek(ss_feed *feed, void *to, size_t len, uint64_t offset);
void ss_feed_release(ss_feed *feed);

#endif
