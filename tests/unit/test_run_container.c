/*
 * test_run_container.c: the walk through containers, of a toy format: what is
 * found where, what budgets leave out, what is said of it.
 */
#include "unit.h"

#include "base/buf.h"
#include "run/run_container.h"
#include "toy_container.h"

#include <secscan.h>

#define RULES                                                                  \
    "[[rules]]\nid = 'tok'\ndescription = 'a token'\nregex = "                 \
    "'tok_[a-z]{6}(?![a-z])'\nseverity = 'high'\n"                             \
    "[[rules]]\nid = 'env'\npath = '(?:^|/)\\.env$'\ncategory = 'hygiene'\n"   \
    "[[rules]]\nid = 'store'\npath = '\\.jks'\ncategory = 'hygiene'\n"

#define A "tok_qvzkmw"
#define B "tok_wpxlgh"

/* What came of a scan, one line each: finding or skip. */
typedef struct outcome {
    secscan_scanner *scanner;
    ss_buf text;
    char details[4096];
    int stop_at; /* calls of progress and findings until it stops; 0: never */
    int rc;
} outcome;

static const secscan_opener *give(void *ctx)
{
    ++*(int *)ctx;
    return (const secscan_opener *)(const void *)&toy_opener;
}

static const secscan_opener *give_none(void *ctx)
{
    (void)ctx;
    return NULL;
}

static int n_asked;

static secscan_scan_options usual(void)
{
    return (secscan_scan_options){.size = sizeof(secscan_scan_options),
                                  .threads = 1,
                                  .opener = give,
                                  .opener_ctx = &n_asked};
}

static void start(outcome *o, const secscan_scan_options *options)
{
    const secscan_rules_options plain = {.size = sizeof(plain),
                                         .flags = SECSCAN_RULES_NO_BUILTIN |
                                                  SECSCAN_RULES_NO_CACHE};
    secscan_rules *rules = NULL;

    *o = (outcome){.text = SS_BUF_INIT(1 << 20)};
    CHECK_OK(secscan_rules_parse(&rules, RULES, strlen(RULES), &plain, NULL));
    CHECK_OK(secscan_scanner_new(&o->scanner, rules, options, NULL));
    secscan_rules_free(rules);
}

static void end(outcome *o)
{
    secscan_scanner_free(o->scanner);
    ss_buf_release(&o->text);
}

static int on_finding(void *ctx, const secscan_finding *f)
{
    outcome *o = ctx;

    ss_buf_printf(&o->text, "%s %s:%llu", f->rule,
                  f->place.path ? f->place.path : "-",
                  (unsigned long long)f->place.offset);
    for (size_t i = 0; i < f->place.n_encodings; i++)
        ss_buf_printf(&o->text, " %s", f->place.encodings[i]);
    if (f->encoded.len)
        ss_buf_printf(&o->text, " of %.*s", (int)f->encoded.len,
                      f->encoded.data);
    ss_buf_putc(&o->text, '\n');
    return 0;
}

static int on_skip(void *ctx, const secscan_skip *skip)
{
    outcome *o = ctx;
    size_t len = strlen(o->details);

    ss_buf_printf(&o->text, "- %s %s\n", skip->reason,
                  skip->path ? skip->path : "-");
    snprintf(o->details + len, sizeof(o->details) - len, "%s\n", skip->detail);
    return 0;
}

static int on_progress(void *ctx, const secscan_progress *progress)
{
    outcome *o = ctx;

    (void)progress;
    return o->stop_at && !--o->stop_at;
}

static secscan_sink sink_of(outcome *o)
{
    return (secscan_sink){sizeof(secscan_sink), o, on_finding, on_skip,
                          on_progress};
}

static const char *text_of(outcome *o)
{
    ss_buf_putc(&o->text, '\0');
    return (const char *)o->text.data;
}

/* A member `name` with these bytes. */
static void add(ss_buf *out, const char *name, const void *bytes, size_t len)
{
    ss_buf_printf(out, "M %s %zu\n", name, len);
    ss_buf_add(out, bytes, len);
}

static void add_text(ss_buf *out, const char *name, const char *text)
{
    add(out, name, text, strlen(text));
}

/* `inner` becomes a container with `inner` as its only member. */
static void wrap(ss_buf *inner, const char *mark, const char *name)
{
    ss_buf out = SS_BUF_INIT(SIZE_MAX / 4);

    ss_buf_puts(&out, mark);
    add(&out, name, inner->data, inner->len);
    ss_buf_release(inner);
    *inner = out;
}

static void scan_as(outcome *o, const char *name, const ss_buf *bytes)
{
    secscan_sink sink = sink_of(o);

    o->rc = secscan_scan_buffer(o->scanner, name, bytes->data, bytes->len,
                                &sink, NULL);
}

/* All of it, with the usual options but these. */
static void expect(ss_buf *bytes, const secscan_scan_options *options,
                   const char *name, const char *text)
{
    outcome o;

    start(&o, options);
    scan_as(&o, name, bytes);
    CHECK_OK(o.rc);
    if (strcmp(text_of(&o), text) != 0)
        print_message("%s", o.details);
    CHECK_STR((const char *)o.text.data, text);
    end(&o);
    ss_buf_release(bytes);
}

static ss_buf of(const char *text)
{
    ss_buf out = SS_BUF_INIT(SIZE_MAX / 4);

    ss_buf_puts(&out, text);
    return out;
}

/* ---- where ------------------------------------------------------------ */

static void test_run_container__members_are_found_at_their_paths(void **state)
{
    secscan_scan_options options = usual();
    ss_buf c = of(TOY_RPM);

    (void)state;
    add_text(&c, "a/b.txt", "x " A);
    add_text(&c, "c.txt", B "\n");
    expect(&c, &options, "outer.rpm",
           "tok outer.rpm!a/b.txt:2\ntok outer.rpm!c.txt:0\n");
}

static void test_run_container__containers_nest(void **state)
{
    secscan_scan_options options = usual();
    ss_buf c = of(A);

    (void)state;
    wrap(&c, TOY_RPM, "in.txt");
    wrap(&c, TOY_ZIP, "b.rpm");
    wrap(&c, TOY_RPM, "a.zip");
    expect(&c, &options, "o.rpm", "tok o.rpm!a.zip!b.rpm!in.txt:0\n");
}

static void test_run_container__large_member_is_read_in_order(void **state)
{
    secscan_scan_options options = usual();
    ss_buf c = of(TOY_RPM "Z zeros 1000000\n");

    (void)state;
    add_text(&c, "in.txt", A);
    ss_buf_puts(&c, "M fill 700000\n");
    for (int i = 0; i < 70000; i++)
        ss_buf_puts(&c, "0123456789");
    add_text(&c, "last.txt", B);
    wrap(&c, TOY_ZIP, "b.rpm");
    wrap(&c, TOY_RPM, "a.zip");
    expect(&c, &options, "o.rpm",
           "tok o.rpm!a.zip!b.rpm!in.txt:0\n"
           "tok o.rpm!a.zip!b.rpm!last.txt:0\n");
}

static void test_run_container__stream_is_named_after_its_file(void **state)
{
    secscan_scan_options options = usual();
    ss_buf c = of(TOY_ZSTD A), d = of(TOY_ZSTD A), e = of(TOY_ZSTD A);

    (void)state;
    expect(&c, &options, "dir/x.sql.zst", "tok dir/x.sql.zst!x.sql:0\n");
    expect(&d, &options, "dir.gz/x", "tok dir.gz/x!zstd:0\n");
    wrap(&e, TOY_RPM, "y.zst");
    expect(&e, &options, NULL, "tok !y.zst!y:0\n");
}

static void test_run_container__rows_have_their_names(void **state)
{
    secscan_scan_options options = usual();
    ss_buf c = SS_BUF_INIT(SIZE_MAX / 4);

    (void)state;
    ss_buf_printf(&c, TOY_DATABASE, 0);
    add_text(&c, "table", "123456789\n" A);
    expect(&c, &options, "x.db", "tok x.db!row/2:10\n");
}

static void test_run_container__same_in_a_file_and_a_stream(void **state)
{
    secscan_scan_options options = usual();
    ss_buf c = of(TOY_RPM "Z zeros 300000\n");
    char path[] = "/tmp/test_run_container_XXXXXX";
    FILE *file = fdopen(mkstemp(path), "wb");
    outcome o;
    secscan_sink sink = sink_of(&o);

    (void)state;
    for (int i = 0; i < 60000; i++)
        add_text(&c, "f", "0123456789");
    add_text(&c, "in.txt", A);
    CHECK_INT(fwrite(c.data, 1, c.len, file), c.len);
    fclose(file);
    start(&o, &options);
    CHECK_OK(secscan_scan_file(o.scanner, path, &sink, NULL));
    CHECK_INT(secscan_scanner_coverage(o.scanner)->members, 60002);
    CHECK_INT(secscan_scanner_coverage(o.scanner)->containers, 1);
    CHECK_OK(secscan_stream_begin(o.scanner, path, &sink, NULL));
    for (size_t at = 0; at < c.len; at += 5000)
        CHECK_OK(secscan_stream_feed(o.scanner, c.data + at,
                                     c.len - at < 5000 ? c.len - at : 5000,
                                     NULL));
    CHECK_OK(secscan_stream_end(o.scanner, NULL));
    text_of(&o);
    CHECK_INT(strncmp((const char *)o.text.data, "tok ", 4), 0);
    CHECK_INT(memcmp(o.text.data, o.text.data + o.text.len / 2, o.text.len / 2),
              0);
    end(&o);
    ss_buf_release(&c);
    remove(path);
}

/* ---- what else is found ----------------------------------------------- */

static void test_run_container__names_are_judged_as_paths(void **state)
{
    secscan_scan_options options = usual();
    ss_buf c = of(TOY_RPM);

    (void)state;
    add_text(&c, ".env", "a");
    add_text(&c, "d/.env", "b");
    add_text(&c, "d/xenv", "b");
    expect(&c, &options, "o.rpm", "env o.rpm!.env:0\nenv o.rpm!d/.env:0\n");
}

static void test_run_container__key_store_finds_by_itself(void **state)
{
    secscan_scan_options options = usual();
    ss_buf c = SS_BUF_INIT(SIZE_MAX / 4);

    (void)state;
    ss_buf_printf(&c, TOY_STORE "R store\n", 0, 0, 0);
    wrap(&c, TOY_RPM, "in.jks");
    /* One more is that of its name. */
    expect(&c, &options, "o", "store o!in.jks:0\nstore o!in.jks:0\n");
}

static void test_run_container__cell_s_secret_is_no_second_one(void **state)
{
    secscan_scan_options options = usual();
    ss_buf c = of(TOY_NOTEBOOK);

    (void)state;
    add_text(&c, "cell_1", A);
    ss_buf_puts(&c, "X\n" B);
    expect(&c, &options, "n", "- corrupt n\ntok n!cell_1:0\ntok n:53\n");
}

/* ---- what cannot be had ----------------------------------------------- */

static void test_run_container__damaged_is_scanned_as_bytes_too(void **state)
{
    secscan_scan_options options = usual();
    ss_buf c = of(TOY_RPM "X\n" A), d = of(TOY_RPM "X\n" A);

    (void)state;
    expect(&c, &options, "o", "- corrupt o\ntok o:7\n");
    wrap(&d, TOY_RPM, "in.rpm");
    expect(&d, &options, "o", "- corrupt o!in.rpm\ntok o!in.rpm:7\n");
}

static void test_run_container__damaged_in_order_is_not_lost(void **state)
{
    secscan_scan_options options = usual();
    ss_buf c = of(TOY_RPM "X\n");

    (void)state;
    for (int i = 0; i < 40000; i++)
        ss_buf_puts(&c, "0123456789");
    ss_buf_puts(&c, A);
    wrap(&c, TOY_RPM, "in.rpm");
    expect(&c, &options, "o", "- corrupt o!in.rpm\ntok o!in.rpm:400007\n");
}

static void test_run_container__bad_members_are_one_record(void **state)
{
    secscan_scan_options options = usual();
    ss_buf c = of(TOY_RPM "B x\nB y\nE z\nE v\n");
    outcome o;

    (void)state;
    add_text(&c, "in.txt", A);
    start(&o, &options);
    scan_as(&o, "o", &c);
    CHECK_STR(text_of(&o), "- corrupt o!x\n- encrypted o!z\ntok o!in.txt:0\n");
    CHECK_STR(o.details, "bad member, and 1 more of its container\n"
                         "and 1 more of its container\n");
    end(&o);
    ss_buf_release(&c);
}

static void test_run_container__absent_opener_is_said(void **state)
{
    secscan_scan_options options = usual();
    ss_buf c = of(TOY_RPM), d;

    (void)state;
    add_text(&c, "in.txt", A);
    d = of(TOY_RPM);
    add_text(&d, "in.txt", A);
    options.opener = give_none;
    expect(&c, &options, "o", "- unsupported o\ntok o:17\n");
    options.opener = NULL;
    expect(&d, &options, "o", "tok o:17\n");
}

static void test_run_container__opener_is_asked_once_and_late(void **state)
{
    secscan_scan_options options = usual();
    ss_buf plain = of(A), c = of(TOY_RPM);
    outcome o;

    (void)state;
    n_asked = 0;
    start(&o, &options);
    scan_as(&o, "p", &plain);
    CHECK_INT(n_asked, 0);
    scan_as(&o, "o", &c);
    scan_as(&o, "o", &c);
    CHECK_INT(n_asked, 1);
    end(&o);
    ss_buf_release(&c);
    ss_buf_release(&plain);
}

static void test_run_container__no_containers_are_bytes(void **state)
{
    secscan_scan_options options = usual();
    ss_buf c = of(TOY_RPM);

    (void)state;
    add_text(&c, "in.txt", A);
    options.flags = SECSCAN_SCAN_NO_CONTAINERS;
    expect(&c, &options, "o", "tok o:17\n");
}

/* ---- budgets ---------------------------------------------------------- */

static void test_run_container__depth_ends_what_is_too_deep(void **state)
{
    secscan_scan_options options = usual();
    ss_buf c = of(A);
    outcome o;

    (void)state;
    wrap(&c, TOY_RPM, "in.txt");
    wrap(&c, TOY_RPM, "b");
    wrap(&c, TOY_RPM, "a");
    options.max_depth = 2;
    start(&o, &options);
    scan_as(&o, "o", &c);
    CHECK_STR(text_of(&o), "- depth-limit o!a!b\ntok o!a!b:17\n");
    CHECK_STR(o.details, "not opened: more than 2 in each other (max_depth)\n");
    CHECK_INT(secscan_scanner_coverage(o.scanner)->is_complete, 0);
    end(&o);
    ss_buf_release(&c);
    options.max_depth = 17;
    CHECK_INT(secscan_scanner_new(&o.scanner, NULL, &options, NULL),
              SECSCAN_ERR_ARG);
}

static void test_run_container__member_limit_goes_on_with_the_next(void **state)
{
    secscan_scan_options options = usual();
    ss_buf c = of(TOY_RPM "Z zeros 9000000\nZ more 9000000\n");
    outcome o;

    (void)state;
    add_text(&c, "in.txt", A);
    options.max_member = 1000000;
    start(&o, &options);
    scan_as(&o, "o", &c);
    CHECK_STR(text_of(&o), "- member-limit o!zeros\ntok o!in.txt:0\n");
    CHECK_STR(o.details, "left after 1000000 bytes of it (max_member)\n");
    end(&o);
    ss_buf_release(&c);
}

static void test_run_container__entry_limit_leaves_the_rest(void **state)
{
    secscan_scan_options options = usual();
    ss_buf c = of(TOY_RPM), d = of(TOY_RPM "N 1000000000\n");

    (void)state;
    add_text(&c, "in.txt", A);
    add_text(&c, "b.txt", B);
    ss_buf_putc(&c, '\0');
    wrap(&c, TOY_RPM, "a");
    options.max_entries = 2;
    expect(&c, &options, "o", "- entry-limit o!a\ntok o!a!in.txt:0\n");
    options.max_entries = 1000;
    expect(&d, &options, "o", "- entry-limit o\n");
}

static void test_run_container__unpacked_limit_leaves_the_rest(void **state)
{
    secscan_scan_options options = usual();
    ss_buf c = of(TOY_RPM);

    (void)state;
    add_text(&c, "in.txt", A);
    ss_buf_puts(&c, "Z zeros 9000000\n");
    add_text(&c, "b.txt", B);
    ss_buf_putc(&c, '\0');
    options.max_unpacked = 1000000;
    expect(&c, &options, "o", "- unpacked-limit o!zeros\ntok o!in.txt:0\n");
}

static void test_run_container__ratio_limit_ends_a_bomb(void **state)
{
    secscan_scan_options options = usual();
    ss_buf c = of(TOY_RPM "Z zeros 10000000000\n");
    ss_buf small = of(TOY_RPM "Z zeros 9000000\n");

    (void)state;
    expect(&c, &options, "o", "- ratio-limit o!zeros\n");
    expect(&small, &options, "o", "");
}

static void test_run_container__time_limit_ends_it(void **state)
{
    secscan_scan_options options = usual();
    ss_buf c = of(TOY_RPM "Z zeros 10000000000000\n");

    (void)state;
    options.max_seconds = 1;
    options.max_ratio = UINT32_MAX;
    options.max_unpacked = options.max_member = UINT64_MAX;
    expect(&c, &options, "o", "- time-limit o!zeros\n");
}

static void test_run_container__sink_stops_inside(void **state)
{
    secscan_scan_options options = usual();
    ss_buf c = of(TOY_RPM "N 4000000000\nZ zeros 1000000000000\n");
    char path[] = "/tmp/test_run_container_XXXXXX";
    FILE *file = fdopen(mkstemp(path), "wb");
    const char *paths[] = {path};
    outcome o;
    secscan_sink sink;

    (void)state;
    fwrite(c.data, 1, c.len, file);
    fclose(file);
    options.max_entries = UINT32_MAX;
    options.max_ratio = UINT32_MAX;
    options.max_unpacked = options.max_member = UINT64_MAX;
    start(&o, &options);
    o.stop_at = 3;
    sink = sink_of(&o);
    CHECK_INT(secscan_scan_tree(o.scanner, paths, 1, NULL, &sink, NULL),
              SECSCAN_STOPPED);
    end(&o);
    ss_buf_release(&c);
    remove(path);
}

/* ---- what decoding brings up ------------------------------------------ */

/* As if a decoder had met the container in a unit's text. */
static void decode(outcome *o, const ss_buf *container)
{
    ss_results results = SS_RESULTS_INIT;
    const ss_origin origin = {"f", NULL, SECSCAN_SOURCE_FILE};
    secscan_sink sink = sink_of(o);
    ss_match at = {.offset = 7,
                   .encodings = {1, {SS_ENCODING_BASE64}},
                   .encoded = ss_bytes_str("QUJD")};
    ss_unpacker u;

    ss_unpacker_init(&u, o->scanner, o->scanner->scanner);
    CHECK_OK(ss_results_add_nested(&results, ss_buf_bytes(container), &at));
    CHECK_OK(ss_unpack_end(&u, &results, 0, NULL));
    CHECK_OK(ss_results_deliver(&results, o->scanner, &origin, &sink));
    ss_unpacker_release(&u);
    ss_results_release(&results);
}

static void expect_decoded(ss_buf *container,
                           const secscan_scan_options *options,
                           const char *text)
{
    outcome o;

    start(&o, options);
    decode(&o, container);
    CHECK_STR(text_of(&o), text);
    end(&o);
    ss_buf_release(container);
}

static void test_run_container__decoded_stream_stands_where_it_does(void **s)
{
    secscan_scan_options options = usual();
    ss_buf c = of(TOY_ZSTD "0123456789 " A), d = of(TOY_ZSTD TOY_ZSTD A);

    (void)s;
    expect_decoded(&c, &options, "tok f:7 base64 zstd of QUJD\n");
    expect_decoded(&d, &options, "tok f:7 base64 zstd zstd of QUJD\n");
}

static void test_run_container__decoded_container_has_members(void **state)
{
    secscan_scan_options options = usual();
    ss_buf c = of(A), d = of(A);

    (void)state;
    wrap(&c, TOY_ZIP, "in.txt");
    expect_decoded(&c, &options, "tok f!in.txt:0 base64\n");
    wrap(&d, TOY_ZIP TOY_ZSTD, "in.txt");
    ss_buf_release(&d);
    d = of(TOY_ZSTD TOY_ZIP);
    add_text(&d, "in.txt", A);
    expect_decoded(&d, &options, "tok f!in.txt:0 base64 zstd\n");
}

static void test_run_container__depth_counts_encodings(void **state)
{
    secscan_scan_options options = usual();
    ss_buf c = of(TOY_ZSTD A), d = of(TOY_ZSTD A);

    (void)state;
    options.max_depth = 1;
    expect_decoded(&c, &options, "- depth-limit f\ntok f:7 base64 of QUJD\n");
    options.max_depth = 2;
    expect_decoded(&d, &options, "tok f:7 base64 zstd of QUJD\n");
}

/* A line with each byte of a container of one member as `format` has it. */
static void put_encoded(ss_buf *out, const char *format, const char *name,
                        const char *text)
{
    ss_buf c = of(text);

    wrap(&c, TOY_ZIP, name);
    for (size_t i = 0; i < c.len; i++)
        ss_buf_printf(out, format, (unsigned)c.data[i]);
    ss_buf_putc(out, '\n');
    ss_buf_release(&c);
}

static void test_run_container__encoded_ones_are_opened_in_their_order(void **s)
{
    secscan_scan_options options = usual();
    ss_buf c = of("");

    (void)s;
    put_encoded(&c, "%%%02X", "a.txt", "percent-encoded " A);
    put_encoded(&c, "%02x", "b.txt", "hex, another decoder " B);
    expect(&c, &options, "f",
           "tok f!a.txt:16 percent\ntok f!b.txt:21 hex\n");
}

/* ---- the same secret twice -------------------------------------------- */

static void add_match(ss_results *r, const char *secret, uint64_t offset,
                      uint8_t n_encodings, const char *member)
{
    static const ss_rule rule = {.id = "r"};
    ss_match m = {.rule = &rule,
                  .reason = "",
                  .offset = offset,
                  .line = ss_bytes_str(secret),
                  .secret_len = strlen(secret),
                  .encodings = {.n = n_encodings},
                  .member = member};

    CHECK_OK(ss_results_add(r, &m));
}

static void expect_offsets(const ss_results *r, const char *text)
{
    char out[256] = "";

    for (size_t i = 0; i < r->matches.len; i++)
        snprintf(out + strlen(out), sizeof(out) - strlen(out), "%llu ",
                 (unsigned long long)r->matches.at[i].offset);
    CHECK_STR(out, text);
}

static void test_run_container__plain_secret_is_not_told_encoded(void **state)
{
    ss_results r = SS_RESULTS_INIT;

    (void)state;
    add_match(&r, "other", 1, 0, NULL); /* of another unit */
    add_match(&r, "one", 2, 1, NULL);
    add_match(&r, "other", 3, 1, NULL);
    add_match(&r, "one", 4, 0, NULL);
    add_match(&r, "two", 5, 0, NULL);
    add_match(&r, "two", 6, 2, "in");
    CHECK_OK(ss_results_settle(&r, 1, 1, 0, 0));
    expect_offsets(&r, "1 4 5 3 ");
    ss_results_release(&r);
}

static void test_run_container__member_s_secret_is_not_told_outside(void **s)
{
    ss_results r = SS_RESULTS_INIT;

    (void)s;
    add_match(&r, "one", 1, 0, "nb!cell");
    add_match(&r, "three", 2, 1, "nb!cell");
    add_match(&r, "one", 3, 0, "nb");
    add_match(&r, "two", 4, 0, "nb");
    add_match(&r, "three", 5, 1, "nb");
    add_match(&r, "three", 6, 1, "nb!in");
    add_match(&r, "thr", 7, 1, "nb");
    CHECK_OK(ss_results_settle(&r, 0, 2, 0, 0));
    expect_offsets(&r, "1 4 2 ");
    ss_results_release(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_run_container__members_are_found_at_their_paths),
        TEST(test_run_container__containers_nest),
        TEST(test_run_container__large_member_is_read_in_order),
        TEST(test_run_container__stream_is_named_after_its_file),
        TEST(test_run_container__rows_have_their_names),
        TEST(test_run_container__same_in_a_file_and_a_stream),
        TEST(test_run_container__names_are_judged_as_paths),
        TEST(test_run_container__key_store_finds_by_itself),
        TEST(test_run_container__cell_s_secret_is_no_second_one),
        TEST(test_run_container__damaged_is_scanned_as_bytes_too),
        TEST(test_run_container__damaged_in_order_is_not_lost),
        TEST(test_run_container__bad_members_are_one_record),
        TEST(test_run_container__absent_opener_is_said),
        TEST(test_run_container__opener_is_asked_once_and_late),
        TEST(test_run_container__no_containers_are_bytes),
        TEST(test_run_container__depth_ends_what_is_too_deep),
        TEST(test_run_container__member_limit_goes_on_with_the_next),
        TEST(test_run_container__entry_limit_leaves_the_rest),
        TEST(test_run_container__unpacked_limit_leaves_the_rest),
        TEST(test_run_container__ratio_limit_ends_a_bomb),
        TEST(test_run_container__time_limit_ends_it),
        TEST(test_run_container__sink_stops_inside),
        TEST(test_run_container__decoded_stream_stands_where_it_does),
        TEST(test_run_container__decoded_container_has_members),
        TEST(test_run_container__depth_counts_encodings),
        TEST(test_run_container__encoded_ones_are_opened_in_their_order),
        TEST(test_run_container__plain_secret_is_not_told_encoded),
        TEST(test_run_container__member_s_secret_is_not_told_outside),
    };

    return RUN(tests);
}
