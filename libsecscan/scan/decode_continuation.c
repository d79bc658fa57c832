/*
 * decode_continuation.c: a literal or a word that goes on behind a backslash
 * and a line end, as in shells, C and Python.
 */
#include "scan/decode.h"

#define MAX_INDENT ((size_t)64)
#define MIN_WORD ((size_t)16) /* bytes of both sides together */
#define MAX_LINE ((size_t)4096)

static int is_letter(uint8_t c)
{
    return ss_is_alnum(c) || (c && strchr("_-+/=.", c));
}

/* Behind the line end and the indentation; `at` when none stands there. */
static size_t next_line(ss_bytes text, size_t at)
{
    size_t to = at + 1, indent;

    if (to < text.len && text.data[to] == '\r')
        to++;
    if (to >= text.len || text.data[to] != '\n')
        return at;
    indent = to + 1;
    while (indent < text.len && indent - to <= MAX_INDENT &&
           (text.data[indent] == ' ' || text.data[indent] == '\t'))
        indent++;
    return indent;
}

static size_t letters_before(ss_bytes text, size_t low, size_t at)
{
    size_t n = 0;

    while (at - n > low && n < MIN_WORD && is_letter(text.data[at - n - 1]))
        n++;
    return n;
}

static size_t letters_from(ss_bytes text, size_t at)
{
    size_t n = 0;

    while (at + n < text.len && n < MIN_WORD && is_letter(text.data[at + n]))
        n++;
    return n;
}

/* One long word: not the options of a command, nor a list of files. */
static int is_word(ss_bytes text, size_t low, size_t at, size_t next)
{
    size_t before = letters_before(text, low, at);
    size_t behind = letters_from(text, next);

    return before && behind && before + behind >= MIN_WORD;
}

static int find(ss_bytes text, size_t low, size_t at, ss_region *out)
{
    size_t next = next_line(text, at);

    if (next == at || !is_word(text, low, at, next))
        return 0;
    *out = (ss_region){at, next};
    for (;;) {
        size_t end = next + letters_from(text, next), more;

        while (end < text.len && is_letter(text.data[end]) &&
               end - next < MAX_LINE && end - at < SS_MAX_ENCODED / 2)
            end++;
        if (end >= text.len || text.data[end] != '\\')
            return 1;
        more = next_line(text, end);
        if (more == end || !letters_from(text, more))
            return 1;
        out->to = next = more;
    }
}

static int decode(ss_bytes in, ss_buf *out)
{
    for (size_t at = 0; at < in.len;) {
        size_t next = in.data[at] == '\\' ? next_line(in, at) : at;

        if (next > at)
            at = next;
        else if (ss_buf_putc(out, (char)in.data[at++]))
            return -1;
    }
    return 0;
}

static size_t locate(ss_bytes in, size_t offset)
{
    for (size_t at = 0; at < in.len;) {
        size_t next = in.data[at] == '\\' ? next_line(in, at) : at;

        if (next > at)
            at = next;
        else if (!offset--)
            return at;
        else
            at++;
    }
    return in.len;
}

const ss_decoder ss_decoder_continuation = {SS_ENCODING_CONCATENATION, find,
                                            decode, locate};
