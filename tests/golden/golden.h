/*
 * golden.h: a golden case: a folder with
 *   input.txt       a template (rules/template.h), expanded with its fixed seed
 *   expected.jsonl  what has to be found, a line each, as listing.h writes it
 *   name            optional: the path that findings and path rules see
 */
#ifndef GOLDEN_GOLDEN_H
#define GOLDEN_GOLDEN_H

#include <stddef.h>

typedef struct golden {
    char *input; /* expanded */
    size_t input_len;
    char *expected;
    char *name; /* NULL: input.txt */
} golden;

/* 0, or -1 with a word on stderr. A missing expected.jsonl reads as empty. */
int golden_read(golden *out, const char *folder);
int golden_write_expected(const char *folder, const char *text);
void golden_release(golden *g);

#endif
