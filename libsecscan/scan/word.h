/*
 * word.h: words inside of names and values, and whether letters look like one.
 */
#ifndef SS_WORD_H
#define SS_WORD_H

#include "base/bytes.h"

typedef enum ss_word_kind {
    SS_WORD_END = 0,
    SS_WORD_LETTERS, /* cut at the humps of camelCase and HTTPServer */
    SS_WORD_DIGITS,
    SS_WORD_OTHER
} ss_word_kind;

/* Take the next word off `rest`. */
ss_word_kind ss_word_next(ss_bytes *rest, ss_bytes *word);

/* Do the letters look like words of a language rather than random ones? Judged
 * by triples; true of fewer than three letters. */
int ss_is_wordlike(ss_bytes letters);

/* How many of the triples of letters are rare in words. */
size_t ss_rare_triples(ss_bytes letters);

/* Is `word` in `table`, sorted and in lower case? ASCII case is ignored. */
int ss_word_in(ss_bytes word, const char *const *table, size_t n);

#endif
