/*
 * digest.h: sums of public standards, for the checks.
 */
#ifndef SS_DIGEST_H
#define SS_DIGEST_H

#include "base/bytes.h"

#define SS_SHA256_LEN 32u

void ss_sha256(uint8_t out[SS_SHA256_LEN], ss_bytes s);

#endif
