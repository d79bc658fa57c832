/*
 * syntax.c: read the table of syntaxes; put a value and its name into one.
 */
#include "syntax.h"

#include "os/file.h"

#include <stdio.h>

#define MAX_FILE ((size_t)1 << 20)

typedef struct kind {
    const char *name;
    const char *forbidden; /* characters that a value would be written with
                              otherwise */
    int has_lines;
} kind;

static const kind kinds[] = {
    {"word", " \t\"'`#;$\\&|<>(){}[]!*?%,", 0},
    {"double", "\"\\$", 0},
    {"single", "'\\", 0},
    {"markup", "<>&\"'", 0},
    {"query", " \"'`#<>+%&={}|\\^[]", 0},
    {"text", "", 0},
    {"alone", " \"'`#<>+%&={}|\\^[]/@:", 0},
    {"lines", "", 1},
    {"indented", "", 1},
    {"escaped", "\"\\$", 1},
};

static const kind *find_kind(const char *name)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        if (!strcmp(kinds[i].name, name))
            return &kinds[i];
    }
    return NULL;
}

/* ---- the file ------------------------------------------------------------ */

static int read_head(syntaxes *out, ss_bytes line)
{
    syntax *s = &out->at[out->len];
    char text[80] = "";

    if (out->len == MAX_SYNTAXES || line.len >= sizeof(text))
        return -1;
    memcpy(text, line.data, line.len);
    memset(s, 0, sizeof(*s));
    if (sscanf(text, "== %39s %11s", s->name, s->kind) != 2 ||
        !find_kind(s->kind))
        return -1;
    out->len++;
    return 0;
}

/* Lines of a syntax stand one behind the other in the file. */
static void add_line(syntax *s, ss_bytes line)
{
    if (!s->text.data)
        s->text.data = line.data;
    s->text.len = (size_t)(line.data + line.len - s->text.data);
}

int syntaxes_read(syntaxes *out, const char *path)
{
    secscan_error err = {0};
    ss_bytes rest, line;
    int is_open = 0;

    out->len = 0;
    out->file = (ss_buf)SS_BUF_INIT(MAX_FILE);
    if (ss_file_read(&out->file, path, MAX_FILE, &err)) {
        fprintf(stderr, "%s\n", err.message);
        return -1;
    }
    rest = ss_buf_bytes(&out->file);
    while (ss_bytes_line(&line, &rest)) {
        if (ss_bytes_starts(line, "== ")) {
            if (read_head(out, line)) {
                fprintf(stderr, "%s: a bad heading: %.*s\n", path,
                        (int)line.len, (const char *)line.data);
                return -1;
            }
            is_open = 1;
        } else if (line.len == 0) {
            is_open = 0;
        } else if (is_open) {
            add_line(&out->at[out->len - 1], line);
        }
    }
    return 0;
}

void syntaxes_release(syntaxes *s)
{
    ss_buf_release(&s->file);
    s->len = 0;
}

/* ---- a value in its place -------------------------------------------------
 */

int syntax_takes(const syntax *s, ss_bytes value, int is_alone)
{
    const kind *k = find_kind(s->kind);
    int has_lines = value.len && memchr(value.data, '\n', value.len);

    if (has_lines != k->has_lines || (!is_alone && !strcmp(s->kind, "alone")))
        return 0;
    for (size_t i = 0; i < value.len; i++) {
        if (value.data[i] != '\n' && strchr(k->forbidden, value.data[i]))
            return 0;
    }
    return 1;
}

static void put_value(ss_buf *out, const syntax *s, ss_bytes value)
{
    int is_indented = !strcmp(s->kind, "indented");
    int is_escaped = !strcmp(s->kind, "escaped");

    if (is_indented)
        (void)ss_buf_puts(out, "    ");
    for (size_t i = 0; i < value.len; i++) {
        int is_end = value.data[i] == '\n';

        if (is_end && is_escaped)
            (void)ss_buf_puts(out, "\\n");
        else
            (void)ss_buf_putc(out, (char)value.data[i]);
        if (is_end && is_indented)
            (void)ss_buf_puts(out, "    ");
    }
}

static void put_placeholder(ss_buf *out, const syntax *s, const spelling *name,
                            ss_bytes value, ss_bytes inside)
{
    if (ss_bytes_equal(inside, ss_bytes_str("value")))
        put_value(out, s, value);
    else if (!spelling_put(out, name, inside))
        (void)ss_buf_printf(out, "{%.*s}", (int)inside.len,
                            (const char *)inside.data);
}

/* The letters behind an opening brace, when a closing one follows them. */
static size_t placeholder_len(ss_bytes s)
{
    size_t len = 1;

    while (len < s.len && ss_is_alpha(s.data[len]))
        len++;
    return len > 1 && len < s.len && s.data[len] == '}' ? len - 1 : 0;
}

void syntax_put(ss_buf *out, const syntax *s, const spelling *name,
                ss_bytes value)
{
    size_t at = 0;

    while (at < s->text.len) {
        const uint8_t *here = s->text.data + at;
        ss_bytes rest = ss_bytes_of(here, s->text.len - at);
        size_t len = *here == '{' ? placeholder_len(rest) : 0;

        if (len)
            put_placeholder(out, s, name, value, ss_bytes_of(here + 1, len));
        else
            (void)ss_buf_putc(out, (char)*here);
        at += len ? len + 2 : 1;
    }
    (void)ss_buf_putc(out, '\n');
}

/* A placeholder that says nothing of the value's own name. */
static int is_nameless(ss_bytes inside)
{
    static const char *const nameless[] = {"value", "vendor", "Vendor", "host"};

    for (size_t i = 0; i < sizeof(nameless) / sizeof(*nameless); i++) {
        if (ss_bytes_equal(inside, ss_bytes_str(nameless[i])))
            return 1;
    }
    return 0;
}

int syntax_names_key(const syntax *s)
{
    for (size_t at = 0; at < s->text.len; at++) {
        const uint8_t *here = s->text.data + at;
        ss_bytes rest = ss_bytes_of(here, s->text.len - at);
        size_t len = *here == '{' ? placeholder_len(rest) : 0;

        if (len && !is_nameless(ss_bytes_of(here + 1, len)))
            return 1;
    }
    return 0;
}
