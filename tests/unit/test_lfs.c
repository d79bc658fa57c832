#include "unit.h"

#include "source/lfs.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define START "version https://git-lfs.github.com/spec/v1\n"

static int is_pointer(const char *text)
{
    ss_lfs_id id;

    if (!ss_lfs_pointer_read(&id, ss_bytes_str(text)))
        return 0;
    CHECK_STR(id.hex, ID);
    return 1;
}

static void test_lfs__pointers(void **state)
{
    (void)state;
    CHECK(is_pointer(START "oid sha256:" ID "\nsize 12\n"));
    CHECK(is_pointer(START "ext-0-foo sha256:ff\noid sha256:" ID "\n"));
    CHECK(is_pointer(START "oid sha256:" ID "\r\nsize 12\r\n"));
    CHECK(is_pointer(START "oid sha256:" ID));
    CHECK(is_pointer("version https://hawser.github.com/spec/v1\noid sha256:" ID
                     "\nsize 12\n"));
}

static void test_lfs__what_is_no_pointer(void **state)
{
    static char large[2048];

    (void)state;
    CHECK(!is_pointer(""));
    CHECK(!is_pointer(START));
    CHECK(!is_pointer("oid sha256:" ID "\n"));
    CHECK(!is_pointer(START "oid sha256:" ID "0\n"));
    CHECK(!is_pointer(START "oid sha256:xyz\n"));
    CHECK(!is_pointer(START "oid md5:" ID "\n"));
    memset(large, '#', sizeof(large) - 1);
    memcpy(large, START "oid sha256:" ID "\n", sizeof(START) + 75);
    CHECK(!is_pointer(large));
}

static void test_lfs__path_of_an_object(void **state)
{
    ss_arena arena = SS_ARENA_INIT;
    ss_lfs_id id = {ID};

    (void)state;
    CHECK_STR(ss_lfs_path(&arena, "/r/.git/", &id),
              "/r/.git/lfs/objects/01/23/" ID);
    ss_arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_lfs__pointers),
        TEST(test_lfs__what_is_no_pointer),
        TEST(test_lfs__path_of_an_object),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
