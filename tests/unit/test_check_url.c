#include "check_case.h"

#define SIGNED "signed-url"

static void test_check_url__says_until_when(void **state)
{
    (void)state;
    check_reason(SIGNED,
                 "X-Amz-Date=20991231T233000Z&X-Amz-Expires=3600&X-Amz-"
                 "Signature=|00",
                 "signed until 2100-01-01");
    check_reason(SIGNED,
                 "X-Goog-Date=20991231T000000Z&X-Goog-Expires=60&X-Goog-"
                 "Signature=|00",
                 "signed until 2099-12-31");
    check_reason(SIGNED, "se=2099-01-01T00%3A00%3A00Z&sig=|00",
                 "signed until 2099-01-01");
    check_reason(SIGNED, "AWSAccessKeyId=x&Expires=4102444800&Signature=|00",
                 "signed until 2100-01-01");
}

static void test_check_url__one_that_ended_is_over(void **state)
{
    (void)state;
    CHECK_INT(verdict_of(SIGNED, "X-Amz-Date=20200101T000000Z&X-Amz-Expires="
                                 "3600&X-Amz-Signature=|00"),
              SS_CHECK_OVER);
    check_reason(SIGNED, "se=2020-01-01&sig=|00", "expired 2020-01-01");
    CHECK_INT(verdict_of(SIGNED, "a=b&Expires=1577836800&Signature=|00"),
              SS_CHECK_OVER);
}

static void test_check_url__without_a_date_nothing_is_said(void **state)
{
    (void)state;
    check_reason(SIGNED, "X-Amz-Signature=|00", "");
    CHECK_INT(verdict_of(SIGNED, "X-Amz-Date=20200101T000000Z&x=|00"),
              SS_CHECK_UNSURE);
    CHECK_INT(verdict_of(SIGNED, "X-Amz-Date=2020&X-Amz-Expires=1&x=|00"),
              SS_CHECK_UNSURE);
    CHECK_INT(verdict_of(SIGNED, "a=b&Expires=99999999999999999999&x=|0"),
              SS_CHECK_UNSURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_check_url__says_until_when),
        TEST(test_check_url__one_that_ended_is_over),
        TEST(test_check_url__without_a_date_nothing_is_said),
    };

    return RUN(tests);
}
