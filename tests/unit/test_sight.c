#include "unit.h"

#include "base/buf.h"
#include "scan/sight.h"
#include "scan/sight_mask.h"

#include <stdio.h>
#include <stdlib.h>

static ss_sights taken;

/* The places of one kind in [from, to), as "3 17 ". */
static const char *places(const char *text, size_t len, ss_sight kind,
                          size_t from, size_t to)
{
    static char out[512];
    size_t at = 0;

    out[0] = 0;
    CHECK_OK(ss_sights_take(&taken, ss_bytes_of(text, len), from, to));
    for (size_t i = 0; i < taken.of[kind].len; i++)
        at += (size_t)snprintf(out + at, sizeof(out) - at, "%zu ",
                               taken.of[kind].at[i]);
    return out;
}

#define SEEN(text, kind)                                                       \
    places((text), sizeof(text) - 1, (kind), 0, sizeof(text) - 1)

static void test_sight__base64_begins_in_sixteen_token_bytes(void **state)
{
    (void)state;
    CHECK_STR(SEEN("a dG9rZW49c2VjcmV0 b", SS_SIGHT_TOKEN), "2 ");
    CHECK_STR(SEEN("a dG9rZW49c2VjcmV b", SS_SIGHT_TOKEN), "");
    CHECK_STR(SEEN("dG9rZW49c2VjcmV0", SS_SIGHT_TOKEN), "0 ");
    CHECK_STR(SEEN("a_name=dG9rZW49c2VjcmV0", SS_SIGHT_TOKEN), "7 ");
    CHECK_STR(SEEN("\\ndG9rZW49c2VjcmV0", SS_SIGHT_TOKEN), "1 ");
    CHECK_STR(SEEN("a_name_of_many_words_and_no_digits", SS_SIGHT_TOKEN), "");
}

static void
test_sight__hex_of_text_has_digits_at_every_other_place(void **state)
{
    (void)state;
    CHECK_STR(SEEN("x 746f6b656e3d736563726574", SS_SIGHT_HEX), "2 ");
    CHECK_STR(SEEN("x abcdefabcdef1abcdef2abcd", SS_SIGHT_HEX), "");
}

static void test_sight__a_run_over_blocks_is_seen_once(void **state)
{
    char text[300];

    (void)state;
    memset(text, ' ', sizeof(text));
    memset(text + 50, 'X', 200);
    CHECK_STR(places(text, sizeof(text), SS_SIGHT_TOKEN, 0, 300), "50 ");
    CHECK_STR(places(text, sizeof(text), SS_SIGHT_TOKEN, 0, 50), "");
    CHECK_STR(places(text, sizeof(text), SS_SIGHT_TOKEN, 51, 300), "");
    CHECK_STR(places(text, sizeof(text), SS_SIGHT_TOKEN, 50, 51), "50 ");
}

static void test_sight__escapes_are_seen_by_their_first_bytes(void **state)
{
    (void)state;
    CHECK_STR(SEEN("\\n \\u0041 \\x41 \\101 \\\"", SS_SIGHT_SLASH), "3 10 15 ");
    CHECK_STR(SEEN("%s %41 %4 %aF", SS_SIGHT_HUNDRED), "3 10 ");
    CHECK_STR(SEEN("a && &amp; &#65; &1", SS_SIGHT_AMPERSAND), "5 11 ");
    CHECK_STR(SEEN("a=b =3D == x=\ny=\r\n =3d", SS_SIGHT_EQUALS), "4 12 15 ");
}

static void test_sight__joints_have_two_quotes_and_a_gap(void **state)
{
    (void)state;
    CHECK_STR(SEEN("\"AK1A\" + \"bcd\"", SS_SIGHT_JOINT), "5 ");
    CHECK_STR(SEEN("'aK1' .\n    'bcd4' . 'cd'", SS_SIGHT_JOINT), "4 17 ");
    CHECK_STR(SEEN("\"AK1A\", \"bcd\"", SS_SIGHT_JOINT), "");
    CHECK_STR(SEEN("\"words\" + \"words\"", SS_SIGHT_JOINT), "");
    CHECK_STR(SEEN("\"\" x", SS_SIGHT_JOINT), "");
    CHECK_STR(SEEN("\"Pr0se \" + \" goes on\"", SS_SIGHT_JOINT), "");
}

static void test_sight__literals_side_by_side_are_one_long_word(void **state)
{
    (void)state;
    CHECK_STR(SEEN("(\"sk_live_\"\n \"4eC39HqL\")", SS_SIGHT_JOINT), "10 ");
    CHECK_STR(SEEN("(\"errors\"\n \"flag\")", SS_SIGHT_JOINT), "");
}

static void test_sight__wide_characters_of_both_orders(void **state)
{
    (void)state;
    CHECK_STR(SEEN("x\0a\0b\0c\0d\0e\0f\0g\0", SS_SIGHT_WIDE16), "0 ");
    CHECK_STR(SEEN("\1\0x\0a\0b\0c\0d\0e\0f\0g\1", SS_SIGHT_WIDE16), "1 ");
    CHECK_STR(SEEN("x\0a\0b\0c\0d\0e\0f\0\1\1", SS_SIGHT_WIDE16), "");
    CHECK_STR(
        SEEN("a\0\0\0b\0\0\0c\0\0\0d\0\0\0e\0\0\0f\0\0\0", SS_SIGHT_WIDE32),
        "0 ");
    CHECK_STR(
        SEEN("\0\0\0a\0\0\0b\0\0\0c\0\0\0d\0\0\0e\0\0\0f", SS_SIGHT_WIDE32),
        "0 ");
}

/* Bytes that mean something to some class, at random. */
static void fill(char *text, size_t len, unsigned seed)
{
    static const char telling[] = "aZ09+/_=-\\%&\"' \n\r.uxAF\0\0\x80~@`";

    srand(seed);
    for (size_t i = 0; i < len; i++)
        text[i] = rand() % 4 ? telling[(size_t)rand() % (sizeof(telling) - 1)]
                             : (char)rand();
}

static int is_same(const uint64_t *a, const uint64_t *b, size_t n)
{
    return memcmp(a, b, n * sizeof(*a)) == 0;
}

static void check_way(ss_sight_mask_fn way, const uint8_t *text, size_t n,
                      uint8_t before)
{
    static ss_sight_masks fast, plain;

    ss_sight_mask_plain(&plain, text, n, before);
    way(&fast, text, n, before);
    CHECK(is_same(fast.run, plain.run, n));
    CHECK(is_same(fast.digits, plain.digits, n));
    CHECK(is_same(fast.mark, plain.mark, n));
    CHECK(is_same(fast.joint, plain.joint, n));
    CHECK(is_same(fast.zero, plain.zero, n + 1));
}

static void test_sight__vectors_say_what_the_table_says(void **state)
{
    static uint8_t text[SS_SIGHT_TEXT];

    (void)state;
    for (unsigned seed = 1; seed < 50; seed++) {
        fill((char *)text, sizeof(text), seed);
        for (size_t i = 0; ss_sight_mask_at(i); i++)
            check_way(ss_sight_mask_at(i), text, 1 + seed % SS_SIGHT_BLOCKS,
                      (uint8_t) "a=\n"[i % 3]);
    }
}

/* Everything that is seen in [from, to), a line of text. */
static void list(ss_buf *out, const char *text, size_t len, size_t from,
                 size_t to)
{
    CHECK_OK(ss_sights_take(&taken, ss_bytes_of(text, len), from, to));
    for (size_t k = 0; k < SS_N_SIGHTS; k++) {
        for (size_t i = 0; i < taken.of[k].len; i++)
            ss_buf_printf(&out[k], "%zu ", taken.of[k].at[i]);
    }
}

static void test_sight__where_the_text_is_cut_does_not_matter(void **state)
{
    char text[1500];

    (void)state;
    for (unsigned seed = 1; seed < 40; seed++) {
        ss_buf whole[SS_N_SIGHTS], cut[SS_N_SIGHTS];
        size_t step = 1 + seed * 7;

        for (size_t k = 0; k < SS_N_SIGHTS; k++)
            whole[k] = cut[k] = (ss_buf)SS_BUF_INIT(SIZE_MAX / 4);
        fill(text, sizeof(text), seed);
        list(whole, text, sizeof(text), 0, sizeof(text));
        for (size_t at = 0; at < sizeof(text); at += step)
            list(cut, text, sizeof(text), at,
                 at + step < sizeof(text) ? at + step : sizeof(text));
        for (size_t k = 0; k < SS_N_SIGHTS; k++) {
            CHECK(
                ss_bytes_equal(ss_buf_bytes(&whole[k]), ss_buf_bytes(&cut[k])));
            ss_buf_release(&whole[k]);
            ss_buf_release(&cut[k]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_sight__base64_begins_in_sixteen_token_bytes),
        TEST(test_sight__hex_of_text_has_digits_at_every_other_place),
        TEST(test_sight__literals_side_by_side_are_one_long_word),
        TEST(test_sight__a_run_over_blocks_is_seen_once),
        TEST(test_sight__escapes_are_seen_by_their_first_bytes),
        TEST(test_sight__joints_have_two_quotes_and_a_gap),
        TEST(test_sight__wide_characters_of_both_orders),
        TEST(test_sight__vectors_say_what_the_table_says),
        TEST(test_sight__where_the_text_is_cut_does_not_matter),
    };
    int rc = RUN(tests);

    ss_sights_release(&taken);
    return rc;
}
