/*
 * run.c: 16 bytes at a time become masks.
 */
#include "scan/run.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define BLOCK 16u
/* Called for every run of every text: masks in registers are a quarter of it.
 */
#define FAST inline __attribute__((always_inline))

/* A bit for each byte of a block. */
typedef struct masks {
    unsigned run, glue, digits, upper, lower;
} masks;

static masks masks_slowly(const uint8_t *data, size_t len)
{
    masks m = {0, 0, 0, 0, 0};

    for (size_t i = 0; i < len; i++) {
        uint8_t c = data[i];
        unsigned is_glue = c == '=' || c == '/';
        unsigned is_other = c == '_' || c == '-' || c == '+';

        m.glue |= is_glue << i;
        m.run |= (is_glue | is_other | (unsigned)ss_is_alnum(c)) << i;
        m.digits |= (unsigned)ss_is_digit(c) << i;
        m.upper |= (unsigned)(c >= 'A' && c <= 'Z') << i;
        m.lower |= (unsigned)(c >= 'a' && c <= 'z') << i;
    }
    return m;
}

#ifdef __SSE2__
/* first <= byte < first + n, as bytes of ones. */
static __m128i in_range(__m128i v, char first, char n)
{
    __m128i moved = _mm_add_epi8(v, _mm_set1_epi8((char)(-128 - first)));

    return _mm_cmplt_epi8(moved, _mm_set1_epi8((char)(-128 + n)));
}

static __m128i is_byte(__m128i v, char c)
{
    return _mm_cmpeq_epi8(v, _mm_set1_epi8(c));
}

static unsigned bits_of(__m128i v)
{
    return (unsigned)_mm_movemask_epi8(v);
}

static FAST masks masks_of(const uint8_t *data)
{
    __m128i v = _mm_loadu_si128((const void *)data);
    __m128i glue = _mm_or_si128(is_byte(v, '='), is_byte(v, '/'));
    __m128i digit = in_range(v, '0', 10);
    __m128i upper = in_range(v, 'A', 26);
    __m128i lower = in_range(v, 'a', 26);
    __m128i mark = _mm_or_si128(_mm_or_si128(is_byte(v, '_'), is_byte(v, '-')),
                                is_byte(v, '+'));
    __m128i run = _mm_or_si128(_mm_or_si128(glue, mark),
                               _mm_or_si128(_mm_or_si128(upper, lower), digit));

    return (masks){bits_of(run), bits_of(glue), bits_of(digit), bits_of(upper),
                   bits_of(lower)};
}
#else
static FAST masks masks_of(const uint8_t *data)
{
    return masks_slowly(data, BLOCK);
}
#endif

/* The n, r or t at `at` is the end of an escape, \n or \\n. */
static int is_escaped(ss_bytes text, size_t at)
{
    uint8_t c = text.data[at];

    return at > 0 && text.data[at - 1] == '\\' &&
           (c == 'n' || c == 'r' || c == 't');
}

/* Bits 0 to n - 1. */
static uint64_t first_bits(size_t n)
{
    return n < 64 ? (UINT64_C(1) << n) - 1 : UINT64_MAX;
}

static FAST masks masks_at(ss_bytes text, size_t from)
{
    size_t len = text.len - from;

    return len < BLOCK ? masks_slowly(text.data + from, len)
                       : masks_of(text.data + from);
}

/* 64 bits of both from `at` on, up to the end of `text`. */
static void look_on(ss_bytes text, size_t at, uint64_t *run, uint64_t *glue)
{
    for (unsigned i = 2 * BLOCK; i < SS_RUN_LOOK && i <= text.len - at;
         i += BLOCK) {
        masks m = masks_at(text, at + i);

        *run |= (uint64_t)m.run << i;
        *glue |= (uint64_t)m.glue << i;
    }
}

static uint64_t both(unsigned first, unsigned second)
{
    return first | (uint64_t)second << BLOCK;
}

/* No digits, and letters of one case alone. */
static int is_word(uint64_t run, const masks *first, const masks *second)
{
    run &= ~(run + 1); /* the ones up to the first zero */
    return !(both(first->digits, second->digits) & run) &&
           (!(both(first->upper, second->upper) & run) ||
            !(both(first->lower, second->lower) & run));
}

ss_run ss_run_look(ss_bytes text, size_t at, size_t min)
{
    masks first = masks_at(text, at);
    masks second = text.len - at > BLOCK ? masks_at(text, at + BLOCK)
                                         : (masks){0, 0, 0, 0, 0};
    uint64_t run = both(first.run, second.run);
    uint64_t glue = both(first.glue, second.glue);
    ss_run out = {is_escaped(text, at) ? 3 : 1, SS_RUN_LOOK, 0};

    out.is_word = is_word(run, &first, &second);
    if (run == first_bits(2 * BLOCK))
        look_on(text, at, &run, &glue);
    if (~run)
        out.len = (size_t)__builtin_ctzll(~run);
    out.starts |= glue << 1 & ~glue;
    if (~run)
        out.starts &= out.len < min ? 0 : first_bits(out.len - min + 1);
    return out;
}
