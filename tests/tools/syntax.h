/*
 * syntax.h: the places where credentials stand (tests/patterns/syntaxes.txt),
 * and how a value looks there.
 */
#ifndef SYNTAX_H
#define SYNTAX_H

#include "spelling.h"

enum { MAX_SYNTAXES = 256 };

typedef struct syntax {
    char name[40];
    char kind[12]; /* what a value may hold, as the file explains it */
    ss_bytes text;
} syntax;

typedef struct syntaxes {
    syntax at[MAX_SYNTAXES];
    size_t len;
    ss_buf file; /* what the texts borrow from */
} syntaxes;

/* 0, or -1 (said on standard error). Released in either case. */
int syntaxes_read(syntaxes *out, const char *path);
void syntaxes_release(syntaxes *s);

/* Can the value stand there as it is? `is_alone`: it needs no name. */
int syntax_takes(const syntax *s, ss_bytes value, int is_alone);
/* Does the value's own name stand there, or its vendor's at most? */
int syntax_names_key(const syntax *s);
void syntax_put(ss_buf *out, const syntax *s, const spelling *name,
                ss_bytes value);

#endif
