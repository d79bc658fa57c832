#include "unit.h"

#include "scan/fingerprint.h"

static void test_fingerprint__is_s1_and_24_hex_digits(void **state)
{
    char text[SS_FINGERPRINT_TEXT];

    (void)state;
    ss_fingerprint(text, NULL, ss_bytes_str("a value"));
    CHECK_INT(strlen(text), SS_FINGERPRINT_TEXT - 1);
    CHECK(!memcmp(text, "s1:", 3));
    CHECK_INT(strspn(text + 3, "0123456789abcdef"), 2 * SS_FINGERPRINT_LEN);
}

/* Fingerprints are written into baselines: this value may never change. */
static void test_fingerprint__of_a_fixed_text_is_fixed(void **state)
{
    char text[SS_FINGERPRINT_TEXT];

    (void)state;
    ss_fingerprint(text, NULL, ss_bytes_str("abc"));
    CHECK_STR(text, "s1:4bc4400d1652167425470edc");
}

static void test_fingerprint__empty_key_is_the_public_key(void **state)
{
    ss_fingerprint_key key = {.len = 0};
    char a[SS_FINGERPRINT_TEXT], b[SS_FINGERPRINT_TEXT];

    (void)state;
    ss_fingerprint(a, NULL, ss_bytes_str("abc"));
    ss_fingerprint(b, &key, ss_bytes_str("abc"));
    CHECK_STR(a, b);
}

static void test_fingerprint__differs_by_key_and_by_secret(void **state)
{
    ss_fingerprint_key key = {.bytes = "0123456789abcdef", .len = 16};
    char a[SS_FINGERPRINT_TEXT], b[SS_FINGERPRINT_TEXT], c[SS_FINGERPRINT_TEXT];

    (void)state;
    ss_fingerprint(a, NULL, ss_bytes_str("abc"));
    ss_fingerprint(b, &key, ss_bytes_str("abc"));
    ss_fingerprint(c, NULL, ss_bytes_str("abd"));
    CHECK(strcmp(a, b));
    CHECK(strcmp(a, c));
}

static void test_fingerprint__takes_keys_of_any_length(void **state)
{
    ss_fingerprint_key key = {.bytes = "a", .len = 1};
    char a[SS_FINGERPRINT_TEXT], b[SS_FINGERPRINT_TEXT];

    (void)state;
    ss_fingerprint(a, &key, ss_bytes_str("abc"));
    key.len = 64;
    ss_fingerprint(b, &key, ss_bytes_str("abc"));
    CHECK(strcmp(a, b));
}

static void test_fingerprint__digest_is_16_hex_digits(void **state)
{
    char text[17];

    (void)state;
    ss_digest16(text, ss_bytes_str(""));
    CHECK_STR(text, "0e5751c026e543b2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_fingerprint__is_s1_and_24_hex_digits),
        TEST(test_fingerprint__of_a_fixed_text_is_fixed),
        TEST(test_fingerprint__empty_key_is_the_public_key),
        TEST(test_fingerprint__differs_by_key_and_by_secret),
        TEST(test_fingerprint__takes_keys_of_any_length),
        TEST(test_fingerprint__digest_is_16_hex_digits),
    };

    return RUN(tests);
}
