/*
 * utf8.c: decode strictly (no overlong forms, no surrogates), and know the few
 * facts about code points that a terminal needs. No locale, no wcwidth: the
 * library may not depend on setlocale.
 */
#include "utf8.h"

typedef struct code_range {
    uint32_t from, to;
} code_range;

static const code_range zero_width[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x0610, 0x061a},
    {0x064b, 0x065f}, {0x0e31, 0x0e31}, {0x0e34, 0x0e3a}, {0x1ab0, 0x1aff},
    {0x1dc0, 0x1dff}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
};
static const code_range wide[] = {
    {0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},
    {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
    {0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x1f300, 0x1f64f},
    {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};
static const code_range unsafe[] = {
    {0x00, 0x1f},     {0x7f, 0x9f},       {0xad, 0xad},     {0x61c, 0x61c},
    {0x200b, 0x200f}, {0x2028, 0x202e},   {0x2060, 0x206f}, {0xfeff, 0xfeff},
    {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
};

static int is_in(const code_range *ranges, size_t n, uint32_t code)
{
    for (size_t i = 0; i < n; i++) {
        if (code >= ranges[i].from && code <= ranges[i].to)
            return 1;
    }
    return 0;
}

#define IS_IN(ranges, code)                                                    \
    is_in(ranges, sizeof(ranges) / sizeof((ranges)[0]), code)

/* Length that a first byte promises; 0 for none. */
static size_t length_of(uint8_t first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        return 2;
    if (first >= 0xe0 && first <= 0xef)
        return 3;
    return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

static int is_valid(uint32_t code, size_t len)
{
    if (len == 3)
        return code >= 0x800 && (code < 0xd800 || code > 0xdfff);
    return len != 4 || (code >= 0x10000 && code <= 0x10ffff);
}

uint32_t ss_utf8_next(ss_bytes text, size_t at, size_t *len)
{
    static const uint8_t first_mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    size_t n = length_of(text.data[at]);
    uint32_t code;

    *len = 1;
    if (n == 0 || n > text.len - at)
        return SS_UTF8_BAD;
    code = text.data[at] & first_mask[n];
    for (size_t i = 1; i < n; i++) {
        uint8_t c = text.data[at + i];

        if ((c & 0xc0) != 0x80)
            return SS_UTF8_BAD;
        code = code << 6 | (c & 0x3fu);
    }
    if (!is_valid(code, n))
        return SS_UTF8_BAD;
    *len = n;
    return code;
}

size_t ss_utf8_count(ss_bytes text)
{
    size_t count = 0;
    size_t len;

    for (size_t at = 0; at < text.len; at += len) {
        (void)ss_utf8_next(text, at, &len);
        count++;
    }
    return count;
}

unsigned ss_utf8_width(uint32_t code)
{
    if (code < 0x300)
        return 1;
    if (IS_IN(zero_width, code))
        return 0;
    return IS_IN(wide, code) ? 2 : 1;
}

int ss_utf8_is_unsafe(uint32_t code)
{
    if (code >= 0x20 && code < 0x7f)
        return 0;
    return IS_IN(unsafe, code);
}
