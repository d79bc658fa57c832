/*
 * test_value.c: runs of bytes that could be values: found wherever they stand,
 * and cut out of what is around them.
 */
#include "unit.h"

#include "scan/value.h"

#include <stdio.h>

static const char random_value[] = "q7Zk2mX9bT4wR8nL5vC1";

/* Starts of the candidates, as text. */
static void starts_of(char *out, size_t size, const char *text, size_t len)
{
    ss_candidates list;
    size_t used = 0;

    CHECK_OK(ss_candidates_init(&list, 64));
    ss_value_scan(ss_bytes_of(text, len), 3, &list);
    out[0] = '\0';
    for (size_t i = 0; i < list.len && used < size; i++) {
        CHECK_INT(list.at[i].rule, 3);
        used += (size_t)snprintf(out + used, size - used, "%s%u", i ? " " : "",
                                 list.at[i].end - SS_VALUE_MIN);
    }
    ss_candidates_release(&list);
}

static void check_starts(const char *text, const char *expected)
{
    char found[256];

    starts_of(found, sizeof(found), text, strlen(text));
    CHECK_STR(found, expected);
}

static void test_value__a_random_run_is_found(void **state)
{
    (void)state;
    check_starts(random_value, "0");
    check_starts("(q7Zk2mX9bT4wR8nL5vC1);", "1");
    check_starts("q7Zk2mX9bT4wR8nL5vC1 q7Zk2mX9bT4wR8nL5vC1", "0 21");
    check_starts("KfCyQvVaJnuRNwEjDeKpMYs", "0");
}

static void test_value__names_and_short_runs_are_not(void **state)
{
    (void)state;
    check_starts("", "");
    check_starts("q7Zk2mX9bT4wR8n", "");
    check_starts("applicationConfigurationProvider", "");
    check_starts("APPLICATION_CONFIGURATION_2", "");
    check_starts("k8s/io/api/core/version", "");
    check_starts("1234567890123456789012345", "");
}

/* One start, whatever its place among blocks of 64 bytes and at their ends. */
static void test_value__every_offset_is_the_same(void **state)
{
    char text[400], found[64], expected[64];

    (void)state;
    for (size_t at = 0; at < 200; at++) {
        memset(text, ' ', sizeof(text));
        memcpy(text + at, random_value, sizeof(random_value) - 1);
        starts_of(found, sizeof(found), text, 260);
        snprintf(expected, sizeof(expected), "%zu", at);
        CHECK_STR(found, expected);
        starts_of(found, sizeof(found), text, at + sizeof(random_value) - 1);
        CHECK_STR(found, expected);
    }
}

/* Only its first bytes decide on a run: what is further on may not be seen. */
static void test_value__a_long_run_is_judged_by_its_first_bytes(void **state)
{
    char text[400], found[64];

    (void)state;
    memset(text, 'q', sizeof(text));
    memcpy(text + SS_VALUE_LOOK, random_value, sizeof(random_value) - 1);
    starts_of(found, sizeof(found), text, sizeof(text));
    CHECK_STR(found, "");
    memcpy(text + SS_VALUE_LOOK - 9, random_value, sizeof(random_value) - 1);
    starts_of(found, sizeof(found), text, sizeof(text));
    CHECK_STR(found, "0");
}

static void test_value__full_candidates_stop_the_scan(void **state)
{
    ss_candidates list;

    (void)state;
    CHECK_OK(ss_candidates_init(&list, 1));
    ss_value_scan(ss_bytes_str("q7Zk2mX9bT4wR8nL5vC1 q7Zk2mX9bT4wR8nL5vC1"), 0,
                  &list);
    CHECK(list.overflowed);
    ss_candidates_release(&list);
}

/* The value at `from`, and a bar and the wide one if there is one. */
static void check_value(const char *text, size_t from, const char *expected)
{
    ss_value_span value, wide;
    char found[128] = "none";

    if (ss_value_at(ss_bytes_str(text), from, &value, &wide))
        snprintf(found, sizeof(found), "%.*s%s%.*s",
                 (int)(value.to - value.from), text + value.from,
                 wide.to ? "|" : "", (int)(wide.to - wide.from),
                 text + wide.from);
    CHECK_STR(found, expected);
}

static void test_value__ends_where_a_value_does(void **state)
{
    (void)state;
    check_value("'abc-12_3/4+5.6'", 1, "abc-12_3/4+5.6");
    check_value("the key is abc123.", 11, "abc123");
    check_value("x=abc1==&y", 2, "abc1==");
    check_value("abc1=def2", 0, "abc1|abc1=def2");
    check_value("ab1:cd2, x", 0, "ab1|ab1:cd2");
    check_value("abc123: x", 0, "abc123");
    check_value("xabc", 1, "none");
}

static void test_value__random_is_not_made_of_words(void **state)
{
    (void)state;
    CHECK(ss_value_is_random(ss_bytes_str(random_value)));
    CHECK(!ss_value_is_random(ss_bytes_str("applicationConfigurationV1")));
    CHECK(!ss_value_is_random(ss_bytes_str("0101010101010101a1a1")));
    CHECK(!ss_value_is_random(ss_bytes_str("xkqzwv")));
    CHECK(ss_value_is_random(ss_bytes_str("xk7zwv9q")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_value__a_random_run_is_found),
        TEST(test_value__names_and_short_runs_are_not),
        TEST(test_value__every_offset_is_the_same),
        TEST(test_value__a_long_run_is_judged_by_its_first_bytes),
        TEST(test_value__full_candidates_stop_the_scan),
        TEST(test_value__ends_where_a_value_does),
        TEST(test_value__random_is_not_made_of_words),
    };

    return RUN(tests);
}
