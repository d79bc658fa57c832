#include "unit.h"

#include "source/pack_window.h"

#include <stdlib.h>
#include <unistd.h>

#define SIZE 300000u

static char path[] = "/tmp/secscan-window-XXXXXX";
static uint8_t bytes[SIZE];

static int fd;

static int make_file(void **state)
{
    (void)state;
    fd = mkstemp(path);
    for (uint32_t i = 0; i < SIZE; i++)
        bytes[i] = (uint8_t)(i * 2654435761u >> 24);
    if (fd < 0 || write(fd, bytes, SIZE) != (ssize_t)SIZE)
        return -1;
    return unlink(path);
}

static int drop_file(void **state)
{
    (void)state;
    return close(fd);
}

static void check(ss_pack_window *w, uint64_t offset, size_t len,
                  size_t expected)
{
    secscan_error err;
    ss_bytes out;

    CHECK_OK(ss_pack_window_look(w, fd, offset, len, &out, &err));
    CHECK_INT(out.len, expected);
    CHECK(!memcmp(out.data, bytes + offset, expected));
}

static void test_pack_window__pieces_in_any_order(void **state)
{
    ss_pack_window w = {0};
    uint32_t seed = 1;

    (void)state;
    for (int i = 0; i < 3000; i++) {
        uint32_t offset, len;

        seed = seed * 1664525u + 1013904223u;
        offset = (seed >> 8) % SIZE;
        len = (seed >> 4) % (i % 10 ? 500 : 200000);
        check(&w, offset, len, len < SIZE - offset ? len : SIZE - offset);
    }
    ss_pack_window_release(&w);
}

static void test_pack_window__one_behind_the_other(void **state)
{
    ss_pack_window w = {0};
    uint32_t at = 0;

    (void)state;
    for (uint32_t len = 1; at + len <= SIZE; at += len, len = len * 7 % 997 + 1)
        check(&w, at, len, len);
    ss_pack_window_release(&w);
}

static void test_pack_window__the_end_of_the_file_shortens(void **state)
{
    ss_pack_window w = {0};

    (void)state;
    check(&w, SIZE - 10, 100, 10);
    check(&w, SIZE - 5, 100, 5);
    check(&w, SIZE, 100, 0);
    ss_pack_window_release(&w);
}

static void test_pack_window__a_file_that_cannot_be_read_is_said(void **state)
{
    ss_pack_window w = {0};
    secscan_error err = {0};
    ss_bytes out;

    (void)state;
    CHECK_INT(ss_pack_window_look(&w, -1, 0, 10, &out, &err), SECSCAN_ERR_IO);
    CHECK_INT(err.code, SECSCAN_ERR_IO);
    ss_pack_window_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_pack_window__pieces_in_any_order),
        TEST(test_pack_window__one_behind_the_other),
        TEST(test_pack_window__the_end_of_the_file_shortens),
        TEST(test_pack_window__a_file_that_cannot_be_read_is_said),
    };

    return cmocka_run_group_tests(tests, make_file, drop_file);
}
