/* Repeats without a bound: which one they get. */
#include "unit.h"

#include "rules/bound.h"
#include "rules/rule.h"
#include "rules/shape.h"

static ss_arena arena = SS_ARENA_INIT;

static const char *bounded(const char *pattern)
{
    const char *out = NULL;
    ss_shape shape;

    CHECK_OK(ss_bound_repeats(&out, pattern, &arena, NULL));
    CHECK_OK(ss_shape_of(&shape, out, 0, &arena, NULL));
    CHECK(shape.max_width <= SS_MAX_WIDTH);
    return out;
}

static void test_bound__what_has_a_bound_is_left_alone(void **state)
{
    static const char pattern[] = "ab{2,3}(?:c|d{0,9}){4}";

    (void)state;
    CHECK(bounded(pattern) == pattern);
}

static void test_bound__one_repeat_has_nearly_all(void **state)
{
    (void)state;
    CHECK_STR(bounded("key=\\w+"), "key=\\w{1,65276}");
    CHECK_STR(bounded("key=\\w*?;"), "key=\\w{0,65275}?;");
    CHECK_STR(bounded("key=\\w{8,}+"), "key=\\w{8,65276}+");
}

static void test_bound__several_share(void **state)
{
    (void)state;
    CHECK_STR(bounded("a.*b.+"), "a.{0,32639}b.{1,32639}");
    CHECK_STR(bounded("a(?:.*|\\d+)"), "a(?:.{0,65279}|\\d{1,65279})");
}

static void test_bound__the_front_has_little(void **state)
{
    (void)state;
    CHECK_STR(bounded("\\w*key"), "\\w{0,256}key");
    CHECK_STR(bounded("\\s*\\w*key"), "\\s{0,128}\\w{0,128}key");
    CHECK_STR(bounded("(?:\\w*key|[ab]*x)"), "(?:\\w{0,256}key|[ab]{0,256}x)");
}

static void test_bound__groups_repeat_less(void **state)
{
    (void)state;
    /* PCRE2 writes them out. */
    CHECK_STR(bounded("a(?:[0-9a-f]{64}\\n)+"), "a(?:[0-9a-f]{64}\\n){1,157}");
    CHECK_STR(bounded("a(?:\\w+,)*"), "a(?:\\w{1,2038},){0,32}");
    CHECK_STR(bounded("a(?:\\w+,){3}"), "a(?:\\w{1,21758},){3}");
}

static void test_bound__quantifiers_that_are_none_are_left(void **state)
{
    (void)state;
    CHECK_STR(bounded("a[*+]\\+b+"), "a[*+]\\+b{1,65277}");
    CHECK_STR(bounded("a\\Q*+\\Eb+"), "a\\Q*+\\Eb{1,65277}");
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
        TEST(test_bound__what_has_a_bound_is_left_alone),
        TEST(test_bound__one_repeat_has_nearly_all),
        TEST(test_bound__several_share),
        TEST(test_bound__the_front_has_little),
        TEST(test_bound__groups_repeat_less),
        TEST(test_bound__quantifiers_that_are_none_are_left),
    };

    return cmocka_run_group_tests(tests, NULL, release);
}
