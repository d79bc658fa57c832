#include "check_case.h"

static void add_letters(sample *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        s->bytes[s->len++] = (uint8_t)('a' + i % 26);
}

static ss_check_result check_jwt(const char *header, const char *payload,
                                 size_t n_signature)
{
    sample s = {.len = 0};

    add_base64(&s, header);
    s.bytes[s.len++] = '.';
    add_base64(&s, payload);
    s.bytes[s.len++] = '.';
    add_letters(&s, n_signature);
    return run_check("jwt", &s);
}

static void test_check_jwt__tells_alg_and_date(void **state)
{
    ss_check_result r;

    (void)state;
    r = check_jwt("{\"alg\":\"HS256\"}", "{\"exp\":4102444800}", 43);
    CHECK_INT(r.is, SS_CHECK_PASS);
    CHECK_INT(r.evidence, SECSCAN_STRUCTURE);
    CHECK_STR(r.reason, "alg HS256, exp 2100-01-01");
    r = check_jwt("{\"alg\":\"RS256\"}", "{\"exp\":4102444800.5}", 342);
    CHECK_STR(r.reason, "alg RS256, exp 2100-01-01");
}

static void test_check_jwt__one_that_ended_is_over(void **state)
{
    ss_check_result r;

    (void)state;
    r = check_jwt("{\"alg\":\"HS256\"}", "{\"exp\":1704067200}", 43);
    CHECK_INT(r.is, SS_CHECK_OVER);
    CHECK_STR(r.reason, "alg HS256, expired 2024-01-01");
}

static void test_check_jwt__tells_issuer_and_role(void **state)
{
    (void)state;
    CHECK_STR(check_jwt("{\"alg\":\"HS256\"}",
                        "{\"iss\":\"supabase\",\"role\":\"service_role\"}", 43)
                  .reason,
              "alg HS256, iss supabase, role service_role");
    CHECK_STR(check_jwt("{\"alg\":\"RS256\"}",
                        "{\"iss\":\"https://login.acme.test/\"}", 342)
                  .reason,
              "alg RS256, iss https://login.acme.test/");
    CHECK_STR(check_jwt("{\"alg\":\"RS256\"}",
                        "{\"iss\":\"ann@acme.test \\u001b[31m\"}", 342)
                  .reason,
              "alg RS256");
}

static void test_check_jwt__date_out_of_range_is_left_out(void **state)
{
    (void)state;
    CHECK_STR(
        check_jwt("{\"alg\":\"HS256\"}", "{\"exp\":9223372036854775807}", 43)
            .reason,
        "alg HS256");
    CHECK_STR(check_jwt("{\"alg\":\"HS256\"}", "{\"exp\":-5}", 43).reason,
              "alg HS256");
}

static void test_check_jwt__header_has_to_be_json_with_alg(void **state)
{
    (void)state;
    CHECK_INT(check_jwt("{\"typ\":\"JWT\"}", "{}", 43).is, SS_CHECK_FAIL);
    CHECK_INT(check_jwt("[1]", "{}", 43).is, SS_CHECK_FAIL);
    CHECK_INT(check_jwt("not json", "{}", 43).is, SS_CHECK_FAIL);
    CHECK_INT(check_jwt("{\"typ\":\"TCV2\"}", "{}", 43).is, SS_CHECK_PASS);
}

static void test_check_jwt__what_cannot_be_told_is_unsure(void **state)
{
    (void)state;
    CHECK_INT(check_jwt("{\"alg\":\"HS256\"}", "no json", 43).is,
              SS_CHECK_UNSURE);
    CHECK_INT(check_jwt("{\"alg\":\"HS256\"}", "{}", 40).is, SS_CHECK_UNSURE);
    CHECK_STR(check_jwt("{\"alg\":\"<b>\"}", "{}", 43).reason, "alg not known");
    CHECK_INT(check_jwt("{\"alg\":\"HS256\"}", "{}", 19).is, SS_CHECK_NEVER);
}

static void test_check_jwt__unsigned_and_public_are_weak(void **state)
{
    (void)state;
    CHECK_INT(check_jwt("{\"alg\":\"none\"}", "{}", 0).is, SS_CHECK_WEAK);
    CHECK_INT(check_jwt("{\"alg\":\"HS256\"}",
                        "{\"iss\":\"supabase\",\"role\":\"anon\"}", 43)
                  .is,
              SS_CHECK_WEAK);
}

static void test_check_jwt__secret_below_32_characters_is_weak(void **state)
{
    sample s = {.len = 0};

    (void)state;
    add_letters(&s, 31);
    CHECK_INT(run_check("jwt-secret-length", &s).is, SS_CHECK_WEAK);
    add_letters(&s, 1);
    CHECK_INT(run_check("jwt-secret-length", &s).is, SS_CHECK_UNSURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_check_jwt__tells_alg_and_date),
        TEST(test_check_jwt__one_that_ended_is_over),
        TEST(test_check_jwt__tells_issuer_and_role),
        TEST(test_check_jwt__date_out_of_range_is_left_out),
        TEST(test_check_jwt__header_has_to_be_json_with_alg),
        TEST(test_check_jwt__what_cannot_be_told_is_unsure),
        TEST(test_check_jwt__unsigned_and_public_are_weak),
        TEST(test_check_jwt__secret_below_32_characters_is_weak),
    };

    return RUN(tests);
}
