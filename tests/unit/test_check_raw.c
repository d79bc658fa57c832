#include "check_case.h"

static void test_check_raw__basic_auth(void **state)
{
    (void)state;
    CHECK_INT(check_prefixed("basic-auth", "", "ann:kx7Qp2mZ", "").is,
              SS_CHECK_PASS);
    CHECK_INT(check_prefixed("basic-auth", "", "ann:kx7Qp\xc3\xbcmZ", "").is,
              SS_CHECK_PASS);
    CHECK_INT(check_prefixed("basic-auth", "", "user:password", "").is,
              SS_CHECK_NEVER);
    CHECK_INT(check_prefixed("basic-auth", "", "no colon", "").is,
              SS_CHECK_NEVER);
    CHECK_INT(check_prefixed("basic-auth", "", "ann:", "").is, SS_CHECK_FAIL);
    CHECK_INT(check_prefixed("basic-auth", "", "ann:\x01\x02", "").is,
              SS_CHECK_FAIL);
    CHECK_INT(check_prefixed("docker-auth", "", "ann:\xff\xfe", "").is,
              SS_CHECK_FAIL);
}

static void test_check_raw__keys_of_a_length(void **state)
{
    const char *bytes32 = "0123456789abcdef0123456789abcdef";

    (void)state;
    CHECK_INT(check_prefixed("fernet", "", bytes32, "=").is, SS_CHECK_PASS);
    CHECK_INT(check_prefixed("fernet", "", "short", "").is, SS_CHECK_UNSURE);
    CHECK_INT(check_prefixed("laravel-key", "base64:", bytes32, "=").is,
              SS_CHECK_PASS);
    CHECK_INT(check_prefixed("laravel-key", "base64:", "short", "").is,
              SS_CHECK_UNSURE);
    CHECK_INT(verdict_of("wireguard", "QAECAwQFBgcICQoLDA0OD|"
                                      "xAREhMUFRYXGBkaGxwdHn8="),
              SS_CHECK_PASS);
    CHECK_INT(verdict_of("wireguard", "short"), SS_CHECK_UNSURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_check_raw__basic_auth),
        TEST(test_check_raw__keys_of_a_length),
    };

    return RUN(tests);
}
