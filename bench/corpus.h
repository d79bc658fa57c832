/*
 * corpus.h: the files of some trees, joined in memory. For benchmarks: stops
 * the program on any failure.
 */
#ifndef BENCH_CORPUS_H
#define BENCH_CORPUS_H

#include <stddef.h>

typedef struct corpus {
    char *data;
    size_t len, cap;
    size_t n_files;
} corpus;

/* Add the files below `path`, in the order the file system gives, until the
 * corpus has `max` bytes. */
void corpus_add(corpus *c, const char *path, size_t max);
void corpus_release(corpus *c);

#endif
