#include "unit.h"

#include "report/mask.h"

#include <stdio.h>

static ss_mask mask;
static ss_buf masked = SS_BUF_INIT(1u << 24);

static int set_up(void **state)
{
    (void)state;
    ss_mask_init(&mask);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ss_mask_release(&mask);
    ss_buf_release(&masked);
    return 0;
}

static void add(const char *value, size_t prefix)
{
    CHECK_OK(ss_mask_add(&mask, ss_bytes_str(value), prefix));
}

static void check_text(const char *text, const char *expected)
{
    ss_buf_reset(&masked);
    CHECK_OK(ss_mask_text(&masked, &mask, ss_bytes_str(text)));
    CHECK_BYTES(ss_buf_bytes(&masked), expected);
}

/* `secret` is found in the line; what it becomes, and where, is checked. */
static void check_line(const char *line, const char *secret, size_t prefix,
                       const char *expected, const char *form)
{
    ss_mask_place place = {ss_bytes_str(secret), 0, prefix, 0, 0};

    place.at = (size_t)(strstr(line, secret) - line);
    ss_buf_reset(&masked);
    CHECK_OK(ss_mask_line(&masked, &mask, ss_bytes_str(line), &place));
    CHECK_BYTES(ss_buf_bytes(&masked), expected);
    CHECK_BYTES(ss_bytes_of(masked.data + place.from, place.to - place.from),
                form);
}

static void test_mask__a_value_is_masked_wherever_it_stands(void **state)
{
    (void)state;
    add("abcdefghij", 0);
    CHECK_OK(ss_mask_seal(&mask));
    check_text("abcdefghij", "********");
    check_text("x/abcdefghij/y abcdefghij", "x/********/y ********");
    check_text("abcdefghi", "abcdefghi");
    check_text("", "");
}

static void test_mask__the_public_prefix_is_shown(void **state)
{
    (void)state;
    add("pre_0123456789", 4);
    CHECK_OK(ss_mask_seal(&mask));
    check_text("a pre_0123456789 b", "a pre_******** b");
}

static void test_mask__a_prefix_that_is_everything_shows_nothing(void **state)
{
    (void)state;
    add("abcdefghij", 10);
    CHECK_OK(ss_mask_seal(&mask));
    check_text("abcdefghij", "********");
}

static void test_mask__the_longest_of_nested_values_wins(void **state)
{
    (void)state;
    add("abcdefgh", 0);
    add("abcdefghij", 0);
    add("abcdefghijkl", 0);
    add("abcdefghzz", 0);
    CHECK_OK(ss_mask_seal(&mask));
    check_text("<abcdefghijkl>", "<********>");
    check_text("<abcdefghijk>", "<********k>");
    check_text("<abcdefghzzz>", "<********z>");
    check_text("<abcdefghi>", "<********i>");
}

static void test_mask__overlapping_values_hide_both(void **state)
{
    (void)state;
    add("aaaabbbbcccc", 6);
    add("bbccccdddd", 0);
    CHECK_OK(ss_mask_seal(&mask));
    check_text("-aaaabbbbccccdddd-", "-aaaabb********-");
}

static void test_mask__a_value_inside_a_prefix_ends_the_prefix(void **state)
{
    (void)state;
    add("aaaabbbbbbbbcccc", 12);
    add("bbbbbbbb", 0);
    CHECK_OK(ss_mask_seal(&mask));
    check_text("aaaabbbbbbbbcccc", "aaaa********");
}

static void test_mask__values_side_by_side_are_both_masked(void **state)
{
    (void)state;
    add("abcdefgh", 0);
    CHECK_OK(ss_mask_seal(&mask));
    check_text("abcdefghabcdefgh", "****************");
}

static void test_mask__short_values_hide_in_lines_only(void **state)
{
    (void)state;
    add("hunt7", 0);
    add("abcdefgh", 0);
    CHECK_OK(ss_mask_seal(&mask));
    check_text("path/hunt7.c", "path/hunt7.c");
    check_line("p = abcdefgh # hunt7", "abcdefgh", 0, "p = ******** # ********",
               "********");
}

static void test_mask__tiny_values_hide_in_their_own_line(void **state)
{
    (void)state;
    add("zq", 0);
    CHECK_OK(ss_mask_seal(&mask));
    check_line("p = zq", "zq", 0, "p = ********", "********");
}

static void test_mask__a_decoded_secret_is_hidden_by_its_place(void **state)
{
    ss_mask_place place = {ss_bytes_str("AAAAAAAAAA"), 2, 0, 0, 0};

    (void)state;
    CHECK_OK(ss_mask_seal(&mask));
    CHECK_OK(
        ss_mask_line(&masked, &mask, ss_bytes_str("x=0123456789;"), &place));
    CHECK_BYTES(ss_buf_bytes(&masked), "x=********;");
}

static void test_mask__a_secret_cut_by_the_excerpt_is_hidden(void **state)
{
    char line[700];
    ss_mask_place place = {{NULL, 0}, 0, 0, 0, 0};

    (void)state;
    add("0123456789abcdef", 0);
    CHECK_OK(ss_mask_seal(&mask));
    memset(line, '.', sizeof(line));
    memcpy(line, "56789abcdef", 11);
    memcpy(line + sizeof(line) - 9, "012345678", 9);
    CHECK_OK(
        ss_mask_line(&masked, &mask, ss_bytes_of(line, sizeof(line)), &place));
    CHECK(ss_bytes_starts(ss_buf_bytes(&masked), "********.."));
    CHECK_INT(masked.len, 8 + (700 - 20) + 8);
    CHECK_BYTES(ss_bytes_of(masked.data + masked.len - 10, 10), "..********");
}

static void test_mask__lines_of_a_block_are_hidden_alone(void **state)
{
    (void)state;
    add("-----HEAD-----\nabcdefghijklmnop\r\nABCDEFGHIJKLMNOP\n-----END-----",
        0);
    CHECK_OK(ss_mask_seal(&mask));
    check_text("x abcdefghijklmnop y", "x ******** y");
    check_text("ABCDEFGHIJKLMNOP", "********");
    check_text("-----HEAD-----", "-----HEAD-----");
}

/* Masking ten thousand values that share a long prefix, in as many lines: the
 * naive ways take minutes, so that a time limit is no matter of luck. */
static void test_mask__ten_thousand_values_are_quick(void **state)
{
    static char values[10000][40];

    (void)state;
    for (int i = 0; i < 10000; i++) {
        snprintf(values[i], sizeof(values[i]), "same-long-prefix-%08d-%08d",
                 i * 7919 % 100000, i);
        add(values[i], 0);
    }
    CHECK_OK(ss_mask_seal(&mask));
    for (int i = 0; i < 10000; i++) {
        ss_buf_reset(&masked);
        CHECK_OK(ss_mask_text(&masked, &mask, ss_bytes_str(values[i])));
        CHECK_BYTES(ss_buf_bytes(&masked), "********");
    }
}

static uint32_t random_state = 1;

static uint32_t draw(uint32_t below)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (random_state >> 8) % below;
}

/* Letters a and b: values overlap and nest all the time. */
static size_t draw_text(char *out, size_t min, size_t spread)
{
    size_t len = min + draw((uint32_t)spread);

    for (size_t i = 0; i < len; i++)
        out[i] = (char)('a' + draw(2));
    out[len] = '\0';
    return len;
}

/* What masking means, done the slow way. */
static void mask_slowly(char *out, const char *text, char values[][16],
                        size_t n)
{
    size_t to = 0;
    int is_hidden = 0;

    for (size_t at = 0; text[at]; at++) {
        size_t longest = 0;

        for (size_t i = 0; i < n; i++) {
            size_t len = strlen(values[i]);

            if (len > longest && strncmp(text + at, values[i], len) == 0)
                longest = len;
        }
        if (at >= to)
            is_hidden = 0;
        if (longest && !is_hidden)
            out = stpcpy(out, "********");
        if (longest && at + longest > to)
            to = at + longest;
        is_hidden = is_hidden || longest;
        if (!is_hidden)
            *out++ = text[at];
    }
    *out = '\0';
}

static void test_mask__is_what_the_slow_way_says(void **state)
{
    char values[12][16], text[80], expected[700];

    (void)state;
    for (int round = 0; round < 2000; round++) {
        for (size_t i = 0; i < 12; i++) {
            draw_text(values[i], 8, 7);
            add(values[i], 0);
        }
        CHECK_OK(ss_mask_seal(&mask));
        draw_text(text, 20, 50);
        mask_slowly(expected, text, values, 12);
        check_text(text, expected);
        ss_mask_release(&mask);
        ss_mask_init(&mask);
    }
}

static void test_mask__out_of_memory_is_told(void **state)
{
    (void)state;
    for (unsigned long n = 1; n <= 3; n++) {
        int rc;

        ss_alloc_fail_at(n);
        rc = ss_mask_add(&mask, ss_bytes_str("abcdefghij"), 0);
        if (rc == 0)
            rc = ss_mask_seal(&mask);
        ss_alloc_fail_at(0);
        CHECK_INT(rc, -1);
        ss_mask_release(&mask);
        ss_mask_init(&mask);
    }
}

#define MASK_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MASK_TEST(test_mask__a_value_is_masked_wherever_it_stands),
        MASK_TEST(test_mask__the_public_prefix_is_shown),
        MASK_TEST(test_mask__a_prefix_that_is_everything_shows_nothing),
        MASK_TEST(test_mask__the_longest_of_nested_values_wins),
        MASK_TEST(test_mask__overlapping_values_hide_both),
        MASK_TEST(test_mask__a_value_inside_a_prefix_ends_the_prefix),
        MASK_TEST(test_mask__values_side_by_side_are_both_masked),
        MASK_TEST(test_mask__short_values_hide_in_lines_only),
        MASK_TEST(test_mask__tiny_values_hide_in_their_own_line),
        MASK_TEST(test_mask__a_decoded_secret_is_hidden_by_its_place),
        MASK_TEST(test_mask__a_secret_cut_by_the_excerpt_is_hidden),
        MASK_TEST(test_mask__lines_of_a_block_are_hidden_alone),
        MASK_TEST(test_mask__ten_thousand_values_are_quick),
        MASK_TEST(test_mask__is_what_the_slow_way_says),
        MASK_TEST(test_mask__out_of_memory_is_told),
    };

    return RUN(tests);
}
