/*
 * screen.c: clean, measure, colour, wrap.
 */
#include "screen.h"

#include "report/utf8.h"

/* Narrower than this is not wrapped any further: words would fall apart. */
#define MIN_TEXT 12u

static int clean_one(ss_buf *out, ss_bytes text, size_t at, size_t *len,
                     int is_ascii)
{
    uint32_t code = ss_utf8_next(text, at, len);

    if (code == SS_UTF8_BAD)
        return ss_buf_printf(out, "\\x%02x", text.data[at]);
    if (code == '\t' || code == '\n')
        return ss_buf_putc(out, ' ');
    if (code < 0x80 && ss_utf8_is_unsafe(code))
        return ss_buf_printf(out, "\\x%02x", code);
    if (ss_utf8_is_unsafe(code) || (is_ascii && code >= 0x80))
        return ss_buf_printf(out, "\\u{%x}", code);
    return ss_buf_add(out, text.data + at, *len);
}

int ss_screen_clean(ss_buf *out, ss_bytes text, int is_ascii)
{
    size_t len;

    for (size_t at = 0; at < text.len; at += len) {
        /* A carriage return before a line end is not worth showing. */
        if (text.data[at] == '\r' && at + 1 < text.len &&
            text.data[at + 1] == '\n') {
            len = 1;
            continue;
        }
        if (clean_one(out, text, at, &len, is_ascii))
            return -1;
    }
    return 0;
}

int ss_screen_size(ss_buf *out, uint64_t bytes)
{
    static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
    double size = (double)bytes;
    size_t unit = 0;

    while (size >= 999.5 && unit < 4) {
        size /= 1000;
        unit++;
    }
    return ss_buf_printf(out, unit && size < 9.95 ? "%.1f %s" : "%.0f %s", size,
                         units[unit]);
}

size_t ss_screen_columns(ss_bytes clean)
{
    size_t columns = 0;
    size_t len;

    for (size_t at = 0; at < clean.len; at += len) {
        uint32_t code = ss_utf8_next(clean, at, &len);

        columns += code == SS_UTF8_BAD ? 1 : ss_utf8_width(code);
    }
    return columns;
}

void ss_screen_put(ss_screen *screen, const char *color, ss_bytes clean)
{
    if (!screen->has_color || !color || clean.len == 0) {
        ss_out_add(screen->out, clean.data, clean.len);
        return;
    }
    ss_out_printf(screen->out, "\x1b[%sm", color);
    ss_out_add(screen->out, clean.data, clean.len);
    ss_out_puts(screen->out, "\x1b[0m");
}

void ss_screen_puts(ss_screen *screen, const char *color, const char *text)
{
    ss_screen_put(screen, color, ss_bytes_str(text));
}

void ss_screen_spaces(ss_screen *screen, size_t n)
{
    while (n-- > 0)
        ss_out_puts(screen->out, " ");
}

/* The word at `at`, with the spaces before it skipped; empty at the end. */
static ss_bytes next_word(ss_bytes text, size_t *at)
{
    size_t from = *at;
    size_t to;

    while (from < text.len && text.data[from] == ' ')
        from++;
    to = from;
    while (to < text.len && text.data[to] != ' ')
        to++;
    *at = to;
    return ss_bytes_of(text.data + from, to - from);
}

void ss_screen_wrap(ss_screen *screen, ss_bytes clean, size_t column,
                    size_t indent, size_t max)
{
    size_t width = screen->width < max ? screen->width : max;
    int is_first = 1;
    size_t at = 0;

    if (width && width < indent + MIN_TEXT)
        width = indent + MIN_TEXT;
    for (;;) {
        ss_bytes word = next_word(clean, &at);
        size_t columns = ss_screen_columns(word);

        if (word.len == 0)
            break;
        if (!is_first && width && column + 1 + columns > width) {
            ss_out_puts(screen->out, "\n");
            ss_screen_spaces(screen, indent);
            column = indent;
        } else if (!is_first) {
            ss_out_puts(screen->out, " ");
            column++;
        }
        ss_out_add(screen->out, word.data, word.len);
        column += columns;
        is_first = 0;
    }
    ss_out_puts(screen->out, "\n");
}
