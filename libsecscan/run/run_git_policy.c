/*
 * run_git_policy.c: the policy that a scan of a repository is judged by, from
 * the files of what judges it.
 */
#include "run_git.h"

#include "base/alloc.h"
#include "policy/policy.h"
#include "run_git_base.h"

/* What cannot be read hides nothing, which is said. */
static int read_file(secscan_policy *policy, ss_git_base *base, size_t i,
                     secscan_error *err)
{
    secscan_policy_text text = {.name = secscan_policy_file(i),
                                .kind = ss_policy_file_kind(i)};
    const char *why;
    ss_git_data data;
    int rc = ss_git_base_read(&data, &why, base, text.name, SS_MAX_POLICY_TEXT);

    if (why && ss_policy_note(policy, "unread", text.name, 0, why))
        rc = SECSCAN_ERR_NOMEM;
    if (rc < 0)
        return ss_fail_nomem(err);
    if (!rc)
        return 0;
    text.data = data.bytes.data;
    text.len = data.bytes.len;
    rc = ss_policy_read(policy, &text, err);
    ss_git_data_release(&data);
    return rc;
}

static int read_files(secscan_policy *policy, ss_git_base *base,
                      const secscan_git_options *git, secscan_error *err)
{
    int adopts = (policy->flags & SECSCAN_POLICY_ADOPT) != 0;
    int rc;

    if (policy->flags & SECSCAN_POLICY_NO_FILES)
        return 0;
    rc = ss_git_base_choose(base, git, adopts, err);
    for (size_t i = 0; !rc && secscan_policy_file(i); i++)
        rc = read_file(policy, base, i, err);
    return rc;
}

int ss_run_git_policy(secscan_policy **out, const char *path,
                      const secscan_git_options *git,
                      const secscan_policy_options *options, secscan_error *err)
{
    ss_git_base base = SS_GIT_BASE_INIT;
    secscan_policy *policy = NULL;
    int rc = ss_git_base_open(&base, path, git, err);

    if (rc)
        goto out;
    rc = base.is_work_tree ? secscan_policy_find(&policy, path, options, err)
                           : secscan_policy_new(&policy, options, err);
    if (!rc && !base.is_work_tree)
        rc = read_files(policy, &base, git, err);
    if (rc)
        goto out;
    *out = policy;
    policy = NULL; /* the caller owns it now */
out:
    secscan_policy_free(policy);
    ss_git_base_release(&base);
    return rc;
}
