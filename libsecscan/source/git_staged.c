/*
 * git_staged.c: walk the index beside the parents' trees, in their common
 * order. In: a parsed index, tree ids. Out: new entries and what was there
 * before.
 */
#include "git_staged.h"

#include "base/alloc.h"

#define MAX_DEPTH 2048
#define NO_NODE SIZE_MAX

/* One parent's tree at the current directory. */
typedef struct side {
    ss_git_data data;
    ss_bytes rest;
    ss_git_entry entry;
    int has_entry;
} side;

typedef struct differ {
    ss_staged *out;
    ss_git *git;
    const ss_index *index;
    size_t n_sides;
    size_t id_len;
    size_t at;   /* next entry of the index */
    ss_buf path; /* of a thing in a tree */
    secscan_error *err;
} differ;

/* An item of a directory: a name, and whether it is a directory itself. Git
 * sorts a directory as if its name ended with a slash. */
typedef struct item {
    ss_bytes name;
    int is_dir;
} item;

static int compare_items(item a, item b)
{
    size_t len = a.name.len < b.name.len ? a.name.len : b.name.len;
    int order = len ? memcmp(a.name.data, b.name.data, len) : 0;
    int x, y;

    if (order)
        return order;
    x = a.name.len > len ? a.name.data[len] : a.is_dir ? '/' : 0;
    y = b.name.len > len ? b.name.data[len] : b.is_dir ? '/' : 0;
    if (x != y)
        return x - y;
    return (a.name.len > len) - (b.name.len > len);
}

static int is_dir_mode(uint32_t mode)
{
    return (mode & SS_MODE_TYPE) == SS_MODE_TREE;
}

static item item_of_side(const side *s)
{
    return (item){s->entry.name, is_dir_mode(s->entry.mode)};
}

static int next_of_side(differ *d, side *s)
{
    int rc = ss_git_entry_next(&s->entry, &s->rest, d->id_len);

    s->has_entry = rc > 0;
    if (rc < 0)
        return ss_fail(d->err, SECSCAN_ERR_CORRUPT, "a tree is damaged");
    return 0;
}

static int open_side(differ *d, side *s, const ss_oid *tree)
{
    int rc;

    memset(s, 0, sizeof(*s));
    if (!tree)
        return 0;
    rc = ss_git_object_read(&s->data, d->git, tree, 0, d->err);
    if (rc)
        return rc;
    s->rest = s->data.bytes;
    return next_of_side(d, s);
}

/* The item at d->at if it is below the directory of `len` bytes. */
static int index_item(const differ *d, const char *dir, size_t len, item *out)
{
    const ss_index_entry *e;
    const uint8_t *slash;

    if (d->at >= d->index->n_entries)
        return 0;
    e = &d->index->entries[d->at];
    if (e->path_len < len || memcmp(e->path, dir, len) != 0)
        return 0;
    out->name = ss_bytes_of(e->path + len, e->path_len - len);
    slash = memchr(out->name.data, '/', out->name.len);
    out->is_dir = slash != NULL;
    if (slash)
        out->name.len = (size_t)(slash - out->name.data);
    return 1;
}

static int add_old(differ *d, ss_bytes dir, const side *s)
{
    ss_staged_old old = {.id = ss_oid_of(s->entry.id, d->id_len),
                         .is_tree = (uint8_t)is_dir_mode(s->entry.mode)};

    if ((s->entry.mode & SS_MODE_TYPE) == SS_MODE_GITLINK)
        return 0;
    ss_buf_reset(&d->path);
    ss_buf_add(&d->path, dir.data, dir.len);
    ss_buf_add(&d->path, s->entry.name.data, s->entry.name.len);
    old.path = d->path.failed
                   ? NULL
                   : ss_arena_str(&d->out->arena, (const char *)d->path.data,
                                  d->path.len);
    if (!old.path || SS_VEC_PUSH(&d->out->olds, old))
        return ss_fail_nomem(d->err);
    return 0;
}

/* Past the sides whose entry is `least`, keeping what stood there. */
static int pass_sides(differ *d, side *sides, ss_bytes dir, item least,
                      int is_kept)
{
    int rc = 0;

    for (size_t i = 0; !rc && i < d->n_sides; i++) {
        if (!sides[i].has_entry ||
            compare_items(item_of_side(&sides[i]), least) != 0)
            continue;
        if (is_kept)
            rc = add_old(d, dir, &sides[i]);
        if (!rc)
            rc = next_of_side(d, &sides[i]);
    }
    return rc;
}

static int is_same(const differ *d, const side *sides, item it,
                   const uint8_t *id)
{
    for (size_t i = 0; i < d->n_sides; i++) {
        if (sides[i].has_entry &&
            compare_items(item_of_side(&sides[i]), it) == 0 &&
            memcmp(sides[i].entry.id, id, d->id_len) == 0)
            return 1;
    }
    return 0;
}

static int take_file(differ *d, side *sides, ss_bytes dir, item it)
{
    const ss_index_entry *e = &d->index->entries[d->at];
    size_t first_old = d->out->olds.len;
    int is_old = !e->stage && is_same(d, sides, it, e->id);
    int rc = pass_sides(d, sides, dir, it, !is_old);

    /* All stages of a conflict have one path. */
    for (; !rc && d->at < d->index->n_entries; d->at++) {
        ss_staged_new made = {&d->index->entries[d->at], first_old,
                              d->out->olds.len - first_old};

        if (made.entry->path_len != e->path_len ||
            memcmp(made.entry->path, e->path, e->path_len) != 0)
            break;
        if (is_old || made.entry->stage == 1 ||
            (made.entry->flags & SS_INDEX_INTENT_TO_ADD))
            continue;
        if (SS_VEC_PUSH(&d->out->news, made))
            rc = ss_fail_nomem(d->err);
    }
    return rc;
}

static size_t find_node(const differ *d, size_t parent, ss_bytes name)
{
    const ss_index_tree *trees = d->index->trees;
    size_t at;

    if (parent == NO_NODE)
        return NO_NODE;
    for (at = parent + 1; at < trees[parent].next; at = trees[at].next) {
        if (ss_bytes_equal(trees[at].name, name))
            return at;
    }
    return NO_NODE;
}

/* The cache-tree knows how many entries the directory has: believed only when
 * the index agrees. 0: it does not. */
static size_t known_span(const differ *d, size_t node, const char *dir,
                         size_t len)
{
    const ss_index *index = d->index;
    const ss_index_entry *last, *next;
    size_t n;

    if (node == NO_NODE || index->trees[node].n_entries <= 0)
        return 0;
    n = (size_t)index->trees[node].n_entries;
    if (n > index->n_entries - d->at)
        return 0;
    last = &index->entries[d->at + n - 1];
    next = last + 1;
    if (last->path_len < len || memcmp(last->path, dir, len) != 0)
        return 0;
    if (d->at + n < index->n_entries && next->path_len >= len &&
        memcmp(next->path, dir, len) == 0)
        return 0;
    return n;
}

static int walk(differ *d, const char *dir, size_t len, size_t node,
                side *sides, int depth);

static int enter(differ *d, const char *dir, size_t len, item it, side *sides,
                 size_t node, int depth)
{
    side below[SS_MAX_PARENTS];
    int rc = 0;

    memset(below, 0, sizeof(below));
    for (size_t i = 0; !rc && i < d->n_sides; i++) {
        ss_oid id;

        if (!sides[i].has_entry ||
            compare_items(item_of_side(&sides[i]), it) != 0)
            continue;
        id = ss_oid_of(sides[i].entry.id, d->id_len);
        rc = open_side(d, &below[i], &id);
    }
    if (!rc)
        rc = walk(d, dir, len, node, below, depth + 1);
    for (size_t i = 0; i < d->n_sides; i++)
        ss_git_data_release(&below[i].data);
    return rc;
}

/* A directory of the index: skipped whole when a parent has the same tree. */
static int take_dir(differ *d, side *sides, ss_bytes dir, item it,
                    size_t parent, int depth)
{
    const ss_index_entry *e = &d->index->entries[d->at];
    size_t len = dir.len + it.name.len + 1, node, n;
    int rc;

    if (is_dir_mode(e->mode) && e->path_len == len) {
        d->at++; /* of a sparse index: its tree is all there is */
        if (is_same(d, sides, it, e->id))
            return pass_sides(d, sides, dir, it, 0);
        return ss_fail(d->err, SECSCAN_ERR_GIT,
                       "a directory outside the sparse checkout differs "
                       "from HEAD");
    }
    node = find_node(d, parent, it.name);
    n = known_span(d, node, e->path, len);
    if (n && is_same(d, sides, it, d->index->trees[node].id)) {
        d->at += n;
        return pass_sides(d, sides, dir, it, 0);
    }
    if (depth >= MAX_DEPTH)
        return ss_fail(d->err, SECSCAN_ERR_LIMIT, "directories too deep");
    rc = enter(d, e->path, len, it, sides, node, depth);
    return rc ? rc : pass_sides(d, sides, dir, it, 0);
}

static int find_least(const differ *d, const side *sides, const item *it,
                      int has_item, item *least)
{
    int found = has_item;

    if (has_item)
        *least = *it;
    for (size_t i = 0; i < d->n_sides; i++) {
        if (!sides[i].has_entry)
            continue;
        if (!found || compare_items(item_of_side(&sides[i]), *least) < 0)
            *least = item_of_side(&sides[i]);
        found = 1;
    }
    return found;
}

/* One directory: `dir` has `len` bytes and ends with a slash, or is empty. */
static int walk(differ *d, const char *dir, size_t len, size_t node,
                side *sides, int depth)
{
    const ss_bytes prefix = ss_bytes_of(dir, len);
    int rc = 0;

    while (!rc) {
        item it = {{NULL, 0}, 0}, least = it;
        int has_item = index_item(d, dir, len, &it);

        if (!find_least(d, sides, &it, has_item, &least))
            break;
        if (!has_item || compare_items(least, it) != 0)
            rc = pass_sides(d, sides, prefix, least, 1);
        else if (it.is_dir)
            rc = take_dir(d, sides, prefix, it, node, depth);
        else
            rc = take_file(d, sides, prefix, it);
    }
    return rc;
}

int ss_git_staged_diff(ss_staged *out, ss_git *git, const ss_index *index,
                       const ss_oid *trees, size_t n_trees, secscan_error *err)
{
    differ d = {.out = out,
                .git = git,
                .index = index,
                .n_sides = n_trees,
                .id_len = ss_git_id_len(git),
                .path = SS_BUF_INIT((size_t)1 << 24),
                .err = err};
    size_t node = index->n_trees ? 0 : NO_NODE;
    side sides[SS_MAX_PARENTS];
    int rc = 0;

    memset(sides, 0, sizeof(sides));
    if (n_trees > SS_MAX_PARENTS)
        return ss_fail(err, SECSCAN_ERR_LIMIT, "too many parents");
    if (node != NO_NODE && index->trees[0].n_entries >= 0 &&
        (size_t)index->trees[0].n_entries == index->n_entries) {
        for (size_t i = 0; i < n_trees; i++) {
            if (memcmp(trees[i].id, index->trees[0].id, d.id_len) == 0)
                return 0;
        }
    }
    for (size_t i = 0; !rc && i < n_trees; i++)
        rc = open_side(&d, &sides[i], &trees[i]);
    if (!rc)
        rc = walk(&d, "", 0, node, sides, 0);
    for (size_t i = 0; i < n_trees; i++)
        ss_git_data_release(&sides[i].data);
    ss_buf_release(&d.path);
    return rc;
}

void ss_git_staged_release(ss_staged *staged)
{
    SS_VEC_RELEASE(&staged->news);
    SS_VEC_RELEASE(&staged->olds);
    ss_arena_release(&staged->arena);
    memset(staged, 0, sizeof(*staged));
}
