/*
 * reading.h: a piece of text as words: in lower case, without what stands
 * between them, and with marks where they begin. So API_KEY, api-key, apiKey
 * and "api key" read alike.
 */
#ifndef SS_READING_H
#define SS_READING_H

#include "base/bytes.h"

#define SS_READING_MAX 512u

enum {
    SS_READING_START = 1, /* a word begins: behind a separator, or a hump */
    SS_READING_GAP = 2    /* it does behind a separator */
};

typedef struct ss_reading {
    size_t len;
    uint8_t text[SS_READING_MAX + 2]; /* 0: nothing joins over it; ends in 0 */
    uint8_t mark[SS_READING_MAX];
} ss_reading;

/* The last SS_READING_MAX bytes of a longer text. */
void ss_reading_of(ss_reading *out, ss_bytes text);

/* Does a word of `len` bytes that stands at `at` count? It is one of its own
 * there; or a long one inside of a name that runs together. A word that is no
 * phrase and short has no separator in it. */
int ss_reading_counts(const ss_reading *r, size_t at, size_t len,
                      int is_phrase);
/* Does a word end where `len` bytes at `at` do, and none begin inside? */
int ss_reading_ends(const ss_reading *r, size_t at, size_t len);
/* The end of the word that begins at `at`. */
size_t ss_reading_end(const ss_reading *r, size_t at);

#endif
