#include "unit.h"

#include "source/git_store.h"

/* A pack index, version 2, of n objects whose ids begin with their number. */
static ss_buf made_idx(unsigned n, int is_large)
{
    ss_buf b = SS_BUF_INIT(1 << 20);
    static const uint8_t zero[64];

    ss_buf_add(&b, "\377tOc\0\0\0\2", 8);
    for (unsigned i = 0; i < 256; i++) {
        unsigned below = i < n ? i + 1 : n;
        uint8_t p[4] = {0, 0, (uint8_t)(below >> 8), (uint8_t)below};

        ss_buf_add(&b, p, 4);
    }
    for (unsigned i = 0; i < n; i++) {
        ss_buf_putc(&b, (char)i);
        ss_buf_add(&b, zero, 19);
    }
    for (unsigned i = 0; i < n; i++) ss_buf_add(&b, zero, 4);
    for (unsigned i = 0; i < n; i++) {
        uint8_t p[4] = {(uint8_t)(is_large ? 0x80 : 0), 0, 0,
                        (uint8_t)(is_large ? 0 : 10 * i)};

        ss_buf_add(&b, p, 4);
    }
    if (is_large)
        ss_buf_add(&b, "\0\0\0\1\0\0\0\5", 8);
    ss_buf_add(&b, zero, 40);
    return b;
}

static void test_git_store__ids_and_places_of_an_index(void **state)
{
    ss_git_objects objects = {.fan = NULL};
    ss_buf b = made_idx(5, 0);
    uint32_t order[] = {4, 1, 3};

    (void)state;
    CHECK_OK(ss_git_store_read_idx(&objects, ss_buf_bytes(&b), 0, 20));
    CHECK_OK(ss_git_store_read_idx(&objects, ss_buf_bytes(&b), 1, 20));
    CHECK_OK(ss_git_store_sort(&objects, NULL));
    CHECK_INT(objects.list.len, 5);
    CHECK_INT(objects.list.at[3].place, 30);
    CHECK_INT(
        ss_git_objects_find(&objects, objects.list.at[2].id.id, 20), 2);
    CHECK_OK(ss_git_store_order(order, 3, &objects, NULL));
    CHECK_INT(order[0], 1);
    CHECK_INT(order[2], 4);
    ss_git_objects_release(&objects);
    ss_buf_release(&b);
}

static void test_git_store__offsets_over_2_gib(void **state)
{
    ss_git_objects objects = {.fan = NULL};
    ss_buf b = made_idx(1, 1);

    (void)state;
    CHECK_OK(ss_git_store_read_idx(&objects, ss_buf_bytes(&b), 0, 20));
    CHECK(objects.list.at[0].place == ((uint64_t)1 << 32 | 5));
    ss_git_objects_release(&objects);
    ss_buf_release(&b);
}

static void test_git_store__cut_index_is_damaged(void **state)
{
    ss_buf b = made_idx(3, 0);

    (void)state;
    for (size_t len = 0; len < b.len; len++) {
        ss_git_objects objects = {.fan = NULL};
        uint8_t *copy = ss_alloc(len);

        memcpy(copy, b.data, len);
        CHECK(ss_git_store_read_idx(&objects, ss_bytes_of(copy, len), 0, 20) <
              0);
        ss_git_objects_release(&objects);
        ss_free(copy);
    }
    ss_buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_git_store__ids_and_places_of_an_index),
        TEST(test_git_store__offsets_over_2_gib),
        TEST(test_git_store__cut_index_is_damaged),
    };

    return RUN(tests);
}
