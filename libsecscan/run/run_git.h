/*
 * run_git.h: scans of repositories: the whole history, a range, a push, the
 * index.
 */
#ifndef SS_RUN_GIT_H
#define SS_RUN_GIT_H

#include "run/handle.h"

#include <secscan_git.h>

typedef struct ss_git_scan {
    secscan_scanner *handle;
    const char *path;
    secscan_git_options options;
    secscan_sink sink;
    int is_submodule;   /* of the repository that the caller named */
    const char *prefix; /* path of the submodule it is in; NULL: in none */
} ss_git_scan;

/* Each returns as a public function does; the handle has been entered. */
int ss_run_git_history(const ss_git_scan *scan, secscan_error *err);
int ss_run_git_range(const ss_git_scan *scan, secscan_error *err); /* a push */
int ss_run_git_staged(const ss_git_scan *scan, secscan_error *err);

/* As secscan_git_find; *out is zero. */
int ss_run_git_find(secscan_git_look *out, const char *path,
                    const char *revision, secscan_error *err);
/* The policy that such a scan is judged by. */
int ss_run_git_policy(secscan_policy **out, const char *path,
                      const secscan_git_options *git,
                      const secscan_policy_options *options,
                      secscan_error *err);
#define SS_MAX_BASE_FILE ((uint64_t)1 << 20)
/* As secscan_git_base_file. */
int ss_run_git_base_file(const secscan_git_file **out, const char *path,
                         const char *const *names,
                         const secscan_git_options *git, uint32_t flags,
                         secscan_error *err);

#endif
