/*
 * Each text is scrambled here as its program does it, and has to come out; what
 * other programs wrote (rclone, a Group Policy) stands in two samples.
 */
#include "check_case.h"

#include "scan/aes.h"

static void add_hex(sample *s, uint8_t byte)
{
    static const char digits[] = "0123456789ABCDEF";

    s->bytes[s->len++] = (uint8_t)digits[byte >> 4];
    s->bytes[s->len++] = (uint8_t)digits[byte & 15];
}

/* add_base64 stops at a zero byte: what is encoded here has none. */
static sample xor_of(const char *text)
{
    sample s = {.len = 0};
    char changed[64] = "";

    for (size_t i = 0; text[i]; i++)
        changed[i] = (char)(text[i] ^ '_');
    add_base64(&s, changed);
    return s;
}

static void test_check_obfuscated__websphere(void **state)
{
    sample good = xor_of("kx7Qp2mZ"), stand_in = xor_of("changeme");
    sample other = join_bars("kx7Qp2|mZ");

    (void)state;
    CHECK_INT(run_check("websphere-xor", &good).is, SS_CHECK_PASS);
    CHECK_INT(run_check("websphere-xor", &stand_in).is, SS_CHECK_NEVER);
    CHECK_INT(run_check("websphere-xor", &other).is, SS_CHECK_UNSURE);
}

static sample cisco_of(unsigned start, const char *text)
{
    static const char key[] = "dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k"
                              ";fg87";
    sample s = {.len = 2};

    s.bytes[0] = (uint8_t)('0' + start / 10);
    s.bytes[1] = (uint8_t)('0' + start % 10);
    for (size_t i = 0; text[i]; i++)
        add_hex(&s, (uint8_t)(text[i] ^ key[(start + i) % 53]));
    return s;
}

static void test_check_obfuscated__cisco_type_7(void **state)
{
    sample good = cisco_of(8, "kx7Qp2mZ"), wrapped = cisco_of(15, "kx7Qp2mZ");
    sample stand_in = cisco_of(2, "changeme"), wrong = cisco_of(8, "kx7Qp2mZ");

    (void)state;
    CHECK_INT(run_check("cisco-type7", &good).is, SS_CHECK_PASS);
    CHECK_INT(run_check("cisco-type7", &wrapped).is, SS_CHECK_PASS);
    CHECK_INT(run_check("cisco-type7", &stand_in).is, SS_CHECK_NEVER);
    wrong.bytes[2] = 'F';
    CHECK_INT(run_check("cisco-type7", &wrong).is, SS_CHECK_UNSURE);
    CHECK_INT(verdict_of("cisco-type7", "0"), SS_CHECK_UNSURE);
}

/* The documented sample of type 7: "cisco". */
static void test_check_obfuscated__cisco_as_devices_write_it(void **state)
{
    (void)state;
    CHECK_INT(verdict_of("cisco-type7", "0822|455D0A16"), SS_CHECK_PASS);
}

static const char juniper_letters[] = "QzF3n6/9CAtpu0OB1IREhcSyrleKvMW8LXx"
                                      "7N-dVbwsY2g4oaJZGUDjiHkq.mPf5T";

/* With "i" in front there is no salt. */
static sample juniper_of(const char *text)
{
    static const unsigned weights[7][4] = {
        {1, 4, 32}, {1, 16, 32},     {1, 8, 32}, {1, 64},
        {1, 32},    {1, 4, 16, 128}, {1, 32, 64}};
    sample s = join_bars("$9$|i");
    size_t last = (size_t)(strchr(juniper_letters, 'i') - juniper_letters);

    for (size_t n = 0; text[n]; n++) {
        unsigned rest = (uint8_t)text[n], gaps[4] = {0};
        size_t n_gaps = 0;

        while (n_gaps < 4 && weights[n % 7][n_gaps])
            n_gaps++;
        for (size_t k = n_gaps; k > 0; k--) {
            gaps[k - 1] = rest / weights[n % 7][k - 1];
            rest %= weights[n % 7][k - 1];
        }
        for (size_t k = 0; k < n_gaps; k++) {
            last = (last + gaps[k] + 1) % 65;
            s.bytes[s.len++] = (uint8_t)juniper_letters[last];
        }
    }
    return s;
}

static void test_check_obfuscated__juniper(void **state)
{
    sample good = juniper_of("kx7Qp2mZ-long"),
           stand_in = juniper_of("changeme");
    sample cut = juniper_of("kx7Qp2mZ");

    (void)state;
    CHECK_INT(run_check("juniper-type9", &good).is, SS_CHECK_PASS);
    CHECK_INT(run_check("juniper-type9", &stand_in).is, SS_CHECK_NEVER);
    cut.len -= 1;
    CHECK_INT(run_check("juniper-type9", &cut).is, SS_CHECK_UNSURE);
    CHECK_INT(verdict_of("juniper-type9", "$9$"), SS_CHECK_UNSURE);
}

static sample winscp_of(const char *text)
{
    sample s = {.len = 0};
    const uint8_t head[] = {0xff, 0, (uint8_t)strlen(text), 3, 'x', 'y', 'z'};

    for (size_t i = 0; i < sizeof(head); i++)
        add_hex(&s, (uint8_t) ~(head[i] ^ 0xa3));
    for (size_t i = 0; text[i]; i++)
        add_hex(&s, (uint8_t)(~((uint8_t)text[i] ^ 0xa3)));
    return s;
}

static void test_check_obfuscated__winscp(void **state)
{
    sample good = winscp_of("annsftp.acme.testkx7Qp2mZ");
    sample cut = winscp_of("annsftp.acme.testkx7Qp2mZ");

    (void)state;
    CHECK(ss_bytes_starts((ss_bytes){good.bytes, good.len}, "A35C"));
    CHECK_INT(run_check("winscp", &good).is, SS_CHECK_PASS);
    cut.len -= 2;
    CHECK_INT(run_check("winscp", &cut).is, SS_CHECK_UNSURE);
}

static void test_check_obfuscated__rclone(void **state)
{
    (void)state;
    check_sample("rclone", "pNyocfE1JbxPd44-T-aV|tdb1RSeePz6v", 26,
                 SS_CHECK_UNSURE);
    CHECK_INT(verdict_of("rclone", "pNyocfE1Jbx"), SS_CHECK_UNSURE);
}

static void test_check_obfuscated__group_policy(void **state)
{
    (void)state;
    CHECK_INT(verdict_of("gpp-cpassword", "qt2uMlpyWnTJTGNL6udTCF8I|"
                                          "RrzJBfjKkzLJg+9ejnE="),
              SS_CHECK_PASS);
    CHECK_INT(verdict_of("gpp-cpassword", "b1YmQka9wdkyHkWnKl93S2aE|"
                                          "VMWhKOPVT6u/kLiAtFc="),
              SS_CHECK_NEVER);
    CHECK_INT(verdict_of("gpp-cpassword", "qt2uMlpyWnTJTGNL6udTCF8I|"
                                          "RrzJBfjKkzLJg+9ejnF="),
              SS_CHECK_PASS); /* spare bits */
    CHECK_INT(verdict_of("gpp-cpassword", "Bt2uMlpyWnTJTGNL6udTCF8I|"
                                          "RrzJBfjKkzLJg+9ejnE="),
              SS_CHECK_UNSURE);
    CHECK_INT(verdict_of("gpp-cpassword", "short"), SS_CHECK_UNSURE);
}

static void test_check_obfuscated__base64(void **state)
{
    (void)state;
    CHECK_INT(check_prefixed("base64-text", "", "kx7Qp2mZ", "").is,
              SS_CHECK_PASS);
    CHECK_INT(check_prefixed("base64-text", "", "changeme", "").is,
              SS_CHECK_NEVER);
    CHECK_INT(check_prefixed("base64-text", "", "\x01\x02\x03", "").is,
              SS_CHECK_UNSURE);
}

/* "kx7Password" and "kx7Qp2mZ" in UTF-16LE. */
static void test_check_obfuscated__unattend(void **state)
{
    (void)state;
    CHECK_INT(verdict_of("unattend", "awB4ADcAUABhAHMA|cwB3AG8AcgBkAA=="),
              SS_CHECK_PASS);
    CHECK_INT(verdict_of("unattend", "awB4ADcAUQBwADIAbQBaAA=="),
              SS_CHECK_UNSURE);
    CHECK_INT(verdict_of("unattend", "kx7Qp2mZ"), SS_CHECK_UNSURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_check_obfuscated__websphere),
        TEST(test_check_obfuscated__cisco_type_7),
        TEST(test_check_obfuscated__cisco_as_devices_write_it),
        TEST(test_check_obfuscated__juniper),
        TEST(test_check_obfuscated__winscp),
        TEST(test_check_obfuscated__rclone),
        TEST(test_check_obfuscated__group_policy),
        TEST(test_check_obfuscated__base64),
        TEST(test_check_obfuscated__unattend),
    };

    return RUN(tests);
}
