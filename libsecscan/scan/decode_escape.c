/*
 * decode_escape.c: backslash escapes of the programming languages and of JSON:
 * \uXXXX \u{X} \UXXXXXXXX \xXX \x{X} \NNN, and between them \n \t \" and so on.
 * One that is itself escaped (\\u003d) loses one backslash a time.
 */
#include "scan/marked.h"

#include "scan/utf8.h"

static int byte_at(ss_bytes text, size_t at)
{
    return at < text.len ? text.data[at] : -1;
}

/* {X...}, at most six digits. */
static void read_braced(ss_bytes text, size_t at, ss_marked *out)
{
    for (size_t n = 6; n > 0; n--) {
        uint32_t c = ss_marked_hex(text, at + 3, n);

        if (c == UINT32_MAX)
            continue;
        if (byte_at(text, at + 3 + n) == '}')
            ss_marked_set(out, n + 4, c);
        return;
    }
}

/* \uXXXX, or two of them that are one character outside of the BMP. */
static void read_short(ss_bytes text, size_t at, ss_marked *out)
{
    uint32_t c = ss_marked_hex(text, at + 2, 4);
    uint32_t low;

    if (c == UINT32_MAX)
        return;
    ss_marked_set(out, 6, c);
    if ((c & 0xfc00) != 0xd800 || byte_at(text, at + 6) != '\\' ||
        byte_at(text, at + 7) != 'u')
        return;
    low = ss_marked_hex(text, at + 8, 4);
    if (low != UINT32_MAX && (low & 0xfc00) == 0xdc00)
        ss_marked_set(out, 12, 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff));
}

static void read_octal(ss_bytes text, size_t at, ss_marked *out)
{
    unsigned value = 0;

    for (size_t i = 1; i <= 3; i++) {
        int c = byte_at(text, at + i);

        if (c < '0' || c > '7')
            return;
        value = value * 8 + (unsigned)(c - '0');
    }
    if (value < 256)
        ss_marked_set_byte(out, 4, (uint8_t)value);
}

/* Escapes that tell a number. */
static void read_number(ss_bytes text, size_t at, ss_marked *out)
{
    int kind = byte_at(text, at + 1);
    uint32_t c;

    switch (kind) {
    case 'u':
    case 'x':
        if (byte_at(text, at + 2) == '{') {
            read_braced(text, at, out);
            return;
        }
        if (kind == 'u') {
            read_short(text, at, out);
            return;
        }
        /* fall through */
    case 'X':
        c = ss_marked_hex(text, at + 2, 2);
        if (c != UINT32_MAX)
            ss_marked_set_byte(out, 4, (uint8_t)c);
        return;
    case 'U':
        c = ss_marked_hex(text, at + 2, 8);
        if (c != UINT32_MAX)
            ss_marked_set(out, 10, c);
        return;
    default:
        read_octal(text, at, out);
    }
}

static int letter_of(int c)
{
    switch (c) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case 'r':
        return '\r';
    case '"':
    case '\'':
    case '/':
    case '\\':
        return c;
    default:
        return -1;
    }
}

static void read_escape(ss_bytes text, size_t at, ss_marked *out)
{
    int c = byte_at(text, at + 1);
    int letter = letter_of(c);
    ss_marked inner = {0};

    if (letter < 0) {
        read_number(text, at, out);
        return;
    }
    if (c == '\\')
        read_number(text, at + 1, &inner);
    ss_marked_set_byte(out, 2, (uint8_t)letter);
    out->is_worth = inner.is_worth;
}

static const ss_marking marking = {'\\', read_escape};

static int find(ss_bytes text, size_t low, size_t at, ss_region *out)
{
    ss_marked marked = {0};
    size_t from = at;

    read_number(text, at, &marked);
    if (!marked.is_worth)
        return 0;
    while (from > low && at - from < SS_SIGHT_REACH &&
           text.data[from - 1] == '\\')
        from--;
    ss_marked_find(&marking, text, at - ((at - from) & 1), out);
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

const ss_decoder ss_decoder_escape = {SS_ENCODING_ESCAPE, find, decode, locate};
