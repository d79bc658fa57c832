#include "unit.h"

#include "source/delta.h"

static int apply(const char *base, const char *delta, size_t len, char *out)
{
    ss_delta d;
    int rc = ss_delta_open(&d, ss_bytes_of(delta, len), NULL);

    if (rc)
        return rc;
    CHECK(d.result_len < 64);
    memset(out, 0, 64);
    return ss_delta_apply(d, ss_bytes_str(base), (uint8_t *)out, NULL);
}

#define APPLY(base, delta, out) apply(base, delta, sizeof(delta) - 1, out)

static void test_delta__copies_and_inserts(void **state)
{
    char out[64];

    (void)state;
    /* base 6, result 9: copy 2 at 0, insert "xyz", copy 4 at 2 */
    CHECK_OK(APPLY("abcdef", "\6\x9\x90\2\3xyz\x91\2\4", out));
    CHECK_STR(out, "abxyzcdef");
}

static void test_delta__result_of_another_length_is_damage(void **state)
{
    char out[64];

    (void)state;
    CHECK_INT(APPLY("abcdef", "\6\3\x90\2", out), SECSCAN_ERR_CORRUPT);
    CHECK_INT(APPLY("abcdef", "\6\1\x90\2", out), SECSCAN_ERR_CORRUPT);
}

static void test_delta__copy_outside_the_base_is_damage(void **state)
{
    char out[64];

    (void)state;
    CHECK_INT(APPLY("abcdef", "\6\4\x91\3\4", out), SECSCAN_ERR_CORRUPT);
    CHECK_INT(APPLY("abcdef", "\6\4\x91\x7f\4", out), SECSCAN_ERR_CORRUPT);
}

static void test_delta__base_of_another_length_is_damage(void **state)
{
    char out[64];

    (void)state;
    CHECK_INT(APPLY("abcdefg", "\6\2\x90\2", out), SECSCAN_ERR_CORRUPT);
}

static void test_delta__cut_anywhere_is_damage(void **state)
{
    static const char whole[] = "\6\x9\x90\2\3xyz\x91\2\4";
    char out[64];

    (void)state;
    for (size_t len = 0; len < sizeof(whole) - 1; len++)
        CHECK_INT(apply("abcdef", whole, len, out), SECSCAN_ERR_CORRUPT);
}

static void test_delta__reserved_code_is_damage(void **state)
{
    char out[64];

    (void)state;
    CHECK_INT(APPLY("abcdef", "\6\1\0", out), SECSCAN_ERR_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_delta__copies_and_inserts),
        TEST(test_delta__result_of_another_length_is_damage),
        TEST(test_delta__copy_outside_the_base_is_damage),
        TEST(test_delta__base_of_another_length_is_damage),
        TEST(test_delta__cut_anywhere_is_damage),
        TEST(test_delta__reserved_code_is_damage),
    };

    return RUN(tests);
}
