/*
 * sight.c: what catches the eye. Masks say where bytes of each class stand, 64
 * at a time; runs are found on the bits, and the few marks looked at by
 * themselves.
 */
#include "sight.h"

#include "scan/base64.h"
#include "scan/sight_mask.h"

#include "base/alloc.h"

#define MAX_GAP 512u /* between two quotes that are joined */
#define MIN_RUN 16u
#define MAX_HALF 64u
#define MIN_JOINED 6u        /* letters of one word in two literals */
#define MIN_SIDE_BY_SIDE 16u /* the same without an operator between them */
#define MIN_BINARY 40u /* bytes of a run that is worth a look by its length */
#define MARGIN 64u     /* in front of the places: a character may reach in */

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

/* In order, and once: some are seen from behind. */
static void see_joint(look *l, size_t at)
{
    ss_sight_places *places = &l->out->of[SS_SIGHT_JOINT];
    size_t n = places->len, i = n;

    while (i && places->at[i - 1] > at)
        i--;
    if (i && places->at[i - 1] == at)
        return;
    see(l, SS_SIGHT_JOINT, at);
    if (places->len == n || i == n)
        return;
    memmove(places->at + i + 1, places->at + i, (n - i) * sizeof(*places->at));
    places->at[i] = at;
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

/* A secret, and a name, goes on without a blank. */
static int is_solid(uint8_t c)
{
    return ss_is_alnum(c) || (c && strchr("_-/=$@#%!*^~&", c));
}

/* What stands right beside a quote of letters, digits and these. */
#define WORD_MARKS "+-_="
#define TEXT_MARKS "+-_=/%&#;.:@$!~^*"

typedef struct word_half {
    size_t len;     /* at most MAX_HALF */
    int is_telling; /* there is a digit or a capital */
} word_half;

static word_half half_word(const look *l, size_t at, int step,
                           const char *marks)
{
    word_half half = {0, 0};

    while (at < l->text.len && half.len < MAX_HALF) {
        uint8_t c = l->text.data[at];

        if (!ss_is_alnum(c) && !(c && strchr(marks, c)))
            break;
        half.is_telling |= ss_is_digit(c) || (c >= 'A' && c <= 'Z');
        half.len++;
        at += (size_t)step; /* from 0 it goes to SIZE_MAX */
    }
    return half;
}

/* How two literals stand: what the gap between them has. */
typedef struct gap {
    int has_operator, has_line_end;
} gap;

/* Are both literals nothing but the two halves? */
static int is_all(const look *l, size_t first, word_half before, size_t second,
                  word_half behind)
{
    return first > before.len &&
           is_quote(l->text.data[first - before.len - 1]) &&
           is_quote(byte_at(l, second + behind.len + 1));
}

/* Parts of one word that is no word of a language. Without an operator they are
 * a list more often than one text, or the arguments of a command: then they
 * have to be a long one, and, side by side, nothing else. */
static int is_one_word(const look *l, size_t first, size_t second, gap g)
{
    const char *marks = g.has_operator ? TEXT_MARKS : WORD_MARKS;
    word_half before = half_word(l, first - 1, -1, marks);
    word_half behind = half_word(l, second + 1, 1, marks);

    if (!before.is_telling && !behind.is_telling)
        return 0;
    if (g.has_operator)
        return before.len + behind.len >= MIN_JOINED;
    return before.len + behind.len >= MIN_SIDE_BY_SIDE &&
           (g.has_line_end || is_all(l, first, before, second, behind));
}

static int is_operator(uint8_t c)
{
    return c == '+' || c == '.' || c == '&' || c == '\\';
}

/* Is there another quote behind blanks, line ends and operators, and does the
 * text go on there? */
static int is_joint(const look *l, size_t at)
{
    size_t left = l->text.len - at - 1, i = 0;
    const uint8_t *behind = l->text.data + at + 1;
    gap g = {0, 0};

    left = left < MAX_GAP ? left : MAX_GAP;
    for (; i < left && is_gap[behind[i]]; i++) {
        g.has_operator |= is_operator(behind[i]);
        g.has_line_end |= behind[i] == '\n';
    }
    if (!i || i + 1 >= left || !is_quote(behind[i]) || !is_solid(behind[i + 1]))
        return 0;
    return is_one_word(l, at, at + 1 + i, g);
}

static int is_word_end(const look *l, size_t at)
{
    uint8_t c = at ? l->text.data[at - 1] : 0;

    return ss_is_alnum(c) || (c && strchr("_-+/=", c));
}

/* A word that goes on behind it, or a literal. */
static void see_line_end(look *l, size_t at)
{
    size_t end = at;

    if (is_word_end(l, at))
        see(l, SS_SIGHT_LINE, at);
    while (end && at - end < MAX_GAP &&
           (l->text.data[end - 1] == ' ' || l->text.data[end - 1] == '\t'))
        end--;
    if (end && is_quote(l->text.data[end - 1]) && is_word_end(l, end - 1) &&
        is_joint(l, end - 1))
        see_joint(l, end - 1);
}

static void see_mark(look *l, size_t at)
{
    uint8_t second = byte_at(l, at + 1), third = byte_at(l, at + 2);

    switch (l->text.data[at]) {
    case '\\':
        if ((second | 0x20) == 'u' || (second | 0x20) == 'x' ||
            (uint8_t)(second - '0') < 8)
            see(l, SS_SIGHT_SLASH, at);
        if (second == '\n')
            see_line_end(l, at);
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
        return;
    }
}

/* The 64 bits from bit `bit` of word `i` on. */
static uint64_t window(const uint64_t *words, size_t i, unsigned bit)
{
    return bit ? words[i] >> bit | words[i + 1] << (SS_SIGHT_BLOCK - bit)
               : words[i];
}

static int is_long(const ss_sight_masks *masks, size_t i, unsigned bit)
{
    return !(~window(masks->token, i, bit) << (SS_SIGHT_BLOCK - MIN_BINARY));
}

/* Base64 that is worth it is told by its first bytes, or by its length; in
 * front of it there may be the n of an escaped line end. The first digit of a
 * byte of text in hex is always one from 2 to 7. */
static void see_token(look *l, const ss_sight_masks *masks, size_t i,
                      unsigned bit, size_t at)
{
    const uint8_t *s = l->text.data + at;

    if (at + MIN_RUN > l->text.len)
        return; /* what stands behind the text */
    if (ss_base64_may_begin(s) || (at && s[-1] == '\\') ||
        is_long(masks, i, bit))
        see(l, SS_SIGHT_TOKEN, at);
    if (masks->digits[i] >> bit & 1)
        see(l, SS_SIGHT_HEX, at);
}

static void see_word(look *l, const ss_sight_masks *masks, size_t i, size_t at)
{
    uint64_t run = masks->run[i], mark = masks->mark[i];
    uint64_t joint = masks->joint[i];

    while (run) {
        unsigned bit = take_lowest(&run);

        see_token(l, masks, i, bit, at + bit);
    }
    while (mark)
        see_mark(l, at + take_lowest(&mark));
    while (joint) {
        size_t quote = at + take_lowest(&joint);

        if (is_joint(l, quote))
            see_joint(l, quote);
    }
}

static void see_words(look *l, const ss_sight_masks *masks, size_t at, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (masks->run[i] | masks->mark[i] | masks->joint[i])
            see_word(l, masks, i, at + i * SS_SIGHT_BLOCK);
    }
}

/* ---- characters of two and four bytes ---- */

/* Is all of a character zero but the byte at `low`? */
static int is_narrow(const uint8_t *c, size_t width, size_t low)
{
    for (size_t i = 0; i < width; i++) {
        if (i != low && c[i])
            return 0;
    }
    return 1;
}

/* Each `n` characters of text in the narrow ones from `at` on; two that are not
 * (pages of zeros ...) end it. */
static void see_text(look *l, ss_sight kind, size_t at, size_t width,
                     size_t low)
{
    const size_t n = width == 2 ? 8 : 6;
    size_t run = 0, n_strange = 0, end = l->to + n * width;

    end = end < l->text.len ? end : l->text.len;
    for (; at + width <= end; at += width) {
        const uint8_t *c = l->text.data + at;

        if (c[low] && is_narrow(c, width, low))
            n_strange = 0;
        else if (++n_strange > 1)
            return;
        run = !n_strange && ss_is_ascii_text(c[low]) ? run + 1 : 0;
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

static void see_wide(look *l, const ss_sight_masks *masks, size_t at, size_t n)
{
    uint64_t pairs_before = 0, quads_before = 0;

    for (size_t i = 0; i < n; i++) {
        two_blocks zero =
            (two_blocks)masks->zero[i + 1] << SS_SIGHT_BLOCK | masks->zero[i];
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

/* Behind the end of the text stand bytes of no class. */
static void read_masks(ss_sight_masks *out, ss_bytes text, size_t at, size_t n)
{
    uint8_t before = at ? text.data[at - 1] : 0;
    size_t len = (n + 1) * SS_SIGHT_BLOCK + 1;
    uint8_t rest[SS_SIGHT_TEXT];

    if (text.len - at >= len) {
        ss_sight_mask_at(0)(out, text.data + at, n, before);
        return;
    }
    memcpy(rest, text.data + at, text.len - at);
    memset(rest + (text.len - at), 1, len - (text.len - at));
    ss_sight_mask_at(0)(out, rest, n, before);
}

static void see_blocks(look *l, size_t at, size_t n)
{
    ss_sight_masks masks;
    uint64_t zero = 0;

    read_masks(&masks, l->text, at, n);
    see_words(l, &masks, at, n);
    for (size_t i = 0; i <= n; i++)
        zero |= masks.zero[i];
    if (!zero)
        return;
    l->out->has_zeros = 1;
    see_wide(l, &masks, at, n);
}

int ss_sights_add(ss_sights *sights, ss_bytes text, size_t from, size_t to)
{
    look l = {.text = text, .from = from, .to = to, .out = sights};
    size_t at = from > MARGIN ? from - MARGIN : 0;

    while (at < to) {
        size_t n = (to - at + SS_SIGHT_BLOCK - 1) / SS_SIGHT_BLOCK;

        n = n < SS_SIGHT_BLOCKS ? n : SS_SIGHT_BLOCKS;
        see_blocks(&l, at, n);
        at += n * SS_SIGHT_BLOCK;
    }
    return l.failed ? -1 : 0;
}

int ss_sights_take(ss_sights *sights, ss_bytes text, size_t from, size_t to)
{
    for (size_t i = 0; i < SS_N_SIGHTS; i++)
        sights->of[i].len = 0;
    sights->has_zeros = 0;
    return ss_sights_add(sights, text, from, to);
}

void ss_sights_release(ss_sights *sights)
{
    for (size_t i = 0; i < SS_N_SIGHTS; i++)
        SS_VEC_RELEASE(&sights->of[i]);
}
