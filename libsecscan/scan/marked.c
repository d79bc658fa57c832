/*
 * marked.c: regions of escapes that begin with a mark.
 */
#include "scan/marked.h"

#include "scan/utf8.h"

#define MAX_GAP ((size_t)128) /* plain bytes between two of one region */

static unsigned hex_digit(uint8_t c)
{
    if (ss_is_digit(c))
        return c - (unsigned)'0';
    c = ss_lower(c);
    return c >= 'a' && c <= 'f' ? c - (unsigned)'a' + 10 : 16;
}

uint32_t ss_marked_hex(ss_bytes text, size_t at, size_t n)
{
    uint32_t value = 0;

    if (at > text.len || n > text.len - at)
        return UINT32_MAX;
    for (size_t i = 0; i < n; i++) {
        unsigned digit = hex_digit(text.data[at + i]);

        if (digit > 15)
            return UINT32_MAX;
        value = value << 4 | digit;
    }
    return value;
}

void ss_marked_set_byte(ss_marked *out, size_t len, uint8_t byte)
{
    out->len = len;
    out->bytes[0] = byte;
    out->n_bytes = 1;
    out->is_worth = ss_is_graphic(byte);
}

void ss_marked_set(ss_marked *out, size_t len, uint32_t c)
{
    int is_character = c < 0x110000 && (c & 0xfffff800u) != 0xd800;

    out->len = len;
    out->n_bytes = ss_utf8_write(out->bytes, is_character ? c : SS_REPLACEMENT);
    out->is_worth = ss_is_graphic(c);
}

static ss_marked read_at(const ss_marking *marking, ss_bytes text, size_t at)
{
    ss_marked marked = {0};

    marking->read(text, at, &marked);
    return marked;
}

static size_t find_byte(ss_bytes text, size_t from, size_t to, uint8_t c)
{
    const uint8_t *at =
        from < to ? memchr(text.data + from, c, to - from) : NULL;

    return at ? (size_t)(at - text.data) : to;
}

/* A line ends there, and no backslash continues it. */
static int has_line_end(ss_bytes text, size_t from, size_t to)
{
    size_t at = find_byte(text, from, to, '\n');

    for (; at < to; at = find_byte(text, at + 1, to, '\n')) {
        size_t end = at > from && text.data[at - 1] == '\r' ? at - 1 : at;

        if (end == from || text.data[end - 1] != '\\')
            return 1;
    }
    return 0;
}

static size_t min_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

void ss_marked_find(const ss_marking *marking, ss_bytes text, size_t from,
                    ss_region *out)
{
    size_t last = min_of(text.len - from, SS_MAX_ENCODED) + from;
    size_t at = from;
    size_t limit = last;

    *out = (ss_region){from, from};
    for (;;) {
        size_t mark = find_byte(text, at, limit, marking->mark);
        ss_marked marked;

        if (mark == limit || has_line_end(text, at, mark))
            return;
        marked = read_at(marking, text, mark);
        at = mark + (marked.len ? marked.len : 1);
        if (at > last)
            return;
        if (marked.is_worth) {
            out->to = at;
            limit = min_of(last - at, MAX_GAP) + at;
        }
        if (at > limit)
            return;
    }
}

int ss_marked_decode(const ss_marking *marking, ss_bytes in, ss_buf *out)
{
    size_t at = 0;

    while (at < in.len) {
        size_t mark = find_byte(in, at, in.len, marking->mark);
        ss_marked marked = {0};

        if (mark < in.len)
            marked = read_at(marking, in, mark);
        else
            mark = in.len - 1;
        if (!marked.len)
            mark++;
        if (ss_buf_add(out, in.data + at, mark - at) ||
            ss_buf_add(out, marked.bytes, marked.n_bytes))
            return -1;
        at = mark + marked.len;
    }
    return 0;
}

size_t ss_marked_locate(const ss_marking *marking, ss_bytes in, size_t at)
{
    size_t from = 0;

    while (from < in.len) {
        size_t mark = find_byte(in, from, in.len, marking->mark);
        ss_marked marked = {0};

        if (at < mark - from)
            return from + at;
        if (mark == in.len)
            return in.len;
        at -= mark - from;
        marked = read_at(marking, in, mark);
        if (!marked.len)
            marked = (ss_marked){.len = 1, .n_bytes = 1};
        if (at < marked.n_bytes)
            return mark;
        at -= marked.n_bytes;
        from = mark + marked.len;
    }
    return in.len;
}
