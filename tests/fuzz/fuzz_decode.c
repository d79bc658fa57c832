/*
 * fuzz_decode.c: a decoder, which the first byte chooses, at any place of any
 * bytes that catches the eye. What it finds lies behind `low` and within, its
 * places never fall, and little comes of it; a no does not depend on what
 * stands far away.
 */
#include "fuzz.h"

#include "scan/decode.h"

#include <stdlib.h>
#include <string.h>

static const ss_decoder *const decoders[] = {
    &ss_decoder_base64,        &ss_decoder_hex,    &ss_decoder_percent,
    &ss_decoder_escape,        &ss_decoder_entity, &ss_decoder_quoted_printable,
    &ss_decoder_concatenation, &ss_decoder_utf16,  &ss_decoder_utf32,
};
#define MAX_LEN 4096
#define N_PLACES 32 /* are asked for of what was decoded */
#define N_DECODERS (sizeof(decoders) / sizeof(decoders[0]))

static void check(int condition)
{
    if (!condition)
        abort();
}

/* An exact copy, so that a read on either side is seen. */
static ss_bytes copy_of(const uint8_t *data, size_t len)
{
    uint8_t *copy = malloc(len ? len : 1);

    check(copy != NULL);
    if (len)
        memcpy(copy, data, len);
    return ss_bytes_of(copy, len);
}

static void decode_bytes(const ss_decoder *d, ss_bytes in, int is_region)
{
    ss_buf out = SS_BUF_INIT(in.len * 4 + 4);
    size_t last = 0;

    check(d->decode(in, &out) == 0);
    check(out.len <= in.len * 4);
    for (size_t i = 0; i <= out.len; i += 1 + out.len / N_PLACES) {
        size_t at = d->locate(in, i);

        check(at >= last && at <= in.len);
        last = at;
    }
    check(d->locate(in, out.len) >= last);
    check(!is_region || d->locate(in, out.len) > 0);
    ss_buf_release(&out);
}

static int catches_base64(ss_bytes text, size_t at)
{
    static const char digits[] = "+/_=-";
    size_t n = 0;

    while (n < 16 && n < text.len - at &&
           (ss_is_alnum(text.data[at + n]) ||
            (text.data[at + n] && strchr(digits, text.data[at + n]))))
        n++;
    return n == 16;
}

static int catches(const ss_decoder *d, ss_bytes text, size_t at)
{
    uint8_t c = text.data[at];

    switch (d->encoding) {
    case SS_ENCODING_BASE64:
    case SS_ENCODING_HEX:
        return catches_base64(text, at);
    case SS_ENCODING_PERCENT:
        return c == '%';
    case SS_ENCODING_ESCAPE:
        return c == '\\';
    case SS_ENCODING_ENTITY:
        return c == '&';
    case SS_ENCODING_QUOTED_PRINTABLE:
        return c == '=';
    case SS_ENCODING_CONCATENATION:
        return c == '"' || c == '\'' || c == '`';
    default:
        return 1;
    }
}

/* Nothing before low - 1 counts. */
static void find_again(const ss_decoder *d, ss_bytes text, size_t low,
                       size_t at, int is_found, ss_region region)
{
    size_t cut = low ? low - 1 : 0;
    ss_bytes copy = copy_of(text.data + cut, text.len - cut);
    ss_region other;

    check(d->find(copy, low - cut, at - cut, &other) == is_found);
    check(is_found <= 0 ||
          (other.from + cut == region.from && other.to + cut == region.to));
    free((void *)(uintptr_t)copy.data);
}

/* A no counts on what stands near. */
static void refuse_again(const ss_decoder *d, ss_bytes text, size_t low,
                         size_t at)
{
    size_t from = at > SS_SIGHT_REACH ? at - SS_SIGHT_REACH : 0;
    size_t left = text.len - at;
    size_t to = left > SS_SIGHT_REACH ? at + SS_SIGHT_REACH : text.len;
    ss_bytes near = copy_of(text.data + from, to - from);
    ss_region region;

    check(!d->find(near, low > from ? low - from : 0, at - from, &region));
    free((void *)(uintptr_t)near.data);
}

static void find_all(const ss_decoder *d, ss_bytes text, size_t low)
{
    for (size_t at = low; at < text.len; at++) {
        ss_region region = {0, 0};
        ss_bytes in;
        int is_found;

        if (!catches(d, text, at))
            continue;
        is_found = d->find(text, low, at, &region);
        find_again(d, text, low, at, is_found, region);
        if (!is_found)
            refuse_again(d, text, low, at);
        if (is_found <= 0)
            continue;
        check(region.from >= low && region.from < region.to &&
              region.to <= text.len && region.to > at);
        in = copy_of(text.data + region.from, region.to - region.from);
        decode_bytes(d, in, 1);
        free((void *)(uintptr_t)in.data);
        low = region.to;
        at = region.to - 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const ss_decoder *d;
    ss_bytes text;

    if (len < 2 || len > MAX_LEN)
        return 0;
    d = decoders[data[0] % N_DECODERS];
    text = copy_of(data + 2, len - 2);
    decode_bytes(d, text, 0);
    find_all(d, text, data[1] < text.len ? data[1] : 0);
    find_all(d, text, 0);
    free((void *)(uintptr_t)text.data);
    return 0;
}
