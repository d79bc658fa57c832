/*
 * index.c: parse git's index. Names point into the file's bytes (versions 2 and
 * 3) or into the arena (4); nothing is allocated per entry.
 */
#include "index.h"

#include "index_link.h"

#include "base/alloc.h"

#define STAT_LEN 40u /* what stands before the id of an entry */

typedef struct reader {
    ss_index *index;
    ss_bytes in;
    size_t at, end; /* end: where the trailer begins */
    char *names;    /* arena of version 4 */
    size_t n_names, cap_names;
    ss_index_link link;
    secscan_error *err;
} reader;

static uint32_t read32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           (uint32_t)p[3];
}

static int fail_damaged(reader *r, const char *what)
{
    return ss_fail(r->err, SECSCAN_ERR_CORRUPT,
                   "the index is damaged: %s at byte %zu", what, r->at);
}

static int read_header(reader *r, size_t *n)
{
    const size_t id_len = r->index->id_len;

    if (r->in.len < 12 + id_len || memcmp(r->in.data, "DIRC", 4) != 0)
        return fail_damaged(r, "no header");
    r->index->version = read32(r->in.data + 4);
    if (r->index->version < 2 || r->index->version > 4)
        return ss_fail(r->err, SECSCAN_ERR_GIT,
                       "index version %u is not supported", r->index->version);
    *n = read32(r->in.data + 8);
    r->at = 12;
    r->end = r->in.len - id_len;
    /* Division: every entry takes at least this much. */
    if (*n > (r->end - r->at) / (STAT_LEN + id_len + 3))
        return fail_damaged(r, "count of entries");
    return 0;
}

/* Fixed part of an entry; r->at is left behind it. */
static int read_fixed(reader *r, ss_index_entry *e, uint32_t *name_len)
{
    const size_t id_len = r->index->id_len;
    const uint8_t *p = r->in.data + r->at;
    uint32_t flags, more = 0;

    if (r->end - r->at < STAT_LEN + id_len + 4)
        return fail_damaged(r, "entry");
    e->mtime = read32(p + 8);
    e->mode = read32(p + 24);
    e->size = read32(p + 36);
    e->id = p + STAT_LEN;
    p += STAT_LEN + id_len;
    flags = (uint32_t)p[0] << 8 | p[1];
    r->at += STAT_LEN + id_len + 2;
    if (flags & 0x4000) {
        if (r->index->version < 3)
            return fail_damaged(r, "extended flag");
        more = (uint32_t)p[2] << 8 | p[3];
        r->at += 2;
    }
    e->stage = (uint8_t)(flags >> 12 & 3);
    e->flags = (uint8_t)((flags & 0x8000 ? SS_INDEX_ASSUME_VALID : 0) |
                         (more & 0x4000 ? SS_INDEX_SKIP_WORKTREE : 0) |
                         (more & 0x2000 ? SS_INDEX_INTENT_TO_ADD : 0));
    *name_len = flags & 0xfff;
    return 0;
}

/* Versions 2 and 3: the name in place, padded with 1 to 8 NULs. */
static int read_plain_name(reader *r, ss_index_entry *e, size_t from,
                           uint32_t name_len)
{
    const uint8_t *p = r->in.data + r->at;
    size_t left = r->end - r->at, len = name_len, whole;

    if (len == 0xfff)
        len = strnlen((const char *)p, left);
    if (len >= left || strnlen((const char *)p, len + 1) != len)
        return fail_damaged(r, "name");
    e->path = (const char *)p;
    e->path_len = (uint32_t)len;
    whole = (r->at - from + len + 8) & ~(size_t)7;
    if (whole > r->end - from)
        return fail_damaged(r, "padding");
    r->at = from + whole;
    return 0;
}

static int read_varint(reader *r, size_t *out)
{
    size_t value;
    uint8_t byte;

    if (r->at >= r->end)
        return fail_damaged(r, "number");
    byte = r->in.data[r->at++];
    value = byte & 0x7f;
    while (byte & 0x80) {
        if (r->at >= r->end || value > SIZE_MAX >> 8)
            return fail_damaged(r, "number");
        byte = r->in.data[r->at++];
        value = (value + 1) << 7 | (byte & 0x7f);
    }
    *out = value;
    return 0;
}

/* A piece of the arena for one name; blocks are large, so that a name costs no
 * allocation. */
static char *take_name(reader *r, size_t len)
{
    const size_t block = (size_t)1 << 18;
    char *p;

    if (len > r->cap_names - r->n_names) {
        r->cap_names = len > block ? len : block;
        r->names = ss_arena_alloc(&r->index->arena, r->cap_names);
        r->n_names = 0;
        if (!r->names) {
            r->cap_names = 0;
            return NULL;
        }
    }
    p = r->names + r->n_names;
    r->n_names += len;
    return p;
}

/* Version 4: so many bytes off the last name, then the rest of this one. */
static int read_packed_name(reader *r, ss_index_entry *e,
                            const ss_index_entry *last)
{
    size_t drop = 0, rest, kept, last_len = last ? last->path_len : 0;
    char *path;
    int rc;

    rc = read_varint(r, &drop);
    if (rc)
        return rc;
    rest = strnlen((const char *)r->in.data + r->at, r->end - r->at);
    if (drop > last_len || rest == r->end - r->at || rest > UINT32_MAX / 2)
        return fail_damaged(r, "name");
    kept = last_len - drop;
    if (kept > UINT32_MAX / 2 - rest)
        return fail_damaged(r, "name");
    path = take_name(r, kept + rest + 1);
    if (!path)
        return ss_fail_nomem(r->err);
    if (kept)
        memcpy(path, last->path, kept);
    memcpy(path + kept, r->in.data + r->at, rest + 1);
    e->path = path;
    e->path_len = (uint32_t)(kept + rest);
    r->at += rest + 1;
    return 0;
}

static int read_entry(reader *r, ss_index_entry *e, const ss_index_entry *last)
{
    size_t from = r->at;
    uint32_t name_len = 0;
    int rc;

    rc = read_fixed(r, e, &name_len);
    if (rc)
        return rc;
    if (r->index->version == 4)
        return read_packed_name(r, e, last);
    return read_plain_name(r, e, from, name_len);
}

static int read_entries(reader *r, size_t n)
{
    ss_index *index = r->index;
    int rc;

    index->entries = ss_alloc(n * sizeof(*index->entries));
    if (!index->entries)
        return ss_fail_nomem(r->err);
    for (size_t i = 0; i < n; i++) {
        rc = read_entry(r, &index->entries[i],
                        i ? &index->entries[i - 1] : NULL);
        if (rc)
            return rc;
        index->n_entries = i + 1;
    }
    return 0;
}

/* "name\0count subtrees\n" and an id when count is not negative. */
static int read_tree_number(reader *r, size_t to, char end, int64_t *out)
{
    int64_t value = 0;
    int is_negative = 0;

    if (r->at < to && r->in.data[r->at] == '-') {
        is_negative = 1;
        r->at++;
    }
    for (; r->at < to && ss_is_digit(r->in.data[r->at]); r->at++) {
        if (value > INT32_MAX)
            return fail_damaged(r, "cache-tree");
        value = value * 10 + (r->in.data[r->at] - '0');
    }
    if (r->at >= to || r->in.data[r->at] != (uint8_t)end)
        return fail_damaged(r, "cache-tree");
    r->at++;
    *out = is_negative ? -value : value;
    return 0;
}

static int read_tree_node(reader *r, size_t to, ss_index_tree *node)
{
    int64_t subtrees;
    int rc;

    node->name.data = r->in.data + r->at;
    node->name.len = strnlen((const char *)node->name.data, to - r->at);
    if (node->name.len == to - r->at)
        return fail_damaged(r, "cache-tree");
    r->at += node->name.len + 1;
    rc = read_tree_number(r, to, ' ', &node->n_entries);
    if (rc)
        return rc;
    rc = read_tree_number(r, to, '\n', &subtrees);
    if (rc)
        return rc;
    if (subtrees < 0)
        return fail_damaged(r, "cache-tree");
    node->n_subtrees = (size_t)subtrees;
    node->id = NULL;
    if (node->n_entries < 0)
        return 0;
    if (r->index->id_len > to - r->at)
        return fail_damaged(r, "cache-tree");
    node->id = r->in.data + r->at;
    r->at += r->index->id_len;
    return 0;
}

/* From the last node to the first: a node's next is behind its subtrees. */
static int link_trees(reader *r)
{
    ss_index *index = r->index;

    for (size_t i = index->n_trees; i-- > 0;) {
        ss_index_tree *node = &index->trees[i];
        size_t next = i + 1;

        for (size_t k = 0; k < node->n_subtrees; k++) {
            if (next >= index->n_trees)
                return fail_damaged(r, "cache-tree");
            next = index->trees[next].next;
        }
        node->next = next;
    }
    if (index->n_trees && index->trees[0].next != index->n_trees)
        return fail_damaged(r, "cache-tree");
    return 0;
}

static int read_trees(reader *r, size_t to)
{
    ss_index *index = r->index;
    size_t nodes = 0;
    int rc;

    /* A newline ends every node's head, so that they are at least as many;
     * ids may hold more. */
    for (size_t i = r->at; i < to; i++)
        nodes += r->in.data[i] == '\n';
    ss_free(index->trees);
    index->n_trees = 0;
    index->trees = ss_alloc(nodes * sizeof(*index->trees));
    if (!index->trees)
        return ss_fail_nomem(r->err);
    while (r->at < to) {
        if (index->n_trees == nodes)
            return fail_damaged(r, "cache-tree");
        rc = read_tree_node(r, to, &index->trees[index->n_trees]);
        if (rc)
            return rc;
        index->n_trees++;
    }
    return link_trees(r);
}

static int read_extension(reader *r, const uint8_t *name, size_t to)
{
    if (memcmp(name, "TREE", 4) == 0)
        return read_trees(r, to);
    if (memcmp(name, "link", 4) == 0)
        return ss_index_link_parse(&r->link,
                                   ss_bytes_of(r->in.data + r->at, to - r->at),
                                   r->index->id_len, r->err);
    if (memcmp(name, "sdir", 4) == 0) {
        r->index->is_sparse = 1;
        return 0;
    }
    /* As git has it: what begins with a capital letter may be ignored. */
    if (name[0] < 'A' || name[0] > 'Z')
        return ss_fail(r->err, SECSCAN_ERR_GIT,
                       "the index has an extension that secscan does not "
                       "know");
    return 0;
}

static int read_extensions(reader *r)
{
    while (r->end - r->at >= 8) {
        const uint8_t *name = r->in.data + r->at;
        size_t len = read32(name + 4), to;
        int rc;

        r->at += 8;
        if (len > r->end - r->at)
            return fail_damaged(r, "extension");
        to = r->at + len;
        rc = read_extension(r, name, to);
        if (rc)
            return rc;
        r->at = to;
    }
    return r->at == r->end ? 0 : fail_damaged(r, "end");
}

/* Whoever walks an index beside a tree relies on its order. */
static int check_order(reader *r)
{
    const ss_index *index = r->index;

    for (size_t i = 1; i < index->n_entries; i++) {
        const ss_index_entry *a = &index->entries[i - 1], *b = a + 1;
        size_t len = a->path_len < b->path_len ? a->path_len : b->path_len;
        /* One byte more than the shorter: its NUL sorts before anything. */
        int order = memcmp(a->path, b->path, len + 1);

        if (order > 0 || (order == 0 && a->stage >= b->stage))
            return ss_fail(r->err, SECSCAN_ERR_CORRUPT,
                           "the index is damaged: entry %zu is out of order",
                           i);
    }
    return 0;
}

static int parse(reader *r, ss_index *out, ss_bytes bytes, size_t id_len,
                 secscan_error *err)
{
    size_t n = 0;
    int rc;

    *r = (reader){.index = out, .in = bytes, .err = err};
    out->id_len = id_len;
    rc = read_header(r, &n);
    if (rc)
        return rc;
    rc = read_entries(r, n);
    if (rc)
        return rc;
    return read_extensions(r);
}

int ss_index_parse(ss_index *out, ss_bytes bytes, size_t id_len,
                   secscan_error *err)
{
    reader r;
    int rc;

    rc = parse(&r, out, bytes, id_len, err);
    if (rc)
        return rc;
    if (ss_index_link_has_base(&r.link))
        return ss_fail(err, SECSCAN_ERR_GIT,
                       "the index is split, and its shared part is not here");
    return check_order(&r);
}

/* The index of the shared file, joined with what `r` read from its own. */
static int join_shared(reader *r, const char *path)
{
    ss_index base = SS_INDEX_INIT;
    reader shared = {.index = &base};
    char *base_path = NULL;
    int rc;

    base_path = ss_index_link_path(&r->link, path, r->index->id_len);
    if (!base_path)
        return ss_fail_nomem(r->err);
    rc = ss_index_link_load(&base.file, &base.file_len, base_path, 1, r->err);
    if (rc)
        goto out;
    rc = parse(&shared, &base, ss_bytes_of(base.file, base.file_len),
               r->index->id_len, r->err);
    if (rc)
        goto out;
    rc = ss_index_link_join(r->index, &base, &r->link, r->err);
out:
    ss_index_release(&base);
    ss_free(base_path);
    return rc;
}

int ss_index_read(ss_index *out, const char *path, size_t id_len,
                  secscan_error *err)
{
    reader r;
    int rc;

    out->id_len = id_len;
    rc = ss_index_link_load(&out->file, &out->file_len, path, 0, err);
    if (rc || !out->file)
        return rc;
    rc = parse(&r, out, ss_bytes_of(out->file, out->file_len), id_len, err);
    if (rc)
        return rc;
    if (ss_index_link_has_base(&r.link)) {
        rc = join_shared(&r, path);
        if (rc)
            return rc;
    }
    return check_order(&r);
}

void ss_index_release(ss_index *index)
{
    ss_free(index->entries);
    ss_free(index->trees);
    ss_free(index->file);
    ss_free(index->shared);
    ss_arena_release(&index->arena);
    ss_arena_release(&index->shared_arena);
    *index = (ss_index)SS_INDEX_INIT;
}

size_t ss_index_find(const ss_index *index, ss_bytes path)
{
    size_t low = 0, high = index->n_entries;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const ss_index_entry *e = &index->entries[mid];

        if (ss_bytes_compare(ss_bytes_of(e->path, e->path_len), path) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}
