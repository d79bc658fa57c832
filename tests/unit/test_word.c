#include "unit.h"

#include "scan/word.h"

/* The words of `text` with a bar behind each. */
static void check_words(const char *text, const char *expected)
{
    ss_bytes rest = ss_bytes_str(text), word;
    char found[128] = "";
    size_t len = 0;

    while (ss_word_next(&rest, &word)) {
        memcpy(found + len, word.data, word.len);
        len += word.len;
        found[len++] = '|';
    }
    CHECK_STR(found, expected);
}

static void test_word__ends_at_humps_digits_and_separators(void **state)
{
    (void)state;
    check_words("apiKey2_name", "api|Key|2|_|name|");
    check_words("HTTPServer", "HTTP|Server|");
    check_words("API_KEY", "API|_|KEY|");
    check_words("a--b", "a|--|b|");
    check_words("", "");
}

static void test_word__words_look_like_words(void **state)
{
    static const char *const words[] = {
        "password", "window",  "location", "Controller", "always", "identifier",
        "monkey",   "payment", "letter",   "structure",  "ab",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        CHECK(ss_is_wordlike(ss_bytes_str(words[i])));
}

static void test_word__random_letters_do_not(void **state)
{
    static const char *const letters[] = {"xqzvkw", "kqxzvwpmtrg", "bgbnqtyq",
                                          "rwwjfwpb"};

    (void)state;
    for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
        CHECK(!ss_is_wordlike(ss_bytes_str(letters[i])));
}

static void test_word__is_found_in_a_sorted_table(void **state)
{
    static const char *const table[] = {"a", "abc", "b", "bcd"};

    (void)state;
    CHECK(ss_word_in(ss_bytes_str("ABC"), table, 4));
    CHECK(ss_word_in(ss_bytes_str("a"), table, 4));
    CHECK(ss_word_in(ss_bytes_str("bcd"), table, 4));
    CHECK(!ss_word_in(ss_bytes_str("ab"), table, 4));
    CHECK(!ss_word_in(ss_bytes_str("bcde"), table, 4));
    CHECK(!ss_word_in(ss_bytes_str(""), table, 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_word__ends_at_humps_digits_and_separators),
        TEST(test_word__words_look_like_words),
        TEST(test_word__random_letters_do_not),
        TEST(test_word__is_found_in_a_sorted_table),
    };

    return RUN(tests);
}
