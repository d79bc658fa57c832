/*
 * base64.c: find the lines of a block of base64.
 */
#include "scan/base64.h"

#define MAX_BLANKS 128u
#define MIN_LINE ((size_t)40) /* shorter lines are not wrapped */
/* What a block may lack of its maximum, for the sake of whole groups. */
#define SLACK ((size_t)16384)

const uint8_t ss_base64_digits[256] = {
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 62, 64, 62, 64, 63, 52, 53, 54, 55, 56, 57, 58, 59, 60,
    61, 64, 64, 64, 64, 64, 64, 64, 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
    11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 64, 64, 64, 64,
    63, 64, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42,
    43, 44, 45, 46, 47, 48, 49, 50, 51, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64,
};

static int byte_at(ss_bytes text, size_t at)
{
    return at < text.len ? text.data[at] : -1;
}

static size_t skip_blanks(ss_bytes text, size_t at)
{
    size_t from = at;

    while (at - from < MAX_BLANKS &&
           (byte_at(text, at) == ' ' || byte_at(text, at) == '\t'))
        at++;
    return at;
}

/* Behind one letter that backslashes escape: \\n, and \\\\n in what is quoted
 * twice. */
static size_t skip_escape(ss_bytes text, size_t at, int letter)
{
    size_t from = at;

    while (byte_at(text, at) == '\\' && at - from < 4)
        at++;
    return at > from && byte_at(text, at) == letter ? at + 1 : from;
}

static size_t skip_escaped_end(ss_bytes text, size_t at)
{
    return skip_escape(text, skip_escape(text, at, 'r'), 'n');
}

/* Behind a line end, a backslash before it and the indentation or mark of a
 * comment behind it. */
static size_t skip_line_end(ss_bytes text, size_t at)
{
    size_t end = at;

    if (byte_at(text, end) == '\\')
        end++;
    if (byte_at(text, end) == '\r')
        end++;
    if (byte_at(text, end) != '\n')
        return at;
    end = skip_blanks(text, end + 1);
    for (size_t i = 0; i < MAX_BLANKS; i++) {
        if (byte_at(text, end) != '#' && byte_at(text, end) != '*')
            break;
        end++;
    }
    return skip_blanks(text, end);
}

static size_t skip_operator(ss_bytes text, size_t at)
{
    int c = byte_at(text, at);

    return c == '+' || c == ',' || c == '.' || c == '&' ? at + 1 : at;
}

/* Behind a quote, a line end and the quote of the next line; else `at`. */
static size_t skip_quotes(ss_bytes text, size_t at)
{
    int quote = byte_at(text, at);
    size_t end, line;

    if (quote != '"' && quote != '\'' && quote != '`')
        return at;
    end = skip_blanks(text, at + 1);
    end = skip_blanks(text, skip_operator(text, end));
    line = skip_line_end(text, end);
    if (line == end)
        return at;
    line = skip_blanks(text, skip_operator(text, line));
    return byte_at(text, line) == quote ? skip_blanks(text, line + 1) : at;
}

size_t ss_base64_joint(ss_bytes text, size_t at)
{
    size_t end = skip_escaped_end(text, at);
    size_t quoted = skip_quotes(text, end);

    return quoted > end ? quoted : skip_line_end(text, end);
}

/* ---- lines ---- */

typedef struct line {
    size_t n_digits, n_padding, to;
} line;

static int are_digits(const uint8_t *s)
{
    const uint8_t *d = ss_base64_digits;

    return !((d[s[0]] | d[s[1]] | d[s[2]] | d[s[3]]) & SS_NO_DIGIT);
}

static line line_at(ss_bytes text, size_t from)
{
    line l = {0, 0, from};

    while (text.len - l.to >= 4 && are_digits(text.data + l.to))
        l.to += 4;
    while (l.to < text.len && ss_base64_digits[text.data[l.to]] < SS_NO_DIGIT)
        l.to++;
    l.n_digits = l.to - from;
    while (l.n_padding < 2 && byte_at(text, l.to) == '=') {
        l.to++;
        l.n_padding++;
    }
    return l;
}

/* What may stand behind the last line. */
static int is_border(int c)
{
    return c < 0 || memchr("\n\r\\\"'`<", c, 7);
}

/* `l` goes on where a line of `first` digits has ended: a full one, or a last
 * one that ends as base64 does. */
static int goes_on(ss_bytes text, size_t from, line l,
                   const ss_base64_block *block)
{
    if (l.n_digits == 0 || l.n_digits > block->first_line ||
        !is_border(byte_at(text, l.to)) ||
        (byte_at(text, from) == '-' && byte_at(text, from + 1) == '-'))
        return 0;
    return l.n_digits == block->first_line || l.to == text.len ||
           (block->n_digits + l.n_digits + l.n_padding) % 4 == 0;
}

static ss_base64_block cut(size_t from, size_t max)
{
    size_t n = max & ~(size_t)3;

    return (ss_base64_block){from + n, n, n};
}

ss_base64_block ss_base64_block_at(ss_bytes text, size_t from, size_t max)
{
    line l = line_at(text, from);
    ss_base64_block block = {l.to, l.n_digits, l.n_digits};

    if (l.to - from > max)
        return cut(from, max);
    while (l.n_padding == 0 && l.n_digits == block.first_line &&
           l.n_digits >= MIN_LINE) {
        size_t next = ss_base64_joint(text, block.to);

        if (next == block.to ||
            (block.to - from > max - SLACK && block.n_digits % 4 == 0))
            break;
        l = line_at(text, next);
        if (!goes_on(text, next, l, &block) || l.to - from > max)
            break;
        block.to = l.to;
        block.n_digits += l.n_digits;
    }
    return block;
}
