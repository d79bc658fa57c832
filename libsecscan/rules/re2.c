/*
 * re2.c: what means something else in PCRE2, rewritten: `$` and `\v`, `\s`
 * without the vertical tab, Unicode classes, characters beyond ASCII. Those are
 * several bytes, so they become alternatives beside a class; which of them a
 * range or a Unicode class takes is not told apart. Look-around and the like,
 * which RE2 lacks, are left as they are.
 */
#include "rules/re2.h"

#include "base/buf.h"

#define MAX_TEXT ((size_t)1 << 20)
#define MAX_DEPTH 200
#define MAX_CODE_POINT 0x10ffffu
/* Any character of several bytes. */
#define ANY_BEYOND "[\\xc2-\\xf4][\\x80-\\xbf]{1,3}"

typedef struct translator {
    const char *text;
    size_t at;
    ss_buf out;
    ss_buf set;    /* the class at hand: what of it is one byte */
    ss_buf beyond; /* and what is several, as alternatives */
    secscan_error *err;
    uint8_t is_multiline[MAX_DEPTH]; /* by depth of groups */
    size_t depth;
} translator;

static int fail(translator *t, const char *what)
{
    int rc = ss_fail(t->err, SECSCAN_ERR_RULE, "regular expression: %s", what);

    if (t->err)
        t->err->column = (uint32_t)t->at + 1;
    return rc;
}

static uint8_t peek(const translator *t, size_t ahead)
{
    for (size_t i = 0; i < ahead; i++) {
        if (!t->text[t->at + i])
            return 0;
    }
    return (uint8_t)t->text[t->at + ahead];
}

static void put(ss_buf *out, const char *s)
{
    (void)ss_buf_puts(out, s);
}

static void copy(translator *t, ss_buf *out, size_t n)
{
    for (; n && t->text[t->at]; n--)
        (void)ss_buf_putc(out, t->text[t->at++]);
}

/* ---- characters beyond ASCII ---------------------------------------------
 */

static size_t sequence_len(uint8_t lead)
{
    if (lead < 0xc0)
        return 1;
    return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

static void put_code_point(ss_buf *out, uint32_t c)
{
    static const uint8_t leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    (void)ss_buf_printf(out, "\\x%02x", leads[n] | c >> 6 * (n - 1));
    for (size_t i = n - 1; i-- > 0;)
        (void)ss_buf_printf(out, "\\x%02x", 0x80u | (c >> 6 * i & 0x3fu));
}

/* A repeat behind it is of all its bytes. */
static void put_character(translator *t, uint32_t c)
{
    put(&t->out, "(?:");
    put_code_point(&t->out, c);
    put(&t->out, ")");
}

static void copy_sequence(translator *t)
{
    put(&t->out, "(?:");
    copy(t, &t->out, sequence_len(peek(t, 0)));
    put(&t->out, ")");
}

static void add_beyond(translator *t)
{
    if (t->beyond.len)
        put(&t->beyond, "|");
}

/* ---- Unicode classes ------------------------------------------------------
 */

typedef struct property {
    const char *name;
    const char *ascii; /* pairs: from, to */
    int has_beyond;
} property;

static const property properties[] = {
    {"L", "AZaz", 1},
    {"Lu", "AZ", 0},
    {"Ll", "az", 0},
    {"Lo", "", 1},
    {"Lm", "", 1},
    {"Lt", "", 1},
    {"M", "", 1},
    {"Mn", "", 1},
    {"N", "09", 0},
    {"Nd", "09", 0},
    {"P", "!#%*,/:;?@[]__{{}}", 1},
    {"S", "$$++<>^^``||~~", 1},
    {"Z", "  ", 0},
    {"Zs", "  ", 0},
    {"C", "\x01\x1f\x7f\x7f", 0},
    {"Cc", "\x01\x1f\x7f\x7f", 0},
    {"Latin", "AZaz", 1},
};
#define N_PROPERTIES (sizeof(properties) / sizeof(properties[0]))

/* Names of three letters and more are scripts: none is ASCII but Latin. */
static const property *find_property(ss_bytes name)
{
    static const property script = {"", "", 1};

    for (size_t i = 0; i < N_PROPERTIES; i++) {
        if (ss_bytes_equal(name, ss_bytes_str(properties[i].name)))
            return &properties[i];
    }
    return name.len > 2 && ss_is_alpha(name.data[0]) ? &script : NULL;
}

static int is_in(const property *p, uint8_t c)
{
    for (const char *r = p->ascii; *r; r += 2) {
        if (c >= (uint8_t)r[0] && c <= (uint8_t)r[1])
            return 1;
    }
    return 0;
}

/* One byte a character: of what is beyond ASCII, each byte counts. */
static void put_property(ss_buf *out, const property *p, int is_negated)
{
    for (unsigned c = 0; c < 128; c++) {
        unsigned from = c;

        if (is_in(p, (uint8_t)c) == is_negated)
            continue;
        while (c + 1 < 128 && is_in(p, (uint8_t)(c + 1)) != is_negated)
            c++;
        (void)ss_buf_printf(out, "\\x%02x-\\x%02x", from, c);
    }
    if (p->has_beyond || is_negated)
        put(out, "\\x80-\\xff");
}

/* At \p or \P. */
static int take_property(translator *t, ss_buf *out, int is_in_class)
{
    size_t start = t->at;
    int is_negated = peek(t, 1) == 'P';
    ss_bytes name = {(const uint8_t *)t->text + t->at + 2, 1};
    const property *p;

    t->at += 3;
    if (name.data[0] == '{') {
        name.data++;
        if (name.data[0] == '^') {
            is_negated = !is_negated;
            name.data++;
        }
        name.len = strcspn((const char *)name.data, "}");
        t->at = (size_t)((const char *)name.data - t->text) + name.len + 1;
    }
    p = find_property(name);
    if (!p || !name.data[0] || !name.data[name.len - 1]) {
        t->at = start;
        return fail(t, "this Unicode class has no translation to bytes: write "
                       "[A-Za-z] or the like");
    }
    put(out, is_in_class ? "" : "[");
    put_property(out, p, is_negated);
    put(out, is_in_class ? "" : "]");
    return 0;
}

/* ---- escapes --------------------------------------------------------------
 */

static int digit_of(uint8_t c)
{
    if (ss_is_digit(c))
        return c - '0';
    c = ss_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

static uint32_t take_digits(translator *t, int base, size_t max)
{
    uint32_t value = 0;

    for (size_t n = 0; n < max && digit_of(peek(t, 0)) < base; n++) {
        value = value * (uint32_t)base + (uint32_t)digit_of(peek(t, 0));
        t->at++;
        if (value > MAX_CODE_POINT)
            break;
    }
    return value;
}

/* \x41, \x{e9}, \012: *is_number, and the character. */
static int take_number(translator *t, uint32_t *out, int *is_number)
{
    uint8_t c = peek(t, 1), next = peek(t, 2);

    *is_number = 1;
    if (c == 'x' && next == '{') {
        t->at += 3;
        *out = take_digits(t, 16, 8);
        if (peek(t, 0) != '}' || *out > MAX_CODE_POINT)
            return fail(t, "a character's number is not one, or has no end");
        t->at++;
    } else if (c == 'x') {
        t->at += 2;
        *out = take_digits(t, 16, 2);
    } else if (c == '0' ||
               (c >= '1' && c <= '7' && next >= '0' && next < '8')) {
        t->at++;
        *out = take_digits(t, 8, 3);
    } else {
        *is_number = 0;
    }
    return 0;
}

/* Escapes that are sets of bytes; NULL: it is none. */
static const char *set_of(uint8_t letter)
{
    switch (letter) {
    case 's':
        return "\\t\\n\\f\\r\\x20";
    case 'S':
        return "\\x00-\\x08\\x0b\\x0e-\\x1f!-\\xff";
    case 'v':
        return "\\x0b";
    default:
        return NULL;
    }
}

static int take_quoted(translator *t)
{
    const char *end;

    copy(t, &t->out, 2);
    end = strstr(t->text + t->at, "\\E");
    copy(t, &t->out, end ? (size_t)(end - t->text) + 2 - t->at : SIZE_MAX);
    return 0;
}

static int take_escape(translator *t)
{
    uint8_t c = peek(t, 1);
    uint32_t number;
    int is_number, rc;

    if (c == 'Q')
        return take_quoted(t);
    if (c == 'C')
        return fail(t, "\\C is not supported: write [\\x00-\\xff]");
    if (c == 'p' || c == 'P')
        return take_property(t, &t->out, 0);
    if (set_of(c)) {
        (void)ss_buf_printf(&t->out, "[%s]", set_of(c));
        t->at += 2;
        return 0;
    }
    rc = take_number(t, &number, &is_number);
    if (rc || !is_number) {
        copy(t, &t->out, rc ? 0 : 2);
        return rc;
    }
    if (number < 0x80)
        (void)ss_buf_printf(&t->out, "\\x%02x", number);
    else
        put_character(t, number);
    return 0;
}

/* ---- classes --------------------------------------------------------------
 */

/* Behind one end of a range at `-`: is the other one beyond ASCII? */
static int goes_beyond(const translator *t)
{
    return peek(t, 0) == '-' && peek(t, 1) >= 0xc0;
}

/* A range up to a character beyond ASCII. */
static void end_range(translator *t, const char *ascii)
{
    put(&t->set, ascii);
    add_beyond(t);
    put(&t->beyond, ANY_BEYOND);
    t->at += 1 + sequence_len(peek(t, 1));
}

static void take_beyond(translator *t)
{
    size_t len = sequence_len(peek(t, 0));

    if (peek(t, len) == '-' && peek(t, len + 1) != ']') {
        t->at += len;
        end_range(t, "");
        return;
    }
    add_beyond(t);
    copy(t, &t->beyond, len);
}

static int take_class_escape(translator *t)
{
    uint8_t c = peek(t, 1);
    uint32_t number;
    int is_number, rc;

    if (c == 'p' || c == 'P')
        return take_property(t, &t->set, 1);
    if (set_of(c)) {
        put(&t->set, set_of(c));
        t->at += 2;
        return 0;
    }
    rc = take_number(t, &number, &is_number);
    if (rc || !is_number) {
        copy(t, &t->set, rc ? 0 : 2);
        return rc;
    }
    if (number < 0x80) {
        (void)ss_buf_printf(&t->set, "\\x%02x", number);
        return 0;
    }
    /* As the end of a range it takes the rest of ASCII, too. */
    if (t->set.len && t->set.data[t->set.len - 1] == '-')
        put(&t->set, "\\x7f");
    add_beyond(t);
    put(&t->beyond, ANY_BEYOND);
    return 0;
}

static int take_class_item(translator *t)
{
    uint8_t c = peek(t, 0);
    const char *end;

    if (c == '\\')
        return take_class_escape(t);
    if (c >= 0xc0) {
        take_beyond(t);
        return 0;
    }
    end = c == '[' && peek(t, 1) == ':' ? strstr(t->text + t->at, ":]") : NULL;
    if (end) {
        copy(t, &t->set, (size_t)(end - t->text) + 2 - t->at);
        return 0;
    }
    if (c == '[') /* PCRE2 would read [. and [= as more than a bracket */
        put(&t->set, "\\");
    copy(t, &t->set, 1);
    if (goes_beyond(t))
        end_range(t, "-\\x7f");
    return 0;
}

/* What is beyond ASCII is taken by the complement of anything. */
static void put_class(translator *t, int is_negated)
{
    const char *set = t->set.len ? (const char *)t->set.data : "";
    int len = (int)t->set.len;

    if (is_negated)
        (void)ss_buf_printf(&t->out, len ? "[^%.*s]" : "[\\x00-\\xff]%.*s", len,
                            set);
    else if (!t->beyond.len)
        (void)ss_buf_printf(&t->out, "[%.*s]", len, set);
    else
        (void)ss_buf_printf(&t->out, len ? "(?:[%.*s]|%.*s)" : "(?:%.*s%.*s)",
                            len, set, (int)t->beyond.len, t->beyond.data);
}

static int take_class(translator *t)
{
    size_t start = t->at++;
    int is_negated = peek(t, 0) == '^';
    int rc = 0;

    t->at += (size_t)is_negated;
    t->set.len = t->beyond.len = 0;
    do {
        if (!peek(t, 0)) {
            t->at = start;
            return fail(t, "a class is not closed: ] is missing");
        }
        rc = take_class_item(t);
    } while (!rc && peek(t, 0) != ']');
    if (rc)
        return rc;
    t->at++;
    put_class(t, is_negated);
    return 0;
}

/* ---- groups ---------------------------------------------------------------
 */

/* Flags up to `)`, which last to the end of the group around, or `:`. */
static void take_flags(translator *t)
{
    size_t len = strspn(t->text + t->at + 2, "imsU-");
    const char *flags = t->text + t->at + 2;
    uint8_t value = 1;

    if (flags[len] != ')' && flags[len] != ':')
        return;
    for (size_t i = 0; i < len; i++) {
        if (flags[i] == '-')
            value = 0;
        if (flags[i] == 'm')
            t->is_multiline[t->depth] = value;
    }
    copy(t, &t->out, 2 + len);
    if (flags[len] == ':' || !t->depth)
        return;
    /* No group: the bracket that closes it takes none away. */
    t->is_multiline[t->depth - 1] = t->is_multiline[t->depth];
}

static int open_group(translator *t)
{
    if (t->depth + 1 == MAX_DEPTH)
        return fail(t, "groups are nested too deep");
    t->depth++;
    t->is_multiline[t->depth] = t->is_multiline[t->depth - 1];
    if (peek(t, 1) == '?')
        take_flags(t);
    if (peek(t, 0) == '(')
        copy(t, &t->out, 1);
    return 0;
}

static int take(translator *t)
{
    uint8_t c = peek(t, 0);

    switch (c) {
    case '\\':
        return take_escape(t);
    case '[':
        return take_class(t);
    case '(':
        return open_group(t);
    case ')':
        t->depth -= t->depth > 0;
        break;
    case '$':
        if (t->is_multiline[t->depth])
            break;
        put(&t->out, "\\z");
        t->at++;
        return 0;
    case '{': /* not a repeat, and newer PCRE2 takes it for one */
        if (peek(t, 1) == ',')
            put(&t->out, "\\");
        break;
    default:
        if (c < 0xc0)
            break;
        copy_sequence(t);
        return 0;
    }
    copy(t, &t->out, 1);
    return 0;
}

int ss_re2_translate(const char **out, const char *pattern, ss_arena *arena,
                     secscan_error *err)
{
    translator t = {.text = pattern,
                    .out = SS_BUF_INIT(MAX_TEXT),
                    .set = SS_BUF_INIT(MAX_TEXT),
                    .beyond = SS_BUF_INIT(MAX_TEXT),
                    .err = err};
    int rc = 0;

    *out = pattern;
    while (!rc && pattern[t.at])
        rc = take(&t);
    if (!rc && (t.out.failed || t.set.failed || t.beyond.failed))
        rc = ss_fail_nomem(err);
    if (!rc && !ss_bytes_equal(ss_buf_bytes(&t.out), ss_bytes_str(pattern)))
        *out = ss_arena_str(arena, (const char *)t.out.data, t.out.len);
    if (!rc && !*out)
        rc = ss_fail_nomem(err);
    ss_buf_release(&t.out);
    ss_buf_release(&t.set);
    ss_buf_release(&t.beyond);
    return rc;
}
