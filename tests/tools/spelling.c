/*
 * spelling.c: words to identifiers and back.
 */
#include "spelling.h"

#include <ctype.h>
#include <stdio.h>

typedef enum letters { AS_LOWER, AS_UPPER, AS_TITLE } letters;

typedef enum part { OF_ALL, OF_VENDOR, OF_KEY } part;

typedef struct writing {
    const char *placeholder;
    part part;
    const char *joint; /* between words */
    letters first, others;
} writing;

static const writing writings[] = {
    {"SNAKE", OF_ALL, "_", AS_UPPER, AS_UPPER},
    {"snake", OF_ALL, "_", AS_LOWER, AS_LOWER},
    {"kebab", OF_ALL, "-", AS_LOWER, AS_LOWER},
    {"dotted", OF_ALL, ".", AS_LOWER, AS_LOWER},
    {"words", OF_ALL, " ", AS_LOWER, AS_LOWER},
    {"Train", OF_ALL, "-", AS_TITLE, AS_TITLE},
    {"Pascal", OF_ALL, "", AS_TITLE, AS_TITLE},
    {"camel", OF_ALL, "", AS_LOWER, AS_TITLE},
    {"vendor", OF_VENDOR, "_", AS_LOWER, AS_LOWER},
    {"Vendor", OF_VENDOR, "", AS_TITLE, AS_TITLE},
    {"host", OF_VENDOR, "", AS_LOWER, AS_LOWER},
    {"key", OF_KEY, "_", AS_LOWER, AS_LOWER},
    {"keyCamel", OF_KEY, "", AS_LOWER, AS_TITLE},
};

/* ---- identifiers to words ----------------------------------------------- */

/* Does a new word start at `i`? */
static int starts_word(ss_bytes name, size_t i)
{
    int before = i ? name.data[i - 1] : '_';
    int here = name.data[i];

    if (!isalnum(before))
        return 1;
    if (!isupper(here))
        return 0;
    return islower(before) ||
           (i + 1 < name.len && isupper(before) && islower(name.data[i + 1]));
}

static void add_words(char *out, size_t size, ss_bytes name)
{
    size_t len = strlen(out);

    for (size_t i = 0; i < name.len && len + 2 < size; i++) {
        if (!isalnum(name.data[i]))
            continue;
        if (len && starts_word(name, i))
            out[len++] = ' ';
        out[len++] = (char)tolower(name.data[i]);
    }
    out[len] = '\0';
}

void spelling_of_words(spelling *out, const char *vendor, const char *key)
{
    memset(out, 0, sizeof(*out));
    add_words(out->vendor, sizeof(out->vendor), ss_bytes_str(vendor));
    add_words(out->key, sizeof(out->key), ss_bytes_str(key));
}

int spelling_of_name(spelling *out, ss_bytes name)
{
    char words[sizeof(out->vendor)] = "";
    char *rest;

    if (ss_bytes_starts_nocase(name, "x-"))
        name = ss_bytes_of(name.data + 2, name.len - 2);
    add_words(words, sizeof(words), name);
    if (!isalpha((unsigned char)words[0]))
        return 0;
    rest = strchr(words, ' ');
    if (rest)
        *rest++ = '\0';
    spelling_of_words(out, words, rest ? rest : "");
    return 1;
}

/* ---- words to identifiers ------------------------------------------------ */

static void put_word(ss_buf *out, const char *word, size_t len, letters how)
{
    for (size_t i = 0; i < len; i++) {
        int is_upper = how == AS_UPPER || (how == AS_TITLE && i == 0);
        int c = (unsigned char)word[i];

        (void)ss_buf_putc(out, (char)(is_upper ? toupper(c) : c));
    }
}

static void put_words(ss_buf *out, const char *words, const writing *w)
{
    for (int i = 0; *words; i++) {
        size_t len = strcspn(words, " ");

        if (i)
            (void)ss_buf_puts(out, w->joint);
        put_word(out, words, len, i ? w->others : w->first);
        words += len + (words[len] == ' ');
    }
}

int spelling_put(ss_buf *out, const spelling *s, ss_bytes placeholder)
{
    for (size_t i = 0; i < sizeof(writings) / sizeof(*writings); i++) {
        const writing *w = &writings[i];
        char all[sizeof(*s) + 1];

        if (!ss_bytes_equal(placeholder, ss_bytes_str(w->placeholder)))
            continue;
        snprintf(all, sizeof(all), "%s%s%s", s->vendor, *s->key ? " " : "",
                 s->key);
        if (w->part == OF_VENDOR)
            put_words(out, s->vendor, w);
        else if (w->part == OF_KEY && *s->key)
            put_words(out, s->key, w);
        else
            put_words(out, all, w);
        return 1;
    }
    return 0;
}
