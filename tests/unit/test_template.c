#include "unit.h"

#include "rules/template.h"
#include "scan/check.h"

static ss_buf out = SS_BUF_INIT(1 << 20);

static ss_bytes expand(const char *text, uint64_t seed)
{
    ss_buf_reset(&out);
    CHECK_OK(ss_template_expand(&out, ss_bytes_str(text), seed));
    return ss_buf_bytes(&out);
}

static void test_template__text_is_literal(void **state)
{
    (void)state;
    CHECK_BYTES(expand("a ${X} {foo:3} {} {\"a\": 1} }{", 1),
                "a ${X} {foo:3} {} {\"a\": 1} }{");
    CHECK_BYTES(expand("{{hex:4} {{{{ x }}", 1), "{hex:4} {{ x }}");
    CHECK_BYTES(expand("{repeat:ab:3}{base62:}{base62:x}{pass:3}", 1),
                "{repeat:ab:3}{base62:}{base62:x}{pass:3}");
}

static void test_template__placeholders_have_their_length(void **state)
{
    (void)state;
    CHECK_INT(expand("{base62:30}", 1).len, 30);
    CHECK_INT(expand("{lower:0}", 1).len, 0);
    CHECK_BYTES(expand("{repeat:x:3}", 1), "xxx");
    CHECK_INT(expand("{uuid}", 1).len, 36);
    CHECK_INT(expand("{\"a\": \"{hex:8}\"}", 1).len, 17);
    CHECK_INT(expand("{base62:99999}", 1).len, 14); /* too many: literal */
}

static void test_template__same_seed_same_bytes(void **state)
{
    char first[65];

    (void)state;
    memcpy(first, expand("{hex:64}", 7).data, 64);
    first[64] = '\0';
    CHECK_BYTES(expand("{hex:64}", 7), first);
    CHECK(!ss_bytes_equal(expand("{hex:64}", 8), ss_bytes_str(first)));
}

static void test_template__checksums_are_of_what_stands_before(void **state)
{
    ss_bytes s;
    char digits[7] = "";

    (void)state;
    s = expand("x_{base62:30}{crc32}", 3);
    ss_base62(digits, 6, ss_crc32(ss_bytes_of(s.data + 2, 30)));
    CHECK(memcmp(s.data + 32, digits, 6) == 0);
    s = expand("{hex:4}_{crc32hex}", 3);
    CHECK_INT(s.len, 13);
}

static void test_template__base64_takes_placeholders(void **state)
{
    (void)state;
    CHECK_BYTES(expand("{b64:user:{repeat:x:3}}", 1), "dXNlcjp4eHg=");
    CHECK_BYTES(expand("{b64:{b64:a}}", 1), "WVE9PQ==");
    /* Nested deeper than four, it is literal. */
    CHECK(expand("{b64:{b64:{b64:{b64:{b64:{b64:a}}}}}}", 1).len > 8);
}

static void test_template__passwords_have_all_kinds(void **state)
{
    ss_bytes s = expand("{pass:12}", 5);
    int kinds = 0;

    (void)state;
    for (size_t i = 0; i < s.len; i++) {
        kinds |= ss_is_digit(s.data[i]) ? 1 : 0;
        kinds |= s.data[i] >= 'a' && s.data[i] <= 'z' ? 2 : 0;
        kinds |= s.data[i] >= 'A' && s.data[i] <= 'Z' ? 4 : 0;
        kinds |= strchr("!@%^*-_", s.data[i]) ? 8 : 0;
    }
    CHECK_INT(kinds, 15);
    CHECK(ss_is_alpha(s.data[0]));
}

static void test_template__output_has_a_bound(void **state)
{
    ss_buf small = SS_BUF_INIT(100);

    (void)state;
    CHECK(ss_template_expand(&small, ss_bytes_str("{hex:60000}"), 1));
    ss_buf_release(&small);
}

static int release(void **state)
{
    (void)state;
    ss_buf_release(&out);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_template__text_is_literal),
        TEST(test_template__placeholders_have_their_length),
        TEST(test_template__same_seed_same_bytes),
        TEST(test_template__checksums_are_of_what_stands_before),
        TEST(test_template__base64_takes_placeholders),
        TEST(test_template__passwords_have_all_kinds),
        TEST(test_template__output_has_a_bound),
    };

    return cmocka_run_group_tests(tests, NULL, release);
}
