/*
 * decode_utf16.c: UTF-16 (RFC 2781) to UTF-8 (RFC 3629).
 */
#include "decode_utf16.h"

#include "scan/utf8.h"

int ss_utf16_mark(ss_bytes head)
{
    if (head.len >= 4 && !memcmp(head.data, "\xff\xfe\0\0", 4))
        return 0; /* UTF-32 */
    if (head.len >= 2 && head.data[0] == 0xff && head.data[1] == 0xfe)
        return 1;
    if (head.len >= 2 && head.data[0] == 0xfe && head.data[1] == 0xff)
        return 2;
    return 0;
}

static int put(ss_buf *out, uint32_t c)
{
    uint8_t bytes[4];

    return ss_buf_add(out, bytes, ss_utf8_write(bytes, c));
}

static int is_high(uint32_t unit)
{
    return (unit & 0xfc00) == 0xd800;
}

static int is_low(uint32_t unit)
{
    return (unit & 0xfc00) == 0xdc00;
}

static int put_unit(ss_utf16 *state, uint16_t unit, ss_buf *out)
{
    uint32_t high = state->high;

    state->high = 0;
    if (high && is_low(unit))
        return put(out, 0x10000 + ((high & 0x3ffu) << 10) + (unit & 0x3ffu));
    if (high && put(out, SS_REPLACEMENT))
        return -1;
    if (is_high(unit)) {
        state->high = unit;
        return 0;
    }
    return put(out, is_low(unit) ? SS_REPLACEMENT : unit);
}

int ss_utf16_decode(ss_utf16 *state, ss_bytes in, ss_buf *out)
{
    for (size_t i = 0; i < in.len; i++) {
        uint8_t first = state->byte;
        unsigned unit;

        if (!state->has_byte) {
            state->byte = in.data[i];
            state->has_byte = 1;
            continue;
        }
        state->has_byte = 0;
        unit = state->is_big_endian ? (unsigned)first << 8 | in.data[i]
                                    : (unsigned)in.data[i] << 8 | first;
        if (put_unit(state, (uint16_t)unit, out))
            return -1;
    }
    return 0;
}

int ss_utf16_finish(ss_utf16 *state, ss_buf *out)
{
    if ((state->high || state->has_byte) && put(out, SS_REPLACEMENT))
        return -1;
    state->high = 0;
    state->has_byte = 0;
    return 0;
}
