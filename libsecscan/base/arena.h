/*
 * arena.h: many small allocations that die together, wiped when they do.
 */
#ifndef SS_ARENA_H
#define SS_ARENA_H

#include "bytes.h"

typedef struct ss_arena_block ss_arena_block;

typedef struct ss_arena {
    ss_arena_block *blocks;
    size_t used; /* bytes handed out, all blocks */
} ss_arena;

#define SS_ARENA_INIT                                                          \
    {                                                                          \
        NULL, 0                                                                \
    }

/* Aligned for any type; NULL when out of memory. */
void *ss_arena_alloc(ss_arena *arena, size_t size);
void *ss_arena_copy(ss_arena *arena, const void *data, size_t size);
/* A copy with a NUL behind it. */
char *ss_arena_str(ss_arena *arena, const char *s, size_t len);
/* Wipe and forget all; one block is kept for reuse. */
void ss_arena_reset(ss_arena *arena);
void ss_arena_release(ss_arena *arena); /* wipe and free */

#endif
