/*
 * test_kind.c: values named by the words around them. Rules are the test's own;
 * texts are templates, so that nothing here looks like a credential.
 */
#include "unit.h"

#include "base/buf.h"
#include "rules/template.h"

#include <secscan.h>

#include <stdio.h>

#define KIND(id, near, more)                                                   \
    "[[rules]]\nid = '" id "'\nnear = [" near "]\n" more "\n"
#define HEX32 "value = '[0-9a-f]{32}'\n"

static const char kinds[] = //
    KIND("acme-key", "'acmecloud', 'ac'", "name = ['api key', 'key']\n" HEX32)
        KIND("acme-app", "'acmecloud'", "name = ['app key']\n" HEX32)
            KIND("other", "'other'", HEX32) KIND("other-cloud", "'other cloud'",
                                                 HEX32)
                KIND("other-wide", "'other'", "value = '[0-9a-f]{30,40}'\n")
                    KIND("letters", "'letterbox'", "value = '[A-Za-z]{20}'\n")
                        KIND("short", "'briefly'", "value = '[a-z0-9]{10}'\n");

static secscan_scanner *scanner;

static int open_scanner(void **state)
{
    const secscan_rules_options options = {.size = sizeof(options),
                                           .flags = SECSCAN_RULES_NO_BUILTIN |
                                                    SECSCAN_RULES_NO_CACHE};
    secscan_rules *rules = NULL;
    int rc;

    (void)state;
    rc = secscan_rules_parse(&rules, kinds, strlen(kinds), &options, NULL);
    if (!rc)
        rc = secscan_scanner_new(&scanner, rules, NULL, NULL);
    secscan_rules_free(rules);
    return rc;
}

static int close_scanner(void **state)
{
    (void)state;
    secscan_scanner_free(scanner);
    return 0;
}

static int write_rule(void *ctx, const secscan_finding *finding)
{
    ss_buf *out = ctx;

    return ss_buf_printf(out, "%s%s@%llu", out->len ? " " : "", finding->rule,
                         (unsigned long long)finding->place.line_start);
}

/* What is found: rule@line, one after the other. */
static void check_named(const char *text, const char *expected)
{
    ss_buf expanded = SS_BUF_INIT(1 << 16), found = SS_BUF_INIT(1 << 16);
    const secscan_sink sink = {sizeof(sink), &found, write_rule, NULL, NULL};

    CHECK_OK(ss_template_expand(&expanded, ss_bytes_str(text), 7));
    CHECK_OK(secscan_scan_buffer(scanner, NULL, expanded.data, expanded.len,
                                 &sink, NULL));
    CHECK_OK(ss_buf_putc(&found, '\0'));
    CHECK_STR((char *)found.data, expected);
    ss_buf_release(&expanded);
    ss_buf_release(&found);
}

static void test_kind__the_nearest_word_names_it(void **state)
{
    (void)state;
    check_named("other_key = {hex:32} # acmecloud key", "other@1");
    check_named("acmecloud.other_key = {hex:32}", "other@1");
    check_named("other:\n  acmecloud_key: {hex:32}", "acme-key@2");
    check_named("other:\n  x: acmecloud {{ key: {hex:32}", "acme-key@2");
    check_named("acmecloud:\n  other:\n    key: {hex:32}", "other@3");
}

static void test_kind__its_own_name_tells_one_vendors_kinds_apart(void **state)
{
    (void)state;
    check_named("acmecloud_api_key = {hex:32}", "acme-key@1");
    check_named("acmecloud_app_key = {hex:32}", "acme-app@1");
    check_named("acmecloud_value = {hex:32}", "");
}

static void test_kind__longer_words_and_narrower_values_win(void **state)
{
    (void)state;
    check_named("other_cloud_key = {hex:32}", "other-cloud@1");
    check_named("other_key = {hex:32}", "other@1");
    check_named("other_key = {hex:34}", "other-wide@1");
    check_named("other_key = {hex:28}", "");
}

static void test_kind__the_value_is_matched_as_a_whole(void **state)
{
    (void)state;
    check_named("AC_KEY={HEX:32}", "");
    check_named("AC_KEY={hex:32}", "acme-key@1");
    check_named("AC_KEY=x{hex:32}", "");
    check_named("AC_KEY={hex:32}.", "acme-key@1");
    check_named("ac key \"{hex:32}\"", "acme-key@1");
    check_named("?ac_key={hex:32}&x=1", "acme-key@1");
}

static void test_kind__sections_above_are_those_it_stands_in(void **state)
{
    (void)state;
    check_named("[acmecloud]\nx = 1\nkey = {hex:32}", "acme-key@3");
    check_named("[acmecloud]\n[x]\nkey = {hex:32}", "");
    check_named("acmecloud:\n  x: 1\n\n  key: {hex:32}", "acme-key@4");
    check_named("acmecloud: 1\nkey: {hex:32}", "");
    check_named("acmecloud:\n  y: 1\nx:\n  key: {hex:32}", "");
    check_named("# acmecloud\nkey: {hex:32}", "acme-key@2");
    check_named("# acmecloud\nx: 1\nkey: {hex:32}", "");
}

static void test_kind__a_host_beside_names_it(void **state)
{
    (void)state;
    check_named("Host: api.other.com\nAuthorization: Bearer {hex:32}",
                "other@2");
    check_named("host: acmecloud.test\nport: 1\nkey: {hex:32}", "acme-key@3");
    check_named("host: other.test\n# acmecloud\nkey: {hex:32}", "acme-key@3");
    check_named("ghost: acmecloud\nkey: {hex:32}", "");
    check_named("host:\nacmecloud: 1\nkey: {hex:32}", "");
}

static void
test_kind__eight_lines_and_512_bytes_up_is_the_furthest(void **state)
{
    (void)state;
    check_named("acmecloud:\n a:\n  b:\n   c:\n    d:\n     e:\n      f:\n"
                "       g:\n        key: {hex:32}",
                "acme-key@9");
    check_named("acmecloud:\n 0:\n  a:\n   b:\n    c:\n     d:\n      e:\n"
                "       f:\n        g:\n         key: {hex:32}",
                "");
    check_named("acmecloud:\n  x: {repeat:y:480}\n  key: {hex:32}",
                "acme-key@3");
    check_named("acmecloud:\n  x: {repeat:y:520}\n  key: {hex:32}", "");
}

static void test_kind__digests_and_ids_are_not_credentials(void **state)
{
    (void)state;
    check_named("other_hash: {hex:32}", "");
    check_named("other_id = {hex:32}", "");
    check_named("\"other\": \"{hex:32}\"", "other@1");
    check_named("other was mended in commit {hex:32}", "");
    check_named("{hex:32}  other.tar.gz", "");
    check_named("sha256 of the other key: {hex:32}", "");
}

static void test_kind__a_line_needs_more_than_the_vendors_name(void **state)
{
    (void)state;
    check_named("x = {hex:32} # other", "");
    check_named("key = {hex:32} # other", "other@1");
    check_named("new Client(\"app\", \"{hex:32}\") // other", "other@1");
    check_named("Authorization: Bearer {hex:32} # other", "other@1");
    check_named("see other/{hex:32}/index", "");
}

static void test_kind__stand_ins_are_not_reported(void **state)
{
    (void)state;
    check_named("other_key = 0123456789abcdef0123456789abcdef", "");
    check_named("other_key = {repeat:a:32}", "");
    check_named("letterbox_key = applicationprovidera", "");
}

static void
test_kind__letters_and_short_values_are_found_by_their_name(void **state)
{
    (void)state;
    check_named(
        "letterbox_api_key = '{upper:4}{lower:3}{upper:3}{lower:4}{upper:6}'",
        "letters@1");
    check_named("briefly:\n  key: k4v9zq1x7w", "short@2");
}

static void test_kind__what_nobody_names_is_not_reported(void **state)
{
    (void)state;
    check_named("password = \"{pass:16}\"", "");
    check_named("api_key = \"{hex:32}\"", "");
}

/* Every allocation of loading and scanning fails once. */
static void test_kind__out_of_memory_says_so(void **state)
{
    const secscan_rules_options options = {.size = sizeof(options),
                                           .flags = SECSCAN_RULES_NO_BUILTIN |
                                                    SECSCAN_RULES_NO_CACHE};
    unsigned long n = 0;
    int rc = SECSCAN_ERR_NOMEM;

    (void)state;
    while (rc) {
        secscan_rules *rules = NULL;
        secscan_scanner *own = NULL;

        CHECK(n < 2000);
        ss_alloc_fail_at(++n);
        rc = secscan_rules_parse(&rules, kinds, strlen(kinds), &options, NULL);
        if (!rc)
            rc = secscan_scanner_new(&own, rules, NULL, NULL);
        ss_alloc_fail_at(0);
        CHECK(rc == 0 || rc == SECSCAN_ERR_NOMEM);
        secscan_scanner_free(own);
        secscan_rules_free(rules);
    }
    CHECK(n > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_kind__the_nearest_word_names_it),
        TEST(test_kind__its_own_name_tells_one_vendors_kinds_apart),
        TEST(test_kind__longer_words_and_narrower_values_win),
        TEST(test_kind__the_value_is_matched_as_a_whole),
        TEST(test_kind__sections_above_are_those_it_stands_in),
        TEST(test_kind__a_host_beside_names_it),
        TEST(test_kind__eight_lines_and_512_bytes_up_is_the_furthest),
        TEST(test_kind__digests_and_ids_are_not_credentials),
        TEST(test_kind__a_line_needs_more_than_the_vendors_name),
        TEST(test_kind__stand_ins_are_not_reported),
        TEST(test_kind__letters_and_short_values_are_found_by_their_name),
        TEST(test_kind__what_nobody_names_is_not_reported),
        TEST(test_kind__out_of_memory_says_so),
    };

    return cmocka_run_group_tests(tests, open_scanner, close_scanner);
}
