#include "unit.h"

#include "report/excerpt.h"
#include "report/screen.h"

static uint32_t random_state = 7;

static uint32_t draw(uint32_t below)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (random_state >> 8) % below;
}

static void make(ss_excerpt *excerpt, const char *line, const char *secret,
                 size_t width)
{
    size_t from = (size_t)(strstr(line, secret) - line);

    CHECK_OK(ss_excerpt_make(excerpt, ss_bytes_str(line), from,
                             from + strlen(secret), width, 1));
}

static ss_bytes secret_of(const ss_excerpt *excerpt)
{
    return ss_bytes_of(excerpt->text.data + excerpt->from,
                       excerpt->to - excerpt->from);
}

static void test_excerpt__of_several_lines_that_of_the_secret(void **state)
{
    ss_excerpt excerpt = SS_EXCERPT_INIT;

    (void)state;
    make(&excerpt, "one\n\t  two = SECRET;\nthree", "SECRET", 80);
    CHECK_BYTES(ss_buf_bytes(&excerpt.text), "two = SECRET;");
    CHECK_BYTES(secret_of(&excerpt), "SECRET");
    ss_excerpt_release(&excerpt);
}

static void test_excerpt__a_long_line_keeps_the_secret(void **state)
{
    ss_excerpt excerpt = SS_EXCERPT_INIT;

    (void)state;
    make(&excerpt, "aaaaaaaaaaaaaaaaaaaaaaaaaaa SECRET bbbbbbbbbbbbbbbbbbbbbb",
         "SECRET", 20);
    CHECK_BYTES(ss_buf_bytes(&excerpt.text), "...aaa SECRET bbb...");
    CHECK_BYTES(secret_of(&excerpt), "SECRET");
    ss_excerpt_release(&excerpt);
}

static void test_excerpt__the_ends_of_a_line_are_not_cut(void **state)
{
    ss_excerpt excerpt = SS_EXCERPT_INIT;

    (void)state;
    make(&excerpt, "SECRET bbbbbbbbbbbbbbbbbbbbbb", "SECRET", 20);
    CHECK_BYTES(ss_buf_bytes(&excerpt.text), "SECRET bbbbbbbbbb...");
    ss_excerpt_release(&excerpt);
    make(&excerpt, "aaaaaaaaaaaaaaaaaaaaaaa SECRET", "SECRET", 20);
    CHECK_BYTES(ss_buf_bytes(&excerpt.text), "...aaaaaaaaaa SECRET");
    ss_excerpt_release(&excerpt);
}

/* Any bytes, any place, any width: it fits, and it can be shown. */
static void test_excerpt__always_fits_and_is_clean(void **state)
{
    (void)state;
    for (int round = 0; round < 20000; round++) {
        ss_excerpt excerpt = SS_EXCERPT_INIT;
        uint8_t line[64];
        size_t len = 1 + draw(sizeof(line) - 1);
        size_t from = draw((uint32_t)len);
        size_t to = from + draw((uint32_t)(len - from) + 1);
        size_t width = 12 + draw(40);

        for (size_t i = 0; i < len; i++)
            line[i] = (uint8_t)(draw(3) ? 'a' + draw(26) : draw(256));
        CHECK_OK(ss_excerpt_make(&excerpt, ss_bytes_of(line, len), from, to,
                                 width, (int)draw(2)));
        CHECK(excerpt.from <= excerpt.to && excerpt.to <= excerpt.text.len);
        CHECK(ss_screen_columns(ss_buf_bytes(&excerpt.text)) <= width);
        for (size_t i = 0; i < excerpt.text.len; i++)
            CHECK(excerpt.text.data[i] >= 0x20 && excerpt.text.data[i] != 0x7f);
        ss_excerpt_release(&excerpt);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_excerpt__of_several_lines_that_of_the_secret),
        TEST(test_excerpt__a_long_line_keeps_the_secret),
        TEST(test_excerpt__the_ends_of_a_line_are_not_cut),
        TEST(test_excerpt__always_fits_and_is_clean),
    };

    return RUN(tests);
}
