/*
 * reading.c: text to words.
 */
#include "scan/reading.h"

#include "scan/word.h"

#define N_OF(table) (sizeof(table) / sizeof((table)[0]))
#define SHORT 5u   /* below: words of their own alone */
#define UNUSUAL 7u /* from here on, anywhere in a name */

static int is_upper(uint8_t c)
{
    return c >= 'A' && c <= 'Z';
}

/* Words of a name are joined by these, and over one of them. */
static int is_separator(uint8_t c)
{
    return c == '_' || c == '-' || c == '.' || c == ' ' || c == '/';
}

/* fooBar, fooBAR, HTTPServer, key2: does a word begin at i? */
static int is_start(ss_bytes s, size_t i)
{
    uint8_t c = s.data[i], before = i ? s.data[i - 1] : 0;

    if (!ss_is_alnum(before) || ss_is_digit(c) != ss_is_digit(before))
        return 1;
    if (!is_upper(c))
        return 0;
    return !is_upper(before) || (i + 1 < s.len && ss_is_alpha(s.data[i + 1]) &&
                                 !is_upper(s.data[i + 1]));
}

static void add(ss_reading *out, uint8_t c, int mark)
{
    out->text[out->len] = c;
    out->mark[out->len] = (uint8_t)mark;
    out->len++;
}

void ss_reading_of(ss_reading *out, ss_bytes s)
{
    int is_gap = 0;

    out->len = 0;
    if (s.len > SS_READING_MAX) {
        s.data += s.len - SS_READING_MAX;
        s.len = SS_READING_MAX;
    }
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.data[i];

        if (ss_is_alnum(c)) {
            int mark = is_start(s, i) ? SS_READING_START : 0;

            add(out, ss_lower(c), is_gap ? mark | SS_READING_GAP : mark);
            is_gap = 0;
        } else if (is_separator(c) && !is_gap && i > 0 &&
                   ss_is_alnum(s.data[i - 1])) {
            is_gap = 1;
        } else {
            add(out, 0, SS_READING_START);
            is_gap = 0;
        }
    }
}

size_t ss_reading_end(const ss_reading *r, size_t at)
{
    for (at++; at < r->len && !(r->mark[at] & SS_READING_START);)
        at++;
    return at;
}

static int has_gap(const ss_reading *r, size_t at, size_t len)
{
    for (size_t i = at + 1; i < at + len; i++) {
        if (r->mark[i] & SS_READING_GAP)
            return 1;
    }
    return 0;
}

/* What may follow a name that is not unusual in a name that runs together:
 * figmatoken, not figmatic. */
static int is_suffix(const ss_reading *r, size_t at)
{
    static const char *const words[] = {
        "access", "account", "admin", "api",   "app",  "auth",    "client",
        "cred",   "id",      "key",   "oauth", "pass", "private", "pwd",
        "secret", "server",  "token", "url",   "user", "webhook",
    };
    ss_bytes rest = {r->text + at, r->len - at};

    for (size_t i = 0; i < N_OF(words); i++) {
        if (ss_bytes_starts(rest, words[i]))
            return 1;
    }
    return 0;
}

int ss_reading_ends(const ss_reading *r, size_t at, size_t len)
{
    return (at + len == r->len || (r->mark[at + len] & SS_READING_START)) &&
           !has_gap(r, at, len);
}

int ss_reading_counts(const ss_reading *r, size_t at, size_t len, int is_phrase)
{
    int starts = r->mark[at] & SS_READING_START;
    int ends = at + len == r->len || (r->mark[at + len] & SS_READING_START);

    if (starts && ends)
        return is_phrase || len >= SHORT || !has_gap(r, at, len);
    if (len < SHORT || has_gap(r, at, len))
        return 0;
    return len >= UNUSUAL || (starts && is_suffix(r, at + len));
}
