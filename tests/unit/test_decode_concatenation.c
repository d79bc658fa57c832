#include "decode_case.h"

#define JOINED (&ss_decoder_concatenation)

/* Found at the first quote behind "ab". */
static int joins(const char *text, const char *encoded, const char *decoded)
{
    return decodes(JOINED, text, place_of(text, "ab") + 2, encoded, decoded);
}

static int joins_by(const char *joint)
{
    char text[700];

    snprintf(text, sizeof(text), "x = \"ab%scd\";", joint);
    return joins(text, joint, "");
}

static void test_decode_concatenation__operators_of_the_languages(void **state)
{
    (void)state;
    CHECK(joins_by("\" + \""));
    CHECK(joins_by("\"+\""));
    CHECK(joins_by("\" . \""));
    CHECK(joins_by("\"..\""));
    CHECK(joins_by("\" & \""));
    CHECK(joins_by("\" ~ \""));
    CHECK(joins_by("\" || \""));
    CHECK(joins_by("\" << \""));
    CHECK(joins_by("\" ++ \""));
    CHECK(joins("'ab' + 'cd'", "' + '", ""));
    CHECK(joins("`ab` + `cd`", "` + `", ""));
}

static void test_decode_concatenation__over_lines_and_comments(void **state)
{
    (void)state;
    CHECK(joins_by("\"\n    \""));
    CHECK(joins_by("\" \\\n    \""));
    CHECK(joins_by("\" +\r\n\t\""));
    CHECK(joins_by("\"\n  + \""));
    CHECK(joins_by("\" & _\n    \""));
    CHECK(joins_by("\" + // a comment\n  \""));
    CHECK(joins_by("\" # a comment\n  \""));
    CHECK(joins_by("\" .. -- a comment\n  \""));
}

static void test_decode_concatenation__adjacent_literals(void **state)
{
    (void)state;
    CHECK(joins_by("\" \""));
    CHECK(joins_by("\"\""));
}

static void test_decode_concatenation__chains_reach_to_the_last_part(void **st)
{
    (void)st;
    CHECK(joins("\"ab\" + \"c d\" +\n\"e\\\"f\" \"gh\" + i",
                "\" + \"c d\" +\n\"e\\\"f\" \"", "c de\\\"f"));
    CHECK(joins("'ab' + 'c\"d' + '' + 'e'", "' + '", ""));
    CHECK(joins("'ab' + 'cd', 'e'", "' + '", ""));
    CHECK(joins("'ab' + 'cd\n' + 'e'", "' + '", ""));
}

static void
test_decode_concatenation__lists_and_other_quotes_are_plain(void **s)
{
    (void)s;
    CHECK(!joins_by("\", \""));
    CHECK(!joins_by("\" + '"));
    CHECK(!joins_by("\" - \""));
    CHECK(!joins_by("\" + x + \""));
    CHECK(!joins_by("\" && \""));
    CHECK(!joins_by("\" | \""));
    CHECK(!joins_by("` `"));
}

static void test_decode_concatenation__empty_parts_are_plain(void **state)
{
    (void)state;
    CHECK(is_plain(JOINED, "f(\"\" + \"ab\")", 2));
    CHECK(is_plain(JOINED, "\"\" + \"ab\"", 0));
    CHECK(is_plain(JOINED, "\"ab\" + \"\"", 3));
    CHECK(is_plain(JOINED, "\"ab\" + \"", 3));
    CHECK(is_plain(JOINED, "\"\"\"ab", 1));
    CHECK(is_plain(JOINED, "ab\"\"\"", 2));
    CHECK(is_plain(JOINED, "return b''.join(x)", 8));
}

static void test_decode_concatenation__literals_around_are_plain(void **state)
{
    (void)state;
    CHECK(is_plain(JOINED, "'some ' 'words'", 6));
    CHECK(is_plain(JOINED, "'some' ' words'", 5));
    CHECK(is_plain(JOINED, "('+', '+')", 3));
    CHECK(is_plain(JOINED, "\"a line\\n\"\n\"and another one of them\"", 9));
    CHECK(is_plain(JOINED, "'it''', 'x'", 3));
}

static void test_decode_concatenation__lines_of_a_key_are_joined(void **state)
{
    (void)state;
    CHECK(decodes(JOINED, "\"ab\\n\"\n\"0123456789abcdef\"", 5, "\"\n\"", ""));
}

static void test_decode_concatenation__a_prefix_before_low_is_unknown(void **s)
{
    ss_bytes text = ss_bytes_str(" b\"\"ab\"");

    (void)s;
    CHECK(!decodes_bytes(JOINED, text, 0, 2, ss_bytes_str("\"\""),
                         ss_bytes_str("")));
    CHECK(decodes_bytes(JOINED, text, 2, 2, ss_bytes_str("\"\""),
                        ss_bytes_str("")));
}

static void test_decode_concatenation__a_wide_joint_is_none(void **state)
{
    char joint[700];

    (void)state;
    memset(joint, ' ', sizeof(joint));
    joint[0] = '"';
    joint[511] = '"';
    joint[512] = '\0';
    CHECK(joins_by(joint));
    joint[511] = ' ';
    joint[512] = '"';
    joint[513] = '\0';
    CHECK(!joins_by(joint));
}

static void test_decode_concatenation__places_are_in_the_parts(void **state)
{
    ss_bytes in = ss_bytes_str("\" + \"cd\" \"ef\"\"");
    const size_t places[] = {5, 6, 10, 11, 14};

    (void)state;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        CHECK_INT(JOINED->locate(in, i), places[i]);
    CHECK_INT(JOINED->locate(ss_bytes_str("\"+\""), 0), 3);
}

static void test_decode_concatenation__what_is_no_joint_is_copied(void **state)
{
    ss_bytes in = ss_bytes_str("\"+x\n\"\n'\" \"y\n");
    ss_buf out = SS_BUF_INIT(100);

    (void)state;
    CHECK_OK(JOINED->decode(in, &out));
    CHECK_BYTES(ss_buf_bytes(&out), "\"+x\n\"\n'y\n");
    check_places(JOINED, in, out.len);
    ss_buf_release(&out);
}

static void test_decode_concatenation__any_cut_is_within(void **state)
{
    (void)state;
    check_every_cut(JOINED, ss_bytes_str("\"ab\" + // c\n \"cd\" + \"ef\""), 3);
}

static void test_decode_concatenation__a_full_buffer_is_an_error(void **state)
{
    (void)state;
    check_full(JOINED, ss_bytes_str("\"+\"ab\"+\""), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_decode_concatenation__operators_of_the_languages),
        TEST(test_decode_concatenation__over_lines_and_comments),
        TEST(test_decode_concatenation__adjacent_literals),
        TEST(test_decode_concatenation__chains_reach_to_the_last_part),
        TEST(test_decode_concatenation__lists_and_other_quotes_are_plain),
        TEST(test_decode_concatenation__empty_parts_are_plain),
        TEST(test_decode_concatenation__literals_around_are_plain),
        TEST(test_decode_concatenation__lines_of_a_key_are_joined),
        TEST(test_decode_concatenation__a_prefix_before_low_is_unknown),
        TEST(test_decode_concatenation__a_wide_joint_is_none),
        TEST(test_decode_concatenation__places_are_in_the_parts),
        TEST(test_decode_concatenation__what_is_no_joint_is_copied),
        TEST(test_decode_concatenation__any_cut_is_within),
        TEST(test_decode_concatenation__a_full_buffer_is_an_error),
    };

    return RUN(tests);
}
