#include "unit.h"

#include "base/options.h"

typedef struct small {
    size_t size;
    uint64_t a;
} small;

typedef struct large {
    size_t size;
    uint64_t a, b;
} large;

static void test_options__null_is_all_defaults(void **state)
{
    small dst = {1, 2};

    (void)state;
    CHECK_OK(ss_options_copy(&dst, sizeof(dst), NULL, NULL));
    CHECK_INT(dst.a, 0);
}

static void test_options__older_callers_tail_reads_as_zero(void **state)
{
    small src = {sizeof(src), 7};
    large dst;

    (void)state;
    CHECK_OK(ss_options_copy(&dst, sizeof(dst), &src, NULL));
    CHECK_INT(dst.a, 7);
    CHECK_INT(dst.b, 0);
}

static void test_options__unknown_option_is_an_error_not_ignored(void **state)
{
    large src = {sizeof(src), 7, 0};
    small dst;
    secscan_error err;

    (void)state;
    CHECK_OK(ss_options_copy(&dst, sizeof(dst), &src, &err));
    src.b = 1;
    CHECK_INT(ss_options_copy(&dst, sizeof(dst), &src, &err),
              SECSCAN_ERR_ARG);
}

static void test_options__unset_size_is_an_error(void **state)
{
    small src = {0, 7};
    small dst;
    secscan_error err;

    (void)state;
    CHECK_INT(ss_options_copy(&dst, sizeof(dst), &src, &err),
              SECSCAN_ERR_ARG);
}

/* Nothing is read behind the struct. */
static void test_options__a_size_of_no_version_is_an_error(void **state)
{
    small src = {SIZE_MAX, 7};
    small dst;

    (void)state;
    CHECK_INT(ss_options_copy(&dst, sizeof(dst), &src, NULL), SECSCAN_ERR_ARG);
    src.size = (size_t)1 << 20;
    CHECK_INT(ss_options_copy(&dst, sizeof(dst), &src, NULL), SECSCAN_ERR_ARG);
}

static void test_options__a_list_has_what_it_says(void **state)
{
    const char *const list[] = {"a", NULL};

    (void)state;
    CHECK_OK(ss_options_list(NULL, 0, "list", NULL));
    CHECK_OK(ss_options_list(list, 1, "list", NULL));
    CHECK_INT(ss_options_list(list, 2, "list", NULL), SECSCAN_ERR_ARG);
    CHECK_INT(ss_options_list(NULL, 1, "list", NULL), SECSCAN_ERR_ARG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_options__null_is_all_defaults),
        TEST(test_options__older_callers_tail_reads_as_zero),
        TEST(test_options__unknown_option_is_an_error_not_ignored),
        TEST(test_options__unset_size_is_an_error),
        TEST(test_options__a_size_of_no_version_is_an_error),
        TEST(test_options__a_list_has_what_it_says),
    };

    return RUN(tests);
}
