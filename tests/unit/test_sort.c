#include "unit.h"

#include "base/sort.h"

#include <stdlib.h>

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 11;
}

static int by_key_then_number(const void *pa, const void *pb)
{
    const ss_keyed *a = pa, *b = pb;

    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

/* `mask` decides which digits differ, and how often keys are equal. */
static void check_like_qsort(size_t n, uint64_t mask)
{
    static ss_keyed at[3000], expected[3000];
    uint64_t state = mask + n;

    for (size_t i = 0; i < n; i++)
        at[i] = (ss_keyed){next_random(&state) * 0x10001u & mask, (uint32_t)i};
    memcpy(expected, at, n * sizeof(*at));
    qsort(expected, n, sizeof(*at), by_key_then_number);
    CHECK_OK(ss_keyed_sort(at, n));
    for (size_t i = 0; i < n; i++) {
        CHECK(at[i].key == expected[i].key);
        CHECK_INT(at[i].number, expected[i].number);
    }
}

static void test_sort__orders_by_key_and_keeps_equal_ones_in_order(void **state)
{
    (void)state;
    check_like_qsort(0, 0);
    check_like_qsort(1, UINT64_MAX);
    check_like_qsort(2, UINT64_MAX);
    check_like_qsort(3000, UINT64_MAX);
    check_like_qsort(3000, 0xff);
    check_like_qsort(3000, 0xff00ff0000000000u);
    check_like_qsort(3000, 0x7);
    check_like_qsort(3000, 0);
}

static void test_sort__without_memory_nothing_moves(void **state)
{
    ss_keyed at[] = {{2, 0}, {1, 1}};

    (void)state;
    ss_alloc_fail_at(1);
    CHECK(ss_keyed_sort(at, 2));
    ss_alloc_fail_at(0);
    CHECK_INT(at[0].number, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_sort__orders_by_key_and_keeps_equal_ones_in_order),
        TEST(test_sort__without_memory_nothing_moves),
    };

    return RUN(tests);
}
