/*
 * git_path.c: from a commit down its trees, a name at a time.
 */
#include "git_path.h"

#define TYPE_MASK 0170000u
#define TYPE_TREE 0040000u

static int tree_of(ss_oid *out, ss_git *git, const ss_oid *commit)
{
    ss_git_data data;
    ss_git_commit parsed;
    int rc = ss_git_object_read(&data, git, commit, 0, NULL);

    if (rc)
        return rc;
    rc = data.kind == SS_GIT_COMMIT
             ? ss_git_commit_parse(&parsed, data.bytes, ss_git_id_len(git))
             : SECSCAN_ERR_ARG;
    if (!rc)
        *out = parsed.tree;
    ss_git_data_release(&data);
    return rc;
}

int ss_git_entry_find(ss_oid *out, uint32_t *mode, const ss_git_data *tree,
                      ss_bytes name, size_t id_len)
{
    ss_bytes rest =
        tree->kind == SS_GIT_TREE ? tree->bytes : ss_bytes_of(NULL, 0);
    ss_git_entry e;

    while (ss_git_entry_next(&e, &rest, id_len) > 0) {
        if (!ss_bytes_equal(e.name, name))
            continue;
        *out = ss_oid_of(e.id, id_len);
        *mode = e.mode;
        return 0;
    }
    return SECSCAN_ERR_ARG;
}

int ss_git_root_read(ss_git_data *out, ss_git *git, const ss_oid *commit)
{
    ss_oid tree;
    int rc = tree_of(&tree, git, commit);

    return rc ? rc : ss_git_object_read(out, git, &tree, 0, NULL);
}

/* Step from a tree to its entry. */
static int step(ss_oid *at, uint32_t *mode, ss_git *git, ss_bytes name)
{
    ss_git_data data;
    int rc = ss_git_object_read(&data, git, at, 0, NULL);

    if (rc)
        return rc;
    rc = ss_git_entry_find(at, mode, &data, name, ss_git_id_len(git));
    ss_git_data_release(&data);
    return rc;
}

int ss_git_path_find(ss_oid *out, uint32_t *mode, ss_git *git,
                     const ss_oid *commit, const char *path)
{
    int rc = tree_of(out, git, commit);

    *mode = TYPE_TREE;
    while (!rc && *path) {
        size_t len = strcspn(path, "/");

        rc = (*mode & TYPE_MASK) == TYPE_TREE
                 ? step(out, mode, git, ss_bytes_of(path, len))
                 : SECSCAN_ERR_ARG;
        path += len;
        path += *path == '/';
    }
    return rc;
}
