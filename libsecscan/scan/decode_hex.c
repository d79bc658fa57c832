/*
 * decode_hex.c: text and containers in hex. Hashes say no at their first bytes.
 */
#include "scan/decode.h"
#include "scan/payload.h"
#include "scan/run.h"

#define MIN_DIGITS (2 * SS_PAYLOAD_HEAD)
/* Digits that have to be of text, one and all. */
#define LOOK_TEXT ((size_t)256)

static unsigned digit_of(uint8_t c)
{
    if (ss_is_digit(c))
        return c - (unsigned)'0';
    c = ss_lower(c);
    return c >= 'a' && c <= 'f' ? c - (unsigned)'a' + 10 : 16;
}

static size_t unpack(uint8_t *to, ss_bytes in)
{
    size_t n = in.len / 2;

    for (size_t i = 0; i < n; i++)
        to[i] = (uint8_t)(digit_of(in.data[2 * i]) << 4 |
                          (digit_of(in.data[2 * i + 1]) & 15));
    return n;
}

static int decode(ss_bytes in, ss_buf *out)
{
    if (in.len < 2)
        return 0;
    if (ss_buf_reserve(out, in.len / 2))
        return -1;
    out->len += unpack(out->data + out->len, in);
    return 0;
}

static size_t locate(ss_bytes in, size_t at)
{
    return at < in.len / 2 ? 2 * at : in.len;
}

/* The end of the digits of one case at `from`. */
static size_t digits_end(ss_bytes text, size_t from, size_t max)
{
    unsigned cases = 0;
    size_t at;

    if (text.len - from > max)
        text.len = from + max;
    for (at = from; at < text.len && digit_of(text.data[at]) < 16; at++) {
        if (!ss_is_digit(text.data[at]))
            cases |= text.data[at] >= 'a' ? 1 : 2;
        if (cases == 3)
            break;
    }
    return at;
}

static int is_part(int c)
{
    return c >= 0 && (ss_is_alnum((uint8_t)c) || c == '_' || c == '-');
}

static int is_worth(ss_bytes digits)
{
    uint8_t bytes[LOOK_TEXT / 2];
    ss_bytes head = {bytes, 0};

    if (digits.len > LOOK_TEXT)
        digits.len = LOOK_TEXT;
    head.len = unpack(bytes, digits);
    return ss_payload_is_known(head) || ss_payload_is_text(head);
}

static int find_from(ss_bytes text, size_t from, ss_region *out)
{
    size_t end;

    if (text.len - from < MIN_DIGITS || digit_of(text.data[from]) > 15 ||
        digit_of(text.data[from + 1]) > 15)
        return 0;
    if (!is_worth((ss_bytes){text.data + from, MIN_DIGITS}))
        return 0;
    end = digits_end(text, from, SS_MAX_ENCODED);
    if (end - from < MIN_DIGITS || (end - from < SS_MAX_ENCODED &&
                                    end < text.len && is_part(text.data[end])))
        return ss_decode_no(from, end);
    if ((end - from) % 2 && end < text.len)
        return ss_decode_no(from, end);
    *out = (ss_region){from, end};
    return is_worth((ss_bytes){text.data + from, end - from})
               ? 1
               : ss_decode_no(from, end);
}

/* Behind 0x, or \x of PostgreSQL. */
static size_t skip_prefix(ss_bytes text, size_t from)
{
    if (text.len - from > 2 && text.data[from] == '0' &&
        ss_lower(text.data[from + 1]) == 'x')
        return from + 2;
    return text.len > from && text.data[from] == 'x' ? from + 1 : from;
}

static int find(ss_bytes text, size_t low, size_t at, ss_region *out)
{
    ss_run run = ss_run_look(text, at, MIN_DIGITS);
    int no = 0;

    (void)low;
    if (run.is_word)
        return 0;
    for (uint64_t starts = run.starts; starts; starts &= starts - 1) {
        size_t start = at + (size_t)__builtin_ctzll(starts);
        int rc = find_from(text, skip_prefix(text, start), out);

        if (rc > 0)
            return 1;
        no |= rc;
    }
    return no;
}

const ss_decoder ss_decoder_hex = {SS_ENCODING_HEX, find, decode, locate};
