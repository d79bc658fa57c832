/*
 * decode_base64.c: base64 (RFC 4648) that is worth it: what begins as text or
 * as a known container does, and long runs of nothing known. Identifiers and
 * paths are base64 too; they are told by their first bytes.
 */
#include "scan/base64.h"
#include "scan/decode.h"
#include "scan/payload.h"
#include "scan/run.h"

#define MIN_DIGITS 16u
#define LONG_LINE 40u    /* digits: the first bytes speak for the others */
#define MIN_BINARY 200u  /* digits of what is worth it unknown */
#define LOOK_BINARY 128u /* of them are counted */

/* ---- decoding ---- */

static uint8_t *put_group(uint8_t *to, uint32_t held)
{
    to[0] = (uint8_t)(held >> 16);
    to[1] = (uint8_t)(held >> 8);
    to[2] = (uint8_t)held;
    return to + 3;
}

static size_t next_line(ss_bytes in, size_t at)
{
    size_t next = ss_base64_joint(in, at);

    return next > at ? next : at + 1;
}

/* Four digits at a time, as far as there are only digits. */
static size_t unpack_groups(uint8_t *to, ss_bytes in, size_t *at)
{
    const uint8_t *d = ss_base64_digits;
    size_t n = 0;

    for (; in.len - *at >= 4; *at += 4, n += 3) {
        const uint8_t *s = in.data + *at;
        uint32_t a = d[s[0]], b = d[s[1]], c = d[s[2]], e = d[s[3]];

        if ((a | b | c | e) & SS_NO_DIGIT)
            break;
        put_group(to + n, a << 18 | b << 12 | c << 6 | e);
    }
    return n;
}

/* `to` has room. Bits that fill no byte are dropped. */
static size_t unpack(uint8_t *to, ss_bytes in)
{
    const uint8_t *start = to;
    uint32_t held = 0;
    unsigned n_held = 0;

    for (size_t at = 0; at < in.len;) {
        uint8_t digit;

        if (n_held == 0)
            to += unpack_groups(to, in, &at);
        if (at == in.len)
            break;
        digit = ss_base64_digits[in.data[at]];
        if (digit == SS_NO_DIGIT) {
            at = next_line(in, at);
            continue;
        }
        at++;
        held = held << 6 | digit;
        if (++n_held == 4) {
            to = put_group(to, held);
            n_held = 0;
        }
    }
    if (n_held >= 2)
        *to++ = (uint8_t)(held >> (n_held == 2 ? 4 : 10));
    if (n_held == 3)
        *to++ = (uint8_t)(held >> 2);
    return (size_t)(to - start);
}

static int decode(ss_bytes in, ss_buf *out)
{
    if (ss_buf_reserve(out, in.len / 4 * 3 + 3))
        return -1;
    out->len += unpack(out->data + out->len, in);
    return 0;
}

static size_t skip_padding(ss_bytes in, size_t at)
{
    while (at < in.len && in.data[at] == '=')
        at++;
    return at;
}

/* The digit that holds the first bit of a byte, when the one with its last bit
 * is there. */
static size_t locate(ss_bytes in, size_t offset)
{
    size_t first = offset * 8 / 6, last = (offset * 8 + 7) / 6;
    size_t n = 0, start = 0, end = 0;

    for (size_t at = 0; at < in.len;) {
        if (ss_base64_digits[in.data[at]] == SS_NO_DIGIT) {
            at = next_line(in, at);
            continue;
        }
        if (n == first)
            start = at;
        if (n == last)
            return start;
        at++;
        if (offset && n == (offset * 8 - 1) / 6)
            end = at;
        n++;
    }
    return skip_padding(in, end ? end : in.len);
}

/* ---- what is worth it ---- */

static int is_short_text(ss_bytes digits)
{
    uint8_t bytes[LONG_LINE];

    return ss_payload_is_ascii((ss_bytes){bytes, unpack(bytes, digits)});
}

/* Text that has a zero or a mark in its first character. */
static int is_utf16(const uint8_t *text)
{
    return !text[0] || !text[1] || text[0] >= 0xfe;
}

/* What the shortest base64 decodes to, its padding counted; 0 for others. */
static size_t unpack_head(uint8_t to[SS_PAYLOAD_HEAD], const uint8_t *s)
{
    size_t n = 0;

    while (n < MIN_DIGITS && ss_base64_digits[s[n]] < SS_NO_DIGIT)
        n++;
    for (size_t i = n; i < MIN_DIGITS; i++) {
        if (n < MIN_DIGITS - 2 || s[i] != '=')
            return 0;
    }
    return unpack(to, (ss_bytes){s, n});
}

/* The base64 at `from`: 1 with *out when its head is worth it, or no. */
static int find_known(ss_bytes text, size_t from, ss_region *out)
{
    uint8_t bytes[SS_PAYLOAD_HEAD];
    ss_bytes head = {bytes, 0};
    ss_base64_block block;
    int is_known;

    if (text.len - from < MIN_DIGITS || !ss_base64_may_begin(text.data + from))
        return 0;
    head.len = unpack_head(bytes, text.data + from);
    is_known = ss_payload_is_known(head);
    if (!is_known && !ss_payload_is_text(head))
        return 0;
    block = ss_base64_block_at(text, from, SS_MAX_ENCODED);
    *out = (ss_region){from, block.to};
    if (is_known || block.n_digits >= LONG_LINE || is_utf16(bytes) ||
        is_short_text((ss_bytes){text.data + from, block.to - from}))
        return 1;
    return ss_decode_no(from, block.to);
}

typedef struct counts {
    size_t upper, lower, digits, other, url;
} counts;

static counts count(ss_bytes s)
{
    counts n = {0, 0, 0, 0, 0};

    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.data[i];

        n.upper += (uint8_t)(c - 'A') < 26;
        n.lower += (uint8_t)(c - 'a') < 26;
        n.digits += (uint8_t)(c - '0') < 10;
        n.other += c == '+' || c == '/';
        n.url += c == '-' || c == '_';
    }
    return n;
}

/* Letters of both cases and digits are mixed, and one alphabet's marks are few:
 * no path, no identifier, no hash. Mangled names have few capitals. */
static int is_mixed(ss_bytes digits)
{
    counts n = count(digits);

    return n.upper * 2 >= n.lower && n.lower >= digits.len / 16 &&
           n.digits >= digits.len / 32 && n.digits < digits.len / 2 &&
           (n.other == 0 || n.url == 0) && n.other + n.url <= digits.len / 8;
}

static int find_binary(ss_bytes text, size_t from, ss_region *out)
{
    size_t rest = text.len - from;
    ss_bytes look = {text.data + from, rest < LOOK_BINARY ? rest : LOOK_BINARY};
    ss_base64_block block;

    for (size_t i = 0; i < look.len; i++) {
        if (ss_base64_digits[look.data[i]] == SS_NO_DIGIT)
            look.len = i;
    }
    if (look.len < LONG_LINE || !is_mixed(look))
        return 0;
    block = ss_base64_block_at(text, from, SS_MAX_ENCODED);
    *out = (ss_region){from, block.to};
    return block.n_digits >= MIN_BINARY ? 1 : ss_decode_no(from, block.to);
}

static int find(ss_bytes text, size_t low, size_t at, ss_region *out)
{
    ss_run run = ss_run_look(text, at, MIN_DIGITS);
    size_t binary = run.starts & 2 && ss_is_alnum(text.data[at]) ? 1 : 0;
    int rc, no = 0;

    (void)low;
    if (run.is_word)
        return 0;
    for (uint64_t starts = run.starts; starts; starts &= starts - 1) {
        size_t start = (size_t)__builtin_ctzll(starts);

        rc = find_known(text, at + start, out);
        if (rc > 0)
            return 1;
        no |= rc;
        if (start && text.data[at + start - 1] == '=')
            binary = start;
    }
    rc = run.len >= LONG_LINE ? find_binary(text, at + binary, out) : 0;
    return rc ? rc : no;
}

const ss_decoder ss_decoder_base64 = {SS_ENCODING_BASE64, find, decode, locate};
