/*
 * utf8.c: a character to UTF-8.
 */
#include "scan/utf8.h"

static uint8_t more(uint32_t c, unsigned shift)
{
    return (uint8_t)(0x80 | (c >> shift & 0x3f));
}

size_t ss_utf8_write(uint8_t bytes[4], uint32_t c)
{
    if (c < 0x80) {
        bytes[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        bytes[0] = (uint8_t)(0xc0 | c >> 6);
        bytes[1] = more(c, 0);
        return 2;
    }
    if (c < 0x10000) {
        bytes[0] = (uint8_t)(0xe0 | c >> 12);
        bytes[1] = more(c, 6);
        bytes[2] = more(c, 0);
        return 3;
    }
    bytes[0] = (uint8_t)(0xf0 | c >> 18);
    bytes[1] = more(c, 12);
    bytes[2] = more(c, 6);
    bytes[3] = more(c, 0);
    return 4;
}
