#include "unit.h"

#include "scan/candidate.h"

static void test_candidate__sort_orders_by_rule_then_end_without_doubles(
    void **state)
{
    ss_candidates list;

    (void)state;
    CHECK_OK(ss_candidates_init(&list, 8));
    ss_candidates_push(&list, (ss_candidate){2, 5});
    ss_candidates_push(&list, (ss_candidate){1, 9});
    ss_candidates_push(&list, (ss_candidate){2, 5});
    ss_candidates_push(&list, (ss_candidate){1, 3});
    ss_candidates_sort(&list);
    CHECK_INT(list.len, 3);
    CHECK_INT(list.at[0].end, 3);
    CHECK_INT(list.at[1].end, 9);
    CHECK_INT(list.at[2].rule, 2);
    ss_candidates_release(&list);
}

static void test_candidate__push_past_capacity_says_so(void **state)
{
    ss_candidates list;

    (void)state;
    CHECK_OK(ss_candidates_init(&list, 1));
    CHECK_OK(ss_candidates_push(&list, (ss_candidate){0, 1}));
    CHECK(!list.overflowed);
    CHECK(ss_candidates_push(&list, (ss_candidate){0, 2}));
    CHECK(list.overflowed);
    CHECK_INT(list.len, 1);
    ss_candidates_release(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_candidate__sort_orders_by_rule_then_end_without_doubles),
        TEST(test_candidate__push_past_capacity_says_so),
    };

    return RUN(tests);
}
