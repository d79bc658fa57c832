/*
 * Keys are made here from bytes that count up, with the sum that their standard
 * asks for.
 */
#include "check_case.h"

#include "scan/digest.h"
#include "scan/seed_words.h"

static void put_sum(uint8_t *raw, size_t len)
{
    uint8_t sum[SS_SHA256_LEN];

    ss_sha256(sum, (ss_bytes){raw, len});
    ss_sha256(sum, (ss_bytes){sum, sizeof(sum)});
    memcpy(raw + len, sum, 4);
}

/* The number `raw` is, which this uses up, in base 58. */
static sample base58_of(uint8_t *raw, size_t len)
{
    static const char digits[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
                                 "abcdefghijkmnopqrstuvwxyz";
    sample s = {.len = 0};
    int is_left = 1;

    while (is_left) {
        unsigned rest = 0;

        is_left = 0;
        for (size_t i = 0; i < len; i++) {
            rest = rest << 8 | raw[i];
            raw[i] = (uint8_t)(rest / 58);
            rest %= 58;
            is_left |= raw[i] != 0;
        }
        memmove(s.bytes + 1, s.bytes, s.len++);
        s.bytes[0] = (uint8_t)digits[rest];
    }
    return s;
}

static void check_flipped(const char *name, sample s)
{
    CHECK_INT(run_check(name, &s).is, SS_CHECK_PASS);
    CHECK_INT(run_check(name, &s).evidence, SECSCAN_CHECKSUM);
    s.bytes[20] = s.bytes[20] == 'B' ? 'C' : 'B';
    CHECK_INT(run_check(name, &s).is, SS_CHECK_FAIL);
}

static void test_check_wallet__wif(void **state)
{
    uint8_t raw[38] = {0x80}, short_raw[37] = {0x80};

    (void)state;
    for (unsigned i = 0; i < 32; i++)
        raw[1 + i] = short_raw[1 + i] = (uint8_t)(i + 1);
    raw[33] = 1;
    put_sum(raw, 34);
    put_sum(short_raw, 33);
    check_flipped("wif", base58_of(raw, 38));
    check_flipped("wif", base58_of(short_raw, 37));
    CHECK_INT(verdict_of("wif", "5KJ0"), SS_CHECK_UNSURE);
}

static void test_check_wallet__extended_key(void **state)
{
    uint8_t raw[82] = {0x04, 0x88, 0xad, 0xe4};

    (void)state;
    for (unsigned i = 0; i < 32; i++)
        raw[13 + i] = raw[46 + i] = (uint8_t)(i + 1);
    put_sum(raw, 78);
    check_flipped("extended-key", base58_of(raw, 82));
    CHECK_INT(verdict_of("extended-key", "xprv0"), SS_CHECK_UNSURE);
}

static void add_word(sample *s, unsigned number)
{
    if (s->len)
        s->bytes[s->len++] = ' ';
    memcpy(s->bytes + s->len, seed_words[number], strlen(seed_words[number]));
    s->len += strlen(seed_words[number]);
}

/* Zero bytes: eleven times the first word, and the sum's four bits; the
 * standard says that these are 3. */
static void test_check_wallet__seed_phrase(void **state)
{
    sample good = {.len = 0}, wrong = {.len = 0}, few = {.len = 0};

    (void)state;
    for (unsigned i = 0; i < 11; i++) {
        add_word(&good, 0);
        add_word(&wrong, 0);
        add_word(&few, 0);
    }
    add_word(&good, 3);
    add_word(&wrong, 4);
    CHECK_INT(run_check("seed-phrase", &good).is, SS_CHECK_PASS);
    CHECK_INT(run_check("seed-phrase", &wrong).is, SS_CHECK_FAIL);
    CHECK_INT(run_check("seed-phrase", &few).is, SS_CHECK_FAIL);
}

/* 24 words carry eight bits of the sum: 0x66 for 32 zero bytes. */
static void test_check_wallet__longest_seed_phrase(void **state)
{
    sample s = {.len = 0};

    (void)state;
    for (unsigned i = 0; i < 23; i++)
        add_word(&s, 0);
    add_word(&s, 0x66);
    CHECK_INT(run_check("seed-phrase", &s).is, SS_CHECK_PASS);
    add_word(&s, 0);
    CHECK_INT(run_check("seed-phrase", &s).is, SS_CHECK_FAIL);
}

static void test_check_wallet__other_words_are_none(void **state)
{
    (void)state;
    CHECK_INT(verdict_of("seed-phrase", "the short names of the instructions "
                                        "as they stand in a manual"),
              SS_CHECK_FAIL);
    CHECK_INT(verdict_of("seed-phrase", ""), SS_CHECK_FAIL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_check_wallet__wif),
        TEST(test_check_wallet__extended_key),
        TEST(test_check_wallet__seed_phrase),
        TEST(test_check_wallet__longest_seed_phrase),
        TEST(test_check_wallet__other_words_are_none),
    };

    return RUN(tests);
}
