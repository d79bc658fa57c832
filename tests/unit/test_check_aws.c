#include "check_case.h"

static void test_check_aws__id_tells_its_account(void **state)
{
    (void)state;
    check_reason("aws-key-id", "AK|IARZPUZDIKAAAAAAAA",
                 "of the AWS account 123456789012");
    CHECK_INT(verdict_of("aws-key-id", "AK|IARZPUZDIKAAAAAAAA"), SS_CHECK_PASS);
}

static void test_check_aws__old_id_has_no_account(void **state)
{
    (void)state;
    check_reason("aws-key-id", "AK|IAIZPUZDIKAAAAAAAA", "an id of before 2019");
}

static void test_check_aws__digits_outside_of_base32_fail(void **state)
{
    (void)state;
    CHECK_INT(verdict_of("aws-key-id", "AK|IARZPUZDIKAAAAAAA0"), SS_CHECK_FAIL);
    CHECK_INT(verdict_of("aws-key-id", "AK|IARZPUZDIKAAAAAAA"),
              SS_CHECK_UNSURE);
}

static void test_check_aws__bedrock_key_decodes_to_its_name(void **state)
{
    (void)state;
    /* BedrockAPIKey-ab-at-1:cd */
    CHECK_INT(verdict_of("bedrock-key", "ABS|KQmVkcm9ja0FQSUtleS1|"
                                        "hYi1hdC0xOmNk"),
              SS_CHECK_PASS);
    CHECK_INT(verdict_of("bedrock-key", "ABS|KQmVkcm9ja0ZZZZZZZ"),
              SS_CHECK_FAIL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_check_aws__id_tells_its_account),
        TEST(test_check_aws__old_id_has_no_account),
        TEST(test_check_aws__digits_outside_of_base32_fail),
        TEST(test_check_aws__bedrock_key_decodes_to_its_name),
    };

    return RUN(tests);
}
