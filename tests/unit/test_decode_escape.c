#include "decode_case.h"

#define ESCAPE (&ss_decoder_escape)

static void test_decode_escape__every_way_to_write_a_number(void **s)
{
    (void)s;
    CHECK(decodes(ESCAPE, "\\u0041", 0, "\\u0041", "A"));
    CHECK(decodes(ESCAPE, "\\u{41}", 0, "\\u{41}", "A"));
    CHECK(decodes(ESCAPE, "\\u{000041}", 0, "\\u{000041}", "A"));
    CHECK(decodes(ESCAPE, "\\U00000041", 0, "\\U00000041", "A"));
    CHECK(decodes(ESCAPE, "\\x41", 0, "\\x41", "A"));
    CHECK(decodes(ESCAPE, "\\X41", 0, "\\X41", "A"));
    CHECK(decodes(ESCAPE, "\\x{41}", 0, "\\x{41}", "A"));
    CHECK(decodes(ESCAPE, "\\101", 0, "\\101", "A"));
}

static void test_decode_escape__other_characters_become_utf8(void **s)
{
    (void)s;
    CHECK(decodes(ESCAPE, "\\x41\\u00e9\\x42", 0, "\\x41\\u00e9\\x42",
                  "A\xc3\xa9"
                  "B"));
    CHECK(decodes(ESCAPE, "\\x41\\ud83d\\ude00\\x42", 0,
                  "\\x41\\ud83d\\ude00\\x42",
                  "A\xf0\x9f\x98\x80"
                  "B"));
    CHECK(decodes(ESCAPE, "\\x41\\ud83dx\\x42", 0, "\\x41\\ud83dx\\x42",
                  "A\xef\xbf\xbdxB"));
    CHECK(decodes(ESCAPE, "\\x41\\U0001F600\\x42", 0, "\\x41\\U0001F600\\x42",
                  "A\xf0\x9f\x98\x80"
                  "B"));
}

static void test_decode_escape__bytes_are_raw(void **s)
{
    (void)s;
    CHECK(decodes(ESCAPE, "\\x41\\xff\\377\\x42", 0, "\\x41\\xff\\377\\x42",
                  "A\xff\xff"
                  "B"));
}

static void test_decode_escape__simple_escapes_between_are_resolved(void **s)
{
    (void)s;
    CHECK(decodes(ESCAPE, "\\u003d\\n\\t\\r\\\"\\'\\/\\\\z\\q\\u003d", 0,
                  "\\u003d\\n\\t\\r\\\"\\'\\/\\\\z\\q\\u003d",
                  "=\n\t\r\"'/\\z\\q="));
}

static void test_decode_escape__an_escaped_escape_loses_one_backslash(void **s)
{
    (void)s;
    CHECK(decodes(ESCAPE, "a\\\\u003db", 2, "\\\\", "\\"));
    CHECK(decodes(ESCAPE, "a\\\\\\u003db", 3, "\\u003d", "="));
    CHECK(decodes(ESCAPE, "a\\\\\\\\u003db", 4, "\\\\", "\\"));
    CHECK(decodes(ESCAPE, "\\\\x41\\\\x42c", 1, "\\\\x41\\\\", "\\x41\\"));
}

static void test_decode_escape__nothing_before_low_is_taken(void **s)
{
    ss_bytes text = ss_bytes_str("\\\\u003d");

    (void)s;
    CHECK(decodes_bytes(ESCAPE, text, 1, 1, ss_bytes_str("\\u003d"),
                        ss_bytes_str("=")));
}

static void test_decode_escape__what_is_not_printable_is_plain(void **s)
{
    (void)s;
    CHECK(is_plain(ESCAPE, "\\033[0m", 0));
    CHECK(is_plain(ESCAPE, "\\u0020", 0));
    CHECK(is_plain(ESCAPE, "\\u00e9", 0));
    CHECK(is_plain(ESCAPE, "\\1", 0));
    CHECK(is_plain(ESCAPE, "\\0", 0));
    CHECK(is_plain(ESCAPE, "\\501", 0)); /* more than a byte */
    CHECK(is_plain(ESCAPE, "\\users", 0));
    CHECK(is_plain(ESCAPE, "\\u{110041}", 0));
    CHECK(is_plain(ESCAPE, "\\u{}", 0));
    CHECK(is_plain(ESCAPE, "\\u{41", 0));
    CHECK(is_plain(ESCAPE, "\\x4", 0));
    CHECK(is_plain(ESCAPE, "\\", 0));
}

static void test_decode_escape__places_are_of_the_escape(void **s)
{
    ss_bytes in = ss_bytes_str("\\x41b\\u00e9\\n\\101");
    const char *whole = "Ab\xc3\xa9\nA";
    const size_t places[] = {0, 4, 5, 5, 11, 13, 17};

    (void)s;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        CHECK_INT(ESCAPE->locate(in, i), places[i]);
    check_parts(ESCAPE, in, 1, ss_bytes_str(whole));
    check_parts(ESCAPE, in, 2, ss_bytes_str(whole));
    check_parts(ESCAPE, in, 5, ss_bytes_str(whole));
}

static void test_decode_escape__any_cut_is_within(void **s)
{
    (void)s;
    check_every_cut(ESCAPE,
                    ss_bytes_str("\\x41\\ud83d\\ude00\\u{41}\\101\\n\\x42"), 0);
}

static void test_decode_escape__a_full_buffer_is_an_error(void **state)
{
    (void)state;
    check_full(ESCAPE, ss_bytes_str("\\x41b\\x42"), 1);
    check_full(ESCAPE, ss_bytes_str("\\x41b\\x42"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_decode_escape__every_way_to_write_a_number),
        TEST(test_decode_escape__other_characters_become_utf8),
        TEST(test_decode_escape__bytes_are_raw),
        TEST(test_decode_escape__simple_escapes_between_are_resolved),
        TEST(test_decode_escape__an_escaped_escape_loses_one_backslash),
        TEST(test_decode_escape__nothing_before_low_is_taken),
        TEST(test_decode_escape__what_is_not_printable_is_plain),
        TEST(test_decode_escape__places_are_of_the_escape),
        TEST(test_decode_escape__any_cut_is_within),
        TEST(test_decode_escape__a_full_buffer_is_an_error),
    };

    return RUN(tests);
}
