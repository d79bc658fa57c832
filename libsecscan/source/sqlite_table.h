/*
 * sqlite_table.h: the rows of one table: batches of text, and cells that are
 * members of their own.
 */
#ifndef SS_SQLITE_TABLE_H
#define SS_SQLITE_TABLE_H

#include "base/buf.h"
#include "base/vec.h"

#include <sqlite3.h>

#define SS_SQLITE_NAME 4096u /* bytes of a name, at most */
#define SS_SQLITE_BATCH                                                        \
    (256u << 10)                  /* a batch of rows ends when it is longer */
#define SS_SQLITE_CELL (64 << 20) /* larger cells are not held in memory */

/* Where in a text a row, or a page, begins. */
typedef struct ss_sqlite_mark {
    size_t offset;
    int64_t id;
} ss_sqlite_mark;

typedef struct ss_sqlite_text {
    ss_buf text;
    SS_VEC(ss_sqlite_mark) marks;
} ss_sqlite_text;

/* A cell: `content`, or, where that would be large, `blob`. Both until the next
 * call. */
typedef struct ss_sqlite_cell {
    const char *column;
    ss_bytes content;
    sqlite3_blob *blob;
} ss_sqlite_cell;

typedef struct ss_sqlite_table {
    sqlite3 *db;
    sqlite3_stmt *rows; /* NULL: all have been read */
    sqlite3_blob *blob;
    ss_buf name;       /* with a NUL */
    const char *rowid; /* of `rows`' first column; NULL: WITHOUT ROWID */
    int64_t id;        /* of the row at hand, or its number */
    int own;           /* the column that may be the next cell; -1: none */
    uint8_t is_large;  /* the row at hand does not fit into memory */
} ss_sqlite_table;

/* Statuses are SQLite's. The table has been zeroed, with db and name.max set.
 */
int ss_sqlite_table_open(ss_sqlite_table *t, const char *name);
/* Rows, until there are enough, or one has cells of their own. SQLITE_ROW:
 * there may be more; SQLITE_DONE. */
int ss_sqlite_table_batch(ss_sqlite_table *t, ss_sqlite_text *out);
/* The next cell of its own of the last row: 1, or 0. */
int ss_sqlite_table_cell(ss_sqlite_table *t, ss_sqlite_cell *out);
void ss_sqlite_table_close(ss_sqlite_table *t); /* may be opened again */

#endif
