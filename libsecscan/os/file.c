/*
 * file.c: files through POSIX calls. Paths in messages are the caller's own.
 */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_STEP ((size_t)64 << 10)

static int fail_errno(secscan_error *err, const char *path)
{
    char text[80];

    return ss_fail(err, SECSCAN_ERR_IO, "%.140s: %s", path,
                   strerror_r(errno, text, sizeof(text)));
}

static ss_file_kind kind_of(mode_t mode)
{
    if (S_ISREG(mode))
        return SS_FILE_REGULAR;
    if (S_ISDIR(mode))
        return SS_FILE_DIRECTORY;
    if (S_ISLNK(mode))
        return SS_FILE_SYMLINK;
    return SS_FILE_OTHER;
}

int ss_file_stat(const char *path, int follow, ss_file_info *info,
                 secscan_error *err)
{
    struct stat st;
    int rc;

    memset(info, 0, sizeof(*info));
    rc = follow ? stat(path, &st) : lstat(path, &st);
    if (rc && (errno == ENOENT || errno == ENOTDIR))
        return 0;
    if (rc)
        return fail_errno(err, path);
    info->kind = kind_of(st.st_mode);
    info->size = (uint64_t)st.st_size;
    info->device = (uint64_t)st.st_dev;
    info->inode = (uint64_t)st.st_ino;
    info->mtime = (int64_t)st.st_mtime;
    info->uid = (uint32_t)st.st_uid;
    info->mode = (uint32_t)st.st_mode;
    return 0;
}

int ss_file_open(int *fd, const char *path, int follow, secscan_error *err)
{
    int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

    *fd = open(path, follow ? flags : flags | O_NOFOLLOW);
    if (*fd < 0)
        return fail_errno(err, path);
    return 0;
}

int ss_file_read_some(int fd, void *data, size_t len, size_t *got,
                      secscan_error *err)
{
    ssize_t n;

    do {
        n = read(fd, data, len);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return fail_errno(err, "read");
    *got = (size_t)n;
    return 0;
}

int ss_file_read_at(int fd, void *data, size_t len, uint64_t offset,
                    size_t *got, secscan_error *err)
{
    ssize_t n;

    do {
        n = pread(fd, data, len, (off_t)offset);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return fail_errno(err, "read");
    *got = (size_t)n;
    return 0;
}

void ss_file_close(int fd)
{
    if (fd >= 0)
        close(fd);
}

size_t ss_file_max_open(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur > 1u << 20)
        return (size_t)1 << 20;
    return (size_t)limit.rlim_cur;
}

static int read_all(ss_buf *out, int fd, const char *path, secscan_error *err)
{
    size_t got = 0;
    int rc;

    for (;;) {
        size_t room = out->max - out->len;

        if (room > READ_STEP)
            room = READ_STEP;
        if (!room)
            return ss_fail(err, SECSCAN_ERR_LIMIT, "%.140s: too large", path);
        if (ss_buf_reserve(out, room))
            return ss_fail_nomem(err);
        rc = ss_file_read_some(fd, out->data + out->len, room, &got, err);
        if (rc)
            return fail_errno(err, path);
        if (!got)
            return 0;
        out->len += got;
    }
}

int ss_file_read(ss_buf *out, const char *path, size_t max, secscan_error *err)
{
    int fd = -1;
    int rc;

    out->max = max == SIZE_MAX ? max : max + 1;
    rc = ss_file_open(&fd, path, 1, err);
    if (rc)
        goto out;
    rc = read_all(out, fd, path, err);
out:
    ss_file_close(fd);
    return rc;
}

int ss_file_read_regular(ss_buf *out, const char *path, size_t max, int *found,
                         secscan_error *err)
{
    struct stat st;
    int fd, rc;

    *found = 0;
    out->len = 0;
    out->max = max == SIZE_MAX ? max : max + 1;
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return 0;
    if (fd < 0 || fstat(fd, &st)) {
        rc = fail_errno(err, path);
        goto out;
    }
    if (S_ISREG(st.st_mode))
        rc = read_all(out, fd, path, err);
    else
        rc = ss_fail(err, SECSCAN_ERR_IO, "%.140s: not a regular file", path);
    *found = !rc;
out:
    ss_file_close(fd);
    return rc;
}
