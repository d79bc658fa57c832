/*
 * alternates.h: the object stores of a repository: its own and those that
 * info/alternates name, each once.
 */
#ifndef SS_ALTERNATES_H
#define SS_ALTERNATES_H

#include "base/error.h"

typedef struct ss_alternates_sink {
    void *ctx;
    /* A store; its path ends with a slash. Nonzero stops. */
    int (*store)(void *ctx, const char *objects_dir);
    /* A store that is named and cannot be used. NULL: not told. */
    int (*problem)(void *ctx, const char *path, const char *reason,
                   const char *detail);
} ss_alternates_sink;

/* 0, what the sink answered, or SECSCAN_ERR_NOMEM. */
int ss_alternates_each(const char *objects_dir, const ss_alternates_sink *sink,
                       secscan_error *err);

#endif
