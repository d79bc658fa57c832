/* Which matches are one finding: lists of matches by hand, as the pipeline
 * gives them. */
#include "unit.h"

#include "scan/part.h"

#include <stdio.h>

static const char *const id_ids[] = {"id"};
static const ss_rule_part key_parts[] = {{.ids = id_ids,
                                          .n_ids = 1,
                                          .role = "key id",
                                          .within_lines = 5,
                                          .within_columns = UINT32_MAX,
                                          .reach = 100}};
static const ss_rule key = {
    .id = "key", .category = "key", .parts = key_parts, .n_parts = 1};
static const ss_rule id = {.id = "id", .category = "token"};
static const ss_rule user = {.id = "id", .is_part_only = 1};
static const ss_rule other = {.id = "other", .category = "token"};

static const ss_rule_part narrow_parts[] = {{.ids = id_ids,
                                             .n_ids = 1,
                                             .role = "",
                                             .within_lines = 2,
                                             .within_columns = 10,
                                             .reach = 100,
                                             .is_required = 1}};
static const ss_rule strict = {
    .id = "strict", .category = "key", .parts = narrow_parts, .n_parts = 1};

/* A secret of ten bytes at an offset, on a line. */
static ss_match at(const ss_rule *rule, uint64_t from, uint64_t line)
{
    ss_match m = {.rule = rule,
                  .rule_number = rule == &key      ? 1
                                 : rule == &strict ? 2
                                                   : 3,
                  .secret_from = from,
                  .secret_to = from + 10,
                  .from = from,
                  .to = from + 10,
                  .offset = from,
                  .line_start = line,
                  .line_end = line,
                  .column_start = 1,
                  .column_end = 11,
                  .reason = "",
                  .severity = SECSCAN_MEDIUM,
                  .evidence = SECSCAN_PATTERN,
                  .confidence = 50,
                  .fate = SS_FATE_KEPT};

    m.line = ss_bytes_str("0123456789");
    return m;
}

/* Join all; what each has as its part, as text: "1-0" for pairs of indices. */
static const char *pairs(ss_match *m, size_t n)
{
    static char text[64];
    ss_arena arena = SS_ARENA_INIT;
    size_t len = 0;

    text[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        if (m[i].rule->n_parts)
            CHECK_OK(ss_part_join(m, n, i, &arena));
        for (size_t p = 0; p < m[i].n_parts; p++) {
            for (size_t k = 0; k < n; k++) {
                if (m[k].offset == m[i].parts[p].offset &&
                    m[k].rule == m[i].parts[p].rule)
                    len += (size_t)snprintf(text + len, sizeof(text) - len,
                                            "%s%zu-%zu", len ? " " : "", i, k);
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        m[i].parts = NULL;
        m[i].whole = NULL;
    }
    ss_arena_release(&arena);
    return text;
}

#define PAIRS(...)                                                             \
    pairs((ss_match[]){__VA_ARGS__},                                           \
          sizeof((ss_match[]){__VA_ARGS__}) / sizeof(ss_match))

static void test_part__a_part_near_is_joined_on_either_side(void **state)
{
    (void)state;
    CHECK_STR(PAIRS(at(&id, 0, 1), at(&key, 20, 2)), "1-0");
    CHECK_STR(PAIRS(at(&key, 0, 1), at(&id, 20, 2)), "0-1");
    CHECK_STR(PAIRS(at(&other, 0, 1), at(&key, 20, 2)), "");
}

static void test_part__lines_and_bytes_bound_it(void **state)
{
    (void)state;
    CHECK_STR(PAIRS(at(&id, 0, 1), at(&key, 20, 6)), "1-0");
    CHECK_STR(PAIRS(at(&id, 0, 1), at(&key, 20, 7)), "");
    CHECK_STR(PAIRS(at(&id, 0, 1), at(&key, 100, 1)), "1-0");
    CHECK_STR(PAIRS(at(&id, 0, 1), at(&key, 101, 1)), "");
}

static void test_part__each_whole_has_its_own_part(void **state)
{
    (void)state;
    /* Lists of pairs, in one order or the other, and on one line. */
    CHECK_STR(
        PAIRS(at(&id, 0, 1), at(&key, 20, 2), at(&id, 32, 3), at(&key, 52, 4)),
        "1-0 3-2");
    CHECK_STR(
        PAIRS(at(&key, 0, 1), at(&id, 20, 2), at(&key, 40, 4), at(&id, 60, 5)),
        "0-1 2-3");
    CHECK_STR(
        PAIRS(at(&id, 0, 1), at(&key, 20, 1), at(&id, 50, 1), at(&key, 70, 1)),
        "1-0 3-2");
}

static void test_part__an_orphan_takes_no_part_of_another(void **state)
{
    (void)state;
    CHECK_STR(PAIRS(at(&key, 0, 1), at(&id, 40, 4), at(&key, 60, 5)), "2-1");
    CHECK_STR(PAIRS(at(&id, 0, 1), at(&id, 40, 4), at(&key, 60, 5)), "2-1");
}

static void
test_part__what_lost_to_stronger_evidence_is_something_else(void **state)
{
    ss_match m[] = {at(&id, 0, 1), at(&other, 2, 1), at(&key, 20, 2)};

    (void)state;
    m[0].fate = SS_FATE_LOST;
    CHECK_STR(pairs(m, 3), "2-0");
    m[2].n_parts = 0;
    m[1].evidence = SECSCAN_CHECKSUM;
    CHECK_STR(pairs(m, 3), "");
    m[1].evidence = SECSCAN_PATTERN;
    m[0].fate = SS_FATE_UNMET;
    CHECK_STR(pairs(m, 3), "");
}

static void test_part__no_match_is_its_own_part(void **state)
{
    ss_match m[] = {at(&id, 0, 1), at(&key, 2, 1)};

    (void)state;
    m[0].fate = SS_FATE_LOST;
    CHECK_STR(pairs(m, 2), "");
}

static void test_part__the_whole_is_as_bad_as_its_worst_part(void **state)
{
    ss_arena arena = SS_ARENA_INIT;
    ss_match m[] = {at(&id, 0, 1), at(&key, 20, 2)};

    (void)state;
    m[0].severity = SECSCAN_CRITICAL;
    m[0].evidence = SECSCAN_CHECKSUM;
    m[0].confidence = 99;
    m[0].reason = "its checksum is right";
    m[1].is_hygiene = 1;
    CHECK_OK(ss_part_join(m, 2, 1, &arena));
    CHECK_INT(m[1].severity, SECSCAN_CRITICAL);
    CHECK_INT(m[1].evidence, SECSCAN_CHECKSUM);
    CHECK_INT(m[1].confidence, 99);
    CHECK_STR(m[1].reason, "its checksum is right");
    CHECK_INT(m[1].is_hygiene, 0);
    CHECK(m[0].whole && m[0].whole->rule == &key);
    CHECK_STR(m[1].parts[0].role, "key id");
    CHECK(m[1].parts[0].own == &id);
    ss_arena_release(&arena);
}

static void test_part__what_is_only_a_part_raises_nothing(void **state)
{
    ss_arena arena = SS_ARENA_INIT;
    ss_match m[] = {at(&user, 0, 1), at(&key, 20, 2)};

    (void)state;
    m[0].severity = SECSCAN_CRITICAL;
    m[0].confidence = 99;
    CHECK_OK(ss_part_join(m, 2, 1, &arena));
    CHECK_INT(m[1].n_parts, 1);
    CHECK_INT(m[1].severity, SECSCAN_MEDIUM);
    CHECK_INT(m[1].confidence, 50);
    CHECK(m[1].parts[0].own == NULL);
    ss_arena_release(&arena);
}

static int is_complete(ss_match a, ss_match b)
{
    const ss_match m[] = {a, b};

    return ss_part_is_complete(m, 2, m[0].rule == &strict ? 0 : 1);
}

static void
test_part__required_parts_are_counted_whatever_their_fate(void **state)
{
    ss_match part = at(&id, 0, 1), whole = at(&strict, 20, 3);

    (void)state;
    CHECK(is_complete(part, whole));
    part.fate = SS_FATE_LOST;
    CHECK(is_complete(part, whole));
    CHECK(!is_complete(at(&other, 0, 1), whole));
    CHECK(!is_complete(part, at(&strict, 20, 4)));
    whole.column_start = 11;
    CHECK(is_complete(part, whole));
    whole.column_start = 12;
    CHECK(!is_complete(part, whole));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_part__a_part_near_is_joined_on_either_side),
        TEST(test_part__lines_and_bytes_bound_it),
        TEST(test_part__each_whole_has_its_own_part),
        TEST(test_part__an_orphan_takes_no_part_of_another),
        TEST(test_part__what_lost_to_stronger_evidence_is_something_else),
        TEST(test_part__no_match_is_its_own_part),
        TEST(test_part__the_whole_is_as_bad_as_its_worst_part),
        TEST(test_part__what_is_only_a_part_raises_nothing),
        TEST(test_part__required_parts_are_counted_whatever_their_fate),
    };

    return RUN(tests);
}
