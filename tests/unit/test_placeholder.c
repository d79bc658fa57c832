#include "unit.h"

#include "scan/filter.h"

static void check_all(const char *const *values, size_t n, int expected)
{
    for (size_t i = 0; i < n; i++) {
        if (ss_is_placeholder(ss_bytes_str(values[i])) != expected)
            fail_msg("%s: not as expected", values[i]);
    }
}

#define ARE(...)                                                               \
    do {                                                                       \
        static const char *const values[] = {__VA_ARGS__};                     \
        check_all(values, sizeof(values) / sizeof(values[0]), 1);              \
    } while (0)
#define ARE_NOT(...)                                                           \
    do {                                                                       \
        static const char *const values[] = {__VA_ARGS__};                     \
        check_all(values, sizeof(values) / sizeof(values[0]), 0);              \
    } while (0)

static void test_placeholder__templates(void **state)
{
    (void)state;
    ARE("<your-key>", "<token>", "ghp_<token>", "${VAR}", "pre-${VAR}-post",
        "$VAR", "$1", "$env:TOKEN", "$config['x']", "$this->pass", "$(cmd x)",
        "{{ var }}", "{{var}}", "{%x%}", "%(var)s", "%s", "%s:%s", "#{var}",
        "{name}", "{name:8}", "x{name}y", "x_{hex:32}", "{0}", "{}", "%VAR%",
        "@VAR@", "__VAR__", "<%= x %>", "@Value(\"${x}\")", "[REDACTED]",
        "[your key]", "$[x.y]", "((name))", "?");
    ARE_NOT("$2a$10$kx7Qp2mZ", "a{b", "p%40ss%d0%d1%d2x9", "x<y>>9q", "a$b9Qx",
            "kx7[Qp2]mZ");
}

static void test_placeholder__masks(void **state)
{
    (void)state;
    ARE("xxxx", "XXXXXXXXXX", "xxxx-xxxx-xxxx", "****", "ab****", "...",
        "abc...xyz", "sk_live_xxxx", "ghp_xxxxxxxxxxxxxxxxxxxx", "-----",
        "\xe2\x80\xa2\xe2\x80\xa2", "ab\xe2\x80\xa6", "_____", "0000-0000", "");
    ARE_NOT("xx9Qkx7m", "ax.x.x9Qp2");
}

static void test_placeholder__runs_and_sequences(void **state)
{
    (void)state;
    ARE("aaaaaaaa", "11111111", "1234567890", "0123456789abcdef", "abcdef",
        "abcdefghijklmnop", "987654321", "qwertyuiop", "a1b2c3d4e5f6",
        "sk_test_1234567890abcdef", "abcabcabcabc", "123456", "000000000000",
        "12345678-1234-1234-1234-123456789012", "deadbeefdeadbeefdeadbeef");
    ARE_NOT("kx7Qp2mZ", "4f1c9b27e06da835", "abcd9Qkx7m2Zp",
            "1234Kx7Qp2mZ9vRt");
}

static void test_placeholder__words(void **state)
{
    (void)state;
    ARE("changeme", "CHANGE_ME", "change-this", "your_api_key_here",
        "YOUR-TOKEN", "yourApiKey", "yourStripeKey9", "REPLACE_ME", "TODO",
        "FIXME", "null", "None", "undefined", "true", "nil", "dummy", "test",
        "foo", "bar", "foobar", "sample", "fake", "password", "secret", "pass",
        "my-secret", "api_key", "testpassword", "newPassword1", "test123",
        "password123", "Enter your password", "postgres", "root", "admin",
        "agithubtoken", "client_secret_removed", "insert-token", "redacted",
        "fake_kx7Qp2mZ", "example", "AKIA0000EXAMPLE", "kx7QpEXAMPLEKEY",
        "put_your_key", "dummy-9Qkx7", "API key");
    ARE_NOT("kfooQ7p2mZ", "barQ7p2mZ9", "xtest9Qp2mZ", "hunter2",
            "kx-foo-9Qp2m", "todoQkx7p", "monkey77", "Kx7pass9Qm");
}

static void test_placeholder__long_text_is_not_searched_for_words(void **state)
{
    char text[400];

    (void)state;
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (char)('a' + (i * i + i / 7) % 26);
    memcpy(text + 100, "-example-", 9);
    CHECK(!ss_is_placeholder(ss_bytes_of(text, sizeof(text))));
    CHECK(ss_is_placeholder(ss_bytes_of(text + 80, 60)));
}

static void test_placeholder__samples_of_specifications(void **state)
{
    (void)state;
    ARE("h480djs93"
        "hd8",
        "ad180jjd733"
        "klru7");
}

/* joejoe:hello, changeme */
static void test_placeholder__words_in_base64(void **state)
{
    (void)state;
    ARE("am9lam9lOmhlbGxv", "Y2hhbmdlbWU=");
    ARE_NOT("am9lam9lOmt4N1FwMm1a");
}

/* Random tokens stay: one in ten thousand may be lost at 8 characters, none at
 * 24. */
static void test_placeholder__random_tokens_stay(void **state)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqr"
                                  "stuvwxyz0123456789-_";
    uint64_t seed = 1;
    size_t n_lost = 0;

    (void)state;
    for (size_t n = 0; n < 20000; n++) {
        char token[24];

        for (size_t i = 0; i < sizeof(token); i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            token[i] = letters[seed >> 58];
        }
        CHECK(!ss_is_placeholder(ss_bytes_of(token, sizeof(token))));
        n_lost += ss_is_placeholder(ss_bytes_of(token, 8)) ? 1 : 0;
    }
    CHECK(n_lost <= 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_placeholder__templates),
        TEST(test_placeholder__masks),
        TEST(test_placeholder__runs_and_sequences),
        TEST(test_placeholder__words),
        TEST(test_placeholder__long_text_is_not_searched_for_words),
        TEST(test_placeholder__samples_of_specifications),
        TEST(test_placeholder__words_in_base64),
        TEST(test_placeholder__random_tokens_stay),
    };

    return RUN(tests);
}
