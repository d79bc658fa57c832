/*
 * check_decode.c: text to bytes, for the checks.
 */
#include "scan/check_family.h"

size_t ss_find_byte(ss_bytes s, uint8_t c)
{
    const uint8_t *at = s.len ? memchr(s.data, c, s.len) : NULL;

    return at ? (size_t)(at - s.data) : SIZE_MAX;
}

static int base64_digit(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (ss_is_digit(c))
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

static int base32_digit(uint8_t c)
{
    c = ss_lower(c);
    if (c >= 'a' && c <= 'z')
        return c - 'a';
    return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

static size_t decode(uint8_t *out, size_t cap, ss_bytes text, unsigned bits,
                     int (*digit)(uint8_t))
{
    uint32_t held = 0;
    unsigned n_held = 0;
    size_t len = 0;

    while (text.len && text.data[text.len - 1] == '=')
        text.len--;
    for (size_t i = 0; i < text.len; i++) {
        int d = digit(text.data[i]);

        if (d < 0)
            return SIZE_MAX;
        held = held << bits | (uint32_t)d;
        n_held += bits;
        if (n_held < 8)
            continue;
        n_held -= 8;
        if (len == cap)
            return SIZE_MAX;
        out[len++] = (uint8_t)(held >> n_held);
    }
    return len;
}

size_t ss_unbase64(uint8_t *out, size_t cap, ss_bytes text)
{
    return decode(out, cap, text, 6, base64_digit);
}

size_t ss_unbase32(uint8_t *out, size_t cap, ss_bytes text)
{
    return decode(out, cap, text, 5, base32_digit);
}

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

int ss_is_text(ss_bytes s)
{
    return is_printable(s) && is_utf8(s);
}
