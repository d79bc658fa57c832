/* Patterns of gitleaks' files: what they mean in PCRE2, over bytes. */
#include "unit.h"

#include "rules/re2.h"
#include "rules/regex.h"

#include <stdio.h>

static ss_arena arena = SS_ARENA_INIT;

static const char *translated(const char *pattern)
{
    const char *out = NULL;

    CHECK_OK(ss_re2_translate(&out, pattern, &arena, NULL));
    CHECK_OK(ss_regex_check(out, 0, NULL));
    return out;
}

/* Does the translation match all of `text`? */
static int takes(const char *pattern, const char *text)
{
    char whole[600];
    ss_regex *regex = NULL;
    int is;

    snprintf(whole, sizeof(whole), "\\A(?:%s)\\z", translated(pattern));
    CHECK_OK(ss_regex_new(&regex, whole, 0, NULL));
    is = ss_regex_test(regex, ss_bytes_str(text));
    ss_regex_free(regex);
    return is;
}

static uint32_t refused_at(const char *pattern)
{
    const char *out;
    secscan_error err;

    CHECK_INT(ss_re2_translate(&out, pattern, &arena, &err), SECSCAN_ERR_RULE);
    return err.column;
}

static void test_re2__what_means_the_same_is_left_alone(void **state)
{
    static const char pattern[] =
        "(?i)(?P<key>[\\w.-]{0,50}?)[[:alpha:]]\\b\\Qa$\\E(?:a|b)+?\\x60\\z";

    (void)state;
    CHECK(translated(pattern) == pattern);
}

static void test_re2__a_dollar_is_the_end_of_the_text(void **state)
{
    (void)state;
    CHECK_STR(translated("a(?:;|$)"), "a(?:;|\\z)");
    CHECK_STR(translated("(?m)a$"), "(?m)a$");
    CHECK_STR(translated("(?m:a$)b$"), "(?m:a$)b\\z");
    CHECK_STR(translated("(?:(?m)a$)b$"), "(?:(?m)a$)b\\z");
    CHECK_STR(translated("(?m)(?-m:a$)b$"), "(?m)(?-m:a\\z)b$");
    CHECK_STR(translated("a\\$[$]"), "a\\$[$]");
}

static void test_re2__white_space_has_no_vertical_tab(void **state)
{
    (void)state;
    CHECK(takes("\\s{5}", "\t\n\f\r "));
    CHECK(!takes("\\s", "\v"));
    CHECK(!takes("[\\s]", "\v"));
    CHECK(takes("\\S", "\v"));
    CHECK(takes("[\\S]", "\v"));
    CHECK(!takes("[\\S]", " "));
    CHECK(takes("[\\s\\S]{3}", "a\n\v"));
    CHECK(takes("\\v", "\v"));
    CHECK(!takes("[\\v]", "\n"));
}

static void test_re2__characters_beyond_ascii_are_whole(void **state)
{
    (void)state;
    CHECK(takes("\xc3\xa9+", "\xc3\xa9\xc3\xa9"));
    CHECK(takes("\\xe9", "\xc3\xa9"));
    CHECK(takes("\\x{20ac}{2}", "\xe2\x82\xac\xe2\x82\xac"));
    CHECK(takes("[a\xc3\xa9]{2}", "a\xc3\xa9"));
    CHECK(!takes("[a\xc3\xa9]", "\xc3"));
    CHECK(takes("[\xd0\xb0-\xd1\x8f]", "\xd0\xb2"));
    CHECK(takes("[^\xc3\xa9]", "a"));
    CHECK(takes("[!-\\x{10ffff}]{2}", "~\xc3\xa9"));
    CHECK(takes("\\101\\x42", "AB"));
}

static void test_re2__unicode_classes_count_bytes(void **state)
{
    (void)state;
    CHECK(takes("\\pL+", "aZ\xc3\xa9"));
    CHECK(!takes("\\pL", "1"));
    CHECK(takes("[\\p{Nd}_]+", "1_2"));
    CHECK(takes("\\p{Greek}+", "\xce\xb1"));
    CHECK(!takes("\\p{Greek}", "a"));
    CHECK(takes("\\PL", "1"));
    CHECK(takes("[\\p{^L}]", "1"));
    CHECK(!takes("[\\PL]", "a"));
}

static void test_re2__brackets_in_a_class_are_characters(void **state)
{
    (void)state;
    CHECK(takes("[[.]{2}", "[."));
    CHECK(takes("[]a]{2}", "]a"));
    CHECK(takes("[^]a]", "b"));
    CHECK(takes("a{,3}", "a{,3}"));
}

static void test_re2__what_has_no_translation_names_its_place(void **state)
{
    (void)state;
    CHECK_INT(refused_at("ab\\C"), 3);
    CHECK_INT(refused_at("ab\\p{X"), 3);
    CHECK_INT(refused_at("ab\\p"), 3);
    CHECK_INT(refused_at("ab[c"), 3);
    CHECK_INT(refused_at("ab\\x{zz}"), 6);
}

static void test_re2__out_of_memory_says_so(void **state)
{
    (void)state;
    for (size_t n = 1; n < 4; n++) {
        ss_arena own = SS_ARENA_INIT;
        const char *out = NULL;
        int rc;

        ss_alloc_fail_at(n);
        rc = ss_re2_translate(&out, "[a\xc3\xa9]$", &own, NULL);
        ss_alloc_fail_at(0);
        CHECK(rc == 0 || rc == SECSCAN_ERR_NOMEM);
        ss_arena_release(&own);
    }
}

static int release(void **state)
{
    (void)state;
    ss_arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_re2__what_means_the_same_is_left_alone),
        TEST(test_re2__a_dollar_is_the_end_of_the_text),
        TEST(test_re2__white_space_has_no_vertical_tab),
        TEST(test_re2__characters_beyond_ascii_are_whole),
        TEST(test_re2__unicode_classes_count_bytes),
        TEST(test_re2__brackets_in_a_class_are_characters),
        TEST(test_re2__what_has_no_translation_names_its_place),
        TEST(test_re2__out_of_memory_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, release);
}
