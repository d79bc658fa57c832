/*
 * git_dirs.c: from a work tree to its git directory, from a git directory to
 * those of its submodules.
 */
#include "git_dirs.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "os/dir.h"
#include "os/file.h"

#include <stdlib.h>

#define MAX_PATH ((size_t)1 << 16)
#define MAX_LINK ((size_t)1 << 16) /* of a file that names a directory */
#define MAX_DEPTH 64               /* names of submodules may have slashes */

/* `base` / `name` unless `name` is absolute, with a slash at its end. */
static char *join(ss_arena *arena, const char *base, ss_bytes name)
{
    int is_absolute = name.len && name.data[0] == '/';
    size_t base_len = is_absolute ? 0 : strlen(base);
    char *path = ss_arena_alloc(arena, base_len + name.len + 3);
    char *at = path;

    if (!path)
        return NULL;
    memcpy(at, base, base_len);
    at += base_len;
    if (base_len && at[-1] != '/')
        *at++ = '/';
    memcpy(at, name.data, name.len);
    at += name.len;
    if (at > path && at[-1] != '/')
        *at++ = '/';
    *at = '\0';
    return path;
}

static char *join_file(ss_arena *arena, const char *base, const char *name)
{
    char *path = join(arena, base, ss_bytes_str(name));

    if (path)
        path[strlen(path) - 1] = '\0';
    return path;
}

static ss_file_kind kind_of(const char *path, ss_file_info *info)
{
    if (ss_file_stat(path, 1, info, NULL))
        return SS_FILE_OTHER;
    return info->kind;
}

/* A file of one line that names a directory, in `out` with the directory made
 * absolute; NULL there when the file is none. */
static int read_link(char **out, ss_arena *arena, const char *file,
                     const char *prefix, const char *base, secscan_error *err)
{
    ss_buf text = SS_BUF_INIT(MAX_LINK);
    ss_bytes line, rest;
    ss_file_info info;
    int rc = 0;

    *out = NULL;
    if (kind_of(file, &info) != SS_FILE_REGULAR)
        goto out;
    rc = ss_file_read(&text, file, MAX_LINK, NULL);
    if (rc) {
        rc = rc == SECSCAN_ERR_NOMEM ? ss_fail_nomem(err) : 0;
        goto out;
    }
    rest = ss_buf_bytes(&text);
    if (!ss_bytes_line(&line, &rest) || !ss_bytes_starts(line, prefix))
        goto out;
    line.data += strlen(prefix);
    line.len -= strlen(prefix);
    while (line.len && line.data[line.len - 1] == '\r')
        line.len--;
    if (!line.len)
        goto out;
    *out = join(arena, base, line);
    rc = *out ? 0 : ss_fail_nomem(err);
out:
    ss_buf_release(&text);
    return rc;
}

/* HEAD may be a link to a branch that has no commit yet. */
static int look(ss_git_place *out, ss_arena *arena, const char *common_dir)
{
    const char *head = join_file(arena, out->git_dir, "HEAD");
    const char *objects = join_file(arena, common_dir, "objects");
    const char *refs = join_file(arena, common_dir, "refs");
    ss_file_info info;

    if (!head || !objects || !refs)
        return SECSCAN_ERR_NOMEM;
    out->is_valid = !ss_file_stat(head, 0, &info, NULL) &&
                    info.kind != SS_FILE_NONE &&
                    kind_of(objects, &info) == SS_FILE_DIRECTORY &&
                    kind_of(refs, &info) == SS_FILE_DIRECTORY &&
                    kind_of(common_dir, &info) == SS_FILE_DIRECTORY;
    out->device = info.device;
    out->inode = info.inode;
    return 0;
}

int ss_git_place_of_dir(ss_git_place *out, ss_arena *arena, const char *git_dir,
                        secscan_error *err)
{
    const char *file = join_file(arena, git_dir, "commondir");
    const char *dir = join(arena, git_dir, ss_bytes_str(""));
    char *common;
    int rc;

    if (!file || !dir)
        return ss_fail_nomem(err);
    rc = read_link(&common, arena, file, "", dir, err);
    if (rc)
        return rc;
    out->git_dir = dir;
    return look(out, arena, common ? common : dir) ? ss_fail_nomem(err) : 0;
}

int ss_git_place_of_tree(ss_git_place *out, ss_arena *arena,
                         const char *work_dir, int *is_found,
                         secscan_error *err)
{
    const char *dot_git = join_file(arena, work_dir, ".git");
    ss_file_info info;
    char *dir;
    int rc;

    *is_found = 0;
    if (!dot_git)
        return ss_fail_nomem(err);
    switch (kind_of(dot_git, &info)) {
    case SS_FILE_DIRECTORY:
        rc = ss_git_place_of_dir(out, arena, dot_git, err);
        break;
    case SS_FILE_REGULAR:
        rc = read_link(&dir, arena, dot_git, "gitdir: ", work_dir, err);
        if (!rc)
            rc = ss_git_place_of_dir(out, arena, dir ? dir : dot_git, err);
        break;
    default:
        return 0;
    }
    out->work_dir = work_dir;
    *is_found = 1;
    return rc;
}

static int is_same_dir(const char *a, const char *b)
{
    ss_file_info x, y;

    return kind_of(a, &x) == SS_FILE_DIRECTORY &&
           kind_of(b, &y) == SS_FILE_DIRECTORY && x.device == y.device &&
           x.inode == y.inode;
}

int ss_git_find_work_dir(const char **out, ss_arena *arena, const char *path,
                         const char *git_dir, secscan_error *err)
{
    char *real = NULL;
    int rc = 0;

    *out = NULL;
    rc = ss_dir_real_path(&real, path, NULL);
    if (rc)
        return rc == SECSCAN_ERR_NOMEM ? ss_fail_nomem(err) : 0;
    for (size_t len = strlen(real); len && !rc;) {
        const char *dir = ss_arena_str(arena, real, len);
        ss_git_place place = {0};
        int is_found = 0;

        rc = dir ? ss_git_place_of_tree(&place, arena, dir, &is_found, err)
                 : ss_fail_nomem(err);
        if (!rc && is_found && is_same_dir(place.git_dir, git_dir)) {
            *out = dir;
            break;
        }
        while (len && real[len - 1] != '/')
            len--;
        if (len)
            len--;
    }
    ss_free(real);
    return rc;
}

/* ---- modules/ --------------------------------------------------------- */

static int push_module(ss_git_places *places, ss_git_place place,
                       const char *dir, size_t name_at, secscan_error *err)
{
    place.path =
        ss_arena_str(&places->arena, dir + name_at, strlen(dir + name_at));
    if (!place.path || SS_VEC_PUSH(&places->list, place))
        return ss_fail_nomem(err);
    return 0;
}

/* Nonzero *is_one: it is a repository, and nothing else has to be looked for
 * in it. */
static int add_module(ss_git_places *places, const char *dir, size_t name_at,
                      int *is_one, secscan_error *err)
{
    ss_git_place place = {0};
    int rc = ss_git_place_of_dir(&place, &places->arena, dir, err);

    *is_one = !rc && place.is_valid;
    return *is_one ? push_module(places, place, dir, name_at, err) : rc;
}

/* A directory that cannot be listed may hold one: it is told. */
static int add_closed(ss_git_places *places, const char *dir, size_t name_at,
                      secscan_error *err)
{
    ss_git_place place = {.git_dir = ""};

    return push_module(places, place, dir, name_at, err);
}

/* Repositories below a directory; those below one of them are its own. */
static int walk(ss_git_places *places, ss_buf *path, size_t name_at, int depth,
                secscan_error *err)
{
    size_t len = path->len;
    ss_dir dir = SS_DIR_INIT;
    const char *name, *why;
    ss_file_kind kind;
    ss_open_status status;
    ss_file_info info;
    int rc = 0, is_one = 0;

    if (ss_buf_putc(path, '\0'))
        return ss_fail_nomem(err);
    if (depth)
        rc =
            add_module(places, (const char *)path->data, name_at, &is_one, err);
    if (rc || is_one || depth == MAX_DEPTH)
        goto out;
    status = ss_dir_open(&dir, (const char *)path->data, 1, &why);
    if (status == SS_OPEN_REFUSED)
        rc = add_closed(places, (const char *)path->data,
                        depth ? name_at : name_at - sizeof("modules"), err);
    if (status)
        goto out;
    while (!rc && ss_dir_next(&dir, &name, &kind, &why) > 0) {
        path->len = len;
        ss_buf_putc(path, '/');
        if (ss_buf_add(path, name, strlen(name) + 1)) {
            rc = ss_fail_nomem(err);
            break;
        }
        path->len--;
        if (!ss_file_stat((const char *)path->data, 0, &info, NULL) &&
            info.kind == SS_FILE_DIRECTORY)
            rc = walk(places, path, name_at, depth + 1, err);
    }
    ss_dir_close(&dir);
out:
    path->len = len;
    return rc;
}

static int add_below(ss_git_places *places, const char *git_dir,
                     secscan_error *err)
{
    ss_buf path = SS_BUF_INIT(MAX_PATH);
    int rc;

    ss_buf_puts(&path, git_dir);
    ss_buf_puts(&path, "modules");
    rc = path.failed ? ss_fail_nomem(err)
                     : walk(places, &path, path.len + 1, 0, err);
    ss_buf_release(&path);
    return rc;
}

int ss_git_places_add_modules(ss_git_places *places, const char *common_dir,
                              secscan_error *err)
{
    const char *trees =
        join(&places->arena, common_dir, ss_bytes_str("worktrees"));
    ss_dir dir = SS_DIR_INIT;
    const char *name, *why;
    ss_file_kind kind;
    int rc;

    rc = trees ? add_below(places, common_dir, err) : ss_fail_nomem(err);
    if (rc || ss_dir_open(&dir, trees, 1, &why))
        return rc;
    while (!rc && ss_dir_next(&dir, &name, &kind, &why) > 0) {
        const char *tree = join(&places->arena, trees, ss_bytes_str(name));

        rc = tree ? add_below(places, tree, err) : ss_fail_nomem(err);
    }
    ss_dir_close(&dir);
    return rc;
}

static int compare_places(const void *left, const void *right)
{
    const ss_git_place *a = left, *b = right;
    int order = strcmp(a->path, b->path);

    return order ? order : strcmp(a->git_dir, b->git_dir);
}

void ss_git_places_sort(ss_git_places *places)
{
    size_t n = 0;

    for (size_t i = 0; i < places->list.len; i++) {
        const ss_git_place *at = places->list.at;
        size_t k = 0;

        while (k < n &&
               (!at[k].is_valid || !at[i].is_valid ||
                at[k].device != at[i].device || at[k].inode != at[i].inode))
            k++;
        if (k == n)
            places->list.at[n++] = at[i];
    }
    places->list.len = n;
    if (n)
        qsort(places->list.at, n, sizeof(*places->list.at), compare_places);
}
