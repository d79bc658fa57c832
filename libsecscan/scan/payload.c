/*
 * payload.c: text and the magic numbers of what holds text.
 */
#include "scan/payload.h"

int ss_payload_is_ascii(ss_bytes s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (ss_text_byte_of(s.data[i]) != SS_BYTE_ASCII)
            return 0;
    }
    return 1;
}

/* A bit for each way to begin, set for the bytes that it has at that place:
 * 1 ASCII, ASCII and more of UTF-8; 2 ASCII and a character of UTF-8; 4 such a
 * character; 8, 16 UTF-16 of either byte order; 32 two bytes that magic numbers
 * begin with, in any pairs; 64, 128 UTF-32 of either byte order. */
const uint8_t ss_payload_starts[3][256] = {
    {144, 0,  0,   0,  32, 0,  0,  0,   0,   75, 75, 0,  0,  75, 0,  0,
     0,   0,  0,   0,  0,  0,  0,  0,   0,   0,  0,  0,  0,  0,  0,  32,
     75,  75, 75,  75, 75, 75, 75, 75,  107, 75, 75, 75, 75, 75, 75, 75,
     107, 75, 75,  75, 75, 75, 75, 107, 75,  75, 75, 75, 75, 75, 75, 75,
     75,  75, 107, 75, 75, 75, 75, 75,  75,  75, 75, 75, 75, 75, 75, 75,
     107, 75, 75,  75, 75, 75, 75, 75,  75,  75, 75, 75, 75, 75, 75, 75,
     75,  75, 75,  75, 75, 75, 75, 75,  75,  75, 75, 75, 75, 75, 75, 75,
     75,  75, 75,  75, 75, 75, 75, 75,  107, 75, 75, 75, 75, 75, 75, 0,
     32,  0,  0,   0,  0,  0,  0,  0,   0,   0,  0,  0,  0,  0,  0,  0,
     0,   0,  0,   0,  0,  0,  0,  0,   0,   0,  0,  0,  0,  0,  0,  0,
     0,   0,  0,   0,  0,  0,  0,  0,   0,   0,  0,  0,  32, 0,  0,  0,
     0,   0,  0,   0,  0,  0,  0,  0,   0,   0,  0,  0,  0,  0,  0,  0,
     0,   0,  4,   4,  4,  4,  4,  4,   4,   4,  4,  4,  4,  4,  4,  4,
     4,   4,  4,   4,  4,  4,  4,  4,   4,   4,  4,  4,  4,  4,  4,  4,
     4,   4,  4,   4,  4,  4,  4,  4,   4,   4,  4,  4,  4,  4,  4,  4,
     4,   4,  4,   4,  4,  0,  0,  0,   0,   0,  0,  0,  0,  32, 32, 32},
    {200, 32, 32, 32, 32, 32, 0,  0,  0,  17, 17, 0,  0,  17, 0,  0,  0,  0,
     0,   0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  17, 17, 49, 17,
     17,  17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17,
     17,  49, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17,
     17,  17, 17, 49, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17,
     49,  17, 17, 17, 49, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17,
     17,  17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 17, 49, 17, 17, 17,
     17,  0,  4,  4,  36, 4,  4,  4,  4,  4,  4,  4,  4,  36, 4,  4,  4,  4,
     4,   4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  36, 4,  4,  4,  4,  4,
     4,   4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  4,
     4,   36, 4,  4,  4,  4,  4,  4,  4,  4,  4,  4,  0,  0,  2,  2,  2,  2,
     2,   2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,
     2,   2,  34, 2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,
     2,   2,  2,  34, 2,  2,  2,  2,  2,  2,  2,  0,  0,  0,  0,  0,  0,  0,
     0,   0,  32, 32},
    {240, 32, 32, 32, 32, 32, 32, 32, 32, 45, 45, 32, 32, 45, 32, 32, 32, 32,
     32,  32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 45, 45, 45, 45,
     45,  45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45,
     45,  45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45,
     45,  45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45,
     45,  45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45,
     45,  45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45, 45,
     45,  32, 38, 38, 38, 38, 38, 38, 38, 38, 38, 38, 38, 38, 38, 38, 38, 38,
     38,  38, 38, 38, 38, 38, 38, 38, 38, 38, 38, 38, 38, 38, 38, 38, 38, 38,
     38,  38, 38, 38, 38, 38, 38, 38, 38, 38, 38, 38, 38, 38, 38, 38, 38, 38,
     38,  38, 38, 38, 38, 38, 38, 38, 38, 38, 38, 38, 32, 32, 37, 37, 37, 37,
     37,  37, 37, 37, 37, 37, 37, 37, 37, 37, 37, 37, 37, 37, 37, 37, 37, 37,
     37,  37, 37, 37, 37, 37, 37, 37, 37, 37, 37, 37, 37, 37, 37, 37, 37, 37,
     37,  37, 37, 37, 37, 37, 37, 37, 37, 37, 37, 32, 32, 32, 32, 32, 32, 32,
     32,  32, 32, 32},
};

/* Its last character may be cut. */
static int is_utf8(ss_bytes s)
{
    unsigned n_more = 0;

    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.data[i];
        ss_text_byte kind = ss_text_byte_of(c);

        if (n_more ? kind != SS_BYTE_REST
                   : kind != SS_BYTE_ASCII && kind != SS_BYTE_LEAD)
            return 0;
        if (n_more)
            n_more--;
        else if (kind == SS_BYTE_LEAD)
            n_more = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
    }
    return 1;
}

/* ASCII in UTF-16: `zero` is the place of the zeros, 0 or 1. */
static int is_utf16(ss_bytes s, size_t zero)
{
    for (size_t i = 0; i < s.len; i++) {
        if (i % 2 == zero ? s.data[i] != 0
                          : ss_text_byte_of(s.data[i]) != SS_BYTE_ASCII)
            return 0;
    }
    return 1;
}

/* The same in UTF-32: `low` is the place of what is not zero, 0 or 3. */
static int is_utf32(ss_bytes s, size_t low)
{
    for (size_t i = 0; i < s.len; i++) {
        if (i % 4 == low ? ss_text_byte_of(s.data[i]) != SS_BYTE_ASCII
                         : s.data[i] != 0)
            return 0;
    }
    return 1;
}

static ss_bytes behind(ss_bytes s, size_t n)
{
    return (ss_bytes){s.data + n, s.len - n};
}

int ss_payload_is_text(ss_bytes head)
{
    if (head.len < SS_PAYLOAD_MIN)
        return 0;
    switch (head.data[0]) {
    case 0:
        return is_utf16(head, 0) || is_utf32(head, 3);
    case 0xef:
        return is_utf8(head);
    case 0xff:
        return head.data[1] == 0xfe &&
               (is_utf16(behind(head, 2), 1) || is_utf32(behind(head, 4), 0));
    case 0xfe:
        return head.data[1] == 0xff && is_utf16(behind(head, 2), 0);
    default:
        return head.data[1] ? is_utf8(head)
                            : is_utf16(head, 1) || is_utf32(head, 0);
    }
}

typedef struct magic {
    uint8_t len;
    char bytes[8];
} magic;

static const magic magics[] = {
    {3, "\x1f\x8b\x08"},       /* gzip */
    {4, "PK\3\4"},             /* zip */
    {6, "7z\xbc\xaf\x27\x1c"}, /* 7z */
    {6, "\xfd"
        "7zXZ"},             /* xz; its zero is the array's */
    {4, "\x28\xb5\x2f\xfd"}, /* zstd */
    {4, "\x04\x22\x4d\x18"}, /* lz4 */
    {5, "%PDF-"},            /* PDF */
    {7, "SQLite "},          /* SQLite */
    {4, "\xfe\xed\xfe\xed"}, /* Java keystores */
    {4, "\xac\xed\0\5"},     /* Java serialization */
};

/* Two bytes of a header, and the first block's: stored ones repeat their
 * length inverted, the tables of dynamic ones have a maximum. */
static int is_zlib(const uint8_t *d)
{
    if (d[0] != 0x78 || !memchr("\x01\x5e\x9c\xda", d[1], 4))
        return 0;
    switch (d[2] >> 1 & 3) {
    case 0:
        return d[2] < 2 && d[3] + d[5] == 0xff && d[4] + d[6] == 0xff;
    case 1:
        return 1;
    case 2:
        return d[2] >> 3 <= 29 && (d[3] & 31) <= 29;
    default:
        return 0;
    }
}

static int is_bzip2(const uint8_t *d)
{
    return !memcmp(d, "BZh", 3) && d[3] >= '1' && d[3] <= '9' &&
           !memcmp(d + 4, "1AY&SY", 6);
}

/* A SEQUENCE of 64 bytes or more, in it another one, a number or an object
 * identifier, as keys, certificates and PKCS#12 have it. */
static int is_der(const uint8_t *d)
{
    unsigned len = (unsigned)d[2] << 8 | d[3];

    return d[0] == 0x30 && d[1] == 0x82 && len >= 64 &&
           (d[4] == 0x30 || d[4] == 0x02 || d[4] == 0x06);
}

static int is_pickle(const uint8_t *d)
{
    return d[0] == 0x80 && d[1] >= 2 && d[1] <= 5 && d[2] &&
           memchr("\x95}(]cX\x8cK)", d[2], 9);
}

int ss_payload_is_known(ss_bytes head)
{
    if (head.len < SS_PAYLOAD_HEAD)
        return 0;
    for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
        if (!memcmp(head.data, magics[i].bytes, magics[i].len))
            return 1;
    }
    return is_zlib(head.data) || is_bzip2(head.data) || is_der(head.data) ||
           is_pickle(head.data);
}
