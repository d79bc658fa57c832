/*
 * purge.c: the secrets that gate, as `git filter-repo --replace-text` reads
 * them: a line each, "literal:VALUE==>***REMOVED***" or "regex:...".
 *
 * It replaces the literals first, then the regular expressions, each in the
 * order of the file: the longest come first, so that a value that is the
 * beginning of another one does not leave that one's end behind. A line ends a
 * literal: values of several lines are regular expressions, and so is what they
 * contain. A short value is replaced where it is a word of its own only, and a
 * very short one not at all: it stands in ordinary text.
 *
 * What is encoded is listed as it stands there, too. In a container it cannot
 * be replaced: the note says so.
 */
#include "report/writer.h"

#include "base/alloc.h"
#include "base/vec.h"

#include <stdio.h>
#include <stdlib.h>

#define WORD 8u     /* bytes: shorter ones are replaced as words only */
#define TOO_SHORT 4 /* bytes: shorter ones are left out */
#define REPLACEMENT "==>***REMOVED***\n"
#define NO_WORD_BEFORE "(?<![0-9A-Za-z_])"
#define NO_WORD_BEHIND "(?![0-9A-Za-z_])"

typedef struct purge {
    ss_out *out;
    SS_VEC(ss_bytes) values; /* borrowed of the findings */
    const char *encoded;     /* the last one added: findings may share it */
    size_t n_short;
    /* Secrets that it does not take out of every place. */
    size_t n_in_messages, n_in_containers, n_encoded;
} purge;

static int add_value(purge *p, secscan_bytes secret)
{
    ss_bytes value = ss_bytes_of(secret.data, secret.len);

    return value.len ? SS_VEC_PUSH(&p->values, value) : 0;
}

static int is_in_message(const secscan_place *place)
{
    return place->source == SECSCAN_SOURCE_COMMIT_MESSAGE ||
           place->source == SECSCAN_SOURCE_TAG_MESSAGE;
}

static int is_encoded(const secscan_place *place)
{
    return place->n_encodings && !ss_view_is_member(place);
}

/* Of the first place it is known what stands there, of the others only how it
 * is written. */
static void count_places(purge *p, const secscan_finding *finding)
{
    int in_message = 0, in_container = 0, encoded = 0;

    for (size_t i = 0; i < finding->n_places; i++) {
        const secscan_place *place = &finding->places[i];

        in_message |= is_in_message(place);
        in_container |= ss_view_is_member(place);
        encoded |= i && is_encoded(place);
    }
    p->n_in_messages += (size_t)in_message;
    p->n_in_containers += (size_t)in_container;
    p->n_encoded += (size_t)encoded;
}

static int add_encoded(purge *p, secscan_bytes encoded)
{
    if (encoded.data == p->encoded)
        return 0;
    p->encoded = encoded.data;
    return add_value(p, encoded);
}

/* Users and hosts may be shown: they are no secret. */
static int add_finding(purge *p, const secscan_finding *finding)
{
    int rc = add_value(p, finding->secret);

    if (!rc && is_encoded(&finding->place))
        rc = add_encoded(p, finding->encoded);
    for (size_t i = 0; !rc && i < finding->n_parts; i++) {
        const secscan_part *part = &finding->parts[i];

        if (part->public_prefix < part->secret.len)
            rc = add_value(p, part->secret);
    }
    count_places(p, finding);
    return rc;
}

static int compare_values(const void *left, const void *right)
{
    const ss_bytes *a = left, *b = right;

    if (a->len != b->len)
        return a->len > b->len ? -1 : 1;
    return memcmp(a->data, b->data, a->len);
}

/* The longest first, each once. */
static void order_values(purge *p)
{
    size_t n = 0;

    if (!p->values.len)
        return;
    qsort(p->values.at, p->values.len, sizeof(ss_bytes), compare_values);
    for (size_t i = 0; i < p->values.len; i++) {
        if (!n || !ss_bytes_equal(p->values.at[n - 1], p->values.at[i]))
            p->values.at[n++] = p->values.at[i];
    }
    p->values.len = n;
}

static int has_lines(ss_bytes value)
{
    return memchr(value.data, '\n', value.len) != NULL;
}

/* Is it a piece of a longer value that has several lines? */
static int is_in_lines(const purge *p, size_t at)
{
    ss_bytes value = p->values.at[at];

    for (size_t i = 0; i < at; i++) {
        ss_bytes other = p->values.at[i];

        if (has_lines(other) &&
            memmem(other.data, other.len, value.data, value.len))
            return 1;
    }
    return 0;
}

/* A line may end in another way elsewhere. */
static void put_pattern(ss_out *out, ss_bytes value)
{
    for (size_t i = 0; i < value.len; i++) {
        uint8_t c = value.data[i];

        if (c == '\r' && i + 1 < value.len && value.data[i + 1] == '\n')
            continue;
        if (c == '\n')
            ss_out_puts(out, "\\r?\\n");
        else if (ss_is_alnum(c))
            ss_out_add(out, &c, 1);
        else
            ss_out_printf(out, "\\x%02x", c);
    }
}

static void put_regex(purge *p, ss_bytes value)
{
    int is_word = value.len < WORD;

    ss_out_puts(p->out, is_word ? "regex:" NO_WORD_BEFORE : "regex:");
    put_pattern(p->out, value);
    ss_out_puts(p->out, is_word ? NO_WORD_BEHIND REPLACEMENT : REPLACEMENT);
}

/* The arrow is always said: a value may have one in it. */
static void put_literal(purge *p, ss_bytes value)
{
    ss_out_puts(p->out, "literal:");
    ss_out_add(p->out, value.data, value.len);
    ss_out_puts(p->out, REPLACEMENT);
}

static void put_value(purge *p, size_t at)
{
    ss_bytes value = p->values.at[at];

    if (value.len < TOO_SHORT)
        p->n_short++;
    else if (value.len < WORD || has_lines(value) || is_in_lines(p, at))
        put_regex(p, value);
    else
        put_literal(p, value);
}

/* "; 2 of them ..."; nothing of none. */
static void note_count(char *note, size_t n, const char *what)
{
    size_t len = strlen(note);

    if (n)
        snprintf(note + len, SS_NOTE_TEXT - len, "; %zu %s", n, what);
}

static void tell(const purge *p, char *note)
{
    size_t n = p->values.len - p->n_short;

    snprintf(note, SS_NOTE_TEXT, "%zu %s to replace", n,
             n == 1 ? "value" : "values");
    note_count(note, p->n_short, "of less than 4 bytes left out");
    note_count(note, p->n_in_messages, "in messages: --replace-message, too");
    note_count(note, p->n_in_containers,
               "in containers, which it cannot change: take those files out");
    note_count(note, p->n_encoded,
               "encoded at several places: scan again afterwards");
    strncat(note, "; it holds them as they are: delete it afterwards",
            SS_NOTE_TEXT - 1 - strlen(note));
}

int ss_report_purge(ss_out *out, const ss_report_view *view)
{
    purge p = {.out = out};
    int rc = 0;

    for (size_t i = 0; !rc && i < view->n_findings; i++) {
        const secscan_finding *finding = secscan_findings_at(view->findings, i);

        if (finding->gates)
            rc = add_finding(&p, finding);
    }
    order_values(&p);
    for (size_t i = 0; !rc && i < p.values.len; i++)
        put_value(&p, i);
    tell(&p, view->note);
    SS_VEC_RELEASE(&p.values);
    return rc;
}
