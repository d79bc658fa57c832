#include "check_case.h"

static void test_check_seed__bech32_in_both_cases(void **state)
{
    (void)state;
    check_sample("age-key",
                 "AGE-SECRET-|KEY-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS|"
                 "23V9CCRYDPK8QARC0SWRYDWG",
                 30, SS_CHECK_FAIL);
    check_sample("nostr-key",
                 "nse|c1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs|"
                 "23v9ccrydpk8qarc0s8zu3a4",
                 30, SS_CHECK_FAIL);
    CHECK_INT(verdict_of("age-key", "1"), SS_CHECK_UNSURE);
    CHECK_INT(verdict_of("age-key", ""), SS_CHECK_UNSURE);
}

static void test_check_seed__crc16_in_base32(void **state)
{
    (void)state;
    check_sample("nats-seed",
                 "SU|AAAAICAMCAKBQHBAEQUCYMBUHA6EARCIJRIFIW|"
                 "C4MBSGQ3DQOR4H776Y",
                 30, SS_CHECK_FAIL);
    check_sample("stellar-seed",
                 "SA|AACAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQX|"
                 "DAMRUGY4DUPB6NKI",
                 30, SS_CHECK_FAIL);
    CHECK_INT(verdict_of("nats-seed", "SU|AAAA"), SS_CHECK_UNSURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_check_seed__bech32_in_both_cases),
        TEST(test_check_seed__crc16_in_base32),
    };

    return RUN(tests);
}
