/*
 * sqlite_vfs.c: a file system for SQLite with one file in it: an input.
 *
 * It can be read and nothing else: no journal, no temporary file, no write. It
 * says that the file is immutable, so that SQLite does not look for a log of
 * changes beside it, and takes no locks. One a database, under a name of its
 * own, which is the only way to hand SQLite a file that is not one.
 */
#include "source/sqlite_vfs.h"

#include "base/alloc.h"
#include "source/input_at.h"

#include <sqlite3.h>

#include <stdio.h>

struct ss_sqlite_vfs {
    sqlite3_vfs vfs; /* pAppData: this */
    ss_input input;
    char name[40];
};

typedef struct input_file {
    sqlite3_file base; /* first: SQLite's own */
    const ss_input *input;
} input_file;

static int close_file(sqlite3_file *file)
{
    (void)file;
    return SQLITE_OK;
}

/* What is missing reads as zeros: SQLite asks for that. */
static int read_file(sqlite3_file *file, void *to, int len, sqlite3_int64 at)
{
    const ss_input *input = ((input_file *)file)->input;
    ptrdiff_t n = ss_input_at(input, to, (size_t)len, (uint64_t)at);

    if (n < 0)
        return SQLITE_IOERR_READ;
    if (n == len)
        return SQLITE_OK;
    memset((uint8_t *)to + n, 0, (size_t)(len - n));
    return SQLITE_IOERR_SHORT_READ;
}

static int write_file(sqlite3_file *file, const void *data, int len,
                      sqlite3_int64 at)
{
    (void)file;
    (void)data;
    (void)len;
    (void)at;
    return SQLITE_READONLY;
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size)
{
    (void)file;
    (void)size;
    return SQLITE_READONLY;
}

static int flagged(sqlite3_file *file, int flags)
{
    (void)file;
    (void)flags;
    return SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    *size = (sqlite3_int64)ss_input_size(((input_file *)file)->input);
    return SQLITE_OK;
}

static int is_reserved(sqlite3_file *file, int *out)
{
    (void)file;
    *out = 0;
    return SQLITE_OK;
}

static int control(sqlite3_file *file, int op, void *arg)
{
    (void)file;
    (void)op;
    (void)arg;
    return SQLITE_NOTFOUND;
}

static int sector_size(sqlite3_file *file)
{
    (void)file;
    return 4096;
}

static int characteristics(sqlite3_file *file)
{
    (void)file;
    return SQLITE_IOCAP_IMMUTABLE;
}

static const sqlite3_io_methods file_methods = {
    .iVersion = 1,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = flagged,
    .xFileSize = file_size,
    .xLock = flagged,
    .xUnlock = flagged,
    .xCheckReservedLock = is_reserved,
    .xFileControl = control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
};

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file,
                     int flags, int *out_flags)
{
    file->pMethods = NULL;
    if (!name || !(flags & SQLITE_OPEN_MAIN_DB))
        return SQLITE_CANTOPEN;
    file->pMethods = &file_methods;
    ((input_file *)file)->input = &((ss_sqlite_vfs *)vfs->pAppData)->input;
    if (out_flags)
        *out_flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB;
    return SQLITE_OK;
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    (void)name;
    (void)sync;
    return SQLITE_READONLY;
}

static int find_file(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    (void)vfs;
    (void)name;
    (void)flags;
    *out = 0;
    return SQLITE_OK;
}

static int full_path(sqlite3_vfs *vfs, const char *name, int len, char *out)
{
    (void)vfs;
    snprintf(out, (size_t)len, "%s", name);
    return SQLITE_OK;
}

static int no_random(sqlite3_vfs *vfs, int len, char *out)
{
    (void)vfs;
    memset(out, 0, (size_t)len);
    return len;
}

static int no_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return microseconds;
}

static int no_time(sqlite3_vfs *vfs, double *out)
{
    (void)vfs;
    *out = 0;
    return SQLITE_OK;
}

static int no_error(sqlite3_vfs *vfs, int len, char *out)
{
    (void)vfs;
    (void)len;
    (void)out;
    return 0;
}

static const sqlite3_vfs read_only = {
    .iVersion = 1,
    .szOsFile = sizeof(input_file),
    .mxPathname = 64,
    .xOpen = open_file,
    .xDelete = delete_file,
    .xAccess = find_file,
    .xFullPathname = full_path,
    .xRandomness = no_random,
    .xSleep = no_sleep,
    .xCurrentTime = no_time,
    .xGetLastError = no_error,
};

ss_sqlite_vfs *ss_sqlite_vfs_new(const ss_input *input)
{
    ss_sqlite_vfs *vfs = ss_calloc(1, sizeof(*vfs));

    if (!vfs)
        return NULL;
    vfs->vfs = read_only;
    vfs->vfs.pAppData = vfs;
    vfs->vfs.zName = vfs->name;
    vfs->input = *input;
    snprintf(vfs->name, sizeof(vfs->name), "secscan-%p", (void *)vfs);
    if (sqlite3_initialize() || sqlite3_vfs_register(&vfs->vfs, 0)) {
        ss_free(vfs);
        return NULL;
    }
    return vfs;
}

const char *ss_sqlite_vfs_name(const ss_sqlite_vfs *vfs)
{
    return vfs->name;
}

void ss_sqlite_vfs_free(ss_sqlite_vfs *vfs)
{
    if (!vfs)
        return;
    sqlite3_vfs_unregister(&vfs->vfs);
    ss_free(vfs);
}
