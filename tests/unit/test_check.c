#include "check_case.h"

static void test_check__unknown_name_is_null(void **state)
{
    (void)state;
    CHECK(!ss_check_find("no-such-check"));
    CHECK(ss_check_find("github-crc32"));
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
    static const char *const names[] = {
        "age-key",
        "anthropic",
        "atlassian-crc32",
        "atlassian-dc",
        "aws-key-id",
        "azure-cask",
        "azure-devops-pat",
        "azure-identifiable",
        "basic-auth",
        "bedrock-key",
        "cloudflare-crc32",
        "confluent-crc32",
        "discord-bot",
        "docker-auth",
        "entra-secret",
        "fernet",
        "github-crc32",
        "gitlab-routable",
        "grafana-cloud",
        "grafana-crc32",
        "groq",
        "jfrog-reference",
        "jwt",
        "jwt-secret-length",
        "laravel-key",
        "mapbox-token",
        "nats-seed",
        "nostr-key",
        "npm-crc32",
        "nuget-key",
        "openai",
        "polar-crc32",
        "private-key",
        "pypi-macaroon",
        "sentry-org-token",
        "stellar-seed",
        "telegram-bot",
        "vault-token",
        "vercel-crc32",
        "wireguard",
        "zuplo-crc32",
    };
    static const char fill[] = "-_.:=%1tA";
    char text[100];

    (void)state;
    for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
        for (size_t len = 0; len < sizeof(text); len++) {
            memset(text, fill[len % 9], sizeof(text));
            text[len] = '\0';
            CHECK(verdict_of(names[n], text) != SS_CHECK_PASS || len > 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_check__unknown_name_is_null),
        TEST(test_check__crc32_has_the_standard_check_value),
        TEST(test_check__base62_is_padded_on_the_left),
        TEST(test_check__every_check_takes_any_secret),
    };

    return RUN(tests);
}
