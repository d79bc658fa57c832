/*
 * zlib_mark.c: does a zlib stream begin here? Its mark is two bytes, of which
 * text has many ("x^2"), so the first block must be one that deflate can be.
 */
#include "container_mark.h"

#define MAX_CODES 320 /* 286 of literals and lengths, 30 of distances */

typedef struct bits {
    ss_bytes in;
    size_t at; /* in bits */
} bits;

/* -1 when they are over. */
static int take(bits *b, unsigned n)
{
    int value = 0;

    if (b->in.len * 8 - b->at < n)
        return -1;
    for (unsigned i = 0; i < n; i++, b->at++)
        value |= (b->in.data[b->at / 8] >> (b->at % 8) & 1) << i;
    return value;
}

static int is_text(ss_bytes in)
{
    for (size_t i = 0; i < in.len && i < 64; i++)
        if (in.data[i] > 126 ||
            (in.data[i] < 32 && !(in.data[i] >= 9 && in.data[i] <= 13)))
            return 0;
    return 1;
}

static int fits_stored(bits *b)
{
    int len, not_len;

    b->at = (b->at + 7) / 8 * 8;
    len = take(b, 16);
    not_len = take(b, 16);
    return len >= 0 && not_len >= 0 && (len ^ not_len) == 0xffff;
}

/* A symbol of the fixed code, first bit first; -1 at the end. */
static int take_fixed(bits *b)
{
    int code = 0;

    for (unsigned n = 1; n <= 9; n++) {
        int bit = take(b, 1);

        if (bit < 0)
            return -1;
        code = code << 1 | bit;
        if (n == 7 && code < 24)
            return 256 + code;
        if (n == 8 && code >= 48 && code < 192)
            return code - 48;
        if (n == 8 && code >= 192 && code < 200)
            return 280 + code - 192;
    }
    return code - 400 + 144;
}

/* The length that a symbol and the bits behind it mean; -1 at the end. */
static int take_length(bits *b, int symbol)
{
    unsigned extra = (unsigned)(symbol - 261) / 4;
    int more;

    if (symbol < 265)
        return symbol - 254;
    if (symbol == 285)
        return 258;
    more = take(b, extra);
    return more < 0 ? -1 : ((4 + (symbol - 265) % 4) << extra) + 3 + more;
}

/* Pass over the distance; 0 when it is before the beginning. */
static int fits_distance(bits *b, size_t made, int *is_over)
{
    int code = 0, more;
    unsigned extra;

    for (int i = 0; i < 5; i++) {
        int bit = take(b, 1);

        if (bit < 0)
            *is_over = 1;
        code = code << 1 | (bit & 1);
    }
    extra = code < 4 ? 0 : (unsigned)(code / 2 - 1);
    more = take(b, extra);
    if (more < 0 || *is_over) {
        *is_over = 1;
        return 1;
    }
    if (code < 4)
        return (size_t)code + 1 <= made;
    return code < 30 &&
           ((size_t)(2 + code % 2) << extra) + 1 + (size_t)more <= made;
}

/* Every symbol up to the end of the block, or of what there is. */
static int fits_fixed(bits *b, int is_last)
{
    size_t made = 0;
    int is_over = 0;

    for (;;) {
        int symbol = take_fixed(b);

        if (symbol < 0)
            break;
        if (symbol == 256)
            return made > 0 && (!is_last || b->in.len - (b->at + 7) / 8 >= 4);
        if (symbol > 285)
            return 0;
        if (symbol > 256) {
            int length = take_length(b, symbol);

            if (length < 0)
                break;
            if (!fits_distance(b, made, &is_over))
                return 0;
            made += (size_t)length;
        } else {
            made++;
        }
    }
    return made > 64;
}

/* How much of the code space lengths use: `one` is all of it. */
static unsigned space_of(const uint8_t *lengths, int n, unsigned max)
{
    unsigned space = 0;

    for (int i = 0; i < n; i++)
        if (lengths[i])
            space += 1u << (max - lengths[i]);
    return space;
}

/* The next symbol of the code of code lengths; -1 at the end. */
static int take_coded(bits *b, const uint8_t lengths[19])
{
    int code = 0, first = 0;

    for (unsigned len = 1; len <= 7; len++) {
        int n = 0, bit = take(b, 1);

        if (bit < 0)
            return -1;
        code = code << 1 | bit;
        for (int i = 0; i < 19; i++)
            if (lengths[i] == len && code == first + n++)
                return i;
        first = (first + n) << 1;
    }
    return -1;
}

/* Write the `n` lengths of the two codes; 0 when they are none. */
static int take_lengths(bits *b, const uint8_t code[19], uint8_t *out, int n)
{
    for (int i = 0; i < n;) {
        int symbol = take_coded(b, code);
        int repeat = 1;
        uint8_t value = (uint8_t)symbol;

        if (symbol < 0 || (symbol == 16 && i == 0))
            return 0;
        if (symbol >= 16) {
            value = symbol == 16 ? out[i - 1] : 0;
            repeat = symbol == 16   ? 3 + take(b, 2)
                     : symbol == 17 ? 3 + take(b, 3)
                                    : 11 + take(b, 7);
        }
        if (repeat > n - i)
            return 0;
        for (; repeat > 0; repeat--)
            out[i++] = value;
    }
    return 1;
}

/* All of the code space is used by each code; by distances perhaps less. */
static int fits_dynamic(bits *b)
{
    static const uint8_t order[19] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                      11, 4,  12, 3, 13, 2, 14, 1, 15};
    uint8_t code[19] = {0}, lengths[MAX_CODES] = {0};
    int n_literals = take(b, 5) + 257, n_distances = take(b, 5) + 1;
    int n_codes = take(b, 4) + 4;

    if (n_literals > 286 || n_distances > 30)
        return 0;
    for (int i = 0; i < n_codes; i++) {
        int len = take(b, 3);

        if (len < 0)
            return 0;
        code[order[i]] = (uint8_t)len;
    }
    if (space_of(code, 19, 7) != 1u << 7 ||
        !take_lengths(b, code, lengths, n_literals + n_distances))
        return 0;
    return lengths[256] != 0 && space_of(lengths, n_literals, 15) == 1u << 15 &&
           space_of(lengths + n_literals, n_distances, 15) <= 1u << 15;
}

int ss_mark_zlib(ss_bytes head)
{
    bits b = {head, 16};
    int is_last, type;

    if (head.len < 9 || !memchr("\x01\x5e\x9c\xda", head.data[1], 4) ||
        is_text(ss_bytes_of(head.data + 2, head.len - 2)))
        return 0;
    is_last = take(&b, 1);
    type = take(&b, 2);
    if (type == 0)
        return fits_stored(&b);
    if (type == 1)
        return fits_fixed(&b, is_last);
    return type == 2 && fits_dynamic(&b);
}
