/*
 * dir.c: readdir, with d_type where the file system tells it.
 */
#include "dir.h"

#include "base/alloc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

ss_open_status ss_dir_open(ss_dir *dir, const char *path, int follow,
                           const char **why)
{
    ss_open_status status;
    int fd = -1;

    status = ss_open_directory(&fd, path, follow, why);
    if (status)
        return status;
    dir->os = fdopendir(fd);
    if (dir->os)
        return SS_OPEN_OK;
    close(fd);
    if (why)
        *why = "out of memory";
    return SS_OPEN_REFUSED;
}

static ss_file_kind ask_kind(DIR *os, const char *name)
{
    struct stat st;

    if (fstatat(dirfd(os), name, &st, AT_SYMLINK_NOFOLLOW))
        return SS_FILE_NONE;
    if (S_ISREG(st.st_mode))
        return SS_FILE_REGULAR;
    if (S_ISDIR(st.st_mode))
        return SS_FILE_DIRECTORY;
    return S_ISLNK(st.st_mode) ? SS_FILE_SYMLINK : SS_FILE_OTHER;
}

static ss_file_kind kind_of(DIR *os, const struct dirent *entry)
{
    switch (entry->d_type) {
    case DT_REG:
        return SS_FILE_REGULAR;
    case DT_DIR:
        return SS_FILE_DIRECTORY;
    case DT_LNK:
        return SS_FILE_SYMLINK;
    case DT_UNKNOWN:
        return ask_kind(os, entry->d_name);
    default:
        return SS_FILE_OTHER;
    }
}

static int is_dots(const char *name)
{
    return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

int ss_dir_next(ss_dir *dir, const char **name, ss_file_kind *kind,
                const char **why)
{
    for (;;) {
        const struct dirent *entry;

        errno = 0;
        entry = readdir(dir->os);
        if (!entry && errno) {
            *why = "cannot be read to its end";
            return -1;
        }
        if (!entry)
            return 0;
        if (is_dots(entry->d_name))
            continue;
        *name = entry->d_name;
        *kind = kind_of(dir->os, entry);
        return 1;
    }
}

void ss_dir_close(ss_dir *dir)
{
    if (dir->os)
        closedir(dir->os);
    dir->os = NULL;
}

int ss_dir_real_path(char **out, const char *path, secscan_error *err)
{
    char *found = realpath(path, NULL);

    if (!found)
        return ss_fail(err, SECSCAN_ERR_IO, "%.140s: has no real path", path);
    *out = ss_strdup(found);
    free(found);
    return *out ? 0 : ss_fail_nomem(err);
}
