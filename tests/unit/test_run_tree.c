#include "unit.h"

#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* One mark in the text, one about a name. */
static const char rules_text[] = "[[rules]]\n"
                                 "id = 'mark'\n"
                                 "description = 'a mark'\n"
                                 "category = 'token'\n"
                                 "severity = 'high'\n"
                                 "regex = '''MARK_[a-z]{8}'''\n"
                                 "placeholders = 'keep'\n"
                                 "[[rules]]\n"
                                 "id = 'named'\n"
                                 "description = 'a name'\n"
                                 "category = 'hygiene'\n"
                                 "severity = 'low'\n"
                                 "path = '''(^|/)\\.env$'''\n";

static char root[64];
static secscan_rules *rules;

/* ---- a tree ---- */

static void write_bytes(const char *name, const char *data, size_t len)
{
    char path[256];
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", root, name);
    f = fopen(path, "w");
    CHECK(f);
    CHECK_INT(fwrite(data, 1, len, f), len);
    fclose(f);
}

static void write_text(const char *name, const char *text)
{
    write_bytes(name, text, strlen(text));
}

static void resize(const char *name, long len)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/%s", root, name);
    CHECK_OK(truncate(path, len));
}

static void make_dir(const char *name)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/%s", root, name);
    CHECK_OK(mkdir(path, 0700));
}

static int make_tree(void **state)
{
    (void)state;
    strcpy(root, "/tmp/secscan-test-XXXXXX");
    CHECK(mkdtemp(root));
    return secscan_rules_parse(&rules, rules_text, strlen(rules_text), NULL,
                               NULL);
}

static int empty_tree(void **state)
{
    char command[160];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf %s && mkdir %s", root, root);
    return system(command);
}

static int remove_tree(void **state)
{
    char command[160];

    (void)state;
    secscan_rules_free(rules);
    snprintf(command, sizeof(command), "rm -rf %s", root);
    return system(command);
}

/* 40 directories of 10 files; every third file has two marks. */
static void fill_tree(void)
{
    char name[64], text[160];

    for (int d = 0; d < 40; d++) {
        snprintf(name, sizeof(name), "d%02d", d);
        make_dir(name);
        for (int f = 0; f < 10; f++) {
            int has_marks = (d * 10 + f) % 3 == 0;
            char c = (char)('a' + d % 26);

            snprintf(name, sizeof(name), "d%02d/f%d", d, f);
            snprintf(text, sizeof(text),
                     has_marks ? "x\nMARK_%c%cbcdefg\n MARK_zzzz%c%caa\n"
                               : "nothing %c%c%c%c\n",
                     c, c, c, c);
            write_text(name, text);
        }
    }
}

/* ---- a scan, told in lines ---- */

typedef struct told {
    ss_buf text;
    int n_findings, n_skips;
    int stop_at; /* the finding that stops; 0: none */
    uint64_t units_done, units_total, bytes_done;
} told;

static const char *below(const char *path)
{
    return path + strlen(root) + 1;
}

static int on_finding(void *ctx, const secscan_finding *f)
{
    told *t = ctx;

    ss_buf_printf(&t->text, "%s %s:%d:%d %s\n", f->rule, below(f->place.path),
                  (int)f->place.line_start, (int)f->place.column_start,
                  f->fingerprint);
    return ++t->n_findings == t->stop_at;
}

static int on_skip(void *ctx, const secscan_skip *skip)
{
    told *t = ctx;

    t->n_skips++;
    ss_buf_printf(&t->text, "%s %s\n", skip->reason, below(skip->path));
    return 0;
}

static int on_progress(void *ctx, const secscan_progress *progress)
{
    told *t = ctx;

    CHECK(progress->units_done >= t->units_done);
    t->units_done = progress->units_done;
    t->units_total = progress->units_total;
    t->bytes_done = progress->bytes_done;
    return 0;
}

static secscan_sink sink_of(told *t)
{
    return (secscan_sink){sizeof(secscan_sink), t, on_finding, on_skip,
                          on_progress};
}

typedef struct settings {
    unsigned threads;
    uint64_t max_file_size;
    uint32_t flags;
} settings;

static int scan_with(told *t, secscan_coverage *coverage, settings with)
{
    secscan_scan_options options = {.size = sizeof(options),
                                    .threads = with.threads,
                                    .max_file_size = with.max_file_size};
    secscan_tree_options tree = {.size = sizeof(tree), .flags = with.flags};
    const char *const paths[] = {root};
    secscan_sink sink = sink_of(t);
    secscan_scanner *scanner = NULL;
    int rc = secscan_scanner_new(&scanner, rules, &options, NULL);

    t->text.max = (size_t)1 << 24;
    if (rc)
        return rc;
    rc = secscan_scan_tree(scanner, paths, 1, &tree, &sink, NULL);
    if (coverage)
        *coverage = *secscan_scanner_coverage(scanner);
    secscan_scanner_free(scanner);
    return rc;
}

static void check_lines(const char *want, settings with)
{
    told t = {0};

    CHECK_OK(scan_with(&t, NULL, with));
    CHECK_OK(ss_buf_putc(&t.text, '\0'));
    CHECK_STR((const char *)t.text.data, want);
    ss_buf_release(&t.text);
}

static int on_progress_stop(void *ctx, const secscan_progress *progress)
{
    told *t = ctx;

    t->bytes_done = progress->bytes_done;
    return 1;
}

/* ---- tests ---- */

static void test_run_tree__any_number_of_threads_tells_the_same(void **state)
{
    static const unsigned numbers[] = {2, 3, 8};
    secscan_coverage coverage, other;
    told one = {0};

    (void)state;
    fill_tree();
    CHECK_OK(scan_with(&one, &coverage, (settings){.threads = 1}));
    CHECK_INT(one.n_findings, 268);
    CHECK_INT(coverage.files, 400);
    CHECK_INT(coverage.units, 400);
    CHECK(coverage.is_complete);
    for (size_t i = 0; i < 3; i++) {
        told many = {0};

        CHECK_OK(scan_with(&many, &other, (settings){.threads = numbers[i]}));
        CHECK(
            ss_bytes_equal(ss_buf_bytes(&one.text), ss_buf_bytes(&many.text)));
        CHECK_INT(other.bytes, coverage.bytes);
        CHECK_INT(other.units, coverage.units);
        ss_buf_release(&many.text);
    }
    ss_buf_release(&one.text);
}

static void test_run_tree__a_stop_is_heard_with_any_threads(void **state)
{
    (void)state;
    fill_tree();
    for (unsigned threads = 1; threads <= 8; threads += 3) {
        told t = {.stop_at = 100};

        CHECK_INT(scan_with(&t, NULL, (settings){.threads = threads}),
                  SECSCAN_STOPPED);
        CHECK_INT(t.n_findings, 100);
        ss_buf_release(&t.text);
    }
}

static void test_run_tree__progress_ends_with_all_of_it(void **state)
{
    secscan_coverage coverage;
    told t = {0};

    (void)state;
    fill_tree();
    CHECK_OK(scan_with(&t, &coverage, (settings){.threads = 2}));
    CHECK_INT(t.units_done, 400);
    CHECK_INT(t.units_total, 400);
    CHECK_INT(t.bytes_done, coverage.bytes);
    ss_buf_release(&t.text);
}

/* 200 MB of nothing in one file: it has to be heard long before its end. */
static void test_run_tree__a_stop_is_heard_inside_a_large_file(void **state)
{
    secscan_scan_options options = {.size = sizeof(options)};
    const char *const paths[] = {root};

    (void)state;
    write_text("large", "");
    write_text("other", "");
    resize("large", 200000000);
    resize("other", 200000000);
    for (unsigned threads = 1; threads <= 2; threads++) {
        told t = {0};
        secscan_sink sink = {sizeof(sink), &t, on_finding, on_skip,
                             on_progress_stop};
        secscan_scanner *scanner = NULL;

        options.threads = threads;
        CHECK_OK(secscan_scanner_new(&scanner, rules, &options, NULL));
        CHECK_INT(secscan_scan_tree(scanner, paths, 1, NULL, &sink, NULL),
                  SECSCAN_STOPPED);
        CHECK(t.bytes_done > 0);
        CHECK(t.bytes_done < 400000000);
        CHECK_INT(secscan_scanner_coverage(scanner)->files, 0);
        secscan_scanner_free(scanner);
    }
}

/* Wherever the buffer ends, and however many buffers there are. */
static void test_run_tree__a_large_file_is_scanned_in_pieces(void **state)
{
    static const size_t places[] = {262130, 262140, 262144, 524280, 999980};
    char *big = ss_alloc(1000000);

    (void)state;
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        told t = {0};

        memset(big, '.', 1000000);
        memcpy(big + places[i], "MARK_abcdefgh", 13);
        write_bytes("big", big, 1000000);
        CHECK_OK(scan_with(&t, NULL, (settings){.threads = 1}));
        CHECK_INT(t.n_findings, 1);
        CHECK_INT(t.bytes_done, 1000000);
        ss_buf_release(&t.text);
    }
    ss_free(big);
}

static void test_run_tree__a_file_of_just_one_buffer_is_complete(void **state)
{
    char *big = ss_alloc(262144);
    told t = {0};

    (void)state;
    memset(big, '.', 262144);
    memcpy(big + 262144 - 13, "MARK_abcdefgh", 13);
    write_bytes("big", big, 262144);
    CHECK_OK(scan_with(&t, NULL, (settings){.threads = 1}));
    CHECK_INT(t.n_findings, 1);
    ss_buf_release(&t.text);
    ss_free(big);
}

static void test_run_tree__a_file_over_the_maximum_is_a_skip(void **state)
{
    secscan_coverage coverage;
    told t = {0};

    (void)state;
    write_text("large", "MARK_abcdefgh MARK_abcdefgh");
    write_text("small", "MARK_abcdefgh");
    CHECK_OK(scan_with(&t, &coverage, (settings){1, 20, 0}));
    CHECK(ss_bytes_starts(ss_buf_bytes(&t.text),
                          "too-large large\nmark small:1:1 "));
    CHECK_INT(coverage.files, 1);
    ss_buf_release(&t.text);
}

static void test_run_tree__a_fifo_is_noted_and_does_not_block(void **state)
{
    char path[128];

    (void)state;
    snprintf(path, sizeof(path), "%s/pipe", root);
    CHECK_OK(mkfifo(path, 0600));
    check_lines("not-a-file pipe\n", (settings){.threads = 1});
}

static void test_run_tree__names_are_told_unless_git_ignores_them(void **state)
{
    told t = {0};

    (void)state;
    make_dir(".git");
    make_dir("a");
    make_dir("b");
    write_text(".git/HEAD", "ref: refs/heads/main\n");
    write_text("a/.gitignore", ".env\n");
    write_text("a/.env", "X=1\n");
    write_text("b/.env", "X=1\n");
    CHECK_OK(scan_with(&t, NULL, (settings){1, 0, SECSCAN_TREE_NO_GITIGNORE}));
    CHECK_INT(t.n_findings, 1);
    CHECK(ss_bytes_starts(ss_buf_bytes(&t.text), "named b/.env:"));
    ss_buf_release(&t.text);
}

static void test_run_tree__wrong_arguments_are_errors(void **state)
{
    const char *const missing[] = {root, "/nonexistent"};
    const char *const empty[] = {""};
    secscan_tree_options unknown = {.size = sizeof(unknown), .flags = 0x80u};
    secscan_scanner *scanner = NULL;
    secscan_error err = {0};

    (void)state;
    CHECK_OK(secscan_scanner_new(&scanner, rules, NULL, &err));
    CHECK_INT(secscan_scan_tree(scanner, missing, 2, NULL, NULL, &err),
              SECSCAN_ERR_IO);
    CHECK_STR(err.message, "/nonexistent: does not exist");
    CHECK_INT(secscan_scan_tree(scanner, empty, 1, NULL, NULL, &err),
              SECSCAN_ERR_ARG);
    CHECK_INT(secscan_scan_tree(scanner, missing, 0, NULL, NULL, &err),
              SECSCAN_ERR_ARG);
    CHECK_INT(secscan_scan_tree(scanner, missing, 1, &unknown, NULL, &err),
              SECSCAN_ERR_ARG);
    CHECK_INT(secscan_scan_file(scanner, NULL, NULL, &err), SECSCAN_ERR_ARG);
    CHECK_INT(secscan_scan_file(scanner, root, NULL, &err), SECSCAN_ERR_IO);
    secscan_scanner_free(scanner);
}

static void test_run_tree__one_file_is_scanned_or_skipped(void **state)
{
    secscan_scanner *scanner = NULL;
    told t = {.text = SS_BUF_INIT(4096)};
    secscan_sink sink = sink_of(&t);
    char path[128];

    (void)state;
    write_text("x", "MARK_abcdefgh");
    CHECK_OK(secscan_scanner_new(&scanner, rules, NULL, NULL));
    snprintf(path, sizeof(path), "%s/x", root);
    CHECK_OK(secscan_scan_file(scanner, path, &sink, NULL));
    CHECK_INT(t.n_findings, 1);
    snprintf(path, sizeof(path), "%s/y", root);
    CHECK_OK(secscan_scan_file(scanner, path, &sink, NULL));
    CHECK_INT(t.n_skips, 1);
    CHECK(!secscan_scanner_coverage(scanner)->is_complete);
    CHECK_INT(secscan_scanner_coverage(scanner)->files, 1);
    secscan_scanner_free(scanner);
    ss_buf_release(&t.text);
}

static void test_run_tree__every_allocation_may_fail(void **state)
{
    int rc = SECSCAN_ERR_NOMEM;

    (void)state;
    make_dir("a");
    write_text("a/x", "MARK_abcdefgh");
    write_text("y", "MARK_abcdefgh");
    for (unsigned long n = 1; n < 5000 && rc; n++) {
        told t = {0};

        ss_alloc_fail_at(n);
        rc = scan_with(&t, NULL, (settings){.threads = 1});
        if (ss_alloc_count() >= n && !rc)
            rc = 1; /* it failed where nobody had to notice: go on */
        ss_alloc_fail_at(0);
        CHECK(rc >= 0 || rc == SECSCAN_ERR_NOMEM);
        CHECK(rc < 0 || t.n_findings == 2);
        ss_buf_release(&t.text);
    }
    CHECK_OK(rc);
}

#define IN_TREE(name) cmocka_unit_test_setup(name, empty_tree)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_TREE(test_run_tree__any_number_of_threads_tells_the_same),
        IN_TREE(test_run_tree__a_stop_is_heard_with_any_threads),
        IN_TREE(test_run_tree__progress_ends_with_all_of_it),
        IN_TREE(test_run_tree__a_stop_is_heard_inside_a_large_file),
        IN_TREE(test_run_tree__a_large_file_is_scanned_in_pieces),
        IN_TREE(test_run_tree__a_file_of_just_one_buffer_is_complete),
        IN_TREE(test_run_tree__a_file_over_the_maximum_is_a_skip),
        IN_TREE(test_run_tree__a_fifo_is_noted_and_does_not_block),
        IN_TREE(test_run_tree__names_are_told_unless_git_ignores_them),
        IN_TREE(test_run_tree__wrong_arguments_are_errors),
        IN_TREE(test_run_tree__one_file_is_scanned_or_skipped),
        IN_TREE(test_run_tree__every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
