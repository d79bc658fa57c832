/*
 * run_git_base.c: choose what judges a scan of a repository, and read its
 * files. Knows nothing of what they say.
 */
#include "run_git_base.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "run_git.h"
#include "source/git_dirs.h"
#include "source/git_path.h"
#include "source/git_push.h"
#include "source/git_range.h"

/* ---- ranges ---- */

static void take(ss_git_base *base, const ss_oid *commit)
{
    base->commit = *commit;
    base->has_commit = 1;
}

static int is_zero_id(const char *text, size_t len)
{
    return (len == 40 || len == 64) && strspn(text, "0") >= len;
}

/* What a revision names; "" is HEAD. */
static int take_revision(ss_git_base *base, const char *name, size_t len)
{
    char text[1024] = "HEAD";
    ss_oid id;
    int rc;

    if (len >= sizeof(text))
        return 0;
    if (len) {
        memcpy(text, name, len);
        text[len] = '\0';
    }
    rc = ss_git_resolve(&id, base->git, text, NULL);
    if (!rc)
        take(base, &id);
    return rc;
}

/* The newest commit that a range grew from. */
static void take_below(ss_git_base *base, const ss_git_range *range)
{
    const ss_range_commit *newest = NULL;

    for (size_t i = 0; i < range->commits.len; i++) {
        const ss_range_commit *c = &range->commits.at[i];

        if (c->is_base && (!newest || c->time > newest->time))
            newest = c;
    }
    if (newest)
        take(base, &newest->id);
}

/* Of a new branch: the newest commit that it grew from. */
static int take_below_branch(ss_git_base *base, const char *range)
{
    ss_git_range commits = {.n_in_range = 0};
    int rc = ss_git_range_read(&commits, base->git, range, &base->refs, NULL);

    if (!rc)
        take_below(base, &commits);
    ss_git_range_release(&commits);
    return rc;
}

static int take_below_push(ss_git_base *base, const ss_git_push *push)
{
    ss_git_range commits = {.n_in_range = 0};
    int rc = ss_git_range_between(&commits, base->git, push->wanted.at,
                                  push->wanted.len, push->known.at,
                                  push->known.len, &base->refs, NULL);

    if (!rc)
        take_below(base, &commits);
    ss_git_range_release(&commits);
    return rc;
}

/* By what the other side has; to be adopted: by what it is sent. */
static int take_push(ss_git_base *base, const secscan_git_options *git)
{
    ss_git_push push = {.has_lost = 0};
    int rc = ss_git_push_read(&push, base->git, git, NULL);

    if (!rc && push.wanted.len && base->adopts)
        take(base, &push.wanted.at[0]);
    else if (!rc && push.wanted.len)
        rc = take_below_push(base, &push);
    ss_git_push_release(&push);
    return rc;
}

static int take_range(ss_git_base *base, const char *range)
{
    const char *dots = strstr(range, "..");
    const char *right = dots ? dots + (dots[2] == '.' ? 3 : 2) : range;

    if (!dots || base->adopts)
        return take_revision(base, right, strlen(right));
    if (is_zero_id(range, (size_t)(dots - range)))
        return take_below_branch(base, range);
    return take_revision(base, range, (size_t)(dots - range));
}

/* ---- the index ---- */

static int take_index(ss_git_base *base, const char *path, secscan_error *err)
{
    ss_buf own = SS_BUF_INIT((size_t)1 << 16);
    int rc;

    if (!path) {
        ss_buf_puts(&own, ss_git_dir(base->git));
        ss_buf_add(&own, "index", 6);
        path = (const char *)own.data;
    }
    rc = own.failed
             ? ss_fail_nomem(err)
             : ss_index_read(&base->index, path, ss_git_id_len(base->git), err);
    ss_buf_release(&own);
    return rc;
}

/* ---- choosing ---- */

/* Of a history, only what such a range introduces gates. */
static int gates_change(const secscan_git_options *git)
{
    return git->mode == SECSCAN_GIT_HISTORY && git->gate_ref &&
           strstr(git->gate_ref, "..");
}

static int find_work_dir(ss_git_base *base, const char *path,
                         secscan_error *err)
{
    ss_arena arena = SS_ARENA_INIT;
    const char *dir = NULL;
    int rc =
        ss_git_find_work_dir(&dir, &arena, path, ss_git_dir(base->git), err);

    base->is_work_tree = dir != NULL;
    ss_arena_release(&arena);
    return rc;
}

int ss_git_base_open(ss_git_base *base, const char *path,
                     const secscan_git_options *git, secscan_error *err)
{
    int rc = ss_git_open(&base->git, path, git->flags, err);

    if (!rc && git->mode == SECSCAN_GIT_HISTORY && !gates_change(git))
        rc = find_work_dir(base, path, err);
    return rc;
}

static int add_objects(ss_git_base *base, const secscan_git_options *git,
                       secscan_error *err)
{
    int rc = 0;

    for (size_t i = 0; !rc && i < git->n_object_dirs; i++)
        rc = ss_git_add_objects(base->git, git->object_dirs[i], err);
    return rc;
}

/* What is wrong with revisions and refs, the scan says. */
static int choose_commit(ss_git_base *base, const secscan_git_options *git)
{
    if (git->mode == SECSCAN_GIT_PUSH)
        return take_push(base, git);
    if (gates_change(git))
        return take_range(base, git->gate_ref);
    if (git->mode == SECSCAN_GIT_RANGE && !git->n_commits)
        return take_range(base, git->range);
    if (base->refs.has_head)
        take(base, &base->refs.head);
    return 0;
}

static int read_tree(ss_git_base *base)
{
    base->tree_status = ss_git_root_read(&base->tree, base->git, &base->commit);
    return base->tree_status;
}

int ss_git_base_choose(ss_git_base *base, const secscan_git_options *git,
                       int adopts, secscan_error *err)
{
    int rc = ss_git_heads_read(&base->refs, base->git, err);

    base->adopts = adopts;
    if (!rc && git->mode == SECSCAN_GIT_PUSH)
        rc = add_objects(base, git, err);
    if (rc)
        return rc;
    if (git->mode == SECSCAN_GIT_STAGED && adopts)
        return take_index(base, git->index, err);
    rc = choose_commit(base, git);
    if (rc != SECSCAN_ERR_NOMEM && base->has_commit)
        rc = read_tree(base);
    return rc == SECSCAN_ERR_NOMEM ? ss_fail_nomem(err) : 0;
}

void ss_git_base_release(ss_git_base *base)
{
    if (base->has_commit && !base->tree_status)
        ss_git_data_release(&base->tree);
    ss_index_release(&base->index);
    ss_git_refs_release(&base->refs);
    ss_git_free(base->git);
}

/* ---- one file ---- */

/* 1: `name` stands at the root of what was chosen; 0: it does not. */
static int find_file(ss_oid *id, uint32_t *mode, const char **why,
                     ss_git_base *base, const char *name)
{
    const ss_index *index = &base->index;
    size_t at;

    if (base->has_commit && base->tree_status) {
        *why = "the tree that it is in is not here";
        return 0;
    }
    if (base->has_commit)
        return !ss_git_entry_find(id, mode, &base->tree, ss_bytes_str(name),
                                  ss_git_id_len(base->git));
    at = ss_index_find(index, ss_bytes_str(name));
    if (at == index->n_entries || strcmp(index->entries[at].path, name) != 0)
        return 0;
    *id = ss_oid_of(index->entries[at].id, index->id_len);
    *mode = index->entries[at].mode;
    return 1;
}

int ss_git_base_read(ss_git_data *out, const char **why, ss_git_base *base,
                     const char *name, uint64_t max_size)
{
    ss_oid id;
    uint32_t mode = 0;
    int rc;

    *why = NULL;
    rc = find_file(&id, &mode, why, base, name);
    if (rc <= 0)
        return rc;
    if ((mode & SS_MODE_TYPE) != SS_MODE_BLOB) {
        *why = "it is not a file";
        return 0;
    }
    rc = ss_git_object_read(out, base->git, &id, max_size, NULL);
    if (rc == SECSCAN_ERR_LIMIT)
        *why = "it is too large";
    else if (rc && rc != SECSCAN_ERR_NOMEM)
        *why = "the repository has its name, and not what it holds";
    if (rc)
        return rc == SECSCAN_ERR_NOMEM ? rc : 0;
    return 1;
}

/* ---- files for others ---- */

static int fail_unread(const ss_git_base *base, const char *name,
                       const char *why, secscan_error *err)
{
    char id[SS_OID_TEXT] = "the index";

    if (base->has_commit)
        ss_oid_write(id, &base->commit, ss_git_id_len(base->git));
    return ss_fail(err, SECSCAN_ERR_RULE, "%s of %s cannot be read: %s", name,
                   id, why);
}

/* The struct, and the text behind it. */
static int make_file(const secscan_git_file **out, const ss_git_base *base,
                     const char *name, ss_bytes text, secscan_error *err)
{
    secscan_git_file *file = ss_calloc(1, sizeof(*file) + text.len + 1);

    if (!file)
        return ss_fail_nomem(err);
    if (text.len)
        memcpy(file + 1, text.data, text.len);
    file->name = name;
    file->text = name ? (const char *)(file + 1) : NULL;
    file->len = text.len;
    file->is_work_tree = base->is_work_tree != 0;
    if (base->has_commit)
        ss_oid_write(file->commit, &base->commit, ss_git_id_len(base->git));
    *out = file;
    return 0;
}

static int read_first(const secscan_git_file **out, ss_git_base *base,
                      const char *const *names, secscan_error *err)
{
    for (; *names; names++) {
        const char *why;
        ss_git_data data;
        int rc = ss_git_base_read(&data, &why, base, *names, SS_MAX_BASE_FILE);

        if (rc < 0)
            return ss_fail_nomem(err);
        if (why)
            return fail_unread(base, *names, why, err);
        if (!rc)
            continue;
        rc = make_file(out, base, *names, data.bytes, err);
        ss_git_data_release(&data);
        return rc;
    }
    return make_file(out, base, NULL, ss_bytes_of("", 0), err);
}

int ss_run_git_base_file(const secscan_git_file **out, const char *path,
                         const char *const *names,
                         const secscan_git_options *git, uint32_t flags,
                         secscan_error *err)
{
    ss_git_base base = SS_GIT_BASE_INIT;
    int rc = ss_git_base_open(&base, path, git, err);

    if (!rc && base.is_work_tree)
        rc = make_file(out, &base, NULL, ss_bytes_of("", 0), err);
    else if (!rc)
        rc = ss_git_base_choose(&base, git, (flags & SECSCAN_POLICY_ADOPT) != 0,
                                err);
    if (!rc && !base.is_work_tree)
        rc = read_first(out, &base, names, err);
    ss_git_base_release(&base);
    return rc;
}
