#include "unit.h"

#include "scan/decode_utf16.h"

/* Decode in pieces of `step` bytes. */
static void decode(ss_buf *out, const char *in, size_t len, int is_big,
                   size_t step)
{
    ss_utf16 state = {0};

    ss_buf_reset(out);
    state.is_big_endian = is_big;
    for (size_t at = 0; at < len; at += step) {
        size_t n = len - at < step ? len - at : step;

        CHECK_OK(ss_utf16_decode(&state, ss_bytes_of(in + at, n), out));
    }
    CHECK_OK(ss_utf16_finish(&state, out));
}

#define DECODE(out, literal, is_big, step)                                    \
    decode((out), (literal), sizeof(literal) - 1, (is_big), (step))

static void test_decode_utf16__mark_tells_the_encoding(void **state)
{
    (void)state;
    CHECK_INT(ss_utf16_mark(ss_bytes_of("\xff\xfe" "a\0", 4)), 1);
    CHECK_INT(ss_utf16_mark(ss_bytes_of("\xfe\xff\0a", 4)), 2);
    CHECK_INT(ss_utf16_mark(ss_bytes_of("\xff\xfe\0\0", 4)), 0);
    CHECK_INT(ss_utf16_mark(ss_bytes_str("plain")), 0);
    CHECK_INT(ss_utf16_mark(ss_bytes_of("\xff", 1)), 0);
}

static void test_decode_utf16__every_width_of_character(void **state)
{
    ss_buf out = SS_BUF_INIT(100);

    (void)state;
    DECODE(&out, "a\0\xe9\0\xac\x20\x3d\xd8\x00\xde", 0, 100);
    CHECK_BYTES(ss_buf_bytes(&out), "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    DECODE(&out, "\0a\0\xe9\x20\xac\xd8\x3d\xde\x00", 1, 100);
    CHECK_BYTES(ss_buf_bytes(&out), "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    ss_buf_release(&out);
}

static void test_decode_utf16__pieces_do_not_matter(void **state)
{
    ss_buf out = SS_BUF_INIT(100);

    (void)state;
    for (size_t step = 1; step <= 5; step++) {
        DECODE(&out, "a\0\x3d\xd8\x00\xde" "b\0", 0, step);
        CHECK_BYTES(ss_buf_bytes(&out), "a\xf0\x9f\x98\x80" "b");
    }
    ss_buf_release(&out);
}

static void test_decode_utf16__what_is_no_character_is_replaced(void **state)
{
    ss_buf out = SS_BUF_INIT(100);

    (void)state;
    DECODE(&out, "\x3d\xd8" "a\0", 0, 100); /* high surrogate alone */
    CHECK_BYTES(ss_buf_bytes(&out), "\xef\xbf\xbd" "a");
    DECODE(&out, "\x00\xde" "a\0", 0, 100); /* low surrogate alone */
    CHECK_BYTES(ss_buf_bytes(&out), "\xef\xbf\xbd" "a");
    DECODE(&out, "a\0b", 0, 100); /* half a unit at the end */
    CHECK_BYTES(ss_buf_bytes(&out), "a\xef\xbf\xbd");
    ss_buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_decode_utf16__mark_tells_the_encoding),
        TEST(test_decode_utf16__every_width_of_character),
        TEST(test_decode_utf16__pieces_do_not_matter),
        TEST(test_decode_utf16__what_is_no_character_is_replaced),
    };

    return RUN(tests);
}
