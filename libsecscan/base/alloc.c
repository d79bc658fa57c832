/*
 * alloc.c: malloc behind one seam, with failure injection in test builds.
 */
#include "alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#ifdef SS_TEST_ALLOC
#include <stdatomic.h>

static atomic_ulong n_calls;
static atomic_ulong fail_at;

void ss_alloc_fail_at(unsigned long n)
{
    atomic_store(&n_calls, 0);
    atomic_store(&fail_at, n);
}

unsigned long ss_alloc_count(void)
{
    return atomic_load(&n_calls);
}

static int must_fail(void)
{
    unsigned long n = atomic_fetch_add(&n_calls, 1) + 1;

    return n == atomic_load(&fail_at);
}
#else
static int must_fail(void)
{
    return 0;
}
#endif

void *ss_alloc(size_t size)
{
    if (must_fail())
        return NULL;
    return malloc(size ? size : 1);
}

void *ss_calloc(size_t n, size_t size)
{
    if (must_fail())
        return NULL;
    return calloc(n ? n : 1, size ? size : 1);
}

void *ss_realloc(void *p, size_t size)
{
    if (must_fail())
        return NULL;
    return realloc(p, size ? size : 1);
}

char *ss_strndup(const char *s, size_t len)
{
    char *copy;

    if (len == SIZE_MAX)
        return NULL;
    copy = ss_alloc(len + 1);
    if (!copy)
        return NULL;
    if (len)
        memcpy(copy, s, len);
    copy[len] = '\0';
    return copy;
}

char *ss_strdup(const char *s)
{
    return ss_strndup(s, strlen(s));
}

void ss_free(void *p)
{
    free(p);
}

void ss_free_wiped(void *p, size_t size)
{
    if (!p)
        return;
    explicit_bzero(p, size);
    free(p);
}
