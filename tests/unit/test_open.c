#include "unit.h"

#include "os/dir.h"
#include "os/open.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[64];

static const char *in_root(char out[256], const char *name)
{
    snprintf(out, 256, "%s/%s", root, name);
    return out;
}

static int make_root(void **state)
{
    char path[256];
    int fd;

    (void)state;
    strcpy(root, "/tmp/secscan-test-XXXXXX");
    CHECK(mkdtemp(root));
    CHECK_OK(mkdir(in_root(path, "dir"), 0700));
    fd = open(in_root(path, "file"), O_CREAT | O_WRONLY, 0600);
    CHECK_INT(write(fd, "abc", 3), 3);
    close(fd);
    CHECK_OK(symlink("file", in_root(path, "link")));
    CHECK_OK(symlink("loop", in_root(path, "loop")));
    return mkfifo(in_root(path, "pipe"), 0600);
}

static int remove_root(void **state)
{
    char command[160];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf %s", root);
    return system(command);
}

static ss_open_status open_and_close(const char *name, int follow,
                                     const char **why)
{
    char path[256];
    int fd = -1;
    ss_open_status status = ss_open_file(&fd, in_root(path, name), follow, why);

    ss_file_close(fd);
    return status;
}

static void test_open__what_cannot_be_opened_has_a_status(void **state)
{
    const char *why = NULL;

    (void)state;
    CHECK_INT(open_and_close("file", 0, &why), SS_OPEN_OK);
    CHECK_INT(open_and_close("none", 0, &why), SS_OPEN_GONE);
    CHECK_INT(open_and_close("file/none", 0, &why), SS_OPEN_GONE);
    CHECK_INT(open_and_close("link", 0, &why), SS_OPEN_SYMLINK);
    CHECK_INT(open_and_close("link", 1, &why), SS_OPEN_OK);
    CHECK_INT(open_and_close("loop", 1, &why), SS_OPEN_REFUSED);
    CHECK(why);
    CHECK_INT(open_and_close("pipe", 0, &why), SS_OPEN_OK);
}

static void test_open__reads_to_the_end(void **state)
{
    char path[256], data[8];
    const char *why = NULL;
    int fd = -1;

    (void)state;
    CHECK_OK(ss_open_file(&fd, in_root(path, "file"), 0, NULL));
    CHECK_INT(ss_open_read(fd, data, sizeof(data), &why), 3);
    CHECK_INT(ss_open_read(fd, data, sizeof(data), &why), 0);
    ss_file_close(fd);
    CHECK_OK(ss_open_file(&fd, in_root(path, "dir"), 0, NULL));
    CHECK_INT(ss_open_read(fd, data, sizeof(data), &why), -1);
    CHECK_STR(why, "is a directory");
    ss_file_close(fd);
}

static void test_open__stat_looks_at_links_or_behind_them(void **state)
{
    ss_file_info info;
    char path[256];

    (void)state;
    CHECK_OK(ss_open_stat(in_root(path, "link"), 0, &info, NULL));
    CHECK_INT(info.kind, SS_FILE_SYMLINK);
    CHECK_OK(ss_open_stat(in_root(path, "link"), 1, &info, NULL));
    CHECK_INT(info.kind, SS_FILE_REGULAR);
    CHECK_INT(info.size, 3);
    CHECK_OK(ss_open_stat(in_root(path, "pipe"), 0, &info, NULL));
    CHECK_INT(info.kind, SS_FILE_OTHER);
}

/* 60 directories with names of 200 bytes: three times what one call takes. */
static void test_open__a_path_may_be_longer_than_the_system_takes(void **state)
{
    char name[202], path[60 * 201 + 256];
    size_t len = strlen(root);
    ss_file_info info;
    int at = open(root, O_RDONLY | O_DIRECTORY);
    int fd = -1;

    (void)state;
    memset(name, 'n', 200);
    name[200] = '\0';
    memcpy(path, root, len);
    for (int i = 0; i < 60; i++) {
        int below;

        CHECK_OK(mkdirat(at, name, 0700));
        below = openat(at, name, O_RDONLY | O_DIRECTORY);
        close(at);
        at = below;
        path[len] = '/';
        memcpy(path + len + 1, name, 201);
        len += 201;
    }
    close(openat(at, "x", O_CREAT | O_WRONLY, 0600));
    close(at);
    CHECK_OK(ss_open_directory(&fd, path, 0, NULL));
    ss_file_close(fd);
    memcpy(path + len, "/x", 3);
    CHECK_OK(ss_open_file(&fd, path, 0, NULL));
    ss_file_close(fd);
    CHECK_OK(ss_open_stat(path, 0, &info, NULL));
    CHECK_INT(info.kind, SS_FILE_REGULAR);
    path[len + 1] = 'y';
    CHECK_INT(ss_open_file(&fd, path, 0, NULL), SS_OPEN_GONE);
}

static void test_open__a_name_that_is_too_long_is_refused(void **state)
{
    static char path[9000];
    const char *why = NULL;
    int fd = -1;

    (void)state;
    memset(path, 'n', sizeof(path) - 1);
    CHECK_INT(ss_open_file(&fd, path, 0, &why), SS_OPEN_REFUSED);
    CHECK_STR(why, "name too long");
}

static void test_dir__entries_come_with_their_kind(void **state)
{
    ss_dir dir = SS_DIR_INIT;
    ss_file_kind kind;
    const char *name, *why = NULL;
    int n_files = 0, n_links = 0, n_others = 0;

    (void)state;
    CHECK_OK(ss_dir_open(&dir, root, 0, NULL));
    while (ss_dir_next(&dir, &name, &kind, &why) > 0) {
        n_files += kind == SS_FILE_REGULAR;
        n_links += kind == SS_FILE_SYMLINK;
        n_others += kind == SS_FILE_OTHER;
    }
    ss_dir_close(&dir);
    CHECK(!why);
    CHECK_INT(n_files, 1);
    CHECK_INT(n_links, 2);
    CHECK_INT(n_others, 1);
}

static void test_dir__a_real_path_has_no_links(void **state)
{
    char path[256];
    char *real = NULL;

    (void)state;
    CHECK_OK(ss_dir_real_path(&real, in_root(path, "link"), NULL));
    CHECK_STR(real, in_root(path, "file"));
    ss_free(real);
    CHECK_INT(ss_dir_real_path(&real, in_root(path, "none"), NULL),
              SECSCAN_ERR_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_open__what_cannot_be_opened_has_a_status),
        TEST(test_open__reads_to_the_end),
        TEST(test_open__stat_looks_at_links_or_behind_them),
        TEST(test_open__a_path_may_be_longer_than_the_system_takes),
        TEST(test_open__a_name_that_is_too_long_is_refused),
        TEST(test_dir__entries_come_with_their_kind),
        TEST(test_dir__a_real_path_has_no_links),
    };

    return cmocka_run_group_tests(tests, make_root, remove_root);
}
