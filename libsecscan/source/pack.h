/*
 * pack.h: a pack file as a forest: each entry under the base it is a delta of.
 * Read, not mapped: a truncated file is an error, not a signal.
 * Knows nothing of repositories: file names in, objects out.
 */
#ifndef SS_PACK_H
#define SS_PACK_H

#include "source/pack_index.h"

#define SS_PACK_NONE UINT32_MAX
#define SS_PACK_HEAVY ((uint64_t)4 << 20) /* of a root's weight */
#define SS_PACK_ENTRY_WEIGHT 512u         /* of an entry, beside its bytes */

typedef enum ss_object_kind {
    SS_OBJECT_UNKNOWN = 0,
    SS_OBJECT_COMMIT = 1,
    SS_OBJECT_TREE = 2,
    SS_OBJECT_BLOB = 3,
    SS_OBJECT_TAG = 4
} ss_object_kind;

typedef struct ss_pack_entry {
    uint64_t offset;      /* in the pack */
    uint64_t size;        /* inflated: of the object, or of the delta */
    uint32_t at;          /* place in the index: id and CRC */
    uint32_t base;        /* entry it is a delta of; SS_PACK_NONE */
    uint32_t child, next; /* first delta of it; next delta of its base */
    uint32_t label; /* the caller's own number for it; SS_PACK_NONE at first */
    uint8_t kind;   /* ss_object_kind; unknown where the base is outside */
    uint8_t header; /* bytes in front of the zlib stream */
    uint8_t is_delta;
    uint8_t is_split : 1; /* with what is built on it, it belongs to a part */
    uint8_t is_bad : 1;   /* nonsense: neither a root nor anybody's delta */
    /* Stands on a root: on no bad entry, and on no circle of deltas. */
    uint8_t is_rooted : 1;
} ss_pack_entry;

/* A delta tree, or a part of one: what is built on some children of an entry.
 */
typedef struct ss_pack_root {
    uint32_t entry;
    uint32_t from, to; /* of a part: those children; else SS_PACK_NONE */
    uint8_t kind;      /* ss_object_kind */
    uint64_t weight;   /* bytes that it comes to, about */
} ss_pack_root;

typedef struct ss_pack {
    ss_pack_index index;
    int fd;
    uint64_t end;           /* of the entries: where the trailer begins */
    ss_pack_entry *entries; /* in order of offset */
    uint32_t *entry_of;     /* by place in the index */
    ss_pack_root *roots;    /* of a kind together, heavy ones first */
    size_t n_roots;
    int is_damaged; /* some entries are bad, or the file is not the index's */
    uint8_t *index_bytes;
    size_t index_len;
} ss_pack;

/* Read the index, check its trailer against the pack's, read every entry's
 * header and build the forest. SECSCAN_ERR_CORRUPT when the pack as a whole
 * cannot be read; other damage is found by the walk, or shows in is_damaged. */
int ss_pack_open(ss_pack **out, const char *pack_path, const char *index_path,
                 size_t id_len, secscan_error *err);
void ss_pack_free(ss_pack *pack);
/* Put pack->roots in their order; nonzero when out of memory. */
int ss_pack_order_roots(ss_pack *pack);

static inline const uint8_t *ss_pack_id(const ss_pack *pack, uint32_t entry)
{
    return ss_pack_index_id(&pack->index, pack->entries[entry].at);
}

/* Where the next entry begins. */
static inline uint64_t ss_pack_entry_end(const ss_pack *pack, uint32_t entry)
{
    return entry + 1 < pack->index.n ? pack->entries[entry + 1].offset
                                     : pack->end;
}

#endif
