/* Files of gitleaks': what they mean, and what is said of them. */
#include "unit.h"

#include <secscan.h>

#include <stdio.h>

static const secscan_rules_options as_gitleaks = {.size = sizeof(as_gitleaks),
                                                  .flags =
                                                      SECSCAN_RULES_NO_CACHE,
                                                  .name = ".gitleaks.toml"};

static secscan_rules *parse(const char *toml)
{
    secscan_rules *rules = NULL;
    secscan_error err;
    int rc =
        secscan_rules_parse(&rules, toml, strlen(toml), &as_gitleaks, &err);

    if (rc)
        print_message("%s\n", err.message);
    CHECK_OK(rc);
    return rules;
}

static void check_note(const char *toml, const char *note)
{
    secscan_rules *rules = parse(toml);
    const char *first = secscan_rules_note(rules, 0);

    CHECK(first != NULL);
    CHECK_STR(first, note);
    CHECK(secscan_rules_note(rules, 1) == NULL);
    secscan_rules_free(rules);
}

/* The secrets that are found, each behind a bar. */
static void check_found(const char *toml, const char *text, const char *found)
{
    secscan_rules *rules = parse(toml);
    secscan_scanner *scanner = NULL;
    secscan_findings *list = NULL;
    char all[600] = "";

    CHECK_OK(secscan_findings_new(&list, NULL));
    CHECK_OK(secscan_scanner_new(&scanner, rules, NULL, NULL));
    CHECK_OK(secscan_scan_buffer(scanner, "a.txt", text, strlen(text),
                                 secscan_findings_sink(list), NULL));
    for (size_t i = 0; i < secscan_findings_count(list); i++) {
        const secscan_finding *f = secscan_findings_at(list, i);
        size_t len = strlen(all);

        snprintf(all + len, sizeof(all) - len, "|%.*s", (int)f->secret.len,
                 f->secret.data);
    }
    CHECK_STR(all, found);
    secscan_findings_free(list);
    secscan_scanner_free(scanner);
    secscan_rules_free(rules);
}

#define RULE(rest) "[[rules]]\nid = 'a'\n" rest

static void test_gitleaks__unknown_keys_are_noted(void **state)
{
    (void)state;
    check_note(RULE("regex = 'abc'\ncolour = 1\n"),
               ".gitleaks.toml:4:1: unknown key 'colour' in a rule is passed "
               "over");
    check_note("[extend]\nurl = 'x'\n" RULE("regex = 'abc'\n"),
               ".gitleaks.toml:2:7: 'url' has no effect, in gitleaks neither");
    check_note("minVersion = 'v9.0.0'\n" RULE("regex = 'abc'\n"),
               ".gitleaks.toml:1:14: written for gitleaks v9.0.0: what is "
               "newer than 8.30.1 may be missing");
    check_note(RULE("regex = 'abc'\nvalidate = 'x'\n"),
               ".gitleaks.toml:4:13: 'validate' is not run: secscan asks no "
               "server");
}

static void test_gitleaks__keys_have_any_case(void **state)
{
    (void)state;
    check_found("[[Rules]]\nID = 'a'\nREGEX = 'k=(\\w+)'\nEntropy = 1\n",
                "k=aaaa k=abcd", "|abcd");
}

static void test_gitleaks__repeats_need_no_bound(void **state)
{
    (void)state;
    check_found(RULE("regex = '''\\w*key\\s*=\\s*\"(.*?)\"'''\n"),
                "my_key = \"changeme\"\nkey=\"b\"\n", "|changeme|b");
    check_found(RULE("regex = '''BEGIN[\\s\\S]*?END'''\n"), "BEGIN\nx\nEND",
                "|BEGIN\nx\nEND");
}

static void test_gitleaks__matches_do_not_overlap(void **state)
{
    (void)state;
    check_found(RULE("regex = 'a[ab]{2}'\n"), "ababab", "|aba");
    check_found(RULE("regex = '(?:^|a)b+'\n"), "babbab", "|b|abb|ab");
}

static void test_gitleaks__line_ends_are_trimmed(void **state)
{
    (void)state;
    check_found(RULE("regex = '''\\n?key=\\w+\\n'''\n"), "x\nkey=abc\ny",
                "|key=abc");
}

static void test_gitleaks__a_keyword_has_to_stand_near(void **state)
{
    static const char rule[] =
        RULE("regex = '[0-9a-f]{8}'\nkeywords = ['Acme']\n");
    static char far[70000];

    (void)state;
    check_found(rule, "0123abcd", "");
    check_found(rule, "0123abcd\n\n\n# ACME", "|0123abcd");
    memset(far, ' ', sizeof(far) - 1);
    memcpy(far, "0123abcd", 8);
    memcpy(far + sizeof(far) - 5, "acme", 4);
    check_found(rule, far, "");
}

static void test_gitleaks__entropy_has_to_be_above(void **state)
{
    (void)state;
    check_found(RULE("regex = 'k=(\\w+)'\nentropy = 2\n"), "k=abcd k=abcde",
                "|abcde");
}

static void test_gitleaks__rules_that_are_not_here_are_noted(void **state)
{
    (void)state;
    check_note("[extend]\nuseDefault = true\ndisabledRules = ['no-such']\n",
               ".gitleaks.toml:1:1: disabledRules: there is no rule 'no-such' "
               "here");
    check_note("[extend]\nuseDefault = true\n[[rules]]\nid = 'no-such'\n"
               "[[rules.allowlists]]\nstopwords = ['x']\n",
               ".gitleaks.toml:3:1: there is no rule 'no-such' to change here: "
               "it is left out");
    check_note("[extend]\nuseDefault = true\n[[allowlists]]\n"
               "targetRules = ['no-such']\nstopwords = ['x']\n",
               ".gitleaks.toml:3:1: targetRules: there is no rule 'no-such' "
               "here");
    check_note(RULE("regex = 'abc'\n") RULE("regex = 'abd'\n"),
               ".gitleaks.toml:4:1: 'a' is there twice: this one counts, not "
               "that of line 1");
}

static void test_gitleaks__an_allowlist_of_no_rule_allows_nothing(void **state)
{
    (void)state;
    check_found("[extend]\nuseDefault = true\n[[allowlists]]\n"
                "targetRules = ['no-such']\nregexes = ['.*']\n" RULE(
                    "regex = 'kkk=(\\w+)'\n"),
                "kkk=abcde", "|abcde");
}

static void check_dialect(const char *toml, const char *name, int is_gitleaks)
{
    secscan_rules_options options = {
        .size = sizeof(options), .flags = SECSCAN_RULES_NO_CACHE, .name = name};
    secscan_rules *rules = NULL;
    int rc = secscan_rules_parse(&rules, toml, strlen(toml), &options, NULL);

    CHECK_INT(rc, is_gitleaks ? 0 : SECSCAN_ERR_RULE);
    secscan_rules_free(rules);
}

static void test_gitleaks__is_told_by_name_title_or_keys(void **state)
{
    static const char open[] = RULE("regex = 'k=(\\w+)'\n");

    (void)state;
    check_dialect(open, "x.toml", 0);
    check_dialect(open, "gitleaks/x.toml", 0);
    check_dialect(open, "x/my-Gitleaks.toml", 1);
    check_dialect("minVersion = 'v8.25.0'\n" RULE("regex = 'k=(\\w+)'\n"),
                  "x.toml", 1);
    check_dialect("title = 'gitleaks config'\n" RULE("regex = 'k=(\\w+)'\n"),
                  "x.toml", 1);
    check_dialect("dialect = 'gitleaks'\n" RULE("regex = 'k=(\\w+)'\n"),
                  "x.toml", 1);
    check_dialect("dialect = 'secscan'\n" RULE("regex = 'k=(\\w+)'\n"),
                  ".gitleaks.toml", 0);
}

static int put(void *ctx, const char *data, size_t len)
{
    char *text = ctx;

    strncat(text, data, len);
    return 0;
}

static void test_gitleaks__an_export_is_the_same_set(void **state)
{
    static const char toml[] =
        RULE("regex = '''\\s*key=(.+)$'''\nkeywords = ['far']\n");
    static char text[1000];
    secscan_rules *rules = parse(toml), *again = NULL;
    const secscan_rules_options own = {.size = sizeof(own),
                                       .flags = SECSCAN_RULES_NO_CACHE};

    (void)state;
    text[0] = 0;
    CHECK_OK(secscan_rules_export(rules, put, text, NULL));
    CHECK_OK(secscan_rules_parse(&again, text, strlen(text), &own, NULL));
    CHECK_STR(secscan_rules_version(again), secscan_rules_version(rules));
    secscan_rules_free(rules);
    secscan_rules_free(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_gitleaks__unknown_keys_are_noted),
        TEST(test_gitleaks__keys_have_any_case),
        TEST(test_gitleaks__repeats_need_no_bound),
        TEST(test_gitleaks__matches_do_not_overlap),
        TEST(test_gitleaks__line_ends_are_trimmed),
        TEST(test_gitleaks__a_keyword_has_to_stand_near),
        TEST(test_gitleaks__entropy_has_to_be_above),
        TEST(test_gitleaks__rules_that_are_not_here_are_noted),
        TEST(test_gitleaks__an_allowlist_of_no_rule_allows_nothing),
        TEST(test_gitleaks__is_told_by_name_title_or_keys),
        TEST(test_gitleaks__an_export_is_the_same_set),
    };

    return RUN(tests);
}
