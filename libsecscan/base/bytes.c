/*
 * bytes.c: comparisons and searches in borrowed bytes.
 */
#include "bytes.h"

int ss_bytes_equal(ss_bytes a, ss_bytes b)
{
    return a.len == b.len && (a.len == 0 || !memcmp(a.data, b.data, a.len));
}

int ss_bytes_compare(ss_bytes a, ss_bytes b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len ? memcmp(a.data, b.data, len) : 0;

    if (order)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

int ss_bytes_starts(ss_bytes s, const char *prefix)
{
    size_t len = strlen(prefix);

    return s.len >= len && !memcmp(s.data, prefix, len);
}

static int equal_nocase(const uint8_t *a, const uint8_t *b, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (ss_lower(a[i]) != ss_lower(b[i]))
            return 0;
    }
    return 1;
}

int ss_bytes_starts_nocase(ss_bytes s, const char *prefix)
{
    size_t len = strlen(prefix);

    return s.len >= len && equal_nocase(s.data, (const uint8_t *)prefix, len);
}

size_t ss_bytes_find_nocase(ss_bytes s, ss_bytes needle)
{
    uint8_t lower, upper;

    if (needle.len > s.len)
        return SIZE_MAX;
    if (!needle.len)
        return 0;
    lower = ss_lower(needle.data[0]);
    upper = lower >= 'a' && lower <= 'z' ? lower - 32 : lower;
    for (size_t i = 0; i <= s.len - needle.len; i++) {
        if ((s.data[i] == lower || s.data[i] == upper) &&
            equal_nocase(s.data + i, needle.data, needle.len))
            return i;
    }
    return SIZE_MAX;
}

uint64_t ss_bytes_hash(ss_bytes s)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < s.len; i++)
        hash = (hash ^ s.data[i]) * 0x100000001b3u;
    return hash;
}

int ss_bytes_line(ss_bytes *line, ss_bytes *in)
{
    const uint8_t *end;

    if (!in->len)
        return 0;
    end = memchr(in->data, '\n', in->len);
    line->data = in->data;
    line->len = end ? (size_t)(end - in->data) : in->len;
    in->data += line->len + (end ? 1 : 0);
    in->len -= line->len + (end ? 1 : 0);
    return 1;
}
