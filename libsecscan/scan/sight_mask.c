/*
 * sight_mask.c: with the vectors of the processor where it has them, else with
 * a table. Both say the same.
 *
 * Vectors: a class is a set of high and one of low halves of bytes, so that two
 * looks into tables of 16 give eight classes at once (Langdale and Lemire,
 * "Parsing gigabytes of JSON per second", 2019).
 */
#include "sight_mask.h"

#include "base/bytes.h"

/* The classes that the tables tell apart. */
#define LETTERS_LOW 0x01u  /* A-O a-o */
#define LETTERS_HIGH 0x02u /* P-Z p-z _ and DEL */
#define DIGITS 0x04u       /* 0-9 = */
#define SIGNS 0x08u        /* + - / */
#define QUOTES 0x10u       /* " ' */
#define GAPS 0x20u         /* blank + . & */
#define LINES 0x40u        /* tab, line ends */
#define CAPITALS 0x80u     /* A-F */
#define TOKEN (LETTERS_LOW | LETTERS_HIGH | DIGITS | SIGNS)
#define BEHIND_EQUALS (DIGITS | LINES | CAPITALS)
#define GAP (GAPS | LINES)
#define BEHIND_SLASH (DIGITS | LETTERS_HIGH)  /* u U x X, and more */
#define BEHIND_PERCENT (DIGITS | LETTERS_LOW) /* a-f A-F, and more */

static unsigned classes_of(uint8_t c)
{
    unsigned high = c >> 4, low = c & 15u, classes = 0;

    if ((high == 4 || high == 6) && low)
        classes |= LETTERS_LOW;
    if ((high == 5 || high == 7) && (low <= 10 || low == 15))
        classes |= LETTERS_HIGH;
    if (high == 3 && (low <= 9 || low == 13))
        classes |= DIGITS;
    if (high == 2 && (low == 11 || low == 13 || low == 15))
        classes |= SIGNS;
    if (high == 2 && (low == 2 || low == 7))
        classes |= QUOTES;
    if (high == 2 && (low == 0 || low == 6 || low == 11 || low == 14))
        classes |= GAPS;
    if (high == 0 && (low == 9 || low == 10 || low == 13))
        classes |= LINES;
    if (high == 4 && low >= 1 && low <= 6)
        classes |= CAPITALS;
    return classes;
}

static int is_mark(const uint8_t *at)
{
    unsigned behind = classes_of(at[1]);

    switch (*at) {
    case '\\':
        return (behind & BEHIND_SLASH) != 0;
    case '%':
        return (behind & BEHIND_PERCENT) != 0;
    case '&':
        return 1;
    case '=':
        return (behind & BEHIND_EQUALS) != 0;
    default:
        return classes_of(*at) & QUOTES && behind & GAP &&
               classes_of(at[2]) & (GAP | QUOTES);
    }
}

static ss_sight_mask read_block(const uint8_t *text)
{
    ss_sight_mask mask = {0, 0, 0};

    for (unsigned i = 0; i < SS_SIGHT_BLOCK; i++) {
        mask.token |= (uint64_t)((classes_of(text[i]) & TOKEN) != 0) << i;
        mask.mark |= (uint64_t)is_mark(text + i) << i;
        mask.zero |= (uint64_t)(text[i] == 0) << i;
    }
    return mask;
}

void ss_sight_mask_plain(ss_sight_mask *out, const uint8_t *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = read_block(text + i * SS_SIGHT_BLOCK);
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))
#define INLINE static inline __attribute__((always_inline))

typedef struct tables {
    __m256i high, low;
} tables;

static const uint8_t by_high[16] = {
    LINES,
    0,
    SIGNS | QUOTES | GAPS,
    DIGITS,
    LETTERS_LOW | CAPITALS,
    LETTERS_HIGH,
    LETTERS_LOW,
    LETTERS_HIGH,
};
static const uint8_t by_low[16] = {
    LETTERS_HIGH | DIGITS | GAPS,
    LETTERS_LOW | LETTERS_HIGH | DIGITS | CAPITALS,
    LETTERS_LOW | LETTERS_HIGH | DIGITS | CAPITALS | QUOTES,
    LETTERS_LOW | LETTERS_HIGH | DIGITS | CAPITALS,
    LETTERS_LOW | LETTERS_HIGH | DIGITS | CAPITALS,
    LETTERS_LOW | LETTERS_HIGH | DIGITS | CAPITALS,
    LETTERS_LOW | LETTERS_HIGH | DIGITS | CAPITALS | GAPS,
    LETTERS_LOW | LETTERS_HIGH | DIGITS | QUOTES,
    LETTERS_LOW | LETTERS_HIGH | DIGITS,
    LETTERS_LOW | LETTERS_HIGH | DIGITS | LINES,
    LETTERS_LOW | LETTERS_HIGH | LINES,
    LETTERS_LOW | SIGNS | GAPS,
    LETTERS_LOW,
    LETTERS_LOW | DIGITS | SIGNS | LINES,
    LETTERS_LOW | GAPS,
    LETTERS_LOW | LETTERS_HIGH | SIGNS,
};

AVX2 INLINE __m256i table(const uint8_t bytes[16])
{
    return _mm256_broadcastsi128_si256(
        _mm_loadu_si128((const __m128i *)(const void *)bytes));
}

AVX2 INLINE __m256i classes_of_32(__m256i v, const tables *t)
{
    const __m256i half = _mm256_set1_epi8(15);
    __m256i high = _mm256_and_si256(_mm256_srli_epi16(v, 4), half);

    return _mm256_and_si256(
        _mm256_shuffle_epi8(t->high, high),
        _mm256_shuffle_epi8(t->low, _mm256_and_si256(v, half)));
}

AVX2 INLINE __m256i is(__m256i v, char c)
{
    return _mm256_cmpeq_epi8(v, _mm256_set1_epi8(c));
}

/* 0 where a byte has one of the classes, else all bits. */
AVX2 INLINE __m256i lacks(__m256i classes, unsigned wanted)
{
    return is(_mm256_and_si256(classes, _mm256_set1_epi8((char)wanted)), 0);
}

/* `c`, and one of the wanted behind it. */
AVX2 INLINE __m256i pair(__m256i v, char c, __m256i second, unsigned wanted)
{
    return _mm256_andnot_si256(lacks(second, wanted), is(v, c));
}

AVX2 INLINE __m256i either(__m256i a, __m256i b)
{
    return _mm256_or_si256(a, b);
}

AVX2 INLINE uint32_t bits(__m256i v)
{
    return (uint32_t)_mm256_movemask_epi8(v);
}

AVX2 INLINE __m256i load(const uint8_t *bytes)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)bytes);
}

typedef struct half {
    uint32_t token, mark, zero;
} half;

AVX2 INLINE half read_half(const uint8_t *text, const tables *t)
{
    __m256i v = load(text);
    __m256i own = classes_of_32(v, t),
            second = classes_of_32(load(text + 1), t);
    __m256i third = classes_of_32(load(text + 2), t);
    __m256i equals = pair(v, '=', second, BEHIND_EQUALS);
    __m256i slash = pair(v, '\\', second, BEHIND_SLASH);
    __m256i percent = pair(v, '%', second, BEHIND_PERCENT);
    __m256i no_joint = either(either(lacks(own, QUOTES), lacks(second, GAP)),
                              lacks(third, GAP | QUOTES));
    __m256i marks = either(either(equals, slash), either(percent, is(v, '&')));

    return (half){.token = ~bits(lacks(own, TOKEN)),
                  .mark = bits(marks) | ~bits(no_joint),
                  .zero = bits(is(v, 0))};
}

AVX2 INLINE uint64_t joined(uint32_t low, uint32_t high)
{
    return (uint64_t)high << 32 | low;
}

AVX2 static void read_vectors(ss_sight_mask *out, const uint8_t *text, size_t n)
{
    const tables t = {table(by_high), table(by_low)};

    for (size_t i = 0; i < n; i++) {
        half low = read_half(text + i * SS_SIGHT_BLOCK, &t);
        half high = read_half(text + i * SS_SIGHT_BLOCK + 32, &t);

        out[i] = (ss_sight_mask){.token = joined(low.token, high.token),
                                 .mark = joined(low.mark, high.mark),
                                 .zero = joined(low.zero, high.zero)};
    }
}

ss_sight_mask_fn ss_sight_mask_choose(void)
{
    return __builtin_cpu_supports("avx2") ? read_vectors : ss_sight_mask_plain;
}

#else

ss_sight_mask_fn ss_sight_mask_choose(void)
{
    return ss_sight_mask_plain;
}

#endif
