/*
 * decode_quoted_printable.c: =XX and soft line breaks, as mail has them
 * (RFC 2045). Assignments look alike (width=40), so that one alone has to
 * be what encoders write.
 */
#include "scan/marked.h"

/* Encoders break lines of 76 characters; much shorter ones end in a =. */
#define MIN_SOFT_LINE ((size_t)40)
#define MAX_SOFT_LINE ((size_t)76)

static int is_token_at(ss_bytes text, size_t at)
{
    return at < text.len && ss_is_token_byte(text.data[at]);
}

/* The length of = and the line end behind it, or 0. */
static size_t soft_break(ss_bytes text, size_t at)
{
    size_t i = at + 1;

    while (i < text.len && i - at < MAX_SOFT_LINE &&
           (text.data[i] == ' ' || text.data[i] == '\t'))
        i++;
    if (i < text.len && text.data[i] == '\r')
        i++;
    return i < text.len && text.data[i] == '\n' ? i + 1 - at : 0;
}

static uint32_t upper_hex(ss_bytes text, size_t at)
{
    for (size_t i = at; i < at + 2 && i < text.len; i++) {
        if (text.data[i] > 'F')
            return UINT32_MAX;
    }
    return ss_marked_hex(text, at, 2);
}

static void read_quoted(ss_bytes text, size_t at, ss_marked *out)
{
    uint32_t byte = upper_hex(text, at + 1);

    if (byte != UINT32_MAX) {
        ss_marked_set_byte(out, 3, (uint8_t)byte);
        return;
    }
    out->len = soft_break(text, at);
    out->is_worth = out->len && at && is_token_at(text, at - 1) &&
                    is_token_at(text, at + out->len);
}

static const ss_marking marking = {'=', read_quoted};

/* A line of another length than those that encoders break. What is before `low`
 * is unknown. */
static int is_odd_line(ss_bytes text, size_t low, size_t at)
{
    size_t from = at;

    while (from > low && at - from < MAX_SOFT_LINE &&
           text.data[from - 1] != '\n')
        from--;
    return at - from >= MAX_SOFT_LINE ||
           (at - from < MIN_SOFT_LINE && (from > low || low == 0));
}

/* The line before a rule of dashes ends in padding, as in PEM. */
static int is_break(ss_bytes text, size_t low, size_t at, size_t len)
{
    return text.data[at + len] != '-' && !is_odd_line(text, low, at);
}

/* A number that goes on: size=4096. */
static int is_number(ss_bytes text, size_t at)
{
    return at + 3 < text.len && ss_is_digit(text.data[at + 1]) &&
           ss_is_digit(text.data[at + 2]) && ss_is_digit(text.data[at + 3]);
}

static int is_quoted(ss_bytes text, size_t at, uint8_t byte)
{
    ss_marked next = {0};

    if (byte == '=')
        return 1;
    if (at + 3 < text.len && text.data[at + 3] == '=')
        read_quoted(text, at + 3, &next);
    if (next.len)
        return 1;
    return !ss_is_alnum(byte) && is_token_at(text, at + 3) &&
           !is_number(text, at);
}

static int find(ss_bytes text, size_t low, size_t at, ss_region *out)
{
    ss_marked marked = {0};

    read_quoted(text, at, &marked);
    if (!marked.is_worth)
        return 0;
    if (marked.n_bytes ? !is_quoted(text, at, marked.bytes[0])
                       : !is_break(text, low, at, marked.len))
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

const ss_decoder ss_decoder_quoted_printable = {SS_ENCODING_QUOTED_PRINTABLE,
                                                find, decode, locate};
