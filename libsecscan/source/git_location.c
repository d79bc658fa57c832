/*
 * git_location.c: the files of configuration in git's order, the last value
 * wins: the system's, the user's, the repository's, the work tree's, and what
 * the environment adds. Conditional includes are not followed.
 */
#include "git_location.h"

#include "base/buf.h"
#include "os/file.h"
#include "source/git_config.h"
#include "source/git_dirs.h"
#include "source/repository.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define MAX_PATH_LEN ((size_t)1 << 16)
#define MAX_CONFIG ((size_t)16 << 20)
#define MAX_INCLUDES 10

typedef struct reader {
    ss_arena *arena;
    const char *file; /* being read */
    const char *hooks_path, *hooks_file, *template_dir;
    int depth;
    secscan_error *err;
} reader;

static const char *env(const char *name)
{
    const char *value = getenv(name);

    return value && *value ? value : NULL;
}

/* "~/x" is in the user's home; what is relative is in `dir`. In the arena. */
static const char *expand(const reader *r, const char *dir, const char *path)
{
    int is_home = strncmp(path, "~/", 2) == 0 && env("HOME");
    const char *base = is_home ? env("HOME") : *path == '/' ? "" : dir;
    size_t len, base_len = strlen(base);
    char *out;

    if (is_home)
        path++; /* the slash stays */
    len = strlen(path);
    out = ss_arena_alloc(r->arena, base_len + len + 1);
    if (!out)
        return NULL;
    memcpy(out, base, base_len);
    memcpy(out + base_len, path, len + 1);
    return out;
}

/* With a slash at its end. */
static const char *as_dir(const reader *r, const char *path)
{
    size_t len = strlen(path);
    char *out = ss_arena_alloc(r->arena, len + 2);

    if (!out)
        return NULL;
    memcpy(out, path, len + 1);
    if (!len || path[len - 1] != '/')
        memcpy(out + len, "/", 2);
    return out;
}

/* The directory of a file, with a slash at its end. */
static const char *dir_of(const reader *r, const char *file)
{
    const char *slash = strrchr(file, '/');

    return ss_arena_str(r->arena, file, slash ? (size_t)(slash + 1 - file) : 0);
}

static int read_file(reader *r, const char *file);

static int include(reader *r, const char *value)
{
    const char *dir = dir_of(r, r->file), *file = r->file;
    const char *included = dir ? expand(r, dir, value) : NULL;
    int rc;

    if (!included)
        return SECSCAN_ERR_NOMEM;
    if (++r->depth > MAX_INCLUDES)
        return ss_fail(r->err, SECSCAN_ERR_GIT,
                       "%.140s includes itself, or too many files", file);
    rc = read_file(r, included);
    r->depth--;
    r->file = file;
    return rc;
}

static int keep_value(void *ctx, const char *name, const char *value)
{
    reader *r = ctx;
    const char **out = strcmp(name, "core.hookspath") == 0 ? &r->hooks_path
                       : strcmp(name, "init.templatedir") == 0
                           ? &r->template_dir
                           : NULL;

    if (!value)
        return 0;
    if (strcmp(name, "include.path") == 0)
        return include(r, value);
    if (!out)
        return 0;
    if (out == &r->hooks_path)
        r->hooks_file = r->file;
    *out = ss_arena_str(r->arena, value, strlen(value));
    return *out ? 0 : SECSCAN_ERR_NOMEM;
}

static int read_file(reader *r, const char *file)
{
    ss_buf text = SS_BUF_INIT(MAX_CONFIG);
    int found = 0;
    int rc = ss_file_read_regular(&text, file, MAX_CONFIG, &found, r->err);

    r->file = file;
    if (!rc && found)
        rc = ss_git_config_each(ss_buf_bytes(&text), keep_value, r, r->err);
    ss_buf_release(&text);
    return rc == SECSCAN_ERR_NOMEM ? ss_fail_nomem(r->err) : rc;
}

static int read_below(reader *r, const char *dir, const char *name)
{
    const char *file = expand(r, dir, name);

    return file ? read_file(r, file) : ss_fail_nomem(r->err);
}

/* ---- the files ---- */

static int read_system(reader *r)
{
    const char *file = env("GIT_CONFIG_SYSTEM");

    if (ss_git_config_is_true(
            env("GIT_CONFIG_NOSYSTEM") ? env("GIT_CONFIG_NOSYSTEM") : "false"))
        return 0;
    return read_file(r, file ? file : "/etc/gitconfig");
}

static int read_xdg(reader *r, const char *xdg)
{
    const char *dir = as_dir(r, xdg);

    return dir ? read_below(r, dir, "git/config") : ss_fail_nomem(r->err);
}

static int read_global(reader *r)
{
    const char *file = env("GIT_CONFIG_GLOBAL"), *home = env("HOME");
    const char *xdg = env("XDG_CONFIG_HOME");
    int rc = 0;

    if (file)
        return strcmp(file, "/dev/null") == 0 ? 0 : read_file(r, file);
    if (xdg)
        rc = read_xdg(r, xdg);
    else if (home)
        rc = read_below(r, home, "~/.config/git/config");
    return rc || !home ? rc : read_below(r, home, "~/.gitconfig");
}

static int read_repository(reader *r, const ss_repository *repository)
{
    int rc = read_below(r, repository->common_dir, "config");

    if (rc || !ss_repository_config(repository, "extensions.worktreeconfig") ||
        !ss_git_config_is_true(
            ss_repository_config(repository, "extensions.worktreeconfig")))
        return rc;
    return read_below(r, repository->git_dir, "config.worktree");
}

/* GIT_CONFIG_COUNT, _KEY_0, _VALUE_0 ...: `git -c core.hooksPath=x`. */
static int read_environment(reader *r)
{
    const char *count = env("GIT_CONFIG_COUNT");
    unsigned long n = count ? strtoul(count, NULL, 10) : 0;
    int rc = 0;

    r->file = "the environment";
    for (unsigned long i = 0; !rc && i < n && i < 1000; i++) {
        char key[40], value[40];

        snprintf(key, sizeof(key), "GIT_CONFIG_KEY_%lu", i);
        snprintf(value, sizeof(value), "GIT_CONFIG_VALUE_%lu", i);
        if (!env(key))
            continue;
        if (strcasecmp(env(key), "core.hookspath") == 0)
            rc = keep_value(r, "core.hookspath", env(value));
        else if (strcasecmp(env(key), "init.templatedir") == 0)
            rc = keep_value(r, "init.templatedir", env(value));
    }
    return rc == SECSCAN_ERR_NOMEM ? ss_fail_nomem(r->err) : rc;
}

/* ---- what they mean ---- */

static int set_hooks(secscan_git_location *out, const reader *r)
{
    const char *top = out->work_dir ? as_dir(r, out->work_dir) : out->git_dir;
    const char *path = NULL;

    if (!top)
        return ss_fail_nomem(r->err);
    path = r->hooks_path ? expand(r, top, r->hooks_path)
                         : expand(r, out->common_dir, "hooks");
    out->hooks_dir = path ? as_dir(r, path) : NULL;
    if (!out->hooks_dir)
        return ss_fail_nomem(r->err);
    out->hooks_file = r->hooks_path ? r->hooks_file : NULL;
    return 0;
}

static int set_template(secscan_git_location *out, const reader *r)
{
    const char *path = r->template_dir ? expand(r, "", r->template_dir) : NULL;

    if (!r->template_dir)
        return 0;
    out->template_dir = path ? as_dir(r, path) : NULL;
    return out->template_dir ? 0 : ss_fail_nomem(r->err);
}

static int find_dirs(ss_git_location *out, const ss_repository *repository,
                     const char *path, secscan_error *err)
{
    secscan_git_location *is = &out->is;

    is->git_dir = ss_arena_str(&out->arena, repository->git_dir,
                               strlen(repository->git_dir));
    is->common_dir = ss_arena_str(&out->arena, repository->common_dir,
                                  strlen(repository->common_dir));
    if (!is->git_dir || !is->common_dir)
        return ss_fail_nomem(err);
    return ss_git_find_work_dir(&is->work_dir, &out->arena, path, is->git_dir,
                                err);
}

int ss_git_location_find(ss_git_location *out, const char *path,
                         secscan_error *err)
{
    ss_repository repository = SS_REPOSITORY_INIT;
    reader r = {.arena = &out->arena, .err = err};
    int rc = 0;

    if (path)
        rc = ss_repository_find(&repository, path, err);
    if (!rc && path)
        rc = find_dirs(out, &repository, path, err);
    if (!rc)
        rc = read_system(&r);
    if (!rc)
        rc = read_global(&r);
    if (!rc && path)
        rc = read_repository(&r, &repository);
    if (!rc)
        rc = read_environment(&r);
    if (!rc && path)
        rc = set_hooks(&out->is, &r);
    if (!rc)
        rc = set_template(&out->is, &r);
    ss_repository_release(&repository);
    return rc;
}

void ss_git_location_release(ss_git_location *location)
{
    ss_arena_release(&location->arena);
}
