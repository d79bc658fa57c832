/*
 * pack_split.c: parts of delta trees.
 * From the leaves up, children are gathered under their base until they weigh
 * enough: then they are a part, and the base goes on without them. So a chain
 * is cut along its length, and a star into groups of its rays.
 */
#include "pack_split.h"

#include "base/alloc.h"
#include "base/vec.h"

typedef struct gathered {
    uint64_t weight; /* of the entry, and of what is gathered under it */
    uint32_t from;   /* first child of those; SS_PACK_NONE */
} gathered;

typedef struct splitter {
    ss_pack *pack;
    uint64_t most, unit; /* unit: weight of each entry of the tree at hand */
    gathered *under;     /* by entry */
    SS_VEC(ss_pack_root) parts;
} splitter;

static int cut(splitter *s, uint32_t base, uint32_t last)
{
    ss_pack_entry *entries = s->pack->entries;
    gathered *g = &s->under[base];
    ss_pack_root part = {.entry = base,
                         .from = g->from,
                         .to = last,
                         .weight = g->weight,
                         .kind = entries[base].kind};

    for (uint32_t at = g->from;; at = entries[at].next) {
        entries[at].is_split = 1;
        if (at == last)
            break;
    }
    *g = (gathered){s->unit, SS_PACK_NONE};
    return SS_VEC_PUSH(&s->parts, part);
}

static int leave(splitter *s, uint32_t at)
{
    uint32_t base = s->pack->entries[at].base;
    gathered *g = &s->under[base];

    g->weight += s->under[at].weight;
    if (g->from == SS_PACK_NONE)
        g->from = at;
    return g->weight < s->most ? 0 : cut(s, base, at);
}

/* Climbs by `base`, so that depth costs no stack. */
static int split_tree(splitter *s, ss_pack_root *root)
{
    const ss_pack_entry *entries = s->pack->entries;
    uint32_t at = root->entry;

    s->unit = entries[at].size + SS_PACK_ENTRY_WEIGHT;
    for (;;) {
        s->under[at] = (gathered){s->unit, SS_PACK_NONE};
        if (entries[at].child != SS_PACK_NONE) {
            at = entries[at].child;
            continue;
        }
        while (at != root->entry) {
            if (leave(s, at))
                return -1;
            if (entries[at].next != SS_PACK_NONE)
                break;
            at = entries[at].base;
        }
        if (at == root->entry)
            break;
        at = entries[at].next;
    }
    root->weight = s->under[at].weight;
    return 0;
}

static int take_parts(splitter *s)
{
    ss_pack *pack = s->pack;
    size_t n = pack->n_roots + s->parts.len;
    ss_pack_root *roots = ss_realloc(pack->roots, n * sizeof(*roots));

    if (!roots)
        return -1;
    pack->roots = roots;
    memcpy(roots + pack->n_roots, s->parts.at, s->parts.len * sizeof(*roots));
    pack->n_roots = n;
    return ss_pack_order_roots(pack);
}

int ss_pack_split(ss_pack *pack, uint64_t most, uint64_t most_trees,
                  secscan_error *err)
{
    splitter s = {.pack = pack};
    int rc = 0;

    for (size_t i = 0; !rc && i < pack->n_roots; i++) {
        s.most = pack->roots[i].kind == SS_OBJECT_TREE ? most_trees : most;
        if (pack->roots[i].weight <= s.most)
            continue;
        if (!s.under)
            s.under = ss_alloc(pack->index.n * sizeof(*s.under));
        rc = s.under ? split_tree(&s, &pack->roots[i]) : -1;
    }
    if (!rc && s.parts.len)
        rc = take_parts(&s);
    ss_free(s.under);
    SS_VEC_RELEASE(&s.parts);
    return rc ? ss_fail_nomem(err) : 0;
}
