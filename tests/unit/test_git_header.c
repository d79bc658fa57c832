#include "unit.h"

#include "source/git_header.h"

#define ID "0123456789abcdef0123456789abcdef01234567"
#define B64 "iQIzBAABCAAdFiEEabcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV"

static ss_buf rest_of(const char *object)
{
    ss_buf out = SS_BUF_INIT(1 << 16);

    CHECK_OK(ss_git_header_rest(&out, ss_bytes_str(object), 20));
    return out;
}

/* The lines of a header that hold anything but blanks, each trimmed. */
static void check_rest(const char *object, const char *wanted)
{
    ss_buf rest = rest_of(object);
    ss_bytes line, bytes = ss_buf_bytes(&rest);
    char text[1024] = "";

    while (ss_bytes_line(&line, &bytes)) {
        while (line.len && line.data[line.len - 1] == ' ')
            line.len--;
        while (line.len && line.data[0] == ' ') {
            line.data++;
            line.len--;
        }
        if (line.len) {
            strncat(text, (const char *)line.data, line.len);
            strcat(text, "|");
        }
    }
    CHECK_STR(text, wanted);
    ss_buf_release(&rest);
}

static void test_git_header__plain_objects_have_no_rest(void **state)
{
    (void)state;
    check_rest("tree " ID "\nparent " ID "\nauthor A <a@x> 1 +0000\n"
               "committer B <b@x> 1700000000 -0330\n\nmessage x\n",
               "");
    check_rest("tree " ID "\nauthor A <a@x> 1 +0000", "");
    check_rest("", "");
}

static void test_git_header__what_is_more_stays_in_its_place(void **state)
{
    ss_buf rest = rest_of("tree " ID "\nauthor \xc3\xb6 <a@x> 1 +0000 more\n"
                          "\nmessage\n");

    (void)state;
    CHECK_INT(rest.len, 46 + 30);
    CHECK_INT(memcmp(rest.data + 46 + 24, "more\n", 5), 0);
    /* Columns count what starts a character. */
    CHECK_INT(rest.data[46 + 7], ' ');
    CHECK_INT(rest.data[46 + 8], 0xb6);
    ss_buf_release(&rest);
}

static void test_git_header__strange_lines_stay(void **state)
{
    (void)state;
    check_rest("tree " ID " x\n\n", "x|");
    check_rest("tree " ID "\nparent nothing\n\n", "parent nothing|");
    check_rest("tree " ID "\nauthor A <a> 1 +0000\nauthor B <b> 2 +0000\n",
               "author B <b> 2 +0000|");
    check_rest("tree " ID "\nauthor A <a> then +0000\n", "then +0000|");
    check_rest("tree " ID "\nencoding UTF-16\nx y\n z\n", "encoding UTF-16|"
                                                          "x y|z|");
}

static void test_git_header__tags_keep_their_name(void **state)
{
    (void)state;
    check_rest("object " ID "\ntype commit\ntag v1\ntagger A <a> 1 +0000\n\nm",
               "tag v1|");
    check_rest("object " ID "\ntype other\ntag v1\n", "type other|tag v1|");
}

static void test_git_header__merged_tag(void **state)
{
    (void)state;
    check_rest("tree " ID "\nmergetag object " ID "\n type commit\n\nx",
               "type commit|");
}

static void test_git_header__only_the_body_of_a_signature_goes(void **state)
{
    (void)state;
    check_rest("tree " ID "\ngpgsig -----BEGIN PGP SIGNATURE-----\n"
               " Comment: c\n \n " B64 "\n " B64 "\n abc=\n =wxyz\n"
               " -----END PGP SIGNATURE-----\n " B64 "\n\nx",
               "gpgsig -----BEGIN PGP SIGNATURE-----|Comment: c|abc=|=wxyz|"
               "-----END PGP SIGNATURE-----|" B64 "|");
    check_rest("tree " ID "\nx -----BEGIN PRIVATE KEY-----\n " B64 "\n\nx",
               "x -----BEGIN PRIVATE KEY-----|" B64 "|");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_git_header__plain_objects_have_no_rest),
        TEST(test_git_header__what_is_more_stays_in_its_place),
        TEST(test_git_header__strange_lines_stay),
        TEST(test_git_header__tags_keep_their_name),
        TEST(test_git_header__merged_tag),
        TEST(test_git_header__only_the_body_of_a_signature_goes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
