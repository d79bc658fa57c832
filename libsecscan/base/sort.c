/*
 * sort.c: least significant digit first, eight bits at a time; digits that all
 * keys share cost nothing but the counting.
 */
#include "sort.h"

#include "base/alloc.h"

#include <string.h>

#define DIGITS 8

typedef size_t counts[DIGITS][256];

static void count_digits(const ss_keyed *at, size_t n, counts count)
{
    memset(count, 0, sizeof(counts));
    for (size_t i = 0; i < n; i++) {
        uint64_t key = at[i].key;

        for (unsigned d = 0; d < DIGITS; d++)
            count[d][key >> 8 * d & 255]++;
    }
}

/* Counts become the places of the first of each digit. */
static void add_up(size_t *count)
{
    size_t total = 0;

    for (size_t i = 0; i < 256; i++) {
        size_t n = count[i];

        count[i] = total;
        total += n;
    }
}

static void move_by_digit(const ss_keyed *from, ss_keyed *to, size_t n,
                          unsigned digit, size_t *place)
{
    for (size_t i = 0; i < n; i++)
        to[place[from[i].key >> 8 * digit & 255]++] = from[i];
}

int ss_keyed_sort(ss_keyed *at, size_t n)
{
    ss_keyed *from = at, *to;
    ss_keyed *other;
    counts count;

    if (n < 2)
        return 0;
    other = ss_alloc(n * sizeof(*other));
    if (!other)
        return -1;
    to = other;
    count_digits(at, n, count);
    for (unsigned d = 0; d < DIGITS; d++) {
        ss_keyed *swap = from;

        if (count[d][at[0].key >> 8 * d & 255] == n)
            continue;
        add_up(count[d]);
        move_by_digit(from, to, n, d, count[d]);
        from = to;
        to = swap;
    }
    if (from != at)
        memcpy(at, from, n * sizeof(*at));
    ss_free(other);
    return 0;
}
