#include "unit.h"

#include "scan/key_kind.h"

/* Heads of keys, up to where their first number starts. */
#define BYTES(...)                                                             \
    ((ss_bytes){(const uint8_t[]){__VA_ARGS__},                                \
                sizeof((const uint8_t[]){__VA_ARGS__})})

static const char *der(ss_bytes bytes)
{
    static char out[SS_KEY_KIND_TEXT];

    ss_key_kind_der(out, bytes);
    return out;
}

static void test_key_kind__pkcs1_tells_the_length_of_its_modulus(void **state)
{
    (void)state;
    CHECK_STR(der(BYTES(0x30, 0x82, 4, 0xa4, 2, 1, 0, 2, 0x82, 1, 1, 0, 0xc1)),
              "RSA private key, 2048 bits");
    CHECK_STR(der(BYTES(0x30, 0x82, 2, 0x5c, 2, 1, 0, 2, 0x81, 0x81, 0)),
              "RSA private key, 1024 bits");
}

static void test_key_kind__pkcs8_names_its_algorithm(void **state)
{
    (void)state;
    CHECK_STR(der(BYTES(0x30, 0x82, 4, 0xbd, 2, 1, 0, 0x30, 13, 6, 9, 0x2a,
                        0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0, 4, 0x82, 4,
                        0xa7, 0x30, 0x82, 4, 0xa3, 2, 1, 0, 2, 0x82, 1, 1, 0)),
              "RSA private key, 2048 bits");
    CHECK_STR(
        der(BYTES(0x30, 0x81, 0xb6, 2, 1, 0, 0x30, 16, 6, 7, 0x2a, 0x86, 0x48,
                  0xce, 0x3d, 2, 1, 6, 5, 0x2b, 0x81, 4, 0, 0x22, 4)),
        "EC private key, P-384");
    CHECK_STR(der(BYTES(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4,
                        0x22, 4, 0x20)),
              "Ed25519 private key");
}

static void test_key_kind__sec1_names_its_curve(void **state)
{
    (void)state;
    CHECK_STR(der(BYTES(0x30, 0x77, 2, 1, 1, 4, 2, 1, 2, 0xa0, 10, 6, 8, 0x2a,
                        0x86, 0x48, 0xce, 0x3d, 3, 1, 7)),
              "EC private key, P-256");
    CHECK_STR(der(BYTES(0x30, 0x77, 2, 1, 1, 4, 2, 1, 2)), "EC private key");
}

static void test_key_kind__what_is_cut_or_other_says_nothing(void **state)
{
    (void)state;
    CHECK_STR(der(BYTES(0x30)), "");
    CHECK_STR(der(BYTES(0x30, 0x82, 4, 0xa4, 2, 1)), "");
    CHECK_STR(der(BYTES(0x04, 0x02, 1, 0)), "");
    CHECK_STR(der(BYTES(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x10, 4,
                        0x22)),
              "");
    CHECK_STR(der((ss_bytes){NULL, 0}), "");
}

#define NO_CIPHER                                                              \
    0, 0, 0, 4, 'n', 'o', 'n', 'e', 0, 0, 0, 4, 'n', 'o', 'n', 'e', 0, 0, 0,   \
        0, 0, 0, 0, 1, 0, 0, 1, 0x97

static void test_key_kind__openssh_names_its_type(void **state)
{
    char out[SS_KEY_KIND_TEXT];

    (void)state;
    ss_key_kind_openssh(out,
                        BYTES(NO_CIPHER, 0, 0, 0, 7, 's', 's', 'h', '-', 'r',
                              's', 'a', 0, 0, 0, 3, 1, 0, 1, 0, 0, 1, 0x81, 0));
    CHECK_STR(out, "RSA private key, 3072 bits");
    ss_key_kind_openssh(out, BYTES(NO_CIPHER, 0, 0, 0, 11, 's', 's', 'h', '-',
                                   'e', 'd', '2', '5', '5', '1', '9', 0));
    CHECK_STR(out, "private key, ssh-ed25519");
    ss_key_kind_openssh(out, BYTES(NO_CIPHER, 0, 0, 0, 2, 27, '[', 0));
    CHECK_STR(out, "");
    ss_key_kind_openssh(out, BYTES(NO_CIPHER, 0xff, 0xff, 0xff, 0xff, 's'));
    CHECK_STR(out, "");
}

/* Version 4, a time, RSA, two numbers of 16 and 2 bits, the usage of a lock. */
#define PGP_RSA 0x95, 1, 0, 4, 0x60, 0, 0, 0, 1, 0, 16, 0x80, 1, 0, 2, 3

static void test_key_kind__pgp_says_whether_it_is_locked(void **state)
{
    char out[SS_KEY_KIND_TEXT];

    (void)state;
    CHECK_INT(ss_key_kind_pgp(out, BYTES(PGP_RSA, 0)), SS_LOCK_OPEN);
    CHECK_STR(out, "PGP private key, RSA, 16 bits");
    CHECK_INT(ss_key_kind_pgp(out, BYTES(PGP_RSA, 254)), SS_LOCK_SET);
    CHECK_INT(ss_key_kind_pgp(out, BYTES(0xc5, 88, 4, 0x60, 0, 0, 0, 22, 3, 1,
                                         2, 3, 0, 8, 0x40, 0)),
              SS_LOCK_OPEN);
    CHECK_STR(out, "PGP private key, EdDSA");
    CHECK_INT(ss_key_kind_pgp(out, BYTES(PGP_RSA)), SS_LOCK_UNKNOWN);
    CHECK_STR(out, "");
    CHECK_INT(ss_key_kind_pgp(out, BYTES(0x99, 1, 0, 4)), SS_LOCK_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_key_kind__pkcs1_tells_the_length_of_its_modulus),
        TEST(test_key_kind__pkcs8_names_its_algorithm),
        TEST(test_key_kind__sec1_names_its_curve),
        TEST(test_key_kind__what_is_cut_or_other_says_nothing),
        TEST(test_key_kind__openssh_names_its_type),
        TEST(test_key_kind__pgp_says_whether_it_is_locked),
    };

    return RUN(tests);
}
