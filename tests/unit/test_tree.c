#include "unit.h"

#include "base/buf.h"
#include "source/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[64];

static void write_file(const char *name, const char *text)
{
    char path[256];
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", root, name);
    f = fopen(path, "w");
    CHECK(f);
    fputs(text, f);
    fclose(f);
}

static void make_dir(const char *name)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/%s", root, name);
    CHECK_OK(mkdir(path, 0700));
}

/* A repository as far as a walk looks: .git with HEAD, no index. */
static int make_tree(void **state)
{
    (void)state;
    strcpy(root, "/tmp/secscan-test-XXXXXX");
    CHECK(mkdtemp(root));
    make_dir(".git");
    make_dir(".git/info");
    write_file(".git/HEAD", "ref: refs/heads/main\n");
    write_file(".git/info/exclude", "*.tmp\n");
    write_file(".gitignore", "*.log\n");
    make_dir("a");
    write_file("a/x", "");
    write_file("a/x.log", "");
    write_file("a.c", "");
    write_file("b.tmp", "");
    return 0;
}

static int remove_tree(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf %s", root);
    return system(command);
}

/* The paths of a walk, without the root and a comma behind each, in `out`. */
static int walk(ss_buf *out, const char *path, unsigned flags, ss_seen *seen)
{
    ss_tree *tree = NULL;
    ss_tree_entry entry;
    int rc = ss_tree_new(&tree, path, flags, seen, NULL);

    out->len = 0;
    if (!rc)
        rc = ss_tree_next(tree, &entry, NULL);
    while (rc > 0) {
        ss_buf_puts(out, entry.path + strlen(root) + 1);
        ss_buf_putc(out, entry.is_ignored ? '!' : ',');
        rc = ss_tree_next(tree, &entry, NULL);
    }
    ss_tree_free(tree);
    return rc;
}

static void test_tree__ignored_files_are_left_out(void **state)
{
    ss_buf got = SS_BUF_INIT(4096);

    (void)state;
    CHECK_OK(walk(&got, root, 0, NULL));
    CHECK_BYTES(ss_buf_bytes(&got), ".gitignore,a.c,a/x,");
    ss_buf_release(&got);
}

static void test_tree__ignored_files_are_marked_when_wanted(void **state)
{
    ss_buf got = SS_BUF_INIT(4096);

    (void)state;
    CHECK_OK(walk(&got, root, SS_TREE_IGNORED, NULL));
    CHECK_BYTES(ss_buf_bytes(&got), ".gitignore,a.c,a/x,a/x.log!b.tmp!");
    ss_buf_release(&got);
}

static void test_tree__what_was_seen_is_not_given_again(void **state)
{
    ss_seen seen = SS_SEEN_INIT;
    ss_buf got = SS_BUF_INIT(4096);
    char path[128];

    (void)state;
    snprintf(path, sizeof(path), "%s/a/", root);
    CHECK_OK(walk(&got, path, 0, &seen));
    CHECK_BYTES(ss_buf_bytes(&got), "a/x,");
    CHECK_OK(walk(&got, root, 0, &seen));
    CHECK_BYTES(ss_buf_bytes(&got), ".gitignore,a.c,");
    ss_seen_release(&seen);
    ss_buf_release(&got);
}

static void test_tree__a_path_that_does_not_exist_is_an_error(void **state)
{
    secscan_error err = {0};
    ss_tree *tree = NULL;

    (void)state;
    CHECK_INT(ss_tree_new(&tree, "/nonexistent/x", 0, NULL, &err),
              SECSCAN_ERR_IO);
    CHECK_STR(err.message, "/nonexistent/x: does not exist");
    CHECK_INT(ss_tree_new(&tree, "/dev/null", 0, NULL, &err), SECSCAN_ERR_IO);
    CHECK(!tree);
}

/* An ignore file for which there is no memory hides nothing. */
static void test_tree__every_allocation_may_fail(void **state)
{
    ss_buf got = SS_BUF_INIT(4096);
    int rc = SECSCAN_ERR_NOMEM;

    (void)state;
    CHECK_OK(ss_buf_reserve(&got, 2048));
    for (unsigned long n = 1; n < 500; n++) {
        ss_seen seen = SS_SEEN_INIT;
        unsigned long used;

        ss_alloc_fail_at(n);
        rc = walk(&got, root, SS_TREE_FOLLOW, &seen);
        used = ss_alloc_count();
        ss_alloc_fail_at(0);
        ss_seen_release(&seen);
        CHECK(rc == 0 || rc == SECSCAN_ERR_NOMEM);
        if (used < n)
            break;
    }
    CHECK_OK(rc);
    ss_buf_release(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_tree__ignored_files_are_left_out),
        TEST(test_tree__ignored_files_are_marked_when_wanted),
        TEST(test_tree__what_was_seen_is_not_given_again),
        TEST(test_tree__a_path_that_does_not_exist_is_an_error),
        TEST(test_tree__every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
