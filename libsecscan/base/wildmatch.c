/*
 * wildmatch.c: match with two places to come back to, the last `*` and the last
 * `**`. That is enough: a `*` cannot leave its path component, so that an
 * earlier one never helps, and a later `**` takes all that an earlier one
 * could.
 */
#include "wildmatch.h"

#define NOWHERE SIZE_MAX

/* Where to go on after a mismatch. */
typedef struct retry {
    size_t pattern_at; /* NOWHERE: none */
    size_t text_at;
} retry;

typedef struct matching {
    ss_bytes pattern, text;
    size_t p, t;
    retry star, deep;
} matching;

/* ---- character classes: ASCII, as git has them ---- */

static int is_print(uint8_t c)
{
    return c >= 0x20 && c < 0x7f;
}
static int is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
static int is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}
static int is_cntrl(uint8_t c)
{
    return c < 0x20 || c == 0x7f;
}
static int is_graph(uint8_t c)
{
    return is_print(c) && c != ' ';
}
static int is_punct(uint8_t c)
{
    return is_graph(c) && !ss_is_alnum(c);
}
static int is_lower(uint8_t c)
{
    return c >= 'a' && c <= 'z';
}
static int is_upper(uint8_t c)
{
    return c >= 'A' && c <= 'Z';
}
static int is_xdigit(uint8_t c)
{
    uint8_t lower = ss_lower(c);

    return ss_is_digit(c) || (lower >= 'a' && lower <= 'f');
}

static const struct {
    const char *name;
    int (*holds)(uint8_t c);
} classes[] = {
    {"alnum", ss_is_alnum}, {"alpha", ss_is_alpha}, {"blank", is_blank},
    {"cntrl", is_cntrl},    {"digit", ss_is_digit}, {"graph", is_graph},
    {"lower", is_lower},    {"print", is_print},    {"punct", is_punct},
    {"space", is_space},    {"upper", is_upper},    {"xdigit", is_xdigit},
};

/* 1 or 0; -1 when there is no class of that name. */
static int class_holds(ss_bytes name, uint8_t c)
{
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
        if (ss_bytes_equal(name, ss_bytes_str(classes[i].name)))
            return classes[i].holds(c) ? 1 : 0;
    }
    return -1;
}

/* Of "[:name:]" at `at`, with at least "[:" there. Returns where it ends, or
 * NOWHERE when no "]" follows; *is_class says whether it is one at all. */
static size_t named_class_end(ss_bytes p, size_t at, int *is_class)
{
    size_t end = at + 2;

    while (end < p.len && p.data[end] != ']')
        end++;
    if (end == p.len)
        return NOWHERE;
    *is_class = end > at + 2 && p.data[end - 1] == ':';
    return end;
}

/* One byte of a set, a backslash before it dropped; NOWHERE at the end. */
static size_t set_byte(ss_bytes p, size_t at, uint8_t *c)
{
    if (at < p.len && p.data[at] == '\\')
        at++;
    if (at >= p.len)
        return NOWHERE;
    *c = p.data[at];
    return at + 1;
}

/* An item of a set: a byte, a range or a class. `prev` is the byte before, 0 if
 * a range cannot start there. Returns the place behind it, or NOWHERE. */
static size_t set_item(ss_bytes p, size_t at, uint8_t c, uint8_t *prev,
                       int *found)
{
    uint8_t to = 0;
    int is_class = 0;

    if (p.data[at] == '-' && *prev && at + 1 < p.len && p.data[at + 1] != ']') {
        at = set_byte(p, at + 1, &to);
        *found |= at != NOWHERE && c >= *prev && c <= to;
        *prev = 0;
        return at;
    }
    if (p.data[at] == '[' && at + 1 < p.len && p.data[at + 1] == ':') {
        size_t end = named_class_end(p, at, &is_class);
        int holds;

        if (end == NOWHERE)
            return NOWHERE;
        if (is_class) {
            holds = class_holds((ss_bytes){p.data + at + 2, end - at - 3}, c);
            *found |= holds > 0;
            *prev = 0;
            return holds < 0 ? NOWHERE : end + 1;
        }
        *found |= c == '[';
        *prev = '[';
        return at + 1;
    }
    at = set_byte(p, at, prev);
    *found |= at != NOWHERE && c == *prev;
    return at;
}

/* A set behind its "[". Returns the place behind "]", or NOWHERE when it is
 * malformed. */
static size_t match_set(ss_bytes p, size_t at, uint8_t c, int *holds)
{
    int is_negated = at < p.len && (p.data[at] == '!' || p.data[at] == '^');
    uint8_t prev = 0;
    int found = 0;
    size_t first;

    if (is_negated)
        at++;
    for (first = at; at == first || at >= p.len || p.data[at] != ']';) {
        if (at >= p.len)
            return NOWHERE;
        at = set_item(p, at, c, &prev, &found);
        if (at == NOWHERE)
            return NOWHERE;
    }
    *holds = found != is_negated && c != '/';
    return at + 1;
}

/* ---- stars ---- */

/* Where the next path component of the text starts; NOWHERE: no more. */
static size_t next_component(ss_bytes text, size_t at)
{
    const uint8_t *slash =
        at < text.len ? memchr(text.data + at, '/', text.len - at) : NULL;

    return slash ? (size_t)(slash - text.data) + 1 : NOWHERE;
}

static int go_back(matching *m)
{
    if (m->star.pattern_at != NOWHERE && m->star.text_at < m->text.len &&
        m->text.data[m->star.text_at] != '/') {
        m->p = m->star.pattern_at;
        m->t = ++m->star.text_at;
        return 1;
    }
    m->star.pattern_at = NOWHERE;
    if (m->deep.pattern_at == NOWHERE)
        return 0;
    m->t = next_component(m->text, m->deep.text_at);
    if (m->t == NOWHERE)
        return 0;
    m->deep.text_at = m->t;
    m->p = m->deep.pattern_at;
    return 1;
}

/* Slashes that follow a `**`: 1 for "/", 2 for "\/", 0 for none. */
static size_t slash_len(ss_bytes p, size_t at)
{
    if (at < p.len && p.data[at] == '/')
        return 1;
    if (at + 1 < p.len && p.data[at] == '\\' && p.data[at + 1] == '/')
        return 2;
    return 0;
}

/* At a run of stars. Returns 1: all matches, 0: go on, -1: a mismatch. */
static int meet_stars(matching *m)
{
    size_t from = m->p, end = m->p;
    size_t slash;

    while (end < m->pattern.len && m->pattern.data[end] == '*')
        end++;
    slash = slash_len(m->pattern, end);
    if (end - from > 1 && (from == 0 || m->pattern.data[from - 1] == '/') &&
        (end == m->pattern.len || slash)) {
        if (end == m->pattern.len)
            return 1;
        m->star.pattern_at = NOWHERE;
        m->deep = (retry){end + slash, m->t};
        m->p = end + slash;
        /* "**\/" wants a slash: only a bare one may stand for nothing. */
        return slash == 1 ? 0 : -1;
    }
    if (end == m->pattern.len)
        return next_component(m->text, m->t) == NOWHERE ? 1 : -1;
    m->star = (retry){end, m->t};
    m->p = end;
    return 0;
}

/* ---- all of it ---- */

/* Match one byte of the text. Nonzero: a mismatch. */
static int meet_byte(matching *m)
{
    ss_bytes p = m->pattern;
    uint8_t c = m->text.data[m->t];
    int holds = 0;

    switch (p.data[m->p]) {
    case '?':
        holds = c != '/';
        m->p++;
        break;
    case '[':
        m->p = match_set(p, m->p + 1, c, &holds);
        break;
    case '\\':
        holds = m->p + 1 < p.len && p.data[m->p + 1] == c;
        m->p += 2;
        break;
    default:
        holds = p.data[m->p] == c;
        m->p++;
    }
    m->t++;
    return !holds;
}

int ss_wildmatch(ss_bytes pattern, ss_bytes text)
{
    matching m = {pattern, text, 0, 0, {NOWHERE, 0}, {NOWHERE, 0}};

    for (;;) {
        int is_off;

        if (m.p < pattern.len && pattern.data[m.p] == '*') {
            int rc = meet_stars(&m);

            if (rc > 0)
                return 1;
            is_off = rc;
        } else if (m.t == text.len) {
            if (m.p >= pattern.len)
                return 1;
            is_off = 1;
        } else {
            is_off = m.p >= pattern.len || meet_byte(&m);
        }
        if (is_off && !go_back(&m))
            return 0;
    }
}

size_t ss_wildmatch_literal(ss_bytes pattern)
{
    size_t n = 0;

    while (n < pattern.len && pattern.data[n] != '*' &&
           pattern.data[n] != '?' && pattern.data[n] != '[' &&
           pattern.data[n] != '\\')
        n++;
    return n;
}
