#include "unit.h"

#include "scan/filter.h"

static int is_near(double a, double b)
{
    return a - b < 1e-9 && b - a < 1e-9;
}

static void test_entropy__of_nothing_and_of_one_letter_is_zero(void **state)
{
    (void)state;
    CHECK(is_near(ss_entropy(ss_bytes_str("")), 0));
    CHECK(is_near(ss_entropy(ss_bytes_str("aaaaaaa")), 0));
}

static void test_entropy__of_equal_shares_is_their_logarithm(void **state)
{
    (void)state;
    CHECK(is_near(ss_entropy(ss_bytes_str("abab")), 1));
    CHECK(is_near(ss_entropy(ss_bytes_str("0123456789abcdef")), 4));
}

static void test_entropy__of_unequal_shares(void **state)
{
    (void)state;
    CHECK(is_near(ss_entropy(ss_bytes_str("aabc")), 1.5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_entropy__of_nothing_and_of_one_letter_is_zero),
        TEST(test_entropy__of_equal_shares_is_their_logarithm),
        TEST(test_entropy__of_unequal_shares),
    };

    return RUN(tests);
}
