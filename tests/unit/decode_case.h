/*
 * decode_case.h: what the tests of the decoders share: find at a place, decode,
 * and ask for the place of every byte. Texts are copied to memory of their
 * exact size, so that a sanitizer sees a read past them.
 */
#ifndef DECODE_CASE_H
#define DECODE_CASE_H

#include "unit.h"

#include "scan/decode.h"

#include <stdio.h>
#include <stdlib.h>

#define MAX_DECODED ((size_t)1 << 20)

/* Of the first `mark` in `text`. */
static inline size_t place_of(const char *text, const char *mark)
{
    const char *at = strstr(text, mark);

    assert_non_null(at);
    return (size_t)(at - text);
}

static inline ss_bytes copy_of(ss_bytes s)
{
    uint8_t *data = malloc(s.len ? s.len : 1);

    assert_non_null(data);
    if (s.len)
        memcpy(data, s.data, s.len);
    return (ss_bytes){data, s.len};
}

static inline void release_copy(ss_bytes copy)
{
    free((void *)(uintptr_t)copy.data);
}

/* Places never fall, stay within, and end where the text does. */
static inline void check_places(const ss_decoder *d, ss_bytes in, size_t n)
{
    size_t last = 0;

    for (size_t i = 0; i <= n; i++) {
        size_t at = d->locate(in, i);

        CHECK(at >= last && at <= in.len);
        last = at;
    }
    CHECK_INT(last, in.len);
}

/* Cut before the decoded byte `cut`, both parts decode to the whole. */
static inline void check_parts(const ss_decoder *d, ss_bytes in, size_t cut,
                               ss_bytes whole)
{
    ss_buf out = SS_BUF_INIT(MAX_DECODED);
    size_t at = d->locate(in, cut);

    CHECK_OK(d->decode((ss_bytes){in.data, at}, &out));
    CHECK_INT(out.len, cut);
    CHECK_OK(d->decode((ss_bytes){in.data + at, in.len - at}, &out));
    CHECK(ss_bytes_equal(ss_buf_bytes(&out), whole));
    ss_buf_release(&out);
}

/* 1 when `text` holds something at `at`: it is `encoded`, and decodes to
 * `decoded`. */
static inline int decodes_bytes(const ss_decoder *d, ss_bytes text, size_t low,
                                size_t at, ss_bytes encoded, ss_bytes decoded)
{
    ss_bytes copy = copy_of(text);
    ss_buf out = SS_BUF_INIT(MAX_DECODED);
    ss_region region = {0, 0};
    int is_found = d->find(copy, low, at, &region) > 0;
    ss_bytes in;

    if (is_found) {
        CHECK(region.from >= low && region.from < region.to &&
              region.to <= text.len);
        in = copy_of(
            (ss_bytes){copy.data + region.from, region.to - region.from});
        CHECK(ss_bytes_equal(in, encoded));
        CHECK_OK(d->decode(in, &out));
        CHECK(ss_bytes_equal(ss_buf_bytes(&out), decoded));
        check_places(d, in, out.len);
        release_copy(in);
    }
    ss_buf_release(&out);
    release_copy(copy);
    return is_found;
}

static inline int decodes(const ss_decoder *d, const char *text, size_t at,
                          const char *encoded, const char *decoded)
{
    return decodes_bytes(d, ss_bytes_str(text), 0, at, ss_bytes_str(encoded),
                         ss_bytes_str(decoded));
}

static inline int is_plain(const ss_decoder *d, const char *text, size_t at)
{
    ss_bytes copy = copy_of(ss_bytes_str(text));
    ss_region region;
    int is_found = d->find(copy, 0, at, &region) > 0;

    release_copy(copy);
    return !is_found;
}

/* What `in` decodes to does not fit into `max` bytes: said, not cut in silence.
 */
static inline void check_full(const ss_decoder *d, ss_bytes in, size_t max)
{
    ss_buf out = SS_BUF_INIT(max);

    CHECK_INT(d->decode(in, &out), -1);
    CHECK(out.len <= max);
    ss_buf_release(&out);
}

/* Cut anywhere, found at `at` or not, nothing is read behind the end, and what
 * is found lies within. */
static inline void check_every_cut(const ss_decoder *d, ss_bytes text,
                                   size_t at)
{
    for (size_t len = at + 1; len < text.len; len++) {
        ss_bytes copy = copy_of((ss_bytes){text.data, len});
        ss_region region;

        if (d->find(copy, 0, at, &region) > 0)
            CHECK(region.from <= region.to && region.to <= len);
        release_copy(copy);
    }
}

#endif
