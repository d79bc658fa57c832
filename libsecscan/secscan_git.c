/*
 * secscan_git.c: public entry points of libsecscan-git.
 */
#include <secscan_git.h>

#include "base/alloc.h"
#include "base/options.h"
#include "run/run_git.h"
#include "source/git_location.h"

#define KNOWN_FLAGS                                                            \
    (SECSCAN_GIT_OWNS_LIBGIT2 | SECSCAN_GIT_GATE_UNREACHABLE |                 \
     SECSCAN_GIT_BY_NAME | SECSCAN_GIT_NO_SUBMODULES | SECSCAN_GIT_RECEIVE)

static int check_updates(const secscan_git_options *options, secscan_error *err)
{
    for (size_t i = 0; i < options->n_updates; i++) {
        const secscan_git_update *u =
            options->updates ? &options->updates[i] : NULL;

        if (!u || !u->ref || !u->old_id || !u->new_id)
            return ss_fail(err, SECSCAN_ERR_ARG,
                           "an update lacks its ref or an id");
    }
    return 0;
}

static int check_options(const secscan_git_options *options, secscan_error *err)
{
    int rc;

    if (options->mode > SECSCAN_GIT_PUSH)
        return ss_fail(err, SECSCAN_ERR_ARG, "no such mode");
    if (options->flags & ~KNOWN_FLAGS)
        return ss_fail(err, SECSCAN_ERR_ARG,
                       "a flag is newer than this library");
    if (options->gate_ref &&
        (options->mode != SECSCAN_GIT_HISTORY || !*options->gate_ref))
        return ss_fail(err, SECSCAN_ERR_ARG,
                       "gate_ref is empty, or the scan is not of a history");
    if (options->mode == SECSCAN_GIT_RANGE &&
        (!options->range || !*options->range) && !options->n_commits)
        return ss_fail(err, SECSCAN_ERR_ARG, "no range is given");
    if (options->cache_key_len && !options->cache_key)
        return ss_fail(err, SECSCAN_ERR_ARG, "cache_key is NULL");
    rc = ss_options_list(options->commits, options->n_commits, "commits", err);
    if (!rc)
        rc = ss_options_list(options->object_dirs, options->n_object_dirs,
                             "object_dirs", err);
    if (!rc && options->mode == SECSCAN_GIT_PUSH)
        rc = check_updates(options, err);
    return rc;
}

int secscan_scan_git(secscan_scanner *scanner, const char *path,
                     const secscan_git_options *options,
                     const secscan_sink *sink, secscan_error *err)
{
    static const char *const modes[] = {"history", "range", "staged", "push"};
    static int (*const runs[])(const ss_git_scan *, secscan_error *) = {
        ss_run_git_history, ss_run_git_range, ss_run_git_staged,
        ss_run_git_range};
    ss_git_scan scan = {.handle = scanner, .path = path};
    int rc;

    if (!scanner || !path)
        return ss_fail(err, SECSCAN_ERR_ARG, "no scanner or no path");
    rc = ss_options_copy(&scan.options, sizeof(scan.options), options, err);
    if (!rc)
        rc = check_options(&scan.options, err);
    if (!rc)
        rc = ss_sink_copy(&scan.sink, sink, err);
    if (!rc)
        rc = ss_handle_enter(scanner, modes[scan.options.mode], err);
    if (rc)
        return rc;
    rc = runs[scan.options.mode](&scan, err);
    return ss_handle_leave(scanner, rc, err);
}

int secscan_git_find(secscan_git_look *out, const char *path,
                     const char *revision, secscan_error *err)
{
    if (!out || !path || !revision)
        return ss_fail(err, SECSCAN_ERR_ARG, "an argument is NULL");
    memset(out, 0, sizeof(*out));
    return ss_run_git_find(out, path, revision, err);
}

int secscan_git_policy(secscan_policy **out, const char *path,
                       const secscan_git_options *git,
                       const secscan_policy_options *options,
                       secscan_error *err)
{
    secscan_git_options own;
    int rc;

    if (!out || !path)
        return ss_fail(err, SECSCAN_ERR_ARG, "out or path is NULL");
    rc = ss_options_copy(&own, sizeof(own), git, err);
    if (!rc)
        rc = check_options(&own, err);
    return rc ? rc : ss_run_git_policy(out, path, &own, options, err);
}

int secscan_git_base_file(const secscan_git_file **out, const char *path,
                          const char *const *names,
                          const secscan_git_options *git, uint32_t flags,
                          secscan_error *err)
{
    secscan_git_options own;
    int rc;

    if (!out || !path || !names)
        return ss_fail(err, SECSCAN_ERR_ARG, "an argument is NULL");
    if (flags & ~SECSCAN_POLICY_ADOPT)
        return ss_fail(err, SECSCAN_ERR_ARG, "unknown flags");
    rc = ss_options_copy(&own, sizeof(own), git, err);
    if (!rc)
        rc = check_options(&own, err);
    return rc ? rc : ss_run_git_base_file(out, path, names, &own, flags, err);
}

void secscan_git_file_free(const secscan_git_file *file)
{
    ss_free((void *)(uintptr_t)file);
}

int secscan_git_locate(const secscan_git_location **out, const char *path,
                       secscan_error *err)
{
    ss_git_location *location;
    int rc;

    if (!out)
        return ss_fail(err, SECSCAN_ERR_ARG, "out is NULL");
    location = ss_calloc(1, sizeof(*location));
    if (!location)
        return ss_fail_nomem(err);
    rc = ss_git_location_find(location, path, err);
    if (rc)
        secscan_git_location_free(&location->is);
    else
        *out = &location->is;
    return rc;
}

/* `is` is the first member of what was made. */
void secscan_git_location_free(const secscan_git_location *location)
{
    ss_git_location *own = (ss_git_location *)(uintptr_t)location;

    if (!own)
        return;
    ss_git_location_release(own);
    ss_free(own);
}
