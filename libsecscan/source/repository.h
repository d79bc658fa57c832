/*
 * repository.h: where a repository is and how it is kept: its directories, the
 * hash of its ids, where its refs are. Only reads, and runs nothing.
 */
#ifndef SS_REPOSITORY_H
#define SS_REPOSITORY_H

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"

typedef struct ss_repository {
    const char *git_dir;    /* of this work tree; ends with a slash */
    const char *common_dir; /* what all work trees share */
    size_t id_len;          /* 20: SHA-1, 32: SHA-256 */
    int is_partial;         /* objects may be left at a remote */
    int has_reftable;
    ss_map config; /* the last value of each name, "" for a key alone */
    ss_arena arena;
} ss_repository;

#define SS_REPOSITORY_INIT                                                     \
    {                                                                          \
        .id_len = 0                                                            \
    }

/* At or above `path`. SECSCAN_ERR_GIT when there is none, or one that is kept
 * in a way that is not known. The caller releases *out in any case. */
int ss_repository_find(ss_repository *out, const char *path,
                       secscan_error *err);
void ss_repository_release(ss_repository *repository);
/* A value of its configuration, NULL when it has none. */
const char *ss_repository_config(const ss_repository *repository,
                                 const char *name);

#endif
