/*
 * reading.c: text to words.
 */
#include "scan/reading.h"

#include "scan/word.h"

#define N_OF(table) (sizeof(table) / sizeof((table)[0]))
#define SHORT 5u   /* below: words of their own alone */
#define UNUSUAL 7u /* from here on, anywhere in a name */

typedef enum byte_class { OTHER, SMALL, CAPITAL, DIGIT, SEPARATOR } byte_class;

/* Words of a name are joined by these, and over one of them. */
static byte_class class_of(uint8_t c)
{
    if ((uint8_t)(c - 'a') < 26)
        return SMALL;
    if ((uint8_t)(c - 'A') < 26)
        return CAPITAL;
    if (ss_is_digit(c))
        return DIGIT;
    return c == '_' || c == '-' || c == '.' || c == ' ' || c == '/' ? SEPARATOR
                                                                    : OTHER;
}

/* fooBar, fooBAR, HTTPServer, key2: does a word begin at i? */
static int is_start(ss_bytes s, size_t i, byte_class own, byte_class before)
{
    if (before == OTHER || before == SEPARATOR ||
        (own == DIGIT) != (before == DIGIT))
        return SS_READING_START;
    if (own != CAPITAL)
        return 0;
    return before != CAPITAL ||
                   (i + 1 < s.len && class_of(s.data[i + 1]) == SMALL)
               ? SS_READING_START
               : 0;
}

void ss_reading_of(ss_reading *out, ss_bytes s)
{
    byte_class before = OTHER;
    size_t len = 0;
    int gap = 0;

    if (s.len > SS_READING_MAX) {
        s.data += s.len - SS_READING_MAX;
        s.len = SS_READING_MAX;
    }
    for (size_t i = 0; i < s.len; i++) {
        byte_class own = class_of(s.data[i]);

        if (own == SEPARATOR && before != OTHER && before != SEPARATOR) {
            gap = SS_READING_GAP;
        } else if (own == SEPARATOR || own == OTHER) {
            out->text[len] = 0;
            out->mark[len++] = SS_READING_START;
            gap = 0;
        } else {
            out->text[len] = ss_lower(s.data[i]);
            out->mark[len++] = (uint8_t)(is_start(s, i, own, before) | gap);
            gap = 0;
        }
        before = own;
    }
    out->len = len;
    out->text[len] = out->text[len + 1] = 0;
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
