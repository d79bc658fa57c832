/*
 * spelling.h: the name of a value, as words, in the writings of languages and
 * files: ACME_API_KEY, acmeApiKey, acme-api-key.
 */
#ifndef SPELLING_H
#define SPELLING_H

#include "base/buf.h"

/* Lower-case words with single blanks between them; never empty. */
typedef struct spelling {
    char vendor[96];
    char key[96]; /* the rest of the name */
} spelling;

/* Of an identifier of any writing, 0 when it has no letter. The first word is
 * the vendor when there are several. */
int spelling_of_name(spelling *out, ss_bytes name);
/* Of words: vendor and key, each as words or an identifier. */
void spelling_of_words(spelling *out, const char *vendor, const char *key);

/* Write what a placeholder stands for; 0 when there is none of that name. */
int spelling_put(ss_buf *out, const spelling *s, ss_bytes placeholder);

#endif
