/*
 * near.c: runs of bytes that could be values. What a run is depends on its own
 * bytes and the one on each side, never on where the reading began.
 */
#include "scan/near.h"

#define MAX_RUN ((size_t)4096)

/* Letters, digits and what base64 and tokens have in them. */
static int is_narrow(uint8_t c)
{
    return ss_is_alnum(c) || (c && memchr("_-.+/", c, 5));
}

/* Anything printable but quotes, brackets and what ends a value everywhere. */
static int is_wide(uint8_t c)
{
    return c > ' ' && c < 0x7f && !memchr("\"'`<>,;&(){}[]\\|$", c, 17);
}

/* Nothing starts inside of a run. */
static size_t run_start(ss_bytes bytes, size_t at, size_t to)
{
    if (at > 0 && is_narrow(bytes.data[at - 1])) {
        while (at < to && is_narrow(bytes.data[at]))
            at++;
    }
    while (at < to && !is_narrow(bytes.data[at]))
        at++;
    return at;
}

/* Longer than any value, it need not be followed to its end. */
static size_t run_end(ss_bytes bytes, size_t from)
{
    size_t left = bytes.len - from;
    size_t end = from + (left < MAX_RUN ? left : MAX_RUN);

    while (from < end && is_narrow(bytes.data[from]))
        from++;
    return from;
}

/* "The key is V." and base64's V==; not the = of an assignment. */
static size_t value_end(ss_bytes bytes, size_t from, size_t to)
{
    size_t end = to;

    while (end < bytes.len && end - to < 2 && bytes.data[end] == '=')
        end++;
    if (end > to && (end == bytes.len || !is_wide(bytes.data[end])))
        return end;
    while (to > from &&
           (bytes.data[to - 1] == '.' || bytes.data[to - 1] == '/'))
        to--;
    return to;
}

static ss_span wide_span(ss_bytes bytes, ss_span narrow)
{
    size_t left = bytes.len - narrow.from, to = narrow.to;
    size_t end = narrow.from + (left < MAX_RUN ? left : MAX_RUN);

    while (to < end && is_wide(bytes.data[to]))
        to++;
    while (to > narrow.to && memchr(".:!?", bytes.data[to - 1], 4))
        to--;
    return to == narrow.to ? (ss_span){0, 0} : (ss_span){narrow.from, to};
}

int ss_near_next(ss_bytes bytes, size_t *at, size_t to, ss_span *value,
                 ss_span *wide)
{
    size_t from = run_start(bytes, *at, to), end;

    if (from >= to)
        return 0;
    end = run_end(bytes, from);
    *value = (ss_span){from, value_end(bytes, from, end)};
    *wide = wide_span(bytes, *value);
    *at = end;
    return 1;
}
