/*
 * git_diff.c: the files of one tree that differ from those of all its parents'.
 * Equal subtrees are not read.
 */
#include "git_range.h"

#define MAX_DEPTH 2048
#define MODE_TYPE 0170000u
#define MODE_TREE 0040000u
#define MODE_GITLINK 0160000u

typedef struct side {
    ss_git_data data;
    ss_bytes rest;
    ss_git_entry entry;
    int has_entry;
} side;

typedef struct differ {
    ss_git *git;
    size_t id_len;
    ss_git_change_fn change;
    void *ctx;
    ss_buf path;
    secscan_error *err;
} differ;

static int open_side(differ *d, side *s, const ss_oid *tree)
{
    int rc = ss_git_object_read(&s->data, d->git, tree, 0, d->err);

    if (rc)
        return rc;
    s->rest = s->data.bytes;
    s->has_entry = ss_git_entry_next(&s->entry, &s->rest, d->id_len) > 0;
    return 0;
}

/* As git sorts: a directory as if its name ended with a slash. */
static int compare_entries(const ss_git_entry *a, const ss_git_entry *b)
{
    size_t len = a->name.len < b->name.len ? a->name.len : b->name.len;
    int order = memcmp(a->name.data, b->name.data, len);
    int x, y;

    if (order)
        return order;
    x = a->name.len > len                    ? a->name.data[len]
        : (a->mode & MODE_TYPE) == MODE_TREE ? '/'
                                             : 0;
    y = b->name.len > len                    ? b->name.data[len]
        : (b->mode & MODE_TYPE) == MODE_TREE ? '/'
                                             : 0;
    if (x != y)
        return x - y;
    return (a->name.len > len) - (b->name.len > len);
}

static void move_to(const differ *d, side *s, const ss_git_entry *e)
{
    while (s->has_entry && compare_entries(&s->entry, e) < 0)
        s->has_entry = ss_git_entry_next(&s->entry, &s->rest, d->id_len) > 0;
}

static int diff(differ *d, const ss_oid *tree, const ss_oid *parents, size_t n,
                int depth);

static int tell(differ *d, const ss_git_entry *e, int is_new_path)
{
    ss_oid id = ss_oid_of(e->id, d->id_len);

    ss_buf_putc(&d->path, '\0');
    if (d->path.failed)
        return ss_fail_nomem(d->err);
    return d->change(d->ctx, (const char *)d->path.data, &id, is_new_path);
}

static int diff_entry(differ *d, const ss_git_entry *e, side *sides, size_t n,
                      int depth)
{
    int is_tree = (e->mode & MODE_TYPE) == MODE_TREE, rc;
    ss_oid below[SS_MAX_DIFF_PARENTS], id = ss_oid_of(e->id, d->id_len);
    size_t len = d->path.len, n_below = 0;

    for (size_t i = 0; i < n; i++) {
        move_to(d, &sides[i], e);
        if (!sides[i].has_entry || compare_entries(&sides[i].entry, e) != 0)
            continue;
        if (memcmp(sides[i].entry.id, e->id, d->id_len) == 0)
            return 0;
        below[n_below++] = ss_oid_of(sides[i].entry.id, d->id_len);
    }
    if ((e->mode & MODE_TYPE) == MODE_GITLINK)
        return 0;
    if (len)
        ss_buf_putc(&d->path, '/');
    ss_buf_add(&d->path, e->name.data, e->name.len);
    rc = is_tree ? diff(d, &id, below, n_below, depth + 1)
                 : tell(d, e, !n_below);
    d->path.len = len;
    return rc;
}

static int diff(differ *d, const ss_oid *tree, const ss_oid *parents, size_t n,
                int depth)
{
    side own, sides[SS_MAX_DIFF_PARENTS];
    int rc;

    if (depth > MAX_DEPTH)
        return ss_fail(d->err, SECSCAN_ERR_LIMIT, "directories too deep");
    memset(&own, 0, sizeof(own));
    memset(sides, 0, n * sizeof(*sides));
    rc = open_side(d, &own, tree);
    for (size_t i = 0; !rc && i < n; i++)
        rc = open_side(d, &sides[i], &parents[i]);
    while (!rc && own.has_entry) {
        rc = diff_entry(d, &own.entry, sides, n, depth);
        own.has_entry = ss_git_entry_next(&own.entry, &own.rest, d->id_len) > 0;
    }
    ss_git_data_release(&own.data);
    for (size_t i = 0; i < n; i++)
        ss_git_data_release(&sides[i].data);
    return rc;
}

int ss_git_tree_diff(ss_git *git, const ss_oid *tree, const ss_oid *parents,
                     size_t n_parents, ss_git_change_fn change, void *ctx,
                     secscan_error *err)
{
    differ d = {.git = git,
                .id_len = ss_git_id_len(git),
                .change = change,
                .ctx = ctx,
                .path = SS_BUF_INIT((size_t)1 << 24),
                .err = err};
    int rc;

    if (n_parents > SS_MAX_DIFF_PARENTS)
        return ss_fail(err, SECSCAN_ERR_LIMIT, "too many parents");
    rc = diff(&d, tree, parents, n_parents, 0);
    ss_buf_release(&d.path);
    return rc;
}
