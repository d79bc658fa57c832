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

/* Beside a token or another escape: what printf wants to be told (%5d) mostly
 * stands alone. */
static int find(ss_bytes text, size_t low, size_t at, ss_region *out)
{
    ss_marked marked = {0};

    (void)low;
    read_percent(text, at, &marked);
    if (!marked.is_worth)
        return 0;
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
