/*
 * name.h: what the name of a setting promises: a password, a token, a key; or
 * something about one, something public, something else.
 */
#ifndef SS_NAME_H
#define SS_NAME_H

#include "base/bytes.h"

typedef enum ss_promise {
    SS_PROMISE_NOTHING, /* no name, or one that says nothing */
    SS_PROMISE_KEY,     /* "key" alone: of a map, a table, a cache */
    SS_PROMISE_TOKEN,   /* token, secret, api key: made by a machine */
    SS_PROMISE_PASSWORD /* chosen by a person */
} ss_promise;

/* What the words of a name say. */
typedef struct ss_name {
    ss_promise best;
    int n_words;
    int has_key_word; /* one that makes a key one of a service: api, private */
    int is_key;       /* the last word is "key" */
    int is_about;     /* the last word is of something about it: path, length */
    int is_public;    /* a word of something public or derived: hash, pub */
    int is_harmless;  /* a word of tokens that open nothing: page, csrf */
    int is_of_texts;  /* a word of what people read, in their language: lang */
} ss_name;

/* `is_of_call`: "pass" and "auth" are verbs there. */
void ss_name_read(ss_name *out, ss_bytes name, int is_of_call);
/* Has the value a word for a credential in it, as labels have? */
int ss_is_label(ss_bytes value);

#endif
