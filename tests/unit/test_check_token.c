#include "check_case.h"

static void test_check_token__decoding_ones(void **state)
{
    (void)state;
    CHECK_INT(
        check_prefixed("discord-bot", "", "123456789012345678", ".abcdef.xyz")
            .is,
        SS_CHECK_PASS);
    CHECK_INT(
        check_prefixed("discord-bot", "", "some other text here", ".abcdef.xyz")
            .is,
        SS_CHECK_FAIL);
    CHECK_INT(check_prefixed("jfrog-reference", "",
                             "reftkn:01:0000000000:abcdefghijklmnopqrstuvwx",
                             "")
                  .is,
              SS_CHECK_PASS);
    CHECK_INT(check_prefixed("jfrog-reference", "", "reftkn:x", "").is,
              SS_CHECK_FAIL);
    CHECK_INT(check_prefixed("atlassian-dc", "",
                             "123456789012:abcdefghijklmnopqrst", "")
                  .is,
              SS_CHECK_PASS);
    CHECK_INT(check_prefixed("atlassian-dc", "", "abc:defghi", "").is,
              SS_CHECK_FAIL);
}

static void test_check_token__pypi_and_nuget(void **state)
{
    (void)state;
    check_sample("pypi-macaroon",
                 "py|pi-AgEIcHlwaS5vcmcCJDAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAw|"
                 "MDAwMDAwMDAwMAACJXsidmVyc2lvbiI6IDEsICJwZXJtaXNzaW9ucyI6ICJ1|"
                 "c2VyIn0AAAYgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                 8, SS_CHECK_FAIL);
    check_sample("nuget-key",
                 "oy2a|caqdaqcqmbyibefaaaaqe|ayeaudaocajbifqydiob4", 19,
                 SS_CHECK_FAIL);
}

static void test_check_token__marks(void **state)
{
    (void)state;
    CHECK_INT(verdict_of("openai", "s|k-abcdefghijklmnopqrstT3Bl|bkFJabcdef"),
              SS_CHECK_PASS);
    CHECK_INT(verdict_of("openai", "s|k-abcdefghijklmnopqrst"),
              SS_CHECK_UNSURE);
    CHECK_INT(verdict_of("groq", "gs|k_abcdefghijklmnopqrstWGdy|b3FYabcdef"),
              SS_CHECK_PASS);
    CHECK_INT(verdict_of("anthropic", "s|k-ant-api03-abcdefghijklAA"),
              SS_CHECK_PASS);
    CHECK_INT(verdict_of("anthropic", "s|k-ant-api03-abcdefghijklmn"),
              SS_CHECK_UNSURE);
    CHECK_INT(verdict_of("telegram-bot",
                         "123456789|:AAabcdefghijklmnopqrstuvwxyz0123456"),
              SS_CHECK_PASS);
    CHECK_INT(verdict_of("telegram-bot",
                         "123456789|:ZZabcdefghijklmnopqrstuvwxyz0123456"),
              SS_CHECK_UNSURE);
    CHECK_INT(verdict_of("vault-token", "hv|s.CAESIabcdefghijkl"),
              SS_CHECK_PASS);
}

/* The samples are of no key: made with a body that says so. */
static void test_check_token__supabase_hosted_by_oneself(void **state)
{
    (void)state;
    check_sample("supabase", "sb_sec|ret_SyntheticExampleNotRea_H6zgGBOU", 12,
                 SS_CHECK_UNSURE);
    CHECK_INT(
        verdict_of("supabase", "sb_sec|ret_SyntheticExampleNotRea_okwY2E8H"),
        SS_CHECK_UNSURE);
}

static void test_check_token__uuid_has_version_and_variant(void **state)
{
    (void)state;
    check_reason("uuid", "0f8e1c5a-93b7-4d26-|8a41-6b2de07c95f3",
                 "a UUID, version 4: random");
    check_reason("uuid", "0f8e1c5a-93b7-1d26-|ba41-6b2de07c95f3",
                 "a UUID, version 1");
    CHECK_INT(verdict_of("uuid", "0f8e1c5a-93b7-4d26-|8a41-6b2de07c95f3"),
              SS_CHECK_UNSURE);
    CHECK_INT(verdict_of("uuid", "0f8e1c5a-93b7-9d26-|8a41-6b2de07c95f3"),
              SS_CHECK_FAIL);
    CHECK_INT(verdict_of("uuid", "0f8e1c5a-93b7-4d26-|ca41-6b2de07c95f3"),
              SS_CHECK_FAIL);
    CHECK_INT(verdict_of("uuid", "0f8e1c5a93b79d26ca416b2d|e07c95f3"),
              SS_CHECK_UNSURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_check_token__decoding_ones),
        TEST(test_check_token__pypi_and_nuget),
        TEST(test_check_token__marks),
        TEST(test_check_token__supabase_hosted_by_oneself),
        TEST(test_check_token__uuid_has_version_and_variant),
    };

    return RUN(tests);
}
