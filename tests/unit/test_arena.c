#include "unit.h"

#include "base/arena.h"

static void test_arena__allocations_do_not_overlap(void **state)
{
    ss_arena arena = SS_ARENA_INIT;
    char *a = ss_arena_str(&arena, "one", 3);
    char *b = ss_arena_str(&arena, "two", 3);

    (void)state;
    CHECK_STR(a, "one");
    CHECK_STR(b, "two");
    ss_arena_release(&arena);
}

static void test_arena__large_allocation_gets_its_own_block(void **state)
{
    ss_arena arena = SS_ARENA_INIT;
    uint8_t *p = ss_arena_alloc(&arena, (size_t)1 << 20);

    (void)state;
    CHECK(p);
    p[((size_t)1 << 20) - 1] = 1;
    ss_arena_release(&arena);
}

static void test_arena__reset_wipes_what_was_stored(void **state)
{
    ss_arena arena = SS_ARENA_INIT;
    char *p = ss_arena_str(&arena, "wiped", 5);

    (void)state;
    ss_arena_reset(&arena);
    CHECK_INT(p[0], 0);
    CHECK_INT(arena.used, 0);
    ss_arena_release(&arena);
}

static void test_arena__failed_allocation_is_null(void **state)
{
    ss_arena arena = SS_ARENA_INIT;

    (void)state;
    ss_alloc_fail_at(1);
    CHECK(!ss_arena_alloc(&arena, 8));
    ss_alloc_fail_at(0);
    ss_arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_arena__allocations_do_not_overlap),
        TEST(test_arena__large_allocation_gets_its_own_block),
        TEST(test_arena__reset_wipes_what_was_stored),
        TEST(test_arena__failed_allocation_is_null),
    };

    return RUN(tests);
}
