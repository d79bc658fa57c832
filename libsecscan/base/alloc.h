/*
 * alloc.h: the one seam to the allocator. Everything else in libsecscan/ asks
 * here, so that a test can make the n-th allocation fail.
 */
#ifndef SS_ALLOC_H
#define SS_ALLOC_H

#include <stddef.h>

void *ss_alloc(size_t size); /* NULL when out of memory; size 0 is fine */
void *ss_calloc(size_t n, size_t size); /* zeroed; checks n * size */
void *ss_realloc(void *p, size_t size);
char *ss_strdup(const char *s);
char *ss_strndup(const char *s, size_t len); /* adds a NUL */
void ss_free(void *p);                       /* NULL is fine */
/* Wipe, then free: for memory that held scanned bytes. */
void ss_free_wiped(void *p, size_t size);

#ifdef SS_TEST_ALLOC
/* Fail the n-th allocation from now (1 is the next); 0 stops failing. */
void ss_alloc_fail_at(unsigned long n);
unsigned long ss_alloc_count(void); /* since the last ss_alloc_fail_at */
#endif

#endif
