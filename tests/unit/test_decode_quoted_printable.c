#include "decode_case.h"

#define QUOTED (&ss_decoder_quoted_printable)

/* 40 bytes of a line. */
#define LINE "0123456789abcdefghij0123456789abcdefghij"

static void test_decode_quoted_printable__bytes_and_soft_breaks(void **s)
{
    (void)s;
    CHECK(decodes(QUOTED, "a=3Db=20c=C3=A9=2Fd", 1, "=3Db=20c=C3=A9=2F",
                  "=b c\xc3\xa9/"));
    CHECK(decodes(QUOTED, "a=41=42", 1, "=41=42", "AB"));
    CHECK(decodes(QUOTED, LINE "=\nb=3Dc", 40, "=\nb=3D", "b="));
    CHECK(decodes(QUOTED, LINE "=\r\nb", 40, "=\r\n", ""));
    CHECK(decodes(QUOTED, LINE "= \t\nb", 40, "= \t\n", ""));
    CHECK(decodes(QUOTED, "a=3D" LINE "=\n" LINE "=\nb", 1,
                  "=3D" LINE "=\n" LINE "=\n", "=" LINE LINE));
}

static void test_decode_quoted_printable__a_hard_line_end_ends_it(void **s)
{
    (void)s;
    CHECK(decodes(QUOTED, "a=3Db\nc=3Dd", 1, "=3D", "="));
}

static void test_decode_quoted_printable__assignments_are_plain(void **s)
{
    (void)s;
    CHECK(is_plain(QUOTED, "width=40)", 5));
    CHECK(is_plain(QUOTED, "size=4096", 4));
    CHECK(is_plain(QUOTED, "x=AB", 1));
    CHECK(is_plain(QUOTED, "x=3d", 1));  /* capitals alone */
    CHECK(is_plain(QUOTED, "x=20y", 1)); /* a blank */
    CHECK(is_plain(QUOTED, "x=3", 1));
    CHECK(is_plain(QUOTED, "x=", 1));
}

static void test_decode_quoted_printable__empty_settings_are_plain(void **s)
{
    (void)s;
    CHECK(is_plain(QUOTED, "KEY=\nOTHER=1", 3));
    CHECK(is_plain(QUOTED, "a\nKEY=\nOTHER=1", 5));
    CHECK(is_plain(QUOTED, LINE "=\n\nb", 40));
    CHECK(is_plain(QUOTED, LINE "=\n-----END", 40));
    CHECK(is_plain(QUOTED, LINE " =\nb", 41));
    CHECK(is_plain(QUOTED, LINE "=\n", 40));
}

static void test_decode_quoted_printable__a_hidden_line_may_be_long(void **s)
{
    ss_bytes text = ss_bytes_str("0123=\nb");

    (void)s;
    CHECK(decodes_bytes(QUOTED, text, 2, 4, ss_bytes_str("=\n"),
                        ss_bytes_str("")));
}

static void test_decode_quoted_printable__places_are_of_the_escape(void **s)
{
    ss_bytes in = ss_bytes_str("=3Db=\nc=2F");
    const size_t places[] = {0, 3, 6, 7, 10};

    (void)s;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        CHECK_INT(QUOTED->locate(in, i), places[i]);
    for (size_t cut = 0; cut <= 4; cut++)
        check_parts(QUOTED, in, cut, ss_bytes_str("=bc/"));
}

static void test_decode_quoted_printable__any_cut_is_within(void **s)
{
    (void)s;
    check_every_cut(QUOTED, ss_bytes_str(LINE "=\r\nb=3Dc=\nd"), 40);
    check_every_cut(QUOTED, ss_bytes_str("a=3Db=20c=C3=A9=2Fd"), 1);
}

static void
test_decode_quoted_printable__a_full_buffer_is_an_error(void **state)
{
    (void)state;
    check_full(QUOTED, ss_bytes_str("=41b=42"), 1);
    check_full(QUOTED, ss_bytes_str("=41b=42"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_decode_quoted_printable__bytes_and_soft_breaks),
        TEST(test_decode_quoted_printable__a_hard_line_end_ends_it),
        TEST(test_decode_quoted_printable__assignments_are_plain),
        TEST(test_decode_quoted_printable__empty_settings_are_plain),
        TEST(test_decode_quoted_printable__a_hidden_line_may_be_long),
        TEST(test_decode_quoted_printable__places_are_of_the_escape),
        TEST(test_decode_quoted_printable__any_cut_is_within),
        TEST(test_decode_quoted_printable__a_full_buffer_is_an_error),
    };

    return RUN(tests);
}
