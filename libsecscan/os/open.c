/*
 * open.c: a path that is too long is opened in pieces, each relative to the
 * directory that the one before it led to.
 */
#include "open.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef O_PATH
#define PIECE_FLAGS (O_PATH | O_DIRECTORY | O_CLOEXEC)
#else
#define PIECE_FLAGS (O_RDONLY | O_DIRECTORY | O_CLOEXEC)
#endif

/* The system's words depend on the locale; these do not. */
static const char *words_of(int error)
{
    switch (error) {
    case EACCES:
    case EPERM:
        return "permission denied";
    case EIO:
        return "input/output error";
    case EISDIR:
        return "is a directory";
    case EMFILE:
    case ENFILE:
        return "too many open files";
    case ENAMETOOLONG:
        return "name too long";
    case ENOMEM:
        return "out of memory";
    case ESTALE:
        return "stale file handle";
    default:
        return "cannot be read";
    }
}

static ss_open_status refuse(int error, const char **why)
{
    if (why)
        *why = words_of(error);
    return SS_OPEN_REFUSED;
}

static ss_open_status status_of(int error, int follow, const char **why)
{
    if (error == ENOENT || error == ENOTDIR)
        return SS_OPEN_GONE;
    if (error == ELOOP && !follow)
        return SS_OPEN_SYMLINK;
    if (error == ENXIO || error == ENODEV)
        return SS_OPEN_NOT_A_FILE;
    return refuse(error, why);
}

/* Step into the directories of a long path. *at (AT_FDCWD at first) becomes the
 * directory that what is left is relative to. NULL and errno on failure. */
static const char *shorten(int *at, const char *path)
{
    size_t len = strlen(path);
    char piece[PATH_MAX];

    while (len >= PATH_MAX) {
        size_t cut = PATH_MAX - 1;
        int next;

        while (cut && path[cut] != '/')
            cut--;
        if (!cut) {
            errno = ENAMETOOLONG;
            return NULL;
        }
        memcpy(piece, path, cut);
        piece[cut] = '\0';
        next = openat(*at, piece, PIECE_FLAGS);
        if (*at != AT_FDCWD)
            close(*at);
        *at = next;
        if (next < 0)
            return NULL;
        path += cut + strspn(path + cut, "/");
        len = strlen(path);
    }
    return path;
}

static void leave(int at)
{
    int error = errno;

    if (at >= 0)
        close(at);
    errno = error;
}

static int open_any(const char *path, int flags)
{
    int at = AT_FDCWD;
    const char *rest = shorten(&at, path);
    int fd = rest ? openat(at, rest, flags) : -1;

    leave(at);
    return fd;
}

static ss_open_status open_as(int *fd, const char *path, int flags, int follow,
                              const char **why)
{
    flags |= O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    if (!follow)
        flags |= O_NOFOLLOW;
    do {
        *fd = open_any(path, flags);
    } while (*fd < 0 && errno == EINTR);
    return *fd >= 0 ? SS_OPEN_OK : status_of(errno, follow, why);
}

ss_open_status ss_open_file(int *fd, const char *path, int follow,
                            const char **why)
{
    return open_as(fd, path, 0, follow, why);
}

ss_open_status ss_open_directory(int *fd, const char *path, int follow,
                                 const char **why)
{
    return open_as(fd, path, O_DIRECTORY, follow, why);
}

ptrdiff_t ss_open_read(int fd, void *data, size_t len, const char **why)
{
    ssize_t n;

    do {
        n = read(fd, data, len);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        refuse(errno, why);
    return n;
}

static ss_file_kind kind_of(mode_t mode)
{
    if (S_ISREG(mode))
        return SS_FILE_REGULAR;
    if (S_ISDIR(mode))
        return SS_FILE_DIRECTORY;
    return S_ISLNK(mode) ? SS_FILE_SYMLINK : SS_FILE_OTHER;
}

static void fill_info(ss_file_info *info, const struct stat *st)
{
    memset(info, 0, sizeof(*info));
    info->kind = kind_of(st->st_mode);
    info->size = (uint64_t)st->st_size;
    info->device = (uint64_t)st->st_dev;
    info->inode = (uint64_t)st->st_ino;
    info->mtime = (int64_t)st->st_mtime;
    info->uid = (uint32_t)st->st_uid;
    info->mode = (uint32_t)st->st_mode;
}

ss_open_status ss_open_stat(const char *path, int follow, ss_file_info *info,
                            const char **why)
{
    int at = AT_FDCWD;
    const char *rest = shorten(&at, path);
    struct stat st;
    int rc = -1;

    if (rest)
        rc = fstatat(at, rest, &st, follow ? 0 : AT_SYMLINK_NOFOLLOW);
    leave(at);
    if (rc)
        return status_of(errno, follow, why);
    fill_info(info, &st);
    return SS_OPEN_OK;
}

int ss_open_info(int fd, ss_file_info *info)
{
    struct stat st;

    if (fstat(fd, &st))
        return -1;
    fill_info(info, &st);
    return 0;
}
