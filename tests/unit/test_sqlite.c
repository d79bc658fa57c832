#include "unit.h"

#include "reader_case.h"

#include <sqlite3.h>

#include <time.h>

/* A database in memory, made by statements; its bytes are SQLite's. */
static ss_bytes database_of(const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_int64 len = 0;
    ss_bytes bytes;

    CHECK_OK(sqlite3_open(":memory:", &db));
    CHECK_OK(sqlite3_exec(db, sql, NULL, NULL, NULL));
    bytes.data = sqlite3_serialize(db, "main", &len, 0);
    bytes.len = (size_t)len;
    sqlite3_close(db);
    return bytes;
}

static void free_database(ss_bytes bytes)
{
    sqlite3_free((void *)(uintptr_t)bytes.data);
}

static reading read_sql(const char *sql)
{
    ss_bytes bytes = database_of(sql);
    reading r = read_whole(SS_OPENS_SQLITE, bytes);

    CHECK(reads_alike(SS_OPENS_SQLITE, bytes));
    free_database(bytes);
    return r;
}

static void test_sqlite__rows_are_settings_named_by_their_columns(void **state)
{
    reading r = read_sql("CREATE TABLE users(name, password, age, none);"
                         "INSERT INTO users VALUES('ann', 'open sesame', 42, "
                         "NULL), ('bob', 'shut', 1.5, NULL);");

    (void)state;
    CHECK_INT(r.status, 0);
    CHECK(has(&r, "<users>\nname = ann\npassword = open sesame\nage = 42\n\n"
                  "name = bob\npassword = shut\nage = 1.5\n\n"));
    CHECK(has(&r, "<sqlite_schema>\nCREATE TABLE users(name, password"));
    release(&r);
}

static void
test_sqlite__several_lines_start_on_a_line_of_their_own(void **state)
{
    reading r = read_sql("CREATE TABLE t(a, b);"
                         "INSERT INTO t VALUES('one' || char(10) || 'two', 3)");

    (void)state;
    CHECK(has(&r, "<t>\na =\none\ntwo\nb = 3\n\n"));
    release(&r);
}

static void test_sqlite__large_cells_are_members_of_their_own(void **state)
{
    reading r = read_sql(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, small, large, note);"
        "INSERT INTO t VALUES(7, x'616263', zeroblob(5000), 'after'),"
        "(9, 'x', replace(hex(zeroblob(40000)), '00', 'ab'), 'last');");

    (void)state;
    CHECK_INT(r.status, 0);
    CHECK(has(&r, "<t>\nid = 7\nsmall = abc\nnote = after\n\n<t/7/large>\n"));
    CHECK(has(&r, "<t>\nid = 9\nsmall = x\nnote = last\n\n<t/9/large>\nabab"));
    release(&r);
}

static void test_sqlite__a_container_is_a_member_however_small(void **state)
{
    reading r = read_sql("CREATE TABLE t(a, b);"
                         "INSERT INTO t VALUES('beside', "
                         "x'1f8b08000000000000034b4c4a06002403c20300000000');");

    (void)state;
    CHECK_INT(r.status, 0);
    CHECK(has(&r, "<t>\na = beside\n\n<t/1/b>\n\x1f\x8b"));
    release(&r);
}

static void test_sqlite__names_of_any_kind(void **state)
{
    reading r = read_sql("CREATE TABLE \"a\"\"b'c\x01;--\" (\"x\ny\");"
                         "INSERT INTO \"a\"\"b'c\x01;--\" VALUES('kept');");

    (void)state;
    CHECK_INT(r.status, 0);
    CHECK(has(&r, "<a\"b'c\x01;-->\nx y = kept\n"));
    release(&r);
}

static void test_sqlite__columns_that_are_called_like_the_row(void **state)
{
    reading r = read_sql("CREATE TABLE t(_rowid_, rowid, oid);"
                         "INSERT INTO t VALUES('a', 'b', 'c');"
                         "CREATE TABLE w(k PRIMARY KEY, v) WITHOUT ROWID;"
                         "INSERT INTO w VALUES('key', 'value');");

    (void)state;
    CHECK_INT(r.status, 0);
    CHECK(has(&r, "<t>\n_rowid_ = a\nrowid = b\noid = c\n"));
    CHECK(has(&r, "<w>\nk = key\nv = value\n"));
    release(&r);
}

static void test_sqlite__what_runs_is_not_run(void **state)
{
    reading r = read_sql("CREATE TABLE t(a); INSERT INTO t VALUES('row');"
                         "CREATE VIEW v AS SELECT a || 'seen' AS b FROM t;");

    (void)state;
    CHECK_INT(r.status, 0);
    CHECK(!has(&r, "<v>"));
    CHECK(has(&r, "CREATE VIEW v"));
    release(&r);
}

static void test_sqlite__utf16_is_read_as_text(void **state)
{
    reading r = read_sql("PRAGMA encoding = 'UTF-16le'; CREATE TABLE t(a);"
                         "INSERT INTO t VALUES('wide words');");

    (void)state;
    CHECK(has(&r, "<t>\na = wide words\n"));
    release(&r);
}

static void test_sqlite__deleted_rows_are_read_from_what_is_left(void **state)
{
    reading r = read_sql("PRAGMA secure_delete = OFF;"
                         "CREATE TABLE t(a); CREATE TABLE gone(a);"
                         "INSERT INTO t VALUES('stays'), ('deleted words');"
                         "INSERT INTO gone VALUES('dropped words');"
                         "DELETE FROM t WHERE a LIKE 'deleted%';"
                         "DROP TABLE gone;");

    (void)state;
    CHECK_INT(r.status, 0);
    CHECK(has(&r, "<free pages>"));
    CHECK(has(&r, "deleted words"));
    CHECK(has(&r, "dropped words"));
    release(&r);
}

/* Bytes 18 and 19 say that changes may stand in a log beside the file. */
static void test_sqlite__a_file_that_had_a_log_is_read(void **state)
{
    ss_bytes bytes = database_of("CREATE TABLE t(a);"
                                 "INSERT INTO t VALUES('in the log');");
    uint8_t *data = (uint8_t *)(uintptr_t)bytes.data;
    reading r;

    (void)state;
    data[18] = data[19] = 2;
    r = read_whole(SS_OPENS_SQLITE, bytes);
    CHECK_INT(r.status, 0);
    CHECK(has(&r, "<t>\na = in the log\n"));
    release(&r);
    free_database(bytes);
}

static void test_sqlite__places_are_rows(void **state)
{
    const ss_container_kind kind = {.opens = SS_OPENS_SQLITE};
    const ss_opener *opener = ss_open_container();
    ss_bytes bytes = database_of(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, a);"
        "INSERT INTO t VALUES(17, 'first'), (-3, 'zeroth'), (99, 'last');");
    ss_input input = input_of(&bytes, 0);
    ss_container_fault fault;
    ss_container *c = NULL;
    ss_member member;
    char text[100] = "";

    (void)state;
    CHECK_OK(opener->open(&c, &kind, &input, NULL, NULL, &fault));
    CHECK_INT(opener->next(c, &member, &fault), 1); /* the schema */
    CHECK_INT(opener->next(c, &member, &fault), 1);
    CHECK(opener->read(c, text, sizeof(text), &fault) > 0);
    CHECK_STR(opener->name_at(c, 0), "t/-3");
    CHECK_STR(opener->name_at(c, (uint64_t)(strstr(text, "first") - text)),
              "t/17");
    CHECK_STR(opener->name_at(c, (uint64_t)(strstr(text, "last") - text)),
              "t/99");
    opener->close(c);
    free_database(bytes);
}

/* The row stands at the end of the last page, SQLite would see zeros. */
static void test_sqlite__a_page_that_is_cut_short_is_said(void **state)
{
    ss_bytes bytes = database_of("CREATE TABLE t(a);"
                                 "INSERT INTO t VALUES('lost words');");
    reading r =
        read_whole(SS_OPENS_SQLITE, (ss_bytes){bytes.data, bytes.len - 1024});

    (void)state;
    CHECK_INT(r.status, SECSCAN_ERR_CORRUPT);
    CHECK_STR(r.fault.reason, "corrupt");
    CHECK(!has(&r, "lost words"));
    release(&r);
    free_database(bytes);
}

static void
test_sqlite__a_damaged_database_is_read_as_far_as_it_goes(void **state)
{
    ss_bytes bytes = database_of("CREATE TABLE t(a); CREATE TABLE u(a);"
                                 "INSERT INTO t VALUES('lost words');"
                                 "INSERT INTO u VALUES('good words');");
    uint8_t *data = (uint8_t *)(uintptr_t)bytes.data;
    reading r;

    (void)state;
    data[4096] = 99; /* what kind of page the first table's is */
    r = read_whole(SS_OPENS_SQLITE, bytes);
    CHECK_INT(r.status, SECSCAN_ERR_CORRUPT);
    CHECK_STR(r.fault.reason, "corrupt");
    CHECK(has(&r, "<u>\na = good words\n"));
    release(&r);
    free_database(bytes);
}

static void
test_sqlite__a_cell_larger_than_memory_is_read_in_pieces(void **state)
{
    reading r = read_sql("CREATE TABLE t(a, b);"
                         "INSERT INTO t VALUES('before', 1);"
                         "INSERT INTO t VALUES('beside', zeroblob(70000000));"
                         "INSERT INTO t VALUES('after', 2);");

    (void)state;
    CHECK_INT(r.status, 0);
    CHECK(has(&r, "<t>\na = before\nb = 1\n\n<t/2/a>\nbeside<t/2/b>\n"));
    CHECK(has(&r, "<t>\na = after\nb = 2\n\n"));
    CHECK(r.text.len > 70000000);
    release(&r);
}

static int at_once(void *ctx)
{
    (void)ctx;
    return 1;
}

#define MANY                                                                   \
    "CREATE TABLE t(id INTEGER PRIMARY KEY, name, mail);"                      \
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "          \
    "WHERE i < 100000) INSERT INTO t SELECT i, 'name ' || i, i || '@x.test' "  \
    "FROM n;"

static void test_sqlite__stops_when_asked(void **state)
{
    ss_bytes bytes = database_of(MANY);
    reading r = read_with(SS_OPENS_SQLITE, bytes, 0, at_once);

    (void)state;
    CHECK_INT(r.status, SECSCAN_ERR_LIMIT);
    CHECK_STR(r.fault.reason, "time-limit");
    release(&r);
    free_database(bytes);
}

static void test_sqlite__many_rows_are_read_in_batches(void **state)
{
    ss_bytes bytes = database_of(MANY);
    clock_t start = clock();
    reading r = read_whole(SS_OPENS_SQLITE, bytes);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;

    (void)state;
    print_message("100,000 rows: %.3f s, %zu members\n", seconds, r.n_members);
    CHECK_INT(r.status, 0);
    CHECK(r.n_members < 50);
    CHECK(has(&r, "name = name 1\nmail = 1@x.test\n"));
    CHECK(has(&r, "name = name 100000\nmail = 100000@x.test\n"));
    release(&r);
    free_database(bytes);
}

static ss_bytes small_database(void)
{
    return database_of("PRAGMA page_size = 512; CREATE TABLE t(a, b);"
                       "CREATE TABLE w(k PRIMARY KEY, v) WITHOUT ROWID;"
                       "CREATE INDEX i ON t(a);"
                       "INSERT INTO t VALUES('one', zeroblob(5000)), (2, 3);"
                       "INSERT INTO w VALUES('k', 'v');"
                       "DELETE FROM t WHERE b = 3;");
}

static void test_sqlite__damage_of_any_kind_ends_in_order(void **state)
{
    ss_bytes bytes = small_database();

    (void)state;
    read_damaged(SS_OPENS_SQLITE, bytes, 1);
    free_database(bytes);
}

static void test_sqlite__memory_may_end_anywhere(void **state)
{
    ss_bytes bytes = small_database();

    (void)state;
    read_without_memory(SS_OPENS_SQLITE, bytes);
    free_database(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_sqlite__rows_are_settings_named_by_their_columns),
        TEST(test_sqlite__several_lines_start_on_a_line_of_their_own),
        TEST(test_sqlite__large_cells_are_members_of_their_own),
        TEST(test_sqlite__a_container_is_a_member_however_small),
        TEST(test_sqlite__names_of_any_kind),
        TEST(test_sqlite__columns_that_are_called_like_the_row),
        TEST(test_sqlite__what_runs_is_not_run),
        TEST(test_sqlite__utf16_is_read_as_text),
        TEST(test_sqlite__deleted_rows_are_read_from_what_is_left),
        TEST(test_sqlite__a_file_that_had_a_log_is_read),
        TEST(test_sqlite__places_are_rows),
        TEST(test_sqlite__a_page_that_is_cut_short_is_said),
        TEST(test_sqlite__a_damaged_database_is_read_as_far_as_it_goes),
        TEST(test_sqlite__a_cell_larger_than_memory_is_read_in_pieces),
        TEST(test_sqlite__stops_when_asked),
        TEST(test_sqlite__many_rows_are_read_in_batches),
        TEST(test_sqlite__damage_of_any_kind_ends_in_order),
        TEST(test_sqlite__memory_may_end_anywhere),
    };
    return RUN(tests);
}
