#include "unit.h"

#include "policy/policy.h"

static const char *const aliases[] = {"token-old"};
static const ss_rule token = {
    .id = "token", .aliases = aliases, .n_aliases = 1};
static const ss_rule key = {.id = "api-key"};
static const ss_rule *rules[] = {&key, &token};
static const ss_rule_set set = {.rules = rules, .n_rules = 2};

static ss_mark read_with(uint32_t flags, const char *line, uint32_t evidence)
{
    const secscan_policy policy = {.flags = flags};

    return ss_mark_read(&policy, &set, ss_bytes_str(line), &token, evidence);
}

static void check_hides(const char *line, const char *reason)
{
    ss_mark mark = read_with(0, line, SECSCAN_STRUCTURE);

    CHECK_INT(mark.status, SS_MARK_HIDES);
    CHECK_BYTES(mark.reason, reason);
}

static void check_idle(const char *line, const char *why)
{
    ss_mark mark = read_with(0, line, SECSCAN_PATTERN);

    CHECK_INT(mark.status, SS_MARK_IDLE);
    CHECK(strstr(mark.why, why) != NULL);
}

static void test_mark__a_reason_hides_in_any_comment(void **state)
{
    (void)state;
    check_hides("x = 1 # secscan:allow only a test", "only a test");
    check_hides("x = 1; // secscan:allow: only a test.", "only a test.");
    check_hides("/* secscan:allow made up */ x = 1", "made up */ x = 1");
    check_hides("<a b='c'/> <!-- secscan:allow made up -->", "made up");
    check_hides("{# secscan:allow - aus dem Test \303\244 #}",
                "aus dem Test \303\244");
    check_hides("a secscan:allow why\nb", "why");
}

static void test_mark__a_rule_or_an_alias_may_be_named(void **state)
{
    (void)state;
    check_hides("x # secscan:allow token made up", "made up");
    check_hides("x # secscan:allow token: made up", "made up");
    check_hides("x # secscan:allow token-old made up", "made up");
    check_idle("x # secscan:allow api-key made up", "another rule");
}

static void test_mark__one_of_several_is_enough(void **state)
{
    (void)state;
    check_hides("x # secscan:allow api-key a secscan:allow token b", "b");
}

static void test_mark__without_a_reason_it_does_not_count(void **state)
{
    (void)state;
    check_idle("x # secscan:allow", "no reason");
    check_idle("x # secscan:allow token", "no reason");
    check_idle("x /* secscan:allow token */", "no reason");
    check_idle("x <!-- secscan:allow -->", "no reason");
}

static void test_mark__a_right_checksum_is_not_hidden(void **state)
{
    (void)state;
    CHECK_INT(
        read_with(0, "x # secscan:allow made up", SECSCAN_CHECKSUM).status,
        SS_MARK_IDLE);
}

static void test_mark__other_words_are_none(void **state)
{
    (void)state;
    CHECK_INT(read_with(0, "x # secscan:allowed made up", 0).status,
              SS_MARK_NONE);
    CHECK_INT(read_with(0, "x # SECSCAN:ALLOW made up", 0).status,
              SS_MARK_NONE);
    CHECK_INT(read_with(0, "", 0).status, SS_MARK_NONE);
}

static void test_mark__that_of_gitleaks_needs_no_reason(void **state)
{
    (void)state;
    check_hides("x # gitleaks:allow", "gitleaks:allow");
    check_hides("x # secscan:allow gitleaks:allow", "gitleaks:allow");
    CHECK_INT(read_with(0, "x # gitleaks:allow", SECSCAN_CHECKSUM).status,
              SS_MARK_HIDES);
}

static void test_mark__a_policy_switches_them_off(void **state)
{
    (void)state;
    CHECK_INT(
        read_with(SECSCAN_POLICY_NO_INLINE, "secscan:allow why", 0).status,
        SS_MARK_NONE);
    CHECK_INT(read_with(SECSCAN_POLICY_NO_INLINE, "gitleaks:allow", 0).status,
              SS_MARK_NONE);
    CHECK_INT(read_with(SECSCAN_POLICY_NO_GITLEAKS, "gitleaks:allow", 0).status,
              SS_MARK_NONE);
    CHECK_INT(
        read_with(SECSCAN_POLICY_NO_GITLEAKS, "secscan:allow why", 0).status,
        SS_MARK_HIDES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_mark__a_reason_hides_in_any_comment),
        TEST(test_mark__a_rule_or_an_alias_may_be_named),
        TEST(test_mark__one_of_several_is_enough),
        TEST(test_mark__without_a_reason_it_does_not_count),
        TEST(test_mark__a_right_checksum_is_not_hidden),
        TEST(test_mark__other_words_are_none),
        TEST(test_mark__that_of_gitleaks_needs_no_reason),
        TEST(test_mark__a_policy_switches_them_off),
    };

    return RUN(tests);
}
