#include "unit.h"

#include "source/ignore.h"

/* The verdict of one file in the root. */
static int ignores_as(const char *text, const char *path, int is_dir)
{
    ss_ignore ignore = SS_IGNORE_INIT;
    int verdict;

    CHECK_OK(ss_ignore_push(&ignore, ss_bytes_str(text), 0, NULL));
    verdict = ss_ignore_match(&ignore, ss_bytes_str(path), is_dir);
    ss_ignore_release(&ignore);
    return verdict;
}

static int ignores(const char *text, const char *path)
{
    return ignores_as(text, path, 0);
}

static void test_ignore__a_name_matches_at_any_depth(void **state)
{
    (void)state;
    CHECK(ignores(".env", ".env"));
    CHECK(ignores(".env", "a/b/.env"));
    CHECK(ignores("*.log", "a/x.log"));
    CHECK(ignores("x*g", "a/x.log"));
    CHECK(!ignores(".env", ".envrc"));
    CHECK(!ignores("", "a"));
    CHECK(!ignores("/\n!\n!/\n", "a"));
}

static void test_ignore__a_slash_anchors(void **state)
{
    (void)state;
    CHECK(ignores("/a", "a"));
    CHECK(!ignores("/a", "b/a"));
    CHECK(ignores("a/b", "a/b"));
    CHECK(!ignores("a/b", "c/a/b"));
    CHECK(!ignores("a/b", "a/bc"));
}

static void test_ignore__a_slash_at_the_end_means_directories(void **state)
{
    (void)state;
    CHECK(ignores_as("out/", "a/out", 1));
    CHECK(!ignores_as("out/", "a/out", 0));
}

static void test_ignore__the_last_match_decides(void **state)
{
    (void)state;
    CHECK(!ignores("*.log\n!keep.log\n", "keep.log"));
    CHECK(ignores("!keep.log\n*.log\n", "keep.log"));
    CHECK(ignores("*.log\n!keep.log\n", "a.log"));
}

static void test_ignore__comments_escapes_and_spaces(void **state)
{
    (void)state;
    CHECK(!ignores("#a", "#a"));
    CHECK(ignores("\\#a", "#a"));
    CHECK(ignores("\\!a", "!a"));
    CHECK(ignores("a  ", "a"));
    CHECK(ignores("a\\ ", "a "));
    CHECK(ignores("a\\  ", "a "));
    CHECK(ignores("a\r\n", "a"));
    CHECK(ignores("\xef\xbb\xbf"
                  "a\n",
                  "a"));
    CHECK(!ignores("a\t", "a"));
}

static void test_ignore__the_deepest_file_decides(void **state)
{
    ss_ignore ignore = SS_IGNORE_INIT;

    (void)state;
    CHECK_OK(ss_ignore_push(&ignore, ss_bytes_str("*.o\n"), 0, NULL));
    CHECK_OK(ss_ignore_push(&ignore, ss_bytes_str("!a.o\n/b\n"), 4, NULL));
    CHECK(!ss_ignore_match(&ignore, ss_bytes_str("sub/a.o"), 0));
    CHECK(ss_ignore_match(&ignore, ss_bytes_str("sub/c.o"), 0));
    CHECK(ss_ignore_match(&ignore, ss_bytes_str("sub/b"), 0));
    ss_ignore_pop(&ignore);
    CHECK(ss_ignore_match(&ignore, ss_bytes_str("sub/a.o"), 0));
    CHECK(!ss_ignore_match(&ignore, ss_bytes_str("sub/b"), 0));
    ss_ignore_release(&ignore);
}

static void test_ignore__every_allocation_may_fail(void **state)
{
    (void)state;
    for (unsigned long n = 1; n <= 3; n++) {
        ss_ignore ignore = SS_IGNORE_INIT;

        ss_alloc_fail_at(n);
        CHECK_INT(ss_ignore_push(&ignore, ss_bytes_str("a\nb\n"), 0, NULL),
                  SECSCAN_ERR_NOMEM);
        ss_alloc_fail_at(0);
        ss_ignore_release(&ignore);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_ignore__a_name_matches_at_any_depth),
        TEST(test_ignore__a_slash_anchors),
        TEST(test_ignore__a_slash_at_the_end_means_directories),
        TEST(test_ignore__the_last_match_decides),
        TEST(test_ignore__comments_escapes_and_spaces),
        TEST(test_ignore__the_deepest_file_decides),
        TEST(test_ignore__every_allocation_may_fail),
    };

    return RUN(tests);
}
