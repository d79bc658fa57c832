/*
 * mask.c: find any of many values in a text, fast.
 *
 * A filter on the first bytes rejects nearly every position with one load; what
 * passes is looked up by bisection in the sorted values. A value that is a
 * prefix of the text is the text's predecessor in that order, or a prefix of
 * it: the chain of `parent`. So thousands of values that share a long prefix
 * (JWTs, keys of one vendor) cost no more than others.
 */
#include "mask.h"

#include "base/alloc.h"
#include "base/vec.h"

#include <stdlib.h>

#define MASK "********"
#define LONG 8u  /* masked everywhere */
#define SHORT 4u /* masked in excerpts */
/* A line of a secret of several lines is a value of its own from here on. */
#define LINE_VALUE 16u
/* Excerpts are at most 1,024 bytes: a longer one may cut a value at its ends.
 */
#define MAY_BE_CUT 512u
#define MAX_EXCERPT 1024u

typedef struct hidden {
    size_t from, to; /* bytes of the text; empty when from == to */
    size_t show_to;  /* end of what is shown of them */
} hidden;

static uint64_t hash_key(const uint8_t *data, size_t key)
{
    uint64_t word = 0;

    /* Two fixed sizes: each is one load. */
    if (key == LONG)
        memcpy(&word, data, LONG);
    else
        memcpy(&word, data, SHORT);
    return word * UINT64_C(0x9e3779b97f4a7c15);
}

static int is_filtered(const ss_mask_table *table, const uint8_t *data)
{
    uint64_t bit = hash_key(data, table->key) >> table->shift;

    return !(table->filter[bit / 64] >> (bit % 64) & 1);
}

static int add_value(ss_mask_table *table, ss_bytes bytes, size_t prefix)
{
    ss_mask_value value = {bytes, prefix < bytes.len ? prefix : 0, 0};

    return SS_VEC_PUSH(table, value);
}

static int add_reversed(ss_mask *mask, ss_bytes value)
{
    size_t len = value.len < MAX_EXCERPT ? value.len : MAX_EXCERPT;
    uint8_t *copy = ss_arena_alloc(&mask->arena, len);

    if (!copy)
        return -1;
    for (size_t i = 0; i < len; i++)
        copy[i] = value.data[value.len - 1 - i];
    return add_value(&mask->reversed, ss_bytes_of(copy, len), 0);
}

/* Lines of a secret of several lines (a PEM block) turn up alone in excerpts.
 */
static int add_lines(ss_mask *mask, ss_bytes value)
{
    size_t at = 0;

    while (at < value.len) {
        const uint8_t *line = value.data + at;
        const uint8_t *end = memchr(line, '\n', value.len - at);
        size_t len = end ? (size_t)(end - line) : value.len - at;
        size_t trimmed = len && line[len - 1] == '\r' ? len - 1 : len;

        at += end ? len + 1 : len;
        if (trimmed < LINE_VALUE || memcmp(line, "-----", 5) == 0)
            continue;
        if (add_value(&mask->longs, ss_bytes_of(line, trimmed), 0))
            return -1;
    }
    return 0;
}

void ss_mask_init(ss_mask *mask)
{
    *mask = (ss_mask){.longs = {.key = LONG},
                      .shorts = {.key = SHORT},
                      .reversed = {.key = LONG}};
}

int ss_mask_add(ss_mask *mask, ss_bytes value, size_t prefix)
{
    if (value.len < SHORT)
        return 0;
    if (value.len < LONG)
        return add_value(&mask->shorts, value, prefix);
    if (add_value(&mask->longs, value, prefix) || add_reversed(mask, value))
        return -1;
    return memchr(value.data, '\n', value.len) ? add_lines(mask, value) : 0;
}

static int compare_values(const void *a, const void *b)
{
    const ss_mask_value *x = a;
    const ss_mask_value *y = b;
    int order = ss_bytes_compare(x->bytes, y->bytes);

    if (order)
        return order;
    return (x->prefix < y->prefix) - (x->prefix > y->prefix);
}

static int starts_with(ss_bytes text, ss_bytes prefix)
{
    return prefix.len <= text.len &&
           memcmp(text.data, prefix.data, prefix.len) == 0;
}

/* Sort, drop doubles (the longer public prefix stays), link the parents. */
static void order_values(ss_mask_table *table)
{
    size_t n = 0;

    qsort(table->at, table->len, sizeof(table->at[0]), compare_values);
    for (size_t i = 0; i < table->len; i++) {
        size_t parent = n;

        if (n && ss_bytes_equal(table->at[n - 1].bytes, table->at[i].bytes))
            continue;
        while (parent &&
               !starts_with(table->at[i].bytes, table->at[parent - 1].bytes))
            parent = table->at[parent - 1].parent;
        table->at[n] = table->at[i];
        table->at[n].parent = parent;
        n++;
    }
    table->len = n;
}

static int make_filter(ss_mask_table *table)
{
    unsigned bits = 10;

    while (bits < 26 && (size_t)1 << bits < table->len * 16)
        bits++;
    table->shift = 64 - bits;
    table->filter = ss_calloc((size_t)1 << (bits - 6), sizeof(uint64_t));
    if (!table->filter)
        return -1;
    for (size_t i = 0; i < table->len; i++) {
        uint64_t bit =
            hash_key(table->at[i].bytes.data, table->key) >> table->shift;

        table->filter[bit / 64] |= UINT64_C(1) << (bit % 64);
    }
    return 0;
}

static int seal_table(ss_mask_table *table)
{
    if (table->len == 0)
        return 0;
    order_values(table);
    return make_filter(table);
}

int ss_mask_seal(ss_mask *mask)
{
    if (seal_table(&mask->longs) || seal_table(&mask->shorts))
        return -1;
    return seal_table(&mask->reversed);
}

/* How many values are, in their order, at most the text. */
static size_t count_below(const ss_mask_table *table, ss_bytes text)
{
    size_t from = 0;
    size_t to = table->len;

    while (from < to) {
        size_t middle = from + (to - from) / 2;

        if (ss_bytes_compare(table->at[middle].bytes, text) <= 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* The longest value that `text` starts with; NULL when there is none. */
static const ss_mask_value *find_value(const ss_mask_table *table,
                                       ss_bytes text)
{
    size_t i;

    if (table->len == 0 || text.len < table->key ||
        is_filtered(table, text.data))
        return NULL;
    i = count_below(table, text);
    while (i && !starts_with(text, table->at[i - 1].bytes))
        i = table->at[i - 1].parent;
    return i ? &table->at[i - 1] : NULL;
}

/* Is all of `text` the beginning of a value? */
static int is_beginning(const ss_mask_table *table, ss_bytes text)
{
    size_t i;

    if (table->len == 0 || text.len < table->key ||
        is_filtered(table, text.data))
        return 0;
    i = count_below(table, text);
    return i < table->len && starts_with(table->at[i].bytes, text);
}

static ss_bytes from(ss_bytes text, size_t at)
{
    return ss_bytes_of(text.data + at, text.len - at);
}

/* Bytes at the start of a cut line that are the end of a value. */
static size_t find_cut_start(const ss_mask *mask, ss_bytes line)
{
    uint8_t turned[MAX_EXCERPT];
    size_t len = line.len < MAX_EXCERPT ? line.len : MAX_EXCERPT;
    size_t found = 0;

    for (size_t i = 0; i < len; i++)
        turned[len - 1 - i] = line.data[i];
    for (size_t at = 0; at < len && !found; at++) {
        if (is_beginning(&mask->reversed, ss_bytes_of(turned + at, len - at)))
            found = len - at;
    }
    explicit_bzero(turned, sizeof(turned));
    return found;
}

/* Does the secret of the line's own finding stand here? Its bytes need not be
 * those of the line: it may have been decoded. */
static int is_own(ss_bytes rest, size_t at, const ss_mask_place *place)
{
    if (place->secret.len == 0)
        return 0;
    if (at == place->at)
        return 1;
    return rest.data[0] == place->secret.data[0] &&
           starts_with(rest, place->secret);
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Bytes that hide at `at` of a line: values, also short and cut ones. */
static size_t match_in_line(const ss_mask *mask, ss_bytes line, size_t at,
                            const ss_mask_place *place, size_t *prefix)
{
    ss_bytes rest = from(line, at);
    const ss_mask_value *value = find_value(&mask->longs, rest);

    if (is_own(rest, at, place) &&
        (!value || value->bytes.len <= place->secret.len)) {
        *prefix = smaller(place->prefix, rest.len);
        return smaller(place->secret.len, rest.len);
    }
    if (!value)
        value = find_value(&mask->shorts, rest);
    *prefix = value ? value->prefix : 0;
    if (value)
        return value->bytes.len;
    return line.len >= MAY_BE_CUT && is_beginning(&mask->longs, rest) ? rest.len
                                                                      : 0;
}

static size_t match_at(const ss_mask *mask, ss_bytes text, size_t at,
                       const ss_mask_place *place, size_t *prefix)
{
    const ss_mask_value *value;

    if (place)
        return match_in_line(mask, text, at, place, prefix);
    value = find_value(&mask->longs, from(text, at));
    *prefix = value ? value->prefix : 0;
    return value ? value->bytes.len : 0;
}

static int add_hidden(ss_buf *out, ss_bytes text, const hidden *span,
                      ss_mask_place *place)
{
    size_t start = out->len;

    if (ss_buf_add(out, text.data + span->from, span->show_to - span->from) ||
        ss_buf_puts(out, MASK))
        return -1;
    if (place && place->at >= span->from && place->at < span->to) {
        place->from = start;
        place->to = out->len;
    }
    return 0;
}

/* Join a match to the span if they overlap. */
static void widen(hidden *span, size_t at, size_t len, size_t prefix)
{
    if (at + len > span->to)
        span->to = at + len;
    if (at + prefix < span->show_to)
        span->show_to = at + prefix;
}

static int apply(ss_buf *out, const ss_mask *mask, ss_bytes text,
                 ss_mask_place *place, hidden span)
{
    size_t done = 0; /* bytes of the text that are in `out` */

    for (size_t at = 0; at < text.len; at++) {
        size_t prefix;
        size_t len = match_at(mask, text, at, place, &prefix);

        if (len && at < span.to) {
            widen(&span, at, len, prefix);
        } else if (at == span.to && span.to > span.from) {
            if (add_hidden(out, text, &span, place))
                return -1;
            done = span.to;
            span = (hidden){0, 0, 0};
        }
        if (!len || at < span.to)
            continue;
        if (ss_buf_add(out, text.data + done, at - done))
            return -1;
        done = at;
        span = (hidden){at, at + len, at + prefix};
    }
    if (span.to > span.from)
        return add_hidden(out, text, &span, place);
    return ss_buf_add(out, text.data + done, text.len - done);
}

int ss_mask_text(ss_buf *out, const ss_mask *mask, ss_bytes text)
{
    return apply(out, mask, text, NULL, (hidden){0, 0, 0});
}

int ss_mask_line(ss_buf *out, const ss_mask *mask, ss_bytes line,
                 ss_mask_place *place)
{
    hidden span = {0, 0, 0};

    if (line.len >= MAY_BE_CUT)
        span.to = find_cut_start(mask, line);
    place->prefix = place->prefix < place->secret.len ? place->prefix : 0;
    place->from = place->to = out->len;
    return apply(out, mask, line, place, span);
}

int ss_mask_secret(ss_buf *out, ss_bytes secret, size_t prefix)
{
    size_t shown = prefix < secret.len ? prefix : 0;

    if (ss_buf_add(out, secret.data, shown))
        return -1;
    return ss_buf_puts(out, MASK);
}

static void release_table(ss_mask_table *table)
{
    SS_VEC_RELEASE(table);
    ss_free(table->filter);
    table->filter = NULL;
}

void ss_mask_release(ss_mask *mask)
{
    release_table(&mask->longs);
    release_table(&mask->shorts);
    release_table(&mask->reversed);
    ss_arena_release(&mask->arena);
}
