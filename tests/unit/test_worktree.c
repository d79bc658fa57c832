#include "unit.h"

#include "source/worktree.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

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

/* As a linked work tree lies: .git names a directory, which names another. */
static int make_root(void **state)
{
    (void)state;
    strcpy(root, "/tmp/secscan-test-XXXXXX");
    CHECK(mkdtemp(root));
    make_dir("main");
    make_dir("main/info");
    make_dir("main/linked");
    write_file("main/info/exclude", "*.tmp\n");
    write_file("main/linked/HEAD", "ref: refs/heads/w\n");
    write_file("main/linked/commondir", "..\n");
    make_dir("work");
    make_dir("work/sub");
    write_file("work/.git", "gitdir: ../main/linked\n");
    make_dir("none");
    write_file("none/.git", "not a link\n");
    make_dir("gone");
    write_file("gone/.git", "gitdir: /nonexistent\n");
    return 0;
}

static int remove_root(void **state)
{
    char command[160];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf %s", root);
    return system(command);
}

static ss_worktree *open_at(const char *name)
{
    ss_worktree *tree = NULL;
    char path[256];

    snprintf(path, sizeof(path), "%s/%s/", root, name);
    CHECK_OK(ss_worktree_open(&tree, path, 1, NULL));
    return tree;
}

static void test_worktree__a_git_file_leads_to_what_is_shared(void **state)
{
    ss_worktree *tree = open_at("work");

    (void)state;
    CHECK(tree);
    CHECK(tree->has_index);
    CHECK(ss_ignore_match(&tree->ignore, ss_bytes_str("a.tmp"), 0));
    CHECK(!ss_worktree_is_tracked(tree, ss_bytes_str("a.tmp")));
    CHECK(!ss_worktree_has_below(tree, ss_bytes_str("sub/")));
    ss_worktree_free(tree);
}

static void test_worktree__a_git_file_that_leads_nowhere_is_none(void **state)
{
    (void)state;
    CHECK(!open_at("none"));
    CHECK(!open_at("gone"));
    CHECK(!open_at("main"));
}

static void test_worktree__it_is_found_from_below(void **state)
{
    ss_worktree *tree = NULL;
    char path[256];
    size_t root_len = 0;

    (void)state;
    snprintf(path, sizeof(path), "%s/work/sub", root);
    CHECK_OK(ss_worktree_find(&tree, &root_len, path, 0, NULL));
    CHECK(tree);
    CHECK_INT(root_len, strlen(path) - 4);
    ss_worktree_free(tree);
    snprintf(path, sizeof(path), "%s/none", root);
    CHECK_OK(ss_worktree_find(&tree, &root_len, path, 0, NULL));
    CHECK(!tree);
}

static void test_worktree__every_allocation_may_fail(void **state)
{
    char path[256];

    (void)state;
    snprintf(path, sizeof(path), "%s/work/", root);
    for (unsigned long n = 1; n < 100; n++) {
        ss_worktree *tree = NULL;
        unsigned long used;
        int rc;

        ss_alloc_fail_at(n);
        rc = ss_worktree_open(&tree, path, 1, NULL);
        used = ss_alloc_count();
        ss_alloc_fail_at(0);
        CHECK(rc == 0 || rc == SECSCAN_ERR_NOMEM);
        CHECK(!rc || !tree);
        ss_worktree_free(tree);
        if (used < n)
            return;
    }
    CHECK(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_worktree__a_git_file_leads_to_what_is_shared),
        TEST(test_worktree__a_git_file_that_leads_nowhere_is_none),
        TEST(test_worktree__it_is_found_from_below),
        TEST(test_worktree__every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, make_root, remove_root);
}
