#include "unit.h"

#include "source/git_parse.h"

#define ID "0123456789abcdef0123456789abcdef01234567"

static const char commit_text[] =
    "tree " ID "\n"
    "parent " ID "\n"
    "parent 1123456789abcdef0123456789abcdef01234567\n"
    "author Ada A <ada@x.org> 1700000000 +0130\n"
    "committer Carl <c@x.org> 1700000060 -0200\n"
    "gpgsig -----BEGIN\n more\n"
    "\n"
    "Subject line\n\nBody\n";

static void test_git_parse__commit(void **state)
{
    ss_git_commit c;
    ss_oid parent;

    (void)state;
    CHECK_OK(ss_git_commit_parse(&c, ss_bytes_str(commit_text), 20));
    CHECK_INT(c.tree.id[0], 0x01);
    CHECK_INT(c.tree.id[19], 0x67);
    CHECK_INT(c.tree.id[20], 0);
    CHECK_BYTES(c.author.whole, "Ada A <ada@x.org>");
    CHECK_BYTES(c.author.name, "Ada A");
    CHECK_BYTES(c.author.email, "ada@x.org");
    CHECK_INT(c.author.time, 1700000000);
    CHECK_INT(c.author.offset, 90);
    CHECK_INT(c.committer.offset, -120);
    CHECK_BYTES(c.message, "Subject line\n\nBody\n");
    CHECK_BYTES(ss_git_subject(c.message), "Subject line");
    CHECK_INT(ss_git_parent_next(&parent, &c.parents, 20), 1);
    CHECK_INT(ss_git_parent_next(&parent, &c.parents, 20), 1);
    CHECK_INT(parent.id[0], 0x11);
    CHECK_INT(ss_git_parent_next(&parent, &c.parents, 20), 0);
}

static void test_git_parse__cut_commit_never_reads_past_its_end(void **state)
{
    (void)state;
    for (size_t len = 0; len < sizeof(commit_text); len++) {
        char *copy = ss_alloc(len);
        ss_git_commit c;

        memcpy(copy, commit_text, len);
        ss_git_commit_parse(&c, ss_bytes_of(copy, len), 20);
        ss_free(copy);
    }
}

static void test_git_parse__strange_idents_are_taken_as_they_are(void **state)
{
    ss_git_ident ident;

    (void)state;
    ss_git_ident_parse(&ident, ss_bytes_str("nobody"));
    CHECK_BYTES(ident.whole, "nobody");
    CHECK_INT(ident.time, 0);
    ss_git_ident_parse(&ident, ss_bytes_str("<>"));
    CHECK_BYTES(ident.whole, "<>");
    CHECK_BYTES(ident.email, "");
    ss_git_ident_parse(&ident, ss_bytes_str("a <b> 99999999999999999999 +9x"));
    CHECK(ident.time > 0);
    ss_git_ident_parse(&ident, ss_bytes_str("a <b> c> -5 +0000"));
    CHECK_BYTES(ident.email, "b> c");
    CHECK_INT(ident.time, -5);
    ss_git_ident_parse(&ident, ss_bytes_str(""));
    CHECK_INT(ident.whole.len, 0);
}

static void test_git_parse__tag(void **state)
{
    ss_git_tag tag;

    (void)state;
    CHECK_OK(
        ss_git_tag_parse(&tag,
                         ss_bytes_str("object " ID "\ntype commit\ntag v1\n"
                                      "tagger T <t@x> 5 +0000\n\nmessage\n"),
                         20));
    CHECK_INT(tag.target.id[1], 0x23);
    CHECK_BYTES(tag.tagger.whole, "T <t@x>");
    CHECK_BYTES(tag.message, "message\n");
    CHECK(ss_git_tag_parse(&tag, ss_bytes_str("object 12"), 20) < 0);
}

static void test_git_parse__tree(void **state)
{
    static const char text[] = "100644 a\0aaaaaaaaaaaaaaaaaaaa"
                               "40000 dir\0bbbbbbbbbbbbbbbbbbbb";
    ss_bytes rest = ss_bytes_of(text, sizeof(text) - 1);
    ss_git_entry e;

    (void)state;
    CHECK_INT(ss_git_entry_next(&e, &rest, 20), 1);
    CHECK_BYTES(e.name, "a");
    CHECK_INT(e.mode, 0100644);
    CHECK_INT(ss_git_entry_next(&e, &rest, 20), 1);
    CHECK_BYTES(e.name, "dir");
    CHECK_INT(e.mode, 040000);
    CHECK_INT(e.id[0], 'b');
    CHECK_INT(ss_git_entry_next(&e, &rest, 20), 0);
}

static void test_git_parse__damaged_tree_is_said(void **state)
{
    static const char *const texts[] = {"100644", "100644 a", "x a", "1 \0"};
    ss_git_entry e;

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        ss_bytes rest = ss_bytes_of(texts[i], strlen(texts[i]) + 1);

        CHECK(ss_git_entry_next(&e, &rest, 20) < 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_git_parse__commit),
        TEST(test_git_parse__cut_commit_never_reads_past_its_end),
        TEST(test_git_parse__strange_idents_are_taken_as_they_are),
        TEST(test_git_parse__tag),
        TEST(test_git_parse__tree),
        TEST(test_git_parse__damaged_tree_is_said),
    };

    return RUN(tests);
}
