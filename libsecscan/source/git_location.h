/*
 * git_location.h: where a repository is, and where git looks for its hooks.
 * Files of configuration are read as git reads them; git is not asked.
 */
#ifndef SS_GIT_LOCATION_H
#define SS_GIT_LOCATION_H

#include "base/arena.h"
#include "base/error.h"

#include <secscan_git.h>

typedef struct ss_git_location {
    secscan_git_location is; /* strings in the arena */
    ss_arena arena;
} ss_git_location;

/* `path` NULL: only what the user's configuration says. */
int ss_git_location_find(ss_git_location *out, const char *path,
                         secscan_error *err);
void ss_git_location_release(ss_git_location *location);

#endif
