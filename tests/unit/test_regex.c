#include "unit.h"

#include "rules/regex.h"

static ss_regex *make(const char *pattern)
{
    ss_regex *regex = NULL;

    CHECK_OK(ss_regex_new(&regex, pattern, 0, NULL));
    return regex;
}

static void test_regex__finds_span_and_groups(void **state)
{
    ss_regex *regex = make("k=([a-z]+)(x)?");
    ss_regex_match m;

    (void)state;
    CHECK_OK(ss_regex_find(regex, ss_bytes_str("..k=abc.."), 0, 9, &m));
    CHECK_INT(m.n_groups, 3);
    CHECK_INT(m.group[0].from, 2);
    CHECK_INT(m.group[0].to, 7);
    CHECK_INT(m.group[1].from, 4);
    CHECK(m.group[2].from == SIZE_MAX && m.group[2].to == SIZE_MAX);
    ss_regex_free(regex);
}

static void test_regex__a_start_past_to_is_not_found(void **state)
{
    ss_regex *regex = make("abc");
    ss_bytes s = ss_bytes_str("..abc");
    ss_regex_match m;

    (void)state;
    CHECK_INT(ss_regex_find(regex, s, 0, 1, &m), SS_REGEX_NONE);
    CHECK_INT(ss_regex_find(regex, s, 0, 2, &m), 0);
    CHECK_INT(ss_regex_find(regex, s, 3, 5, &m), SS_REGEX_NONE);
    CHECK_INT(ss_regex_find(regex, s, 4, 3, &m), SS_REGEX_NONE);
    ss_regex_free(regex);
}

static void test_regex__look_around_sees_the_bytes_around(void **state)
{
    ss_regex *regex = make("(?<!a)b(?!c)");
    ss_regex_match m;

    (void)state;
    CHECK_INT(ss_regex_find(regex, ss_bytes_str("ab"), 1, 1, &m),
              SS_REGEX_NONE);
    CHECK_INT(ss_regex_find(regex, ss_bytes_str("bc"), 0, 1, &m),
              SS_REGEX_NONE);
    CHECK_INT(ss_regex_find(regex, ss_bytes_str("xbx"), 1, 1, &m), 0);
    ss_regex_free(regex);
}

static void test_regex__error_has_the_column(void **state)
{
    ss_regex *regex = NULL;
    secscan_error err;

    (void)state;
    CHECK_INT(ss_regex_new(&regex, "ab(cd", 0, &err), SECSCAN_ERR_RULE);
    CHECK_INT(err.column, 6);
    CHECK(regex == NULL);
}

static void test_regex__too_many_groups_are_refused(void **state)
{
    char pattern[200] = "";
    ss_regex *regex = NULL;

    (void)state;
    for (size_t i = 0; i < SS_REGEX_MAX_GROUPS; i++)
        memcpy(pattern + 3 * i, "(a)", 4);
    CHECK_INT(ss_regex_new(&regex, pattern, 0, NULL), SECSCAN_ERR_RULE);
}

static void test_regex__a_hostile_pattern_hits_a_limit(void **state)
{
    ss_regex *regex = make("(?:a+)+$");
    ss_regex *deep = make("(?:(a)|b)*c");
    char text[40001];

    (void)state;
    memset(text, 'a', sizeof(text) - 1);
    text[sizeof(text) - 1] = 'b';
    CHECK_INT(ss_regex_test(regex, ss_bytes_of(text, sizeof(text))),
              SS_REGEX_LIMIT);
    (void)ss_regex_test(deep, ss_bytes_of(text, sizeof(text)));
    ss_regex_free(deep);
    ss_regex_free(regex);
}

static void test_regex__bytes_are_not_utf8(void **state)
{
    ss_regex *regex = make("^\\xff.\\x00$");
    ss_regex *caseless = NULL;

    (void)state;
    CHECK_INT(ss_regex_test(regex, ss_bytes_of("\xff\xc3\0", 3)), 1);
    CHECK_INT(ss_regex_test(regex, ss_bytes_of(NULL, 0)), 0);
    CHECK_OK(ss_regex_new(&caseless, "abc", SS_REGEX_CASELESS, NULL));
    CHECK_INT(ss_regex_test(caseless, ss_bytes_str("xABCx")), 1);
    ss_regex_free(caseless);
    ss_regex_free(regex);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_regex__finds_span_and_groups),
        TEST(test_regex__a_start_past_to_is_not_found),
        TEST(test_regex__look_around_sees_the_bytes_around),
        TEST(test_regex__error_has_the_column),
        TEST(test_regex__too_many_groups_are_refused),
        TEST(test_regex__a_hostile_pattern_hits_a_limit),
        TEST(test_regex__bytes_are_not_utf8),
    };

    return RUN(tests);
}
