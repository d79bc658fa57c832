#include "decode_case.h"

#define BASE64 (&ss_decoder_base64)
#define MAX_TEXT 8192

static const char standard[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_safe[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

typedef struct sample {
    char text[MAX_TEXT];
    size_t len;
} sample;

static void put(sample *s, const char *text)
{
    size_t len = strlen(text);

    CHECK(len < MAX_TEXT - s->len);
    memcpy(s->text + s->len, text, len + 1);
    s->len += len;
}

static uint32_t byte_or_zero(ss_bytes in, size_t at)
{
    return at < in.len ? in.data[at] : 0;
}

/* `in` as base64 with padding, in lines of `width` with `end` between. */
static sample encode(ss_bytes in, const char *digits, size_t width,
                     const char *end)
{
    sample s = {.len = 0};
    size_t n = 0;

    for (size_t i = 0; i < in.len; i += 3) {
        uint32_t held = byte_or_zero(in, i) << 16 |
                        byte_or_zero(in, i + 1) << 8 | byte_or_zero(in, i + 2);

        for (unsigned k = 0; k < 4; k++, n++) {
            char c[2] = {digits[held >> (18 - 6 * k) & 63], 0};

            if (k > in.len - i)
                c[0] = '=';
            if (n && n % width == 0)
                put(&s, end);
            put(&s, c);
        }
    }
    return s;
}

static sample encode_line(ss_bytes in)
{
    return encode(in, standard, MAX_TEXT, "");
}

static void drop_padding(sample *s)
{
    while (s->len && s->text[s->len - 1] == '=')
        s->text[--s->len] = '\0';
}

/* before + encoded + behind, as a text. */
static sample around(const char *before, const sample *encoded,
                     const char *behind)
{
    sample s = {.len = 0};

    put(&s, before);
    put(&s, encoded->text);
    put(&s, behind);
    return s;
}

/* `encoded` is found in its surroundings at `at`, and is `decoded`. */
static int found(const char *before, const sample *encoded, const char *behind,
                 size_t at, ss_bytes decoded)
{
    sample s = around(before, encoded, behind);

    return decodes_bytes(BASE64, ss_bytes_of(s.text, s.len), 0, at,
                         ss_bytes_of(encoded->text, encoded->len), decoded);
}

static ss_bytes prose(size_t len)
{
    static const char text[] =
        "It is a truth universally acknowledged, that a single man in "
        "possession of a good fortune, must be in want of a wife. However "
        "little known the feelings or views of such a man may be on his "
        "first entering a neighbourhood, this truth is so well fixed.";

    CHECK(len < sizeof(text));
    return ss_bytes_of(text, len);
}

/* Bytes of nothing known. */
static ss_bytes noise(size_t len)
{
    static uint8_t bytes[MAX_TEXT];
    uint32_t state = 5;

    CHECK(len <= sizeof(bytes));
    for (size_t i = 0; i < len; i++) {
        state = state * 1664525 + 1013904223;
        bytes[i] = (uint8_t)(state >> 24);
    }
    bytes[0] = 0x93;
    return ss_bytes_of(bytes, len);
}

static void test_decode_base64__text_of_every_length(void **state)
{
    (void)state;
    for (size_t len = 10; len < 80; len++) {
        sample s = encode_line(prose(len));

        CHECK(found("", &s, "", 0, prose(len)));
        CHECK(found("x: '", &s, "'", 4, prose(len)));
        drop_padding(&s);
        if (s.len >= 16)
            CHECK(found("x: '", &s, "'", 4, prose(len)));
    }
}

static void test_decode_base64__both_alphabets(void **state)
{
    const ss_bytes text = ss_bytes_str("what? why? who? ~~>~~?~~>");
    sample s = encode(text, standard, MAX_TEXT, "");
    sample url = encode(text, url_safe, MAX_TEXT, "");

    (void)state;
    CHECK(strpbrk(s.text, "+/"));
    CHECK(strpbrk(url.text, "-_"));
    CHECK(found("", &s, "", 0, text));
    CHECK(found("", &url, "", 0, text));
}

static void test_decode_base64__utf8_and_utf16(void **state)
{
    const ss_bytes utf8 =
        ss_bytes_str("gr\xc3\xbc\xc3\x9f"
                     "e aus M\xc3\xbcnchen, sagt er, und geht nach");
    const ss_bytes little = ss_bytes_of("a\0n\0y\0 \0t\0e\0x\0t\0", 16);
    const ss_bytes big = ss_bytes_of("\0a\0n\0y\0 \0t\0e\0x\0t", 16);
    const ss_bytes marked = ss_bytes_of("\xff\xfe"
                                        "a\0n\0y\0 \0x\0",
                                        12);
    const ss_bytes other = ss_bytes_of("\xfe\xff"
                                       "\0a\0n\0y\0 \0x",
                                       12);
    const ss_bytes mark = ss_bytes_of("\xef\xbb\xbf"
                                      "text behind a mark of UTF-8, and more",
                                      40);
    const ss_bytes texts[] = {utf8, little, big, marked, other, mark};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        sample s = encode_line(texts[i]);

        CHECK(found("", &s, "", 0, texts[i]));
    }
}

static void test_decode_base64__lines_however_their_ends_are_written(void **st)
{
    const char *ends[] = {"\n",       "\r\n",      "\n    ",    "\\n",
                          "\\r\\n",   "\\\\n",     "\\\n",      "\",\n  \"",
                          "\" +\n\"", "\"\n + \"", "\\n\"\n\"", "\\n\" \\\n\"",
                          "\n# ",     "\\\r\n"};

    (void)st;
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        for (size_t width = 40; width <= 77; width += 9) {
            sample s = encode(prose(200), standard, width, ends[i]);

            CHECK(found("x: \"", &s, "\"\n", 4, prose(200)));
        }
    }
}

static void test_decode_base64__short_lines_are_not_joined(void **state)
{
    sample s = encode(prose(60), standard, 36, "\n");
    sample first = s;

    (void)state;
    first.text[36] = '\0';
    first.len = 36;
    CHECK(decodes_bytes(BASE64, ss_bytes_of(s.text, s.len), 0, 0,
                        ss_bytes_of(first.text, 36), prose(27)));
}

static void test_decode_base64__what_follows_is_not_the_last_line(void **state)
{
    sample s = encode(prose(90), standard, 60, "\n");

    (void)state;
    CHECK(found("", &s, "\nother: x\n", 0, prose(90)));
    CHECK(found("", &s, "\n-----END-----", 0, prose(90)));
    CHECK(found("", &s, "\n\nword\n", 0, prose(90)));
    s = encode_line(prose(60)); /* a longer line is none of the same block */
    CHECK(found("", &s,
                "\nanda4linethatismuchlongerthantheonebeforeitwhichmakes"
                "itanotherkindofthingaltogether\n",
                0, prose(60)));
}

static void test_decode_base64__names_glued_to_the_front(void **state)
{
    sample s = encode_line(prose(30));

    (void)state;
    CHECK(found("KEY=", &s, "\n", 0, prose(30)));
    CHECK(found("A_B=C=", &s, "\n", 0, prose(30)));
    CHECK(found("api/v1/data/", &s, " ", 0, prose(30)));
    CHECK(found("\\n", &s, "\\n", 1, prose(30)));
    CHECK(found("\\\\r\\\\n", &s, "\\n", 6, prose(30)));
}

static void test_decode_base64__a_name_of_another_run_is_none(void **state)
{
    sample s = encode_line(prose(30));
    sample text = around("some_long_name_here9 x=", &s, "");

    (void)state;
    CHECK(is_plain(BASE64, text.text, 0));
}

static void test_decode_base64__magic_numbers(void **state)
{
    static const struct {
        const char bytes[24];
        size_t len;
    } heads[] = {
        {"\x1f\x8b\x08\0\0\0\0\0\0\3abc", 13},
        {"\x78\x9c\x4b\x4c\x4a\x06\0\0\0\0\0\0", 12},
        {"\x78\x01\x01\x03\0\xfc\xff"
         "abc\0\0",
         12},
        {"\x78\xda\xed\xbd\x07\0\0\0\0\0\0\0", 12},
        {"PK\3\4\x14\0\0\0\0\0\0\0\0", 13},
        {"7z\xbc\xaf\x27\x1c\0\4\0\0\0\0", 12},
        {"\xfd"
         "7zXZ\0\0\4\0\0\0\0",
         12},
        {"BZh91AY&SY\xff\xff\xff", 13},
        {"\x28\xb5\x2f\xfd\x04\0\0\0\0\0\0\0", 12},
        {"\x04\x22\x4d\x18\x64\x40\xa7\x05\0\0\0\0", 12},
        {"%PDF-1.7\x93\xff\xff\xff\xff", 13},
        {"SQLite format 3\0\x10\0\0\0", 20},
        {"\xfe\xed\xfe\xed\0\0\0\2\0\0\0\1", 12},
        {"\xac\xed\0\5sr\0\x10\xff\xff\xff\xff", 12},
        {"\x80\4\x95\x10\0\0\0\0\0\0\0\0", 12},
        {"\x30\x82\x01\x0a\x02\x82\x01\x01\0\xff\xff\xff", 12},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
        ss_bytes head = ss_bytes_of(heads[i].bytes, heads[i].len);
        sample s = encode_line(head);

        CHECK(found("", &s, "", 0, head));
    }
}

static void test_decode_base64__nearly_a_magic_number(void **state)
{
    static const char heads[][13] = {
        "\x1f\x8b\x07\0\0\0\0\0\0\3a",  "\x78\x9d\x4b\x4c\x4a\x06",
        "\x78\x9c\x07\x4c\x4a\x06",     "\x78\x01\x01\x03\0\xfc\xfe",
        "\x78\x9c\xf5\xbd\x07",         "\x30\x82\0\x3f\x02\x82",
        "\x30\x82\x01\x0a\x99\x82\x01", "\x80\6\x95\x10",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
        sample s = encode_line(ss_bytes_of(heads[i], 12));

        CHECK(is_plain(BASE64, s.text, 0));
    }
}

static void test_decode_base64__unknown_bytes_have_to_be_many(void **state)
{
    sample s = encode_line(noise(150)); /* 200 digits */

    (void)state;
    CHECK(found("\"", &s, "\"", 1, noise(150)));
    CHECK(found("data=", &s, "", 0, noise(150)));
    CHECK(found("\\n", &s, "", 1, noise(150)));
    s = encode(noise(300), standard, 76, "\n");
    CHECK(found("\"", &s, "\"", 1, noise(300)));
    s = encode_line(noise(147)); /* 196 */
    CHECK(is_plain(BASE64, s.text, 0));
}

static void test_decode_base64__bytes_that_begin_with_a_slash(void **state)
{
    ss_bytes jpeg = noise(150);
    sample s;

    (void)state;
    ((uint8_t *)(uintptr_t)jpeg.data)[0] = 0xff;
    s = encode_line(jpeg);
    CHECK_INT(s.text[0], '/');
    CHECK(found("\"", &s, "\"", 1, jpeg));
}

static void test_decode_base64__names_paths_and_hashes_are_plain(void **state)
{
    const char *texts[] = {
        "some_function_name_of_old",
        "SomeClassNameInCamelCase",
        "/usr/lib/python3/dist-packages/setuptools",
        "usr/share/doc/README",
        "================================================",
        "------------------------------------------------",
        "SOME_CONSTANT_IN_CAPITALS_THAT_IS_LONG",
        "0123456789012345678901234567890123456789",
        "=00000000000000000000",
    };
    char hash[] = "0123456789abcdef0123456789abcdef0123456789abcdef"
                  "0123456789abcdef0123456789abcdef0123456789abcdef"
                  "0123456789abcdef0123456789abcdef0123456789abcdef"
                  "0123456789abcdef0123456789abcdef0123456789abcdef"
                  "0123456789abcdef0123456789abcdef0123456789abcdef";

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        CHECK(is_plain(BASE64, texts[i], 0));
    CHECK(is_plain(BASE64, hash, 0));
}

static void test_decode_base64__long_paths_and_names_are_plain(void **state)
{
    sample path = {.len = 0}, name = {.len = 0}, mangled = {.len = 0};

    (void)state;
    for (int i = 0; i < 20; i++) {
        put(&path, "/Users/ab/C1");
        put(&name, "SomeOtherName");
        put(&mangled, "_ZN4some5otherI4NameE");
    }
    CHECK(is_plain(BASE64, mangled.text, 0));
    CHECK(is_plain(BASE64, path.text, 0));
    CHECK(is_plain(BASE64, name.text, 0));
}

static void test_decode_base64__short_text_is_text_to_its_end(void **state)
{
    sample s = encode_line(prose(18));
    sample text = around("", &s, "/and/some/9");

    (void)state;
    CHECK(is_plain(BASE64, text.text, 0));
    s = encode_line(ss_bytes_of("plain for a while\x01", 18));
    CHECK(is_plain(BASE64, s.text, 0));
    s = encode_line(ss_bytes_of("too few: 9", 9)); /* 12 digits */
    CHECK(is_plain(BASE64, s.text, 0));
}

static void test_decode_base64__places_are_of_the_first_bit(void **state)
{
    sample s = encode(prose(50), standard, 40, "\\n\"\n \"");
    ss_bytes in = ss_bytes_of(s.text, s.len);

    (void)state;
    for (size_t i = 0; i < 50; i++) {
        size_t digit = i * 8 / 6;

        CHECK_INT(BASE64->locate(in, i), digit + (digit >= 40 ? 6 : 0));
        if (i % 3 == 0)
            check_parts(BASE64, in, i, prose(50));
    }
    CHECK_INT(BASE64->locate(in, 50), s.len);
}

static void test_decode_base64__the_end_is_behind_what_was_used(void **state)
{
    sample s = encode_line(prose(13));

    (void)state;
    CHECK_INT(BASE64->locate(ss_bytes_of(s.text, s.len), 13), s.len);
    drop_padding(&s);
    CHECK_INT(BASE64->locate(ss_bytes_of(s.text, s.len), 13), s.len);
    CHECK_INT(BASE64->locate(ss_bytes_of(s.text, 17), 12), 16); /* 6 bits */
    CHECK_INT(BASE64->locate(ss_bytes_of("====", 4), 0), 4);
}

static void test_decode_base64__a_long_one_is_cut_between_groups(void **state)
{
    size_t len = SS_MAX_ENCODED + 1000;
    char *text = malloc(len);
    ss_region region;

    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < len; i++)
        text[i] = "aXQg"[i % 4]; /* "it " */
    CHECK(BASE64->find(ss_bytes_of(text, len), 0, 4, &region));
    CHECK_INT(region.to - region.from, SS_MAX_ENCODED);
    for (size_t i = 77; i < len; i += 78)
        text[i] = '\n';
    for (size_t i = 0, n = 0; i < len; i++) {
        if (text[i] != '\n')
            text[i] = "aXQg"[n++ % 4];
    }
    CHECK(BASE64->find(ss_bytes_of(text, len), 0, 0, &region));
    CHECK(region.to > SS_MAX_ENCODED / 2 && region.to <= SS_MAX_ENCODED);
    CHECK_INT((region.to + 1) % 78, 0); /* a line's end */
    CHECK_INT((region.to + 1) / 78 * 77 % 4, 0);
    free(text);
}

static void test_decode_base64__more_text_may_follow(void **state)
{
    sample s = encode_line(prose(60));
    ss_region region;

    (void)state;
    for (size_t len = 40; len <= s.len; len++) {
        CHECK(BASE64->find(ss_bytes_of(s.text, len), 0, 0, &region));
        CHECK_INT(region.to, len);
    }
    s = encode(prose(120), standard, 60, "\\r\\n\" +\n \"");
    check_every_cut(BASE64, ss_bytes_of(s.text, s.len), 0);
}

static void test_decode_base64__a_full_buffer_is_an_error(void **state)
{
    sample s = encode_line(prose(60));

    (void)state;
    check_full(BASE64, ss_bytes_of(s.text, s.len), 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_decode_base64__text_of_every_length),
        TEST(test_decode_base64__both_alphabets),
        TEST(test_decode_base64__utf8_and_utf16),
        TEST(test_decode_base64__lines_however_their_ends_are_written),
        TEST(test_decode_base64__short_lines_are_not_joined),
        TEST(test_decode_base64__what_follows_is_not_the_last_line),
        TEST(test_decode_base64__names_glued_to_the_front),
        TEST(test_decode_base64__a_name_of_another_run_is_none),
        TEST(test_decode_base64__magic_numbers),
        TEST(test_decode_base64__nearly_a_magic_number),
        TEST(test_decode_base64__unknown_bytes_have_to_be_many),
        TEST(test_decode_base64__bytes_that_begin_with_a_slash),
        TEST(test_decode_base64__names_paths_and_hashes_are_plain),
        TEST(test_decode_base64__long_paths_and_names_are_plain),
        TEST(test_decode_base64__short_text_is_text_to_its_end),
        TEST(test_decode_base64__places_are_of_the_first_bit),
        TEST(test_decode_base64__the_end_is_behind_what_was_used),
        TEST(test_decode_base64__a_long_one_is_cut_between_groups),
        TEST(test_decode_base64__more_text_may_follow),
        TEST(test_decode_base64__a_full_buffer_is_an_error),
    };

    return RUN(tests);
}
