/*
 * run_git_modules.h: the submodules of a repository that are on disk: each one
 * a history of its own, delivered after its parent's, under its path.
 */
#ifndef SS_RUN_GIT_MODULES_H
#define SS_RUN_GIT_MODULES_H

#include "run/run_git_objects.h"

/* A gitlink of HEAD's tree. */
typedef struct ss_git_link {
    const char *path;
    ss_oid id;
} ss_git_link;

/* What the scan of one repository tells of those below it. */
typedef struct ss_git_below {
    const char *git_dir, *common_dir; /* NULL: it was not opened */
    size_t id_len;
    SS_VEC(ss_git_link) links;
    ss_arena arena;
} ss_git_below;

/* One repository's history; ss_run_git_history is this for all of them. */
int ss_run_git_alone(const ss_git_scan *scan, ss_git_below *below,
                     secscan_error *err);

#endif
