/*
 * run_git_gaps.c: report what is missing.
 */
#include "run_git_gaps.h"

#include "base/alloc.h"
#include "run_git_modules.h"

#include <stdlib.h>

#define MAX_DEPTH 2048

static const char shallow_advice[] =
    "The clone is shallow: fetch the rest with `git fetch --unshallow` to scan "
    "the whole history.";
static const char partial_advice[] =
    "The clone is partial: objects are missing here; scan a full clone.";

static int skip(ss_git_history *h, const char *path, const ss_oid *id,
                const char *reason, const char *detail)
{
    char text[SS_OID_TEXT];
    ss_origin origin = {path, id ? text : NULL, SECSCAN_SOURCE_BLOB};

    if (id)
        ss_oid_write(text, id, h->id_len);
    return ss_deliver_skip(h->scan->handle, &origin, reason, detail,
                           &h->scan->sink);
}

static int is_kept_alive(uint8_t reach)
{
    return reach >= SECSCAN_REACH_REF && reach <= SECSCAN_REACH_REFLOG;
}

static int compare_gaps(const void *left, const void *right)
{
    const ss_git_gap *a = left, *b = right;

    return memcmp(a->id.id, b->id.id, sizeof(a->id.id));
}

/* Keep the gaps of trees that something reaches, each object once. */
static int filter_gaps(ss_git_history *h)
{
    uint8_t *marks;
    size_t n = 0;
    int rc;

    if (!h->gaps.len)
        return 0;
    marks = ss_calloc(h->objects.list.len, 1);
    if (!marks)
        return ss_fail_nomem(h->err);
    rc = ss_attr_mark_trees(h->attr, marks, SECSCAN_REACH_REFLOG, h->err);
    qsort(h->gaps.at, h->gaps.len, sizeof(*h->gaps.at), compare_gaps);
    for (size_t i = 0; i < h->gaps.len; i++) {
        const ss_git_gap *gap = &h->gaps.at[i];

        if (marks[gap->tree] &&
            (!n || compare_gaps(&h->gaps.at[n - 1], gap) != 0))
            h->gaps.at[n++] = *gap;
    }
    h->gaps.len = n;
    ss_free(marks);
    return rc;
}

static int tell_partial(ss_git_history *h, size_t n)
{
    secscan_coverage *coverage = &h->scan->handle->coverage;
    char detail[80];
    ss_buf text = SS_BUF_INIT(sizeof(detail));
    int rc;

    coverage->warning = partial_advice;
    ss_buf_printf(&text, "%zu objects are not in this partial clone", n);
    ss_buf_putc(&text, '\0');
    rc = text.failed ? ss_fail_nomem(h->err)
                     : skip(h, NULL, NULL, "partial", (const char *)text.data);
    ss_buf_release(&text);
    return rc;
}

static int tell_gaps(ss_git_history *h)
{
    int rc = 0;

    for (size_t i = 0; !rc && i < h->gaps.len; i++)
        rc = skip(h, NULL, &h->gaps.at[i].id, "missing",
                  "a tree names it, and it is not there");
    return rc;
}

static int is_partial_clone(const ss_git_history *h)
{
    return ss_git_is_partial(h->git) || h->objects.has_promisor;
}

static int tell_commits(ss_git_history *h, size_t *n_missing)
{
    int is_partial = is_partial_clone(h);
    int rc = 0;

    for (size_t i = 0; !rc && i < h->walk.commits.len; i++) {
        const ss_walk_commit *c = &h->walk.commits.at[i];
        int is_bare = c->tree == SS_NO_OBJECT;

        if (!is_kept_alive(c->reach) || (!c->has_missing && !is_bare))
            continue;
        *n_missing += 1;
        if (!is_partial)
            rc = skip(h, NULL, &h->objects.list.at[c->object].id, "missing",
                      is_bare ? "the commit's tree is not there"
                              : "a parent of the commit is not there");
    }
    return rc;
}

static int tell_refs(ss_git_history *h)
{
    int rc = 0;

    for (size_t i = 0; !rc && i < h->refs.roots.len; i++) {
        const ss_git_root *root = &h->refs.roots.at[i];

        if (root->kind == SS_ROOT_PSEUDO || root->kind == SS_ROOT_REFLOG ||
            strncmp(root->name, "logs/", 5) == 0)
            continue;
        if (ss_git_objects_find(&h->objects, root->id.id, h->id_len) ==
            SS_NO_OBJECT)
            rc = skip(h, root->name, &root->id, "missing",
                      "the ref's object is not there");
    }
    if (!rc && h->refs.n_damaged)
        rc = skip(h, "refs", NULL, "corrupt", "a ref or a log is damaged");
    return rc;
}

static int tell_shallow(ss_git_history *h)
{
    secscan_coverage *coverage = &h->scan->handle->coverage;

    if (!h->refs.shallow.len)
        return 0;
    coverage->is_shallow = 1;
    coverage->warning = shallow_advice;
    return skip(h, NULL, NULL, "shallow", "older commits are not here");
}

/* ---- submodules of HEAD ------------------------------------------------ */

static int tell_tree(ss_git_history *h, const ss_oid *tree, ss_buf *path,
                     int depth);

static int tell_link(ss_git_history *h, const char *path, const ss_oid *id)
{
    ss_git_below *below = h->below;
    ss_git_link link = {NULL, *id};

    if (!below)
        return skip(h, path, id, "submodule", "");
    link.path = ss_arena_str(&below->arena, path, strlen(path));
    if (!link.path || SS_VEC_PUSH(&below->links, link))
        return ss_fail_nomem(h->err);
    return 0;
}

static int tell_entry(ss_git_history *h, const ss_git_entry *e, ss_buf *path,
                      int depth)
{
    ss_oid id = ss_oid_of(e->id, h->id_len);
    uint32_t type = e->mode & 0170000u;
    size_t len = path->len;
    int rc;

    if (type != 0040000u && type != 0160000u)
        return 0;
    if (len)
        ss_buf_putc(path, '/');
    ss_buf_add(path, e->name.data, e->name.len);
    if (type == 0040000u) {
        rc = tell_tree(h, &id, path, depth + 1);
    } else {
        ss_buf_putc(path, '\0');
        rc = path->failed ? ss_fail_nomem(h->err)
                          : tell_link(h, (const char *)path->data, &id);
    }
    path->len = len;
    return rc;
}

static int tell_tree(ss_git_history *h, const ss_oid *tree, ss_buf *path,
                     int depth)
{
    ss_git_data data;
    ss_git_entry e;
    ss_bytes rest;
    int rc;

    if (depth > MAX_DEPTH)
        return 0;
    rc = ss_git_object_read(&data, h->git, tree, 0, NULL);
    if (rc) /* what cannot be read has been told */
        return rc == SECSCAN_ERR_NOMEM ? ss_fail_nomem(h->err) : 0;
    rest = data.bytes;
    while (!rc && ss_git_entry_next(&e, &rest, h->id_len) > 0)
        rc = tell_entry(h, &e, path, depth);
    ss_git_data_release(&data);
    return rc;
}

static int tell_submodules(ss_git_history *h)
{
    ss_buf path = SS_BUF_INIT((size_t)1 << 24);
    uint32_t tree;
    int rc;

    if (!h->has_gitlinks || h->walk.head == SS_NO_COMMIT)
        return 0;
    tree = h->walk.commits.at[h->walk.head].tree;
    if (tree == SS_NO_OBJECT)
        return 0;
    rc = tell_tree(h, &h->objects.list.at[tree].id, &path, 0);
    ss_buf_release(&path);
    return rc;
}

int ss_git_deliver_gaps(ss_git_history *h)
{
    size_t n_missing = 0;
    int rc;

    if (is_partial_clone(h))
        h->scan->handle->coverage.is_partial = 1;
    rc = filter_gaps(h);
    if (!rc)
        rc = tell_shallow(h);
    if (!rc)
        rc = tell_refs(h);
    if (!rc)
        rc = tell_commits(h, &n_missing);
    if (!rc)
        rc = tell_submodules(h);
    if (rc)
        return rc;
    if (!is_partial_clone(h))
        return tell_gaps(h);
    n_missing += h->gaps.len;
    return n_missing ? tell_partial(h, n_missing) : 0;
}
