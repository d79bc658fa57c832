#include "unit.h"

#include "scan/chunk.h"

static const ss_reach reach = {2, 3, 1};

static void test_chunk__has_context_on_both_sides(void **state)
{
    ss_chunk chunk = ss_chunk_of(ss_bytes_str("0123456789"), 100, 4, 6, reach);

    (void)state;
    CHECK_BYTES(chunk.bytes, "2345678");
    CHECK_INT(chunk.offset, 102);
    CHECK_INT(chunk.core_from, 2);
    CHECK_INT(chunk.core_to, 4);
}

static void test_chunk__context_is_cut_at_the_ends_of_the_unit(void **state)
{
    ss_chunk chunk = ss_chunk_of(ss_bytes_str("012"), 0, 0, 3, reach);

    (void)state;
    CHECK_BYTES(chunk.bytes, "012");
    CHECK_INT(chunk.core_from, 0);
    CHECK_INT(chunk.core_to, 3);
}

static void test_chunk__haystack_is_core_and_prefix(void **state)
{
    ss_chunk chunk = ss_chunk_of(ss_bytes_str("0123456789"), 0, 4, 6, reach);

    (void)state;
    CHECK_BYTES(ss_chunk_haystack(&chunk, reach), "456");
    chunk = ss_chunk_of(ss_bytes_str("0123456789"), 0, 8, 10, reach);
    CHECK_BYTES(ss_chunk_haystack(&chunk, reach), "89");
}

static void test_chunk__reach_covers_widest_rule_and_line(void **state)
{
    ss_rule_set set = {0};
    ss_reach r;

    (void)state;
    set.max_before = 8;
    set.max_width = 9000;
    set.max_after = 2;
    set.max_prefix = 40;
    r = ss_reach_of(&set);
    CHECK(r.left > 1024);
    CHECK(r.right > 9000 + 1024);
    CHECK_INT(r.prefix, 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_chunk__has_context_on_both_sides),
        TEST(test_chunk__context_is_cut_at_the_ends_of_the_unit),
        TEST(test_chunk__haystack_is_core_and_prefix),
        TEST(test_chunk__reach_covers_widest_rule_and_line),
    };

    return RUN(tests);
}
