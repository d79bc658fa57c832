#include "unit.h"

#include "base/encoding.h"
#include "source/container.h"

#include <stdio.h>
#include <zlib.h>

/* `head` and zeros behind it, as long as the longest that is asked for. */
static const ss_container_kind *detect_padded(const void *head, size_t len)
{
    static uint8_t room[SS_CONTAINER_HEAD];

    memset(room, 0, sizeof(room));
    memcpy(room, head, len);
    return ss_container_detect(ss_bytes_of(room, sizeof(room)));
}

static const char *kind_of_padded(const void *head, size_t len)
{
    const ss_container_kind *kind = detect_padded(head, len);

    return kind ? kind->name : "none";
}

static const char *kind_of(const void *head, size_t len)
{
    const ss_container_kind *kind = ss_container_detect(ss_bytes_of(head, len));

    return kind ? kind->name : "none";
}

#define PADDED(bytes) kind_of_padded(bytes, sizeof(bytes) - 1)
#define KIND(bytes) kind_of(bytes, sizeof(bytes) - 1)

static void test_container_kind__fixed_bytes_tell_most(void **state)
{
    (void)state;
    CHECK_STR(PADDED("PK\3\4\x14"), "zip");
    CHECK_STR(PADDED("PK\7\10PK\3\4"), "zip");
    CHECK_STR(PADDED("PK\5\6\0\0\0\0"), "zip");
    CHECK_STR(PADDED("\x1f\x8b\x08\0"), "gzip");
    CHECK_STR(PADDED("BZh9\x31\x41\x59\x26\x53\x59"), "bzip2");
    CHECK_STR(PADDED("BZh1\x17\x72\x45\x38\x50\x90"), "bzip2");
    CHECK_STR(PADDED("\xfd\x37zXZ\0"), "xz");
    CHECK_STR(PADDED("\x28\xb5\x2f\xfd"), "zstd");
    CHECK_STR(PADDED("\x04\x22\x4d\x18"), "lz4");
    CHECK_STR(PADDED("LZIP\1\x0c"), "lzip");
    CHECK_STR(PADDED("\x1f\x9d\x90"), "compress");
    CHECK_STR(PADDED("7z\xbc\xaf\x27\x1c"), "7z");
    CHECK_STR(PADDED("\xed\xab\xee\xdb\3"), "rpm");
    CHECK_STR(PADDED("Rar!\x1a\7\0"), "rar");
    CHECK_STR(PADDED("Rar!\x1a\7\1\0"), "rar5");
    CHECK_STR(PADDED("xar!\0\x1c"), "xar");
    CHECK_STR(PADDED("MSCF\0\0\0\0"), "cab");
    CHECK_STR(PADDED("SQLite format 3\0"), "sqlite");
    CHECK_STR(PADDED("%PDF-1.7"), "pdf");
    CHECK_STR(PADDED("\xfe\xed\xfe\xed\0\0\0\2"), "java keystore");
    CHECK_STR(PADDED("\xce\xce\xce\xce\0\0\0\2"), "java keystore");
}

static void test_container_kind__shapes_tell_the_rest(void **state)
{
    static uint8_t disc[40000];

    (void)state;
    CHECK_STR(PADDED("\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0"),
              "lzma");
    CHECK_STR(PADDED("\x30\x82\x04\x10\2\1\3\x30\x82"), "pkcs12");
    CHECK_STR(PADDED("\x30\x80\2\1\3\x30\x80"), "pkcs12");
    CHECK_STR(PADDED("\x24\x10-lh5-"), "lha");
    CHECK_STR(KIND("!<arch>\n"), "ar");
    CHECK_STR(KIND("!<arch>\ndebian-binary   0           0     0     100644  "
                   "4         `\n2.0\n"),
              "ar");
    memcpy(disc + 32769, "CD001", 5);
    CHECK_STR(kind_of(disc, sizeof(disc)), "iso9660");
    CHECK_STR(kind_of(disc, 32773), "none");
}

static void test_container_kind__tar_is_told_by_its_sum(void **state)
{
    uint8_t tar[512] = "folder/name";
    uint32_t sum = 0;

    (void)state;
    memset(tar + 148, ' ', 8);
    for (size_t i = 0; i < sizeof(tar); i++)
        sum += tar[i];
    snprintf((char *)tar + 148, 8, "%06o", sum);
    tar[155] = ' ';
    CHECK_STR(kind_of(tar, 512), "tar"); /* of the seventh edition */
    CHECK_STR(kind_of(tar, 511), "none");
    tar[3] ^= 1;
    CHECK_STR(kind_of(tar, 512), "none");
    memcpy(tar + 257, "ustar", 5);
    CHECK_STR(kind_of(tar, 512), "none"); /* a word in the right place */
}

static void test_container_kind__cpio_needs_all_of_a_header(void **state)
{
    char head[512];

    (void)state;
    memset(head, '0', sizeof(head));
    memcpy(head, "070701", 6);
    CHECK_STR(kind_of(head, 110), "cpio");
    CHECK_STR(kind_of(head, 109), "none");
    head[80] = 'x';
    CHECK_STR(kind_of(head, 512), "none");
    memcpy(head, "070707", 6);
    CHECK_STR(kind_of(head, 76), "cpio");
    CHECK_STR(PADDED("\xc7\x71\0\0\0\0\xa4\x81\0\0\0\0\0\0\0\0\0\0\0\0\2\0"
                     "\0\0\0\0a"),
              "cpio");
    CHECK_STR(PADDED("\xc7\x71\0\0\0\0\xa4\x81\0\0\0\0\0\0\0\0\0\0\0\0\4\0"
                     "\0\0\0\0a"),
              "none");
}

static void test_container_kind__zlib_needs_a_block_behind_its_mark(void **state)
{
    (void)state;
    /* Stored, and the fixed code. */
    CHECK_STR(KIND("x\x01\x01\x02\x00\xfd\xffhi\x01\x3b\x00\xd2"), "zlib");
    CHECK_STR(KIND("x\x9c\xcb\xc8\x04\x00\x01\x3b\x00\xd2"), "zlib");
    CHECK_STR(KIND("x\x01\x01\x02\x00\xfd\xfehi\x01\x3b\x00\xd2"), "none");
    CHECK_STR(PADDED("x\x9c"), "none");
    CHECK_STR(PADDED("x\x9c\xff\xff\xff\xff\xff"), "none");
    CHECK_STR(PADDED("x\x9c\x03\x02"), "none"); /* repeats what is not */
    CHECK_STR(PADDED("x^2 + y^2 = z^2"), "none");
}

/* Words of a small language, so that lengths, distances and codes vary. */
static void write_words(uint8_t *out, size_t len, uint32_t seed)
{
    static const char *const words[] = {"key ", "of ", "the\n", "\xc3\xa9t ",
                                        "0123456789 ", "x=", "\0\0\0\0", "~"};

    for (size_t at = 0; at < len;) {
        const char *word = words[(seed >> 16) % 8];
        size_t n = (seed >> 16) % 8 == 6 ? 4 : strlen(word);

        seed = seed * 1103515245u + 12345u;
        n = n < len - at ? n : len - at;
        memcpy(out + at, word, n);
        at += n;
    }
}

static void test_container_kind__what_zlib_writes_is_zlib(void **state)
{
    static uint8_t words[5000], packed[6000];

    (void)state;
    for (uint32_t i = 0; i < 2000; i++) {
        uLongf len = sizeof(packed);
        size_t n = 4 + i * i % (i < 1000 ? 90 : 4900);

        write_words(words, n, i);
        CHECK_OK(compress2(packed, &len, words, n, (int)(i % 10)));
        CHECK_STR(kind_of(packed, len < 1024 ? len : 1024), "zlib");
    }
}

/* Every two bytes that could be a mark, before text of several sorts. */
static void test_container_kind__text_is_no_zlib_stream(void **state)
{
    static const char *const texts[] = {
        "2 + 3x + 5\n", "(a, b) = c;\n", "\xc3\xa9t\xc3\xa9 comme hiver\n",
        "\x01\x02 zzz\n", "=1&y=2\n", "\xe4\xbd\xa0\xe5\xa5\xbd, ascii\n"};
    static const char *const marks[] = {"x^", "x\x01", "x\xda", "x\x9c"};
    char text[200];

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        for (size_t k = 0; k < sizeof(marks) / sizeof(marks[0]); k++) {
            snprintf(text, sizeof(text), "%s%s%s%s", marks[k], texts[i],
                     texts[i], texts[i]);
            CHECK_STR(kind_of(text, strlen(text)), "none");
        }
}

static void test_container_kind__a_notebook_is_told_by_its_keys(void **state)
{
    (void)state;
    CHECK_STR(KIND("{\n \"cells\": [\n  {\n   \"cell_type\": \"code\","),
              "notebook");
    CHECK_STR(KIND("{\"cells\":[],\"metadata\":{},\"nbformat\":4}"),
              "notebook");
    CHECK_STR(KIND("{\"nbformat\": 4, \"nbformat_minor\": 0,"), "notebook");
    CHECK_STR(KIND("\xef\xbb\xbf{\"metadata\":{\"kernelspec\":{\"name\":1}}}"),
              "notebook");
    CHECK_STR(KIND("{\"metadata\": {\"name\": \"\"}, \"nbformat\": 3}"),
              "notebook");
}

static void test_container_kind__other_json_is_no_notebook(void **state)
{
    (void)state;
    CHECK_STR(KIND("{}"), "none");
    CHECK_STR(KIND("{\"name\": \"cells\", \"version\": \"1.0.0\"}"), "none");
    CHECK_STR(KIND("{\"cells\": [1, 2, 3]}"), "none");
    CHECK_STR(KIND("{\"cells\": [{\"x\": 1, \"y\": 2}]}"), "none");
    CHECK_STR(KIND("{\"metadata\": {\"name\": \"pod\"}, \"kind\": \"Pod\"}"),
              "none");
    CHECK_STR(KIND("{\"a\": {\"nbformat\": 4, \"cells\": []}}"), "none");
}

static void test_container_kind__text_is_no_container(void **state)
{
    static const char *const texts[] = {
        "", "P", "PK", "PK is short for the name of its author\n",
        "Rar! said the lion, and xar! said nobody\n",
        "#include <stdio.h>\nint main(void) { return 0; }\n",
        "0707010 is a number, and 070707 another one of them\n",
        "BZh9 is how a file of bzip2 begins, and so on\n", "7z x file.7z\n",
        "MSCF: a cabinet\n", "SQLite format 3 is a format\n", "%PDF is one\n",
        "!<arch> is the mark of an archive, and text may well begin with it\n",
        "]]]]]]]]]]]]]]]]]]]]]]]]\n", "LZIP\n", "(((((((((\n",
        "ab-lh5- is what the archives of Mr Yoshizaki have\n",
        "a,b,c\n1,2,3\n", "   indented\n", "\tindented\n", "{{ template }}\n",
        "-----BEGIN CERTIFICATE-----\n", "\xef\xbb\xbftext with a mark\n"};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        CHECK_STR(kind_of(texts[i], strlen(texts[i])), "none");
}

/* What text has at the place of a tar's sum must not matter. */
static void test_container_kind__long_text_is_no_tar(void **state)
{
    char text[SS_CONTAINER_HEAD];

    (void)state;
    for (int digit = '0'; digit < '8'; digit++) {
        memset(text, digit, sizeof(text));
        CHECK_STR(kind_of(text, sizeof(text)), "none");
        memcpy(text + 257, "ustar", 5);
        CHECK_STR(kind_of(text, sizeof(text)), "none");
    }
}

static const char *kind_of_tail(const void *tail, size_t len)
{
    const ss_container_kind *kind =
        ss_container_detect_tail(ss_bytes_of(tail, len));

    return kind ? kind->name : "none";
}
#define TAIL(bytes) kind_of_tail(bytes, sizeof(bytes) - 1)

#define END "PK\5\6\0\0\0\0\1\0\1\0\x40\0\0\0\x80\0\0\0"

static void test_container_kind__a_zip_is_seen_from_its_end(void **state)
{
    (void)state;
    CHECK_STR(TAIL(END "\0\0"), "zip");
    CHECK_STR(TAIL("directory \5 \5" END "\3\0abc"), "zip");
    CHECK_STR(TAIL(END "\3\0ab"), "none");
    CHECK_STR(TAIL(END "\0"), "none");
    CHECK_STR(TAIL("print('PK\\5\\6')  # nothing else behind a script\n"),
              "none");
    CHECK_STR(TAIL(""), "none");
}

static void test_container_kind__only_streams_have_an_encoding(void **state)
{
    (void)state;
    for (size_t i = 0; ss_container_kind_at(i); i++) {
        const ss_container_kind *kind = ss_container_kind_at(i);

        CHECK((kind->encoding >= 0) == (kind->opens == SS_OPENS_STREAM));
        if (kind->encoding >= 0)
            CHECK_STR(ss_encoding_name((ss_encoding)kind->encoding),
                      kind->name);
    }
}

static int is_before_text(const char *head, const char *end, size_t len)
{
    const ss_container_kind *kind = detect_padded(head, strlen(head));

    assert_non_null(kind);
    return ss_container_is_before_text(kind, ss_bytes_of(end, len));
}

static void test_container_kind__text_behind_is_seen_from_its_end(void **state)
{
    (void)state;
    assert_true(is_before_text("PK\3\4x", "\0key = 1234567890", 17));
    assert_true(is_before_text("BZh91AY&SY", "key = 123456789\n", 16));
    assert_false(is_before_text("BZh91AY&SY", "key = 12345678\n", 15));
    assert_false(is_before_text("PK\3\4x", "key = 12345678\0\n", 16));
    assert_false(is_before_text("%PDF-1.7", "startxref\n1\n%%EOF\n", 18));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_container_kind__fixed_bytes_tell_most),
        TEST(test_container_kind__shapes_tell_the_rest),
        TEST(test_container_kind__tar_is_told_by_its_sum),
        TEST(test_container_kind__cpio_needs_all_of_a_header),
        TEST(test_container_kind__zlib_needs_a_block_behind_its_mark),
        TEST(test_container_kind__what_zlib_writes_is_zlib),
        TEST(test_container_kind__text_is_no_zlib_stream),
        TEST(test_container_kind__a_notebook_is_told_by_its_keys),
        TEST(test_container_kind__other_json_is_no_notebook),
        TEST(test_container_kind__text_is_no_container),
        TEST(test_container_kind__long_text_is_no_tar),
        TEST(test_container_kind__a_zip_is_seen_from_its_end),
        TEST(test_container_kind__only_streams_have_an_encoding),
        TEST(test_container_kind__text_behind_is_seen_from_its_end),
    };

    return RUN(tests);
}
