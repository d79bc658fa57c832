/*
 * check_wallet.c: keys of wallets, whose standards have checksums: base58check
 * (Bitcoin's WIF, BIP-32) and BIP-39's words.
 */
#include "scan/check_family.h"

#include "scan/digest.h"
#include "scan/seed_words.h"

#include <stdlib.h>

/* ---- base58 ---- */

#define MAX_BASE58 96u

static int base58_digit(uint8_t c)
{
    static const char digits[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
                                 "abcdefghijkmnopqrstuvwxyz";
    const char *at = c ? strchr(digits, c) : NULL;

    return at ? (int)(at - digits) : -1;
}

/* The number that `text` is, as `len` bytes, the high one first; 0 when it is
 * none or does not fit. */
static int unbase58(uint8_t *out, size_t len, ss_bytes text)
{
    memset(out, 0, len);
    for (size_t i = 0; i < text.len; i++) {
        int digit = base58_digit(text.data[i]);
        unsigned carry = (unsigned)digit;

        if (digit < 0)
            return 0;
        for (size_t k = len; k > 0; k--) {
            carry += 58u * out[k - 1];
            out[k - 1] = (uint8_t)carry;
            carry >>= 8;
        }
        if (carry)
            return 0;
    }
    return 1;
}

/* Are the last four bytes the start of the others' SHA-256, taken twice? */
static int has_base58_sum(const uint8_t *raw, size_t len)
{
    uint8_t sum[SS_SHA256_LEN];

    ss_sha256(sum, (ss_bytes){raw, len - 4});
    ss_sha256(sum, (ss_bytes){sum, sizeof(sum)});
    return !memcmp(sum, raw + len - 4, 4);
}

/* A byte of the network, 32 of the key, a 1 when the public key is short. */
void ss_check_wif(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    uint8_t raw[MAX_BASE58];
    size_t len = secret.len == 52 ? 38 : 37;

    (void)match;
    if ((secret.len != 51 && secret.len != 52) || !unbase58(raw, len, secret))
        ss_check_unsure(result, "not the form that has a checksum");
    else
        ss_check_sum(result, (raw[0] == 0x80 || raw[0] == 0xef) &&
                                 has_base58_sum(raw, len));
}

/* 78 bytes: version, depth, parent, index, chain code, a zero and the key. */
void ss_check_extended_key(ss_bytes secret, ss_bytes match,
                           ss_check_result *result)
{
    uint8_t raw[MAX_BASE58];

    (void)match;
    if (!unbase58(raw, 82, secret))
        ss_check_unsure(result, "not the form that has a checksum");
    else
        ss_check_sum(result, raw[45] == 0 && has_base58_sum(raw, 82));
}

/* ---- BIP-39 ---- */

#define MAX_SEED_WORDS 24u

static int compare_word(const void *key, const void *row)
{
    const ss_bytes *word = key;
    const char *other = row;
    int rc = strncmp((const char *)word->data, other, word->len);

    return rc ? rc : -(other[word->len] != '\0');
}

/* Its number, or -1. */
static int seed_word(ss_bytes word)
{
    const char(*at)[9] = NULL;

    if (word.len >= 3 && word.len <= 8)
        at = bsearch(&word, seed_words, SS_N_SEED_WORDS, sizeof(*seed_words),
                     compare_word);
    return at ? (int)(at - seed_words) : -1;
}

/* Words to bits, eleven each; the number of words, 0 when one is none. */
static size_t read_words(uint8_t bits[33], ss_bytes text)
{
    size_t n = 0, from = 0;

    memset(bits, 0, 33);
    for (size_t i = 0; i <= text.len; i++) {
        int number;

        if (i < text.len && ss_is_alpha(text.data[i]))
            continue;
        if (i > from) {
            number = seed_word((ss_bytes){text.data + from, i - from});
            if (number < 0 || n == MAX_SEED_WORDS)
                return 0;
            for (size_t bit = 0; bit < 11; bit++) {
                size_t at = n * 11 + bit;

                if (number >> (10 - bit) & 1)
                    bits[at / 8] |= (uint8_t)(0x80 >> at % 8);
            }
            n++;
        }
        from = i + 1;
    }
    return n;
}

/* Of three words each: 32 bits of entropy, and one of its SHA-256. */
void ss_check_seed_phrase(ss_bytes secret, ss_bytes match,
                          ss_check_result *result)
{
    uint8_t bits[33], sum[SS_SHA256_LEN];
    size_t n = read_words(bits, secret);
    size_t len = n / 3 * 4;
    unsigned mask;

    (void)match;
    if (n < 12 || n % 3) {
        ss_check_fail(result, "not words of a wallet's list");
        return;
    }
    ss_sha256(sum, (ss_bytes){bits, len});
    mask = 0xffu << (8 - n / 3) & 0xffu;
    ss_check_sum(result, !((sum[0] ^ bits[len]) & mask));
}
