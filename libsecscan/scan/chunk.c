/*
 * chunk.c: how much context a core needs, and the view of it.
 */
#include "chunk.h"

#include "scan/match.h"

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* One byte more than look-around reads, so that \A and \z are true at the ends
 * of the unit only. */
ss_reach ss_reach_of(const ss_rule_set *set)
{
    ss_reach reach;

    reach.left = larger((size_t)set->max_before + 1, SS_LINE_REACH + 1);
    if (set->kinds.n_words)
        reach.left += SS_ABOVE_REACH;
    reach.left = larger(reach.left, set->keyword_reach);
    reach.right = larger((size_t)set->max_after + 1, SS_LINE_REACH + 1);
    reach.right = set->max_width + larger(reach.right, set->keyword_reach);
    reach.prefix = set->max_prefix;
    return reach;
}

ss_chunk ss_chunk_of(ss_bytes unit, uint64_t offset, size_t from, size_t to,
                     ss_reach reach)
{
    size_t left = from < reach.left ? from : reach.left;
    size_t right = unit.len - to < reach.right ? unit.len - to : reach.right;
    ss_chunk chunk;

    ss_assert(from <= to && to <= unit.len);
    chunk.bytes.data = unit.data + (from - left);
    chunk.bytes.len = left + (to - from) + right;
    chunk.offset = offset + (from - left);
    chunk.core_from = left;
    chunk.core_to = left + (to - from);
    return chunk;
}
