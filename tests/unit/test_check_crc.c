#include "check_case.h"

#define FORTY "SyntheticExampleNotARealTokenSyntheticEx"
#define FIFTY "SyntheticExampleNotARealTokenSyntheticExampleNotAR"

static void test_check_crc__github(void **state)
{
    (void)state;
    check_sample("github-crc32", "gh|p_SyntheticExampleNotARealToken0|1Fh4F3",
                 8, SS_CHECK_FAIL);
    check_sample("github-crc32", "gh|s_SyntheticPaddingExample0000001|0J12q6",
                 8, SS_CHECK_FAIL);
}

static void test_check_crc__github_forms_without_a_checksum(void **state)
{
    (void)state;
    CHECK_INT(verdict_of("github-crc32", "gh|r_SyntheticExampleNotARealToken0|"
                                         "111111"),
              SS_CHECK_UNSURE);
    CHECK_INT(verdict_of("github-crc32", "gh|s_12345_eyJ.eyJ.abc"),
              SS_CHECK_UNSURE);
}

static void test_check_crc__npm_vercel_polar(void **state)
{
    (void)state;
    check_sample("npm-crc32", "npm|_SyntheticExampleNotARealToken0|1Fh4F3", 8,
                 SS_CHECK_FAIL);
    check_sample("vercel-crc32", "vcp|_" FIFTY "|270HFZ", 8, SS_CHECK_UNSURE);
    check_sample("polar-crc32",
                 "polar|_oat_SyntheticExampleNotARealTokenSyntheti|4dcTBu", 14,
                 SS_CHECK_FAIL);
}

#define PAYLOAD "AAECAwQFBgcICQoLDA0OD2M6MQpvOjEKdToycww"

static void test_check_crc__gitlab(void **state)
{
    (void)state;
    check_sample("gitlab-routable", "gl|pat-" PAYLOAD "|.01.131e6f48t", 10,
                 SS_CHECK_FAIL);
    check_sample("gitlab-routable", "gl|pat-" PAYLOAD "|.131tj75wh", 10,
                 SS_CHECK_FAIL);
}

static void test_check_crc__gitlab_forms_without_a_known_checksum(void **state)
{
    (void)state;
    CHECK_INT(verdict_of("gitlab-routable", "gl|pat-abcdefghijklmnopqrst"),
              SS_CHECK_UNSURE);
    CHECK_INT(verdict_of("gitlab-routable", "gl.|abcdefghijklmnopqrstuvwx-"),
              SS_CHECK_FAIL);
    CHECK_INT(
        verdict_of("gitlab-routable", "gl|rt-t1_" PAYLOAD "|.01.131e6f48t"),
        SS_CHECK_UNSURE);
}

static void test_check_crc__hex_tails(void **state)
{
    (void)state;
    check_sample("grafana-crc32",
                 "gl|sa_SyntheticExampleNotARealToken000|_43460004", 9,
                 SS_CHECK_FAIL);
    check_sample("cloudflare-crc32", "cf|ut_" FORTY "|405ff972", 9,
                 SS_CHECK_FAIL);
    check_sample("zuplo-crc32",
                 "zp|ka_0123456789abcdef0123456789abcdef|_7759b50e", 9,
                 SS_CHECK_FAIL);
}

static void test_check_crc__confluent(void **state)
{
    (void)state;
    check_sample("confluent-crc32", "cf|lt" FIFTY "ealT|PtOZrw", 9,
                 SS_CHECK_FAIL);
}

#define WORDS "SyntheticExampleNotARealToken"

static void test_check_crc__atlassian(void **state)
{
    (void)state;
    check_sample("atlassian-crc32", "AT|BBSyntheticExampleNotARea0|246C08DF", 9,
                 SS_CHECK_FAIL);
    check_sample("atlassian-crc32",
                 "AT|ATT3xFfGF0" WORDS WORDS WORDS WORDS WORDS WORDS
                 "|=E2BF1141",
                 20, SS_CHECK_FAIL);
    check_sample("atlassian-crc32",
                 "AT|ATT3xFfGF0" WORDS WORDS WORDS WORDS WORDS WORDS
                 "|%3DE2BF1141",
                 20, SS_CHECK_FAIL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_check_crc__github),
        TEST(test_check_crc__github_forms_without_a_checksum),
        TEST(test_check_crc__npm_vercel_polar),
        TEST(test_check_crc__gitlab),
        TEST(test_check_crc__gitlab_forms_without_a_known_checksum),
        TEST(test_check_crc__hex_tails),
        TEST(test_check_crc__confluent),
        TEST(test_check_crc__atlassian),
    };

    return RUN(tests);
}
