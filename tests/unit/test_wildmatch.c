#include "unit.h"

#include "base/wildmatch.h"

static int matches(const char *pattern, const char *text)
{
    return ss_wildmatch(ss_bytes_str(pattern), ss_bytes_str(text));
}

static void test_wildmatch__a_star_stays_in_its_component(void **state)
{
    (void)state;
    CHECK(matches("*.c", "a.c"));
    CHECK(matches("a*c*e", "abcde"));
    CHECK(matches("*", ""));
    CHECK(matches("a/*/c", "a/b/c"));
    CHECK(!matches("*.c", "a/b.c"));
    CHECK(!matches("a/*", "a/b/c"));
    CHECK(!matches("a*c", "abd"));
    CHECK(!matches("a**c", "a/c"));
}

static void test_wildmatch__two_stars_span_directories(void **state)
{
    (void)state;
    CHECK(matches("**", "a/b/c"));
    CHECK(matches("**/c", "c"));
    CHECK(matches("**/c", "a/b/c"));
    CHECK(matches("a/**", "a/b/c"));
    CHECK(matches("a/**/c", "a/c"));
    CHECK(matches("a/**/c", "a/b/b/c"));
    CHECK(matches("a/**/b*/**/d", "a/x/bc/y/z/d"));
    CHECK(matches("**/*a/b", "x/ca/y/da/b"));
    CHECK(!matches("a/**/c", "b/c"));
    CHECK(!matches("**/c", "a/bc"));
    CHECK(!matches("**\\/c", "c"));
    CHECK(matches("**\\/c", "a/c"));
}

static void test_wildmatch__sets_have_ranges_classes_and_escapes(void **state)
{
    (void)state;
    CHECK(matches("[abc]", "b"));
    CHECK(matches("[a-c]x", "cx"));
    CHECK(matches("[!a-c]", "d"));
    CHECK(matches("[^a]", "b"));
    CHECK(matches("[]a]", "]"));
    CHECK(matches("[]-]", "-"));
    CHECK(matches("[\\]]", "]"));
    CHECK(matches("[[:digit:][:upper:]]", "Q"));
    CHECK(matches("[[:x]", ":"));
    CHECK(matches("[a-\\z]", "q"));
    CHECK(!matches("[!a-c]", "a"));
    CHECK(!matches("[^a]", "/"));
    CHECK(!matches("[a", "a"));
    CHECK(!matches("[[:nope:]]", "n"));
    CHECK(!matches("[[:digit:]", "1"));
}

static void test_wildmatch__a_backslash_takes_the_next_byte(void **state)
{
    (void)state;
    CHECK(matches("\\*", "*"));
    CHECK(matches("a\\?b", "a?b"));
    CHECK(!matches("\\*", "a"));
    CHECK(!matches("a\\", "a"));
    CHECK(!matches("a\\", "a\\"));
}

static void test_wildmatch__many_stars_take_no_time(void **state)
{
    char text[4001];

    (void)state;
    memset(text, 'a', 4000);
    text[4000] = '\0';
    CHECK(!matches("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", text));
    for (int i = 1; i < 4000; i += 2)
        text[i] = '/';
    CHECK(!matches("**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/b", text));
    CHECK(!matches("**/*a*/**/*a*/**/*a*/**/*a*/**/*a*/b", text));
}

static void test_wildmatch__literal_ends_before_the_first_mark(void **state)
{
    (void)state;
    CHECK_INT(ss_wildmatch_literal(ss_bytes_str("ab/c")), 4);
    CHECK_INT(ss_wildmatch_literal(ss_bytes_str("ab*c")), 2);
    CHECK_INT(ss_wildmatch_literal(ss_bytes_str("\\a")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_wildmatch__a_star_stays_in_its_component),
        TEST(test_wildmatch__two_stars_span_directories),
        TEST(test_wildmatch__sets_have_ranges_classes_and_escapes),
        TEST(test_wildmatch__a_backslash_takes_the_next_byte),
        TEST(test_wildmatch__many_stars_take_no_time),
        TEST(test_wildmatch__literal_ends_before_the_first_mark),
    };

    return RUN(tests);
}
