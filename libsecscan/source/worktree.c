/*
 * worktree.c: find .git, be it a directory or a file that names one, and read
 * from it what a walk needs: the index and info/exclude.
 */
#include "worktree.h"

#include "base/alloc.h"
#include "os/open.h"

#define MAX_IGNORE_FILE ((size_t)16 << 20)
#define MAX_LINK_FILE ((size_t)64 << 10)
#define MAX_PATH_LEN ((size_t)1 << 24)

/* ---- small files and paths ---- */

static int set_path(ss_buf *out, const char *dir, const char *name,
                    secscan_error *err)
{
    out->len = 0;
    if (ss_buf_puts(out, dir) || ss_buf_puts(out, name) ||
        ss_buf_add(out, "", 1))
        return ss_fail_nomem(err);
    out->len--;
    return 0;
}

/* 1 if it could be read. Not being able to is no failure here. */
static int read_small(ss_buf *out, const char *path, int follow, size_t max)
{
    ptrdiff_t got = 0;
    int fd = -1;

    out->len = 0;
    out->max = max;
    if (ss_open_file(&fd, path, follow, NULL))
        return 0;
    do {
        if (ss_buf_reserve(out, 4096))
            got = -1;
        else
            got = ss_open_read(fd, out->data + out->len, 4096, NULL);
        out->len += got > 0 ? (size_t)got : 0;
    } while (got > 0);
    ss_file_close(fd);
    return got == 0;
}

static int exists(const char *path, int follow)
{
    ss_file_info info;

    return ss_open_stat(path, follow, &info, NULL) == SS_OPEN_OK;
}

static int is_kind(const char *path, ss_file_kind kind)
{
    ss_file_info info;

    return !ss_open_stat(path, 1, &info, NULL) && info.kind == kind;
}

static ss_bytes first_line(ss_bytes text)
{
    size_t len = 0;

    while (len < text.len && text.data[len] != '\n' && text.data[len] != '\r' &&
           text.data[len])
        len++;
    return (ss_bytes){text.data, len};
}

/* ---- the repository ---- */

/* Append a path that a file of git's names, relative to `dir`. */
static int join(ss_buf *out, const char *dir, ss_bytes named,
                secscan_error *err)
{
    out->len = 0;
    if (named.len && named.data[0] != '/' && ss_buf_puts(out, dir))
        return ss_fail_nomem(err);
    if (ss_buf_add(out, named.data, named.len) || ss_buf_add(out, "/", 2))
        return ss_fail_nomem(err);
    out->len--;
    return 0;
}

/* The directory that `.git` in `dir` is or names, with a slash at its end;
 * empty when there is no repository. */
static int find_git_dir(ss_buf *out, const char *dir, secscan_error *err)
{
    ss_buf path = SS_BUF_INIT(MAX_PATH_LEN);
    ss_buf text = SS_BUF_INIT(MAX_LINK_FILE);
    int rc;

    rc = set_path(&path, dir, ".git", err);
    if (rc)
        goto out;
    out->len = 0;
    if (is_kind((const char *)path.data, SS_FILE_DIRECTORY)) {
        rc = set_path(out, dir, ".git/", err);
    } else if (is_kind((const char *)path.data, SS_FILE_REGULAR) &&
               read_small(&text, (const char *)path.data, 1, MAX_LINK_FILE) &&
               ss_bytes_starts(ss_buf_bytes(&text), "gitdir: ")) {
        ss_bytes named = {text.data + 8, text.len - 8};

        rc = join(out, dir, first_line(named), err);
    }
    if (!rc && out->len)
        rc = set_path(&path, (const char *)out->data, "HEAD", err);
    if (!rc && out->len && !exists((const char *)path.data, 0))
        out->len = 0;
out:
    ss_buf_release(&text);
    ss_buf_release(&path);
    return rc;
}

/* Where a linked work tree keeps what it shares. */
static int find_common_dir(ss_buf *out, const char *git_dir, secscan_error *err)
{
    ss_buf path = SS_BUF_INIT(MAX_PATH_LEN);
    ss_buf text = SS_BUF_INIT(MAX_LINK_FILE);
    int rc = set_path(&path, git_dir, "commondir", err);

    if (!rc && read_small(&text, (const char *)path.data, 1, MAX_LINK_FILE) &&
        text.len)
        rc = join(out, git_dir, first_line(ss_buf_bytes(&text)), err);
    else if (!rc)
        rc = set_path(out, git_dir, "", err);
    ss_buf_release(&text);
    ss_buf_release(&path);
    return rc;
}

/* Of the whole configuration only this matters: how long ids are. */
static size_t id_len_of(ss_bytes config)
{
    static const char key[] = "objectformat";
    size_t at = ss_bytes_find_nocase(config, ss_bytes_str(key));

    if (at == SIZE_MAX)
        return 20;
    at += sizeof(key) - 1;
    while (at < config.len && strchr(" \t=\"", config.data[at]))
        at++;
    return ss_bytes_starts_nocase((ss_bytes){config.data + at, config.len - at},
                                  "sha256")
               ? 32
               : 20;
}

/* An index that cannot be read is no failure: everything is scanned then. */
static int read_index(ss_worktree *tree, const char *git_dir,
                      const char *common_dir, secscan_error *err)
{
    ss_buf path = SS_BUF_INIT(MAX_PATH_LEN);
    ss_buf config = SS_BUF_INIT(MAX_IGNORE_FILE);
    size_t id_len = 20;
    int rc = set_path(&path, common_dir, "config", err);

    if (!rc && read_small(&config, (const char *)path.data, 1, MAX_IGNORE_FILE))
        id_len = id_len_of(ss_buf_bytes(&config));
    if (!rc)
        rc = set_path(&path, git_dir, "index", err);
    if (!rc)
        rc = ss_index_read(&tree->index, (const char *)path.data, id_len, err);
    tree->has_index = !rc;
    ss_buf_release(&config);
    ss_buf_release(&path);
    return rc == SECSCAN_ERR_NOMEM ? rc : 0;
}

static int read_exclude(ss_worktree *tree, const char *common_dir,
                        secscan_error *err)
{
    ss_buf path = SS_BUF_INIT(MAX_PATH_LEN);
    ss_buf text = SS_BUF_INIT(MAX_IGNORE_FILE);
    int rc = set_path(&path, common_dir, "info/exclude", err);

    if (!rc && read_small(&text, (const char *)path.data, 1, MAX_IGNORE_FILE))
        rc = ss_ignore_push(&tree->ignore, ss_buf_bytes(&text), 0, err);
    ss_buf_release(&text);
    ss_buf_release(&path);
    return rc;
}

static int fill(ss_worktree *tree, const char *git_dir, int with_index,
                secscan_error *err)
{
    ss_buf common = SS_BUF_INIT(MAX_PATH_LEN);
    int rc = find_common_dir(&common, git_dir, err);

    if (!rc)
        rc = read_exclude(tree, (const char *)common.data, err);
    if (!rc && with_index)
        rc = read_index(tree, git_dir, (const char *)common.data, err);
    ss_buf_release(&common);
    return rc;
}

int ss_worktree_open(ss_worktree **out, const char *dir, int with_index,
                     secscan_error *err)
{
    ss_buf git_dir = SS_BUF_INIT(MAX_PATH_LEN);
    ss_worktree *tree = NULL;
    int rc;

    rc = find_git_dir(&git_dir, dir, err);
    if (rc || !git_dir.len)
        goto out;
    tree = ss_calloc(1, sizeof(*tree));
    if (!tree) {
        rc = ss_fail_nomem(err);
        goto out;
    }
    rc = fill(tree, (const char *)git_dir.data, with_index, err);
    if (rc)
        goto out;
    *out = tree;
    tree = NULL; /* the caller owns it now */
out:
    ss_worktree_free(tree);
    ss_buf_release(&git_dir);
    return rc;
}

int ss_worktree_find(ss_worktree **out, size_t *root_len, const char *dir,
                     int with_index, secscan_error *err)
{
    char *prefix = ss_strdup(dir);
    size_t len = strlen(dir);
    int rc = 0;

    if (!prefix)
        return ss_fail_nomem(err);
    *out = NULL;
    for (;;) {
        ss_buf path = SS_BUF_INIT(MAX_PATH_LEN);

        while (len && prefix[len - 1] == '/')
            len--;
        prefix[len] = '\0';
        rc = set_path(&path, prefix, "/", err);
        if (!rc)
            rc =
                ss_worktree_open(out, (const char *)path.data, with_index, err);
        ss_buf_release(&path);
        if (rc || *out || !len)
            break;
        while (len && prefix[len - 1] != '/')
            len--;
    }
    *root_len = len;
    ss_free(prefix);
    return rc;
}

void ss_worktree_free(ss_worktree *tree)
{
    if (!tree)
        return;
    ss_ignore_release(&tree->ignore);
    ss_index_release(&tree->index);
    ss_free(tree);
}

/* ---- questions ---- */

int ss_worktree_push(ss_worktree *tree, const char *file, size_t base_len,
                     secscan_error *err)
{
    ss_buf text = SS_BUF_INIT(MAX_IGNORE_FILE);
    int rc;

    if (!read_small(&text, file, 0, MAX_IGNORE_FILE))
        text.len = 0;
    rc = ss_ignore_push(&tree->ignore, ss_buf_bytes(&text), base_len, err);
    ss_buf_release(&text);
    return rc;
}

void ss_worktree_pop(ss_worktree *tree)
{
    ss_ignore_pop(&tree->ignore);
}

static int is_entry(const ss_worktree *tree, size_t at, ss_bytes path)
{
    const ss_index_entry *entry = &tree->index.entries[at];

    return at < tree->index.n_entries && entry->path_len == path.len &&
           !memcmp(entry->path, path.data, path.len);
}

/* In a sparse index a directory stands for all below it. */
static int is_in_sparse(const ss_worktree *tree, ss_bytes path)
{
    for (size_t i = 0; i < path.len; i++) {
        ss_bytes dir = {path.data, i + 1};

        if (path.data[i] == '/' &&
            is_entry(tree, ss_index_find(&tree->index, dir), dir))
            return 1;
    }
    return 0;
}

int ss_worktree_is_tracked(ss_worktree *tree, ss_bytes path)
{
    if (!tree->has_index)
        return 0;
    if (!is_entry(tree, tree->cursor, path))
        tree->cursor = ss_index_find(&tree->index, path);
    if (is_entry(tree, tree->cursor, path)) {
        tree->cursor++;
        return 1;
    }
    return tree->index.is_sparse && is_in_sparse(tree, path);
}

int ss_worktree_has_below(const ss_worktree *tree, ss_bytes dir)
{
    const ss_index *index = &tree->index;
    size_t at = ss_index_find(index, dir);

    if (at < index->n_entries && index->entries[at].path_len >= dir.len &&
        !memcmp(index->entries[at].path, dir.data, dir.len))
        return 1;
    return index->is_sparse && is_in_sparse(tree, dir);
}
