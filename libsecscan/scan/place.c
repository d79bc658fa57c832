/*
 * place.c: count lines and columns over bytes.
 */
#include "place.h"

/* A byte that is not UTF-8 counts as a code point of its own: every byte that
 * does not continue a sequence starts one, and a stray continuation byte behind
 * ASCII is counted with it. Cheap, and exact on valid UTF-8. */
static int starts_code_point(uint8_t c)
{
    return (c & 0xc0) != 0x80;
}

static uint64_t count_code_points(ss_bytes bytes)
{
    uint64_t n = 0;

    for (size_t i = 0; i < bytes.len; i++)
        n += (uint64_t)starts_code_point(bytes.data[i]);
    return n;
}

/* 1 in each byte that is a newline: nothing of it is left after the exclusive
 * or; its top bit is then the only one without a 1 below it (no carry goes
 * further). */
static uint64_t newlines_of(const uint8_t *bytes)
{
    const uint64_t newlines = 0x0a0a0a0a0a0a0a0au;
    const uint64_t low = 0x7f7f7f7f7f7f7f7fu;
    uint64_t word;

    memcpy(&word, bytes, sizeof(word));
    word ^= newlines;
    return ~(((word & low) + low) | word | low) >> 7;
}

static uint64_t sum_of_bytes(uint64_t word)
{
    const uint64_t even = 0x00ff00ff00ff00ffu;

    return ((word & even) + (word >> 8 & even)) * 0x0001000100010001u >> 48;
}

#define MOST_WORDS 255u /* of which each byte may be 1 in a sum of bytes */

/* Eight bytes at a time: all of an object stands before its last match. */
static uint64_t count_newlines(ss_bytes bytes)
{
    uint64_t n = 0;
    size_t i = 0;

    while (i + 8 <= bytes.len) {
        uint64_t sums = 0;

        for (size_t k = 0; k < MOST_WORDS && i + 8 <= bytes.len; k++, i += 8)
            sums += newlines_of(bytes.data + i);
        n += sum_of_bytes(sums);
    }
    for (; i < bytes.len; i++)
        n += bytes.data[i] == '\n';
    return n;
}

/* Sequences of four bytes are two code units. */
static uint64_t count_utf16(ss_bytes bytes)
{
    uint64_t n = count_code_points(bytes);

    for (size_t i = 0; i < bytes.len; i++)
        n += bytes.data[i] >= 0xf0;
    return n;
}

void ss_place_advance(ss_place *place, ss_bytes bytes)
{
    uint64_t newlines = count_newlines(bytes);

    place->offset += bytes.len;
    if (place->has_utf16)
        place->utf16 += count_utf16(bytes);
    place->line += newlines;
    if (newlines) {
        const uint8_t *last = memrchr(bytes.data, '\n', bytes.len);
        size_t at = (size_t)(last - bytes.data) + 1;

        place->column = 0;
        bytes = (ss_bytes){bytes.data + at, bytes.len - at};
    }
    place->column += count_code_points(bytes);
}

void ss_place_retreat(ss_place *place, ss_bytes bytes)
{
    place->offset -= bytes.len;
    if (place->has_utf16)
        place->utf16 -= count_utf16(bytes);
    place->column -= count_code_points(bytes);
}
