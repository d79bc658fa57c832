#include "check_case.h"

#define SALT22 "N9qo8uLOic|kgx2ZMRZoMye"
#define HASH31 "IjZAgcfl7p9|2ldGxad68LJZdL17lhWy"

static void test_check_hash__bcrypt_says_its_cost(void **state)
{
    (void)state;
    CHECK_INT(verdict_of("password-hash", "$2y$|10$" SALT22 HASH31),
              SS_CHECK_PASS);
    check_reason("password-hash", "$2b$|12$" SALT22 HASH31,
                 "a bcrypt hash, cost 12");
    check_reason("password-hash", "$$2b$$|12$$" SALT22 HASH31,
                 "a bcrypt hash, cost 12");
}

static void test_check_hash__spare_bits_of_bcrypt_are_doubtful(void **state)
{
    (void)state;
    CHECK_INT(
        verdict_of("password-hash", "$2y$|10$N9qo8uLOic|kgx2ZMRZoMyf" HASH31),
        SS_CHECK_UNSURE);
    CHECK_INT(verdict_of("password-hash",
                         "$2y$|10$" SALT22 "IjZAgcfl7p9|2ldGxad68LJZdL17lhWz"),
              SS_CHECK_UNSURE);
    CHECK_INT(verdict_of("password-hash", "$2y$|10$short"), SS_CHECK_UNSURE);
    CHECK_INT(verdict_of("password-hash", "$2"), SS_CHECK_UNSURE);
}

static void test_check_hash__names_the_others(void **state)
{
    (void)state;
    check_reason("password-hash", "$apr1$|H6uskkkW$",
                 "an Apache MD5 hash: fast to search");
    check_reason("password-hash", "$6$|saltsalt$", "a SHA-512-crypt hash");
    check_reason("password-hash", "$y$|j9T$",
                 "a yescrypt hash: slow to "
                 "search");
    CHECK_INT(verdict_of("password-hash", "plain"), SS_CHECK_UNSURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_check_hash__bcrypt_says_its_cost),
        TEST(test_check_hash__spare_bits_of_bcrypt_are_doubtful),
        TEST(test_check_hash__names_the_others),
    };

    return RUN(tests);
}
