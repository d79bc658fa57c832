#include "decode_case.h"

#define UTF16 (&ss_decoder_utf16)
#define UTF32 (&ss_decoder_utf32)
#define TEXT "a line\r\n\tof text"

typedef struct sample {
    uint8_t data[1024];
    size_t len;
} sample;

static void put_char(sample *s, uint32_t c, unsigned width, int is_big)
{
    CHECK(width <= sizeof(s->data) - s->len);
    for (unsigned i = 0; i < width; i++) {
        unsigned shift = 8 * (is_big ? width - 1 - i : i);

        s->data[s->len++] = (uint8_t)(c >> shift);
    }
}

static sample widen(const char *text, unsigned width, int is_big)
{
    sample s = {.len = 0};

    for (; *text; text++)
        put_char(&s, (uint8_t)*text, width, is_big);
    return s;
}

static ss_bytes bytes_of(const sample *s)
{
    return ss_bytes_of(s->data, s->len);
}

/* `inner` between other bytes is found when the eye falls on `at` of it, and
 * it is TEXT. */
static int found(const ss_decoder *d, ss_bytes before, const sample *inner,
                 ss_bytes behind, size_t at)
{
    sample s = {.len = 0};

    memcpy(s.data, before.data, before.len);
    memcpy(s.data + before.len, inner->data, inner->len);
    memcpy(s.data + before.len + inner->len, behind.data, behind.len);
    s.len = before.len + inner->len + behind.len;
    return decodes_bytes(d, bytes_of(&s), 0, before.len + at, bytes_of(inner),
                         ss_bytes_str(TEXT));
}

static void test_decode_wide__little_endian_between_other_bytes(void **state)
{
    sample two = widen(TEXT, 2, 0), four = widen(TEXT, 4, 0);

    (void)state;
    CHECK(found(UTF16, ss_bytes_of("\1\2", 2), &two, ss_bytes_of("\0\0\1", 3),
                0));
    CHECK(found(UTF16, ss_bytes_of("\1\2\3", 3), &two, ss_bytes_of("\1\0", 2),
                0));
    CHECK(found(UTF32, ss_bytes_of("\1\2\3", 3), &four,
                ss_bytes_of("\0\0\0\0\1", 5), 0));
    CHECK(found(UTF16, ss_bytes_of("", 0), &two, ss_bytes_of("", 0), 0));
    CHECK(found(UTF32, ss_bytes_of("", 0), &four, ss_bytes_of("", 0), 0));
}

static void test_decode_wide__big_endian_at_its_zero(void **state)
{
    sample two = widen(TEXT, 2, 1), four = widen(TEXT, 4, 1);

    (void)state;
    CHECK(
        found(UTF16, ss_bytes_of("\1", 1), &two, ss_bytes_of("\0\0\1", 3), 0));
    CHECK(found(UTF16, ss_bytes_of("", 0), &two, ss_bytes_of("", 0), 0));
    CHECK(found(UTF32, ss_bytes_of("\1", 1), &four,
                ss_bytes_of("\0\0\0\0\1", 5), 0));
}

static void test_decode_wide__big_endian_at_the_byte_that_is_not_zero(void **s)
{
    const char *text = "letters with \x80 others \x80 in them";
    sample wide = {.len = 0};
    ss_region region;

    (void)s;
    for (; *text; text++)
        put_char(&wide, *text == '\x80' ? 0x20ac : (uint8_t)*text, 2, 1);
    CHECK(UTF16->find(bytes_of(&wide), 0, 1, &region));
    CHECK_INT(region.from, 0);
    CHECK_INT(region.to, wide.len);
}

static void test_decode_wide__the_text_before_the_place_is_taken(void **state)
{
    sample two = widen(TEXT, 2, 0);
    ss_region region;

    (void)state;
    CHECK(found(UTF16, ss_bytes_of("\1\2", 2), &two, ss_bytes_of("", 0), 16));
    CHECK(UTF16->find(bytes_of(&two), 7, 16, &region));
    CHECK_INT(region.from, 8);
}

static void test_decode_wide__others_are_fewer_than_ascii(void **state)
{
    sample s = widen("eight ch", 2, 0);
    ss_region region;

    (void)state;
    put_char(&s, 0x20ac, 2, 0);
    put_char(&s, 0x3b1, 2, 0);
    put_char(&s, 0x3b2, 2, 0); /* 8 of 11 */
    put_char(&s, 0, 2, 0);
    CHECK(UTF16->find(bytes_of(&s), 0, 0, &region));
    CHECK_INT(region.to, 20);
    s.len -= 2;
    put_char(&s, 'x', 2, 0); /* 9 of 12 */
    put_char(&s, 0, 2, 0);
    CHECK(UTF16->find(bytes_of(&s), 0, 0, &region));
    CHECK_INT(region.to, 24);
}

static void test_decode_wide__what_is_no_character_ends_it(void **state)
{
    const uint32_t ends[] = {0, 1, 0x7f, 0xd800, 0xdfff, 0xffff};

    (void)state;
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        sample s = widen("eight ch", 2, 0);
        ss_region region;

        put_char(&s, ends[i], 2, 0);
        put_char(&s, 'a', 2, 0);
        CHECK(UTF16->find(bytes_of(&s), 0, 0, &region));
        CHECK_INT(region.to, 16);
    }
}

static void test_decode_wide__short_ones_are_plain(void **state)
{
    sample two = widen("seven c", 2, 0), four = widen("five5", 4, 0);
    ss_region region;

    (void)state;
    CHECK(!UTF16->find(bytes_of(&two), 0, 0, &region));
    CHECK(!UTF32->find(bytes_of(&four), 0, 0, &region));
    CHECK(!UTF16->find(ss_bytes_of("plain text of bytes", 19), 0, 0, &region));
}

static void test_decode_wide__half_a_character_may_be_the_next(void **state)
{
    sample two = widen(TEXT, 2, 0);
    ss_region region;

    (void)state;
    CHECK(UTF16->find(ss_bytes_of(two.data, 21), 0, 0, &region));
    CHECK_INT(region.to, 21);
    check_every_cut(UTF16, bytes_of(&two), 0);
    two = widen(TEXT, 4, 0);
    check_every_cut(UTF32, bytes_of(&two), 0);
}

static void test_decode_wide__places_are_of_the_character(void **state)
{
    sample s = widen("eight ch", 2, 0);

    (void)state;
    put_char(&s, 0x20ac, 2, 0);
    put_char(&s, 'x', 2, 0);
    CHECK_INT(UTF16->locate(bytes_of(&s), 7), 14);
    CHECK_INT(UTF16->locate(bytes_of(&s), 8), 16);
    CHECK_INT(UTF16->locate(bytes_of(&s), 10), 16);
    CHECK_INT(UTF16->locate(bytes_of(&s), 11), 18);
    CHECK_INT(UTF16->locate(bytes_of(&s), 12), 20);
    check_places(UTF16, bytes_of(&s), 12);
    check_parts(UTF16, bytes_of(&s), 5, ss_bytes_str("eight ch\xe2\x82\xacx"));
    check_parts(UTF16, bytes_of(&s), 11, ss_bytes_str("eight ch\xe2\x82\xacx"));
}

static void test_decode_wide__a_full_buffer_is_an_error(void **state)
{
    sample s = widen(TEXT, 4, 1);

    (void)state;
    check_full(UTF32, bytes_of(&s), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_decode_wide__little_endian_between_other_bytes),
        TEST(test_decode_wide__big_endian_at_its_zero),
        TEST(test_decode_wide__big_endian_at_the_byte_that_is_not_zero),
        TEST(test_decode_wide__the_text_before_the_place_is_taken),
        TEST(test_decode_wide__others_are_fewer_than_ascii),
        TEST(test_decode_wide__what_is_no_character_ends_it),
        TEST(test_decode_wide__short_ones_are_plain),
        TEST(test_decode_wide__half_a_character_may_be_the_next),
        TEST(test_decode_wide__places_are_of_the_character),
        TEST(test_decode_wide__a_full_buffer_is_an_error),
    };

    return RUN(tests);
}
