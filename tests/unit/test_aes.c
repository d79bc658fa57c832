#include "unit.h"

#include "scan/aes.h"

/* FIPS 197, C.3: the key counts up from 00, the text is 00 11 22 ... ff. */
static void fill(uint8_t key[32], uint8_t text[SS_AES_BLOCK])
{
    for (unsigned i = 0; i < 32; i++)
        key[i] = (uint8_t)i;
    for (unsigned i = 0; i < SS_AES_BLOCK; i++)
        text[i] = (uint8_t)(0x11 * i);
}

static void test_aes__gives_what_the_standard_prints(void **state)
{
    static const uint8_t expected[SS_AES_BLOCK] = {
        0x8e, 0xa2, 0xb7, 0xca, 0x51, 0x67, 0x45, 0xbf,
        0xea, 0xfc, 0x49, 0x90, 0x4b, 0x49, 0x60, 0x89};
    uint8_t key[32], block[SS_AES_BLOCK];
    ss_aes aes;

    (void)state;
    fill(key, block);
    ss_aes_init(&aes, key);
    ss_aes_encrypt(&aes, block);
    CHECK(!memcmp(block, expected, SS_AES_BLOCK));
}

static void test_aes__decrypts_what_it_encrypted(void **state)
{
    uint8_t key[32], block[SS_AES_BLOCK], text[SS_AES_BLOCK];
    ss_aes aes;

    (void)state;
    fill(key, text);
    memcpy(block, text, SS_AES_BLOCK);
    ss_aes_init(&aes, key);
    ss_aes_encrypt(&aes, block);
    ss_aes_decrypt(&aes, block);
    CHECK(!memcmp(block, text, SS_AES_BLOCK));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_aes__gives_what_the_standard_prints),
        TEST(test_aes__decrypts_what_it_encrypted),
    };

    return RUN(tests);
}
