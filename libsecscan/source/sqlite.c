/*
 * sqlite.c: the rows of a database, table by table.
 *
 * In: an input. Out: members: the schema's texts, batches of rows named after
 * their table, cells that are large or containers by themselves, and what
 * deleted rows left. A damaged database yields what can be read of it; whoever
 * opened it scans its bytes as they are. Read only, by a file system of its own
 * (sqlite_vfs.c); no view, no trigger and no virtual table is ever run. Knows
 * nothing of budgets.
 */
#include "source/open_container.h"

#include "base/alloc.h"
#include "base/error.h"
#include "source/input_at.h"
#include "source/sqlite_free.h"
#include "source/sqlite_table.h"
#include "source/sqlite_vfs.h"

#include <inttypes.h>
#include <stdio.h>

/* Of a text. A row's cells in it are at most 64 KiB each, so that its columns
 * bound it. */
#define MAX_TEXT (256u << 20)

typedef enum stage { SCHEMA, TABLES, FREE, END } stage;

typedef struct database {
    ss_container base;
    ss_input input;
    int (*should_stop)(void *ctx);
    void *ctx;
    ss_sqlite_vfs *vfs;
    sqlite3 *db;
    sqlite3_stmt *tables;
    ss_sqlite_table table;
    ss_sqlite_free free;
    stage stage;
    uint8_t is_damaged, is_stopped;
    ss_buf name;         /* of the member, or of a place in it */
    ss_sqlite_text rows; /* a member that is made here ... */
    ss_sqlite_cell cell; /* ... or one that stands elsewhere */
    uint64_t at;         /* read of it */
} database;

static int ask_stop(void *ctx)
{
    database *d = ctx;

    if (d->should_stop && d->should_stop(d->ctx))
        d->is_stopped = 1;
    return d->is_stopped;
}

/* What SQLite says: 0, also when something is damaged, or stop. */
static int judge(database *d, int rc)
{
    if (rc == SQLITE_OK || rc == SQLITE_ROW || rc == SQLITE_DONE)
        return 0;
    if (rc == SQLITE_NOMEM)
        return SECSCAN_ERR_NOMEM;
    if (rc == SQLITE_INTERRUPT)
        return SECSCAN_ERR_LIMIT;
    d->is_damaged = 1;
    return 0;
}

static void harden(sqlite3 *db)
{
    /* A schema with an error in it is read as far as it goes. Nothing can be
     * written, whatever this is called. */
    sqlite3_db_config(db, SQLITE_DBCONFIG_WRITABLE_SCHEMA, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, SS_SQLITE_CELL);
    sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, 1 << 20);
    sqlite3_limit(db, SQLITE_LIMIT_EXPR_DEPTH, 200);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(db, SQLITE_LIMIT_WORKER_THREADS, 0);
    sqlite3_exec(db, "PRAGMA temp_store = MEMORY", NULL, NULL, NULL);
}

static void close_database(ss_container *c)
{
    database *d = (database *)c;

    ss_sqlite_table_close(&d->table);
    sqlite3_finalize(d->tables);
    sqlite3_close(d->db);
    ss_sqlite_vfs_free(d->vfs);
    ss_sqlite_free_release(&d->free);
    ss_buf_release(&d->name);
    ss_buf_release(&d->rows.text);
    SS_VEC_RELEASE(&d->rows.marks);
    ss_free(d);
}

#define SIZE_AT 16  /* of a page, in the header: two bytes, 1 is 65,536 */
#define PAGES_AT 28 /* how many; right when these two are the same */
#define CHANGE_AT 24
#define VALID_AT 92
#define HEADER_LEN 100

static uint32_t number_at(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
           (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Of a page that is cut short SQLite makes up the rest, which is zeros. */
static int is_cut_short(const ss_input *in)
{
    uint8_t head[HEADER_LEN];
    uint64_t size = ss_input_size(in), page;
    uint32_t change, pages;

    if (ss_input_at(in, head, sizeof(head), 0) != (ptrdiff_t)sizeof(head))
        return 1;
    page = (uint64_t)head[SIZE_AT] << 8 | head[SIZE_AT + 1];
    if (page == 1)
        page = 65536;
    change = number_at(head + CHANGE_AT);
    pages = number_at(head + PAGES_AT);
    if (change == number_at(head + VALID_AT))
        return pages * page > size;
    return page && size % page;
}

static int open_input(database *d)
{
    const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
    int rc;

    d->vfs = ss_sqlite_vfs_new(&d->input);
    if (!d->vfs)
        return SECSCAN_ERR_NOMEM;
    rc = sqlite3_open_v2("input", &d->db, flags, ss_sqlite_vfs_name(d->vfs));
    if (!d->db)
        return SECSCAN_ERR_NOMEM;
    d->table.db = d->db;
    harden(d->db);
    sqlite3_progress_handler(d->db, 10000, ask_stop, d);
    d->is_damaged = (uint8_t)is_cut_short(&d->input);
    return judge(d, rc);
}

static int open_database(ss_container **out, const ss_container_kind *kind,
                         const ss_input *input, int (*should_stop)(void *ctx),
                         void *ctx, ss_container_fault *fault)
{
    database *d = ss_calloc(1, sizeof(*d));
    int rc;

    (void)kind;
    (void)fault;
    if (!d)
        return SECSCAN_ERR_NOMEM;
    d->base.ops = &ss_sqlite_ops;
    d->input = *input;
    d->should_stop = should_stop;
    d->ctx = ctx;
    d->table.name.max = SS_SQLITE_NAME;
    d->name.max = 2 * SS_SQLITE_NAME;
    d->rows.text.max = MAX_TEXT;
    rc = open_input(d);
    if (rc)
        close_database(&d->base);
    else
        *out = &d->base;
    return rc;
}

static const char *name_of(const ss_buf *name)
{
    return name->failed || !name->len ? "" : (const char *)name->data;
}

static const char *set_name(database *d, const char *name)
{
    ss_buf_reset(&d->name);
    ss_buf_printf(&d->name, "%.4000s", name);
    ss_buf_putc(&d->name, '\0');
    return name_of(&d->name);
}

/* "users/17", or "users/17/avatar"; without a number of its own "users/row 3".
 */
static const char *row_name(database *d, int64_t id, const char *column)
{
    const ss_sqlite_table *t = &d->table;

    ss_buf_reset(&d->name);
    ss_buf_printf(&d->name, t->rowid ? "%s/%" PRId64 : "%s/row %" PRId64,
                  name_of(&t->name), id);
    if (column)
        ss_buf_printf(&d->name, "/%.1000s", column);
    ss_buf_putc(&d->name, '\0');
    return name_of(&d->name);
}

static void start_text(database *d)
{
    ss_buf_reset(&d->rows.text);
    d->rows.marks.len = 0;
}

static int deliver_text(database *d, ss_member *out, const char *name)
{
    d->at = 0;
    d->cell = (ss_sqlite_cell){.content = ss_buf_bytes(&d->rows.text)};
    *out = (ss_member){.name = set_name(d, name), .size = d->rows.text.len};
    return 1;
}

static int next_schema(database *d, ss_member *out)
{
    static const char sql[] = "SELECT sql FROM sqlite_master WHERE sql <> ''";
    ss_buf *text = &d->rows.text;
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(d->db, sql, -1, &stmt, NULL);

    d->stage = TABLES;
    while (!rc || rc == SQLITE_ROW) {
        rc = sqlite3_step(stmt);
        if (rc != SQLITE_ROW)
            break;
        ss_buf_add(text, sqlite3_column_text(stmt, 0),
                   (size_t)sqlite3_column_bytes(stmt, 0));
        if (ss_buf_puts(text, ";\n"))
            rc = SQLITE_NOMEM;
    }
    sqlite3_finalize(stmt);
    rc = judge(d, rc);
    return rc || !text->len ? rc : deliver_text(d, out, "sqlite_schema");
}

/* 1: the table is the next one; 0: there are no more. */
static int next_table(database *d)
{
    static const char sql[] = "SELECT name FROM sqlite_master "
                              "WHERE type = 'table' AND rootpage > 0";
    int rc = 0;

    if (!d->tables)
        rc = judge(d, sqlite3_prepare_v2(d->db, sql, -1, &d->tables, NULL));
    while (!rc && d->tables) {
        int status = sqlite3_step(d->tables);

        if (status != SQLITE_ROW)
            return judge(d, status);
        rc = judge(
            d, ss_sqlite_table_open(
                   &d->table, (const char *)sqlite3_column_text(d->tables, 0)));
        if (!rc && d->table.rows)
            return 1;
    }
    return rc;
}

static int deliver_cell(database *d, ss_member *out)
{
    d->at = 0;
    d->rows.marks.len = 0;
    *out = (ss_member){.name = row_name(d, d->table.id, d->cell.column),
                       .size = d->cell.blob
                                   ? (uint64_t)sqlite3_blob_bytes(d->cell.blob)
                                   : d->cell.content.len};
    return 1;
}

static int next_rows(database *d, ss_member *out)
{
    int rc = 0;

    if (ss_sqlite_table_cell(&d->table, &d->cell))
        return deliver_cell(d, out);
    start_text(d);
    if (!d->table.rows) {
        rc = next_table(d);
        if (rc <= 0) {
            d->stage = d->is_damaged ? END : FREE;
            return rc;
        }
    }
    rc = judge(d, ss_sqlite_table_batch(&d->table, &d->rows));
    if (rc || !d->rows.text.len)
        return rc;
    return deliver_text(d, out, name_of(&d->table.name));
}

static int next_free(database *d, ss_member *out)
{
    int64_t page = 1;

    start_text(d);
    if (!d->free.content && ss_sqlite_free_init(&d->free, &d->input))
        return SECSCAN_ERR_NOMEM;
    while (page && d->rows.text.len < SS_SQLITE_BATCH) {
        size_t start = d->rows.text.len;

        if (ask_stop(d))
            return SECSCAN_ERR_LIMIT;
        page = ss_sqlite_free_next(&d->free, &d->rows.text);
        if (page < 0 || (page && SS_VEC_PUSH(&d->rows.marks,
                                             (ss_sqlite_mark){start, page})))
            return SECSCAN_ERR_NOMEM;
    }
    if (!page)
        d->stage = END;
    return d->rows.text.len ? deliver_text(d, out, "free pages") : 0;
}

static int next(ss_container *c, ss_member *out, ss_container_fault *fault)
{
    static int (*const stages[])(database *, ss_member *) = {
        next_schema, next_rows, next_free};
    database *d = (database *)c;
    int rc = 0;

    while (!rc && d->stage != END)
        rc = stages[d->stage](d, out);
    if (rc > 0)
        return rc;
    d->stage = END;
    if (rc == SECSCAN_ERR_LIMIT)
        *fault = (ss_container_fault){"time-limit", ""};
    if (rc || !d->is_damaged)
        return rc;
    *fault = (ss_container_fault){"corrupt", "the database is damaged"};
    return SECSCAN_ERR_CORRUPT;
}

static ptrdiff_t read_member(ss_container *c, void *to, size_t len,
                             ss_container_fault *fault)
{
    database *d = (database *)c;
    uint64_t size = d->cell.content.len;

    if (d->cell.blob)
        size = (uint64_t)sqlite3_blob_bytes(d->cell.blob);
    if (len > size - d->at)
        len = (size_t)(size - d->at);
    if (!d->cell.blob && len) {
        memcpy(to, d->cell.content.data + d->at, len);
    } else if (len &&
               sqlite3_blob_read(d->cell.blob, to, (int)len, (int)d->at)) {
        *fault = (ss_container_fault){"corrupt", "a cell cannot be read"};
        return SECSCAN_ERR_CORRUPT;
    }
    d->at += len;
    return (ptrdiff_t)len;
}

/* The last mark that is not behind the offset. */
static const ss_sqlite_mark *mark_at(const ss_sqlite_text *text,
                                     uint64_t offset)
{
    size_t from = 0, to = text->marks.len;

    while (from < to) {
        size_t middle = from + (to - from) / 2;

        if (text->marks.at[middle].offset <= offset)
            from = middle + 1;
        else
            to = middle;
    }
    return from ? &text->marks.at[from - 1] : NULL;
}

static const char *page_name(database *d, const char *of, uint64_t page)
{
    ss_buf_reset(&d->name);
    ss_buf_printf(&d->name, "%s/%" PRIu64, of, page);
    ss_buf_putc(&d->name, '\0');
    return name_of(&d->name);
}

static const char *name_at(ss_container *c, uint64_t offset)
{
    database *d = (database *)c;
    const ss_sqlite_mark *mark = mark_at(&d->rows, offset);

    if (!mark)
        return NULL;
    if (d->free.content)
        return page_name(d, "free pages", (uint64_t)mark->id);
    return row_name(d, mark->id, NULL);
}

const ss_opens_ops ss_sqlite_ops = {open_database, next, read_member, name_at,
                                    close_database};
