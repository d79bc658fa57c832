#include "unit.h"

#include "base/map.h"

#include <stdio.h>

static void test_map__finds_each_of_many_keys(void **state)
{
    static char keys[5000][8];
    ss_map map = SS_MAP_INIT;
    int is_new;

    (void)state;
    for (int i = 0; i < 5000; i++) {
        snprintf(keys[i], sizeof(keys[i]), "k%d", i);
        ss_map_put(&map, ss_bytes_str(keys[i]), &is_new)->value.num =
            (uint64_t)i;
        CHECK(is_new);
    }
    for (int i = 0; i < 5000; i++)
        CHECK_INT(ss_map_get(&map, ss_bytes_str(keys[i]))->value.num, i);
    CHECK(!ss_map_get(&map, ss_bytes_str("absent")));
    ss_map_release(&map);
}

static void test_map__second_put_is_the_same_entry(void **state)
{
    ss_map map = SS_MAP_INIT;
    int is_new;

    (void)state;
    ss_map_put(&map, ss_bytes_str("a"), NULL)->value.num = 7;
    CHECK_INT(ss_map_put(&map, ss_bytes_str("a"), &is_new)->value.num, 7);
    CHECK(!is_new);
    CHECK_INT(map.len, 1);
    ss_map_release(&map);
}

static void test_map__empty_map_has_nothing(void **state)
{
    ss_map map = SS_MAP_INIT;

    (void)state;
    CHECK(!ss_map_get(&map, ss_bytes_str("a")));
    ss_map_release(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_map__finds_each_of_many_keys),
        TEST(test_map__second_put_is_the_same_entry),
        TEST(test_map__empty_map_has_nothing),
    };

    return RUN(tests);
}
