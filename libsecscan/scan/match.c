/*
 * match.c: copies of matches, with all that they point to.
 */
#include "match.h"

static int copy_bytes(ss_bytes *bytes, ss_arena *arena)
{
    bytes->data = ss_arena_copy(arena, bytes->data, bytes->len);
    return bytes->data ? 0 : -1;
}

static int copy_parts(ss_match *m, ss_arena *arena)
{
    ss_part *parts =
        ss_arena_copy(arena, m->parts, m->n_parts * sizeof(*parts));

    if (!parts)
        return -1;
    for (size_t i = 0; i < m->n_parts; i++) {
        if (copy_bytes(&parts[i].secret, arena))
            return -1;
    }
    m->parts = parts;
    return 0;
}

static int copy_whole(ss_match *m, ss_arena *arena)
{
    ss_match *whole = ss_arena_alloc(arena, sizeof(*whole));

    if (!whole || ss_match_copy(whole, m->whole, arena))
        return -1;
    m->whole = whole;
    return 0;
}

int ss_match_copy(ss_match *out, const ss_match *match, ss_arena *arena)
{
    ss_match m = *match;

    m.reason = ss_arena_str(arena, m.reason, strlen(m.reason));
    m.also = ss_arena_copy(arena, m.also, m.n_also * sizeof(*m.also));
    if (!m.reason || !m.also || copy_bytes(&m.line, arena))
        return -1;
    if (m.encoded.len && copy_bytes(&m.encoded, arena))
        return -1;
    if (m.identity.len && copy_bytes(&m.identity, arena))
        return -1;
    if (m.member) {
        m.member = ss_arena_str(arena, m.member, strlen(m.member));
        if (!m.member)
            return -1;
    }
    if (m.n_parts && copy_parts(&m, arena))
        return -1;
    if (m.whole && copy_whole(&m, arena))
        return -1;
    *out = m;
    return 0;
}
