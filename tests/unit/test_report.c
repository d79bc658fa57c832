#include "report_case.h"

static secscan_introduction introduction;

static int refuse(void *ctx, const char *data, size_t len)
{
    (void)ctx;
    (void)data;
    (void)len;
    return 1;
}

static void fill_commit(secscan_commit *commit)
{
    commit->id = "9f31c2e07d0aa7c4e91d05b2a9f31c2e07d0aa7c";
    commit->author_name = "Jane Doe";
    commit->author_email = "jane@example.com";
    commit->subject = "Add the checkout";
    commit->author_time = 1795255320;
    commit->author_offset = 60;
}

static void set_history(void)
{
    memset(&introduction, 0, sizeof(introduction));
    fill_commit(&introduction.commit);
    introduction.reach = SECSCAN_REACH_REF;
    introduction.place = finding.place;
    finding.introductions = &introduction;
    finding.n_introductions = 1;
    finding.reach = SECSCAN_REACH_REF;
    finding.n_commits = 12;
    finding.n_paths = 1;
    finding.in_head = 1;
}

static void test_report__text_says_what_a_person_needs(void **state)
{
    const char *text;

    (void)state;
    set_history();
    text = report_of("text", 0);
    CHECK_HAS(text, "HIGH  Vendor live key  [vendor-key, pattern, 90%]\n"
                    "  payments/settings.py:42:10\n"
                    "    KEY = \"vend_live_********\"\n"
                    "           ^^^^^^^^^^^^^^^^^^ 34 chars\n");
    CHECK_HAS(text, "added     9f31c2e07d 2026-11-21 Jane Doe "
                    "<jane@example.com>\n");
    CHECK_HAS(text, "still in HEAD, in 12 commits, at 1 path\n");
    CHECK_HAS(text, "do        Roll it at dashboard.example.com\n");
    CHECK_HAS(text, "read      1,234 commits, 14 blobs, 41 kB, 80 rules\n");
    CHECK_HAS(text, "found     1 secret (1 high)\n");
    CHECK_HAS(text, "FAILED: 1 secret, complete, exit 1\n");
    CHECK_LACKS(text, "\x1b");
}

static void test_report__every_format_says_how_sure_it_is(void **state)
{
    (void)state;
    finding.confidence = 42;
    CHECK_HAS(report_of("text", 0), "[vendor-key, pattern, 42%]");
    CHECK_HAS(report_of("json", 0), "\"confidence\":42,");
    CHECK_HAS(report_of("jsonl", 0), "\"confidence\":42,");
    CHECK_HAS(report_of("sarif", 0), "\"rank\":42,");
}

static void test_report__no_format_shows_a_secret(void **state)
{
    static const char *const formats[] = {"text", "json", "jsonl", "sarif"};
    char path[128];

    (void)state;
    set_history();
    snprintf(path, sizeof(path), "dir/%s.txt", secret);
    finding.place.path = path;
    introduction.commit.author_name = secret;
    introduction.commit.author_email = secret;
    introduction.commit.subject = secret;
    finding.reason = secret;
    places[1] = finding.place;
    finding.n_places = 2;
    for (size_t i = 0; i < 4; i++)
        CHECK_LACKS(report_of(formats[i], 0), secret + 10);
}

static void test_report__every_format_shows_secrets_when_asked(void **state)
{
    static const char *const formats[] = {"text", "json", "jsonl", "sarif"};

    (void)state;
    for (size_t i = 0; i < 4; i++)
        CHECK_HAS(report_of(formats[i], SECSCAN_REPORT_SHOW_SECRETS), secret);
}

static void test_report__a_secret_found_later_is_masked_before(void **state)
{
    secscan_report *report = open_report("text", 0, 80);
    char path[128];

    (void)state;
    snprintf(path, sizeof(path), "dir/%s.txt", "other-value");
    finding.place.path = path;
    give(report);
    finding.secret = bytes_of("other-value");
    finding.public_prefix = 0;
    finding.place.path = "b";
    give(report);
    close_report(report, 1);
    CHECK_HAS((const char *)report_bytes.data, "dir/********.txt:42:10");
}

static void test_report__scanned_text_cannot_reach_the_terminal(void **state)
{
    const char *text;

    (void)state;
    finding.place.path = "a\x1b]0;x\x07\r\n\x7f\xc2\x9b\xff\xe2\x80\xae"
                         "b";
    text = report_of("text", SECSCAN_REPORT_COLOR);
    CHECK_HAS(text, "a\\x1b]0;x\\x07 \\x7f\\u{9b}\\xff\\u{202e}b:42:10");
    text = report_of("json", 0);
    CHECK_HAS(text, "a\\u001b]0;x\\u0007\\u000d\\n\\u007f\\u009b\xef\xbf\xbd"
                    "\\u202eb");
}

static void test_report__ascii_terminals_get_ascii(void **state)
{
    const char *text;

    (void)state;
    finding.place.path = "caf\xc3\xa9";
    text = report_of("text", SECSCAN_REPORT_ASCII);
    CHECK_HAS(text, "caf\\u{e9}:42:10");
    for (; *text; text++)
        CHECK((*text & 0x80) == 0);
}

static void test_report__colour_only_when_asked(void **state)
{
    (void)state;
    CHECK_HAS(report_of("text", SECSCAN_REPORT_COLOR),
              "\x1b[1;31mvend_live_********\x1b[0m");
    CHECK_LACKS(report_of("text", 0), "\x1b");
}

static void test_report__a_long_line_is_cut_around_the_secret(void **state)
{
    static char text[900];
    const char *report;

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    memcpy(text + 400, secret, strlen(secret));
    finding.line = bytes_of(text);
    finding.secret_at = 400;
    report = report_of("text", 0);
    CHECK_HAS(report, "\xe2\x80\xa6xxx");
    CHECK_HAS(report, "xvend_live_********x");
    CHECK_LACKS(report, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
}

static void test_report__a_wide_line_is_underlined_by_columns(void **state)
{
    char text[128];

    (void)state;
    snprintf(text, sizeof(text), "\xe6\x97\xa5 = \"%s\"", secret);
    finding.line = bytes_of(text);
    finding.secret_at = 7;
    CHECK_HAS(report_of("text", 0), "\n          ^^^^^^^^^^^^^^^^^^ 34 chars");
}

static void test_report__quiet_has_no_summary(void **state)
{
    const char *text;

    (void)state;
    text = report_of("text", SECSCAN_REPORT_QUIET);
    CHECK_HAS(text, "payments/settings.py:42:10");
    CHECK_LACKS(text, "FAILED");
}

static void test_report__many_places_are_cut(void **state)
{
    static const char *const paths[] = {"a", "b", "c", "d", "e", "f"};

    (void)state;
    for (int i = 1; i < 7; i++) {
        places[i] = places[0];
        places[i].path = paths[i - 1];
    }
    finding.n_places = 7;
    CHECK_HAS(report_of("text", 0), "            d:42:10\n"
                                    "            and more: --format json names "
                                    "all\n");
}

static void test_report__what_does_not_gate_passes(void **state)
{
    secscan_report *report = open_report("text", 0, 80);

    (void)state;
    finding.gates = 0;
    give(report);
    close_report(report, 0);
    CHECK_HAS((char *)report_bytes.data, "found     1 report only\n");
    CHECK_HAS((char *)report_bytes.data,
              "PASSED: nothing that gates, complete, exit 0\n");
}

static void test_report__each_file_is_named_once(void **state)
{
    const char *text;

    (void)state;
    for (int i = 1; i < 7; i++) {
        places[i] = places[0];
        places[i].path = i & 1 ? "other.py" : places[0].path;
        places[i].line_start = (uint64_t)i;
    }
    finding.n_places = 7;
    text = report_of("text", 0);
    CHECK_HAS(text, "also at   other.py:1:10\n");
    CHECK_LACKS(text, "other.py:3");
    CHECK_LACKS(text, "and more");
}

static void test_report__json_has_null_for_what_is_absent(void **state)
{
    const char *text;

    (void)state;
    finding.place.path = NULL;
    text = report_of("json", 0);
    CHECK_HAS(text, "\"path\":null,\"line_start\":42");
    CHECK_HAS(text, "\"commit\":null,\"author\":null,\"email\":null,"
                    "\"date\":null");
    CHECK_HAS(text, "\"commits\":[]");
    CHECK_HAS(text, "\"in_head\":null");
    CHECK_HAS(text, "\"secret\":\"vend_live_********\",\"secret_length\":34");
}

static void test_report__json_dates_are_the_authors(void **state)
{
    (void)state;
    set_history();
    CHECK_HAS(report_of("jsonl", 0), "\"date\":\"2026-11-21T11:02:00+01:00\"");
    introduction.commit.author_time = INT64_MAX;
    CHECK_HAS(report_of("jsonl", 0), "\"date\":null");
}

static void test_report__sarif_percent_encodes_paths(void **state)
{
    (void)state;
    finding.place.path = "a b/%#\xc3\xa9.c";
    CHECK_HAS(report_of("sarif", 0), "\"uri\":\"a%20b/%25%23%C3%A9.c\"");
}

static void test_report__a_skip_is_named(void **state)
{
    static const secscan_skip_count counts[] = {{"corrupt", 1, 1, 0},
                                                {"symlink", 2, 0, 0}};
    const secscan_skip skip = {"big.pack",    NULL, "corrupt",
                               "bad trailer", 1,    0};
    secscan_coverage incomplete = coverage;
    secscan_report *report = open_report("text", 0, 80);
    const secscan_sink *sink = secscan_report_sink(report);

    (void)state;
    incomplete.is_complete = 0;
    incomplete.gating = 0;
    incomplete.skips = counts;
    incomplete.n_skips = 2;
    CHECK_OK(sink->skipped(sink->ctx, &skip));
    CHECK_OK(secscan_report_finish(report, &incomplete, 3, NULL));
    secscan_report_free(report);
    CHECK_OK(ss_buf_putc(&report_bytes, '\0'));
    CHECK_HAS((char *)report_bytes.data,
              "  left out  2 symlink\n"
              "  NOT READ  1 corrupt\n"
              "            big.pack: corrupt (bad trailer)\n"
              "INCOMPLETE: no secrets, but not everything was read, exit 3\n");
}

static void test_report__wrong_options_are_errors(void **state)
{
    secscan_report_options options = {.size = sizeof(options), .format = "xml"};
    secscan_report *report = NULL;
    secscan_error err;

    (void)state;
    CHECK_INT(secscan_report_new(&report, NULL, &options, append, NULL, &err),
              SECSCAN_ERR_ARG);
    options.format = "text";
    options.flags = 0x80000000u;
    CHECK_INT(secscan_report_new(&report, NULL, &options, append, NULL, &err),
              SECSCAN_ERR_ARG);
    CHECK(report == NULL);
}

static void test_report__a_failing_write_is_an_error(void **state)
{
    secscan_report *report = NULL;
    secscan_error err;

    (void)state;
    CHECK_OK(secscan_report_new(&report, NULL, NULL, refuse, NULL, &err));
    give(report);
    CHECK_INT(secscan_report_finish(report, &coverage, 1, &err),
              SECSCAN_ERR_IO);
    secscan_report_free(report);
}

/* Each allocation fails once; nothing may leak or crash (ASan says). */
static int try_report(const char *format)
{
    secscan_report_options options = {
        .size = sizeof(options), .width = 80, .format = format, .target = "x"};
    secscan_report *report = NULL;
    const secscan_sink *sink;
    int rc;

    ss_buf_reset(&report_bytes);
    rc = secscan_report_new(&report, NULL, &options, append, &report_bytes,
                            NULL);
    if (rc)
        return rc;
    sink = secscan_report_sink(report);
    rc = sink->finding(sink->ctx, &finding);
    if (rc == 0)
        rc = secscan_report_finish(report, &coverage, 1, NULL);
    secscan_report_free(report);
    return rc;
}

static void fail_each(const char *format)
{
    unsigned long n = 1;
    int rc = -1;

    for (; rc && n < 500; n++) {
        ss_alloc_fail_at(n);
        rc = try_report(format);
        ss_alloc_fail_at(0);
    }
    CHECK(n > 5 && n < 500);
}

static void test_report__out_of_memory_is_told(void **state)
{
    (void)state;
    set_history();
    CHECK_OK(ss_buf_reserve(&report_bytes, 100000));
    fail_each("text");
    fail_each("json");
    fail_each("jsonl");
    fail_each("sarif");
}

static void give_many(secscan_report *report)
{
    static char own[10000][48];

    for (int i = 0; i < 10000; i++) {
        snprintf(own[i], sizeof(own[i]), "%s%s%024d", "vend_", "live_", i);
        snprintf(line, sizeof(line), "  KEY = \"%s\"", own[i]);
        finding.secret = bytes_of(own[i]);
        finding.line = bytes_of(line);
        give(report);
    }
}

static void test_report__ten_thousand_findings_are_no_burden(void **state)
{
    static const char *const formats[] = {"text", "json", "jsonl", "sarif"};

    (void)state;
    set_history();
    for (size_t i = 0; i < 4; i++) {
        secscan_report *report = open_report(formats[i], 0, 80);

        give_many(report);
        close_report(report, 1);
        CHECK_LACKS((char *)report_bytes.data, "000009999\"");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        REPORT_TEST(test_report__text_says_what_a_person_needs),
        REPORT_TEST(test_report__every_format_says_how_sure_it_is),
        REPORT_TEST(test_report__no_format_shows_a_secret),
        REPORT_TEST(test_report__every_format_shows_secrets_when_asked),
        REPORT_TEST(test_report__a_secret_found_later_is_masked_before),
        REPORT_TEST(test_report__scanned_text_cannot_reach_the_terminal),
        REPORT_TEST(test_report__ascii_terminals_get_ascii),
        REPORT_TEST(test_report__colour_only_when_asked),
        REPORT_TEST(test_report__a_long_line_is_cut_around_the_secret),
        REPORT_TEST(test_report__a_wide_line_is_underlined_by_columns),
        REPORT_TEST(test_report__quiet_has_no_summary),
        REPORT_TEST(test_report__many_places_are_cut),
        REPORT_TEST(test_report__what_does_not_gate_passes),
        REPORT_TEST(test_report__each_file_is_named_once),
        REPORT_TEST(test_report__json_has_null_for_what_is_absent),
        REPORT_TEST(test_report__json_dates_are_the_authors),
        REPORT_TEST(test_report__sarif_percent_encodes_paths),
        REPORT_TEST(test_report__a_skip_is_named),
        REPORT_TEST(test_report__wrong_options_are_errors),
        REPORT_TEST(test_report__a_failing_write_is_an_error),
        REPORT_TEST(test_report__out_of_memory_is_told),
        REPORT_TEST(test_report__ten_thousand_findings_are_no_burden),
    };

    return RUN(tests);
}
