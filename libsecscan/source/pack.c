/*
 * pack.c: headers of a pack's entries, and the forest they make. Trusts no
 * number in either file.
 */
#include "pack.h"

#include "base/alloc.h"
#include "base/sort.h"
#include "os/file.h"
#include "source/pack_head.h"
#include "source/pack_window.h"

#include <stdlib.h>

#define HEADER_LEN 12u /* of the pack */
#define MAX_INDEX ((size_t)4 << 30)
/* Of a large entry no more is read than its header. */
#define AHEAD ((size_t)8 << 10)

/* What reading the headers takes. */
typedef struct reader {
    ss_pack *pack;
    ss_pack_window window;
    uint32_t *first; /* entry at or behind each stretch of 2^shift bytes */
    unsigned shift;
    secscan_error *err;
} reader;

static int fail_damaged(secscan_error *err, const char *what)
{
    return ss_fail(err, SECSCAN_ERR_CORRUPT, "damaged pack: %s", what);
}

/* ---- entries, in order of offset ---- */

static int order_entries(const ss_pack_index *index, ss_keyed *order,
                         secscan_error *err)
{
    for (uint32_t i = 0; i < index->n; i++)
        order[i] = (ss_keyed){ss_pack_index_offset(index, i), i};
    return ss_keyed_sort(order, index->n) ? ss_fail_nomem(err) : 0;
}

static void mark_bad(ss_pack *pack, ss_pack_entry *entry)
{
    pack->is_damaged = 1;
    entry->is_bad = 1;
    entry->base = SS_PACK_NONE;
    entry->kind = SS_OBJECT_UNKNOWN;
}

static void fill_entry(ss_pack *pack, ss_pack_entry *entry, ss_keyed from)
{
    entry->at = from.number;
    entry->offset = from.key < pack->end ? from.key : pack->end;
    entry->base = entry->child = entry->next = SS_PACK_NONE;
    entry->label = SS_PACK_NONE;
    if (from.key < HEADER_LEN || from.key >= pack->end)
        mark_bad(pack, entry);
}

static int list_entries(ss_pack *pack, secscan_error *err)
{
    uint32_t n = pack->index.n;
    ss_keyed *order = ss_alloc(n * sizeof(*order));
    int rc;

    pack->entries = ss_calloc(n, sizeof(*pack->entries));
    pack->entry_of = ss_calloc(n, sizeof(*pack->entry_of));
    if (!order || !pack->entries || !pack->entry_of)
        rc = ss_fail_nomem(err);
    else
        rc = order_entries(&pack->index, order, err);
    for (uint32_t i = 0; !rc && i < n; i++) {
        fill_entry(pack, &pack->entries[i], order[i]);
        if (i && order[i].key == order[i - 1].key)
            mark_bad(pack, &pack->entries[i]);
        pack->entry_of[order[i].number] = i;
    }
    ss_free(order);
    return rc;
}

/* So that a base is looked for among a few entries. */
static int index_offsets(reader *r)
{
    const ss_pack *pack = r->pack;
    uint32_t n = pack->index.n, at = 0;
    size_t n_stretches;

    while (pack->end >> r->shift > n)
        r->shift++;
    n_stretches = (size_t)(pack->end >> r->shift) + 1;
    r->first = ss_alloc((n_stretches + 1) * sizeof(*r->first));
    if (!r->first)
        return ss_fail_nomem(r->err);
    for (size_t i = 0; i <= n_stretches; i++) {
        while (at < n && pack->entries[at].offset >> r->shift < i)
            at++;
        r->first[i] = at;
    }
    return 0;
}

static uint32_t entry_at_offset(const reader *r, uint64_t offset)
{
    const ss_pack_entry *entries = r->pack->entries;
    uint32_t low = r->first[offset >> r->shift];
    uint32_t end = r->first[(offset >> r->shift) + 1], high = end;

    while (low < high) {
        uint32_t at = low + (high - low) / 2;

        if (entries[at].offset < offset)
            low = at + 1;
        else
            high = at;
    }
    return low < end && entries[low].offset == offset ? low : SS_PACK_NONE;
}

static int find_base(const reader *r, ss_pack_entry *entry,
                     const ss_pack_head *head)
{
    const ss_pack *pack = r->pack;
    uint32_t at;

    entry->is_delta = 1;
    if (!head->base_id) {
        if (head->distance > entry->offset)
            return fail_damaged(r->err, "an entry's base");
        entry->base = entry_at_offset(r, entry->offset - head->distance);
        return entry->base == SS_PACK_NONE
                   ? fail_damaged(r->err, "an entry's base")
                   : 0;
    }
    at = ss_pack_index_find(&pack->index, head->base_id);
    entry->base = at == UINT32_MAX ? SS_PACK_NONE : pack->entry_of[at];
    return 0;
}

static int read_entry(reader *r, ss_pack_entry *entry)
{
    const char *damage;
    ss_pack_head head;
    ss_bytes in;
    int rc = ss_pack_window_look(&r->window, r->pack->fd, entry->offset,
                                 SS_PACK_MAX_HEAD, &in, r->err);

    if (rc)
        return rc;
    damage = ss_pack_head_read(&head, in, r->pack->index.id_len);
    if (damage)
        return fail_damaged(r->err, damage);
    entry->size = head.size;
    entry->kind = head.kind;
    entry->header = head.len;
    return head.kind ? 0 : find_base(r, entry, &head);
}

static int read_entries(ss_pack *pack, secscan_error *err)
{
    reader r = {.pack = pack, .window.most = AHEAD, .err = err};
    int rc = index_offsets(&r);

    for (uint32_t i = 0; !rc && i < pack->index.n; i++) {
        ss_pack_entry *entry = &pack->entries[i];

        rc = entry->is_bad ? 0 : read_entry(&r, entry);
        if (rc != SECSCAN_ERR_CORRUPT)
            continue;
        mark_bad(pack, entry);
        rc = 0;
    }
    ss_pack_window_release(&r.window);
    ss_free(r.first);
    return rc;
}

/* ---- the forest ---- */

/* Children in order of offset: from the last to the first, each in front. */
static size_t link_children(ss_pack *pack)
{
    size_t n_roots = 0;

    for (uint32_t i = pack->index.n; i-- > 0;) {
        ss_pack_entry *entry = &pack->entries[i];

        if (entry->base == SS_PACK_NONE) {
            n_roots += !entry->is_bad;
            continue;
        }
        entry->next = pack->entries[entry->base].child;
        pack->entries[entry->base].child = i;
    }
    return n_roots;
}

/* Give the tree under `root` its kind; returns its weight. Climbs by `base`, so
 * that depth costs no stack. */
static uint64_t mark_tree(ss_pack *pack, uint32_t root)
{
    ss_pack_entry *entries = pack->entries;
    uint8_t kind = entries[root].kind;
    uint64_t n = 0;
    uint32_t at = root;

    for (;;) {
        entries[at].kind = kind;
        entries[at].is_rooted = 1;
        n++;
        if (entries[at].child != SS_PACK_NONE) {
            at = entries[at].child;
            continue;
        }
        while (at != root && entries[at].next == SS_PACK_NONE)
            at = entries[at].base;
        if (at == root)
            return n * (entries[root].size + SS_PACK_ENTRY_WEIGHT);
        at = entries[at].next;
    }
}

/* Kinds from the last to the first. Of each the heavy ones first, so that no
 * worker is left alone with one at the end; the many others as they lie in the
 * file, which is read faster so. */
static uint64_t rank_of(const ss_pack_root *root)
{
    uint64_t kind = (uint64_t)(SS_OBJECT_TAG - root->kind) << 60;
    uint64_t most = ((uint64_t)1 << 59) - 1;

    if (root->weight < SS_PACK_HEAVY)
        return kind | (uint64_t)1 << 59 | root->entry;
    return kind | (most - (root->weight < most ? root->weight : most));
}

int ss_pack_order_roots(ss_pack *pack)
{
    size_t n = pack->n_roots;
    ss_keyed *order = ss_alloc(n * sizeof(*order));
    ss_pack_root *sorted = ss_alloc(n * sizeof(*sorted));
    int rc = order && sorted ? 0 : -1;

    for (size_t i = 0; !rc && i < n; i++)
        order[i] = (ss_keyed){rank_of(&pack->roots[i]), (uint32_t)i};
    if (!rc)
        rc = ss_keyed_sort(order, n);
    if (rc) {
        ss_free(order);
        ss_free(sorted);
        return rc;
    }
    for (size_t i = 0; i < n; i++)
        sorted[i] = pack->roots[order[i].number];
    ss_free(order);
    ss_free(pack->roots);
    pack->roots = sorted;
    return 0;
}

static int build_forest(ss_pack *pack, secscan_error *err)
{
    size_t n_roots = link_children(pack);

    pack->roots = ss_calloc(n_roots, sizeof(*pack->roots));
    if (!pack->roots)
        return ss_fail_nomem(err);
    for (uint32_t i = 0; i < pack->index.n; i++) {
        ss_pack_root root = {
            .entry = i, .from = SS_PACK_NONE, .to = SS_PACK_NONE};

        if (pack->entries[i].base != SS_PACK_NONE || pack->entries[i].is_bad)
            continue;
        root.weight = mark_tree(pack, i);
        root.kind = pack->entries[i].kind;
        pack->roots[pack->n_roots++] = root;
    }
    return ss_pack_order_roots(pack) ? ss_fail_nomem(err) : 0;
}

/* ---- opening ---- */

static int read_index(ss_pack *pack, const char *path, size_t id_len,
                      secscan_error *err)
{
    ss_buf bytes = SS_BUF_INIT(0);
    int rc = ss_file_read(&bytes, path, MAX_INDEX, err);

    if (rc) {
        ss_buf_release(&bytes);
        return rc;
    }
    pack->index_bytes = bytes.data;
    pack->index_len = bytes.len;
    return ss_pack_index_open(&pack->index, ss_buf_bytes(&bytes), id_len, err);
}

/* The number of objects that a pack's header says it holds. */
static uint32_t count_of(const uint8_t *head)
{
    return (uint32_t)head[8] << 24 | (uint32_t)head[9] << 16 |
           (uint32_t)head[10] << 8 | (uint32_t)head[11];
}

static int check_ends(ss_pack *pack, uint64_t size, secscan_error *err)
{
    size_t id_len = pack->index.id_len;
    uint8_t head[HEADER_LEN], trailer[SS_OID_MAX];
    size_t got = 0;
    int rc;

    if (size < sizeof(head) + id_len)
        return fail_damaged(err, "too short");
    pack->end = size - id_len;
    rc = ss_file_read_at(pack->fd, head, sizeof(head), 0, &got, err);
    if (rc)
        return rc;
    if (got != sizeof(head) || memcmp(head, "PACK\0\0\0", 7) != 0 ||
        (head[7] != 2 && head[7] != 3))
        return fail_damaged(err, "no header");
    pack->is_damaged = count_of(head) != pack->index.n;
    rc = ss_file_read_at(pack->fd, trailer, id_len, pack->end, &got, err);
    if (rc)
        return rc;
    if (got != id_len ||
        memcmp(trailer, pack->index.pack_checksum, id_len) != 0)
        pack->is_damaged = 1;
    /* With CRCs each entry tells whether it is what the index says. */
    return pack->is_damaged && pack->index.version == 1
               ? fail_damaged(err, "it is not the index's")
               : 0;
}

static int open_pack(ss_pack *pack, const char *pack_path,
                     const char *index_path, size_t id_len, secscan_error *err)
{
    ss_file_info info;
    int rc = read_index(pack, index_path, id_len, err);

    if (rc)
        return rc;
    rc = ss_file_open(&pack->fd, pack_path, 1, err);
    if (rc)
        return rc;
    rc = ss_file_stat(pack_path, 1, &info, err);
    if (rc)
        return rc;
    rc = check_ends(pack, info.size, err);
    if (rc)
        return rc;
    rc = list_entries(pack, err);
    if (!rc)
        rc = read_entries(pack, err);
    return rc ? rc : build_forest(pack, err);
}

int ss_pack_open(ss_pack **out, const char *pack_path, const char *index_path,
                 size_t id_len, secscan_error *err)
{
    ss_pack *pack = ss_calloc(1, sizeof(*pack));
    int rc;

    if (!pack)
        return ss_fail_nomem(err);
    pack->fd = -1;
    rc = open_pack(pack, pack_path, index_path, id_len, err);
    if (rc) {
        ss_pack_free(pack);
        return rc;
    }
    *out = pack;
    return 0;
}

void ss_pack_free(ss_pack *pack)
{
    if (!pack)
        return;
    ss_file_close(pack->fd);
    ss_free(pack->entries);
    ss_free(pack->roots);
    ss_free(pack->entry_of);
    ss_free(pack->index_bytes);
    ss_free(pack);
}
