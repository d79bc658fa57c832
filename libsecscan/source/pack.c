/*
 * pack.c: headers of a pack's entries, and the forest they make. Trusts no
 * number in either file.
 */
#include "pack.h"

#include "base/alloc.h"
#include "os/file.h"

#include <stdlib.h>

#define WINDOW ((size_t)1 << 20)
#define MAX_HEADER 64u /* type, size, and an offset or an id */
#define MAX_INDEX ((size_t)4 << 30)

enum { OFS_DELTA = 6, REF_DELTA = 7 };

typedef struct window {
    uint8_t *data;
    uint64_t offset;
    size_t len;
} window;

static int fail_damaged(secscan_error *err, const char *what)
{
    return ss_fail(err, SECSCAN_ERR_CORRUPT, "damaged pack: %s", what);
}

/* ---- entries, in order of offset ---- */

static int by_offset(const void *pa, const void *pb)
{
    const ss_pack_entry *a = pa;
    const ss_pack_entry *b = pb;

    return (a->offset > b->offset) - (a->offset < b->offset);
}

static int list_entries(ss_pack *pack, secscan_error *err)
{
    uint32_t n = pack->index.n;

    pack->entries = ss_calloc(n, sizeof(*pack->entries));
    if (!pack->entries)
        return ss_fail_nomem(err);
    for (uint32_t i = 0; i < n; i++) {
        ss_pack_entry *entry = &pack->entries[i];

        entry->at = i;
        entry->offset = ss_pack_index_offset(&pack->index, i);
        entry->base = entry->child = entry->next = SS_PACK_NONE;
        entry->label = SS_PACK_NONE;
        if (entry->offset < 12 || entry->offset >= pack->end)
            return fail_damaged(err, "an offset outside the pack");
    }
    qsort(pack->entries, n, sizeof(*pack->entries), by_offset);
    for (uint32_t i = 1; i < n; i++) {
        if (pack->entries[i].offset == pack->entries[i - 1].offset)
            return fail_damaged(err, "two objects at one offset");
    }
    return 0;
}

/* At least the header of the entry at `offset`, as far as the pack goes. */
static int look(const ss_pack *pack, window *w, uint64_t offset, ss_bytes *out,
                secscan_error *err)
{
    size_t skip;

    if (offset < w->offset || offset + MAX_HEADER > w->offset + w->len) {
        int rc =
            ss_file_read_at(pack->fd, w->data, WINDOW, offset, &w->len, err);

        if (rc)
            return rc;
        w->offset = offset;
    }
    skip = (size_t)(offset - w->offset);
    *out = (ss_bytes){w->data + skip, w->len - skip};
    return 0;
}

static int read_head(ss_bytes *in, uint8_t *type, uint64_t *size)
{
    unsigned shift = 4;
    uint8_t byte;

    if (!in->len)
        return -1;
    byte = *in->data;
    *type = byte >> 4 & 7;
    *size = byte & 15;
    for (;; shift += 7) {
        in->data++;
        in->len--;
        if (!(byte & 0x80))
            return 0;
        if (!in->len || shift > 57)
            return -1;
        byte = *in->data;
        *size |= (uint64_t)(byte & 0x7f) << shift;
    }
}

/* The distance back to the base. */
static int read_distance(ss_bytes *in, uint64_t *out)
{
    uint8_t byte = 0x80;

    *out = 0;
    for (int first = 1; byte & 0x80; first = 0) {
        if (!in->len || *out > UINT64_MAX >> 8)
            return -1;
        byte = *in->data++;
        in->len--;
        *out = ((*out + !first) << 7) | (byte & 0x7f);
    }
    return 0;
}

static uint32_t entry_at_offset(const ss_pack *pack, uint64_t offset)
{
    const ss_pack_entry key = {.offset = offset};
    const ss_pack_entry *found =
        bsearch(&key, pack->entries, pack->index.n, sizeof(key), by_offset);

    return found ? (uint32_t)(found - pack->entries) : SS_PACK_NONE;
}

static int read_base(ss_pack *pack, ss_pack_entry *entry, uint8_t type,
                     ss_bytes *in, secscan_error *err)
{
    uint64_t distance;
    uint32_t at;

    entry->is_delta = 1;
    if (type == OFS_DELTA) {
        if (read_distance(in, &distance) || distance > entry->offset)
            return fail_damaged(err, "an entry's base");
        entry->base = entry_at_offset(pack, entry->offset - distance);
        return entry->base == SS_PACK_NONE
                   ? fail_damaged(err, "an entry's base")
                   : 0;
    }
    if (in->len < pack->index.id_len)
        return fail_damaged(err, "an entry's base");
    at = ss_pack_index_find(&pack->index, in->data);
    in->data += pack->index.id_len;
    entry->base = at == UINT32_MAX ? SS_PACK_NONE : pack->entry_of[at];
    return 0;
}

static int read_entry(ss_pack *pack, window *w, ss_pack_entry *entry,
                      secscan_error *err)
{
    const uint8_t *start;
    uint8_t type;
    ss_bytes in;
    int rc = look(pack, w, entry->offset, &in, err);

    if (rc)
        return rc;
    start = in.data;
    if (read_head(&in, &type, &entry->size))
        return fail_damaged(err, "an entry's header");
    if (type == OFS_DELTA || type == REF_DELTA)
        rc = read_base(pack, entry, type, &in, err);
    else if (type == 0 || type > SS_OBJECT_TAG)
        rc = fail_damaged(err, "an entry's type");
    else
        entry->kind = type;
    entry->header = (uint8_t)(in.data - start);
    return rc;
}

static int read_entries(ss_pack *pack, secscan_error *err)
{
    uint32_t n = pack->index.n;
    window w = {ss_alloc(WINDOW), 0, 0};
    int rc = 0;

    pack->entry_of = ss_calloc(n, sizeof(*pack->entry_of));
    if (!w.data || !pack->entry_of)
        rc = ss_fail_nomem(err);
    for (uint32_t i = 0; !rc && i < n; i++)
        pack->entry_of[pack->entries[i].at] = i;
    for (uint32_t i = 0; !rc && i < n; i++)
        rc = read_entry(pack, &w, &pack->entries[i], err);
    ss_free(w.data);
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
            n_roots++;
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
        entries[at].is_reached = 1;
        n++;
        if (entries[at].child != SS_PACK_NONE) {
            at = entries[at].child;
            continue;
        }
        while (at != root && entries[at].next == SS_PACK_NONE)
            at = entries[at].base;
        if (at == root)
            return n * (entries[root].size + 512);
        at = entries[at].next;
    }
}

static int by_kind_then_weight(const void *pa, const void *pb)
{
    const ss_pack_root *a = pa;
    const ss_pack_root *b = pb;

    if (a->kind != b->kind)
        return a->kind > b->kind ? -1 : 1;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return (a->entry > b->entry) - (a->entry < b->entry);
}

static int build_forest(ss_pack *pack, secscan_error *err)
{
    size_t n_roots = link_children(pack);

    pack->roots = ss_calloc(n_roots, sizeof(*pack->roots));
    if (!pack->roots)
        return ss_fail_nomem(err);
    for (uint32_t i = 0; i < pack->index.n; i++) {
        if (pack->entries[i].base != SS_PACK_NONE)
            continue;
        pack->roots[pack->n_roots].entry = i;
        pack->roots[pack->n_roots].weight = mark_tree(pack, i);
        pack->roots[pack->n_roots].kind = pack->entries[i].kind;
        pack->n_roots++;
    }
    qsort(pack->roots, pack->n_roots, sizeof(*pack->roots),
          by_kind_then_weight);
    return 0;
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
    uint8_t head[12], trailer[SS_OID_MAX];
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
    if (count_of(head) != pack->index.n)
        return fail_damaged(err, "the index has not all of its objects");
    rc = ss_file_read_at(pack->fd, trailer, id_len, pack->end, &got, err);
    if (rc)
        return rc;
    if (got != id_len ||
        memcmp(trailer, pack->index.pack_checksum, id_len) != 0)
        return fail_damaged(err, "it is not the index's");
    return 0;
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
    if (rc)
        return rc;
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
