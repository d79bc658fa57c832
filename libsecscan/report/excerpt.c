/*
 * excerpt.c: of several lines, those of the secret; of a long line, a window
 * around it, with "..." where something is left out.
 */
#include "excerpt.h"

#include "report/utf8.h"

typedef struct window {
    size_t from, to; /* columns */
} window;

/* Cut to the line that the secret begins in, up to the end of that it ends in;
 * indentation says nothing once the line stands alone. */
static ss_bytes own_line(ss_bytes line, size_t *from, size_t *to)
{
    size_t start = *from;
    size_t end = *to;

    while (start > 0 && line.data[start - 1] != '\n')
        start--;
    while (end < line.len && line.data[end] != '\n')
        end++;
    while (start < *from &&
           (line.data[start] == ' ' || line.data[start] == '\t'))
        start++;
    *from -= start;
    *to -= start;
    return ss_bytes_of(line.data + start, end - start);
}

static int clean_parts(ss_excerpt *out, ss_bytes line, size_t from, size_t to,
                       int is_ascii)
{
    ss_buf *text = &out->text;

    if (ss_screen_clean(text, ss_bytes_of(line.data, from), is_ascii))
        return -1;
    out->from = text->len;
    if (ss_screen_clean(text, ss_bytes_of(line.data + from, to - from),
                        is_ascii))
        return -1;
    out->to = text->len;
    return ss_screen_clean(text, ss_bytes_of(line.data + to, line.len - to),
                           is_ascii);
}

static window choose(size_t from, size_t to, size_t total, size_t width)
{
    size_t slack = to - from < width ? width - (to - from) : 0;
    window w;

    w.from = from > slack / 2 ? from - slack / 2 : 0;
    if (total - w.from < width)
        w.from = total - width;
    w.to = w.from + width;
    return w;
}

/* The byte where a column begins, or the next whole character after it. */
static size_t byte_at(ss_bytes text, size_t column)
{
    size_t columns = 0;
    size_t at = 0;
    size_t len;

    while (at < text.len && columns < column) {
        columns += ss_utf8_width(ss_utf8_next(text, at, &len));
        at += len;
    }
    return at;
}

static int cut(ss_excerpt *excerpt, window w, size_t total, int is_ascii)
{
    const char *dots = is_ascii ? "..." : "\xe2\x80\xa6";
    size_t n_dots = is_ascii ? 3 : 1;
    ss_bytes all = ss_buf_bytes(&excerpt->text);
    size_t from = w.from ? byte_at(all, w.from + n_dots) : 0;
    size_t to = w.to < total ? byte_at(all, w.to - n_dots) : all.len;
    ss_buf text = SS_BUF_INIT(excerpt->text.max);
    size_t shift;
    int rc;

    rc = w.from ? ss_buf_puts(&text, dots) : 0;
    shift = text.len;
    if (to > from && ss_buf_add(&text, all.data + from, to - from))
        rc = -1;
    if (w.to < total && ss_buf_puts(&text, dots))
        rc = -1;
    ss_buf_release(&excerpt->text);
    excerpt->text = text;
    excerpt->from = excerpt->from > from ? excerpt->from - from + shift : shift;
    excerpt->to = (excerpt->to < to ? excerpt->to : to) - from + shift;
    return rc;
}

int ss_excerpt_make(ss_excerpt *out, ss_bytes line, size_t from, size_t to,
                    size_t width, int is_ascii)
{
    ss_bytes own = own_line(line, &from, &to);
    size_t total, before, secret;

    if (clean_parts(out, own, from, to, is_ascii))
        return -1;
    total = ss_screen_columns(ss_buf_bytes(&out->text));
    if (width < 12 || total <= width)
        return 0;
    before = ss_screen_columns(ss_bytes_of(out->text.data, out->from));
    secret = ss_screen_columns(
        ss_bytes_of(out->text.data + out->from, out->to - out->from));
    return cut(out, choose(before, before + secret, total, width), total,
               is_ascii);
}

static ss_bytes part(const ss_excerpt *excerpt, size_t from, size_t to)
{
    return ss_bytes_of(excerpt->text.data + from, to - from);
}

void ss_excerpt_put(const ss_excerpt *excerpt, ss_screen *screen, size_t indent)
{
    ss_screen_spaces(screen, indent);
    ss_screen_put(screen, NULL, part(excerpt, 0, excerpt->from));
    ss_screen_put(screen, SS_BOLD_RED,
                  part(excerpt, excerpt->from, excerpt->to));
    ss_screen_put(screen, NULL, part(excerpt, excerpt->to, excerpt->text.len));
}

void ss_excerpt_columns(const ss_excerpt *excerpt, size_t *before,
                        size_t *secret)
{
    *before = ss_screen_columns(part(excerpt, 0, excerpt->from));
    *secret = ss_screen_columns(part(excerpt, excerpt->from, excerpt->to));
}

void ss_excerpt_release(ss_excerpt *excerpt)
{
    ss_buf_release(&excerpt->text);
}
