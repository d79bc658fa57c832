/*
 * run_git_find.c: what a revision names, without a scan.
 */
#include "run_git.h"

#include "source/git.h"

static int find_commit(secscan_git_look *out, ss_git *git, const char *revision,
                       secscan_error *err)
{
    ss_git_data data;
    ss_oid id;
    int rc = ss_git_resolve(&id, git, revision, err);

    if (rc)
        return rc == SECSCAN_ERR_GIT ? 0 : rc;
    rc = ss_git_object_read(&data, git, &id, 0, err);
    if (rc)
        return rc == SECSCAN_ERR_GIT ? 0 : rc;
    if (data.kind == SS_GIT_COMMIT)
        ss_oid_write(out->id, &id, ss_git_id_len(git));
    ss_git_data_release(&data);
    return 0;
}

int ss_run_git_find(secscan_git_look *out, const char *path,
                    const char *revision, secscan_error *err)
{
    ss_git_refs heads = {.shallow = {NULL, 0, 0}};
    ss_git *git = NULL;
    int rc;

    rc = ss_git_open(&git, path, 0, err);
    if (!rc)
        rc = ss_git_heads_read(&heads, git, err);
    if (!rc) {
        out->is_shallow = heads.shallow.len != 0;
        rc = find_commit(out, git, revision, err);
    }
    ss_git_refs_release(&heads);
    ss_git_free(git);
    return rc;
}
