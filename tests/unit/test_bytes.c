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

static void test_bytes__lines_end_with_a_newline_or_the_text(void **state)
{
    ss_bytes in = ss_bytes_str("a\n\nb"), line;

    (void)state;
    CHECK(ss_bytes_line(&line, &in));
    CHECK_BYTES(line, "a");
    CHECK(ss_bytes_line(&line, &in));
    CHECK_INT(line.len, 0);
    CHECK(ss_bytes_line(&line, &in));
    CHECK_BYTES(line, "b");
    CHECK(!ss_bytes_line(&line, &in));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_bytes__compare_orders_like_memcmp_then_length),
        TEST(test_bytes__find_ignores_ascii_case_only),
        TEST(test_bytes__starts_needs_the_whole_prefix),
        TEST(test_bytes__lines_end_with_a_newline_or_the_text),
    };

    return RUN(tests);
}
