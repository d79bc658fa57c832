/*
 * fuzz_check.c: every offline check on any bytes: on all of them, and on each
 * run of them that could be a token. What a check says has to be a line that a
 * terminal can show.
 */
#include "fuzz.h"

#include "scan/check.h"

#include <secscan.h>

#include <stdlib.h>

static void test_result(const ss_check_result *result)
{
    const char *end = memchr(result->reason, 0, sizeof(result->reason));

    if (!end || (int)result->is < SS_CHECK_UNSURE ||
        (int)result->is > SS_CHECK_LAST || result->evidence > SECSCAN_CHECKSUM)
        abort();
    for (const char *c = result->reason; c < end; c++) {
        if (*c < ' ' || *c > '~')
            abort();
    }
}

static void run_all(ss_bytes secret, ss_bytes match)
{
    for (size_t i = 0; ss_check_name(i); i++) {
        ss_check_result result = {.min_password_len = 20};

        ss_check_find(ss_check_name(i))(secret, match, &result);
        test_result(&result);
    }
}

static int is_token_byte(uint8_t c)
{
    return c > ' ' && c < 0x7f && !memchr("\"'`,;()<>", c, 9);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    size_t from = 0;

    run_all((ss_bytes){data, len}, (ss_bytes){data, len});
    for (size_t i = 0; i <= len; i++) {
        if (i < len && is_token_byte(data[i]))
            continue;
        if (i - from >= 8)
            run_all((ss_bytes){data + from, i - from}, (ss_bytes){data, len});
        from = i + 1;
    }
    return 0;
}
