/*
 * pack_walk.h: the objects of a pack, each inflated once: delta trees walked
 * depth first, every delta applied to its base's bytes while they are in
 * memory.
 */
#ifndef SS_PACK_WALK_H
#define SS_PACK_WALK_H

#include "base/buf.h"
#include "source/delta.h"
#include "source/inflate.h"
#include "source/pack.h"

#define SS_PACK_STREAM ((uint64_t)32 << 20)

typedef struct ss_pack_object {
    const uint8_t *id;
    uint32_t label; /* of the entry */
    ss_object_kind kind;
    ss_bytes bytes;        /* borrowed */
    const ss_delta *delta; /* how its base became it, untouched; NULL: a root */
    void *base;            /* what the sink kept for the base */
    int has_deltas;        /* others are deltas of it */
    int is_again; /* given elsewhere: here it is only the base of a part */
} ss_pack_object;

typedef enum ss_pack_piece {
    SS_PIECE_NEXT,
    SS_PIECE_END, /* no bytes: that was all */
    SS_PIECE_LOST /* no bytes: the rest cannot be read; `damaged` follows */
} ss_pack_piece;

typedef struct ss_pack_sink {
    void *ctx;
    /* One object. What is left in *kept is the `base` of its deltas, and is
     * released when the last of them is done. Nonzero stops the walk. */
    int (*object)(void *ctx, const ss_pack_object *object, void **kept);
    void (*release)(void *ctx, void *kept); /* may be NULL */
    /* In place of `object`, in pieces: a blob over SS_PACK_STREAM bytes that
     * nothing is built on. NULL: it is built whole. */
    int (*piece)(void *ctx, const ss_pack_object *object, ss_pack_piece which);
    /* An object that cannot be read: "corrupt", "missing" (its base),
     * "object-limit"; "base" when it is one of those that it is built on. */
    int (*damaged)(void *ctx, const uint8_t *id, uint32_t label,
                   const char *reason);
    /* The base of a delta that is not in this pack: its bytes and its kind. 0,
     * or nonzero when there is none. */
    int (*base)(void *ctx, const uint8_t *id, ss_buf *out,
                ss_object_kind *kind);
} ss_pack_sink;

typedef struct ss_pack_walker ss_pack_walker; /* one thread at a time */

typedef struct ss_pack_limits {
    uint64_t budget; /* bytes of bases kept; over it they are built again when
                        needed */
    /* Larger objects are damaged by "object-limit": those that have to be built
     * whole, and those given in pieces. */
    uint64_t max_object, max_streamed;
} ss_pack_limits;

int ss_pack_walker_new(ss_pack_walker **out, const ss_pack *pack,
                       ss_pack_limits limits, secscan_error *err);
void ss_pack_walker_free(ss_pack_walker *walker);

/* Every object of a delta tree, or of a part of one. 0, what the sink answered,
 * or a negative status (memory, I/O). */
int ss_pack_walk(ss_pack_walker *walker, const ss_pack_root *root,
                 const ss_pack_sink *sink, secscan_error *err);

#endif
