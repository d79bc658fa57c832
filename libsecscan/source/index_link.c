/*
 * index_link.c: read the shared index of a split one and join the two.
 * In: both parsed. Out: the entries as if the index were whole.
 */
#include "index_link.h"

#include "base/alloc.h"
#include "os/file.h"

#include <stdlib.h>

/* Set while joining, in `flags`: the entry is of the small index. */
#define IS_OWN 0x80u

#define MAX_INDEX ((uint64_t)4 << 30)

static int fail_link(secscan_error *err)
{
    return ss_fail(err, SECSCAN_ERR_CORRUPT,
                   "the index is damaged: its link to the shared index");
}

static uint32_t read32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           (uint32_t)p[3];
}

static uint64_t read64(const uint8_t *p)
{
    return (uint64_t)read32(p) << 32 | read32(p + 4);
}

/* An EWAH bitmap: bits, words, the words, place of the last marker. */
static int cut_bitmap(ss_bytes *out, ss_bytes *in, secscan_error *err)
{
    size_t words;

    if (in->len < 12)
        return fail_link(err);
    words = read32(in->data + 4);
    if (words > (in->len - 12) / 8)
        return fail_link(err);
    *out = ss_bytes_of(in->data, 8 + words * 8);
    in->data += 12 + words * 8;
    in->len -= 12 + words * 8;
    return 0;
}

int ss_index_link_parse(ss_index_link *out, ss_bytes bytes, size_t id_len,
                        secscan_error *err)
{
    int rc;

    if (bytes.len < id_len)
        return fail_link(err);
    out->id = bytes.data;
    out->id_len = id_len;
    bytes.data += id_len;
    bytes.len -= id_len;
    if (!bytes.len)
        return 0;
    rc = cut_bitmap(&out->deleted, &bytes, err);
    if (rc)
        return rc;
    return cut_bitmap(&out->replaced, &bytes, err);
}

int ss_index_link_has_base(const ss_index_link *link)
{
    for (size_t i = 0; link->id && i < link->id_len; i++) {
        if (link->id[i])
            return 1;
    }
    return 0;
}

char *ss_index_link_path(const ss_index_link *link, const char *path,
                         size_t id_len)
{
    static const char digits[] = "0123456789abcdef";
    const char *slash = strrchr(path, '/');
    size_t dir = slash ? (size_t)(slash - path) + 1 : 0;
    ss_buf text = SS_BUF_INIT((size_t)1 << 20);

    ss_buf_add(&text, path, dir);
    ss_buf_puts(&text, "sharedindex.");
    for (size_t i = 0; i < id_len; i++) {
        ss_buf_putc(&text, digits[link->id[i] >> 4]);
        ss_buf_putc(&text, digits[link->id[i] & 15]);
    }
    ss_buf_putc(&text, '\0');
    if (text.failed) {
        ss_buf_release(&text);
        return NULL;
    }
    return (char *)text.data;
}

static int read_whole(uint8_t *data, size_t len, int fd, const char *path,
                      secscan_error *err)
{
    size_t at = 0, got;
    int rc;

    while (at < len) {
        rc = ss_file_read_some(fd, data + at, len - at, &got, err);
        if (rc)
            return rc;
        if (!got)
            return ss_fail(err, SECSCAN_ERR_IO, "%.140s: changed while read",
                           path);
        at += got;
    }
    return 0;
}

int ss_index_link_load(uint8_t **data, size_t *len, const char *path,
                       int needed, secscan_error *err)
{
    ss_file_info info;
    uint8_t *bytes = NULL;
    int fd = -1;
    int rc;

    rc = ss_file_stat(path, 1, &info, err);
    if (rc)
        return rc;
    if (info.kind == SS_FILE_NONE && !needed)
        return 0;
    if (info.kind != SS_FILE_REGULAR || info.size > MAX_INDEX)
        return ss_fail(err, SECSCAN_ERR_GIT, "%.140s: not an index file", path);
    bytes = ss_alloc((size_t)info.size);
    if (!bytes)
        return ss_fail_nomem(err);
    rc = ss_file_open(&fd, path, 1, err);
    if (rc)
        goto out;
    rc = read_whole(bytes, (size_t)info.size, fd, path, err);
    if (rc)
        goto out;
    *data = bytes;
    *len = (size_t)info.size;
    bytes = NULL;
out:
    ss_file_close(fd);
    ss_free(bytes);
    return rc;
}

/* Bits that are set, as bytes of 0 and `mark` over the n base entries. */
static int mark_bits(uint8_t *marks, size_t n, ss_bytes bitmap, uint8_t mark,
                     secscan_error *err)
{
    size_t words = bitmap.len ? read32(bitmap.data + 4) : 0;
    size_t bit = 0, i = 0;

    while (i < words) {
        uint64_t head = read64(bitmap.data + 8 + i++ * 8);
        uint64_t run = head >> 1 & UINT32_MAX;
        uint64_t literals = head >> 33;

        if (run > n / 64 + 1 || literals > words - i)
            return fail_link(err);
        for (uint64_t k = 0; k < run * 64; k++, bit++) {
            if (!(head & 1))
                continue;
            if (bit >= n)
                break;
            marks[bit] |= mark;
        }
        for (; literals; literals--, i++) {
            uint64_t word = read64(bitmap.data + 8 + i * 8);

            for (unsigned k = 0; k < 64; k++, bit++) {
                if (!(word >> k & 1))
                    continue;
                if (bit >= n)
                    return fail_link(err);
                marks[bit] |= mark;
            }
        }
    }
    return 0;
}

static int compare_keys(const ss_index_entry *a, const ss_index_entry *b)
{
    int order = ss_bytes_compare(ss_bytes_of(a->path, a->path_len),
                                 ss_bytes_of(b->path, b->path_len));

    return order ? order : (int)a->stage - (int)b->stage;
}

/* The small index's own entry first: it takes the place of the other. */
static int compare_entries(const void *left, const void *right)
{
    const ss_index_entry *a = left, *b = right;
    int order = compare_keys(a, b);

    if (order)
        return order;
    return (int)(b->flags & IS_OWN) - (int)(a->flags & IS_OWN);
}

/* Entries with no name replace marked ones, in order; the others are new. */
static int join(ss_index_entry *out, size_t *n_out, const ss_index *own,
                const ss_index *base, const uint8_t *marks, secscan_error *err)
{
    size_t used = 0, n = 0;

    for (size_t i = 0; i < base->n_entries; i++) {
        const ss_index_entry *e = &base->entries[i];

        if (!(marks[i] & 2)) {
            if (!(marks[i] & 1))
                out[n++] = *e;
            continue;
        }
        if (used >= own->n_entries || own->entries[used].path_len)
            return fail_link(err);
        if (!(marks[i] & 1)) {
            out[n] = own->entries[used];
            out[n].path = e->path;
            out[n++].path_len = e->path_len;
        }
        used++;
    }
    for (; used < own->n_entries; used++) {
        if (!own->entries[used].path_len)
            return fail_link(err);
        out[n] = own->entries[used];
        out[n++].flags |= IS_OWN;
    }
    *n_out = n;
    return 0;
}

static size_t drop_replaced(ss_index_entry *entries, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        if (kept && compare_keys(&entries[kept - 1], &entries[i]) == 0)
            continue;
        entries[kept] = entries[i];
        entries[kept++].flags &= (uint8_t)~IS_OWN;
    }
    return kept;
}

int ss_index_link_join(ss_index *index, ss_index *base,
                       const ss_index_link *link, secscan_error *err)
{
    ss_index_entry *entries = NULL;
    uint8_t *marks = NULL;
    size_t n = 0;
    int rc;

    marks = ss_calloc(base->n_entries + 1, 1);
    entries =
        ss_calloc(base->n_entries + index->n_entries + 1, sizeof(*entries));
    if (!marks || !entries) {
        rc = ss_fail_nomem(err);
        goto out;
    }
    rc = mark_bits(marks, base->n_entries, link->deleted, 1, err);
    if (rc)
        goto out;
    rc = mark_bits(marks, base->n_entries, link->replaced, 2, err);
    if (rc)
        goto out;
    rc = join(entries, &n, index, base, marks, err);
    if (rc)
        goto out;
    qsort(entries, n, sizeof(*entries), compare_entries);
    ss_free(index->entries);
    index->entries = entries;
    index->n_entries = drop_replaced(entries, n);
    index->is_split = 1;
    entries = NULL;
    index->shared = base->file;
    index->shared_len = base->file_len;
    index->shared_arena = base->arena;
    base->file = NULL;
    base->arena = (ss_arena)SS_ARENA_INIT;
out:
    ss_free(marks);
    ss_free(entries);
    return rc;
}
