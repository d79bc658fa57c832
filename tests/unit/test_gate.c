#include "unit.h"

#include "policy/gate.h"

static void test_gate__hygiene_and_preview_only_report(void **state)
{
    ss_rule token = {.category = "token"};
    ss_rule hygiene = {.category = "hygiene"};
    ss_rule preview = {.category = "token", .is_preview = 1};

    (void)state;
    CHECK(ss_gate_finding(&token, 0));
    CHECK(!ss_gate_finding(&token, 1));
    CHECK(!ss_gate_finding(&hygiene, 0));
    CHECK(!ss_gate_finding(&preview, 0));
}

static void test_gate__what_was_asked_to_be_left_out_is_complete(void **state)
{
    (void)state;
    CHECK(!ss_gate_skip("too-large"));
    CHECK(!ss_gate_skip("symlink"));
    CHECK(ss_gate_skip("unreadable"));
    CHECK(ss_gate_skip("a reason nobody has thought of"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_gate__hygiene_and_preview_only_report),
        TEST(test_gate__what_was_asked_to_be_left_out_is_complete),
    };

    return RUN(tests);
}
