/*
 * check_case.h: run one check of scan/check.c. Samples are written with bars in
 * them, which are taken out at run time, so that no token stands in the tree.
 */
#ifndef CHECK_CASE_H
#define CHECK_CASE_H

#include "unit.h"

#include <secscan.h>

#include "scan/check_family.h"

typedef struct sample {
    uint8_t bytes[4096];
    size_t len;
} sample;

static inline sample join_bars(const char *parts)
{
    sample s = {.len = 0};

    for (; *parts; parts++) {
        if (*parts != '|')
            s.bytes[s.len++] = (uint8_t)*parts;
    }
    return s;
}

static inline ss_check_result run_check(const char *name, const sample *s)
{
    const ss_bytes bytes = {s->bytes, s->len};
    ss_check_result result = {.reason = ""};
    ss_check_fn check = ss_check_find(name);

    CHECK(check);
    check(bytes, bytes, &result);
    return result;
}

static inline int verdict_of(const char *name, const char *parts)
{
    sample s = join_bars(parts);

    return (int)run_check(name, &s).is;
}

static inline void check_reason(const char *name, const char *parts,
                                const char *reason)
{
    sample s = join_bars(parts);

    CHECK_STR(run_check(name, &s).reason, reason);
}

/* Passes as it is, and gets `wrong` when the character at `at` is another. */
static inline void check_sample(const char *name, const char *parts, size_t at,
                                int wrong)
{
    sample s = join_bars(parts);

    CHECK_INT(run_check(name, &s).is, SS_CHECK_PASS);
    s.bytes[at] = s.bytes[at] == 'B' ? 'C' : 'B';
    CHECK_INT(run_check(name, &s).is, wrong);
}

/* Base64url of `text`, as `len` characters with no padding. */
static inline void add_base64(sample *s, const char *text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq"
                                 "rstuvwxyz0123456789-_";
    uint32_t held = 0;
    unsigned n_bits = 0;

    for (; *text; text++) {
        held = held << 8 | (uint8_t)*text;
        for (n_bits += 8; n_bits >= 6; n_bits -= 6)
            s->bytes[s->len++] = (uint8_t)digits[held >> (n_bits - 6) & 63];
    }
    if (n_bits)
        s->bytes[s->len++] = (uint8_t)digits[held << (6 - n_bits) & 63];
}

static inline ss_check_result check_prefixed(const char *name,
                                             const char *prefix,
                                             const char *json, const char *tail)
{
    sample s = join_bars(prefix);

    add_base64(&s, json);
    memcpy(s.bytes + s.len, tail, strlen(tail));
    s.len += strlen(tail);
    return run_check(name, &s);
}

#endif
