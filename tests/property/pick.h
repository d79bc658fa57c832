/*
 * pick.h: numbers that a seed decides (splitmix64).
 */
#ifndef SS_TEST_PICK_H
#define SS_TEST_PICK_H

#include <stddef.h>
#include <stdint.h>

static uint64_t pick_state;

/* One of 0 to n - 1. */
static inline size_t pick(size_t n)
{
    uint64_t z = pick_state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (size_t)((z ^ (z >> 31)) % n);
}

#endif
