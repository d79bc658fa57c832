/*
 * sight.c: what catches the eye. Masks say where bytes of each class stand, 64
 * at a time; runs are found on the bits, and the few marks looked at by
 * themselves.
 */
#include "sight.h"

#include "scan/sight_mask.h"

#include "base/alloc.h"

#define AT_ONCE 64u  /* blocks */
#define MAX_GAP 512u /* between two quotes that are joined */
#define MARGIN 64u   /* in front of the places: a character may reach in */

typedef struct look {
    ss_bytes text;
    size_t from, to; /* of the places that are asked for */
    ss_sights *out;
    int failed;
} look;

static void see(look *l, ss_sight kind, size_t at)
{
    if (at >= l->from && at < l->to && SS_VEC_PUSH(&l->out->of[kind], at))
        l->failed = 1;
}

static unsigned take_lowest(uint64_t *bits)
{
    unsigned i = (unsigned)__builtin_ctzll(*bits);

    *bits &= *bits - 1;
    return i;
}

static uint8_t byte_at(const look *l, size_t at)
{
    return at < l->text.len ? l->text.data[at] : 0;
}

/* ---- runs of token bytes ---- */

/* Bits that have `n` - 1 more behind them, if `w` is those that have half as
 * many; `next` is the same of the block behind. */
static uint64_t twice(uint64_t w, uint64_t next, unsigned n)
{
    return w & (w >> n | next << (SS_SIGHT_BLOCK - n));
}

static uint64_t sixteen(uint64_t w, uint64_t next)
{
    w = twice(w, next, 1);
    next &= next >> 1;
    w = twice(w, next, 2);
    next &= next >> 2;
    w = twice(w, next, 4);
    next &= next >> 4;
    return twice(w, next, 8);
}

static int is_token(uint8_t c)
{
    return ss_is_alnum(c) || (c && strchr("+/_=-", c));
}

static void see_tokens(look *l, const ss_sight_mask *masks, size_t n, size_t at)
{
    uint64_t before = at && is_token(l->text.data[at - 1]);

    for (size_t i = 0; i < n; i++) {
        uint64_t w = masks[i].token;
        uint64_t first = sixteen(w, masks[i + 1].token) & ~(w << 1 | before);

        before = w >> 63;
        while (first)
            see(l, SS_SIGHT_TOKEN,
                at + i * SS_SIGHT_BLOCK + take_lowest(&first));
    }
}

/* ---- marks ---- */

static int is_hex(uint8_t c)
{
    return ss_is_digit(c) || (uint8_t)((c | 0x20) - 'a') < 6;
}

static int is_capital_hex(uint8_t c)
{
    return ss_is_digit(c) || (uint8_t)(c - 'A') < 6;
}

static int is_quote(uint8_t c)
{
    return c == '"' || c == '\'';
}

/* Blanks, line ends, and operators that join. */
static const uint8_t is_gap[256] = {
    [' '] = 1, ['\t'] = 1, ['\r'] = 1, ['\n'] = 1,
    ['+'] = 1, ['.'] = 1,  ['&'] = 1,  ['\\'] = 1,
};

/* Is there another quote behind them? */
static int is_joint(const look *l, size_t at)
{
    size_t left = l->text.len - at - 1, i = 0;
    const uint8_t *behind = l->text.data + at + 1;

    left = left < MAX_GAP ? left : MAX_GAP;
    while (i < left && is_gap[behind[i]])
        i++;
    return i && i < left && is_quote(behind[i]);
}

static void see_mark(look *l, size_t at)
{
    uint8_t second = byte_at(l, at + 1), third = byte_at(l, at + 2);

    switch (l->text.data[at]) {
    case '\\':
        if ((second | 0x20) == 'u' || (second | 0x20) == 'x' ||
            (uint8_t)(second - '0') < 8)
            see(l, SS_SIGHT_SLASH, at);
        return;
    case '%':
        if (is_hex(second) && is_hex(third))
            see(l, SS_SIGHT_HUNDRED, at);
        return;
    case '&':
        if (second == '#' || ss_is_alpha(second))
            see(l, SS_SIGHT_AMPERSAND, at);
        return;
    case '=':
        if (second == '\n' || second == '\r' ||
            (is_capital_hex(second) && is_capital_hex(third)))
            see(l, SS_SIGHT_EQUALS, at);
        return;
    default:
        if (is_joint(l, at))
            see(l, SS_SIGHT_JOINT, at);
    }
}

static void see_marks(look *l, const ss_sight_mask *masks, size_t n, size_t at)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t marks = masks[i].mark;

        while (marks)
            see_mark(l, at + i * SS_SIGHT_BLOCK + take_lowest(&marks));
    }
}

/* ---- characters of two and four bytes ---- */

static int is_text(uint8_t c)
{
    return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r' || c == '\t';
}

/* Is all of a character zero but the byte at `low`? */
static int is_narrow(const uint8_t *c, size_t width, size_t low)
{
    for (size_t i = 0; i < width; i++) {
        if (i != low && c[i])
            return 0;
    }
    return 1;
}

/* Each `n` characters of text in the narrow ones from `at` on. */
static void see_text(look *l, ss_sight kind, size_t at, size_t width,
                     size_t low)
{
    const size_t n = width == 2 ? 8 : 6;
    size_t run = 0, end = l->to + n * width;

    end = end < l->text.len ? end : l->text.len;
    for (; at + width <= end; at += width) {
        const uint8_t *c = l->text.data + at;

        if (!is_narrow(c, width, low))
            return;
        run = is_text(c[low]) ? run + 1 : 0;
        if (run == n)
            see(l, kind, at - (n - 1) * width);
    }
}

/* `at` is a zero with a character of another byte behind it, and the first of
 * such zeros that are equally far from each other. */
static void see_wide_at(look *l, size_t at, size_t width)
{
    const ss_sight kind = width == 2 ? SS_SIGHT_WIDE16 : SS_SIGHT_WIDE32;

    if (at + 1 >= width)
        see_text(l, kind, at + 1 - width, width, 0);
    if (at + 2 >= width)
        see_text(l, kind, at + 2 - width, width, width - 1);
}

__extension__ typedef unsigned __int128 two_blocks;

/* Bits that have five more behind them, `step` bits from each other. */
static uint64_t six(two_blocks w, unsigned step)
{
    two_blocks two = w & w >> step;

    return (uint64_t)(two & two >> 2 * step & two >> 4 * step);
}

static void see_wide(look *l, const ss_sight_mask *masks, size_t n, size_t at)
{
    uint64_t pairs_before = 0, quads_before = 0;

    for (size_t i = 0; i < n; i++) {
        two_blocks zero =
            (two_blocks)masks[i + 1].zero << SS_SIGHT_BLOCK | masks[i].zero;
        two_blocks ends = zero & ~(zero >> 1);
        uint64_t pairs = six(ends, 2), quads = six(ends, 4);
        uint64_t first_pairs = pairs & ~(pairs << 2 | pairs_before);
        uint64_t first_quads = quads & ~(quads << 4 | quads_before);

        pairs_before = pairs >> 62;
        quads_before = quads >> 60;
        while (first_pairs)
            see_wide_at(l, at + i * SS_SIGHT_BLOCK + take_lowest(&first_pairs),
                        2);
        while (first_quads)
            see_wide_at(l, at + i * SS_SIGHT_BLOCK + take_lowest(&first_quads),
                        4);
    }
}

/* ---- blocks ---- */

/* Behind the end of the text stands a byte of no class. */
static void read_rest(ss_sight_mask *out, ss_bytes text, size_t at)
{
    uint8_t rest[SS_SIGHT_BLOCK + SS_SIGHT_MARGIN];
    size_t left = at < text.len ? text.len - at : 0;

    memset(rest, 1, sizeof(rest));
    left = left < sizeof(rest) ? left : sizeof(rest);
    if (left)
        memcpy(rest, text.data + at, left);
    ss_sight_mask_plain(out, rest, 1);
}

static void read_masks(ss_sight_mask *out, ss_bytes text, size_t at, size_t n)
{
    size_t left = at < text.len ? text.len - at : 0;
    size_t whole =
        left > SS_SIGHT_MARGIN ? (left - SS_SIGHT_MARGIN) / SS_SIGHT_BLOCK : 0;

    whole = whole < n ? whole : n;
    if (whole)
        ss_sight_mask_choose()(out, text.data + at, whole);
    for (size_t i = whole; i < n; i++)
        read_rest(&out[i], text, at + i * SS_SIGHT_BLOCK);
}

static void see_blocks(look *l, size_t at, size_t n)
{
    ss_sight_mask masks[AT_ONCE + 1];
    uint64_t zero = 0;

    read_masks(masks, l->text, at, n + 1);
    for (size_t i = 0; i <= n; i++)
        zero |= masks[i].zero;
    see_tokens(l, masks, n, at);
    see_marks(l, masks, n, at);
    if (zero)
        see_wide(l, masks, n, at);
}

int ss_sights_take(ss_sights *sights, ss_bytes text, size_t from, size_t to)
{
    look l = {.text = text, .from = from, .to = to, .out = sights};
    size_t at = from > MARGIN ? from - MARGIN : 0;

    for (size_t i = 0; i < SS_N_SIGHTS; i++)
        sights->of[i].len = 0;
    while (at < to) {
        size_t n = (to - at + SS_SIGHT_BLOCK - 1) / SS_SIGHT_BLOCK;

        n = n < AT_ONCE ? n : AT_ONCE;
        see_blocks(&l, at, n);
        at += n * SS_SIGHT_BLOCK;
    }
    return l.failed ? -1 : 0;
}

void ss_sights_release(ss_sights *sights)
{
    for (size_t i = 0; i < SS_N_SIGHTS; i++)
        SS_VEC_RELEASE(&sights->of[i]);
}
