/*
 * bench_text.h: text that rules are measured on.
 */
#ifndef CLI_BENCH_TEXT_H
#define CLI_BENCH_TEXT_H

#include <stddef.h>

typedef struct bench_text {
    char *data;
    size_t len, cap;
} bench_text;

/* Append what looks like source text and holds no credential, the same in every
 * run. 0, or -1 without memory. */
int bench_text_make(bench_text *text, size_t len);
/* Append the files at and below a path, up to `max` bytes in all. 0, or -1: it
 * cannot be read (said on standard error). */
int bench_text_read(bench_text *text, const char *path, size_t max);
void bench_text_release(bench_text *text);

#endif
