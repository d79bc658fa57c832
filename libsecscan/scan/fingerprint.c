/*
 * fingerprint.c: the identity of a secret. Hashes keyed, by libsodium.
 * Knows nothing of rules, lines or places.
 */
#include "scan/fingerprint.h"

#include "base/error.h"

#include <sodium.h>

/* What an unsalted fingerprint is keyed with. Changing it changes every
 * fingerprint ever written down: then the "s1:" has to change too. */
static const char public_key[] = "secscan/fingerprint/s1/publickey";

_Static_assert(sizeof(public_key) == 32 + 1, "the public key has 32 bytes");

static void write_hex(char *out, const uint8_t *bytes, size_t len)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * len] = '\0';
}

/* The digest of 32 bytes is cut, never asked for at a smaller size: BLAKE2b
 * mixes its length in, and the cut one can be grown later. */
static void hash_bytes(uint8_t out[32], ss_bytes data, const uint8_t *key,
                       size_t key_len)
{
    int rc = crypto_generichash(out, 32, data.data, data.len, key, key_len);

    ss_assert(rc == 0); /* fails on impossible lengths alone */
    (void)rc;
}

void ss_fingerprint(char out[SS_FINGERPRINT_TEXT],
                    const ss_fingerprint_key *key, ss_bytes secret)
{
    uint8_t digest[32];

    ss_assert(!key || key->len <= sizeof(key->bytes));
    if (key && key->len)
        hash_bytes(digest, secret, key->bytes, key->len);
    else
        hash_bytes(digest, secret, (const uint8_t *)public_key, 32);
    memcpy(out, "s1:", 3);
    write_hex(out + 3, digest, SS_FINGERPRINT_LEN);
    sodium_memzero(digest, sizeof(digest));
}

void ss_seal(uint8_t out[SS_SEAL_LEN], ss_bytes data, const uint8_t *key)
{
    hash_bytes(out, data, key, key ? SS_SEAL_LEN : 0);
}

int ss_seal_equal(const uint8_t *a, const uint8_t *b)
{
    return sodium_memcmp(a, b, SS_SEAL_LEN) == 0;
}

void ss_digest16(char out[17], ss_bytes data)
{
    uint8_t digest[32];

    hash_bytes(digest, data, NULL, 0);
    write_hex(out, digest, 8);
}
