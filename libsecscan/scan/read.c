/*
 * read.c: values that are read from elsewhere.
 */
#include "scan/filter.h"

int ss_is_read(ss_bytes line, size_t secret_at, size_t secret_len)
{
    ss_bytes secret = {line.data + secret_at, secret_len};

    return ss_bytes_starts(secret, "os.") ||
           ss_bytes_starts(secret, "process.env");
}
