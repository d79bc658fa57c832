/*
 * unit.h: cmocka with the headers it wants first, and the checks the tests share.
 */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"

#define CHECK(condition) assert_true(condition)
#define CHECK_OK(call) assert_int_equal((call), 0)
#define CHECK_INT(a, b) assert_int_equal((a), (b))
#define CHECK_STR(a, b) assert_string_equal((a), (b))
#define CHECK_BYTES(a, s) CHECK(ss_bytes_equal((a), ss_bytes_str(s)))
#define TEST(name) cmocka_unit_test(name)
#define RUN(tests) cmocka_run_group_tests(tests, NULL, NULL)

#endif
