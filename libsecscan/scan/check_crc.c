/*
 * check_crc.c: tokens that end in a CRC-32 of what stands before.
 */
#include "scan/check_family.h"

static int ends_in(ss_bytes s, const char *tail, size_t len)
{
    return s.len >= len && !memcmp(s.data + s.len - len, tail, len);
}

/* Six base62 digits of the CRC of what stands between the last underscore of
 * the prefix and them. */
static int has_base62_tail(ss_bytes secret, size_t prefix_len)
{
    char tail[6];

    ss_base62(
        tail, 6,
        ss_crc32(ss_cut(secret, prefix_len, secret.len - prefix_len - 6)));
    return ends_in(secret, tail, 6);
}

void ss_check_github(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    int is_right;

    (void)match;
    if (secret.len != 40 || ss_find_byte(secret, '.') != SIZE_MAX) {
        ss_check_unsure(result, "not the form that has a checksum");
        return;
    }
    is_right = has_base62_tail(secret, 4);
    if (!is_right && ss_bytes_starts(secret, "ghr_"))
        ss_check_unsure(result, "its checksum is not the known one");
    else
        ss_check_sum(result, is_right);
}

void ss_check_npm(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    (void)match;
    if (secret.len != 40)
        ss_check_unsure(result, "not the form that has a checksum");
    else
        ss_check_sum(result, has_base62_tail(secret, 4));
}

/* Found by trial on samples, the vendor is silent: a fail says nothing. */
void ss_check_vercel(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    (void)match;
    if (secret.len == 60 && has_base62_tail(secret, 4))
        ss_check_sum(result, 1);
    else
        ss_check_unsure(result, "its checksum is not the known one");
}

void ss_check_polar(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    (void)match;
    if (secret.len < 44 || secret.data[secret.len - 44] != '_')
        ss_check_unsure(result, "not the form that has a checksum");
    else
        ss_check_sum(result, has_base62_tail(secret, secret.len - 43));
}

/* prefix-payload[.01].length and the tail: 7 base36 digits of the CRC of all
 * that stands before, prefix included. Tokens without a dot have none. */
void ss_check_gitlab(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    size_t dash = ss_find_byte(secret, '-');
    uint32_t crc;
    char tail[7];

    (void)match;
    if (secret.len < 20 || dash == SIZE_MAX ||
        ss_find_byte(secret, '.') == SIZE_MAX) {
        ss_check_unsure(result, "not the form that has a checksum");
        return;
    }
    crc = ss_crc32(ss_cut(secret, 0, secret.len - 7));
    for (size_t i = 7; i > 0; i--) {
        tail[i - 1] = "0123456789abcdefghijklmnopqrstuvwxyz"[crc % 36];
        crc /= 36;
    }
    if (ends_in(secret, tail, 7))
        ss_check_sum(result, 1);
    else if (dash + 3 < secret.len && secret.data[dash + 1] == 't' &&
             secret.data[dash + 3] == '_')
        ss_check_unsure(result, "its checksum is not the known one");
    else
        ss_check_sum(result, 0);
}

/* `crc` as 8 hex digits, most significant first, in either case. */
static int has_hex_tail(ss_bytes secret, uint32_t crc)
{
    ss_bytes tail;

    if (secret.len < 8)
        return 0;
    tail = ss_cut(secret, secret.len - 8, 8);
    for (size_t i = 0; i < 8; i++) {
        uint32_t digit = crc >> (28 - 4 * i) & 15;

        if (ss_lower(tail.data[i]) != (uint8_t) "0123456789abcdef"[digit])
            return 0;
    }
    return 1;
}

static uint32_t swap_bytes(uint32_t v)
{
    return v << 24 | (v & 0xff00) << 8 | (v >> 8 & 0xff00) | v >> 24;
}

void ss_check_grafana(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    uint32_t crc;

    (void)match;
    if (secret.len < 16 || secret.data[secret.len - 9] != '_') {
        ss_check_unsure(result, "not the form that has a checksum");
        return;
    }
    crc = ss_crc32(ss_cut(secret, 0, secret.len - 9));
    ss_check_sum(result, has_hex_tail(secret, swap_bytes(crc)));
}

void ss_check_cloudflare(ss_bytes secret, ss_bytes match,
                         ss_check_result *result)
{
    size_t underscore = ss_find_byte(secret, '_');
    ss_bytes body;

    (void)match;
    if (underscore > 5 || secret.len != underscore + 49) {
        ss_check_unsure(result, "not the form that has a checksum");
        return;
    }
    body = ss_cut(secret, underscore + 1, 40);
    ss_check_sum(result, has_hex_tail(secret, ss_crc32(body)));
}

void ss_check_zuplo(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    (void)match;
    if (secret.len != 46 || !ss_bytes_starts(secret, "zpka_")) {
        ss_check_unsure(result, "not the form that has a checksum");
        return;
    }
    ss_check_sum(result, has_hex_tail(secret, ss_crc32(ss_cut(secret, 5, 32))));
}

void ss_check_confluent(ss_bytes secret, ss_bytes match,
                        ss_check_result *result)
{
    uint8_t tail[5];
    uint32_t crc;

    (void)match;
    if (secret.len != 64 || !ss_bytes_starts(secret, "cflt")) {
        ss_check_unsure(result, "not the form that has a checksum");
        return;
    }
    crc = ss_crc32(ss_cut(secret, 4, 54));
    if (ss_unbase64(tail, sizeof(tail), ss_cut(secret, 58, 6)) != 4) {
        ss_check_sum(result, 0);
        return;
    }
    ss_check_sum(result,
                 swap_bytes(crc) ==
                     ((uint32_t)tail[0] << 24 | (uint32_t)tail[1] << 16 |
                      (uint32_t)tail[2] << 8 | (uint32_t)tail[3]));
}

/* Undo %3D and \= , as URLs and properties files have the equals sign. */
static size_t unescape_equals(uint8_t *out, size_t cap, ss_bytes secret)
{
    size_t len = 0;

    for (size_t i = 0; i < secret.len; i++) {
        ss_bytes rest = ss_cut(secret, i, 3);

        if (len == cap)
            return SIZE_MAX;
        if (ss_bytes_starts_nocase(rest, "%3d")) {
            out[len++] = '=';
            i += 2;
        } else if (!ss_bytes_starts(rest, "\\=")) {
            out[len++] = secret.data[i];
        }
    }
    return len;
}

void ss_check_atlassian(ss_bytes secret, ss_bytes match,
                        ss_check_result *result)
{
    uint8_t plain[SS_CHECK_SHORT];
    size_t len = unescape_equals(plain, sizeof(plain), secret);
    ss_bytes token = {plain, len};

    (void)match;
    if (len == SIZE_MAX || len < 20 || ss_bytes_starts(token, "ATTA")) {
        ss_check_unsure(result, "not the form that has a checksum");
        return;
    }
    token.len = len - 8;
    ss_check_sum(result, has_hex_tail((ss_bytes){plain, len}, ss_crc32(token)));
}
