#include "unit.h"

static void test_bytes__compare_orders_like_memcmp_then_length(void **state)
{
    (void)state;
    CHECK(ss_bytes_compare(ss_bytes_str("a"), ss_bytes_str("b")) < 0);
    CHECK(ss_bytes_compare(ss_bytes_str("a"), ss_bytes_str("aa")) < 0);
    CHECK(ss_bytes_compare(ss_bytes_str("\xff"), ss_bytes_str("a")) > 0);
    CHECK_INT(ss_bytes_compare(ss_bytes_str("x"), ss_bytes_str("x")), 0);
}

static void test_bytes__find_ignores_ascii_case_only(void **state)
{
    (void)state;
    CHECK_INT(ss_bytes_find_nocase(ss_bytes_str("xxPassWord"),
                                   ss_bytes_str("password")), 2);
    CHECK(ss_bytes_find_nocase(ss_bytes_str("pass"),
                               ss_bytes_str("password")) == SIZE_MAX);
    CHECK(ss_bytes_find_nocase(ss_bytes_str("\xc1"),
                               ss_bytes_str("\xe1")) == SIZE_MAX);
}

static void test_bytes__starts_needs_the_whole_prefix(void **state)
{
    (void)state;
    CHECK(ss_bytes_starts(ss_bytes_str("abc"), "ab"));
    CHECK(!ss_bytes_starts(ss_bytes_str("a"), "ab"));
    CHECK(ss_bytes_starts_nocase(ss_bytes_str("ABc"), "ab"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_bytes__compare_orders_like_memcmp_then_length),
        TEST(test_bytes__find_ignores_ascii_case_only),
        TEST(test_bytes__starts_needs_the_whole_prefix),
    };

    return RUN(tests);
}
