/*
 * plausible.c: what a value of no known format has to be.
 */
#include "scan/filter.h"

int ss_is_plausible(ss_bytes line, size_t secret_at, size_t secret_len)
{
    ss_bytes secret = {line.data + secret_at, secret_len};

    return secret.len >= 6 && ss_entropy(secret) > 2.0;
}
