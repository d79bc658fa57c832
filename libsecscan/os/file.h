/*
 * file.h: read files and list directories: with dir.h, thread.h and clock.h the
 * only platform surface.
 */
#ifndef SS_FILE_H
#define SS_FILE_H

#include "base/buf.h"
#include "base/error.h"

#include <stdint.h>

typedef enum ss_file_kind {
    SS_FILE_NONE, /* does not exist */
    SS_FILE_REGULAR,
    SS_FILE_DIRECTORY,
    SS_FILE_SYMLINK,
    SS_FILE_OTHER /* socket, device, fifo */
} ss_file_kind;

typedef struct ss_file_info {
    ss_file_kind kind;
    uint64_t size;
    uint64_t device, inode;
    int64_t mtime;
    uint32_t uid, mode;
} ss_file_info;

/* Of the link itself unless `follow`. SECSCAN_ERR_IO with the system's words
 * when it cannot be told; not existing is SS_FILE_NONE, not a failure. */
int ss_file_stat(const char *path, int follow, ss_file_info *info,
                 secscan_error *err);

/* A file open for reading; never blocks on a fifo. */
int ss_file_open(int *fd, const char *path, int follow, secscan_error *err);
/* Up to `len` bytes; *got 0 at the end. */
int ss_file_read_some(int fd, void *data, size_t len, size_t *got,
                      secscan_error *err);
int ss_file_read_at(int fd, void *data, size_t len, uint64_t offset,
                    size_t *got, secscan_error *err);
void ss_file_close(int fd);
/* How many files this process may have open at once. */
size_t ss_file_max_open(void);

/* A whole file, at most `max` bytes (SECSCAN_ERR_LIMIT beyond). */
int ss_file_read(ss_buf *out, const char *path, size_t max, secscan_error *err);
/* The same for what has to be a regular file, if it is there at all: *found
 * says so. SECSCAN_ERR_IO for a fifo, a directory, a device. */
int ss_file_read_regular(ss_buf *out, const char *path, size_t max, int *found,
                         secscan_error *err);

#endif
