/*
 * decode_percent.c: %XX, as in URLs and forms (RFC 3986).
 */
#include "scan/marked.h"

static void read_percent(ss_bytes text, size_t at, ss_marked *out)
{
    uint32_t byte = ss_marked_hex(text, at + 1, 2);

    if (byte != UINT32_MAX)
        ss_marked_set_byte(out, 3, (uint8_t)byte);
}

static const ss_marking marking = {'%', read_percent};

static int is_joined(ss_bytes text, size_t at)
{
    return at < text.len &&
           (ss_is_token_byte(text.data[at]) || text.data[at] == '%');
}

/* Brackets and commas begin no region: links are full of them, and a secret is
 * found without them. But a field of a form may be one: user%5Bname%5D=. */
static int is_bracket(ss_bytes text, size_t at, uint8_t byte)
{
    size_t end = at + 3;

    if (!memchr("<>{}[]|\\^`,", byte, 11))
        return 0;
    while (byte == '[' && end < text.len && ss_is_token_byte(text.data[end]))
        end++;
    return byte != '[' || text.len - end < 4 ||
           ss_marked_hex(text, end + 1, 2) != ']' || text.data[end + 3] != '=';
}

/* Beside a token or another escape: what printf wants to be told (%5d) mostly
 * stands alone. */
static int find(ss_bytes text, size_t low, size_t at, ss_region *out)
{
    ss_marked marked = {0};

    (void)low;
    read_percent(text, at, &marked);
    if (!marked.is_worth)
        return 0;
    if (is_bracket(text, at, marked.bytes[0]))
        return marked.bytes[0] == '[' ? SS_DECODE_FAR : 0;
    if (!is_joined(text, at + 3) && !(at && is_joined(text, at - 1)))
        return 0;
    ss_marked_find(&marking, text, at, out);
    return 1;
}

static int decode(ss_bytes in, ss_buf *out)
{
    return ss_marked_decode(&marking, in, out);
}

static size_t locate(ss_bytes in, size_t at)
{
    return ss_marked_locate(&marking, in, at);
}

const ss_decoder ss_decoder_percent = {SS_ENCODING_PERCENT, find, decode,
                                       locate};
