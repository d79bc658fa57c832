/*
 * acknowledge.c: lines of the form
 *     OBJECT until:YYYY-MM-DD # why
 * into a map by object. Days compare as text; there is no clock here.
 */
#include "acknowledge.h"

#include "os/file.h"

#define MAX_FILE ((size_t)4 << 20)

typedef struct reader {
    ss_acknowledgements *out;
    const char *name, *today;
    uint32_t line;
    ss_bytes whole, rest; /* the line, and what of it is not read yet */
    secscan_error *err;
} reader;

static int fail(const reader *r, const char *what)
{
    uint32_t column = (uint32_t)(r->rest.data - r->whole.data) + 1;

    return ss_fail_at(r->err, SECSCAN_ERR_RULE, r->name, r->line, column, "%s",
                      what);
}

/* ---- days -------------------------------------------------------------- */

static int number_at(const uint8_t *digits, size_t n)
{
    int number = 0;

    for (size_t i = 0; i < n; i++)
        number = 10 * number + (digits[i] - '0');
    return number;
}

static int days_of(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && is_leap ? 29 : days[month - 1];
}

static int is_day(ss_bytes s)
{
    int month, day;

    if (s.len != SS_DAY_TEXT - 1)
        return 0;
    for (size_t i = 0; i < s.len; i++) {
        if (i == 4 || i == 7 ? s.data[i] != '-' : !ss_is_digit(s.data[i]))
            return 0;
    }
    month = number_at(s.data + 5, 2);
    day = number_at(s.data + 8, 2);
    return month >= 1 && month <= 12 && day >= 1 &&
           day <= days_of(number_at(s.data, 4), month);
}

/* ---- words of a line --------------------------------------------------- */

static int is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static void skip_blanks(ss_bytes *s)
{
    while (s->len && is_blank(s->data[0]))
        *s = ss_bytes_of(s->data + 1, s->len - 1);
}

static void trim_end(ss_bytes *s)
{
    while (s->len && is_blank(s->data[s->len - 1]))
        s->len--;
}

static ss_bytes peek_word(const reader *r)
{
    size_t len = 0;

    while (len < r->rest.len && !is_blank(r->rest.data[len]))
        len++;
    return ss_bytes_of(r->rest.data, len);
}

static void take(reader *r, size_t len)
{
    r->rest = ss_bytes_of(r->rest.data + len, r->rest.len - len);
    skip_blanks(&r->rest);
}

static int is_object(ss_bytes word)
{
    for (size_t i = 0; i < word.len; i++) {
        uint8_t c = word.data[i];

        if (!ss_is_digit(c) && !(c >= 'a' && c <= 'f'))
            return 0;
    }
    return word.len == 40 || word.len == 64;
}

static int read_object(reader *r, ss_bytes *out)
{
    *out = peek_word(r);
    if (!is_object(*out))
        return fail(r, "a line starts with an object's whole id, in small "
                       "letters, as the report has it");
    take(r, out->len);
    return 0;
}

static int read_until(reader *r, char out[SS_DAY_TEXT])
{
    static const char key[] = "until:";
    size_t n = sizeof(key) - 1;
    ss_bytes word = peek_word(r);

    if (!ss_bytes_starts(word, key) ||
        !is_day(ss_bytes_of(word.data + n, word.len - n)))
        return fail(r, "the id is followed by until:YYYY-MM-DD, the last day "
                       "on which this holds");
    memcpy(out, word.data + n, SS_DAY_TEXT - 1);
    out[SS_DAY_TEXT - 1] = '\0';
    take(r, word.len);
    return 0;
}

static int read_reason(reader *r, const char **out)
{
    if (r->rest.len && r->rest.data[0] == '#')
        take(r, 1);
    else
        return fail(r, "the day is followed by # and why nothing is lost");
    trim_end(&r->rest);
    if (!r->rest.len || memchr(r->rest.data, '\0', r->rest.len))
        return fail(r, "the reason is missing, or no text");
    *out =
        ss_arena_str(&r->out->arena, (const char *)r->rest.data, r->rest.len);
    return *out ? 0 : ss_fail_nomem(r->err);
}

/* ---- lines ------------------------------------------------------------- */

/* The later day counts when an object has two lines: a file that was merged. */
static int keep(reader *r, ss_bytes object, const ss_acknowledged *a)
{
    ss_map_entry *entry;
    int is_new;

    object.data = ss_arena_copy(&r->out->arena, object.data, object.len);
    entry =
        object.data ? ss_map_put(&r->out->by_object, object, &is_new) : NULL;
    if (!entry)
        return ss_fail_nomem(r->err);
    if (!is_new && strcmp(((const ss_acknowledged *)entry->value.ptr)->until,
                          a->until) >= 0)
        return 0;
    entry->value.ptr = ss_arena_copy(&r->out->arena, a, sizeof(*a));
    return entry->value.ptr ? 0 : ss_fail_nomem(r->err);
}

static int read_line(reader *r)
{
    ss_acknowledged a = {0};
    ss_bytes object;
    int rc;

    r->rest = r->whole;
    skip_blanks(&r->rest);
    if (!r->rest.len || r->rest.data[0] == '#')
        return 0;
    rc = read_object(r, &object);
    if (!rc)
        rc = read_until(r, a.until);
    if (!rc)
        rc = read_reason(r, &a.reason);
    if (rc)
        return rc;
    a.is_over = strcmp(a.until, r->today) < 0;
    return keep(r, object, &a);
}

int ss_acknowledgements_parse(ss_acknowledgements *out, ss_bytes text,
                              const char *name, const char *today,
                              secscan_error *err)
{
    reader r = {.out = out, .name = name, .today = today, .err = err};
    int rc = 0;

    if (!today || !is_day(ss_bytes_str(today)))
        return ss_fail(err, SECSCAN_ERR_ARG,
                       "what is acknowledged until a day needs today's, as "
                       "YYYY-MM-DD");
    while (!rc && ss_bytes_line(&r.whole, &text)) {
        r.line++;
        rc = read_line(&r);
    }
    return rc;
}

int ss_acknowledgements_read(ss_acknowledgements *out, const char *path,
                             const char *today, secscan_error *err)
{
    ss_buf text = SS_BUF_INIT(MAX_FILE);
    int rc = ss_file_read(&text, path, MAX_FILE, err);

    if (!rc)
        rc = ss_acknowledgements_parse(out, ss_buf_bytes(&text), path, today,
                                       err);
    else if (rc != SECSCAN_ERR_NOMEM && err)
        err->code = rc = SECSCAN_ERR_ARG; /* nothing was scanned */
    ss_buf_release(&text);
    return rc;
}

void ss_acknowledgements_release(ss_acknowledgements *list)
{
    ss_map_release(&list->by_object);
    ss_arena_release(&list->arena);
}

const ss_acknowledged *ss_acknowledgements_find(const ss_acknowledgements *list,
                                                const char *object)
{
    const ss_map_entry *entry;

    if (!object || !list->by_object.len)
        return NULL;
    entry = ss_map_get(&list->by_object, ss_bytes_str(object));
    return entry ? entry->value.ptr : NULL;
}
