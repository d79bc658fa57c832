/*
 * digest.c: SHA-256, by libsodium.
 */
#include "scan/digest.h"

#include <sodium.h>

void ss_sha256(uint8_t out[SS_SHA256_LEN], ss_bytes s)
{
    crypto_hash_sha256(out, s.data, s.len);
}
