#include "decode_case.h"

#define PERCENT (&ss_decoder_percent)

static void test_decode_percent__a_region_reaches_to_the_last_escape(void **s)
{
    const char *text = "x=a%2Bb%20c%2fd&y=1";

    (void)s;
    CHECK(decodes(PERCENT, text, 3, "%2Bb%20c%2f", "+b c/"));
    CHECK(decodes(PERCENT, "%3d", 0, "%3d", "=") == 0);
    CHECK(decodes(PERCENT, "a%3d", 1, "%3d", "="));
    CHECK(decodes(PERCENT, "%41%42", 0, "%41%42", "AB"));
}

static void
test_decode_percent__bytes_are_raw_and_broken_escapes_plain(void **s)
{
    (void)s;
    CHECK(decodes(PERCENT, "a%3D%ff%zz%4%3Db", 1, "%3D%ff%zz%4%3D",
                  "=\xff%zz%4="));
}

static void test_decode_percent__formats_of_printf_are_plain(void **s)
{
    (void)s;
    CHECK(is_plain(PERCENT, "(\"%5d\")", 2));
    CHECK(is_plain(PERCENT, "100%20x", 3)); /* a blank */
    CHECK(is_plain(PERCENT, "a%02d", 1));   /* a control character */
    CHECK(is_plain(PERCENT, "a%4", 1));
    CHECK(is_plain(PERCENT, "a%", 1));
}

static void test_decode_percent__brackets_do_not_begin_a_region(void **s)
{
    (void)s;
    CHECK(is_plain(PERCENT, "impl-From%3Cbool%3E", 9));
    CHECK(is_plain(PERCENT, "ids%5B%5D", 3));
    CHECK(is_plain(PERCENT, "ids%5B", 3));
    CHECK(is_plain(PERCENT, "a%2Cb", 1));
    CHECK(decodes(PERCENT, "a%2Fb%5D,", 1, "%2Fb%5D", "/b]"));
    CHECK(decodes(PERCENT, "user%5Bname%5D=x", 4, "%5Bname%5D", "[name]"));
}

static void test_decode_percent__a_line_end_and_a_wide_gap_end_it(void **s)
{
    char text[300];

    (void)s;
    CHECK(decodes(PERCENT, "a%2Bb\nc%2Bd", 1, "%2B", "+"));
    CHECK(decodes(PERCENT, "a%2Bb\\\nc%2Bd", 1, "%2Bb\\\nc%2B", "+b\\\nc+"));
    CHECK(decodes(PERCENT, "a%2Bb\\\r\nc%2Bd", 1, "%2Bb\\\r\nc%2B",
                  "+b\\\r\nc+"));
    snprintf(text, sizeof(text), "a%%2B%0127d%%2B", 0);
    CHECK_INT(strlen(text), 134);
    CHECK(!is_plain(PERCENT, text, 1));
    CHECK(decodes(PERCENT, text, 131, "%2B", "+"));
    snprintf(text, sizeof(text), "a%%2B%0128d%%2B", 0);
    CHECK(decodes(PERCENT, text, 1, "%2B", "+"));
}

static void test_decode_percent__places_are_of_the_escape(void **s)
{
    ss_bytes in = ss_bytes_str("%2Bb%2f");

    (void)s;
    CHECK_INT(PERCENT->locate(in, 0), 0);
    CHECK_INT(PERCENT->locate(in, 1), 3);
    CHECK_INT(PERCENT->locate(in, 2), 4);
    CHECK_INT(PERCENT->locate(in, 3), 7);
    for (size_t cut = 0; cut <= 3; cut++)
        check_parts(PERCENT, in, cut, ss_bytes_str("+b/"));
}

static void test_decode_percent__any_cut_is_within(void **s)
{
    (void)s;
    check_every_cut(PERCENT, ss_bytes_str("a%2Bb%20c%2fd"), 1);
}

static void test_decode_percent__a_full_buffer_is_an_error(void **state)
{
    (void)state;
    check_full(PERCENT, ss_bytes_str("%41b%42"), 1);
    check_full(PERCENT, ss_bytes_str("%41b%42"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_decode_percent__a_region_reaches_to_the_last_escape),
        TEST(test_decode_percent__bytes_are_raw_and_broken_escapes_plain),
        TEST(test_decode_percent__formats_of_printf_are_plain),
        TEST(test_decode_percent__brackets_do_not_begin_a_region),
        TEST(test_decode_percent__a_line_end_and_a_wide_gap_end_it),
        TEST(test_decode_percent__places_are_of_the_escape),
        TEST(test_decode_percent__any_cut_is_within),
        TEST(test_decode_percent__a_full_buffer_is_an_error),
    };

    return RUN(tests);
}
