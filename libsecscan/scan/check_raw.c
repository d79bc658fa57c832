/*
 * check_raw.c: base64 of so many bytes, and of user:password.
 */
#include "scan/check_family.h"

#include "scan/filter.h"

static int is_printable(ss_bytes s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] < 0x20 || s.data[i] == 0x7f)
            return 0;
    }
    return 1;
}

/* Bytes from 0x80 are UTF-8 in a password, and everywhere in random bytes. */
static int is_utf8(ss_bytes s)
{
    size_t n_more = 0;

    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.data[i];

        if (n_more) {
            if ((c & 0xc0) != 0x80)
                return 0;
            n_more--;
        } else if (c >= 0xf8 || (c & 0xc0) == 0x80) {
            return 0;
        } else if (c >= 0xc0) {
            n_more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
        }
    }
    return n_more == 0;
}

void ss_check_basic(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    uint8_t raw[SS_CHECK_SHORT];
    size_t len = ss_unbase64(raw, sizeof(raw), secret);
    ss_bytes text = {raw, len};
    size_t colon;

    (void)match;
    if (len == SIZE_MAX) {
        ss_check_never(result, "it is not base64");
        return;
    }
    colon = ss_find_byte(text, ':');
    if (colon == SIZE_MAX)
        ss_check_never(result, "there is no colon in it");
    else if (colon + 1 == len || !is_printable(text) || !is_utf8(text))
        ss_check_fail(result, "it does not decode to user:password");
    else if (ss_is_placeholder(ss_cut(text, colon + 1, SIZE_MAX)))
        ss_check_never(result, "it decodes to a placeholder");
    else
        ss_check_pass(result, SECSCAN_STRUCTURE, "it decodes to user:password");
}

void ss_check_fernet(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    uint8_t raw[33];

    (void)match;
    if (ss_unbase64(raw, sizeof(raw), secret) == 32)
        ss_check_pass(result, SECSCAN_STRUCTURE, "it decodes to 32 bytes");
    else
        ss_check_unsure(result, "it does not decode to 32 bytes");
}

void ss_check_laravel(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    uint8_t raw[33];
    size_t len;

    (void)match;
    if (ss_bytes_starts(secret, "base64:"))
        secret = ss_cut(secret, 7, SIZE_MAX);
    len = ss_unbase64(raw, sizeof(raw), secret);
    if (len == 32 || len == 16)
        ss_check_pass(result, SECSCAN_STRUCTURE,
                      "it decodes to the length of a key");
    else
        ss_check_unsure(result, "it does not decode to the length of a key");
}

/* The generator clamps; a key that is not clamped still works. */
void ss_check_wireguard(ss_bytes secret, ss_bytes match,
                        ss_check_result *result)
{
    uint8_t raw[33];

    (void)match;
    if (ss_unbase64(raw, sizeof(raw), secret) == 32 && !(raw[0] & 7) &&
        (raw[31] & 0xc0) == 0x40)
        ss_check_pass(result, SECSCAN_STRUCTURE, "32 bytes, clamped");
    else
        ss_check_unsure(result, "it is not clamped as generated keys are");
}
