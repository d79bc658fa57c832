/*
 * decode_wide.c: UTF-16 and UTF-32 of either byte order without a mark, as in
 * programs, databases and what was saved in parts. (decode_utf16.c streams
 * whole units that have one.)
 */
#include "scan/decode.h"

#include "scan/utf8.h"

/* Behind as many other characters there is no more text. */
#define MAX_FOREIGN ((size_t)64)

typedef struct wide {
    unsigned width; /* bytes of a character */
    unsigned n_min; /* characters of ASCII that a run has at `at` */
    int is_big_endian;
} wide;

static uint32_t read_char(const wide *w, const uint8_t *data)
{
    uint32_t c = 0;

    for (unsigned i = 0; i < w->width; i++) {
        unsigned byte = w->is_big_endian ? i : w->width - 1 - i;

        c = c << 8 | data[byte];
    }
    return c;
}

static int is_ascii(uint32_t c)
{
    return (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\n' || c == '\r';
}

/* Of the basic plane, no control character and no half of another. */
static int is_foreign(uint32_t c)
{
    return c >= 0xa0 && c < 0xfffe && (c & 0xf800) != 0xd800;
}

typedef struct wide_run {
    ss_region region;
    size_t n_ascii;
} wide_run;

/* As far as three of four characters are ASCII. */
static wide_run run_from(const wide *w, ss_bytes text, size_t from)
{
    wide_run run = {{from, from}, 0};
    size_t n = 0, n_ascii = 0;

    for (size_t at = from;
         w->width <= text.len - at && at - from < SS_MAX_ENCODED;
         at += w->width) {
        uint32_t c = read_char(w, text.data + at);

        n++;
        if (is_ascii(c))
            n_ascii++;
        else if (!is_foreign(c) || n - n_ascii > n_ascii / 3 + MAX_FOREIGN)
            break;
        if (n_ascii * 4 >= n * 3)
            run = (wide_run){{from, at + w->width}, n_ascii};
    }
    /* Half a character: more text may be the rest. */
    if (text.len - run.region.to < w->width &&
        run.region.to - from < SS_MAX_ENCODED)
        run.region.to = text.len;
    return run;
}

static int begins_ascii(const wide *w, ss_bytes text, size_t at)
{
    if (text.len - at < (size_t)w->n_min * w->width)
        return 0;
    for (unsigned i = 0; i < w->n_min; i++) {
        if (!is_ascii(read_char(w, text.data + at + (size_t)i * w->width)))
            return 0;
    }
    return 1;
}

/* The run around `at`; n_ascii 0 when there is none. */
static wide_run run_around(const wide *w, ss_bytes text, size_t low, size_t at)
{
    wide_run run;

    if (!begins_ascii(w, text, at))
        return (wide_run){{at, at}, 0};
    run = run_from(w, text, at);
    while (at - low >= w->width &&
           is_ascii(read_char(w, text.data + at - w->width)) &&
           run.region.to - at < SS_MAX_ENCODED - w->width)
        at -= w->width;
    run.region.from = at;
    return run;
}

/* A first byte that is not zero may belong to a character that began before
 * `at`: the order that makes more of it ASCII. Where both do, they read the
 * same, and little endian is usual. */
static int find(wide *w, ss_bytes text, size_t low, size_t at, ss_region *out)
{
    size_t before = w->width - 1;
    wide_run big = {{at, at}, 0}, little = {{at, at}, 0};
    int is_zero = text.data[at] == 0;

    w->is_big_endian = 1;
    if (is_zero)
        big = run_around(w, text, low, at);
    else if (at - low >= before && text.data[at - 1] == 0)
        big = run_around(w, text, low, at - before);
    w->is_big_endian = 0;
    if (!is_zero)
        little = run_around(w, text, low, at);
    *out = big.n_ascii > little.n_ascii ? big.region : little.region;
    return big.n_ascii || little.n_ascii;
}

static int decode(wide *w, ss_bytes in, ss_buf *out)
{
    w->is_big_endian = in.len && in.data[0] == 0;
    for (size_t at = 0; w->width <= in.len - at; at += w->width) {
        uint32_t c = read_char(w, in.data + at);
        uint8_t bytes[4];

        c = is_ascii(c) || is_foreign(c) ? c : SS_REPLACEMENT;
        if (ss_buf_add(out, bytes, ss_utf8_write(bytes, c)))
            return -1;
    }
    return 0;
}

static size_t locate(wide *w, ss_bytes in, size_t offset)
{
    size_t at = 0;

    w->is_big_endian = in.len && in.data[0] == 0;
    for (; w->width <= in.len - at; at += w->width) {
        uint32_t c = read_char(w, in.data + at);
        uint8_t bytes[4];
        size_t n;

        c = is_ascii(c) || is_foreign(c) ? c : SS_REPLACEMENT;
        n = ss_utf8_write(bytes, c);
        if (offset < n)
            return at;
        offset -= n;
    }
    return at;
}

/* ---- the rows ---- */

#define UTF16                                                                  \
    {                                                                          \
        2, 8, 0                                                                \
    }
#define UTF32                                                                  \
    {                                                                          \
        4, 6, 0                                                                \
    }

static int find16(ss_bytes text, size_t low, size_t at, ss_region *out)
{
    wide w = UTF16;

    return find(&w, text, low, at, out);
}

static int decode16(ss_bytes in, ss_buf *out)
{
    wide w = UTF16;

    return decode(&w, in, out);
}

static size_t locate16(ss_bytes in, size_t at)
{
    wide w = UTF16;

    return locate(&w, in, at);
}

static int find32(ss_bytes text, size_t low, size_t at, ss_region *out)
{
    wide w = UTF32;

    return find(&w, text, low, at, out);
}

static int decode32(ss_bytes in, ss_buf *out)
{
    wide w = UTF32;

    return decode(&w, in, out);
}

static size_t locate32(ss_bytes in, size_t at)
{
    wide w = UTF32;

    return locate(&w, in, at);
}

const ss_decoder ss_decoder_utf16 = {SS_ENCODING_UTF16, find16, decode16,
                                     locate16};
const ss_decoder ss_decoder_utf32 = {SS_ENCODING_UTF32, find32, decode32,
                                     locate32};
