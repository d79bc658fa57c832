/*
 * sqlite_vfs.h: a database that is an input, for SQLite to read.
 */
#ifndef SS_SQLITE_VFS_H
#define SS_SQLITE_VFS_H

#include "source/container.h"

typedef struct ss_sqlite_vfs ss_sqlite_vfs;

/* NULL when out of memory. The input is borrowed, too. */
ss_sqlite_vfs *ss_sqlite_vfs_new(const ss_input *input);
/* By this name sqlite3_open_v2 finds it, until it is freed. */
const char *ss_sqlite_vfs_name(const ss_sqlite_vfs *vfs);
void ss_sqlite_vfs_free(ss_sqlite_vfs *vfs); /* after its database is closed */

#endif
