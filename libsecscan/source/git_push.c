/*
 * git_push.c: from the lines of a hook to commits: old and new values, tracking
 * branches of the remote, and tags peeled on the way.
 */
#include "git_push.h"

#include "base/alloc.h"
#include "base/map.h"

#define MAX_TAGS 64 /* of a tag of a tag ... */

typedef struct reader {
    ss_git_push *out;
    ss_git *git;
    size_t id_len;
    const secscan_git_options *options;
    ss_map named; /* ids of out->named; keys in the arena of its refs */
    secscan_error *err;
} reader;

static int read_target(ss_oid *out, const reader *r, ss_bytes bytes)
{
    ss_git_tag tag;

    if (ss_git_tag_parse(&tag, bytes, r->id_len))
        return ss_fail(r->err, SECSCAN_ERR_CORRUPT, "a tag is damaged");
    *out = tag.target;
    return 0;
}

/* One object: its kind, and what it points at if it is a tag. */
static int look(ss_git_kind *kind, ss_oid *target, const reader *r,
                const ss_oid *id, secscan_error *err)
{
    ss_git_data data;
    int rc = ss_git_object_read(&data, r->git, id, 0, err);

    if (rc)
        return rc;
    *kind = data.kind;
    if (data.kind == SS_GIT_TAG)
        rc = read_target(target, r, data.bytes);
    ss_git_data_release(&data);
    return rc;
}

/* ---- what is sent ------------------------------------------------------ */

static int add_named(reader *r, const ss_oid *id, ss_git_kind kind)
{
    const ss_git_named named = {*id, kind};
    int is_new;
    ss_map_entry *entry =
        ss_map_put(&r->named, ss_bytes_of(id->id, sizeof(id->id)), &is_new);

    if (!entry)
        return ss_fail_nomem(r->err);
    if (!is_new)
        return 0;
    entry->key.data =
        ss_arena_copy(&r->out->refs.arena, id->id, sizeof(id->id));
    if (!entry->key.data || SS_VEC_PUSH(&r->out->named, named))
        return ss_fail_nomem(r->err);
    return 0;
}

static int add_wanted(reader *r, ss_oid id)
{
    for (int i = 0; i < MAX_TAGS; i++) {
        ss_git_kind kind = SS_GIT_NONE;
        ss_oid target;
        int rc = look(&kind, &target, r, &id, r->err);

        if (rc)
            return rc;
        if (kind == SS_GIT_COMMIT)
            return SS_VEC_PUSH(&r->out->wanted, id) ? ss_fail_nomem(r->err) : 0;
        rc = add_named(r, &id, kind);
        if (rc || kind != SS_GIT_TAG)
            return rc;
        id = target;
    }
    return ss_fail(r->err, SECSCAN_ERR_LIMIT, "tags of tags nest too deep");
}

static int add_root(reader *r, const char *name, const ss_oid *id)
{
    ss_git_refs *refs = &r->out->refs;
    ss_git_root root = {NULL, *id, SS_ROOT_REF};

    root.name = ss_arena_str(&refs->arena, name, strlen(name));
    if (!root.name || SS_VEC_PUSH(&refs->roots, root))
        return ss_fail_nomem(r->err);
    refs->n_refs++;
    return 0;
}

/* ---- what is there ----------------------------------------------------- */

/* The commit behind it, if there is one: others hide nothing. *is_lost: it is
 * not here. */
static int add_known(reader *r, ss_oid id, int *is_lost)
{
    for (int i = 0; i < MAX_TAGS; i++) {
        ss_git_kind kind = SS_GIT_NONE;
        ss_oid target;
        int rc = look(&kind, &target, r, &id, NULL);

        *is_lost |= rc != 0;
        if (rc)
            return rc == SECSCAN_ERR_NOMEM ? ss_fail_nomem(r->err) : 0;
        if (kind == SS_GIT_COMMIT)
            return SS_VEC_PUSH(&r->out->known, id) ? ss_fail_nomem(r->err) : 0;
        if (kind != SS_GIT_TAG)
            break;
        id = target;
    }
    return 0;
}

static int add_refs_below(reader *r, const char *prefix)
{
    ss_git_refs refs = {.shallow = {NULL, 0, 0}};
    int rc = ss_git_refs_below(&refs, r->git, prefix, r->err);

    for (size_t i = 0; !rc && i < refs.roots.len; i++) {
        int is_lost = 0;

        rc = add_known(r, refs.roots.at[i].id, &is_lost);
    }
    ss_git_refs_release(&refs);
    return rc;
}

static int add_tracking(reader *r, const char *name, size_t len)
{
    ss_buf prefix = SS_BUF_INIT((size_t)1 << 16);
    int rc;

    ss_buf_puts(&prefix, "refs/remotes/");
    ss_buf_add(&prefix, name, len);
    ss_buf_add(&prefix, "/", 2);
    rc = prefix.failed ? ss_fail_nomem(r->err)
                       : add_refs_below(r, (const char *)prefix.data);
    ss_buf_release(&prefix);
    return rc;
}

/* A name that would lead out of the directory of refs is a URL. */
static int is_name(const char *remote)
{
    return *remote && *remote != '/' && !strstr(remote, "..") &&
           !strstr(remote, "//") && !strchr(remote, ':');
}

/* By its name, or where git is given a URL, by the remotes that have it. */
static int add_remote(reader *r, const char *remote)
{
    const char *key;
    size_t at = 0;
    int rc = 0;

    if (is_name(remote))
        rc = add_tracking(r, remote, strlen(remote));
    while (!rc) {
        key = ss_git_remote_next(r->git, remote, &at);
        if (!key)
            break;
        key += strlen("remote.");
        rc = add_tracking(r, key, strlen(key) - strlen(".url"));
    }
    return rc;
}

/* ---- all of it --------------------------------------------------------- */

static int read_id(ss_oid *out, const reader *r, const char *hex,
                   const char *ref)
{
    if (strlen(hex) == 2 * r->id_len &&
        !ss_oid_read(out, ss_bytes_str(hex), r->id_len))
        return 0;
    return ss_fail(r->err, SECSCAN_ERR_ARG,
                   "what %.100s is to change from or to is no object id", ref);
}

static int fail_lost(const reader *r, const secscan_git_update *u)
{
    return ss_fail(r->err, SECSCAN_ERR_GIT,
                   "%.100s is at %.64s, which cannot be read", u->ref,
                   u->old_id);
}

static int read_update(reader *r, const secscan_git_update *u)
{
    ss_oid before, after;
    int is_lost = 0, rc;

    rc = read_id(&before, r, u->old_id, u->ref);
    if (!rc)
        rc = read_id(&after, r, u->new_id, u->ref);
    if (!rc && !ss_oid_is_zero(&before))
        rc = add_known(r, before, &is_lost);
    if (!rc && is_lost && (r->options->flags & SECSCAN_GIT_RECEIVE))
        rc = fail_lost(r, u);
    r->out->has_lost |= is_lost;
    if (rc || ss_oid_is_zero(&after))
        return rc;
    rc = add_wanted(r, after);
    return rc ? rc : add_root(r, u->ref, &after);
}

int ss_git_push_read(ss_git_push *out, ss_git *git,
                     const secscan_git_options *options, secscan_error *err)
{
    reader r = {.out = out,
                .git = git,
                .id_len = ss_git_id_len(git),
                .options = options,
                .err = err};
    int rc = 0;

    for (size_t i = 0; !rc && i < options->n_updates; i++)
        rc = read_update(&r, &options->updates[i]);
    ss_map_release(&r.named);
    if (rc || !out->refs.n_refs)
        return rc;
    if (options->flags & SECSCAN_GIT_RECEIVE)
        return add_refs_below(&r, "refs/");
    return options->remote ? add_remote(&r, options->remote) : 0;
}

void ss_git_push_release(ss_git_push *push)
{
    SS_VEC_RELEASE(&push->wanted);
    SS_VEC_RELEASE(&push->known);
    SS_VEC_RELEASE(&push->named);
    ss_git_refs_release(&push->refs);
}
