/*
 * sqlite_row.h: a row of a database as text.
 */
#ifndef SS_SQLITE_ROW_H
#define SS_SQLITE_ROW_H

#include "base/buf.h"

typedef struct sqlite3_stmt sqlite3_stmt;

/* Is this cell of the row at hand a member of its own? A container, a blob of
 * more than 4 KiB, a text of more than 64 KiB. */
int ss_sqlite_is_own(sqlite3_stmt *rows, int column);

/* The other cells, from column `first` on, as lines "column = value" and an
 * empty line. Sets *has_own when there are cells of their own. 0, or -1 when
 * memory ends. */
int ss_sqlite_row(ss_buf *out, int *has_own, sqlite3_stmt *rows, int first);

#endif
