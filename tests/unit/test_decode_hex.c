#include "decode_case.h"

#define HEX (&ss_decoder_hex)
#define TEXT "It is a truth."

static const char *hex_of(ss_bytes in, int is_upper)
{
    static char hex[1024];

    CHECK(in.len * 2 < sizeof(hex));
    for (size_t i = 0; i < in.len; i++)
        snprintf(hex + 2 * i, 3, is_upper ? "%02X" : "%02x", in.data[i]);
    return hex;
}

static int found(const char *before, ss_bytes decoded, const char *behind,
                 size_t at, int is_upper)
{
    const char *hex = hex_of(decoded, is_upper);
    char text[2048];

    snprintf(text, sizeof(text), "%s%s%s", before, hex, behind);
    return decodes_bytes(HEX, ss_bytes_str(text), 0, at, ss_bytes_str(hex),
                         decoded);
}

static void test_decode_hex__text_in_either_case(void **state)
{
    ss_bytes text = ss_bytes_str(TEXT);

    (void)state;
    CHECK(found("", text, "", 0, 0));
    CHECK(found("'", text, "'", 1, 1));
    CHECK(found("0x", text, ",", 0, 0));
    CHECK(found("\\x", text, "'", 1, 0)); /* PostgreSQL's bytes */
    CHECK(found("KEY=", text, "\n", 0, 1));
    CHECK(found("a/b/", text, "/c", 0, 1));
    CHECK(found("\\n", text, "\\n", 1, 1));
}

static void test_decode_hex__utf16_and_magic_numbers(void **state)
{
    (void)state;
    CHECK(found("", ss_bytes_of("a\0b\0c\0d\0e\0f\0", 12), "", 0, 0));
    CHECK(
        found("", ss_bytes_of("\x1f\x8b\x08\0\0\0\0\0\0\3abc", 13), "", 0, 0));
    CHECK(found("", ss_bytes_of("\x30\x82\1\xa\2\x82\1\1\0\xff\xff\xff", 12),
                "", 0, 0));
}

static void test_decode_hex__no_part_of_a_longer_token(void **state)
{
    ss_bytes text = ss_bytes_str(TEXT);

    (void)state;
    CHECK(!found("", text, "x", 0, 0));
    CHECK(!found("", text, "_x", 0, 0));
    CHECK(!found("", text, "-4", 0, 0));
    CHECK(!found("", text, "4 ", 0, 0)); /* half a byte */
    CHECK(!found("g", text, "", 0, 0));
    CHECK(!found("", text, "4A4a", 0, 0)); /* of both cases */
}

static void test_decode_hex__short_ones_and_hashes_are_plain(void **state)
{
    char hash[] = "d41d8cd98f00b204e9800998ecf8427e";

    (void)state;
    CHECK(!found("", ss_bytes_of(TEXT, 11), "", 0, 0));
    CHECK(found("", ss_bytes_of(TEXT, 12), "", 0, 0));
    CHECK(is_plain(HEX, hash, 0));
    CHECK(!found("", ss_bytes_str("It is a truth\x01."), "", 0, 0));
    CHECK(!found("", ss_bytes_of("aaaaaaaaaaaaaaaaaaa\0", 20), "", 0, 0));
}

static void test_decode_hex__places_are_of_the_first_digit(void **state)
{
    ss_bytes in = ss_bytes_str(hex_of(ss_bytes_str(TEXT), 0));

    (void)state;
    for (size_t i = 0; i <= strlen(TEXT); i++) {
        CHECK_INT(HEX->locate(in, i), 2 * i);
        check_parts(HEX, in, i, ss_bytes_str(TEXT));
    }
}

static void test_decode_hex__more_text_may_follow(void **state)
{
    ss_bytes in = ss_bytes_str(hex_of(ss_bytes_str(TEXT), 0));
    ss_region region;

    (void)state;
    for (size_t len = 24; len <= in.len; len++) {
        CHECK(HEX->find((ss_bytes){in.data, len}, 0, 0, &region));
        CHECK_INT(region.to, len);
    }
    check_every_cut(HEX, in, 0);
}

static void test_decode_hex__a_long_one_is_cut_between_bytes(void **state)
{
    size_t len = SS_MAX_ENCODED + 99;
    char *text = malloc(len);
    ss_region region;

    (void)state;
    assert_non_null(text);
    memset(text, '4', len);
    CHECK(HEX->find(ss_bytes_of(text, len), 0, 0, &region));
    CHECK_INT(region.to, SS_MAX_ENCODED);
    free(text);
}

static void test_decode_hex__a_full_buffer_is_an_error(void **state)
{
    (void)state;
    check_full(HEX, ss_bytes_str(hex_of(ss_bytes_str(TEXT), 0)), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_decode_hex__text_in_either_case),
        TEST(test_decode_hex__utf16_and_magic_numbers),
        TEST(test_decode_hex__no_part_of_a_longer_token),
        TEST(test_decode_hex__short_ones_and_hashes_are_plain),
        TEST(test_decode_hex__places_are_of_the_first_digit),
        TEST(test_decode_hex__more_text_may_follow),
        TEST(test_decode_hex__a_long_one_is_cut_between_bytes),
        TEST(test_decode_hex__a_full_buffer_is_an_error),
    };

    return RUN(tests);
}
