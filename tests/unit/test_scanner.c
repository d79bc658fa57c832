#include "unit.h"

#include "base/buf.h"
#include "rules/compile.h"
#include "scan/check.h"
#include "scan/pipeline.h"
#include "scan/scanner.h"

#include <stdio.h>
#include <stdlib.h>

/* Rules by hand: widths are what rules/shape.c would find. */
/* The secret stands far behind the match's start. */
static const ss_rule far = {.id = "far",
                            .category = "key",
                            .regex = "FAR[^!]{0,200}!([a-z]{5})",
                            .prefilter = "FAR",
                            .width = 209,
                            .prefix_min = 3,
                            .prefix_max = 3,
                            .severity = SECSCAN_HIGH,
                            .evidence = SECSCAN_PATTERN,
                            .specificity = 100,
                            .keep_placeholders = 1};
static const ss_rule tok = {.id = "tok",
                            .category = "token",
                            .regex = "(?<![a-z])tok_[a-z]{6,12}(?![a-z])",
                            .prefilter = "tok_[a-z]{6}",
                            .before = 1,
                            .after = 1,
                            .width = 16,
                            .prefix_min = 10,
                            .prefix_max = 10,
                            .severity = SECSCAN_HIGH,
                            .evidence = SECSCAN_PATTERN,
                            .specificity = 100,
                            .keep_placeholders = 1};
static const ss_rule assign = {.id = "assign",
                               .category = "generic",
                               .regex = "(?<![a-z])key=([^\\s]{4,40})",
                               .prefilter = "key=[^\\s]{4}",
                               .before = 1,
                               .width = 44,
                               .prefix_min = 8,
                               .prefix_max = 8,
                               .severity = SECSCAN_LOW,
                               .evidence = SECSCAN_CONTEXT,
                               .specificity = 10,
                               .keep_placeholders = 1};
static const ss_rule block = {.id = "block",
                              .category = "key",
                              .regex = "BEGIN BLOCK[^!]{0,300}END",
                              .prefilter = "BEGIN BLOCK",
                              .width = 314,
                              .prefix_min = 11,
                              .prefix_max = 11,
                              .severity = SECSCAN_HIGH,
                              .evidence = SECSCAN_PATTERN,
                              .specificity = 100,
                              .keep_placeholders = 1};

static const ss_rule *rules[] = {&assign, &block, &far, &tok};

static void make_set(ss_rule_set *set)
{
    memset(set, 0, sizeof(*set));
    set->rules = rules;
    set->n_rules = 4;
    set->max_before = 1;
    set->max_after = 1;
    set->max_width = 314;
    set->max_prefix = 11;
    CHECK_OK(ss_compile(set, NULL));
}

/* What was found, as text: a line a match. */
static int write_match(void *ctx, const ss_match *m)
{
    ss_bytes secret = ss_match_secret(m);
    ss_buf *out = ctx;

    ss_buf_printf(
        out, "%s %llu-%llu %llu:%llu-%llu:%llu also %zu %.*s|%.*s\n",
        m->rule->id, (unsigned long long)m->offset,
        (unsigned long long)m->secret_to, (unsigned long long)m->line_start,
        (unsigned long long)m->column_start, (unsigned long long)m->line_end,
        (unsigned long long)m->column_end, m->n_also, (int)secret.len,
        (const char *)secret.data, (int)m->line.len,
        (const char *)m->line.data);
    return 0;
}

static int write_skip(void *ctx, const char *reason, uint64_t offset)
{
    return ss_buf_printf(ctx, "skip %s %llu\n", reason,
                         (unsigned long long)offset);
}

/* Feed in pieces of `step` bytes; 0: the one-shot path. */
static void scan(ss_buf *out, const ss_rule_set *set, ss_bytes text,
                 size_t core, size_t step)
{
    ss_match_sink sink = {out, write_match, write_skip};
    ss_scanner *s = NULL;

    ss_buf_reset(out);
    CHECK_OK(ss_scanner_new(&s, set, core, NULL));
    if (!step) {
        CHECK_OK(ss_scanner_scan(s, text, &sink, NULL));
    } else {
        CHECK_OK(ss_scanner_begin(s, &sink, NULL));
        for (size_t at = 0; at < text.len; at += step) {
            size_t n = text.len - at < step ? text.len - at : step;

            CHECK_OK(ss_scanner_feed(s, (ss_bytes){text.data + at, n}, NULL));
        }
        CHECK_OK(ss_scanner_end(s, NULL));
    }
    CHECK_INT(ss_scanner_counts(s)->units, 1);
    ss_scanner_free(s);
    ss_buf_putc(out, '\0');
}

static void check_scan(const char *text, const char *expected)
{
    ss_buf out = SS_BUF_INIT(1 << 20);
    ss_rule_set set;

    make_set(&set);
    scan(&out, &set, ss_bytes_str(text), 0, 0);
    CHECK_STR((char *)out.data, expected);
    ss_buf_release(&out);
    ss_compile_release(&set);
}

static void test_scanner__finds_secret_with_place_and_line(void **state)
{
    (void)state;
    check_scan("a\nb tok_abcdefgh c\n",
               "tok 4-16 2:3-2:15 also 0 tok_abcdefgh|b tok_abcdefgh c\n");
}

static void test_scanner__secret_is_the_group(void **state)
{
    (void)state;
    check_scan("key=12345", "assign 4-9 1:5-1:10 also 0 12345|key=12345\n");
}

static void test_scanner__overlap_is_one_finding(void **state)
{
    (void)state;
    check_scan("key=tok_abcdefgh",
               "tok 4-16 1:5-1:17 also 1 tok_abcdefgh|key=tok_abcdefgh\n");
}

static void test_scanner__look_around_sees_past_the_match(void **state)
{
    (void)state;
    check_scan("xtok_abcdefgh tok_abcdefghijklmn", "");
}

static void test_scanner__multi_line_match_has_both_lines(void **state)
{
    (void)state;
    check_scan("x\nBEGIN BLOCK\nabc\nEND y\n",
               "block 2-21 2:1-4:4 also 0 BEGIN BLOCK\nabc\nEND|"
               "BEGIN BLOCK\nabc\nEND y\n");
}

static void test_scanner__empty_unit_is_fine(void **state)
{
    (void)state;
    check_scan("", "");
}

static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

/* Text with matches, near misses and overlaps at places that the seed picks. */
static void make_text(ss_buf *text, uint64_t seed, size_t len)
{
    static const char *const parts[] = {"tok_abcdef",
                                        "tok_abcdefghijkl",
                                        "tok_abcdefghijklm",
                                        "key=",
                                        "key=value12",
                                        "\n",
                                        "xtok_abcdefg",
                                        "BEGIN BLOCK",
                                        "END",
                                        "!",
                                        "\r\n",
                                        "key=tok_zzzzzz",
                                        "\xc3\xa9",
                                        " ",
                                        "some filler text ",
                                        "tok_",
                                        "FAR ",
                                        "!abcdefg"};

    ss_buf_reset(text);
    while (text->len < len)
        ss_buf_puts(text, parts[next_random(&seed) % 18]);
}

static void test_scanner__chunk_size_never_shows(void **state)
{
    static const size_t cores[] = {1, 2, 63, 64, 1000, 65536};
    ss_buf text = SS_BUF_INIT(1 << 20);
    ss_buf whole = SS_BUF_INIT(1 << 22);
    ss_buf chunked = SS_BUF_INIT(1 << 22);
    ss_rule_set set;

    (void)state;
    make_set(&set);
    for (uint64_t seed = 0; seed < 20; seed++) {
        make_text(&text, seed, 3000);
        scan(&whole, &set, ss_buf_bytes(&text), 1 << 20, 0);
        CHECK(whole.len > 500);
        for (size_t i = 0; i < 6; i++) {
            scan(&chunked, &set, ss_buf_bytes(&text), cores[i], 0);
            CHECK_STR((char *)chunked.data, (char *)whole.data);
            scan(&chunked, &set, ss_buf_bytes(&text), cores[i], 1 + seed * 7);
            CHECK_STR((char *)chunked.data, (char *)whole.data);
        }
    }
    ss_buf_release(&text);
    ss_buf_release(&whole);
    ss_buf_release(&chunked);
    ss_compile_release(&set);
}

static void test_scanner__match_on_a_border_is_found_once(void **state)
{
    ss_buf out = SS_BUF_INIT(1 << 16);
    char text[200];
    ss_rule_set set;

    (void)state;
    make_set(&set);
    for (size_t at = 40; at < 70; at++) {
        memset(text, ' ', sizeof(text));
        memcpy(text + at, "tok_abcdefgh", 12);
        scan(&out, &set, ss_bytes_of(text, sizeof(text)), 64, 9);
        CHECK(!strncmp((char *)out.data, "tok ", 4));
        CHECK(!strstr((char *)out.data + 4, "tok 4"));
        CHECK_INT(strtoul((char *)out.data + 4, NULL, 10), at);
    }
    ss_buf_release(&out);
    ss_compile_release(&set);
}

/* More candidates than the list holds: the core is halved until they fit. */
static void test_scanner__overflow_of_candidates_loses_nothing(void **state)
{
    const size_t n = 40000;
    ss_buf text = SS_BUF_INIT(1 << 24);
    ss_buf out = SS_BUF_INIT(1 << 28);
    ss_rule_set set;
    size_t lines = 0;

    (void)state;
    make_set(&set);
    for (size_t i = 0; i < n; i++)
        ss_buf_puts(&text, "tok_abcdef\n");
    scan(&out, &set, ss_buf_bytes(&text), 1 << 20, 0);
    for (size_t i = 0; i < out.len; i++)
        lines += out.data[i] == '\n';
    CHECK_INT(lines, n);
    ss_buf_release(&text);
    ss_buf_release(&out);
    ss_compile_release(&set);
}

static void put_utf16(ss_buf *out, const char *text)
{
    ss_buf_add(out, "\xff\xfe", 2);
    for (; *text; text++) {
        ss_buf_putc(out, *text);
        ss_buf_putc(out, '\0');
    }
}

static void test_scanner__utf16_has_places_of_the_stored_bytes(void **state)
{
    ss_buf text = SS_BUF_INIT(1 << 16);
    ss_buf out = SS_BUF_INIT(1 << 16);
    ss_rule_set set;

    (void)state;
    make_set(&set);
    put_utf16(&text, "a\nb tok_abcdefgh\n");
    for (size_t step = 0; step < 6; step++) {
        scan(&out, &set, ss_buf_bytes(&text), 3, step);
        CHECK_STR((char *)out.data,
                  "tok 10-16 2:3-2:15 also 0 tok_abcdefgh|b tok_abcdefgh\n");
    }
    ss_buf_release(&text);
    ss_buf_release(&out);
    ss_compile_release(&set);
}

/* The mark of UTF-16 before plain text: what it says must not hide the text. */
static void test_scanner__mark_that_lies_hides_nothing(void **state)
{
    static const char text[] = "\xff\xfe\ntok_abcdefgh \nkey=12345\n";
    ss_buf out = SS_BUF_INIT(1 << 16);
    ss_rule_set set;

    (void)state;
    make_set(&set);
    for (size_t step = 0; step < 6; step++) {
        scan(&out, &set, ss_bytes_of(text, sizeof(text) - 1), 3, step);
        CHECK_STR((char *)out.data,
                  "tok 3-15 2:1-2:13 also 0 tok_abcdefgh|tok_abcdefgh \n"
                  "assign 21-26 3:5-3:10 also 0 12345|key=12345\n");
    }
    ss_buf_release(&out);
    ss_compile_release(&set);
}

/* ---- parts ---- */

typedef struct arena_watch {
    const ss_scanner *scanner;
    size_t n_matches, peak;
} arena_watch;

static int count_arena(void *ctx, const ss_match *m)
{
    arena_watch *watch = ctx;
    size_t used = watch->scanner->arena.used;

    (void)m;
    watch->n_matches++;
    watch->peak = used > watch->peak ? used : watch->peak;
    return 0;
}

#define NAMED(name, reach_, lines, required)                                   \
    {                                                                          \
        .ids = (const char *const[]){name}, .n_ids = 1, .role = "",            \
        .within_lines = (lines), .within_columns = UINT32_MAX,                 \
        .reach = (reach_), .is_required = (required)                           \
    }
#define WORD_RULE(name, word, ...)                                             \
    {                                                                          \
        .id = name, .category = "key", .regex = word "_[a-z]{3}",              \
        .prefilter = word "_[a-z]{3}", .width = 6, .prefix_min = 6,            \
        .prefix_max = 6, .severity = SECSCAN_LOW, .evidence = SECSCAN_PATTERN, \
        .specificity = 100, .keep_placeholders = 1, __VA_ARGS__                \
    }

static const ss_rule_part of_key[] = {NAMED("id", 30, 3, 0),
                                      NAMED("user", 30, UINT32_MAX, 0)};
static const ss_rule_part of_strict[] = {NAMED("id", 25, UINT32_MAX, 1)};
static const ss_rule part_id = WORD_RULE("id", "ii", .confidence = 90);
static const ss_rule part_key =
    WORD_RULE("key", "kk", .parts = of_key, .n_parts = 2);
static const ss_rule part_strict =
    WORD_RULE("strict", "s[k]", .parts = of_strict, .n_parts = 1);
static const ss_rule part_user = WORD_RULE("user", "uu", .is_part_only = 1);
static const ss_rule part_word =
    WORD_RULE("word", "[ius][iuk]", .confidence = 50);
static const ss_rule *part_rules[] = {&part_id, &part_key, &part_strict,
                                      &part_user, &part_word};

static void make_part_set(ss_rule_set *set)
{
    memset(set, 0, sizeof(*set));
    set->rules = part_rules;
    set->n_rules = 5;
    set->max_width = 6;
    set->max_prefix = 6;
    set->part_reach = 30;
    CHECK_OK(ss_compile(set, NULL));
}

static int write_parts(void *ctx, const ss_match *m)
{
    ss_buf *out = ctx;

    ss_buf_printf(out, "%s %llu also %zu", m->rule->id,
                  (unsigned long long)m->offset, m->n_also);
    for (size_t i = 0; i < m->n_parts; i++)
        ss_buf_printf(out, " with %s %llu", m->parts[i].rule->id,
                      (unsigned long long)m->parts[i].offset);
    if (m->whole)
        ss_buf_printf(out, " of %llu", (unsigned long long)m->whole->offset);
    return ss_buf_puts(out, "\n");
}

static void scan_parts(ss_buf *out, const ss_rule_set *set, ss_bytes text,
                       size_t core, size_t step)
{
    ss_match_sink sink = {out, write_parts, write_skip};
    ss_scanner *s = NULL;

    ss_buf_reset(out);
    CHECK_OK(ss_scanner_new(&s, set, core, NULL));
    CHECK_OK(ss_scanner_begin(s, &sink, NULL));
    for (size_t at = 0; at < text.len; at += step) {
        size_t n = text.len - at < step ? text.len - at : step;

        CHECK_OK(ss_scanner_feed(s, (ss_bytes){text.data + at, n}, NULL));
    }
    CHECK_OK(ss_scanner_end(s, NULL));
    ss_scanner_free(s);
    ss_buf_putc(out, '\0');
}

static void check_parts(const char *text, const char *expected)
{
    ss_buf out = SS_BUF_INIT(1 << 16);
    ss_rule_set set;

    make_part_set(&set);
    scan_parts(&out, &set, ss_bytes_str(text), 0, strlen(text));
    CHECK_STR((char *)out.data, expected);
    ss_buf_release(&out);
    ss_compile_release(&set);
}

static void test_scanner__a_part_near_names_its_whole(void **state)
{
    (void)state;
    check_parts("ii_abc\nkk_abc uu_abc",
                "id 0 also 1 of 7\nkey 7 also 0 with id 0 with user 14\n"
                "word 14 also 0 of 7\n");
    /* Only a part: no finding by itself. */
    check_parts("uu_abc", "word 0 also 0\n");
}

static void
test_scanner__without_what_it_requires_it_hides_nothing(void **state)
{
    (void)state;
    check_parts("ii_abc sk_abc",
                "id 0 also 1 of 7\nstrict 7 also 1 with id 0\n");
    check_parts("sk_abc", "word 0 also 0\n");
    check_parts("ii_abc                       sk_abc",
                "id 0 also 1\nword 29 also 0\n");
}

static void put_random_words(ss_buf *text, unsigned *seed)
{
    static const char *const words[] = {
        "ii_abc", "kk_abc", "uu_abc",   "sk_abc", "\n",
        " ",      "xxxxxx", "        ", "\n\n",   "ii_abckk_abc"};

    for (int i = 0; i < 40; i++) {
        *seed = *seed * 1103515245u + 12345u;
        ss_buf_puts(text, words[(*seed >> 16) % 10]);
    }
}

static void test_scanner__parts_are_the_same_for_any_chunk_size(void **state)
{
    static const size_t cores[] = {1, 7, 30, 61, 100};
    ss_buf text = SS_BUF_INIT(1 << 16);
    ss_buf whole = SS_BUF_INIT(1 << 16), out = SS_BUF_INIT(1 << 16);
    unsigned seed = 1;
    ss_rule_set set;

    (void)state;
    make_part_set(&set);
    for (int round = 0; round < 1000; round++) {
        ss_buf_reset(&text);
        put_random_words(&text, &seed);
        scan_parts(&whole, &set, ss_buf_bytes(&text), 0, text.len);
        CHECK(strstr((char *)whole.data, " with ") || round);
        for (size_t i = 0; i < sizeof(cores) / sizeof(*cores); i++) {
            scan_parts(&out, &set, ss_buf_bytes(&text), cores[i], 11);
            CHECK_STR((char *)out.data, (char *)whole.data);
        }
    }
    ss_buf_release(&text);
    ss_buf_release(&whole);
    ss_buf_release(&out);
    ss_compile_release(&set);
}

static void test_scanner__a_pair_without_memory_is_an_error(void **state)
{
    ss_bytes text = ss_bytes_str("ii_abc kk_abc uu_abc");
    ss_buf out = SS_BUF_INIT(1 << 16);
    ss_match_sink sink = {&out, write_parts, write_skip};
    unsigned long nth = 0;
    int rc = SECSCAN_ERR_NOMEM;
    ss_rule_set set;

    (void)state;
    make_part_set(&set);
    while (rc) {
        ss_scanner *s = NULL;

        CHECK_OK(ss_scanner_new(&s, &set, 4, NULL));
        ss_alloc_fail_at(++nth);
        rc = ss_scanner_scan(s, text, &sink, NULL);
        ss_alloc_fail_at(0);
        CHECK(rc == 0 || rc == SECSCAN_ERR_NOMEM);
        CHECK(nth < 1000);
        ss_scanner_free(s);
    }
    CHECK(nth > 5);
    ss_buf_release(&out);
    ss_compile_release(&set);
}

static void
test_scanner__memory_does_not_grow_with_pairs_in_each_line(void **state)
{
    enum { N = 20000 };
    arena_watch watch = {0};
    ss_match_sink sink = {&watch, count_arena, NULL};
    ss_buf text = SS_BUF_INIT((size_t)1 << 20);
    ss_rule_set set;
    ss_scanner *s;

    (void)state;
    make_part_set(&set);
    for (int i = 0; i < N; i++)
        CHECK_OK(ss_buf_puts(&text, "ii_abc kk_abc\n"));
    CHECK_OK(ss_scanner_new(&s, &set, 1024, NULL));
    watch.scanner = s;
    CHECK_OK(ss_scanner_scan(s, ss_buf_bytes(&text), &sink, NULL));
    CHECK_INT(watch.n_matches, 2 * N);
    CHECK(watch.peak < (size_t)3 << 20);
    ss_scanner_free(s);
    ss_buf_release(&text);
    ss_compile_release(&set);
}

static int stop(void *ctx, const ss_match *m)
{
    (void)m;
    ++*(int *)ctx;
    return 5;
}

static void test_scanner__sink_stops_the_unit(void **state)
{
    ss_rule_set set;
    ss_scanner *s;
    int calls = 0;
    ss_match_sink sink = {&calls, stop, NULL};

    (void)state;
    make_set(&set);
    CHECK_OK(ss_scanner_new(&s, &set, 0, NULL));
    CHECK_INT(
        ss_scanner_scan(s, ss_bytes_str("tok_abcdef tok_ghijkl"), &sink, NULL),
        5);
    CHECK_INT(calls, 1);
    ss_scanner_free(s);
    ss_compile_release(&set);
}

static int watch_arena(void *ctx, const ss_match *m)
{
    arena_watch *watch = ctx;
    size_t used = watch->scanner->arena.used;

    CHECK(m->secret_to - m->secret_from == 15);
    watch->n_matches++;
    watch->peak = used > watch->peak ? used : watch->peak;
    return 0;
}

static void
test_scanner__memory_does_not_grow_when_a_match_is_on_each_border(void **state)
{
    enum { N = 8192 };
    arena_watch watch = {0};
    ss_match_sink sink = {&watch, watch_arena, NULL};
    ss_buf text = SS_BUF_INIT((size_t)1 << 20);
    ss_rule_set set;
    ss_scanner *s;

    (void)state;
    make_set(&set);
    CHECK_OK(ss_buf_puts(&text, "        "));
    for (int i = 0; i < N; i++)
        CHECK_OK(ss_buf_puts(&text, "tok_abcdefghijk "));
    CHECK_OK(ss_scanner_new(&s, &set, 4096, NULL));
    watch.scanner = s;
    CHECK_OK(ss_scanner_scan(s, ss_buf_bytes(&text), &sink, NULL));
    CHECK_INT(watch.n_matches, N);
    CHECK(watch.peak < (size_t)3 << 20);
    ss_scanner_free(s);
    ss_buf_release(&text);
    ss_compile_release(&set);
}

static void scan_with_failures(const ss_rule_set *set, unsigned long nth,
                               int *rc)
{
    ss_buf out = SS_BUF_INIT(1 << 16);
    ss_match_sink sink = {&out, write_match, write_skip};
    ss_scanner *s = NULL;

    ss_alloc_fail_at(nth);
    *rc = ss_scanner_new(&s, set, 4, NULL);
    if (!*rc)
        *rc = ss_scanner_scan(
            s, ss_bytes_str("key=tok_abcdefgh \nBEGIN BLOCK END"), &sink, NULL);
    ss_alloc_fail_at(0);
    ss_scanner_free(s);
    ss_buf_release(&out);
}

static void
test_scanner__failed_allocation_is_an_error_not_a_crash(void **state)
{
    unsigned long nth = 1;
    ss_rule_set set;
    int rc = SECSCAN_ERR_NOMEM;

    (void)state;
    make_set(&set);
    for (; rc; nth++) {
        scan_with_failures(&set, nth, &rc);
        CHECK(rc == 0 || rc == SECSCAN_ERR_NOMEM);
        CHECK(nth < 1000);
    }
    CHECK(nth > 10);
    ss_compile_release(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_scanner__finds_secret_with_place_and_line),
        TEST(test_scanner__secret_is_the_group),
        TEST(test_scanner__overlap_is_one_finding),
        TEST(test_scanner__look_around_sees_past_the_match),
        TEST(test_scanner__multi_line_match_has_both_lines),
        TEST(test_scanner__empty_unit_is_fine),
        TEST(test_scanner__chunk_size_never_shows),
        TEST(test_scanner__match_on_a_border_is_found_once),
        TEST(test_scanner__overflow_of_candidates_loses_nothing),
        TEST(test_scanner__utf16_has_places_of_the_stored_bytes),
        TEST(test_scanner__mark_that_lies_hides_nothing),
        TEST(test_scanner__a_part_near_names_its_whole),
        TEST(test_scanner__without_what_it_requires_it_hides_nothing),
        TEST(test_scanner__parts_are_the_same_for_any_chunk_size),
        TEST(test_scanner__a_pair_without_memory_is_an_error),
        TEST(test_scanner__memory_does_not_grow_with_pairs_in_each_line),
        TEST(test_scanner__sink_stops_the_unit),
        TEST(test_scanner__memory_does_not_grow_when_a_match_is_on_each_border),
        TEST(test_scanner__failed_allocation_is_an_error_not_a_crash),
    };

    return RUN(tests);
}
