/*
 * value.c: runs of bytes that could be values. 64 bytes at a time become masks:
 * what belongs to a run, and what few words have, digits among letters and
 * small letters among capitals; only there is anything looked at. What a run is
 * depends on its own bytes and the one on each side.
 */
#include "scan/value.h"

#include "scan/known.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define BLOCK SS_VALUE_LOOK
#define MAX_RUN ((size_t)4096) /* longer than any value */
#define MAX_TAIL SS_KIND_TAIL  /* of what ends a sentence behind one */

/* Letters, digits and what base64 and tokens have in them. */
static int is_narrow(uint8_t c)
{
    return ss_is_alnum(c) || c == '_' || c == '+' || (c >= '-' && c <= '/');
}

/* Anything printable but quotes, brackets and what ends a value everywhere. */
static int is_wide(uint8_t c)
{
    return c > ' ' && c < 0x7f && !memchr("\"'`<>,;&(){}[]\\|$", c, 17);
}

/* ---- what it is made of ---- */

#define LONG_VALUE 16u
#define LEAST_DISTINCT                                                         \
    6u /* bytes of a long one; of 16 random hex digits 10                      \
        */

static size_t count_distinct(ss_bytes value)
{
    uint64_t seen[4] = {0, 0, 0, 0};
    size_t n = 0;

    for (size_t i = 0; i < value.len; i++) {
        uint64_t bit = UINT64_C(1) << value.data[i] % 64;

        n += !(seen[value.data[i] / 64] & bit);
        seen[value.data[i] / 64] |= bit;
    }
    return n;
}

static int has_digit(ss_bytes value)
{
    for (size_t i = 0; i < value.len; i++) {
        if (ss_is_digit(value.data[i]))
            return 1;
    }
    return 0;
}

int ss_value_is_random(ss_bytes value)
{
    if (value.len < LONG_VALUE ? !has_digit(value)
                               : count_distinct(value) < LEAST_DISTINCT)
        return 0;
    return !ss_is_wordy(value);
}

/* ---- masks of a block ---- */

/* A bit for each byte. `joins` is set where a digit stands before a letter or
 * behind one, `small` where one small letter stands between capitals. */
typedef struct odd_masks {
    uint64_t joins, small;
} odd_masks;

static odd_masks odd_from(uint64_t digits, uint64_t letters, uint64_t capitals)
{
    uint64_t both = digits | letters;

    return (odd_masks){(digits ^ digits << 1) & both & both << 1,
                       capitals & (letters & ~capitals) << 1 & capitals << 2};
}

#ifdef __SSE2__
static __m128i load(const uint8_t *data)
{
    return _mm_loadu_si128((const void *)data);
}

/* first <= byte < first + n, as bytes of ones. */
static __m128i in_range(__m128i v, char first, char n)
{
    __m128i moved = _mm_add_epi8(v, _mm_set1_epi8((char)(-128 - first)));

    return _mm_cmplt_epi8(moved, _mm_set1_epi8((char)(-128 + n)));
}

static __m128i is_letter(__m128i v)
{
    return in_range(_mm_or_si128(v, _mm_set1_epi8(0x20)), 'a', 26);
}

static uint64_t bits_of(__m128i v)
{
    return (uint64_t)(uint32_t)_mm_movemask_epi8(v);
}

static odd_masks odd_of(const uint8_t *data)
{
    uint64_t digits = 0, letters = 0, capitals = 0;

    for (unsigned at = 0; at < BLOCK; at += 16) {
        __m128i v = load(data + at);

        digits |= bits_of(in_range(v, '0', 10)) << at;
        letters |= bits_of(is_letter(v)) << at;
        capitals |= bits_of(in_range(v, 'A', 26)) << at;
    }
    return odd_from(digits, letters, capitals);
}

/* The same bytes as is_narrow: - . / and the digits are neighbours. */
static uint64_t run_of(const uint8_t *data)
{
    uint64_t run = 0;

    for (unsigned at = 0; at < BLOCK; at += 16) {
        __m128i v = load(data + at);
        __m128i one = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('_')),
                                   _mm_cmpeq_epi8(v, _mm_set1_epi8('+')));

        one = _mm_or_si128(one, in_range(v, '-', 13));
        run |= bits_of(_mm_or_si128(one, is_letter(v))) << at;
    }
    return run;
}
#else
static odd_masks odd_of(const uint8_t *data)
{
    uint64_t digits = 0, letters = 0, capitals = 0;

    for (unsigned at = 0; at < BLOCK; at++) {
        uint8_t c = data[at];

        digits |= (uint64_t)ss_is_digit(c) << at;
        letters |= (uint64_t)ss_is_alpha(c) << at;
        capitals |= (uint64_t)(c >= 'A' && c <= 'Z') << at;
    }
    return odd_from(digits, letters, capitals);
}

static uint64_t run_of(const uint8_t *data)
{
    uint64_t run = 0;

    for (unsigned at = 0; at < BLOCK; at++)
        run |= (uint64_t)is_narrow(data[at]) << at;
    return run;
}
#endif

/* The block at `at`: at the end a copy in `room`, with nothing behind it. */
static const uint8_t *block_at(ss_bytes bytes, size_t at, uint8_t room[BLOCK])
{
    size_t left = bytes.len - at;

    if (left >= BLOCK)
        return bytes.data + at;
    memset(room, 0, BLOCK);
    memcpy(room, bytes.data + at, left);
    return room;
}

/* ---- runs of it ---- */

typedef struct search {
    ss_bytes bytes;
    uint32_t rule;
    ss_candidates *out;
    size_t done; /* no run that ends here or before is of interest */
} search;

static size_t run_start(const search *s, size_t at)
{
    while (at > 0 && is_narrow(s->bytes.data[at - 1]))
        at--;
    return at;
}

static size_t run_end(const search *s, size_t at)
{
    uint8_t room[BLOCK];

    for (; at < s->bytes.len; at += BLOCK) {
        uint64_t others = ~run_of(block_at(s->bytes, at, room));

        if (others)
            return at + (unsigned)__builtin_ctzll(others);
    }
    return s->bytes.len;
}

/* Names and paths have few of these: of the runs of 16 bytes and more, 860 in a
 * MB of source have any, 160 so many, of which half are of random letters. Of
 * 1,000 random values of 32 letters and digits 1 is below, of 20 letters and
 * digits 27. */
#define LEAST_ODD 3u

static unsigned count_bits(uint64_t bits)
{
    unsigned n = 0;

    for (; bits && n < LEAST_ODD; n++)
        bits &= bits - 1;
    return n;
}

/* By its first bytes, which are seen wherever a block of text ends. */
static int is_odd(ss_bytes bytes, size_t from, size_t to)
{
    uint8_t room[BLOCK];
    size_t len = to - from < BLOCK ? to - from : BLOCK;
    odd_masks odd = odd_of(block_at(bytes, from, room));
    uint64_t own = len < BLOCK ? (UINT64_C(1) << len) - 1 : ~UINT64_C(0);

    return count_bits(odd.joins & own) + 2 * count_bits(odd.small & own) >=
               LEAST_ODD &&
           ss_value_is_random((ss_bytes){bytes.data + from, len});
}

/* The run around the byte at `at`, in the block at `block`. */
static void take_run(search *s, uint64_t run, size_t block, size_t at)
{
    unsigned bit = (unsigned)(at - block);
    uint64_t behind = ~run >> bit, before = ~run << (BLOCK - 1 - bit);
    size_t from = before ? at + 1 - (unsigned)__builtin_clzll(before)
                         : run_start(s, block);
    size_t to = behind ? at + (unsigned)__builtin_ctzll(behind)
                       : run_end(s, block + BLOCK);

    s->done = to;
    if (to - from >= SS_VALUE_MIN && is_odd(s->bytes, from, to))
        (void)ss_candidates_push(
            s->out, (ss_candidate){s->rule, (uint32_t)(from + SS_VALUE_MIN)});
}

static void scan_block(search *s, size_t block)
{
    uint8_t room[BLOCK];
    const uint8_t *data = block_at(s->bytes, block, room);
    odd_masks masks = odd_of(data);
    uint64_t odd = masks.joins | masks.small;
    uint64_t run = odd ? run_of(data) : 0;

    while (odd && !s->out->overflowed) {
        if (s->done > block) {
            if (s->done >= block + BLOCK)
                return;
            odd &= ~UINT64_C(0) << (s->done - block);
        }
        if (odd)
            take_run(s, run, block, block + (unsigned)__builtin_ctzll(odd));
    }
}

void ss_value_scan(ss_bytes bytes, uint32_t rule, ss_candidates *out)
{
    search s = {bytes, rule, out, 0};

    for (size_t at = 0; at < bytes.len && !out->overflowed; at += BLOCK)
        scan_block(&s, at);
}

/* ---- what the value is ---- */

static size_t limit_of(ss_bytes bytes, size_t from)
{
    size_t left = bytes.len - from;

    return from + (left < MAX_RUN ? left : MAX_RUN);
}

/* "The key is V." and base64's V==; not the = of an assignment. */
static size_t value_end(ss_bytes bytes, size_t from, size_t to)
{
    size_t end = to;

    while (end < bytes.len && end - to < 2 && bytes.data[end] == '=')
        end++;
    if (end > to && (end == bytes.len || !is_wide(bytes.data[end])))
        return end;
    end = to;
    while (to > from && end - to < MAX_TAIL &&
           (bytes.data[to - 1] == '.' || bytes.data[to - 1] == '/'))
        to--;
    return to;
}

static ss_value_span wide_span(ss_bytes bytes, ss_value_span narrow)
{
    size_t limit = limit_of(bytes, narrow.from), to = narrow.to;

    while (to < limit && is_wide(bytes.data[to]))
        to++;
    for (size_t end = to; to > narrow.to && end - to < MAX_TAIL &&
                          memchr(".:!?", bytes.data[to - 1], 4);)
        to--;
    return to == narrow.to ? (ss_value_span){0, 0}
                           : (ss_value_span){narrow.from, to};
}

int ss_value_at(ss_bytes bytes, size_t from, ss_value_span *value,
                ss_value_span *wide)
{
    size_t limit = limit_of(bytes, from), to = from;

    if (from > 0 && is_narrow(bytes.data[from - 1]))
        return 0;
    while (to < limit && is_narrow(bytes.data[to]))
        to++;
    *value = (ss_value_span){from, value_end(bytes, from, to)};
    *wide = wide_span(bytes, *value);
    return 1;
}
