/*
 * sight_mask.c: bytes to classes, and runs of them.
 *
 * The first with the vectors of the processor where it has them, else with a
 * table. A class is a set of high and one of low halves of bytes, so that two
 * looks into tables of 16 give eight classes at once (Langdale and Lemire,
 * "Parsing gigabytes of JSON per second", 2019). A mark has the same bit as
 * what may stand behind it. Runs on words of 64 bits, four at a time.
 */
#include "sight_mask.h"

#include <string.h>

#define LETTERS_LOW 0x01u  /* A-O a-o */
#define LETTERS_HIGH 0x02u /* P-Z p-z _ and DEL */
#define DIGITS 0x04u       /* 0-9 */
#define SIGNS 0x08u        /* + - / */
#define PERCENT 0x10u      /* % &, in front of what can be read */
#define EQUALS 0x20u /* =, in front of 0-9 A-F, line ends and a few more */
#define QUOTE 0x40u  /* " ', in front of blanks, line ends, + . & * - */
#define SLASH                                                                  \
    0x80u /* \, in front of 0 1 5 8 U X u x, line ends, and P Q Z p q z */
#define TOKEN (LETTERS_LOW | LETTERS_HIGH | DIGITS | SIGNS | EQUALS)
#define MARK (PERCENT | EQUALS | SLASH)

/* What a byte is, by its high and by its low half. */
static const uint8_t own_high[16] = {
    0,
    0,
    SIGNS | PERCENT | QUOTE,
    DIGITS | EQUALS,
    LETTERS_LOW,
    LETTERS_HIGH | SLASH,
    LETTERS_LOW,
    LETTERS_HIGH,
};
static const uint8_t own_low[16] = {
    LETTERS_HIGH | DIGITS,
    LETTERS_LOW | LETTERS_HIGH | DIGITS,
    LETTERS_LOW | LETTERS_HIGH | DIGITS | QUOTE,
    LETTERS_LOW | LETTERS_HIGH | DIGITS,
    LETTERS_LOW | LETTERS_HIGH | DIGITS,
    LETTERS_LOW | LETTERS_HIGH | DIGITS | PERCENT,
    LETTERS_LOW | LETTERS_HIGH | DIGITS | PERCENT,
    LETTERS_LOW | LETTERS_HIGH | DIGITS | QUOTE,
    LETTERS_LOW | LETTERS_HIGH | DIGITS,
    LETTERS_LOW | LETTERS_HIGH | DIGITS,
    LETTERS_LOW | LETTERS_HIGH,
    LETTERS_LOW | SIGNS,
    LETTERS_LOW | SLASH,
    LETTERS_LOW | SIGNS | EQUALS,
    LETTERS_LOW,
    LETTERS_LOW | LETTERS_HIGH | SIGNS,
};

/* What it may stand behind. */
static const uint8_t behind_high[16] = {
    EQUALS | QUOTE | SLASH,
    0,
    PERCENT | QUOTE,
    PERCENT | EQUALS | SLASH,
    PERCENT | EQUALS,
    PERCENT | SLASH,
    PERCENT,
    PERCENT | SLASH,
};
static const uint8_t behind_low[16] = {
    PERCENT | EQUALS | QUOTE | SLASH, /* 0 */
    PERCENT | EQUALS | SLASH,
    PERCENT | EQUALS,
    PERCENT | EQUALS,
    PERCENT | EQUALS,
    PERCENT | EQUALS | SLASH, /* 5 */
    PERCENT | EQUALS | QUOTE,
    PERCENT | EQUALS,
    PERCENT | EQUALS | SLASH, /* 8 */
    PERCENT | EQUALS,
    PERCENT | EQUALS | QUOTE | SLASH, /* a */
    PERCENT | QUOTE,
    PERCENT,
    PERCENT | QUOTE, /* d: = is no hex digit */
    PERCENT | QUOTE,
    PERCENT,
};

/* ---- runs ---- */

static unsigned look_up(const uint8_t high[16], const uint8_t low[16],
                        uint8_t byte)
{
    return byte < 0x80 ? high[byte >> 4] & low[byte & 15u] : 0;
}

/* Four words, in one register where the processor has it. */
typedef uint64_t words __attribute__((vector_size(32)));

#define INLINE static inline __attribute__((always_inline))

INLINE void take(words *out, const uint64_t *at)
{
    memcpy(out, at, sizeof(*out));
}

/* Bits that are set with the bit `n` behind them; `next` is the block behind.
 */
#define WITH_BEHIND(w, next, n) ((w) & ((w) >> (n) | (next) << (64 - (n))))
#define OR_BEHIND(w, next, n) ((w) | (w) >> (n) | (next) << (64 - (n)))

/* Each of them begins 16 set bits. */
#define SIXTEEN(w, next)                                                       \
    do {                                                                       \
        w = WITH_BEHIND(w, next, 1);                                           \
        next &= next >> 1;                                                     \
        w = WITH_BEHIND(w, next, 2);                                           \
        next &= next >> 2;                                                     \
        w = WITH_BEHIND(w, next, 4);                                           \
        next &= next >> 4;                                                     \
        w = WITH_BEHIND(w, next, 8);                                           \
    } while (0)

/* One of 16 bits is set. */
#define ANY_OF_SIXTEEN(w, next)                                                \
    do {                                                                       \
        w = OR_BEHIND(w, next, 1);                                             \
        next |= next >> 1;                                                     \
        w = OR_BEHIND(w, next, 2);                                             \
        next |= next >> 2;                                                     \
        w = OR_BEHIND(w, next, 4);                                             \
        next |= next >> 4;                                                     \
        w = OR_BEHIND(w, next, 8);                                             \
    } while (0)

/* The bits in front of words, moved to where they are asked for. The word in
 * front of the first stands behind all: see find_runs. */
INLINE void in_front(words *out, const uint64_t *at, size_t i)
{
    words w, before;

    take(&w, at + i);
    if (i)
        take(&before, at + i - 1);
    else
        before = (words){at[SS_SIGHT_WORDS - 1], w[0], w[1], w[2]};
    *out = w << 1 | before >> 63;
}

INLINE void find_run(ss_sight_masks *m, size_t i)
{
    words w, next, capital, capital_next, digit, digit_next, starts, glue;

    take(&w, m->token + i);
    take(&next, m->token + i + 1);
    take(&capital, m->capital + i);
    take(&capital_next, m->capital + i + 1);
    take(&digit, m->digit + i);
    take(&digit_next, m->digit + i + 1);
    in_front(&starts, m->token, i);
    in_front(&glue, m->glue, i);
    starts = ~starts | glue;
    SIXTEEN(w, next);
    ANY_OF_SIXTEEN(capital, capital_next);
    digit = WITH_BEHIND(digit, digit_next, 2);
    digit_next &= digit_next >> 2;
    digit = WITH_BEHIND(digit, digit_next, 2);
    digit_next &= digit_next >> 2;
    ANY_OF_SIXTEEN(digit, digit_next);
    w &= starts & (capital | digit);
    digit &= w;
    memcpy(m->run + i, &w, sizeof(w));
    memcpy(m->digits + i, &digit, sizeof(digit));
}

INLINE void find_joint(ss_sight_masks *m, size_t i)
{
    words quote, before;

    take(&quote, m->quote + i);
    in_front(&before, m->token, i);
    quote &= before;
    memcpy(m->joint + i, &quote, sizeof(quote));
}

/* Behind the last block that is known nothing is set. */
INLINE void clear_behind(uint64_t *at, size_t n)
{
    memset(at + n, 0, 4 * sizeof(*at));
}

/* Classes are known of `n` blocks and one more. */
INLINE void find_runs(ss_sight_masks *m, size_t n, uint8_t before)
{
    int is_glue = before == '=' || before == '/';

    clear_behind(m->token, n + 1);
    clear_behind(m->glue, n + 1);
    clear_behind(m->capital, n + 1);
    clear_behind(m->digit, n + 1);
    clear_behind(m->quote, n + 1);
    m->glue[SS_SIGHT_WORDS - 1] = is_glue ? (uint64_t)1 << 63 : 0;
    m->token[SS_SIGHT_WORDS - 1] =
        look_up(own_high, own_low, before) & TOKEN ? (uint64_t)1 << 63 : 0;
    for (size_t i = 0; i < n; i += 4) {
        find_run(m, i);
        find_joint(m, i);
    }
}

/* ---- classes, with a table ---- */

static void set(uint64_t *words_of, size_t at, int is_set)
{
    words_of[at / SS_SIGHT_BLOCK] |= (uint64_t)(is_set != 0)
                                     << at % SS_SIGHT_BLOCK;
}

static void read_byte(ss_sight_masks *m, const uint8_t *text, size_t at)
{
    unsigned own = look_up(own_high, own_low, text[at]);
    unsigned behind = look_up(behind_high, behind_low, text[at + 1]);

    set(m->token, at, own & TOKEN);
    set(m->glue, at, text[at] == '=' || text[at] == '/');
    set(m->capital, at, text[at] >= 'A' && text[at] <= 'Z');
    set(m->digit, at, own & DIGITS);
    set(m->zero, at, !text[at]);
    set(m->quote, at, own & behind & QUOTE);
    set(m->mark, at,
        own & behind & MARK || (text[at] == '=' && text[at + 1] == '\r'));
}

void ss_sight_mask_plain(ss_sight_masks *out, const uint8_t *text, size_t n,
                         uint8_t before)
{
    memset(out, 0, sizeof(*out));
    for (size_t i = 0; i < (n + 1) * SS_SIGHT_BLOCK; i++)
        read_byte(out, text, i);
    find_runs(out, n, before);
}

/* ---- classes, with vectors ---- */

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

typedef struct tables {
    __m256i own_high, own_low, behind_high, behind_low;
} tables;

AVX2 INLINE __m256i table(const uint8_t bytes[16])
{
    return _mm256_broadcastsi128_si256(
        _mm_loadu_si128((const __m128i *)(const void *)bytes));
}

/* The shuffle gives 0 where the highest bit is set: the low table is asked with
 * the byte itself. */
AVX2 INLINE __m256i look_up_32(__m256i high, __m256i low, __m256i v)
{
    __m256i high_half =
        _mm256_and_si256(_mm256_srli_epi16(v, 4), _mm256_set1_epi8(15));

    return _mm256_and_si256(_mm256_shuffle_epi8(high, high_half),
                            _mm256_shuffle_epi8(low, v));
}

AVX2 INLINE __m256i is(__m256i v, char c)
{
    return _mm256_cmpeq_epi8(v, _mm256_set1_epi8(c));
}

AVX2 INLINE uint32_t bits(__m256i v)
{
    return (uint32_t)_mm256_movemask_epi8(v);
}

/* Where a byte has one of the classes. */
AVX2 INLINE uint32_t have(__m256i own, unsigned wanted)
{
    return ~bits(is(_mm256_and_si256(own, _mm256_set1_epi8((char)wanted)), 0));
}

AVX2 INLINE uint32_t capitals(__m256i v)
{
    __m256i over = _mm256_sub_epi8(v, _mm256_set1_epi8('A'));

    return bits(
        _mm256_cmpeq_epi8(_mm256_min_epu8(over, _mm256_set1_epi8(25)), over));
}

AVX2 INLINE __m256i load(const uint8_t *text)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)text);
}

typedef struct half {
    uint32_t token, glue, capital, digit, zero, quote, mark;
} half;

AVX2 INLINE half read_half(const uint8_t *text, const tables *t)
{
    __m256i v = load(text);
    __m256i own = look_up_32(t->own_high, t->own_low, v);
    __m256i second = load(text + 1), equals = is(v, '=');
    __m256i behind = look_up_32(t->behind_high, t->behind_low, second);
    __m256i soft = _mm256_and_si256(equals, is(second, '\r'));
    __m256i both = _mm256_and_si256(own, behind);

    return (half){.token = have(own, TOKEN),
                  .glue = bits(_mm256_or_si256(equals, is(v, '/'))),
                  .capital = capitals(v),
                  .digit = have(own, DIGITS),
                  .zero = bits(is(v, 0)),
                  .quote = have(both, QUOTE),
                  .mark = bits(soft) | have(both, MARK)};
}

AVX2 INLINE uint64_t joined(uint32_t low, uint32_t high)
{
    return (uint64_t)high << 32 | low;
}

AVX2 INLINE void read_block(ss_sight_masks *m, size_t i, const uint8_t *text,
                            const tables *t)
{
    half low = read_half(text, t), high = read_half(text + 32, t);

    m->token[i] = joined(low.token, high.token);
    m->glue[i] = joined(low.glue, high.glue);
    m->capital[i] = joined(low.capital, high.capital);
    m->digit[i] = joined(low.digit, high.digit);
    m->zero[i] = joined(low.zero, high.zero);
    m->quote[i] = joined(low.quote, high.quote);
    m->mark[i] = joined(low.mark, high.mark);
}

AVX2 static void read_256(ss_sight_masks *out, const uint8_t *text, size_t n,
                          uint8_t before)
{
    const tables t = {table(own_high), table(own_low), table(behind_high),
                      table(behind_low)};

    for (size_t i = 0; i <= n; i++)
        read_block(out, i, text + i * SS_SIGHT_BLOCK, &t);
    find_runs(out, n, before);
}

/* The same, 64 bytes at once and their bits for less. */
#define AVX512 __attribute__((target("avx512f,avx512bw")))

typedef struct tables_512 {
    __m512i own_high, own_low, behind_high, behind_low;
} tables_512;

AVX512 INLINE __m512i table_512(const uint8_t bytes[16])
{
    return _mm512_broadcast_i32x4(
        _mm_loadu_si128((const __m128i *)(const void *)bytes));
}

AVX512 INLINE __m512i look_up_64(__m512i high, __m512i low, __m512i v)
{
    __m512i high_half =
        _mm512_and_si512(_mm512_srli_epi16(v, 4), _mm512_set1_epi8(15));

    return _mm512_and_si512(_mm512_shuffle_epi8(high, high_half),
                            _mm512_shuffle_epi8(low, v));
}

AVX512 INLINE uint64_t is_512(__m512i v, char c)
{
    return _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(c));
}

AVX512 INLINE uint64_t have_512(__m512i own, unsigned wanted)
{
    return _mm512_test_epi8_mask(own, _mm512_set1_epi8((char)wanted));
}

AVX512 INLINE void read_block_512(ss_sight_masks *m, size_t i,
                                  const uint8_t *text, const tables_512 *t)
{
    __m512i v = _mm512_loadu_si512(text);
    __m512i own = look_up_64(t->own_high, t->own_low, v);
    __m512i second = _mm512_loadu_si512(text + 1);
    __m512i behind = look_up_64(t->behind_high, t->behind_low, second);
    __m512i both = _mm512_and_si512(own, behind);
    uint64_t equals = is_512(v, '=');

    m->token[i] = have_512(own, TOKEN);
    m->glue[i] = equals | is_512(v, '/');
    m->capital[i] = _mm512_cmple_epu8_mask(
        _mm512_sub_epi8(v, _mm512_set1_epi8('A')), _mm512_set1_epi8(25));
    m->digit[i] = have_512(own, DIGITS);
    m->zero[i] = is_512(v, 0);
    m->quote[i] = have_512(both, QUOTE);
    m->mark[i] = have_512(both, MARK) | (equals & is_512(second, '\r'));
}

AVX512 static void read_512(ss_sight_masks *out, const uint8_t *text, size_t n,
                            uint8_t before)
{
    const tables_512 t = {table_512(own_high), table_512(own_low),
                          table_512(behind_high), table_512(behind_low)};

    for (size_t i = 0; i <= n; i++)
        read_block_512(out, i, text + i * SS_SIGHT_BLOCK, &t);
    find_runs(out, n, before);
}

ss_sight_mask_fn ss_sight_mask_at(size_t i)
{
    const ss_sight_mask_fn all[] = {
        __builtin_cpu_supports("avx512bw") ? read_512 : NULL,
        __builtin_cpu_supports("avx2") ? read_256 : NULL,
        ss_sight_mask_plain,
    };

    for (size_t k = 0; k < sizeof(all) / sizeof(*all); k++) {
        if (all[k] && !i--)
            return all[k];
    }
    return NULL;
}

#else

ss_sight_mask_fn ss_sight_mask_at(size_t i)
{
    return i ? NULL : ss_sight_mask_plain;
}

#endif
