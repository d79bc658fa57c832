/*
 * decode_concatenation.c: a literal written in parts: "AKIA" + "ABCD", in the
 * ways of many languages, over lines, with comments between. A region reaches
 * from the quote that ends the first part to the one that begins the last; what
 * it decodes to is the text of the parts between, so that the outer quotes hold
 * all of it.
 */
#include "scan/decode.h"

#define MAX_JOINT ((size_t)512)
#define MAX_PART ((size_t)4096) /* of one literal */
#define MIN_KEY_LINE 16u

static int byte_at(ss_bytes text, size_t at)
{
    return at < text.len ? text.data[at] : -1;
}

static int is_quote(int c)
{
    return c == '"' || c == '\'' || c == '`';
}

static int is_blank(int c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Blanks, line ends, backslashes before one and comments to the line's end. */
static size_t skip_blank(ss_bytes text, size_t at)
{
    for (;;) {
        int c = byte_at(text, at);
        int next = byte_at(text, at + 1);

        if (is_blank(c)) {
            at++;
        } else if ((c == '\\' || c == '_') && (next == '\n' || next == '\r')) {
            at++;
        } else if (c == '#' || ((c == '/' || c == '-') && next == c)) {
            while (at < text.len && text.data[at] != '\n')
                at++;
        } else {
            return at;
        }
    }
}

static size_t operator_len(ss_bytes text, size_t at)
{
    int c = byte_at(text, at);
    int is_double = byte_at(text, at + 1) == c;

    switch (c) {
    case '+':
    case '.':
        return is_double ? 2 : 1;
    case '&':
    case '~':
        return is_double ? 0 : 1;
    case '|':
    case '<':
        return is_double ? 2 : 0;
    default:
        return 0;
    }
}

/* Where the next part begins when a joint stands at `at`, a quote; else 0. */
static size_t joint_end(ss_bytes text, size_t at)
{
    size_t end = at;

    if (text.len - at > MAX_JOINT)
        text.len = at + MAX_JOINT;
    end = skip_blank(text, at + 1);
    end += operator_len(text, end);
    end = skip_blank(text, end);
    return byte_at(text, end) == text.data[at] ? end + 1 : 0;
}

/* The quote that ends the part at `at`, or the end of its line or of `text`. */
static size_t part_end(ss_bytes text, size_t at, uint8_t quote)
{
    for (; at < text.len && text.data[at] != quote; at++) {
        if (text.data[at] == '\n')
            break;
        if (text.data[at] == '\\')
            at++;
    }
    return at < text.len ? at : text.len;
}

/* What may stand beside a quote inside of the literal: a secret is split
 * between its bytes, and what opens a literal has blanks and brackets before
 * it. */
static int is_inside(int c)
{
    switch (c) {
    case '(':
    case ')':
    case '[':
    case ']':
    case '{':
    case '}':
    case ',':
    case '<':
    case '>':
    case '"':
    case '\'':
    case '`':
        return 0;
    default:
        return c > ' ' && c < 0x7f;
    }
}

static int is_token(int c)
{
    return c >= 0 && (ss_is_alnum((uint8_t)c) || c == '_' || c == '+' ||
                      c == '/' || c == '=');
}

/* The letter before a quote is no text: b"", of which only `low` - 1 on may be
 * looked at. */
static int is_prefix(ss_bytes text, size_t low, size_t at)
{
    uint8_t c = ss_lower(text.data[at]);

    return (c == 'b' || c == 'r' || c == 'u' || c == 'f' || c == 'l') &&
           at >= low && at > 0 && !is_token(text.data[at - 1]) &&
           !is_quote(text.data[at - 1]);
}

/* Without an operator it may be two words of a list, or a quote in SQL. */
static int is_joined(ss_bytes text, size_t at, size_t end)
{
    size_t second = end - 1;

    if (operator_len(text, skip_blank(text, at + 1)))
        return 1;
    return text.data[at] != '`' && is_token(text.data[at - 1]) &&
           is_token(byte_at(text, end)) &&
           (second > at + 1 ||
            (ss_is_alnum(text.data[at - 1]) && ss_is_alnum(text.data[end])));
}

/* A line end is escaped before the quote at `at`: only a key goes on behind it,
 * with a line of base64 or its last line. */
static int is_line_of_text(ss_bytes text, size_t at, size_t end)
{
    uint8_t c = text.data[at - 1];

    if (at < 2 || text.data[at - 2] != '\\' || (c != 'n' && c != 'r'))
        return 0;
    if (text.len - end >= 5 && !memcmp(text.data + end, "-----", 5))
        return 0;
    for (size_t i = end; i < end + MIN_KEY_LINE; i++) {
        if (i >= text.len || !is_token(text.data[i]))
            return 1;
    }
    return 0;
}

/* The end of the joint at `at` when text stands on both of its sides. */
static size_t joint_in_text(ss_bytes text, size_t low, size_t at)
{
    size_t end;

    if (!at || !is_inside(text.data[at - 1]))
        return 0;
    end = joint_end(text, at);
    if (!end || !is_inside(byte_at(text, end)) ||
        is_prefix(text, low, at - 1) || !is_joined(text, at, end) ||
        (at > low && is_line_of_text(text, at, end)))
        return 0;
    return end;
}

/* Where the part at `from` ends that began `at`: its quote, or 0. */
static size_t closing_quote(ss_bytes text, size_t from, uint8_t quote)
{
    size_t end;

    if (text.len - from > MAX_PART)
        text.len = from + MAX_PART;
    end = part_end(text, from, quote);
    return end < text.len && text.data[end] == quote ? end : 0;
}

static int find(ss_bytes text, size_t low, size_t at, ss_region *out)
{
    uint8_t quote = text.data[at];
    size_t end = joint_in_text(text, low, at);

    if (!end)
        return 0;
    *out = (ss_region){at, end};
    while (end) {
        size_t next = closing_quote(text, end, quote);

        if (!next || next == end || next - at > SS_MAX_ENCODED / 2)
            break;
        end = joint_in_text(text, low, next);
        if (!end)
            break; /* prose goes on with a blank */
        out->to = end;
    }
    return 1;
}

/* One part with the joint before it: `in` behind both. */
typedef struct piece {
    size_t text, to;
} piece;

/* What begins at `at`: a joint and its part, or plain text. */
static piece piece_at(ss_bytes in, uint8_t quote, size_t at)
{
    size_t text = in.data[at] == quote ? joint_end(in, at) : 0;

    if (text)
        return (piece){text, part_end(in, text, quote)};
    text = part_end(in, at, quote);
    return (piece){at, text > at ? text : at + 1};
}

static int decode(ss_bytes in, ss_buf *out)
{
    for (size_t at = 0; at < in.len;) {
        piece p = piece_at(in, in.data[0], at);

        if (ss_buf_add(out, in.data + p.text, p.to - p.text))
            return -1;
        at = p.to;
    }
    return 0;
}

static size_t locate(ss_bytes in, size_t offset)
{
    for (size_t at = 0; at < in.len;) {
        piece p = piece_at(in, in.data[0], at);

        if (offset < p.to - p.text)
            return p.text + offset;
        offset -= p.to - p.text;
        at = p.to;
    }
    return in.len;
}

const ss_decoder ss_decoder_concatenation = {SS_ENCODING_CONCATENATION, find,
                                             decode, locate};
