/*
 * open.h: open a path of any length, and say in a fixed word why not. For walks
 * over many files, where a failure is a record and not an end.
 */
#ifndef SS_OPEN_H
#define SS_OPEN_H

#include "file.h"

typedef enum ss_open_status {
    SS_OPEN_OK = 0,
    SS_OPEN_GONE,       /* does not exist any more */
    SS_OPEN_SYMLINK,    /* a symbolic link, not followed */
    SS_OPEN_NOT_A_FILE, /* a socket, or a device without a driver */
    SS_OPEN_REFUSED     /* exists and cannot be read */
} ss_open_status;

/* For reading; never blocks on a fifo. `path` may be longer than what the
 * system takes in one call. On SS_OPEN_REFUSED *why (may be NULL) is static
 * text. */
ss_open_status ss_open_file(int *fd, const char *path, int follow,
                            const char **why);
ss_open_status ss_open_directory(int *fd, const char *path, int follow,
                                 const char **why);

/* Up to `len` bytes; 0 at the end; -1 and *why when it cannot be read. */
ptrdiff_t ss_open_read(int fd, void *data, size_t len, const char **why);

/* What a path is, if it is anything at all: as ss_open_file, without opening.
 */
ss_open_status ss_open_stat(const char *path, int follow, ss_file_info *info,
                            const char **why);
/* Of a file that is open; nonzero when it cannot be told. */
int ss_open_info(int fd, ss_file_info *info);

#endif
