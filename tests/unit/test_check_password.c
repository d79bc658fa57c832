#include "check_case.h"

#define LONG_ENOUGH "k5vq2m9x|w7rt3b8np4dz" /* 20 */

static ss_check_result check_length(const char *setting, unsigned least)
{
    sample s = join_bars(setting);
    const ss_bytes bytes = {s.bytes, s.len};
    ss_check_result result = {.min_password_len = least};

    ss_check_find("password-length")(bytes, bytes, &result);
    return result;
}

static void test_check_password__short_is_weak(void **state)
{
    (void)state;
    CHECK_INT(check_length("DB_PASSW|ORD=kvartz91", 20).is, SS_CHECK_WEAK);
    CHECK_STR(check_length("DB_PASSW|ORD=kvartz91", 20).reason,
              "8 characters; 20 are asked for");
    CHECK_STR(check_length("DB_PASSW|ORD: \"k=v:t\\ 9", 20).reason,
              "8 characters; 20 are asked for");
    CHECK_STR(check_length("amqp://jobs:kva|rtz91@", 20).reason,
              "8 characters; 20 are asked for");
    CHECK_STR(check_length("redis://:kva|rtz@", 20).reason,
              "6 characters; 20 are asked for");
}

static void test_check_password__long_enough_is_none(void **state)
{
    (void)state;
    CHECK_INT(check_length("PGPASSW|ORD=" LONG_ENOUGH, 20).is, SS_CHECK_NEVER);
    CHECK_INT(check_length("PGPASSW|ORD=" LONG_ENOUGH, 21).is, SS_CHECK_WEAK);
    CHECK_INT(check_length("amqp://j:" LONG_ENOUGH "@", 20).is, SS_CHECK_NEVER);
}

static void test_check_password__none_is_short_when_nobody_asks(void **state)
{
    (void)state;
    CHECK_INT(check_length("DB_PASSW|ORD=kvartz91", 0).is, SS_CHECK_NEVER);
}

static void test_check_password__placeholder_is_none(void **state)
{
    (void)state;
    CHECK_INT(check_length("DB_PASSW|ORD=your-password", 20).is,
              SS_CHECK_NEVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_check_password__short_is_weak),
        TEST(test_check_password__long_enough_is_none),
        TEST(test_check_password__none_is_short_when_nobody_asks),
        TEST(test_check_password__placeholder_is_none),
    };

    return RUN(tests);
}
