/*
 * sort.h: put many numbered things in the order of a 64-bit key, in a few
 * passes over them (radix sort), where qsort's comparisons would dominate.
 */
#ifndef SS_SORT_H
#define SS_SORT_H

#include <stddef.h>
#include <stdint.h>

typedef struct ss_keyed {
    uint64_t key;
    uint32_t number; /* the caller's */
} ss_keyed;

/* Ascending; equal keys stay in their order. Nonzero when out of memory (the
 * order is as before). */
int ss_keyed_sort(ss_keyed *at, size_t n);

#endif
