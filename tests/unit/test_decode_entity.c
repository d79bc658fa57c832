#include "decode_case.h"

#define ENTITY (&ss_decoder_entity)

static void test_decode_entity__numbers_and_names(void **s)
{
    (void)s;
    CHECK(decodes(ENTITY, "a&#61;b", 1, "&#61;", "="));
    CHECK(decodes(ENTITY, "a&#x3d;b", 1, "&#x3d;", "="));
    CHECK(decodes(ENTITY, "a&#X3D;b", 1, "&#X3D;", "="));
    CHECK(decodes(ENTITY, "a&#0000061;b", 1, "&#0000061;", "="));
    CHECK(decodes(ENTITY, "a&equals;b", 1, "&equals;", "="));
    CHECK(decodes(ENTITY, "a&UnderBar;b", 1, "&UnderBar;", "_"));
    CHECK(decodes(ENTITY, "a=&quot;c&amp;d&lt;&quot;&gt;", 2,
                  "&quot;c&amp;d&lt;&quot;&gt;", "\"c&d<\">"));
}

static void test_decode_entity__other_characters_become_utf8(void **s)
{
    (void)s;
    CHECK(decodes(ENTITY, "&#61;&#233;&nbsp;&#x1f600;&#xd800;&gt;", 0,
                  "&#61;&#233;&nbsp;&#x1f600;&#xd800;&gt;",
                  "=\xc3\xa9\xc2\xa0\xf0\x9f\x98\x80\xef\xbf\xbd>"));
}

static void test_decode_entity__it_is_told_once(void **s)
{
    (void)s;
    CHECK(decodes(ENTITY, "&amp;#61;", 0, "&amp;", "&"));
    CHECK(decodes(ENTITY, "=&amp;quot;ab", 1, "&amp;", "&"));
}

static void test_decode_entity__elements_in_text_have_a_value(void **s)
{
    (void)s;
    CHECK(decodes(ENTITY, "&lt;name&gt;a-value&lt;/name&gt;", 0,
                  "&lt;name&gt;a-value&lt;/name&gt;", "<name>a-value</name>"));
    CHECK(is_plain(ENTITY, "&lt;name&gt;value&lt;/name&gt;", 0));
    CHECK(is_plain(ENTITY, "&lt;name&gt;a value&lt;/name&gt;", 0));
    CHECK(is_plain(ENTITY, "&lt;name&gt;a-value", 0));
    CHECK(is_plain(ENTITY, "Vec&lt;T&gt; and so on", 3));
}

static void test_decode_entity__prose_and_code_are_plain(void **s)
{
    (void)s;
    CHECK(is_plain(ENTITY, "i &lt; n", 2));
    CHECK(is_plain(ENTITY, "a =&gt; b", 3));
    CHECK(is_plain(ENTITY, "this &amp; that", 5));
    CHECK(is_plain(ENTITY, "don&#39;t", 3));
    CHECK(is_plain(ENTITY, "'&quot;'", 1));
    CHECK(is_plain(ENTITY, "(&quot; ", 1));
    CHECK(is_plain(ENTITY, "=&quot;", 1));
    CHECK(decodes(ENTITY, "a=b&amp;c=d", 3, "&amp;", "&"));
}

static void test_decode_entity__addresses_and_other_names_are_plain(void **s)
{
    (void)s;
    CHECK(is_plain(ENTITY, "f(&value);", 2));
    CHECK(is_plain(ENTITY, "&amplitude;", 0));
    CHECK(is_plain(ENTITY, "&amp", 0));
    CHECK(is_plain(ENTITY, "&am;", 0));
    CHECK(is_plain(ENTITY, "&nbsp;", 0));
    CHECK(is_plain(ENTITY, "&#;", 0));
    CHECK(is_plain(ENTITY, "&#x;", 0));
    CHECK(is_plain(ENTITY, "&#61", 0));
    CHECK(is_plain(ENTITY, "&#10;", 0));
    CHECK(is_plain(ENTITY, "&#", 0));
}

static void test_decode_entity__places_are_of_the_reference(void **s)
{
    ss_bytes in = ss_bytes_str("&lt;b&nbsp;&#61;");
    const size_t places[] = {0, 4, 5, 5, 11, 16};

    (void)s;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        CHECK_INT(ENTITY->locate(in, i), places[i]);
    check_parts(ENTITY, in, 1, ss_bytes_str("<b\xc2\xa0="));
    check_parts(ENTITY, in, 4, ss_bytes_str("<b\xc2\xa0="));
}

static void test_decode_entity__any_cut_is_within(void **s)
{
    (void)s;
    check_every_cut(ENTITY, ss_bytes_str("&#61;&#233;&nbsp;&#x1f600;&gt;"), 0);
    check_every_cut(ENTITY, ss_bytes_str("&lt;a&gt;a-value&lt;/a&gt;"), 0);
}

static void test_decode_entity__a_full_buffer_is_an_error(void **state)
{
    (void)state;
    check_full(ENTITY, ss_bytes_str("&#61;b&#61;"), 1);
    check_full(ENTITY, ss_bytes_str("&#61;b&#61;"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_decode_entity__numbers_and_names),
        TEST(test_decode_entity__other_characters_become_utf8),
        TEST(test_decode_entity__it_is_told_once),
        TEST(test_decode_entity__addresses_and_other_names_are_plain),
        TEST(test_decode_entity__elements_in_text_have_a_value),
        TEST(test_decode_entity__prose_and_code_are_plain),
        TEST(test_decode_entity__places_are_of_the_reference),
        TEST(test_decode_entity__any_cut_is_within),
        TEST(test_decode_entity__a_full_buffer_is_an_error),
    };

    return RUN(tests);
}
