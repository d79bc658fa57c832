/*
 * dir.h: the names in a directory.
 */
#ifndef SS_DIR_H
#define SS_DIR_H

#include "open.h"

typedef struct ss_dir {
    void *os;
} ss_dir;

#define SS_DIR_INIT                                                            \
    {                                                                          \
        NULL                                                                   \
    }

ss_open_status ss_dir_open(ss_dir *dir, const char *path, int follow,
                           const char **why);
/* 1: *name (valid until the next call) and what it is, 0: no more, -1: the
 * directory cannot be read to its end. "." and ".." are left out. */
int ss_dir_next(ss_dir *dir, const char **name, ss_file_kind *kind,
                const char **why);
void ss_dir_close(ss_dir *dir);

/* The absolute path behind all symbolic links; *out is the caller's
 * (ss_free). SECSCAN_ERR_IO when there is none. */
int ss_dir_real_path(char **out, const char *path, secscan_error *err);

#endif
