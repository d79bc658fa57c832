/*
 * secscan_policy.c: public entry points that make a policy from texts and from
 * the files of a work tree. Its lines are in policy/entries.c.
 */
#include "base/alloc.h"
#include "base/options.h"
#include "os/dir.h"
#include "policy/policy.h"
#include "source/worktree.h"

#define KNOWN_FLAGS                                                            \
    (SECSCAN_POLICY_NO_INLINE | SECSCAN_POLICY_NO_GITLEAKS |                   \
     SECSCAN_POLICY_NO_FILES | SECSCAN_POLICY_ADOPT)

/* Behind all links; a path that is not there has none. */
static char *real_path(const char *path)
{
    char *out = NULL;

    return ss_dir_real_path(&out, path, NULL) ? NULL : out;
}

int secscan_policy_new(secscan_policy **out,
                       const secscan_policy_options *options,
                       secscan_error *err)
{
    secscan_policy_options own;
    secscan_policy *policy = NULL;
    int rc;

    if (!out)
        return ss_fail(err, SECSCAN_ERR_ARG, "out is NULL");
    rc = ss_options_copy(&own, sizeof(own), options, err);
    if (!rc && own.flags & ~KNOWN_FLAGS)
        rc = ss_fail(err, SECSCAN_ERR_ARG, "unknown flags in options");
    if (!rc && own.n_texts && !own.texts)
        rc = ss_fail(err, SECSCAN_ERR_ARG, "texts is NULL");
    if (!rc)
        rc = ss_policy_new(&policy, &own, err);
    for (size_t i = 0; !rc && i < own.n_texts; i++)
        rc = ss_policy_read(policy, &own.texts[i], err);
    if (!rc && own.root)
        policy->root = real_path(own.root);
    if (rc)
        secscan_policy_free(policy);
    else
        *out = policy;
    return rc;
}

/* ---- the files of a work tree ------------------------------------------ */

static int is_directory(const char *path)
{
    ss_file_info info;

    return !ss_open_stat(path, 1, &info, NULL) &&
           info.kind == SS_FILE_DIRECTORY;
}

/* The work tree around the directory, or the directory itself. */
static int find_root(secscan_policy *policy, const char *path,
                     secscan_error *err)
{
    char *real = real_path(path);
    ss_worktree *tree = NULL;
    size_t len = 0;
    int rc;

    if (!real)
        return 0;
    if (!is_directory(real))
        *strrchr(real, '/') = '\0';
    rc = ss_worktree_find(&tree, &len, real, 0, err);
    policy->is_in_git = tree != NULL;
    if (tree)
        real[len] = '\0';
    ss_worktree_free(tree);
    policy->root = real;
    return rc;
}

static int note_unread(secscan_policy *policy, size_t i, const char *why,
                       secscan_error *err)
{
    return ss_policy_note(policy, "unread", secscan_policy_file(i), 0, why)
               ? ss_fail_nomem(err)
               : 0;
}

static int read_text(secscan_policy *policy, size_t i, const char *path,
                     secscan_error *err)
{
    secscan_policy_text text = {.name = secscan_policy_file(i),
                                .kind = ss_policy_file_kind(i)};
    ss_buf bytes = SS_BUF_INIT(SS_MAX_POLICY_TEXT);
    int rc = ss_file_read(&bytes, path, SS_MAX_POLICY_TEXT, NULL);

    text.data = bytes.data;
    text.len = bytes.len;
    if (!rc)
        rc = ss_policy_read(policy, &text, err);
    else if (rc == SECSCAN_ERR_NOMEM)
        rc = ss_fail_nomem(err);
    else
        rc = note_unread(policy, i, "it cannot be read, or is too large", err);
    ss_buf_release(&bytes);
    return rc;
}

/* Not through a link: what it names may lie anywhere. What cannot be read hides
 * nothing, which is said. */
static int read_file(secscan_policy *policy, size_t i, secscan_error *err)
{
    ss_buf path = SS_BUF_INIT((size_t)1 << 20);
    ss_file_info info = {.kind = SS_FILE_NONE};
    int rc = 0;

    ss_buf_printf(&path, "%s/%s", policy->root, secscan_policy_file(i));
    ss_buf_add(&path, "", 1);
    if (path.failed)
        rc = ss_fail_nomem(err);
    else if (ss_open_stat((const char *)path.data, 0, &info, NULL))
        rc = 0; /* there is none */
    else if (info.kind == SS_FILE_REGULAR)
        rc = read_text(policy, i, (const char *)path.data, err);
    else if (info.kind != SS_FILE_NONE)
        rc = note_unread(policy, i,
                         info.kind == SS_FILE_SYMLINK
                             ? "a symbolic link is not followed"
                             : "it is not a file",
                         err);
    ss_buf_release(&path);
    return rc;
}

int secscan_policy_find(secscan_policy **out, const char *path,
                        const secscan_policy_options *options,
                        secscan_error *err)
{
    secscan_policy *policy = NULL;
    int rc;

    if (!path)
        return ss_fail(err, SECSCAN_ERR_ARG, "path is NULL");
    rc = secscan_policy_new(&policy, options, err);
    if (!rc && !policy->root)
        rc = find_root(policy, path, err);
    for (size_t i = 0; !rc && policy->root && secscan_policy_file(i) &&
                       !(policy->flags & SECSCAN_POLICY_NO_FILES);
         i++)
        rc = read_file(policy, i, err);
    if (rc)
        secscan_policy_free(policy);
    else
        *out = policy;
    return rc;
}
