#include "unit.h"

#include "scan/overlap.h"

static const ss_rule generic = {.id = "generic", .specificity = 10};
static const ss_rule vendor = {.id = "vendor", .specificity = 100};

static ss_match match_of(const ss_rule *rule, uint32_t number, uint64_t from,
                         uint64_t to)
{
    ss_match m = {0};

    m.rule = rule;
    m.rule_number = number;
    m.secret_from = from;
    m.secret_to = to;
    m.evidence = SECSCAN_PATTERN;
    return m;
}

/* The number of those that are kept, which go to the front. */
static size_t resolve(ss_match *m, size_t n, ss_arena *arena)
{
    size_t kept = 0;

    CHECK_OK(ss_overlap_resolve(m, n, arena));
    for (size_t i = 0; i < n; i++) {
        CHECK(m[i].fate == SS_FATE_KEPT || m[i].fate == SS_FATE_LOST);
        if (m[i].fate == SS_FATE_KEPT)
            m[kept++] = m[i];
    }
    return kept;
}

static void
test_overlap__more_specific_rule_wins_and_lists_the_other(void **state)
{
    ss_arena arena = SS_ARENA_INIT;
    ss_match m[] = {match_of(&generic, 7, 0, 50), match_of(&vendor, 3, 10, 20)};

    (void)state;
    CHECK_INT(resolve(m, 2, &arena), 1);
    CHECK_INT(m[0].rule_number, 3);
    CHECK_INT(m[0].n_also, 1);
    CHECK_INT(m[0].also[0], 7);
    ss_arena_release(&arena);
}

static void test_overlap__evidence_is_stronger_than_specificity(void **state)
{
    ss_arena arena = SS_ARENA_INIT;
    ss_match m[] = {match_of(&generic, 7, 0, 50), match_of(&vendor, 3, 10, 20)};

    (void)state;
    m[0].evidence = SECSCAN_CHECKSUM;
    CHECK_INT(resolve(m, 2, &arena), 1);
    CHECK_INT(m[0].rule_number, 7);
    ss_arena_release(&arena);
}

static void test_overlap__a_rule_about_a_path_yields(void **state)
{
    static const ss_rule in_files = {
        .id = "in-files", .path = "x", .specificity = 200};
    ss_arena arena = SS_ARENA_INIT;
    ss_match m[] = {match_of(&in_files, 1, 0, 10), match_of(&generic, 2, 0, 8)};

    (void)state;
    m[0].evidence = SECSCAN_CHECKSUM;
    CHECK_INT(resolve(m, 2, &arena), 1);
    CHECK_INT(m[0].rule_number, 2);
    CHECK_INT(m[0].n_also, 1);
    ss_arena_release(&arena);
}

static void test_overlap__the_longest_of_equals_wins(void **state)
{
    ss_arena arena = SS_ARENA_INIT;
    ss_match m[] = {match_of(&vendor, 1, 0, 10), match_of(&vendor, 2, 0, 12)};

    (void)state;
    CHECK_INT(resolve(m, 2, &arena), 1);
    CHECK_INT(m[0].rule_number, 2);
    ss_arena_release(&arena);
}

static void
test_overlap__chain_keeps_what_the_winner_does_not_touch(void **state)
{
    ss_arena arena = SS_ARENA_INIT;
    ss_match m[] = {match_of(&generic, 1, 0, 10), match_of(&vendor, 2, 8, 20),
                    match_of(&generic, 1, 18, 30),
                    match_of(&generic, 4, 25, 40)};

    (void)state;
    CHECK_INT(resolve(m, 4, &arena), 2);
    CHECK_INT(m[0].rule_number, 2);
    CHECK_INT(m[0].n_also, 1); /* rule 1 once, though it lost twice */
    CHECK_INT(m[1].rule_number, 4);
    ss_arena_release(&arena);
}

static void
test_overlap__what_is_only_a_part_wins_over_nothing_else(void **state)
{
    static const ss_rule part = {
        .id = "part", .specificity = 200, .is_part_only = 1};
    ss_arena arena = SS_ARENA_INIT;
    ss_match m[] = {match_of(&generic, 7, 0, 50), match_of(&part, 3, 10, 20)};

    (void)state;
    m[0].evidence = SECSCAN_CONTEXT;
    CHECK_INT(resolve(m, 2, &arena), 1);
    CHECK_INT(m[0].rule_number, 7);
    CHECK_INT(m[0].n_also, 0); /* it would be no finding */
    ss_arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_overlap__more_specific_rule_wins_and_lists_the_other),
        TEST(test_overlap__evidence_is_stronger_than_specificity),
        TEST(test_overlap__a_rule_about_a_path_yields),
        TEST(test_overlap__the_longest_of_equals_wins),
        TEST(test_overlap__what_is_only_a_part_wins_over_nothing_else),
        TEST(test_overlap__chain_keeps_what_the_winner_does_not_touch),
    };

    return RUN(tests);
}
