#include "check_case.h"

static void test_check__unknown_name_is_null(void **state)
{
    (void)state;
    CHECK(!ss_check_find("no-such-check"));
    CHECK(ss_check_find("github-crc32"));
}

static void test_check__names_are_sorted(void **state)
{
    (void)state;
    for (size_t i = 1; ss_check_name(i); i++)
        CHECK(strcmp(ss_check_name(i - 1), ss_check_name(i)) < 0);
}

static void test_check__crc32_has_the_standard_check_value(void **state)
{
    (void)state;
    CHECK_INT(ss_crc32(ss_bytes_str("123456789")), 0xcbf43926u);
    CHECK_INT(ss_crc32(ss_bytes_str("")), 0);
}

static void test_check__base62_is_padded_on_the_left(void **state)
{
    char digits[7] = {0};

    (void)state;
    ss_base62(digits, 6, 0);
    CHECK_STR(digits, "000000");
    ss_base62(digits, 6, 61 + 62 * 10);
    CHECK_STR(digits, "0000Az");
    ss_base62(digits, 6, UINT32_MAX);
    CHECK_STR(digits, "4gfFC3");
}

/* Whatever a user's rule hands over: no check may read outside of it. */
static void test_check__every_check_takes_any_secret(void **state)
{
    static const char fill[] = "-_.:=%1tA";
    char text[100];

    (void)state;
    for (size_t n = 0; ss_check_name(n); n++) {
        for (size_t len = 0; len < sizeof(text); len++) {
            memset(text, fill[len % 9], sizeof(text));
            text[len] = '\0';
            CHECK(verdict_of(ss_check_name(n), text) != SS_CHECK_PASS ||
                  len > 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_check__unknown_name_is_null),
        TEST(test_check__names_are_sorted),
        TEST(test_check__crc32_has_the_standard_check_value),
        TEST(test_check__base62_is_padded_on_the_left),
        TEST(test_check__every_check_takes_any_secret),
    };

    return RUN(tests);
}
