/*
 * git_config.c: sections, keys, quotes, escapes, comments and lines that go on.
 */
#include "git_config.h"

#include "base/buf.h"

#define MAX_NAME ((size_t)1 << 16)
#define MAX_VALUE ((size_t)1 << 20)

typedef struct parser {
    ss_bytes in;
    size_t line;
    ss_buf name;        /* "section." or "section.sub.", then the key */
    size_t section_len; /* of name; 0: no section yet */
    ss_buf value;
    secscan_error *err;
} parser;

static int fail(const parser *p)
{
    return ss_fail(p->err, SECSCAN_ERR_GIT,
                   "line %zu of the repository's configuration is wrong",
                   p->line);
}

/* The next character, or -1; a carriage return before a newline is none. */
static int next_char(parser *p)
{
    int c;

    if (!p->in.len)
        return -1;
    if (p->in.len > 1 && p->in.data[0] == '\r' && p->in.data[1] == '\n') {
        p->in.data++;
        p->in.len--;
    }
    c = *p->in.data++;
    p->in.len--;
    p->line += c == '\n';
    return c;
}

static void skip_line(parser *p)
{
    int c;

    do {
        c = next_char(p);
    } while (c >= 0 && c != '\n');
}

static int is_space(int c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static int is_key_char(int c)
{
    return c >= 0 && (ss_is_alnum((uint8_t)c) || c == '-');
}

/* ---- sections --------------------------------------------------------- */

/* What stands in quotes in [section "sub"]. */
static int read_subsection(parser *p)
{
    int c;

    do {
        c = next_char(p);
    } while (is_space(c));
    if (c != '"')
        return fail(p);
    ss_buf_putc(&p->name, '.');
    for (;;) {
        c = next_char(p);
        if (c == '"')
            break;
        if (c == '\\')
            c = next_char(p);
        if (c < 0 || c == '\n')
            return fail(p);
        ss_buf_putc(&p->name, (char)c);
    }
    return next_char(p) == ']' ? 0 : fail(p);
}

static int read_section(parser *p)
{
    int c;

    ss_buf_reset(&p->name);
    for (;;) {
        c = next_char(p);
        if (!is_key_char(c) && c != '.')
            break;
        ss_buf_putc(&p->name, (char)ss_lower((uint8_t)c));
    }
    if (!p->name.len)
        return fail(p);
    if (is_space(c)) {
        int rc = read_subsection(p);

        if (rc)
            return rc;
    } else if (c != ']') {
        return fail(p);
    }
    ss_buf_putc(&p->name, '.');
    p->section_len = p->name.len;
    return p->name.failed ? ss_fail_nomem(p->err) : 0;
}

/* ---- values ----------------------------------------------------------- */

static int read_escape(parser *p)
{
    static const char from[] = "tnb\\\"", to[] = "\t\n\b\\\"";
    int c = next_char(p);
    const char *at;

    if (c == '\n')
        return 0; /* the line goes on */
    at = c > 0 ? strchr(from, c) : NULL;
    if (!at)
        return fail(p);
    ss_buf_putc(&p->value, to[at - from]);
    return 0;
}

/* Up to the end of the line; spaces at the end and comments are left out. */
static int read_value(parser *p)
{
    int is_quoted = 0, rc = 0;
    size_t kept = 0; /* up to the last character that is no bare space */

    ss_buf_reset(&p->value);
    while (!rc) {
        int c = next_char(p);

        if (c < 0 || c == '\n') {
            rc = is_quoted ? fail(p) : 0;
            break;
        }
        if (!is_quoted && (c == '#' || c == ';')) {
            skip_line(p);
            break;
        }
        if (c == '"') {
            is_quoted = !is_quoted;
            kept = p->value.len;
            continue;
        }
        if (is_space(c) && !is_quoted) {
            if (p->value.len)
                ss_buf_putc(&p->value, (char)c);
            continue;
        }
        if (c == '\\')
            rc = read_escape(p);
        else
            ss_buf_putc(&p->value, (char)c);
        kept = p->value.len;
    }
    p->value.len = kept;
    ss_buf_putc(&p->value, '\0');
    return !rc && p->value.failed ? ss_fail_nomem(p->err) : rc;
}

static int read_key(parser *p, int first, ss_git_config_fn on_value, void *ctx)
{
    int c = first, rc = 0;

    p->name.len = p->section_len;
    for (; is_key_char(c); c = next_char(p))
        ss_buf_putc(&p->name, (char)ss_lower((uint8_t)c));
    ss_buf_putc(&p->name, '\0');
    if (p->name.failed)
        return ss_fail_nomem(p->err);
    while (is_space(c))
        c = next_char(p);
    if (c == '#' || c == ';') {
        skip_line(p);
        c = '\n';
    }
    if (c == '\n' || c < 0)
        return on_value(ctx, (const char *)p->name.data, NULL);
    if (c != '=')
        return fail(p);
    rc = read_value(p);
    return rc ? rc
              : on_value(ctx, (const char *)p->name.data,
                         (const char *)p->value.data);
}

static int read_all(parser *p, ss_git_config_fn on_value, void *ctx)
{
    int rc = 0;

    while (!rc && p->in.len) {
        int c = next_char(p);

        if (c == '\n' || is_space(c))
            continue;
        if (c == '#' || c == ';')
            skip_line(p);
        else if (c == '[')
            rc = read_section(p);
        else if (ss_is_alpha((uint8_t)c) && p->section_len)
            rc = read_key(p, c, on_value, ctx);
        else
            rc = fail(p);
    }
    return rc;
}

int ss_git_config_each(ss_bytes text, ss_git_config_fn on_value, void *ctx,
                       secscan_error *err)
{
    parser p = {.in = text,
                .line = 1,
                .name = SS_BUF_INIT(MAX_NAME),
                .value = SS_BUF_INIT(MAX_VALUE),
                .err = err};
    int rc;

    if (ss_bytes_starts(text, "\xef\xbb\xbf")) {
        p.in.data += 3;
        p.in.len -= 3;
    }
    rc = read_all(&p, on_value, ctx);
    ss_buf_release(&p.name);
    ss_buf_release(&p.value);
    return rc;
}

static int is_word(const char *value, const char *word)
{
    return strlen(value) == strlen(word) &&
           ss_bytes_starts_nocase(ss_bytes_str(value), word);
}

int ss_git_config_is_true(const char *value)
{
    if (!value || is_word(value, "true") || is_word(value, "yes") ||
        is_word(value, "on"))
        return 1;
    return value[0] >= '1' && value[0] <= '9';
}
