/*
 * run_git_staged.c: what the index adds to HEAD, and to MERGE_HEAD in a merge.
 * A secret is reported when it stands in a changed entry and in nothing that
 * the change takes away: moved secrets are not new.
 */
#include "run_git.h"

#include "base/alloc.h"
#include "run_git_blobs.h"
#include "source/git_staged.h"

#define MAX_DEPTH 2048

typedef struct staged {
    const ss_git_scan *scan;
    ss_git *git;
    size_t id_len;
    ss_git_refs refs;
    ss_index index;
    ss_staged diff;
    ss_oid trees[SS_MAX_PARENTS];
    size_t n_trees;
    ss_git_blobs news, olds;
    SS_VEC(size_t) new_of; /* by blob of `news`: position in the diff */
    ss_git_known known;
    ss_arena arena; /* paths below removed directories */
    secscan_error *err;
} staged;

static int add_parent(staged *s, const ss_oid *commit)
{
    ss_git_data data;
    ss_git_commit c;
    int rc;

    if (s->n_trees == SS_MAX_PARENTS)
        return ss_fail(s->err, SECSCAN_ERR_LIMIT, "too many parents");
    rc = ss_git_object_read(&data, s->git, commit, 0, s->err);
    if (rc)
        return rc;
    rc = ss_git_commit_parse(&c, data.bytes, s->id_len);
    ss_git_data_release(&data);
    if (rc)
        return ss_fail(s->err, SECSCAN_ERR_CORRUPT, "HEAD is damaged");
    s->trees[s->n_trees++] = c.tree;
    return 0;
}

static int read_parents(staged *s)
{
    int rc = ss_git_heads_read(&s->refs, s->git, s->err);

    if (!rc && s->refs.has_head)
        rc = add_parent(s, &s->refs.head);
    for (size_t i = 0; !rc && i < s->refs.merge_heads.len; i++)
        rc = add_parent(s, &s->refs.merge_heads.at[i]);
    return rc;
}

static int read_index(staged *s)
{
    ss_buf path = SS_BUF_INIT((size_t)1 << 16);
    const char *own = s->scan->options.index;
    int rc;

    if (own)
        return ss_index_read(&s->index, own, s->id_len, s->err);
    ss_buf_puts(&path, ss_git_dir(s->git));
    ss_buf_add(&path, "index", 6);
    rc = path.failed ? ss_fail_nomem(s->err)
                     : ss_index_read(&s->index, (const char *)path.data,
                                     s->id_len, s->err);
    ss_buf_release(&path);
    return rc;
}

static int open_staged(staged *s)
{
    int rc;

    rc = ss_git_open(&s->git, s->scan->path, s->scan->options.flags, s->err);
    if (rc)
        return rc;
    s->id_len = ss_git_id_len(s->git);
    rc = read_parents(s);
    if (!rc)
        rc = read_index(s);
    return rc ? rc
              : ss_git_staged_diff(&s->diff, s->git, &s->index, s->trees,
                                   s->n_trees, s->err);
}

static ss_oid id_of(const staged *s, size_t at)
{
    return ss_oid_of(s->diff.news.at[at].entry->id, s->id_len);
}

static int is_gitlink(const staged *s, size_t at)
{
    uint32_t mode = s->diff.news.at[at].entry->mode;

    return (mode & SS_MODE_TYPE) == SS_MODE_GITLINK;
}

static int scan_news(staged *s)
{
    for (size_t i = 0; i < s->diff.news.len; i++) {
        ss_oid id = id_of(s, i);

        if (is_gitlink(s, i))
            continue;
        if (ss_git_blobs_add(&s->news, &id, s->diff.news.at[i].entry->path) ||
            SS_VEC_PUSH(&s->new_of, i))
            return ss_fail_nomem(s->err);
    }
    s->scan->handle->coverage.blobs += s->news.list.len;
    return ss_git_blobs_scan(&s->news, s->scan, s->git, s->err);
}

/* ---- what was there before -------------------------------------------- */

static int add_tree(staged *s, const ss_oid *tree, const char *path, int depth);

static int add_entry(staged *s, const ss_git_entry *e, const char *dir,
                     int depth)
{
    size_t len = strlen(dir);
    char *path = ss_arena_alloc(&s->arena, len + e->name.len + 2);
    ss_oid id = ss_oid_of(e->id, s->id_len);
    uint32_t type = e->mode & SS_MODE_TYPE;

    if (!path)
        return ss_fail_nomem(s->err);
    memcpy(path, dir, len);
    path[len] = '/';
    memcpy(path + len + 1, e->name.data, e->name.len);
    path[len + 1 + e->name.len] = '\0';
    if (type == SS_MODE_TREE)
        return add_tree(s, &id, path, depth + 1);
    if (type == SS_MODE_GITLINK)
        return 0;
    return ss_git_blobs_add(&s->olds, &id, path) ? ss_fail_nomem(s->err) : 0;
}

/* A removed directory. What of it cannot be read is not known to be old:
 * what it held is reported as new, not passed over. */
static int add_tree(staged *s, const ss_oid *tree, const char *path, int depth)
{
    ss_git_data data;
    ss_git_entry e;
    ss_bytes rest;
    int rc;

    if (depth > MAX_DEPTH)
        return 0;
    rc = ss_git_object_read(&data, s->git, tree, 0, NULL);
    if (rc)
        return rc == SECSCAN_ERR_NOMEM ? ss_fail_nomem(s->err) : 0;
    rest = data.bytes;
    while (!rc && ss_git_entry_next(&e, &rest, s->id_len) > 0)
        rc = add_entry(s, &e, path, depth);
    ss_git_data_release(&data);
    return rc;
}

/* Only asked for when something was found: most commits bring nothing. */
static int scan_olds(staged *s)
{
    int rc = 0;

    for (size_t i = 0; !rc && i < s->diff.olds.len; i++) {
        const ss_staged_old *old = &s->diff.olds.at[i];

        if (old->is_tree)
            rc = add_tree(s, &old->id, old->path, 0);
        else if (ss_git_blobs_add(&s->olds, &old->id, old->path))
            rc = ss_fail_nomem(s->err);
    }
    if (!rc)
        rc = ss_git_blobs_scan(&s->olds, s->scan, s->git, s->err);
    if (!rc && ss_git_known_add(&s->known, &s->olds, s->scan->handle))
        rc = ss_fail_nomem(s->err);
    return rc;
}

static int has_matches(const staged *s)
{
    for (size_t i = 0; i < s->news.list.len; i++) {
        if (s->news.list.at[i].results.matches.len)
            return 1;
    }
    return 0;
}

/* ---- delivery --------------------------------------------------------- */

static int is_known(const staged *s, const ss_match *match)
{
    return ss_git_known_has(&s->known, match, s->scan->handle);
}

/* A new part of a whole that is old is a finding of its own. */
static int deliver_match(staged *s, const ss_origin *origin,
                         const ss_match *match)
{
    ss_match m = *match;

    if (is_known(s, match))
        return 0;
    if (m.whole && is_known(s, m.whole))
        m.whole = NULL;
    return ss_deliver_match(s->scan->handle, origin, &m, &s->scan->sink);
}

static int deliver_results(staged *s, const ss_git_blob *blob,
                           const ss_origin *origin)
{
    secscan_scanner *handle = s->scan->handle;
    const ss_results *r = &blob->results;
    int rc = 0;

    if (blob->reason)
        rc = ss_deliver_skip(handle, origin, blob->reason, "", &s->scan->sink);
    if (!rc)
        rc = ss_results_deliver_skips(r, handle, origin, &s->scan->sink);
    for (size_t i = 0; !rc && i < r->matches.len; i++)
        rc = deliver_match(s, origin, &r->matches.at[i]);
    return rc;
}

static int deliver_new(staged *s, size_t at, const ss_git_blob *blob)
{
    const ss_staged_new *n = &s->diff.news.at[at];
    ss_oid oid = id_of(s, at);
    char id[SS_OID_TEXT];
    ss_origin origin = {n->entry->path, id, SECSCAN_SOURCE_BLOB};
    int rc = 0;

    ss_oid_write(id, &oid, s->id_len);
    if (ss_hide_note_change(&s->scan->handle->hide, n->entry->path))
        return ss_fail_nomem(s->err);
    if (!blob)
        return ss_deliver_skip(s->scan->handle, &origin, "submodule", "",
                               &s->scan->sink);
    if (!n->n_olds)
        rc = ss_deliver_path(s->scan->handle, &origin, &s->scan->sink);
    return rc ? rc : deliver_results(s, blob, &origin);
}

static int deliver_all(staged *s)
{
    size_t next = 0;
    int rc = 0;

    for (size_t i = 0; !rc && i < s->diff.news.len; i++) {
        int has_blob = next < s->new_of.len && s->new_of.at[next] == i;

        rc = deliver_new(s, i, has_blob ? &s->news.list.at[next] : NULL);
        next += (size_t)has_blob;
    }
    return rc;
}

int ss_run_git_staged(const ss_git_scan *scan, secscan_error *err)
{
    staged s = {.scan = scan, .err = err};
    int rc;

    rc = open_staged(&s);
    if (!rc)
        rc = scan_news(&s);
    if (!rc && has_matches(&s))
        rc = scan_olds(&s);
    if (!rc)
        rc = deliver_all(&s);
    ss_git_blobs_release(&s.news);
    ss_git_blobs_release(&s.olds);
    ss_git_known_release(&s.known);
    SS_VEC_RELEASE(&s.new_of);
    ss_arena_release(&s.arena);
    ss_git_staged_release(&s.diff);
    ss_index_release(&s.index);
    ss_git_refs_release(&s.refs);
    ss_git_free(s.git);
    return rc;
}
