/*
 * bytes.h: a borrowed run of bytes, and the questions every layer asks of one.
 */
#ifndef SS_BYTES_H
#define SS_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct ss_bytes {
    const uint8_t *data;
    size_t len;
} ss_bytes;

static inline ss_bytes ss_bytes_of(const void *data, size_t len)
{
    ss_bytes bytes = {(const uint8_t *)data, len};

    return bytes;
}

static inline ss_bytes ss_bytes_str(const char *s)
{
    return ss_bytes_of(s, strlen(s));
}

int ss_bytes_equal(ss_bytes a, ss_bytes b);
/* Order of memcmp, the shorter first when one is a prefix of the other. */
int ss_bytes_compare(ss_bytes a, ss_bytes b);
int ss_bytes_starts(ss_bytes s, const char *prefix);
int ss_bytes_starts_nocase(ss_bytes s, const char *prefix);
/* Offset of the first `needle`, ASCII case ignored; SIZE_MAX when absent. */
size_t ss_bytes_find_nocase(ss_bytes s, ss_bytes needle);
/* Take the first line off `in`, without its newline; 0 when there is none. */
int ss_bytes_line(ss_bytes *line, ss_bytes *in);
/* FNV-1a, 64 bits: for tables in memory, never for identity. */
uint64_t ss_bytes_hash(ss_bytes s);

static inline uint8_t ss_lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}
static inline int ss_is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}
static inline int ss_is_alpha(uint8_t c)
{
    return (uint8_t)((c | 0x20) - 'a') < 26;
}
static inline int ss_is_alnum(uint8_t c)
{
    return ss_is_digit(c) || ss_is_alpha(c);
}
/* What ASCII text is made of: printable, a tab or of a line's end. */
static inline int ss_is_ascii_text(uint8_t c)
{
    return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r' || c == '\t';
}

#endif
