/*
 * tree.c: walk depth first over sorted directories, on a stack of its own, with
 * the rules of the work tree that each directory lies in.
 */
#include "tree.h"

#include "base/alloc.h"
#include "source/listing.h"
#include "source/worktree.h"

/* No path is longer; a tree that is deeper ends there, with a record. */
#define MAX_PATH_LEN ((size_t)1 << 20)

/* A work tree on the way down, and where in it the walk is. */
typedef struct repository {
    ss_worktree *git;
    ss_buf inside; /* path in the work tree */
} repository;

/* A directory on the way down. */
typedef struct level {
    ss_listing listing;
    size_t path_len;   /* of tree->path, with the slash */
    size_t inside_len; /* of repo->inside, with the slash */
    repository *repo;  /* NULL: not in one */
    uint8_t owns_repo; /* the work tree starts here */
    uint8_t has_ignore_file;
    uint8_t is_ignored;
} level;

struct ss_tree {
    unsigned flags;
    ss_seen *seen;
    ss_buf path;
    char *real;           /* of the argument; NULL when `seen` is */
    size_t argument_len;  /* of tree->path, before what is below it */
    SS_VEC(level) levels; /* those past `depth` keep their memory */
    size_t depth;
    int is_file; /* the argument is one, not given yet */
    int file_is_ignored;
    const char *warning; /* to be given before anything else */
};

/* ---- seen before? ---- */

/* By what it is on the disk: for walks that follow links. */
static int see_inode(ss_tree *tree, int *is_new, secscan_error *err)
{
    return ss_seen_add_inode(tree->seen, (const char *)tree->path.data, is_new,
                             err);
}

/* By its real path: hard links are files of their own. */
static int see_path(ss_tree *tree, int *is_new, secscan_error *err)
{
    ss_buf key = SS_BUF_INIT(2 * MAX_PATH_LEN);
    const char *real = strcmp(tree->real, "/") != 0 ? tree->real : "";
    size_t at = tree->argument_len;
    int rc;

    if (ss_buf_puts(&key, real) ||
        (at < tree->path.len && ss_buf_putc(&key, '/')) ||
        ss_buf_add(&key, tree->path.data + at, tree->path.len - at))
        rc = ss_fail_nomem(err);
    else
        rc = ss_seen_add(tree->seen, ss_buf_bytes(&key), is_new, err);
    ss_buf_release(&key);
    return rc;
}

static int see_file(ss_tree *tree, int *is_new, secscan_error *err)
{
    *is_new = 1;
    if (!tree->seen)
        return 0;
    return tree->flags & SS_TREE_FOLLOW ? see_inode(tree, is_new, err)
                                        : see_path(tree, is_new, err);
}

/* ---- paths ---- */

/* `buf` becomes its first `len` bytes, a name, and a NUL that is not counted.
 */
static int set_name(ss_buf *buf, size_t len, const char *name, size_t name_len,
                    secscan_error *err)
{
    buf->len = len;
    if (ss_buf_add(buf, name, name_len) || ss_buf_add(buf, "", 1))
        return ss_fail_nomem(err);
    buf->len--;
    return 0;
}

static int add_slash(ss_buf *buf, secscan_error *err)
{
    return set_name(buf, buf->len, "/", 1, err);
}

static int enter_name(ss_tree *tree, const level *at,
                      const ss_listing_item *item, secscan_error *err)
{
    int rc =
        set_name(&tree->path, at->path_len, item->name, item->name_len, err);

    if (rc || !at->repo)
        return rc;
    return set_name(&at->repo->inside, at->inside_len, item->name,
                    item->name_len, err);
}

/* ---- repositories ---- */

static void free_repository(repository *repo)
{
    if (!repo)
        return;
    ss_worktree_free(repo->git);
    ss_buf_release(&repo->inside);
    ss_free(repo);
}

static int new_repository(repository **out, ss_worktree *git,
                          secscan_error *err)
{
    repository *repo = ss_calloc(1, sizeof(*repo));

    if (!repo) {
        ss_worktree_free(git);
        return ss_fail_nomem(err);
    }
    repo->git = git;
    repo->inside.max = 2 * MAX_PATH_LEN;
    *out = repo;
    return 0;
}

static void warn_of_index(ss_tree *tree, const repository *repo)
{
    if (!repo->git->has_index)
        tree->warning = "git's index cannot be read: all files are scanned";
}

/* A directory with a .git of its own is a work tree with its own rules. */
static int open_nested(ss_tree *tree, level *at, secscan_error *err)
{
    ss_worktree *git = NULL;
    int rc;

    rc = ss_worktree_open(&git, (const char *)tree->path.data, 1, err);
    if (rc || !git)
        return rc;
    rc = new_repository(&at->repo, git, err);
    if (rc)
        return rc;
    at->owns_repo = 1;
    at->inside_len = 0;
    at->is_ignored = 0;
    warn_of_index(tree, at->repo);
    return 0;
}

/* ---- going down and up ---- */

static level *top(ss_tree *tree)
{
    return &tree->levels.at[tree->depth - 1];
}

static int push_level(ss_tree *tree, secscan_error *err)
{
    level fresh;

    if (tree->depth == tree->levels.len) {
        memset(&fresh, 0, sizeof(fresh));
        if (SS_VEC_PUSH(&tree->levels, fresh))
            return ss_fail_nomem(err);
    }
    tree->depth++;
    return 0;
}

static void pop_level(ss_tree *tree)
{
    level *at = top(tree);

    if (at->owns_repo)
        free_repository(at->repo);
    else if (at->has_ignore_file)
        ss_worktree_pop(at->repo->git);
    at->repo = NULL;
    at->owns_repo = 0;
    at->has_ignore_file = 0;
    tree->depth--;
}

static int read_ignore_file(ss_tree *tree, level *at, secscan_error *err)
{
    size_t len = tree->path.len;
    int rc = set_name(&tree->path, len, ".gitignore", 10, err);

    if (!rc)
        rc = ss_worktree_push(at->repo->git, (const char *)tree->path.data,
                              at->inside_len, err);
    at->has_ignore_file = !rc;
    tree->path.len = len;
    return rc;
}

/* Read the directory tree->path, which ends with a slash or is empty, into a
 * new level. `repo` is the one of the directory above. */
static int descend(ss_tree *tree, repository *repo, int is_ignored,
                   int follow_itself, secscan_error *err)
{
    level *at;
    int rc;

    rc = push_level(tree, err);
    if (rc)
        return rc;
    at = top(tree);
    at->repo = repo;
    at->owns_repo = 0;
    at->has_ignore_file = 0;
    at->is_ignored = (uint8_t)is_ignored;
    at->path_len = tree->path.len;
    at->inside_len = repo ? repo->inside.len : 0;
    rc = ss_listing_read(&at->listing, &tree->path,
                         tree->flags & SS_TREE_FOLLOW, follow_itself, err);
    if (!rc && tree->depth > 1 && ss_listing_has(&at->listing, ".git"))
        rc = open_nested(tree, at, err);
    if (!rc && at->repo && ss_listing_has(&at->listing, ".gitignore"))
        rc = read_ignore_file(tree, at, err);
    return rc;
}

/* ---- one thing in a directory ---- */

static int give(const ss_tree *tree, ss_tree_entry *out, const char *reason,
                const char *detail)
{
    memset(out, 0, sizeof(*out));
    out->path = (const char *)tree->path.data;
    out->path_len = tree->path.len;
    out->reason = reason;
    out->detail = detail;
    return 1;
}

static ss_bytes inside_of(const level *at)
{
    return ss_buf_bytes(&at->repo->inside);
}

static int is_ignored(const level *at, int is_dir)
{
    if (!at->repo || ss_worktree_is_tracked(at->repo->git, inside_of(at)))
        return 0;
    return at->is_ignored ||
           ss_ignore_match(&at->repo->git->ignore, inside_of(at), is_dir);
}

/* An index that cannot be read may have held anything. */
static int is_left_out(const ss_tree *tree, const level *at, int ignored)
{
    return ignored && !(tree->flags & SS_TREE_IGNORED) &&
           at->repo->git->has_index;
}

static int visit_file(ss_tree *tree, const level *at,
                      const ss_listing_item *item, ss_tree_entry *out,
                      secscan_error *err)
{
    int ignored = is_ignored(at, 0);
    int is_new, rc;

    if (is_left_out(tree, at, ignored))
        return 0;
    rc = see_file(tree, &is_new, err);
    if (rc || !is_new)
        return rc;
    give(tree, out, NULL, "");
    out->is_ignored = ignored;
    out->is_link = item->is_link;
    return 1;
}

static int visit_directory(ss_tree *tree, const level *at,
                           const ss_listing_item *item, ss_tree_entry *out,
                           secscan_error *err)
{
    repository *repo = at->repo;
    int ignored = is_ignored(at, 1);
    int is_new = 1;
    int rc = 0;

    if (tree->flags & SS_TREE_FOLLOW)
        rc = see_inode(tree, &is_new, err);
    if (!rc && !is_new)
        return item->is_link ? give(tree, out, "symlink", "followed before")
                             : 0;
    if (!rc)
        rc = add_slash(&tree->path, err);
    if (!rc && repo)
        rc = add_slash(&repo->inside, err);
    if (rc)
        return rc;
    if (is_left_out(tree, at, ignored) &&
        !ss_worktree_has_below(repo->git, inside_of(at)))
        return 0;
    return descend(tree, repo, ignored, item->is_link, err);
}

static int visit_other(ss_tree *tree, const level *at, const char *reason,
                       const char *detail, ss_tree_entry *out)
{
    if (is_left_out(tree, at, is_ignored(at, 0)))
        return 0;
    return give(tree, out, reason, detail);
}

static int visit(ss_tree *tree, level *at, ss_tree_entry *out,
                 secscan_error *err)
{
    const ss_listing_item *item = &at->listing.items.at[at->listing.next++];
    int rc;

    if (!strcmp(item->name, ".git"))
        return 0;
    if (at->path_len > MAX_PATH_LEN - item->name_len - 2)
        return give(tree, out, "unreadable", "the path is too long");
    rc = enter_name(tree, at, item, err);
    if (rc)
        return rc;
    switch (item->kind) {
    case SS_FILE_REGULAR:
        return visit_file(tree, at, item, out, err);
    case SS_FILE_DIRECTORY:
        return visit_directory(tree, at, item, out, err);
    case SS_FILE_SYMLINK:
        return visit_other(tree, at, "symlink",
                           tree->flags & SS_TREE_FOLLOW ? "leads nowhere"
                                                        : "not followed",
                           out);
    default:
        return visit_other(tree, at, "not-a-file", "", out);
    }
}

/* What could not be listed is told before what could. */
static int give_fault(ss_tree *tree, level *at, ss_tree_entry *out,
                      secscan_error *err)
{
    const char *fault = at->listing.fault;
    int rc;

    at->listing.fault = NULL;
    if (!at->path_len)
        rc = set_name(&tree->path, 0, ".", 1, err);
    else
        rc = set_name(&tree->path, at->path_len - (at->path_len > 1), "", 0,
                      err);
    return rc ? rc : give(tree, out, "unreadable", fault);
}

static int give_argument(ss_tree *tree, ss_tree_entry *out, secscan_error *err)
{
    int is_new, rc;

    tree->is_file = 0;
    rc = see_file(tree, &is_new, err);
    if (rc || !is_new)
        return rc;
    give(tree, out, NULL, "");
    out->is_ignored = tree->file_is_ignored;
    out->is_link = 1;
    return 1;
}

static int give_warning(ss_tree *tree, ss_tree_entry *out)
{
    const char *warning = tree->warning;

    tree->warning = NULL;
    give(tree, out, "git-index", warning);
    out->path = tree->path.len ? out->path : ".";
    out->path_len = strlen(out->path);
    return 1;
}

int ss_tree_next(ss_tree *tree, ss_tree_entry *out, secscan_error *err)
{
    if (tree->is_file)
        return give_argument(tree, out, err);
    while (tree->depth) {
        level *at = top(tree);
        int rc;

        if (tree->warning)
            return give_warning(tree, out);
        if (at->listing.fault)
            return give_fault(tree, at, out, err);
        if (at->listing.next == at->listing.items.len) {
            pop_level(tree);
            continue;
        }
        rc = visit(tree, at, out, err);
        if (rc)
            return rc;
    }
    return 0;
}

/* ---- the argument ---- */

/* Put the ignore files above the argument in force, and see whether one of them
 * ignores the way to it. `real` is absolute, `at` behind the root's slash. */
static int enter_repository(repository *repo, const char *real, size_t root_len,
                            int is_dir, int *ignored, secscan_error *err)
{
    ss_buf file = SS_BUF_INIT(MAX_PATH_LEN);
    const char *rest = real + root_len;
    int rc = set_name(&file, 0, real, root_len, err);

    while (!rc && *rest) {
        size_t len;

        rest++; /* the slash */
        rc = add_slash(&file, err);
        len = file.len;
        if (!rc)
            rc = set_name(&file, len, ".gitignore", 10, err);
        if (!rc)
            rc = ss_worktree_push(repo->git, (const char *)file.data,
                                  repo->inside.len, err);
        if (!rc)
            rc = set_name(&file, len, rest, strcspn(rest, "/"), err);
        if (!rc)
            rc = set_name(&repo->inside, repo->inside.len, rest,
                          strcspn(rest, "/"), err);
        if (rc)
            break;
        rest += strcspn(rest, "/");
        *ignored |= ss_ignore_match(
            &repo->git->ignore, ss_buf_bytes(&repo->inside), is_dir || *rest);
        if (*rest)
            rc = add_slash(&repo->inside, err);
    }
    ss_buf_release(&file);
    return rc;
}

/* The repository that the argument lies in; *out stays NULL without one. */
static int find_repository(repository **out, const char *real, int is_dir,
                           int *ignored, secscan_error *err)
{
    ss_worktree *git = NULL;
    repository *repo = NULL;
    size_t root_len = 0;
    /* Whether a file that was asked for is tracked changes nothing. */
    int rc = ss_worktree_find(&git, &root_len, real, is_dir, err);

    if (rc || !git)
        return rc;
    rc = new_repository(&repo, git, err);
    if (!rc)
        rc = enter_repository(repo, real, root_len, is_dir, ignored, err);
    if (rc) {
        free_repository(repo);
        return rc;
    }
    *out = repo;
    return 0;
}

/* One slash at the end; nothing at all for the current directory. */
static int end_with_slash(ss_buf *path, secscan_error *err)
{
    size_t len = path->len;
    int rc;

    while (len && path->data[len - 1] == '/')
        len--;
    rc = set_name(path, len, "/", 1, err);
    if (!rc && path->len == 2 && path->data[0] == '.')
        rc = set_name(path, 0, "", 0, err);
    return rc;
}

/* A directory that was asked for is scanned even where git ignores it. */
static int start_directory(ss_tree *tree, const char *real, secscan_error *err)
{
    repository *repo = NULL;
    int ignored = 0, is_new = 1;
    int rc = 0;

    if (tree->flags & SS_TREE_FOLLOW)
        rc = see_inode(tree, &is_new, err);
    if (rc || !is_new)
        return rc;
    rc = find_repository(&repo, real, 1, &ignored, err);
    if (rc)
        return rc;
    rc = end_with_slash(&tree->path, err);
    tree->argument_len = tree->path.len;
    if (!rc && repo && repo->inside.len)
        rc = add_slash(&repo->inside, err);
    if (ignored)
        tree->flags |= SS_TREE_IGNORED;
    if (repo)
        warn_of_index(tree, repo);
    if (!rc)
        rc = descend(tree, repo, ignored, 1, err);
    if (tree->depth)
        tree->levels.at[0].owns_repo = repo != NULL;
    else
        free_repository(repo);
    return rc;
}

static int start_file(ss_tree *tree, const char *real, secscan_error *err)
{
    repository *repo = NULL;
    int rc = find_repository(&repo, real, 0, &tree->file_is_ignored, err);

    free_repository(repo);
    tree->is_file = 1;
    tree->argument_len = tree->path.len;
    return rc;
}

static int start(ss_tree *tree, const char *path, secscan_error *err)
{
    ss_file_info info;
    const char *why = "does not exist";
    int rc;

    if (ss_open_stat(path, 1, &info, &why))
        return ss_fail(err, SECSCAN_ERR_IO, "%.140s: %s", path, why);
    if (info.kind == SS_FILE_OTHER)
        return ss_fail(err, SECSCAN_ERR_IO,
                       "%.140s: neither a file nor a directory", path);
    rc = ss_dir_real_path(&tree->real, path, err);
    if (rc)
        return rc;
    rc = set_name(&tree->path, 0, path, strlen(path), err);
    if (rc)
        return rc;
    return info.kind == SS_FILE_DIRECTORY
               ? start_directory(tree, tree->real, err)
               : start_file(tree, tree->real, err);
}

int ss_tree_new(ss_tree **out, const char *path, unsigned flags, ss_seen *seen,
                secscan_error *err)
{
    ss_tree *tree = ss_calloc(1, sizeof(*tree));
    int rc;

    if (!tree)
        return ss_fail_nomem(err);
    ss_assert(seen || !(flags & SS_TREE_FOLLOW));
    tree->flags = flags;
    tree->seen = seen;
    tree->path.max = MAX_PATH_LEN + 64;
    rc = start(tree, path, err);
    if (rc)
        goto out;
    *out = tree;
    tree = NULL; /* the caller owns it now */
out:
    ss_tree_free(tree);
    return rc;
}

void ss_tree_free(ss_tree *tree)
{
    if (!tree)
        return;
    while (tree->depth)
        pop_level(tree);
    for (size_t i = 0; i < tree->levels.len; i++)
        ss_listing_release(&tree->levels.at[i].listing);
    SS_VEC_RELEASE(&tree->levels);
    ss_buf_release(&tree->path);
    ss_free(tree->real);
    ss_free(tree);
}
