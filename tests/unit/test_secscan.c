/*
 * test_secscan.c: the public calls over buffers and streams: what an embedder
 * meets first. Rules are the test's own, so that nothing here looks like a
 * credential.
 */
#include "unit.h"

#include "base/buf.h"
#include "rules/template.h"

#include <secscan.h>

#include <stdio.h>
#include <unistd.h>

#define RULES                                                                  \
    "[[rules]]\nid = 'tok'\ndescription = 'a token'\nregex = "                 \
    "'tok_[a-z]{6}(?![a-z])'\nseverity = 'high'\n"                             \
    "[[rules]]\nid = 'env'\npath = '\\.env$'\ncategory = 'hygiene'\n"
#define TEXT "x\ny = tok_qvzkmw\n"
#define CHUNK ((size_t)256 << 10) /* what a scanner reads at once */

static secscan_rules *rules_of(const char *toml)
{
    const secscan_rules_options options = {.size = sizeof(options),
                                           .flags = SECSCAN_RULES_NO_BUILTIN |
                                                    SECSCAN_RULES_NO_CACHE};
    secscan_rules *rules = NULL;
    secscan_error err = {0};
    int rc = secscan_rules_parse(&rules, toml, strlen(toml), &options, &err);

    if (rc)
        print_message("%s\n", err.message);
    CHECK_OK(rc);
    return rules;
}

static secscan_scanner *scanner_of(const char *toml)
{
    secscan_rules *rules = rules_of(toml);
    secscan_scanner *scanner = NULL;

    CHECK_OK(secscan_scanner_new(&scanner, rules, NULL, NULL));
    secscan_rules_free(rules); /* the scanner keeps them alive */
    return scanner;
}

static secscan_findings *scan(secscan_scanner *scanner, const char *name,
                              const char *text)
{
    secscan_findings *findings;

    CHECK_OK(secscan_findings_new(&findings, NULL));
    CHECK_OK(secscan_scan_buffer(scanner, name, text, strlen(text),
                                 secscan_findings_sink(findings), NULL));
    return findings;
}

static void test_secscan__buffer_gives_a_finding_with_its_place(void **state)
{
    secscan_scanner *scanner = scanner_of(RULES);
    secscan_findings *findings = scan(scanner, "a.txt", TEXT);
    const secscan_finding *f = secscan_findings_at(findings, 0);

    (void)state;
    CHECK_INT(secscan_findings_count(findings), 1);
    CHECK_STR(f->rule, "tok");
    CHECK_STR(f->description, "a token");
    CHECK_STR(f->place.path, "a.txt");
    CHECK_INT(f->place.line_start, 2);
    CHECK_INT(f->place.column_start, 5);
    CHECK_INT(f->place.column_end, 15);
    CHECK_INT(f->place.offset, 6);
    CHECK_INT(f->secret.len, 10);
    CHECK(!memcmp(f->line.data + f->secret_at, f->secret.data, f->secret.len));
    CHECK_INT(f->gates, 1);
    CHECK_INT(f->n_places, 1);
    CHECK(!secscan_findings_at(findings, 1));
    secscan_findings_free(findings);
    secscan_scanner_free(scanner);
}

static unsigned confidence_in(const char *toml, const char *text)
{
    secscan_scanner *scanner = scanner_of(toml);
    ss_buf expanded = SS_BUF_INIT(1 << 16);
    secscan_findings *findings;
    unsigned confidence;

    CHECK_OK(ss_template_expand(&expanded, ss_bytes_str(text), 0));
    CHECK_OK(ss_buf_putc(&expanded, '\0'));
    findings = scan(scanner, "a.txt", (const char *)expanded.data);
    CHECK_INT(secscan_findings_count(findings), 1);
    confidence = secscan_findings_at(findings, 0)->confidence;
    secscan_findings_free(findings);
    secscan_scanner_free(scanner);
    ss_buf_release(&expanded);
    return confidence;
}

#define TOK "[[rules]]\nid = 'tok'\nregex = 'tok_[a-z]{6}(?![a-z])'\n"
#define CRC                                                                    \
    "[[rules]]\nid = 'crc'\nregex = 'gh[p]_[A-Za-z0-9]{36}'\n"                 \
    "check = 'github-crc32'\n"

static void test_secscan__confidence_follows_rule_evidence_and_check(void **s)
{
    (void)s;
    CHECK_INT(confidence_in(TOK, TEXT), 90);
    CHECK_INT(confidence_in(TOK "evidence = 'context'\n", TEXT), 75);
    CHECK_INT(confidence_in(TOK "evidence = 'context'\n"
                                "category = 'generic'\n",
                            TEXT),
              50);
    CHECK_INT(confidence_in(TOK "confidence = 7\n", TEXT), 7);
    CHECK_INT(confidence_in(CRC, "ghp_{base62:30}{crc32}"), 99);
    CHECK_INT(confidence_in(CRC, "ghp_{base62:36}"), 30);
    CHECK_INT(confidence_in(CRC "confidence = 7\n", "ghp_{base62:36}"), 7);
}

#define PAIR                                                                   \
    TOK "[[rules.parts]]\nid = 'usr'\nrole = 'user'\npublic = true\n"          \
        "[[rules]]\nid = 'usr'\nregex = 'usr_[a-z]{6}'\nskipReport = true\n"   \
        "description = 'a user'\n"

static void test_secscan__a_part_is_copied_with_its_finding(void **state)
{
    secscan_scanner *scanner = scanner_of(PAIR);
    secscan_findings *findings = scan(scanner, "a.txt", "usr_qpwkzm\n" TEXT);
    const secscan_finding *f = secscan_findings_at(findings, 0);

    (void)state;
    CHECK_INT(secscan_findings_count(findings), 1);
    CHECK_STR(f->rule, "tok");
    CHECK_INT(f->n_parts, 1);
    CHECK_STR(f->parts->rule, "usr");
    CHECK_STR(f->parts->description, "a user");
    CHECK_STR(f->parts->role, "user");
    CHECK_STR(f->parts->place.path, "a.txt");
    CHECK_INT(f->parts->place.line_start, 1);
    CHECK_INT(f->parts->secret.len, 10);
    CHECK(!memcmp(f->parts->secret.data, "usr_qpwkzm", 10));
    CHECK_INT(f->parts->public_prefix, 10);
    secscan_findings_free(findings);
    secscan_scanner_free(scanner);
}

static void test_secscan__stream_in_pieces_is_the_same(void **state)
{
    secscan_scanner *scanner = scanner_of(RULES);
    secscan_findings *findings;

    (void)state;
    CHECK_OK(secscan_findings_new(&findings, NULL));
    CHECK_OK(secscan_stream_begin(scanner, NULL,
                                  secscan_findings_sink(findings), NULL));
    for (const char *at = TEXT; *at; at++)
        CHECK_OK(secscan_stream_feed(scanner, at, 1, NULL));
    CHECK_OK(secscan_stream_end(scanner, NULL));
    CHECK_INT(secscan_findings_count(findings), 1);
    CHECK_INT(secscan_findings_at(findings, 0)->place.offset, 6);
    CHECK(!secscan_findings_at(findings, 0)->place.path);
    secscan_findings_free(findings);
    secscan_scanner_free(scanner);
}

/* What is settled when `text` stands in front of much more of it. */
static uint64_t settled_behind(const char *text, uint32_t flags)
{
    const secscan_scan_options options = {
        .size = sizeof(options), .flags = flags, .chunk_core = 4096};
    const secscan_sink sink = {.size = sizeof(sink)};
    secscan_rules *rules = rules_of(RULES);
    secscan_scanner *scanner = NULL;
    uint64_t settled;

    CHECK_OK(secscan_scanner_new(&scanner, rules, &options, NULL));
    CHECK_INT(secscan_stream_settled(scanner), 0);
    CHECK_OK(secscan_stream_begin(scanner, NULL, &sink, NULL));
    CHECK_OK(secscan_stream_feed(scanner, text, strlen(text), NULL));
    for (int i = 0; i < 100000; i++)
        CHECK_OK(secscan_stream_feed(scanner, "just words\n", 11, NULL));
    settled = secscan_stream_settled(scanner);
    CHECK_OK(secscan_stream_end(scanner, NULL));
    CHECK_INT(secscan_stream_settled(scanner), 0);
    secscan_scanner_free(scanner);
    secscan_rules_free(rules);
    return settled;
}

static void test_secscan__a_stream_settles_behind_what_is_fed(void **state)
{
    (void)state;
    CHECK(settled_behind(TEXT, 0) > 1000000);
}

typedef struct settling {
    uint64_t settled;
    size_t n, n_early;
} settling;

static int count_early(void *ctx, const secscan_finding *f)
{
    settling *s = ctx;

    s->n++;
    s->n_early += f->place.offset < s->settled;
    return 0;
}

/* Units of UTF-16, of a token every 16. Those of the pair are the four bytes of
 * text around the border of a core. */
static unsigned wide_unit(size_t i)
{
    const size_t pair = 20 * 4096 - 1;

    if (i == 0)
        return 0xfeff;
    if (i == pair + 1 || i == pair + 2)
        return i == pair + 1 ? 0xd83d : 0xde00;
    return (unsigned char)"tok_qvzkmw, and "[(i - 1) % 16];
}

static void test_secscan__utf16_settles_in_front_of_what_comes(void **state)
{
    const secscan_scan_options options = {.size = sizeof(options),
                                          .chunk_core = 4096};
    settling s = {0};
    const secscan_sink sink = {
        .size = sizeof(sink), .ctx = &s, .finding = count_early};
    secscan_rules *rules = rules_of(RULES);
    secscan_scanner *scanner = NULL;

    (void)state;
    CHECK_OK(secscan_scanner_new(&scanner, rules, &options, NULL));
    CHECK_OK(secscan_stream_begin(scanner, NULL, &sink, NULL));
    for (size_t i = 0; i < 200000; i++) {
        unsigned unit = wide_unit(i);
        const unsigned char bytes[] = {(unsigned char)unit,
                                       (unsigned char)(unit >> 8)};

        CHECK_OK(secscan_stream_feed(scanner, bytes, 2, NULL));
        s.settled = secscan_stream_settled(scanner);
    }
    CHECK_OK(secscan_stream_end(scanner, NULL));
    CHECK(s.n > 1000);
    CHECK_INT(s.n_early, 0);
    secscan_scanner_free(scanner);
    secscan_rules_free(rules);
}

/* Of "k = tok_qvzkmw". */
#define ENCODED "x\nayA9IHRva19xdnprbXc=\n"

static void test_secscan__an_encoded_secret_settles_at_the_end(void **state)
{
    (void)state;
    CHECK_INT(settled_behind(ENCODED, 0), 7); /* its first four */
    CHECK(settled_behind(ENCODED, SECSCAN_SCAN_EVERY_PLACE) > 1000000);
}

static void test_secscan__every_place_is_delivered_to_who_asks(void **state)
{
    const secscan_scan_options options = {.size = sizeof(options),
                                          .flags = SECSCAN_SCAN_EVERY_PLACE};
    secscan_scanner *plain = scanner_of(RULES), *every = NULL;
    secscan_rules *rules = rules_of(RULES);
    secscan_findings *found = scan(plain, NULL, TEXT ENCODED);

    (void)state;
    CHECK_INT(secscan_findings_count(found), 1);
    secscan_findings_free(found);
    CHECK_OK(secscan_scanner_new(&every, rules, &options, NULL));
    found = scan(every, NULL, TEXT ENCODED);
    CHECK_INT(secscan_findings_count(found), 2);
    CHECK_INT(secscan_findings_at(found, 1)->place.line_start, 4);
    secscan_findings_free(found);
    secscan_rules_free(rules);
    secscan_scanner_free(every);
    secscan_scanner_free(plain);
}

static void test_secscan__a_name_is_judged_by_rules_about_paths(void **state)
{
    secscan_scanner *scanner = scanner_of(RULES);
    secscan_findings *findings = scan(scanner, "conf/.env", "");
    const secscan_finding *f = secscan_findings_at(findings, 0);

    (void)state;
    CHECK_STR(f->rule, "env");
    CHECK_INT(f->gates, 0);
    CHECK_INT(f->secret.len, 0);
    CHECK_INT(secscan_scanner_coverage(scanner)->gating, 0);
    CHECK_INT(secscan_coverage_exit_code(secscan_scanner_coverage(scanner)), 0);
    secscan_findings_free(findings);
    secscan_scanner_free(scanner);
}

static void test_secscan__an_open_stream_accepts_nothing_else(void **state)
{
    secscan_scanner *scanner = scanner_of(RULES);

    (void)state;
    CHECK_INT(secscan_stream_feed(scanner, "a", 1, NULL), SECSCAN_ERR_ARG);
    CHECK_OK(secscan_stream_begin(scanner, NULL, NULL, NULL));
    CHECK_INT(secscan_stream_begin(scanner, NULL, NULL, NULL),
              SECSCAN_ERR_BUSY);
    CHECK_INT(secscan_scan_buffer(scanner, NULL, "a", 1, NULL, NULL),
              SECSCAN_ERR_BUSY);
    CHECK_OK(secscan_stream_end(scanner, NULL));
    CHECK_INT(secscan_stream_end(scanner, NULL), SECSCAN_ERR_ARG);
    CHECK_OK(secscan_scan_buffer(scanner, NULL, "a", 1, NULL, NULL));
    secscan_scanner_free(scanner);
}

static int call_back(void *ctx, const secscan_finding *finding)
{
    (void)finding;
    CHECK_INT(secscan_scan_buffer(ctx, NULL, "a", 1, NULL, NULL),
              SECSCAN_ERR_BUSY);
    return 7;
}

static void test_secscan__callback_stops_and_cannot_come_back(void **state)
{
    secscan_scanner *scanner = scanner_of(RULES);
    secscan_sink sink = {sizeof(sink), scanner, call_back, NULL, NULL};
    const secscan_coverage *coverage = secscan_scanner_coverage(scanner);

    (void)state;
    CHECK_INT(
        secscan_scan_buffer(scanner, NULL, TEXT, strlen(TEXT), &sink, NULL),
        SECSCAN_STOPPED);
    CHECK_INT(coverage->is_complete, 0);
    CHECK_INT(secscan_coverage_exit_code(coverage), 1);
    secscan_scanner_free(scanner);
}

/* TEXT, and lines of which a chunk and a byte are left for the end. */
static int feed_lines(secscan_scanner *scanner, secscan_error *err)
{
    static char text[3 * CHUNK + 1];

    memset(text, '\n', sizeof(text));
    memcpy(text, TEXT, strlen(TEXT));
    return secscan_stream_feed(scanner, text, sizeof(text), err);
}

static int fail_with(void *ctx, const secscan_finding *finding)
{
    (void)finding;
    return *(int *)ctx;
}

static void test_secscan__status_of_a_callback_is_passed_on(void **state)
{
    secscan_scanner *scanner = scanner_of(RULES);
    int status = SECSCAN_ERR_IO;
    secscan_sink sink = {sizeof(sink), &status, fail_with, NULL, NULL};
    secscan_error err = {0};

    (void)state;
    CHECK_INT(
        secscan_scan_buffer(scanner, NULL, TEXT, strlen(TEXT), &sink, &err),
        SECSCAN_ERR_IO);
    CHECK_INT(err.code, SECSCAN_ERR_IO);
    secscan_scanner_free(scanner);
}

static void test_secscan__a_stream_names_the_status_of_a_callback(void **state)
{
    secscan_scanner *scanner = scanner_of(RULES);
    int status = SECSCAN_ERR_IO;
    secscan_sink sink = {sizeof(sink), &status, fail_with, NULL, NULL};
    secscan_error err = {.code = 1, .message = "not filled"};

    (void)state;
    CHECK_OK(secscan_stream_begin(scanner, NULL, &sink, &err));
    CHECK_INT(feed_lines(scanner, &err), SECSCAN_ERR_IO);
    CHECK_STR(err.message, "SECSCAN_ERR_IO");
    CHECK_OK(secscan_stream_end(scanner, &err));
    CHECK_INT(err.code, SECSCAN_ERR_IO);
    secscan_scanner_free(scanner);
}

static void test_secscan__an_error_of_an_earlier_call_is_not_told(void **state)
{
    secscan_scanner *scanner = scanner_of(RULES);
    int status = SECSCAN_ERR_ARG;
    secscan_sink sink = {sizeof(sink), &status, fail_with, NULL, NULL};
    secscan_error err = {0};

    (void)state;
    CHECK_INT(secscan_scan_buffer(NULL, NULL, "", 0, NULL, &err),
              SECSCAN_ERR_ARG);
    CHECK_INT(
        secscan_scan_buffer(scanner, NULL, TEXT, strlen(TEXT), &sink, &err),
        SECSCAN_ERR_ARG);
    CHECK_STR(err.message, "SECSCAN_ERR_ARG");
    secscan_scanner_free(scanner);
}

/* Whoever has stopped a scan is not called again. */
typedef struct stopper {
    unsigned n_findings, n_progress;
    int stops_at_progress;
} stopper;

static int stop_at_finding(void *ctx, const secscan_finding *finding)
{
    stopper *s = ctx;

    (void)finding;
    s->n_findings++;
    return 1;
}

static int stop_at_progress(void *ctx, const secscan_progress *progress)
{
    stopper *s = ctx;

    (void)progress;
    s->n_progress++;
    return s->stops_at_progress;
}

static stopper stop_a_stream(int stops_at_progress)
{
    secscan_scanner *scanner = scanner_of(RULES);
    stopper s = {.stops_at_progress = stops_at_progress};
    secscan_sink sink = {sizeof(sink), &s, stop_at_finding, NULL,
                         stop_at_progress};

    CHECK_OK(secscan_stream_begin(scanner, NULL, &sink, NULL));
    CHECK_INT(feed_lines(scanner, NULL), SECSCAN_STOPPED);
    usleep(60000); /* progress is told every 50 ms */
    CHECK_OK(secscan_stream_end(scanner, NULL));
    secscan_scanner_free(scanner);
    return s;
}

static void test_secscan__a_stream_that_was_stopped_is_silent(void **state)
{
    stopper s = stop_a_stream(1);

    (void)state;
    CHECK_INT(s.n_findings, 0);
    CHECK_INT(s.n_progress, 1);
    s = stop_a_stream(0);
    CHECK_INT(s.n_findings, 1);
    CHECK_INT(s.n_progress, 1);
}

static void check_text(secscan_scanner *scanner)
{
    secscan_findings *found = scan(scanner, NULL, TEXT);

    CHECK_INT(secscan_findings_count(found), 1);
    CHECK_INT(secscan_findings_at(found, 0)->place.offset, 6);
    secscan_findings_free(found);
}

static void test_secscan__a_scanner_that_was_stopped_starts_anew(void **state)
{
    secscan_scanner *scanner = scanner_of(RULES);
    stopper s = {0};
    secscan_sink sink = {sizeof(sink), &s, stop_at_finding, NULL, NULL};

    (void)state;
    CHECK_INT(
        secscan_scan_buffer(scanner, NULL, TEXT, strlen(TEXT), &sink, NULL),
        SECSCAN_STOPPED);
    check_text(scanner);
    CHECK_OK(secscan_stream_begin(scanner, NULL, &sink, NULL));
    CHECK_INT(feed_lines(scanner, NULL), SECSCAN_STOPPED);
    CHECK_OK(secscan_stream_end(scanner, NULL));
    check_text(scanner);
    secscan_scanner_free(scanner);
}

static void first_fingerprint(char out[64], const char *toml,
                              const secscan_scan_options *options)
{
    secscan_rules *rules = rules_of(toml);
    secscan_scanner *scanner;
    secscan_findings *findings;

    CHECK_OK(secscan_scanner_new(&scanner, rules, options, NULL));
    findings = scan(scanner, NULL, TEXT);
    snprintf(out, 64, "%s", secscan_findings_at(findings, 0)->fingerprint);
    secscan_findings_free(findings);
    secscan_scanner_free(scanner);
    secscan_rules_free(rules);
}

static void test_secscan__fingerprint_follows_the_key_alone(void **state)
{
    const char *salted = "fingerprintSalt = 'a salt of 16 byte'\n" RULES;
    const char *renamed = "[[rules]]\nid = 'b'\nregex = 'tok_[a-z]{6}'\n";
    secscan_scan_options keyed = {.size = sizeof(keyed),
                                  .fingerprint_key = "a key of 16 bytes",
                                  .fingerprint_key_len = 17};
    char plain[64], other_rule[64], salt[64], key[64];

    (void)state;
    first_fingerprint(plain, RULES, NULL);
    first_fingerprint(other_rule, renamed, NULL);
    first_fingerprint(salt, salted, NULL);
    first_fingerprint(key, salted, &keyed);
    CHECK_STR(plain, other_rule);
    CHECK(strcmp(plain, salt) != 0);
    CHECK(strcmp(salt, key) != 0);
    CHECK_INT(strlen(plain), 27);
}

static void test_secscan__short_key_is_refused(void **state)
{
    secscan_scan_options options = {.size = sizeof(options),
                                    .fingerprint_key = "short",
                                    .fingerprint_key_len = 5};
    secscan_rules *rules = rules_of(RULES);
    secscan_scanner *scanner = NULL;

    (void)state;
    CHECK_INT(secscan_scanner_new(&scanner, rules, &options, NULL),
              SECSCAN_ERR_ARG);
    secscan_rules_free(rules);
}

static void test_secscan__coverage_counts_units_and_bytes(void **state)
{
    secscan_scanner *scanner = scanner_of(RULES);
    const secscan_coverage *coverage = secscan_scanner_coverage(scanner);

    (void)state;
    secscan_findings_free(scan(scanner, NULL, TEXT));
    secscan_findings_free(scan(scanner, NULL, "nothing"));
    CHECK_STR(coverage->mode, "buffer");
    CHECK_INT(coverage->units, 2);
    CHECK_INT(coverage->bytes, strlen(TEXT) + 7);
    CHECK_INT(coverage->findings, 1);
    CHECK_INT(coverage->is_complete, 1);
    CHECK_INT(coverage->n_rules, 2);
    CHECK_INT(secscan_coverage_exit_code(coverage), 1);
    secscan_scanner_free(scanner);
}

static void test_secscan__null_arguments_are_errors(void **state)
{
    secscan_scanner *scanner = scanner_of(RULES);
    secscan_error err = {0};

    (void)state;
    CHECK_INT(secscan_scan_buffer(NULL, NULL, "a", 1, NULL, &err),
              SECSCAN_ERR_ARG);
    CHECK_INT(secscan_scan_buffer(scanner, NULL, NULL, 1, NULL, &err),
              SECSCAN_ERR_ARG);
    CHECK_OK(secscan_scan_buffer(scanner, NULL, NULL, 0, NULL, &err));
    CHECK_INT(secscan_scanner_new(NULL, NULL, NULL, &err), SECSCAN_ERR_ARG);
    secscan_scanner_free(NULL);
    secscan_rules_free(NULL);
    secscan_findings_free(NULL);
    secscan_scanner_free(scanner);
}

static void refuse_scanner(const secscan_scan_options *options)
{
    secscan_rules *rules = rules_of(RULES);
    secscan_scanner *scanner = NULL;

    CHECK_INT(secscan_scanner_new(&scanner, rules, options, NULL),
              SECSCAN_ERR_ARG);
    CHECK(!scanner);
    secscan_rules_free(rules);
}

static void refuse_rules(const secscan_rules_options *options)
{
    secscan_rules *rules = NULL;

    CHECK_INT(secscan_rules_parse(&rules, RULES, strlen(RULES), options, NULL),
              SECSCAN_ERR_ARG);
    CHECK(!rules);
}

#define REFUSE_SCANNER(...)                                                    \
    refuse_scanner(&(secscan_scan_options){                                    \
        .size = sizeof(secscan_scan_options), __VA_ARGS__})
#define REFUSE_RULES(...)                                                      \
    refuse_rules(&(secscan_rules_options){                                     \
        .size = sizeof(secscan_rules_options), __VA_ARGS__})

static void test_secscan__lists_and_keys_have_what_they_say(void **state)
{
    const char *const none[] = {NULL};

    (void)state;
    REFUSE_SCANNER(.n_categories = 1);
    REFUSE_SCANNER(.categories = none, .n_categories = 1);
    REFUSE_SCANNER(.n_not_categories = 1);
    REFUSE_SCANNER(.fingerprint_key_len = 32);
    REFUSE_RULES(.n_without = 1);
    REFUSE_RULES(.without = none, .n_without = 1);
    REFUSE_RULES(.n_joined = 1);
    REFUSE_RULES(.joined = none, .n_joined = 1);
}

static void test_secscan__what_is_reserved_has_to_be_zero(void **state)
{
    const secscan_tree_options tree = {.size = sizeof(tree), .reserved = 1};
    const char *const paths[] = {"."};
    secscan_scanner *scanner = scanner_of(RULES);

    (void)state;
    REFUSE_SCANNER(.reserved = 1);
    REFUSE_RULES(.reserved = 1);
    CHECK_INT(secscan_scan_tree(scanner, paths, 1, &tree, NULL, NULL),
              SECSCAN_ERR_ARG);
    secscan_scanner_free(scanner);
}

static void test_secscan__every_value_has_a_name(void **state)
{
    (void)state;
    CHECK_STR(secscan_status_name(SECSCAN_ERR_INTERNAL),
              "SECSCAN_ERR_INTERNAL");
    CHECK_STR(secscan_status_name(SECSCAN_STOPPED), "SECSCAN_STOPPED");
    CHECK_STR(secscan_status_name(-100), "unknown");
    CHECK_STR(secscan_severity_name(SECSCAN_CRITICAL), "critical");
    CHECK_STR(secscan_evidence_name(SECSCAN_CHECKSUM), "checksum");
    CHECK_STR(secscan_source_name(SECSCAN_SOURCE_REFLOG), "reflog");
    CHECK_STR(secscan_source_name(SECSCAN_SOURCE_LFS), "lfs");
    CHECK_STR(secscan_reach_name(SECSCAN_REACH_UNREACHABLE), "unreachable");
    CHECK_STR(secscan_source_name(99), "unknown");
    CHECK_STR(secscan_version(), SECSCAN_VERSION);
}

static void test_secscan__rules_of_null_are_refused(void **state)
{
    const char *const paths[] = {NULL};
    secscan_rules *rules = NULL;
    secscan_rule_info info;

    (void)state;
    CHECK_INT(secscan_rules_load(&rules, paths, 1, NULL, NULL),
              SECSCAN_ERR_ARG);
    CHECK_INT(secscan_rules_count(NULL), 0);
    CHECK_INT(secscan_rules_at(NULL, 0, &info), SECSCAN_ERR_ARG);
    CHECK_INT(secscan_rules_find(NULL, "x", &info), SECSCAN_ERR_ARG);
    rules = rules_of(RULES);
    CHECK_INT(secscan_rules_at(rules, 0, NULL), SECSCAN_ERR_ARG);
    CHECK_INT(secscan_rules_find(rules, NULL, &info), SECSCAN_ERR_ARG);
    CHECK_INT(secscan_rules_find(rules, "tok", NULL), SECSCAN_ERR_ARG);
    secscan_rules_free(rules);
}

static void test_secscan__costs_are_counted_for_who_asks(void **state)
{
    const secscan_scan_options options = {.size = sizeof(options),
                                          .flags = SECSCAN_SCAN_MEASURE};
    secscan_rules *rules = rules_of(RULES);
    secscan_scanner *scanner = NULL;
    const secscan_costs *costs;

    (void)state;
    CHECK_OK(secscan_scanner_new(&scanner, rules, &options, NULL));
    secscan_findings_free(scan(scanner, "a.txt", TEXT "tok_qvzkmwx\n"));
    costs = secscan_scanner_costs(scanner);
    CHECK_INT(costs->n_rules, 2);
    CHECK_STR(costs->rules[1].rule, "tok");
    CHECK_INT(costs->rules[1].candidates, 2);
    CHECK_INT(costs->rules[1].matches, 1);
    CHECK(costs->bytes >= strlen(TEXT));
    secscan_scanner_free(scanner);
    scanner = NULL;
    CHECK_OK(secscan_scanner_new(&scanner, rules, NULL, NULL));
    CHECK(!secscan_scanner_costs(scanner));
    secscan_scanner_free(scanner);
    secscan_rules_free(rules);
}

static void test_secscan__rules_are_left_out_by_id(void **state)
{
    const char *const ids[] = {"tok"};
    const char *const unknown[] = {"nothing"};
    secscan_rules_options options = {.size = sizeof(options),
                                     .flags = SECSCAN_RULES_NO_CACHE,
                                     .without = ids,
                                     .n_without = 1};
    secscan_rules *rules = NULL;
    secscan_rule_info rule;

    (void)state;
    CHECK_OK(secscan_rules_parse(&rules, RULES, strlen(RULES), &options, NULL));
    CHECK_INT(secscan_rules_count(rules), 1);
    CHECK_OK(secscan_rules_find(rules, "env", &rule));
    secscan_rules_free(rules);
    options.without = unknown;
    CHECK_INT(secscan_rules_parse(&rules, RULES, strlen(RULES), &options, NULL),
              SECSCAN_ERR_ARG);
}

/* ---- what hides findings ---- */

#define HIDDEN "y = tok_qvzkmw # secscan:allow made up\n"

static secscan_scanner *scanner_hiding(uint32_t flags, const char *ignore)
{
    const secscan_policy_text text = {".secscanignore", ignore, strlen(ignore),
                                      SECSCAN_POLICY_IGNORE, 0};
    const secscan_policy_options how = {
        .size = sizeof(how), .texts = &text, .n_texts = 1};
    secscan_scan_options options = {.size = sizeof(options), .flags = flags};
    secscan_rules *rules = rules_of(RULES);
    secscan_scanner *scanner = NULL;

    CHECK_OK(secscan_policy_new(&options.policy, &how, NULL));
    CHECK_OK(secscan_scanner_new(&scanner, rules, &options, NULL));
    secscan_policy_free(options.policy); /* the scanner keeps it alive */
    secscan_rules_free(rules);
    return scanner;
}

static uint64_t count_by(secscan_scanner *scanner, const char *by)
{
    const secscan_coverage *coverage = secscan_scanner_coverage(scanner);

    for (size_t i = 0; i < coverage->n_suppressed_by; i++) {
        if (strcmp(coverage->suppressed_by[i].by, by) == 0)
            return coverage->suppressed_by[i].count;
    }
    return 0;
}

static void test_secscan__without_a_policy_no_mark_counts(void **state)
{
    secscan_scanner *scanner = scanner_of(RULES);
    secscan_findings *findings = scan(scanner, "a", HIDDEN);

    (void)state;
    CHECK_INT(secscan_findings_count(findings), 1);
    CHECK(!secscan_findings_at(findings, 0)->suppressed_by);
    secscan_findings_free(findings);
    secscan_scanner_free(scanner);
}

static void test_secscan__what_is_hidden_is_counted_scan_by_scan(void **state)
{
    secscan_scanner *scanner = scanner_hiding(0, "");
    const secscan_coverage *coverage = secscan_scanner_coverage(scanner);

    (void)state;
    for (uint64_t i = 1; i <= 3; i++) {
        secscan_findings *findings = scan(scanner, "a", HIDDEN);

        CHECK_INT(secscan_findings_count(findings), 0);
        CHECK_INT(count_by(scanner, "inline"), i);
        CHECK_INT(count_by(scanner, "allowlist"), 0);
        CHECK_INT(coverage->suppressed, i);
        CHECK_INT(coverage->gating, 0);
        secscan_findings_free(findings);
    }
    secscan_scanner_free(scanner);
}

static void test_secscan__hidden_findings_are_shown_to_who_asks(void **state)
{
    secscan_scanner *scanner = scanner_hiding(SECSCAN_SCAN_SHOW_SUPPRESSED, "");
    secscan_findings *findings = scan(scanner, "a", HIDDEN);
    const secscan_finding *f = secscan_findings_at(findings, 0);

    (void)state;
    CHECK_STR(f->suppressed_by, "inline");
    CHECK_STR(f->suppressed_reason, "made up");
    CHECK_INT(f->gates, 0);
    CHECK_INT(secscan_coverage_exit_code(secscan_scanner_coverage(scanner)), 0);
    secscan_findings_free(findings);
    secscan_scanner_free(scanner);
}

static void test_secscan__no_suppress_tells_and_does_not_hide(void **state)
{
    secscan_scanner *scanner = scanner_hiding(SECSCAN_SCAN_NO_SUPPRESS, "");
    secscan_findings *findings = scan(scanner, "a", HIDDEN);
    const secscan_finding *f = secscan_findings_at(findings, 0);

    (void)state;
    CHECK_STR(f->suppressed_by, "inline");
    CHECK_INT(f->gates, 1);
    CHECK_INT(secscan_scanner_coverage(scanner)->suppressed, 0);
    CHECK_INT(secscan_coverage_exit_code(secscan_scanner_coverage(scanner)), 1);
    secscan_findings_free(findings);
    secscan_scanner_free(scanner);
}

static void test_secscan__an_entry_hides_what_has_its_fingerprint(void **state)
{
    secscan_scanner *plain = scanner_of(RULES);
    secscan_findings *findings = scan(plain, "a.txt", TEXT);
    secscan_scanner *scanner;
    char line[64];

    (void)state;
    snprintf(line, sizeof(line), "%s path:a.txt",
             secscan_findings_at(findings, 0)->fingerprint);
    secscan_findings_free(findings);
    secscan_scanner_free(plain);
    scanner = scanner_hiding(0, line);
    findings = scan(scanner, "a.txt", TEXT);
    CHECK_INT(secscan_findings_count(findings), 0);
    CHECK_INT(count_by(scanner, "ignore"), 1);
    secscan_findings_free(findings);
    findings = scan(scanner, "b.txt", TEXT);
    CHECK_INT(secscan_findings_count(findings), 1);
    secscan_findings_free(findings);
    secscan_scanner_free(scanner);
}

static void test_secscan__lack_of_memory_while_hiding_is_told(void **state)
{
    unsigned long n = 0;
    int rc = SECSCAN_ERR_NOMEM;

    (void)state;
    while (rc == SECSCAN_ERR_NOMEM && n < 2000) {
        secscan_scanner *scanner = scanner_hiding(0, "no entry\n");
        secscan_sink sink = {.size = sizeof(sink)};

        ss_alloc_fail_at(++n);
        rc = secscan_scan_buffer(scanner, "a", HIDDEN, strlen(HIDDEN), &sink,
                                 NULL);
        ss_alloc_fail_at(0);
        secscan_scanner_free(scanner);
    }
    CHECK_OK(rc);
    CHECK(n > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_secscan__buffer_gives_a_finding_with_its_place),
        TEST(test_secscan__confidence_follows_rule_evidence_and_check),
        TEST(test_secscan__a_part_is_copied_with_its_finding),
        TEST(test_secscan__stream_in_pieces_is_the_same),
        TEST(test_secscan__a_stream_settles_behind_what_is_fed),
        TEST(test_secscan__utf16_settles_in_front_of_what_comes),
        TEST(test_secscan__an_encoded_secret_settles_at_the_end),
        TEST(test_secscan__every_place_is_delivered_to_who_asks),
        TEST(test_secscan__a_name_is_judged_by_rules_about_paths),
        TEST(test_secscan__an_open_stream_accepts_nothing_else),
        TEST(test_secscan__callback_stops_and_cannot_come_back),
        TEST(test_secscan__status_of_a_callback_is_passed_on),
        TEST(test_secscan__a_stream_names_the_status_of_a_callback),
        TEST(test_secscan__an_error_of_an_earlier_call_is_not_told),
        TEST(test_secscan__a_stream_that_was_stopped_is_silent),
        TEST(test_secscan__a_scanner_that_was_stopped_starts_anew),
        TEST(test_secscan__fingerprint_follows_the_key_alone),
        TEST(test_secscan__short_key_is_refused),
        TEST(test_secscan__coverage_counts_units_and_bytes),
        TEST(test_secscan__null_arguments_are_errors),
        TEST(test_secscan__lists_and_keys_have_what_they_say),
        TEST(test_secscan__what_is_reserved_has_to_be_zero),
        TEST(test_secscan__every_value_has_a_name),
        TEST(test_secscan__rules_of_null_are_refused),
        TEST(test_secscan__costs_are_counted_for_who_asks),
        TEST(test_secscan__rules_are_left_out_by_id),
        TEST(test_secscan__without_a_policy_no_mark_counts),
        TEST(test_secscan__what_is_hidden_is_counted_scan_by_scan),
        TEST(test_secscan__hidden_findings_are_shown_to_who_asks),
        TEST(test_secscan__no_suppress_tells_and_does_not_hide),
        TEST(test_secscan__an_entry_hides_what_has_its_fingerprint),
        TEST(test_secscan__lack_of_memory_while_hiding_is_told),
    };

    return RUN(tests);
}
