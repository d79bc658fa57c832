#include "unit.h"

#include "base/buf.h"

static void test_buf__grows_and_keeps_order(void **state)
{
    ss_buf buf = SS_BUF_INIT(1000);

    (void)state;
    for (int i = 0; i < 100; i++)
        CHECK_OK(ss_buf_printf(&buf, "%02d,", i));
    CHECK_INT(buf.len, 300);
    CHECK(ss_bytes_starts(ss_buf_bytes(&buf), "00,01,02,"));
    ss_buf_release(&buf);
}

static void test_buf__maximum_is_held_and_remembered(void **state)
{
    ss_buf buf = SS_BUF_INIT(4);

    (void)state;
    CHECK_OK(ss_buf_puts(&buf, "abcd"));
    CHECK(ss_buf_putc(&buf, 'e'));
    CHECK(buf.failed);
    CHECK_BYTES(ss_buf_bytes(&buf), "abcd");
    ss_buf_release(&buf);
}

static void test_buf__out_of_memory_keeps_what_was_there(void **state)
{
    ss_buf buf = SS_BUF_INIT(1 << 20);
    char big[512] = {0};

    (void)state;
    CHECK_OK(ss_buf_puts(&buf, "abcd"));
    ss_alloc_fail_at(1);
    CHECK(ss_buf_add(&buf, big, sizeof(big)));
    ss_alloc_fail_at(0);
    CHECK_BYTES(ss_buf_bytes(&buf), "abcd");
    ss_buf_release(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_buf__grows_and_keeps_order),
        TEST(test_buf__maximum_is_held_and_remembered),
        TEST(test_buf__out_of_memory_keeps_what_was_there),
    };

    return RUN(tests);
}
