/*
 * arena.c: blocks of at least 16 KiB, wiped on reset and release.
 */
#include "arena.h"

#include "alloc.h"

#include <stddef.h>
#include <strings.h>

#define BLOCK_SIZE ((size_t)16 << 10)

struct ss_arena_block {
    ss_arena_block *next;
    size_t used, size;
    max_align_t data[];
};

static ss_arena_block *new_block(size_t size)
{
    ss_arena_block *block;

    if (size < BLOCK_SIZE)
        size = BLOCK_SIZE;
    if (size > SIZE_MAX - sizeof(*block))
        return NULL;
    block = ss_alloc(sizeof(*block) + size);
    if (!block)
        return NULL;
    block->next = NULL;
    block->used = 0;
    block->size = size;
    return block;
}

void *ss_arena_alloc(ss_arena *arena, size_t size)
{
    const size_t align = sizeof(max_align_t);
    ss_arena_block *block = arena->blocks;
    void *p;

    if (size > SIZE_MAX / 2)
        return NULL;
    size = (size + align - 1) / align * align;
    if (!block || size > block->size - block->used) {
        block = new_block(size);
        if (!block)
            return NULL;
        block->next = arena->blocks;
        arena->blocks = block;
    }
    p = (uint8_t *)block->data + block->used;
    block->used += size;
    arena->used += size;
    return p;
}

void *ss_arena_copy(ss_arena *arena, const void *data, size_t size)
{
    void *p = ss_arena_alloc(arena, size);

    if (p && size)
        memcpy(p, data, size);
    return p;
}

char *ss_arena_str(ss_arena *arena, const char *s, size_t len)
{
    char *p;

    if (len == SIZE_MAX)
        return NULL;
    p = ss_arena_alloc(arena, len + 1);
    if (!p)
        return NULL;
    if (len)
        memcpy(p, s, len);
    p[len] = '\0';
    return p;
}

static void free_block(ss_arena_block *block)
{
    ss_free_wiped(block, sizeof(*block) + block->used);
}

void ss_arena_reset(ss_arena *arena)
{
    ss_arena_block *kept = arena->blocks;

    if (!kept)
        return;
    while (kept->next) {
        ss_arena_block *next = kept->next->next;

        free_block(kept->next);
        kept->next = next;
    }
    explicit_bzero(kept->data, kept->used);
    kept->used = 0;
    arena->used = 0;
}

void ss_arena_release(ss_arena *arena)
{
    ss_arena_reset(arena);
    if (arena->blocks)
        free_block(arena->blocks);
    arena->blocks = NULL;
}
