/*
 * check_raw.c: base64 of so many bytes, and of user:password.
 */
#include "scan/check_family.h"

#include "scan/filter.h"

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
    else if (colon + 1 == len || !ss_is_text(text))
        ss_check_fail(result, "it does not decode to user:password");
    else if (ss_is_placeholder(ss_cut(text, colon + 1, SIZE_MAX)))
        ss_check_never(result, "it decodes to a placeholder");
    else
        ss_check_pass(result, SECSCAN_STRUCTURE, "it decodes to user:password");
}

/* scheme://user:password@host, in base64. */
void ss_check_base64_url(ss_bytes secret, ss_bytes match,
                         ss_check_result *result)
{
    uint8_t raw[SS_CHECK_SHORT];
    size_t len = ss_unbase64(raw, sizeof(raw), secret);
    ss_bytes text = {raw, len == SIZE_MAX ? 0 : len};
    size_t at = ss_bytes_find_nocase(text, ss_bytes_str("://"));
    ss_bytes user = ss_cut(text, at == SIZE_MAX ? SIZE_MAX : at + 3, SIZE_MAX);
    size_t end = ss_find_byte(user, '@');
    size_t colon = ss_find_byte(ss_cut(user, 0, end), ':');

    (void)match;
    if (!ss_is_text(text) || end == SIZE_MAX || colon == SIZE_MAX)
        ss_check_never(result, "no URL with a password");
    else if (ss_is_placeholder(ss_cut(user, colon + 1, end - colon - 1)))
        ss_check_never(result, "it decodes to a placeholder");
    else
        ss_check_pass(result, SECSCAN_STRUCTURE,
                      "it decodes to a URL with a password");
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
