#include "unit.h"

#include "policy/entry.h"

#define ID "s1:0123456789abcdef01234567"

static ss_arena arena;
static const char *why;

static int parse(secscan_entry *out, const char *line)
{
    why = NULL;
    return ss_entry_parse(out, ss_bytes_str(line), &arena, &why);
}

static secscan_entry entry_of(const char *line)
{
    secscan_entry e;

    CHECK_INT(parse(&e, line), SS_ENTRY_READ);
    return e;
}

static void check_bad(const char *line, const char *told)
{
    secscan_entry e;

    CHECK_INT(parse(&e, line), SS_ENTRY_BAD);
    CHECK(strstr(why, told) != NULL);
}

static void test_entry__every_field_is_read(void **state)
{
    secscan_entry e = entry_of(
        "  " ID " path:src/a.py rule:tok until:2027-01-31 is:false # it is # a "
        "test\r");

    (void)state;
    CHECK_STR(e.fingerprint, ID);
    CHECK_STR(e.path, "src/a.py");
    CHECK_STR(e.rule, "tok");
    CHECK_STR(e.until, "2027-01-31");
    CHECK_STR(e.verdict, "false");
    CHECK_STR(e.reason, "it is # a test");
    CHECK_INT(e.is_everywhere, 0);
}

static void test_entry__places_are_paths_sources_and_everywhere(void **state)
{
    (void)state;
    CHECK_STR(entry_of(ID " in:commit-message").source, "commit-message");
    CHECK_INT(entry_of(ID " everywhere").is_everywhere, 1);
    CHECK_STR(entry_of(ID " path:a#b").path, "a#b");
    CHECK_STR(entry_of(ID " path:\"a \\\"b\\\\\\303\\244\"").path,
              "a \"b\\\303\244");
}

static void test_entry__comments_and_blanks_are_none(void **state)
{
    secscan_entry e;

    (void)state;
    CHECK_INT(parse(&e, ""), SS_ENTRY_NONE);
    CHECK_INT(parse(&e, " \t\r"), SS_ENTRY_NONE);
    CHECK_INT(parse(&e, "  # " ID " everywhere"), SS_ENTRY_NONE);
}

static void test_entry__what_is_wrong_is_said(void **state)
{
    (void)state;
    check_bad("src/a.py", "fingerprint");
    check_bad("s1:0123 path:a", "fingerprint");
    check_bad("s1:0123456789ABCDEF01234567 path:a", "fingerprint");
    check_bad(ID, "no place");
    check_bad(ID " path:a everywhere", "more than one place");
    check_bad(ID " path:a path:b", "twice");
    check_bad(ID " path:", "path is empty");
    check_bad(ID " path:\"a", "not closed");
    check_bad(ID " path:\"a\"b", "behind a quote");
    check_bad(ID " in:somewhere", "source");
    check_bad(ID " everywhere until:tomorrow", "day");
    check_bad(ID " everywhere is:maybe", "real, false or test");
    check_bad(ID " everywhere why:x", "known are");
}

static void test_entry__days_are_those_of_the_calendar(void **state)
{
    (void)state;
    CHECK_INT(ss_entry_day("2027-01-31"), 20270131);
    CHECK_INT(ss_entry_day("2028-02-29"), 20280229);
    CHECK_INT(ss_entry_day("2027-02-29"), 0);
    CHECK_INT(ss_entry_day("2100-02-29"), 0);
    CHECK_INT(ss_entry_day("2027-13-01"), 0);
    CHECK_INT(ss_entry_day("2027-00-10"), 0);
    CHECK_INT(ss_entry_day("2027-1-1"), 0);
    CHECK_INT(ss_entry_day("2027-01-011"), 0);
    CHECK_INT(ss_entry_day(""), 0);
}

static void check_written(secscan_entry e, const char *line)
{
    ss_buf out = SS_BUF_INIT(4096);

    CHECK_OK(ss_entry_write(&out, &e));
    CHECK_INT(out.data[--out.len], '\n');
    CHECK_BYTES(ss_buf_bytes(&out), line);
    ss_buf_release(&out);
}

static void test_entry__is_written_as_it_is_read(void **state)
{
    static const char *const lines[] = {
        ID " path:src/a.py rule:tok until:2027-01-31 is:real # why",
        ID " path:\"a b\\012\\\"\\\\\"", ID " in:author # x",
        ID " everywhere"};

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
        check_written(entry_of(lines[i]), lines[i]);
}

static void test_entry__a_reason_stays_on_its_line(void **state)
{
    const secscan_entry e = {.fingerprint = ID,
                             .is_everywhere = 1,
                             .reason = "a\nb\033[0m"};

    (void)state;
    check_written(e, ID " everywhere # a b [0m");
}

static int end(void **state)
{
    (void)state;
    ss_arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_entry__every_field_is_read),
        TEST(test_entry__places_are_paths_sources_and_everywhere),
        TEST(test_entry__comments_and_blanks_are_none),
        TEST(test_entry__what_is_wrong_is_said),
        TEST(test_entry__days_are_those_of_the_calendar),
        TEST(test_entry__is_written_as_it_is_read),
        TEST(test_entry__a_reason_stays_on_its_line),
    };

    return cmocka_run_group_tests(tests, NULL, end);
}
