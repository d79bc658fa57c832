/*
 * secscan_tree.c: public entry points for files and trees.
 */
#include "base/options.h"
#include "run/handle.h"
#include "run/run_tree.h"

#include <secscan.h>

#define KNOWN_FLAGS (SECSCAN_TREE_NO_GITIGNORE | SECSCAN_TREE_FOLLOW_SYMLINKS)

int secscan_scan_file(secscan_scanner *scanner, const char *path,
                      const secscan_sink *sink, secscan_error *err)
{
    secscan_sink own;
    int rc;

    if (!scanner || !path)
        return ss_fail(err, SECSCAN_ERR_ARG, "scanner or path is NULL");
    rc = ss_handle_enter(scanner, "tree", err);
    if (rc)
        return rc;
    rc = ss_sink_copy(&own, sink, err);
    if (!rc)
        rc = ss_run_one_file(scanner, path, &own, err);
    return ss_handle_leave(scanner, rc, err);
}

static int check_tree(secscan_scanner *scanner, const char *const *paths,
                      size_t n_paths, secscan_error *err)
{
    if (!scanner || !paths || !n_paths)
        return ss_fail(err, SECSCAN_ERR_ARG, "scanner or paths is missing");
    for (size_t i = 0; i < n_paths; i++) {
        if (!paths[i] || !*paths[i])
            return ss_fail(err, SECSCAN_ERR_ARG, "a path is empty");
    }
    return 0;
}

static int copy_tree_options(secscan_tree_options *own,
                             const secscan_tree_options *options,
                             secscan_error *err)
{
    int rc = ss_options_copy(own, sizeof(*own), options, err);

    if (!rc && own->flags & ~KNOWN_FLAGS)
        rc = ss_fail(err, SECSCAN_ERR_ARG, "a tree flag is not known");
    return rc ? rc : ss_options_reserved(own->reserved, err);
}

int secscan_scan_tree(secscan_scanner *scanner, const char *const *paths,
                      size_t n_paths, const secscan_tree_options *options,
                      const secscan_sink *sink, secscan_error *err)
{
    secscan_tree_options own;
    secscan_sink own_sink;
    int rc = check_tree(scanner, paths, n_paths, err);

    if (rc)
        return rc;
    rc = copy_tree_options(&own, options, err);
    if (rc)
        return rc;
    rc = ss_handle_enter(scanner, "tree", err);
    if (rc)
        return rc;
    rc = ss_sink_copy(&own_sink, sink, err);
    if (!rc)
        rc = ss_run_tree(scanner, paths, n_paths, own.flags, &own_sink, err);
    return ss_handle_leave(scanner, rc, err);
}
