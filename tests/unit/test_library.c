/*
 * test_library.c: a library that is there, and those that are not.
 */
#include "unit.h"

#include "os/library.h"

#include <secscan.h>

static void test_library__finds_a_function(void **state)
{
    (void)state;
    CHECK(ss_library_find(CONTAINERS, "secscan_containers"));
}

static void test_library__without_the_function_is_none(void **state)
{
    (void)state;
    CHECK(!ss_library_find(CONTAINERS, "secscan_no_such_function"));
}

static void test_library__that_is_not_there_is_none(void **state)
{
    (void)state;
    CHECK(!ss_library_find("libsecscan-no-such-library.so.0", "main"));
}

static void test_library__containers_are_opened_by_the_file_named(void **state)
{
    char path[] = CONTAINERS;

    (void)state;
    CHECK(secscan_load_containers(path));
}

static void test_library__another_file_opens_no_containers(void **state)
{
    char path[] = OTHER;

    (void)state;
    CHECK(!secscan_load_containers(path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_library__finds_a_function),
        TEST(test_library__without_the_function_is_none),
        TEST(test_library__that_is_not_there_is_none),
        TEST(test_library__containers_are_opened_by_the_file_named),
        TEST(test_library__another_file_opens_no_containers),
    };

    return RUN(tests);
}
