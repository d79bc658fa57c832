#include "unit.h"

#include "rules/rule.h"
#include "rules/shape.h"

static ss_arena arena = SS_ARENA_INIT;

static ss_shape shape(const char *pattern, uint32_t group)
{
    ss_shape out;

    memset(&out, 0, sizeof(out));
    CHECK_OK(ss_shape_of(&out, pattern, group, &arena, NULL));
    return out;
}

static uint32_t refused_at(const char *pattern)
{
    ss_shape out;
    secscan_error err;

    CHECK_INT(ss_shape_of(&out, pattern, 0, &arena, &err), SECSCAN_ERR_RULE);
    return err.column;
}

static void check_width(const char *pattern, uint32_t min, uint32_t max)
{
    ss_shape s = shape(pattern, 0);

    CHECK_INT(s.min_width, min);
    CHECK_INT(s.max_width, max);
}

static void check_reach(const char *pattern, uint32_t before, uint32_t after)
{
    ss_shape s = shape(pattern, 0);

    CHECK_INT(s.before, before);
    CHECK_INT(s.after, after);
}

static void check_prefilter(const char *pattern, const char *expected)
{
    const char *text = shape(pattern, 0).prefilter;

    CHECK_STR(text ? text : "(none)", expected);
}

static void test_shape__widths(void **state)
{
    (void)state;
    check_width("abc", 3, 3);
    check_width("a|bcd|", 0, 3);
    check_width("a{2,5}b?c*?", 2, SS_WIDTH_UNBOUNDED);
    check_width("(?:ab){3}+", 6, 6);
    check_width("[]a-]{2}[^]]", 3, 3);
    check_width("\\x41\\x{42}\\103\\n\\.\\d\\h", 7, 7);
    check_width("\\Qa.b\\E{2}", 4, 4);
    check_width("(?x) a b # c\n [ ] ", 3, 3);
    check_width("a{,", 3, 3);
    check_width("(?<n>ab|c)\\k<n>(?P=n)\\1\\g{-1}", 5, 10);
    check_width("(?=foo)(?!bar)(?<=x)(?<!y)^\\bz$", 1, 1);
    check_width("a{2}{3}", 6, 6);
    check_width("\\R", 1, 2);
}

static void test_shape__groups_are_counted(void **state)
{
    (void)state;
    CHECK_INT(shape("(a)(?:b)(?<c>c)(?'d'd)(?P<e>e)(?i:f)", 0).n_groups, 4);
}

static void test_shape__unbounded_repeat_is_named(void **state)
{
    (void)state;
    CHECK_INT(shape("abc[x]{2}d+", 0).unbounded_at, 10);
    CHECK_INT(shape("ab(c*d{3,})", 0).unbounded_at, 4);
}

static void test_shape__reach(void **state)
{
    (void)state;
    check_reach("abc", 0, 0);
    check_reach("\\babc\\b", 1, 1);
    check_reach("a\\bbc", 0, 0);
    check_reach("(?<![A-Za-z]{3})a(?!bcd)", 3, 3);
    check_reach("a(?=bcd)bc", 0, 1);
    check_reach("ab(?<=xyzab)", 3, 0);
    check_reach("^a$", 1, 2);
    check_reach("a(?=.*b)", 0, SS_WIDTH_UNBOUNDED);
    check_reach("a(?=b(?<!cdb))", 1, 1);
}

static void test_shape__public_prefix(void **state)
{
    (void)state;
    CHECK_INT(shape("ghp_[A-Za-z0-9]{36}", 0).public_prefix, 4);
    CHECK_INT(shape("xox[bpars]-[0-9]{10}", 0).public_prefix, 5);
    CHECK_INT(shape("sk_(?:live|test)_\\w{24}", 0).public_prefix, 8);
    CHECK_INT(shape("(?:AKIA|ASIA|A3T)[A-Z2-7]{16}", 0).public_prefix, 3);
    CHECK_INT(shape("key=([a-f0-9]{32})", 0).public_prefix, 0);
    CHECK_INT(shape("key=(\\w+):(tok-\\d+)", 2).public_prefix, 4);
    CHECK_INT(shape("(?<!a)npm_\\w{36}\\b", 0).public_prefix, 4);
}

static void test_shape__prefilter_is_cut_and_trimmed(void **state)
{
    (void)state;
    check_prefilter("sk_live_[A-Za-z0-9]{24,99}\\b", "sk_live_[0-9A-Za-z]{24}");
    check_prefilter("(?<![a-z])(ab(c|d)e*)(?!x)", "ab(?:c|d)");
    check_prefilter("(?i)\\bkey_[a-f]{8,}", "(?i)key_[a-f]{8}");
    check_prefilter("a(?i)b", "a[Bb]");
    check_prefilter("(?i:ab)9", "(?i)ab9");
    check_prefilter("[\\w.-]{0,50}?foo[ \\t]{0,3}=x{1,3}",
                    "foo[\\x09\\x20]{0,8}\\=x");
    check_prefilter("foo[ \\t]{1,4}bar[ \\t]?x{0,3}y",
                    "foo[\\x09\\x20]{1,8}bar[\\x09\\x20]?x{0,3}y");
    check_prefilter("(?:ddp_|ddo_)[0-9]{36}", "(?:ddp_|ddo_)[0-9]{24}");
    check_prefilter("[0-9a-f]{36}NRAL", "[0-9a-f]{36}NRAL");
    check_prefilter("foo.bar", "foo[^\\x0a]bar");
    check_prefilter("(?s)a(?-s).[^\\n]b", "a[^\\x0a][^\\x0a]b");
    check_prefilter("ab*+(?>c|d)e", "a");
    check_prefilter("a.*b", "a");
    check_prefilter("x{2}(ab)\\1y", "x{2}ab[\\x00-\\xff]{2}y");
}

static void
test_shape__prefilter_keeps_the_dropped_front_in_its_width(void **state)
{
    ss_shape s = shape("[a-z]{0,50}foo=[a-z]{8,16}", 0);

    (void)state;
    CHECK_STR(s.prefilter, "foo\\=[a-z]{8}");
    CHECK_INT(s.prefilter_min, 12);
    CHECK_INT(s.prefilter_max, 62);
}

static void test_shape__prefilter_is_at_most_512_wide(void **state)
{
    ss_shape s = shape("begin[a-z]{500}ending[.]", 0);

    (void)state;
    CHECK_STR(s.prefilter, "begin[a-z]{500}ending\\.");
    CHECK_INT(s.prefilter_max, 512);
    s = shape("begin[a-z]{501}ending[.]", 0);
    CHECK_STR(s.prefilter, "begin[a-z]{501}ending");
    s = shape("begin[a-z]{600}end", 0);
    CHECK_STR(s.prefilter, "begin[a-z]{24}");
    s = shape("begin(?:x[a-z]{0,600}|yy)end", 0);
    CHECK_STR(s.prefilter, "begin(?:x|yy)");
}

static void test_shape__nothing_fixed_gives_no_prefilter(void **state)
{
    (void)state;
    CHECK(shape(".*foo", 0).prefilter == NULL);
    CHECK(shape("a?b?", 0).prefilter == NULL);
    CHECK(shape("(?=a)", 0).prefilter == NULL);
}

static void test_shape__what_it_cannot_read_is_an_error(void **state)
{
    (void)state;
    CHECK_INT(refused_at("ab(?R)"), 5);
    CHECK_INT(refused_at("ab(?1)"), 5);
    CHECK_INT(refused_at("(*UTF)a"), 1);
    CHECK_INT(refused_at("a\\Kb"), 2);
    CHECK_INT(refused_at("a(b"), 2);
    CHECK_INT(refused_at("ab)"), 3);
    CHECK_INT(refused_at("[a"), 1);
    CHECK_INT(refused_at("a{,3}"), 2);
    CHECK_INT(refused_at("\\"), 2);
    CHECK_INT(refused_at("*a"), 1);
    CHECK_INT(refused_at("[z-a]"), 2);
    CHECK_INT(refused_at("\\x{100}"), 6);
}

static void test_shape__deep_nesting_is_an_error(void **state)
{
    char pattern[2001];

    (void)state;
    memset(pattern, '(', 2000);
    pattern[2000] = '\0';
    (void)refused_at(pattern);
}

static void test_shape__out_of_memory_says_so(void **state)
{
    ss_shape out;

    (void)state;
    for (unsigned long n = 1; n < 4; n++) {
        ss_arena own = SS_ARENA_INIT;
        int rc;

        ss_alloc_fail_at(n);
        rc = ss_shape_of(&out, "(?i)ab(c|d){2,300}e+", 0, &own, NULL);
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
        TEST(test_shape__widths),
        TEST(test_shape__groups_are_counted),
        TEST(test_shape__unbounded_repeat_is_named),
        TEST(test_shape__reach),
        TEST(test_shape__public_prefix),
        TEST(test_shape__prefilter_is_cut_and_trimmed),
        TEST(test_shape__prefilter_keeps_the_dropped_front_in_its_width),
        TEST(test_shape__prefilter_is_at_most_512_wide),
        TEST(test_shape__nothing_fixed_gives_no_prefilter),
        TEST(test_shape__what_it_cannot_read_is_an_error),
        TEST(test_shape__deep_nesting_is_an_error),
        TEST(test_shape__out_of_memory_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, release);
}
