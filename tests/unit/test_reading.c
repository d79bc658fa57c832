/*
 * test_reading.c: text as words, however they are joined.
 */
#include "unit.h"

#include "scan/reading.h"

/* Where `word` counts in `text`: 1, or 0. */
static int counts(const char *text, const char *word, int is_phrase)
{
    size_t len = strlen(word);
    ss_reading r;

    ss_reading_of(&r, ss_bytes_str(text));
    for (size_t at = 0; at + len <= r.len; at++) {
        if (!memcmp(r.text + at, word, len) &&
            ss_reading_counts(&r, at, len, is_phrase))
            return 1;
    }
    return 0;
}

static void test_reading__a_phrase_is_one_however_it_is_joined(void **state)
{
    (void)state;
    CHECK(counts("new relic", "newrelic", 1));
    CHECK(counts("NEW_RELIC_KEY", "newrelic", 1));
    CHECK(counts("new-relic", "newrelic", 1));
    CHECK(counts("myNewRelicKey", "newrelic", 1));
    CHECK(counts("api.newrelic.com", "newrelic", 1));
    CHECK(!counts("new; relic", "newrelic", 1));
    CHECK(!counts("new  relic", "newrelic", 1));
    CHECK(!counts("anew relics", "newrelic", 1));
}

static void test_reading__a_short_word_is_one_of_its_own(void **state)
{
    (void)state;
    CHECK(counts("DD_API_KEY", "dd", 0));
    CHECK(counts("x.dd.key", "dd", 0));
    CHECK(counts("ddKey", "dd", 0));
    CHECK(counts("dd2", "dd", 0));
    CHECK(!counts("add", "dd", 0));
    CHECK(!counts("ddapikey", "dd", 0));
    CHECK(!counts("d_d", "dd", 0));
}

static void test_reading__a_long_word_also_stands_inside(void **state)
{
    (void)state;
    CHECK(counts("datadogapikey", "datadog", 0));
    CHECK(counts("mydatadogkey", "datadog", 0));
    CHECK(counts("figmatoken", "figma", 0));
    CHECK(!counts("figmatic", "figma", 0));
    CHECK(!counts("xfigmatoken", "figma", 0));
}

static void test_reading__humps_and_digits_begin_words(void **state)
{
    (void)state;
    CHECK(counts("HTTPServerKey", "server", 0));
    CHECK(counts("auth0Secret", "auth0", 0));
    CHECK(counts("AUTH0_SECRET", "auth0", 0));
    CHECK(!counts("pauth0", "auth0", 0));
}

static void test_reading__the_end_of_a_long_text_is_read(void **state)
{
    char text[2 * SS_READING_MAX];

    (void)state;
    memset(text, ' ', sizeof(text));
    memcpy(text, "acmecloud", 9);
    memcpy(text + sizeof(text) - 9, "figma key", 9);
    text[sizeof(text) - 1] = '\0';
    CHECK(counts(text, "figma", 0));
    CHECK(!counts(text, "acmecloud", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_reading__a_phrase_is_one_however_it_is_joined),
        TEST(test_reading__a_short_word_is_one_of_its_own),
        TEST(test_reading__a_long_word_also_stands_inside),
        TEST(test_reading__humps_and_digits_begin_words),
        TEST(test_reading__the_end_of_a_long_text_is_read),
    };

    return RUN(tests);
}
