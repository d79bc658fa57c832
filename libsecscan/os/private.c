/*
 * private.c: private files through POSIX calls relative to their directory. No
 * errors are told: a cache that cannot be used is simply not there.
 */
#include "os/private.h"

#include "base/alloc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_TEMP 300

static int is_private(const struct stat *st)
{
    return st->st_uid == geteuid() && (st->st_mode & 077) == 0;
}

static int open_dir(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat st;

    if (fd < 0)
        return -1;
    if (fstat(fd, &st) != 0 || !is_private(&st)) {
        close(fd);
        return -1;
    }
    return fd;
}

int ss_private_dir(const char *path)
{
    char *copy = ss_strdup(path);
    int fd;

    if (!copy)
        return -1;
    for (char *s = copy + 1; *copy && *s; s++) {
        if (*s != '/')
            continue;
        *s = '\0';
        (void)mkdir(copy, 0700);
        *s = '/';
    }
    (void)mkdir(copy, 0700);
    ss_free(copy);
    fd = open_dir(path);
    if (fd < 0)
        return -1;
    close(fd);
    return 0;
}

static int read_all(int fd, size_t size, ss_buf *out)
{
    if (ss_buf_reserve(out, size))
        return -1;
    while (size) {
        ssize_t n = read(fd, out->data + out->len, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        out->len += (size_t)n;
        size -= (size_t)n;
    }
    return 0;
}

int ss_private_read(ss_buf *out, const char *dir, const char *name)
{
    int rc = -1;
    int file = -1;
    int fd = open_dir(dir);
    struct stat st;

    if (fd < 0)
        return -1;
    file = openat(fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0 || fstat(file, &st) != 0)
        goto out;
    if (!S_ISREG(st.st_mode) || !is_private(&st) || st.st_size < 0 ||
        (uint64_t)st.st_size > out->max)
        goto out;
    rc = read_all(file, (size_t)st.st_size, out);
out:
    if (file >= 0)
        close(file);
    close(fd);
    return rc;
}

static int write_all(int fd, ss_bytes bytes)
{
    size_t at = 0;

    while (at < bytes.len) {
        ssize_t n = write(fd, bytes.data + at, bytes.len - at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        at += (size_t)n;
    }
    return 0;
}

static int write_temp(int dir, const char *temp, ss_bytes bytes)
{
    int file = openat(
        dir, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    int rc;

    if (file < 0)
        return -1;
    rc = write_all(file, bytes);
    if (close(file) != 0)
        rc = -1;
    return rc;
}

int ss_private_write(const char *dir, const char *name, ss_bytes bytes)
{
    char temp[MAX_TEMP];
    int fd = open_dir(dir);
    int rc;

    if (fd < 0)
        return -1;
    /* Two threads of a process have stacks of their own. */
    snprintf(temp, sizeof(temp), ".%.200s.%ld.%p", name, (long)getpid(),
             (void *)temp);
    rc = write_temp(fd, temp, bytes);
    if (rc == 0)
        rc = renameat(fd, temp, fd, name);
    if (rc != 0)
        (void)unlinkat(fd, temp, 0);
    close(fd);
    return rc == 0 ? 0 : -1;
}

typedef struct census {
    size_t n;
    struct timespec oldest_time;
    char oldest[256];
} census;

static int is_older(struct timespec a, struct timespec b)
{
    return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
}

static void count_file(census *c, int fd, const char *name)
{
    struct stat st;

    if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return;
    if (c->n == 0 || is_older(st.st_mtim, c->oldest_time)) {
        c->oldest_time = st.st_mtim;
        snprintf(c->oldest, sizeof(c->oldest), "%s", name);
    }
    c->n++;
}

static census count_files(DIR *dir, const char *prefix)
{
    census c = {0, {0, 0}, ""};
    struct dirent *entry;

    rewinddir(dir);
    for (entry = readdir(dir); entry; entry = readdir(dir)) {
        if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
            count_file(&c, dirfd(dir), entry->d_name);
    }
    return c;
}

void ss_private_trim(const char *path, const char *prefix, size_t keep)
{
    int fd = open_dir(path);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);

    if (!dir) {
        if (fd >= 0)
            close(fd);
        return;
    }
    for (;;) {
        census c = count_files(dir, prefix);

        if (c.n <= keep || unlinkat(fd, c.oldest, 0) != 0)
            break;
    }
    closedir(dir);
}
