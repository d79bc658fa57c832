/*
 * chunk.h: contiguous bytes [context, core, context] and their offset in the
 * unit. A match belongs to the chunk whose core holds its first byte.
 */
#ifndef SS_CHUNK_H
#define SS_CHUNK_H

#include "rules/rule.h"

typedef struct ss_chunk {
    ss_bytes bytes;
    uint64_t offset;           /* of bytes.data[0] in the unit */
    size_t core_from, core_to; /* in `bytes` */
} ss_chunk;

/* How much context around a core makes every verdict about its matches the same
 * as with the whole unit at hand. */
typedef struct ss_reach {
    size_t left, right;
    size_t prefix; /* of `right`, what Hyperscan has to see */
} ss_reach;

ss_reach ss_reach_of(const ss_rule_set *set);

/* The chunk of `unit` whose core is [from, to): context is cut at the ends of
 * the unit. `offset` is that of unit.data[0]. */
ss_chunk ss_chunk_of(ss_bytes unit, uint64_t offset, size_t from, size_t to,
                     ss_reach reach);

/* What Hyperscan reads of a chunk: the core and the prefix behind it. */
static inline ss_bytes ss_chunk_haystack(const ss_chunk *chunk, ss_reach reach)
{
    size_t end = chunk->bytes.len;

    if (reach.prefix < end - chunk->core_to)
        end = chunk->core_to + reach.prefix;
    return (ss_bytes){chunk->bytes.data + chunk->core_from,
                      end - chunk->core_from};
}

#endif
