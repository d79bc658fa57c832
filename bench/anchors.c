/*
 * anchors.c: a table of credential formats to crude patterns.
 */
#include "anchors.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMN_ID = 0, COLUMN_ANCHOR = 3, COLUMN_CHARACTERS, COLUMN_LENGTH };
enum { N_COLUMNS = 6, MAX_LITERAL = 60, MAX_REPEAT = 200, SOME_REPEAT = 16 };

static void give_up(const char *what)
{
    perror(what);
    exit(2);
}

/* Cut `line` at its tabs; how many columns there are. */
static size_t split(char *line, char *columns[N_COLUMNS])
{
    size_t n = 0;

    while (n < N_COLUMNS && line) {
        columns[n++] = line;
        line = strchr(line, '\t');
        if (line)
            *line++ = '\0';
    }
    return n;
}

/* The first literal of an anchor: up to where prose or a placeholder starts.
 * 0 when the kind has none. */
static size_t literal_of(const char *text)
{
    static const char *const ends[] = {" / ",   " or ",  " with", " + ", " (",
                                       " and ", " then", " ...",  "...", "<",
                                       "{",     "*",     "["};
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t len = strlen(text);

    if (!strncmp(text, "context", 7) || !strncmp(text, "shape", 5) ||
        !strcmp(text, "-") || !strncmp(text, "none", 4))
        return 0;
    if (!strncmp(text, "-----BEGIN", 10))
        return len < MAX_LITERAL ? len : MAX_LITERAL;
    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
        const char *end = strstr(text, ends[i]);
        if (end && (size_t)(end - text) < len)
            len = (size_t)(end - text);
    }
    /* A space ends the first of several, or says that it is prose. */
    if (memchr(text, ' ', len)) {
        len = strcspn(text, " ");
        if (strspn(text, letters) >= len)
            return 0;
    }
    return len < MAX_LITERAL ? len : MAX_LITERAL;
}

static const char *class_of(const char *characters, char *room, size_t size)
{
    static const struct {
        const char *word, *set;
    } known[] = {{"hex", "[0-9a-f]"},     {"HEX", "[0-9A-F]"},
                 {"base64url", "[\\w-]"}, {"base64", "[\\w+/]"},
                 {"uuid", "[0-9a-f-]"},   {"digits", "[0-9]"},
                 {"base32", "[A-Z2-7]"},  {"alnum", "[A-Za-z0-9]"}};
    const char *end = strchr(characters, ']');

    if (characters[0] == '[' && end && (size_t)(end - characters) + 2 < size) {
        memcpy(room, characters, (size_t)(end - characters) + 1);
        room[end - characters + 1] = '\0';
        return room;
    }
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (!strncmp(characters, known[i].word, strlen(known[i].word)))
            return known[i].set;
    return "[\\w-]";
}

static long repeat_of(const char *length)
{
    long n;

    while (*length && !isdigit((unsigned char)*length))
        length++;
    n = strtol(length, NULL, 10);
    if (n < 1)
        return SOME_REPEAT;
    return n < MAX_REPEAT ? n : MAX_REPEAT;
}

static void write_pattern(anchor *a, const char *text, const char *set,
                          long repeat)
{
    size_t at = 0;

    for (size_t i = 0; i < a->literal_len; i++) {
        if (!isalnum((unsigned char)text[i]))
            a->pattern[at++] = '\\';
        a->pattern[at++] = text[i];
    }
    snprintf(a->pattern + at, sizeof(a->pattern) - at, "%s{%ld}", set, repeat);
}

static void add_line(anchors *list, char *line)
{
    char *columns[N_COLUMNS];
    char room[64];
    anchor *a;

    if (split(line, columns) < N_COLUMNS || !literal_of(columns[COLUMN_ANCHOR]))
        return;
    list->at = realloc(list->at, (list->len + 1) * sizeof(*list->at));
    if (!list->at)
        give_up("memory");
    a = &list->at[list->len++];
    snprintf(a->id, sizeof(a->id), "%s", columns[COLUMN_ID]);
    a->literal_len = literal_of(columns[COLUMN_ANCHOR]);
    snprintf(a->literal, sizeof(a->literal), "%.*s", (int)a->literal_len,
             columns[COLUMN_ANCHOR]);
    write_pattern(a, columns[COLUMN_ANCHOR],
                  class_of(columns[COLUMN_CHARACTERS], room, sizeof(room)),
                  repeat_of(columns[COLUMN_LENGTH]));
}

void anchors_read(anchors *out, const char *path)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t cap = 0;
    int is_heading = 1;

    memset(out, 0, sizeof(*out));
    if (!file)
        give_up(path);
    while (getline(&line, &cap, file) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (!is_heading)
            add_line(out, line);
        is_heading = 0;
    }
    free(line);
    fclose(file);
}

void anchors_release(anchors *list)
{
    free(list->at);
    memset(list, 0, sizeof(*list));
}
