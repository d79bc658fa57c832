/*
 * aes.c: AES-256 as FIPS 197 has it. The S-box is computed, not listed: a key
 * is set up a few times a scan at most.
 */
#include "scan/aes.h"

#include <string.h>

#define N_ROUNDS 14u

static uint8_t times2(uint8_t x)
{
    return (uint8_t)(x << 1 ^ (x >> 7) * 0x1b);
}

static uint8_t multiply(uint8_t a, uint8_t b)
{
    uint8_t product = 0;

    for (; b; b >>= 1) {
        if (b & 1)
            product ^= a;
        a = times2(a);
    }
    return product;
}

static uint8_t rotate(uint8_t x, unsigned n)
{
    return (uint8_t)(x << n | x >> (8 - n));
}

/* 3 generates the field: p runs through it, q through the inverses. */
static void fill_sbox(ss_aes *aes)
{
    uint8_t p = 1, q = 1;

    do {
        uint8_t s;

        p ^= times2(p);
        q ^= (uint8_t)(q << 1);
        q ^= (uint8_t)(q << 2);
        q ^= (uint8_t)(q << 4);
        if (q & 0x80)
            q ^= 0x09;
        s = q ^ rotate(q, 1) ^ rotate(q, 2) ^ rotate(q, 3) ^ rotate(q, 4) ^
            0x63;
        aes->sbox[p] = s;
        aes->inverse[s] = p;
    } while (p != 1);
    aes->sbox[0] = 0x63;
    aes->inverse[0x63] = 0;
}

void ss_aes_init(ss_aes *aes, const uint8_t key[32])
{
    uint8_t *words = aes->rounds[0];
    uint8_t round = 1;

    fill_sbox(aes);
    memcpy(words, key, 32);
    for (size_t i = 8; i < 4 * (N_ROUNDS + 1); i++) {
        uint8_t t[4];

        memcpy(t, words + 4 * (i - 1), 4);
        if (i % 8 == 0) {
            uint8_t first = t[0];

            t[0] = aes->sbox[t[1]] ^ round;
            t[1] = aes->sbox[t[2]];
            t[2] = aes->sbox[t[3]];
            t[3] = aes->sbox[first];
            round = times2(round);
        } else if (i % 8 == 4) {
            for (size_t k = 0; k < 4; k++)
                t[k] = aes->sbox[t[k]];
        }
        for (size_t k = 0; k < 4; k++)
            words[4 * i + k] = words[4 * (i - 8) + k] ^ t[k];
    }
}

static void add_key(uint8_t *block, const uint8_t *key)
{
    for (size_t i = 0; i < SS_AES_BLOCK; i++)
        block[i] ^= key[i];
}

/* Row r of a column moves r columns: to the left, or back. */
static void shift_and_substitute(uint8_t *block, const uint8_t *box,
                                 size_t step)
{
    uint8_t old[SS_AES_BLOCK];

    memcpy(old, block, SS_AES_BLOCK);
    for (size_t i = 0; i < SS_AES_BLOCK; i++)
        block[i] = box[old[(i + step * (i % 4)) % SS_AES_BLOCK]];
}

static void mix(uint8_t *block, const uint8_t factors[4])
{
    for (size_t c = 0; c < SS_AES_BLOCK; c += 4) {
        uint8_t old[4];

        memcpy(old, block + c, 4);
        for (size_t r = 0; r < 4; r++) {
            block[c + r] = 0;
            for (size_t k = 0; k < 4; k++)
                block[c + r] ^= multiply(old[(r + k) % 4], factors[k]);
        }
    }
}

void ss_aes_encrypt(const ss_aes *aes, uint8_t block[SS_AES_BLOCK])
{
    static const uint8_t factors[4] = {2, 3, 1, 1};

    add_key(block, aes->rounds[0]);
    for (size_t round = 1; round <= N_ROUNDS; round++) {
        shift_and_substitute(block, aes->sbox, 4);
        if (round < N_ROUNDS)
            mix(block, factors);
        add_key(block, aes->rounds[round]);
    }
}

void ss_aes_decrypt(const ss_aes *aes, uint8_t block[SS_AES_BLOCK])
{
    static const uint8_t factors[4] = {14, 11, 13, 9};

    for (size_t round = N_ROUNDS; round > 0; round--) {
        add_key(block, aes->rounds[round]);
        if (round < N_ROUNDS)
            mix(block, factors);
        shift_and_substitute(block, aes->inverse, 12);
    }
    add_key(block, aes->rounds[0]);
}
