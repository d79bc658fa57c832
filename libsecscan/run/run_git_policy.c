/*
 * run_git_policy.c: the policy that a scan of a repository is judged by: files
 * of a commit's tree, of the index, or of the work tree.
 */
#include "run_git.h"

#include "base/alloc.h"
#include "source/git.h"
#include "source/git_dirs.h"
#include "source/git_path.h"
#include "source/git_range.h"
#include "source/index.h"

typedef struct reader {
    ss_git *git;
    secscan_policy *policy;
    ss_git_refs refs;
    secscan_error *err;
} reader;

/* ---- one file ---- */

static int note_unread(reader *r, size_t i, const char *why)
{
    return ss_policy_note(r->policy, "unread", secscan_policy_file(i), 0, why)
               ? ss_fail_nomem(r->err)
               : 0;
}

/* What cannot be read hides nothing, which is said. */
static int read_blob(reader *r, size_t i, const ss_oid *id, uint32_t mode)
{
    secscan_policy_text text = {.name = secscan_policy_file(i),
                                .kind = ss_policy_file_kind(i)};
    ss_git_data data;
    int rc;

    if ((mode & SS_MODE_TYPE) != SS_MODE_BLOB)
        return note_unread(r, i, "it is not a file");
    rc = ss_git_object_read(&data, r->git, id, SS_MAX_POLICY_TEXT, NULL);
    if (rc == SECSCAN_ERR_NOMEM)
        return ss_fail_nomem(r->err);
    if (rc)
        return note_unread(r, i,
                           "the repository has its name, and not what "
                           "it holds");
    text.data = data.bytes.data;
    text.len = data.bytes.len;
    rc = ss_policy_read(r->policy, &text, r->err);
    ss_git_data_release(&data);
    return rc;
}

/* ---- all files of a commit or of the index ---- */

static int read_commit(reader *r, const ss_oid *commit)
{
    int rc = 0;

    for (size_t i = 0; !rc && secscan_policy_file(i); i++) {
        ss_oid id;
        uint32_t mode;

        rc = ss_git_path_find(&id, &mode, r->git, commit,
                              secscan_policy_file(i));
        if (rc == SECSCAN_ERR_NOMEM)
            return ss_fail_nomem(r->err);
        if (rc == SECSCAN_ERR_ARG)
            rc = 0;
        else
            rc = rc ? note_unread(r, i, "the tree that it is in is not here")
                    : read_blob(r, i, &id, mode);
    }
    return rc;
}

static int read_entry(reader *r, const ss_index *index, size_t i)
{
    const char *name = secscan_policy_file(i);
    size_t at = ss_index_find(index, ss_bytes_str(name));
    const ss_index_entry *entry = &index->entries[at];
    ss_oid id;

    if (at == index->n_entries || strcmp(entry->path, name) != 0)
        return 0;
    id = ss_oid_of(entry->id, index->id_len);
    return read_blob(r, i, &id, entry->mode);
}

static int read_index(reader *r, const char *path)
{
    ss_buf own = SS_BUF_INIT((size_t)1 << 16);
    ss_index index = SS_INDEX_INIT;
    int rc = 0;

    if (!path) {
        ss_buf_puts(&own, ss_git_dir(r->git));
        ss_buf_add(&own, "index", 6);
        path = (const char *)own.data;
    }
    rc = own.failed
             ? ss_fail_nomem(r->err)
             : ss_index_read(&index, path, ss_git_id_len(r->git), r->err);
    for (size_t i = 0; !rc && secscan_policy_file(i); i++)
        rc = read_entry(r, &index, i);
    ss_index_release(&index);
    ss_buf_release(&own);
    return rc;
}

static int read_head(reader *r)
{
    return r->refs.has_head ? read_commit(r, &r->refs.head) : 0;
}

/* ---- ranges ---- */

static int is_zero_id(const char *text, size_t len)
{
    return (len == 40 || len == 64) && strspn(text, "0") >= len;
}

/* What a revision names; "" is HEAD. What is wrong with it, the scan says. */
static int read_revision(reader *r, const char *name, size_t len)
{
    char text[1024] = "HEAD";
    ss_oid id;

    if (len >= sizeof(text))
        return 0;
    if (len) {
        memcpy(text, name, len);
        text[len] = '\0';
    }
    if (ss_git_resolve(&id, r->git, text, NULL))
        return 0;
    return read_commit(r, &id);
}

/* Of a new branch: the newest commit that it grew from. */
static int read_below(reader *r, const char *range)
{
    ss_git_range commits = {.n_in_range = 0};
    const ss_range_commit *newest = NULL;
    int rc = ss_git_range_read(&commits, r->git, range, &r->refs, NULL);

    for (size_t i = 0; !rc && i < commits.commits.len; i++) {
        const ss_range_commit *c = &commits.commits.at[i];

        if (c->is_base && (!newest || c->time > newest->time))
            newest = c;
    }
    rc = newest ? read_commit(r, &newest->id) : 0;
    ss_git_range_release(&commits);
    return rc;
}

static int read_range(reader *r, const char *range)
{
    const char *dots = strstr(range, "..");
    const char *right = dots ? dots + (dots[2] == '.' ? 3 : 2) : range;

    if (!dots || r->policy->flags & SECSCAN_POLICY_ADOPT)
        return read_revision(r, right, strlen(right));
    if (is_zero_id(range, (size_t)(dots - range)))
        return read_below(r, range);
    return read_revision(r, range, (size_t)(dots - range));
}

/* ---- which files ---- */

static int read_for(reader *r, const secscan_git_options *git)
{
    if (git->mode == SECSCAN_GIT_RANGE)
        return read_range(r, git->range);
    if (git->mode == SECSCAN_GIT_STAGED &&
        r->policy->flags & SECSCAN_POLICY_ADOPT)
        return read_index(r, git->index);
    return read_head(r);
}

static int has_work_dir(int *has, ss_git *git, const char *path,
                        secscan_error *err)
{
    ss_arena arena = SS_ARENA_INIT;
    const char *dir = NULL;
    int rc = ss_git_find_work_dir(&dir, &arena, path, ss_git_dir(git), err);

    *has = dir != NULL;
    ss_arena_release(&arena);
    return rc;
}

static int make(reader *r, const char *path, const secscan_git_options *git,
                const secscan_policy_options *options)
{
    int has = 0, rc;

    rc = ss_git_open(&r->git, path, git->flags, r->err);
    if (!rc && git->mode == SECSCAN_GIT_HISTORY)
        rc = has_work_dir(&has, r->git, path, r->err);
    if (rc)
        return rc;
    if (has)
        return secscan_policy_find(&r->policy, path, options, r->err);
    rc = secscan_policy_new(&r->policy, options, r->err);
    if (rc || r->policy->flags & SECSCAN_POLICY_NO_FILES)
        return rc;
    rc = ss_git_heads_read(&r->refs, r->git, r->err);
    return rc ? rc : read_for(r, git);
}

int ss_run_git_policy(secscan_policy **out, const char *path,
                      const secscan_git_options *git,
                      const secscan_policy_options *options, secscan_error *err)
{
    reader r = {.err = err};
    int rc = make(&r, path, git, options);

    if (!rc) {
        *out = r.policy;
        r.policy = NULL; /* the caller owns it now */
    }
    secscan_policy_free(r.policy);
    ss_git_refs_release(&r.refs);
    ss_git_free(r.git);
    return rc;
}
