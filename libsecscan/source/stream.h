/*
 * stream.h: one compressed stream, unpacked in blocks. stream.c takes what
 * libarchive unpacks, zlib_stream.c gzip and zlib.
 */
#ifndef SS_STREAM_H
#define SS_STREAM_H

#include "source/container.h"
#include "source/feed.h"

typedef struct ss_stream ss_stream;

typedef struct ss_stream_ops {
    int (*block)(ss_stream *s, ss_bytes *out);
    void (*close)(ss_stream *s);
} ss_stream_ops;

struct ss_stream {
    const ss_stream_ops *ops;
    ss_feed feed;
    char name[256];           /* as the stream says; else "" */
    ss_container_fault fault; /* reason NULL: none yet */
    ss_bytes pending;         /* the next block, already unpacked */
};

/* NULL: out of memory. `kind` is a stream's, or "rpm", whose payload it is. */
ss_stream *ss_stream_open(const char *kind, const ss_input *input,
                          int (*should_stop)(void *ctx), void *ctx);
/* 1: a block, valid until the next call; 0: the end; -1: stream->fault. What
 * could be unpacked before a fault is given first. */
int ss_stream_block(ss_stream *s, ss_bytes *out);
void ss_stream_close(ss_stream *s); /* NULL is fine */

ss_stream *ss_zlib_stream_open(int is_gzip);

/* A container of the one member that the stream is. Owns the stream. */
ss_container *ss_stream_container(ss_stream *s);

#endif
