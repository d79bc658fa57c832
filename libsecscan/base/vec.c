/*
 * vec.c: growth of the arrays of vec.h.
 */
#include "vec.h"

#include "alloc.h"

#include <stdint.h>

int ss_vec_grow(void **at, size_t len, size_t *cap, size_t item_size, size_t n)
{
    size_t want = *cap ? *cap * 2 : 8;
    void *grown;

    if (n <= *cap - len)
        return 0;
    if (n > SIZE_MAX - len)
        return -1;
    if (want < len + n)
        want = len + n;
    if (want < *cap || want > SIZE_MAX / item_size)
        return -1;
    grown = ss_realloc(*at, want * item_size);
    if (!grown)
        return -1;
    *at = grown;
    *cap = want;
    return 0;
}
