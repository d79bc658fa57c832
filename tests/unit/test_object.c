/*
 * test_object.c: scanning what a delta brings in is the same as scanning all.
 */
#include "unit.h"

#include "base/buf.h"
#include "rules/compile.h"
#include "scan/check.h"
#include "scan/object.h"

#include <stdio.h>

static const ss_rule tok = {.id = "tok",
                            .category = "token",
                            .is_builtin = 1,
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
static const ss_rule edges = {.id = "edges",
                              .category = "token",
                              .is_builtin = 1,
                              .regex = "\\Atop[0-9]{3}|bot[0-9]{3}\\z",
                              .prefilter = "(top|bot)[0-9]{3}",
                              .before = 1,
                              .after = 1,
                              .width = 6,
                              .prefix_min = 6,
                              .prefix_max = 6,
                              .severity = SECSCAN_HIGH,
                              .evidence = SECSCAN_PATTERN,
                              .specificity = 100,
                              .keep_placeholders = 1};
static const ss_rule lines = {.id = "lines",
                              .category = "token",
                              .is_builtin = 1,
                              .regex = "one\\n {0,4}two\\n {0,4}three",
                              .prefilter = "one\\n",
                              .width = 22,
                              .prefix_min = 4,
                              .prefix_max = 4,
                              .severity = SECSCAN_HIGH,
                              .evidence = SECSCAN_PATTERN,
                              .specificity = 100,
                              .keep_placeholders = 1};
/* Its verdict reads the line: an allowlist on it. */
static const char *const mark[] = {"harmless"};
static const ss_allowlist on_line = {
    .regexes = mark, .n_regexes = 1, .target = SS_TARGET_LINE};
static const ss_rule marked = {.id = "marked",
                               .category = "token",
                               .is_builtin = 1,
                               .regex = "(?<![a-z])mk_[a-z]{4}(?![a-z])",
                               .prefilter = "mk_[a-z]{4}",
                               .before = 1,
                               .after = 1,
                               .width = 7,
                               .prefix_min = 7,
                               .prefix_max = 7,
                               .severity = SECSCAN_HIGH,
                               .evidence = SECSCAN_PATTERN,
                               .specificity = 100,
                               .keep_placeholders = 1,
                               .allowlists = &on_line,
                               .n_allowlists = 1};
static const ss_rule wide = {.id = "wide",
                             .category = "key",
                             .is_builtin = 1,
                             .regex = "BEGIN BLOCK[^!]{0,3000}END",
                             .prefilter = "BEGIN BLOCK",
                             .width = 3014,
                             .prefix_min = 11,
                             .prefix_max = 11,
                             .severity = SECSCAN_HIGH,
                             .evidence = SECSCAN_PATTERN,
                             .specificity = 100,
                             .keep_placeholders = 1};

static const ss_rule *rules[] = {&edges, &lines, &marked, &tok, &wide};

static void make_set(ss_rule_set *set)
{
    memset(set, 0, sizeof(*set));
    set->rules = rules;
    set->n_rules = 5;
    set->max_before = 1;
    set->max_after = 1;
    set->max_width = 3014;
    set->max_prefix = 11;
    CHECK_OK(ss_compile(set, NULL));
}

static int write_match(void *ctx, const ss_match *m)
{
    ss_bytes secret = ss_match_secret(m);

    return ss_buf_printf(
        ctx, "%s %llu-%llu %llu:%llu also %zu %.*s|%.*s\n", m->rule->id,
        (unsigned long long)m->offset, (unsigned long long)m->secret_to,
        (unsigned long long)m->line_start, (unsigned long long)m->column_start,
        m->n_also, (int)secret.len, (const char *)secret.data, (int)m->line.len,
        (const char *)m->line.data);
}

static uint64_t seed;

static size_t pick(size_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(seed >> 33) % n;
}

static void put_part(ss_buf *text)
{
    static const char *const parts[] = {"tok_abcdef",
                                        "tok_abcdefghijkl",
                                        "tok_",
                                        "abcdef",
                                        "\n",
                                        " ",
                                        "top123",
                                        "bot123",
                                        "one\n",
                                        "two\n",
                                        "  ",
                                        "three",
                                        "mk_abcd",
                                        "harmless",
                                        "BEGIN",
                                        " BLOCK",
                                        "!",
                                        "END",
                                        "filler text ",
                                        "\n\n",
                                        "x",
                                        "BEGIN BLOCK",
                                        "mk_wxyz ",
                                        "\r\n"};

    ss_buf_puts(text, parts[pick(sizeof(parts) / sizeof(*parts))]);
}

static void put_filler(ss_buf *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        ss_buf_putc(text, "abc xyz 0123456789\n"[pick(pick(4) ? 18 : 19)]);
}

/* A target made of runs of the base and of new text, joined as git's deltas
 * are: neighbouring copies that are contiguous are one run. */
typedef struct edit {
    ss_buf text;
    ss_run runs[64];
    size_t n;
} edit;

static void copy_run(edit *e, ss_bytes base, size_t from, size_t len)
{
    ss_run *last = e->n ? &e->runs[e->n - 1] : NULL;

    if (!len)
        return;
    if (last && last->base + last->len == from &&
        last->from + last->len == e->text.len)
        last->len += len;
    else
        e->runs[e->n++] = (ss_run){from, e->text.len, len};
    ss_buf_add(&e->text, base.data + from, len);
}

static void make_edit(edit *e, ss_bytes base)
{
    size_t at = pick(8) ? 0 : pick(base.len + 1);
    size_t n_steps = 1 + pick(5);

    e->n = 0;
    ss_buf_reset(&e->text);
    for (size_t step = 0; step < n_steps; step++) {
        size_t len = pick(base.len - at + 1);

        copy_run(e, base, at, len);
        at += len;
        for (size_t i = pick(4); i > 0; i--)
            put_part(&e->text);
        if (pick(2)) /* remove some, or jump */
            at = pick(3) ? at + pick(base.len - at + 1) : pick(base.len + 1);
    }
    if (pick(4))
        copy_run(e, base, at, base.len - at);
}

static void check_same(ss_scanner *s, const edit *e, const ss_trace *base,
                       ss_trace *trace)
{
    ss_buf whole = SS_BUF_INIT(1 << 24), delta = SS_BUF_INIT(1 << 24);
    ss_match_sink to_whole = {&whole, write_match, NULL};
    ss_match_sink to_delta = {&delta, write_match, NULL};
    ss_bytes text = ss_buf_bytes(&e->text);

    CHECK_OK(ss_scanner_scan(s, text, &to_whole, NULL));
    CHECK_OK(
        ss_object_scan(s, text, base, e->runs, e->n, trace, &to_delta, NULL));
    ss_buf_putc(&whole, '\0');
    ss_buf_putc(&delta, '\0');
    CHECK_STR((char *)delta.data, (char *)whole.data);
    ss_buf_release(&whole);
    ss_buf_release(&delta);
}

/* A chain of versions, each scanned from the trace of the one before. */
static void check_chain(ss_scanner *s, size_t filler)
{
    edit base = {SS_BUF_INIT(1 << 24), {{0, 0, 0}}, 0};
    edit next = {SS_BUF_INIT(1 << 24), {{0, 0, 0}}, 0};
    ss_trace traces[2] = {SS_TRACE_INIT, SS_TRACE_INIT};

    for (size_t i = 0; i < 12; i++) {
        put_filler(&base.text, pick(filler));
        put_part(&base.text);
    }
    check_same(s, &base, NULL, &traces[0]);
    for (size_t version = 0; version < 6; version++) {
        edit swap;

        make_edit(&next, ss_buf_bytes(&base.text));
        check_same(s, &next, &traces[version % 2], &traces[1 - version % 2]);
        swap = base;
        base = next;
        next = swap;
    }
    ss_buf_release(&base.text);
    ss_buf_release(&next.text);
    ss_trace_release(&traces[0]);
    ss_trace_release(&traces[1]);
}

static void test_object__delta_finds_what_the_whole_object_holds(void **state)
{
    ss_rule_set set;
    ss_scanner *s;

    (void)state;
    make_set(&set);
    CHECK_OK(ss_scanner_new(&s, &set, 0, NULL));
    for (uint64_t i = 0; i < 1500; i++) {
        seed = i;
        check_chain(s, i % 3 == 0 ? 20 : i % 3 == 1 ? 300 : 3000);
    }
    ss_scanner_free(s);
    ss_compile_release(&set);
}

static void test_object__small_edit_scans_little(void **state)
{
    edit base = {SS_BUF_INIT(1 << 24), {{0, 0, 0}}, 0};
    edit next = {SS_BUF_INIT(1 << 24), {{0, 0, 0}}, 0};
    ss_trace first = SS_TRACE_INIT, second = SS_TRACE_INIT;
    ss_rule_set set;
    ss_scanner *s;

    (void)state;
    make_set(&set);
    CHECK_OK(ss_scanner_new(&s, &set, 0, NULL));
    put_filler(&base.text, 100000);
    ss_buf_puts(&base.text, " tok_abcdef ");
    check_same(s, &base, NULL, &first);
    copy_run(&next, ss_buf_bytes(&base.text), 0, 5000);
    ss_buf_puts(&next.text, "\nmk_abcd\n");
    copy_run(&next, ss_buf_bytes(&base.text), 5000, base.text.len - 5000);
    check_same(s, &next, &first, &second);
    CHECK(ss_scanner_counts(s)->engine_bytes < 2 * 100000 + 110000 + 4000);
    ss_scanner_free(s);
    ss_buf_release(&base.text);
    ss_buf_release(&next.text);
    ss_trace_release(&first);
    ss_trace_release(&second);
    ss_compile_release(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_object__delta_finds_what_the_whole_object_holds),
        TEST(test_object__small_edit_scans_little),
    };

    return RUN(tests);
}
