/*
 * fingerprint.h: the identity of a secret: keyed BLAKE2b of its bytes alone, so
 * that it survives moved lines, rebases and renamed rules.
 */
#ifndef SS_FINGERPRINT_H
#define SS_FINGERPRINT_H

#include "base/bytes.h"

#define SS_FINGERPRINT_LEN 12u  /* bytes */
#define SS_FINGERPRINT_TEXT 28u /* "s1:", 24 hex digits, NUL */

typedef struct ss_fingerprint_key {
    uint8_t bytes[64];
    size_t len; /* 0: the public key */
} ss_fingerprint_key;

void ss_fingerprint(char out[SS_FINGERPRINT_TEXT],
                    const ss_fingerprint_key *key, ss_bytes secret);
#define SS_SEAL_LEN 32u

/* BLAKE2b of `data`, with a key of SS_SEAL_LEN bytes or none (NULL). */
void ss_seal(uint8_t out[SS_SEAL_LEN], ss_bytes data, const uint8_t *key);
/* In a time that does not tell where they differ. */
int ss_seal_equal(const uint8_t *a, const uint8_t *b);

/* Lower-case hex digest of 8 bytes, for rule set versions and cache keys. */
void ss_digest16(char out[17], ss_bytes data);

#endif
