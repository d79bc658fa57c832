/*
 * run_tree.h: the files below some paths through scanners, in parallel,
 * delivered in path order.
 */
#ifndef SS_RUN_TREE_H
#define SS_RUN_TREE_H

#include "run/handle.h"

/* `flags` are SECSCAN_TREE_*. 0, what the sink answered, or a negative status:
 * SECSCAN_ERR_IO for a path that is not there, before anything is scanned. */
int ss_run_tree(secscan_scanner *handle, const char *const *paths,
                size_t n_paths, uint32_t flags, const secscan_sink *sink,
                secscan_error *err);

/* One file, on this thread. As above; that it cannot be read is a skip. */
int ss_run_one_file(secscan_scanner *handle, const char *path,
                    const secscan_sink *sink, secscan_error *err);

#endif
