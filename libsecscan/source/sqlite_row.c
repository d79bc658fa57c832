/*
 * sqlite_row.c: rows as settings, so that a password column's values stand
 * beside its name.
 *
 * In: a statement with a row. Out: text. Values are not escaped: what is found
 * has to be what is stored.
 */
#include "source/sqlite_row.h"

#include "source/container.h"

#include <sqlite3.h>

#define OWN_BLOB (4u << 10)
#define OWN_TEXT (64u << 10)

static ss_bytes blob_of(sqlite3_stmt *rows, int column)
{
    const void *data = sqlite3_column_blob(rows, column);

    return ss_bytes_of(data, (size_t)sqlite3_column_bytes(rows, column));
}

static int is_container(ss_bytes blob)
{
    if (blob.len > SS_CONTAINER_HEAD)
        blob.len = SS_CONTAINER_HEAD;
    return blob.len && ss_container_detect(blob) != NULL;
}

int ss_sqlite_is_own(sqlite3_stmt *rows, int column)
{
    ss_bytes cell;

    switch (sqlite3_column_type(rows, column)) {
    case SQLITE_BLOB:
        cell = blob_of(rows, column);
        return cell.len > OWN_BLOB || is_container(cell);
    case SQLITE_TEXT:
        sqlite3_column_text(rows, column); /* as UTF-8 */
        return sqlite3_column_bytes(rows, column) > (int)OWN_TEXT;
    default:
        return 0;
    }
}

static int add_name(ss_buf *out, const char *name)
{
    size_t at = out->len;

    if (ss_buf_puts(out, name ? name : ""))
        return -1;
    for (; at < out->len; at++)
        if (out->data[at] == '\n' || out->data[at] == '\r')
            out->data[at] = ' ';
    return ss_buf_puts(out, " =");
}

/* A value of several lines starts on a line of its own: its lines are the
 * text's, as if it stood in a file. */
static int add_cell(ss_buf *out, sqlite3_stmt *rows, int column)
{
    const void *data = sqlite3_column_type(rows, column) == SQLITE_BLOB
                           ? sqlite3_column_blob(rows, column)
                           : sqlite3_column_text(rows, column);
    size_t len = (size_t)sqlite3_column_bytes(rows, column);
    int is_long = len && memchr(data, '\n', len) != NULL;

    if (!data && len)
        return -1;
    return add_name(out, sqlite3_column_name(rows, column)) ||
                   ss_buf_putc(out, is_long ? '\n' : ' ') ||
                   ss_buf_add(out, data, len) || ss_buf_putc(out, '\n')
               ? -1
               : 0;
}

int ss_sqlite_row(ss_buf *out, int *has_own, sqlite3_stmt *rows, int first)
{
    int n = sqlite3_column_count(rows);

    for (int i = first; i < n; i++) {
        if (sqlite3_column_type(rows, i) == SQLITE_NULL)
            continue;
        if (ss_sqlite_is_own(rows, i))
            *has_own = 1;
        else if (add_cell(out, rows, i))
            return -1;
    }
    return ss_buf_putc(out, '\n');
}
