#include "unit.h"

#include "scan/place.h"

static ss_place place_after(const char *text)
{
    ss_place place = {.has_utf16 = 1};

    ss_place_advance(&place, ss_bytes_str(text));
    return place;
}

static void test_place__counts_lines_and_columns_from_the_last_newline(
    void **state)
{
    ss_place p = place_after("one\ntwo\nab");

    (void)state;
    CHECK_INT(p.offset, 10);
    CHECK_INT(p.line, 2);
    CHECK_INT(p.column, 2);
}

static void test_place__columns_count_code_points(void **state)
{
    ss_place p = place_after("\n\xc3\xa9\xf0\x9f\x98\x80x");

    (void)state;
    CHECK_INT(p.column, 3);
    CHECK_INT(p.utf16, 5); /* newline, e acute, two for the emoji, x */
}

static void test_place__advancing_in_pieces_is_the_same(void **state)
{
    const char *text = "a\nbc\n\xc3\xa9";
    ss_place whole = place_after(text);
    ss_place pieces = {.has_utf16 = 1};

    (void)state;
    for (size_t i = 0; text[i]; i++)
        ss_place_advance(&pieces, ss_bytes_of(text + i, 1));
    assert_memory_equal(&whole, &pieces, sizeof(whole));
}

static void test_place__counts_many_newlines_in_a_row(void **state)
{
    char newlines[5003]; /* more than sums of bytes can hold at once */
    ss_place p = {0};

    (void)state;
    memset(newlines, '\n', sizeof(newlines));
    ss_place_advance(&p, ss_bytes_of(newlines, sizeof(newlines)));
    CHECK_INT(p.line, sizeof(newlines));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_place__counts_lines_and_columns_from_the_last_newline),
        TEST(test_place__columns_count_code_points),
        TEST(test_place__advancing_in_pieces_is_the_same),
        TEST(test_place__counts_many_newlines_in_a_row),
    };

    return RUN(tests);
}
