/* Does every match of a pattern hold a keyword? */
#include "unit.h"

#include "rules/keyword.h"

static ss_arena arena = SS_ARENA_INIT;

static int is_sure(const char *pattern, const char *keyword)
{
    return ss_keyword_is_sure(pattern, &keyword, 1, &arena, NULL);
}

static void test_keyword__is_spelled_by_the_pattern(void **state)
{
    (void)state;
    CHECK(is_sure("[a-z]+_adafruit=", "adafruit"));
    CHECK(is_sure("(?i)ADAfruit", "adafruit"));
    CHECK(is_sure("ab(?:cd)(e)f", "bcdef"));
    CHECK(is_sure("(?:xab|yab)", "ab"));
    CHECK(is_sure("(?:ab)+", "ab"));
    CHECK(is_sure("a\\bb", "ab"));
}

static void test_keyword__may_be_missing(void **state)
{
    (void)state;
    CHECK(!is_sure("[a-f0-9]{32}", "aws"));
    CHECK(!is_sure("(?:aws)?x", "aws"));
    CHECK(!is_sure("(?:aws|gcp)x", "aws"));
    CHECK(!is_sure("a[vw]s", "aws"));
    CHECK(!is_sure("(?=aws)[a-z]{3}", "aws"));
}

static void test_keyword__any_of_several_will_do(void **state)
{
    static const char *const keywords[] = {"aws", "gcp"};

    (void)state;
    CHECK(ss_keyword_is_sure("(?:aws|gcp)x", keywords, 2, &arena, NULL));
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
        TEST(test_keyword__is_spelled_by_the_pattern),
        TEST(test_keyword__may_be_missing),
        TEST(test_keyword__any_of_several_will_do),
    };

    return cmocka_run_group_tests(tests, NULL, release);
}
