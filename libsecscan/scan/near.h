/*
 * near.h: the values that stand in reach of a word, whatever the syntax: runs
 * of bytes that a credential could be, told from the bytes themselves.
 */
#ifndef SS_NEAR_H
#define SS_NEAR_H

#include "base/bytes.h"

typedef struct ss_span {
    size_t from, to;
} ss_span;

/* The next value that starts in [*at, to); *at is then the end of its run. 0
 * when there is none. `wide` is the same with the separators that few values
 * have (a:b), or empty. */
int ss_near_next(ss_bytes bytes, size_t *at, size_t to, ss_span *value,
                 ss_span *wide);

#endif
