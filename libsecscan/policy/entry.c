/*
 * entry.c: read and write the lines of .secscanignore and of baselines.
 */
#include "entry.h"

#define FINGERPRINT_LEN 27u /* "s1:", 24 hex digits */

static int is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static ss_bytes trim(ss_bytes s)
{
    while (s.len && is_blank(s.data[0]))
        s = ss_bytes_of(s.data + 1, s.len - 1);
    while (s.len && is_blank(s.data[s.len - 1]))
        s.len--;
    return s;
}

/* ---- fields ---- */

static int is_fingerprint(ss_bytes s)
{
    if (s.len != FINGERPRINT_LEN || !ss_bytes_starts(s, "s1:"))
        return 0;
    for (size_t i = 3; i < s.len; i++) {
        if (!ss_is_digit(s.data[i]) && (s.data[i] < 'a' || s.data[i] > 'f'))
            return 0;
    }
    return 1;
}

static unsigned number(const char *digits, size_t n)
{
    unsigned value = 0;

    for (size_t i = 0; i < n; i++)
        value = value * 10 + (unsigned)(digits[i] - '0');
    return value;
}

static unsigned days_in(unsigned year, unsigned month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30,
                                   31, 31, 30, 31, 30, 31};
    int is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && is_leap ? 1u : 0u);
}

uint32_t ss_entry_day(const char *text)
{
    unsigned year, month, day;

    for (size_t i = 0; i < 10; i++) {
        if (i == 4 || i == 7 ? text[i] != '-' : !ss_is_digit((uint8_t)text[i]))
            return 0;
    }
    if (text[10])
        return 0;
    year = number(text, 4);
    month = number(text + 5, 2);
    day = number(text + 8, 2);
    if (!year || month < 1 || month > 12 || day < 1 ||
        day > days_in(year, month))
        return 0;
    return year * 10000 + month * 100 + day;
}

static int is_one_of(const char *word, const char *const *words)
{
    while (*words && strcmp(*words, word) != 0)
        words++;
    return *words != NULL;
}

static int is_verdict(const char *word)
{
    static const char *const words[] = {"real", "false", "test", NULL};

    return is_one_of(word, words);
}

static int is_source(const char *word)
{
    for (int i = 0; strcmp(secscan_source_name(i), "unknown") != 0; i++) {
        if (strcmp(secscan_source_name(i), word) == 0)
            return 1;
    }
    return 0;
}

const char *ss_entry_check(const secscan_entry *e)
{
    int n_places =
        (e->path != NULL) + (e->source != NULL) + (e->is_everywhere != 0);

    if (!e->fingerprint || !is_fingerprint(ss_bytes_str(e->fingerprint)))
        return "it does not start with a fingerprint, \"s1:\" and 24 hex "
               "digits";
    if (n_places == 0)
        return "it says no place: path:PATH, in:SOURCE or everywhere";
    if (n_places > 1)
        return "it says more than one place";
    if (e->path && !*e->path)
        return "its path is empty";
    if (e->source && !is_source(e->source))
        return "in: takes a source, as commit-message";
    if (e->until && !ss_entry_day(e->until))
        return "until: takes a day, as 2027-01-31";
    if (e->verdict && !is_verdict(e->verdict))
        return "is: takes real, false or test";
    if (e->rule && !*e->rule)
        return "its rule is empty";
    return NULL;
}

/* ---- reading ---- */

typedef struct reader {
    ss_bytes rest;
    ss_arena *arena;
    const char *why; /* what is wrong; NULL: nothing yet */
    int is_out_of_memory;
} reader;

static uint8_t next_byte(reader *r)
{
    uint8_t c = r->rest.data[0];

    r->rest = ss_bytes_of(r->rest.data + 1, r->rest.len - 1);
    return c;
}

static int is_octal(ss_bytes s)
{
    return s.len >= 3 && s.data[0] >= '0' && s.data[0] <= '3' &&
           s.data[1] >= '0' && s.data[1] <= '7' && s.data[2] >= '0' &&
           s.data[2] <= '7';
}

/* Behind a backslash: itself, or three octal digits. */
static uint8_t escaped_byte(reader *r)
{
    uint8_t value;

    if (!is_octal(r->rest))
        return r->rest.len ? next_byte(r) : '\\';
    value = (uint8_t)((r->rest.data[0] - '0') << 6 |
                      (r->rest.data[1] - '0') << 3 | (r->rest.data[2] - '0'));
    r->rest = ss_bytes_of(r->rest.data + 3, r->rest.len - 3);
    return value;
}

/* What stands in quotes; the first has been read. */
static char *quoted_value(reader *r)
{
    char *out = ss_arena_alloc(r->arena, r->rest.len + 1);
    size_t len = 0;

    if (!out) {
        r->is_out_of_memory = 1;
        return NULL;
    }
    while (r->rest.len && r->rest.data[0] != '"') {
        uint8_t c = next_byte(r);

        if (c == '\\')
            c = escaped_byte(r);
        if (!c)
            r->why = "it holds a NUL";
        out[len++] = (char)c;
    }
    out[len] = '\0';
    if (!r->rest.len)
        r->why = "a quote is not closed";
    else
        next_byte(r);
    if (r->rest.len && !is_blank(r->rest.data[0]))
        r->why = "something stands right behind a quote";
    return out;
}

static char *bare_value(reader *r)
{
    size_t len = 0;
    char *out;

    while (len < r->rest.len && !is_blank(r->rest.data[len]))
        len++;
    if (memchr(r->rest.data, 0, len))
        r->why = "it holds a NUL";
    out = ss_arena_str(r->arena, (const char *)r->rest.data, len);
    r->rest = ss_bytes_of(r->rest.data + len, r->rest.len - len);
    if (!out)
        r->is_out_of_memory = 1;
    return out;
}

static char *value(reader *r)
{
    if (!r->rest.len || r->rest.data[0] != '"')
        return bare_value(r);
    next_byte(r);
    return quoted_value(r);
}

/* The field that comes next, if it has this name: 1 and its value. */
static int take(reader *r, const char *name, const char **out)
{
    if (!ss_bytes_starts(r->rest, name))
        return 0;
    r->rest =
        ss_bytes_of(r->rest.data + strlen(name), r->rest.len - strlen(name));
    if (*out)
        r->why = "a field is there twice";
    *out = value(r);
    return 1;
}

static void read_field(reader *r, secscan_entry *e)
{
    const char *word = NULL;

    if (take(r, "path:", &e->path) || take(r, "in:", &e->source) ||
        take(r, "rule:", &e->rule) || take(r, "until:", &e->until) ||
        take(r, "is:", &e->verdict))
        return;
    word = bare_value(r);
    if (word && strcmp(word, "everywhere") == 0)
        e->is_everywhere = 1;
    else
        r->why = "known are path:, in:, rule:, until:, is: and everywhere";
}

static void read_fields(reader *r, secscan_entry *e)
{
    e->fingerprint = bare_value(r);
    for (;;) {
        r->rest = trim(r->rest);
        if (!r->rest.len || r->why || r->is_out_of_memory)
            return;
        if (r->rest.data[0] == '#')
            break;
        read_field(r, e);
    }
    r->rest = trim(ss_bytes_of(r->rest.data + 1, r->rest.len - 1));
    if (memchr(r->rest.data, 0, r->rest.len))
        r->why = "it holds a NUL";
    e->reason = ss_arena_str(r->arena, (const char *)r->rest.data, r->rest.len);
    if (!e->reason)
        r->is_out_of_memory = 1;
}

int ss_entry_parse(secscan_entry *out, ss_bytes line, ss_arena *arena,
                   const char **why)
{
    reader r = {.rest = trim(line), .arena = arena};

    memset(out, 0, sizeof(*out));
    out->reason = "";
    if (!r.rest.len || r.rest.data[0] == '#')
        return SS_ENTRY_NONE;
    read_fields(&r, out);
    if (r.is_out_of_memory)
        return SECSCAN_ERR_NOMEM;
    if (!r.why)
        r.why = ss_entry_check(out);
    *why = r.why;
    return r.why ? SS_ENTRY_BAD : SS_ENTRY_READ;
}

/* ---- writing ---- */

static int is_plain(const char *text)
{
    if (*text == '"')
        return 0;
    for (; *text; text++) {
        uint8_t c = (uint8_t)*text;

        if (c <= ' ' || c == 0x7f || c == '\\')
            return 0;
    }
    return 1;
}

static void put_quoted(ss_buf *out, const char *text)
{
    ss_buf_putc(out, '"');
    for (; *text; text++) {
        uint8_t c = (uint8_t)*text;

        if (c < ' ' || c == 0x7f)
            ss_buf_printf(out, "\\%03o", c);
        else if (c == '"' || c == '\\')
            ss_buf_printf(out, "\\%c", c);
        else
            ss_buf_putc(out, (char)c);
    }
    ss_buf_putc(out, '"');
}

static void put_field(ss_buf *out, const char *name, const char *text)
{
    if (!text)
        return;
    ss_buf_puts(out, name);
    if (is_plain(text))
        ss_buf_puts(out, text);
    else
        put_quoted(out, text);
}

static int is_dark(char c)
{
    return (uint8_t)c <= ' ' || c == 0x7f;
}

/* One line, whatever it holds. */
static void put_reason(ss_buf *out, const char *text)
{
    size_t len = text ? strlen(text) : 0;

    while (len && is_dark(text[len - 1]))
        len--;
    while (len && is_dark(*text)) {
        text++;
        len--;
    }
    if (!len)
        return;
    ss_buf_puts(out, " # ");
    for (size_t i = 0; i < len; i++)
        ss_buf_putc(out, is_dark(text[i]) ? ' ' : text[i]);
}

int ss_entry_write(ss_buf *out, const secscan_entry *entry)
{
    ss_buf_puts(out, entry->fingerprint);
    put_field(out, " path:", entry->path);
    put_field(out, " in:", entry->source);
    if (entry->is_everywhere)
        ss_buf_puts(out, " everywhere");
    put_field(out, " rule:", entry->rule);
    put_field(out, " until:", entry->until);
    put_field(out, " is:", entry->verdict);
    put_reason(out, entry->reason);
    ss_buf_putc(out, '\n');
    return out->failed ? SECSCAN_ERR_NOMEM : 0;
}
