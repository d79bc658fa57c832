/*
 * sqlite_table.c: read a table in the order of its rows.
 *
 * A row with a cell that is too large for memory ends the statement: its cells
 * are then read piece by piece, and another statement begins behind it.
 */
#include "source/sqlite_table.h"

#include "base/alloc.h"
#include "source/sqlite_row.h"

/* The name by which the row's number can be had: one that is no column. */
static const char *rowid_of(sqlite3_stmt *columns)
{
    static const char *const names[] = {"_rowid_", "rowid", "oid"};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        int n = sqlite3_column_count(columns);

        while (n &&
               sqlite3_stricmp(sqlite3_column_name(columns, n - 1), names[i]))
            n--;
        if (!n)
            return names[i];
    }
    return NULL;
}

static const char *name_of(const ss_sqlite_table *t)
{
    return (const char *)t->name.data;
}

static int prepare(const ss_sqlite_table *t, sqlite3_stmt **out,
                   const char *format, const char *rowid)
{
    char *sql = rowid ? sqlite3_mprintf(format, rowid, name_of(t), rowid, rowid)
                      : sqlite3_mprintf(format, name_of(t));
    int rc = SQLITE_NOMEM;

    if (sql)
        rc = sqlite3_prepare_v2(t->db, sql, -1, out, NULL);
    sqlite3_free(sql);
    return rc;
}

static int prepare_rows(ss_sqlite_table *t, sqlite3_stmt *columns)
{
    const char *rowid = rowid_of(columns);

    t->id = INT64_MIN;
    if (rowid && !prepare(t, &t->rows,
                          "SELECT %s, * FROM main.\"%w\" WHERE %s >= ?1 "
                          "ORDER BY %s",
                          rowid)) {
        t->rowid = rowid;
        sqlite3_finalize(columns);
        return sqlite3_bind_int64(t->rows, 1, t->id);
    }
    t->rowid = NULL;
    t->rows = columns;
    t->id = 0;
    return 0;
}

int ss_sqlite_table_open(ss_sqlite_table *t, const char *name)
{
    size_t len = name ? strnlen(name, SS_SQLITE_NAME / 2) : 0;
    sqlite3_stmt *columns = NULL;
    int rc;

    ss_buf_reset(&t->name);
    t->own = -1;
    if (ss_buf_add(&t->name, name, len) || ss_buf_putc(&t->name, '\0'))
        return SQLITE_NOMEM;
    rc = prepare(t, &columns, "SELECT * FROM main.\"%w\"", NULL);
    return rc ? rc : prepare_rows(t, columns);
}

/* The row after the one at hand is too large: find its number, and have the
 * statement begin behind it. */
static int pass_large(ss_sqlite_table *t)
{
    sqlite3_stmt *stmt = NULL;
    int rc = prepare(t, &stmt,
                     "SELECT %s FROM main.\"%w\" WHERE %s >= ?1 ORDER BY %s",
                     t->rowid);

    if (!rc)
        rc = sqlite3_bind_int64(stmt, 1, t->id);
    if (!rc)
        rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW) {
        t->id = sqlite3_column_int64(stmt, 0);
        t->is_large = 1;
        t->own = 1;
    }
    sqlite3_finalize(stmt);
    sqlite3_reset(t->rows);
    return rc;
}

/* Behind the last row of all numbers there is none. */
static int resume(ss_sqlite_table *t)
{
    if (t->id == INT64_MAX)
        return SQLITE_DONE;
    t->is_large = 0;
    return sqlite3_bind_int64(t->rows, 1, ++t->id);
}

static int add_row(ss_sqlite_table *t, ss_sqlite_text *out)
{
    int first = t->rowid != NULL;
    int has_own = 0;

    t->id = first ? sqlite3_column_int64(t->rows, 0) : t->id + 1;
    if (SS_VEC_PUSH(&out->marks, (ss_sqlite_mark){out->text.len, t->id}) ||
        ss_sqlite_row(&out->text, &has_own, t->rows, first))
        return SQLITE_NOMEM;
    if (has_own)
        t->own = first;
    return 0;
}

static int next_row(ss_sqlite_table *t, ss_sqlite_text *out)
{
    int rc = sqlite3_step(t->rows);

    if (rc == SQLITE_TOOBIG && t->rowid) {
        if (t->id != INT64_MIN && t->id != INT64_MAX)
            t->id++;
        return pass_large(t);
    }
    if (rc == SQLITE_ROW && add_row(t, out))
        return SQLITE_NOMEM;
    return rc;
}

int ss_sqlite_table_batch(ss_sqlite_table *t, ss_sqlite_text *out)
{
    int rc = t->is_large ? resume(t) : 0;

    while (rc == 0 || rc == SQLITE_ROW) {
        rc = next_row(t, out);
        if (rc == SQLITE_ROW &&
            (t->own >= 0 || out->text.len >= SS_SQLITE_BATCH))
            return rc;
    }
    sqlite3_finalize(t->rows);
    t->rows = NULL;
    return rc;
}

/* Numbers and NULL cannot be opened so: they are passed over. */
static int open_blob(ss_sqlite_table *t, ss_sqlite_cell *out)
{
    sqlite3_blob_close(t->blob);
    t->blob = NULL;
    if (sqlite3_blob_open(t->db, "main", name_of(t), out->column, t->id, 0,
                          &t->blob)) {
        sqlite3_blob_close(t->blob);
        t->blob = NULL;
    }
    out->blob = t->blob;
    return t->blob != NULL;
}

static int take_cell(ss_sqlite_table *t, ss_sqlite_cell *out, int column)
{
    *out = (ss_sqlite_cell){.column = sqlite3_column_name(t->rows, column)};
    if (t->is_large)
        return open_blob(t, out);
    if (!ss_sqlite_is_own(t->rows, column))
        return 0;
    out->content = ss_bytes_of(sqlite3_column_blob(t->rows, column),
                               (size_t)sqlite3_column_bytes(t->rows, column));
    return 1;
}

int ss_sqlite_table_cell(ss_sqlite_table *t, ss_sqlite_cell *out)
{
    int n = t->rows ? sqlite3_column_count(t->rows) : 0;

    while (t->own >= 0 && t->own < n)
        if (take_cell(t, out, t->own++))
            return 1;
    t->own = -1;
    return 0;
}

void ss_sqlite_table_close(ss_sqlite_table *t)
{
    sqlite3_blob_close(t->blob);
    sqlite3_finalize(t->rows);
    ss_buf_release(&t->name);
    t->blob = NULL;
    t->rows = NULL;
}
