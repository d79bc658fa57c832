/*
 * line_case.h: ask about a value in its line. The value stands between marks,
 * token = ${abc}$, that make it a placeholder for whoever scans the tests.
 */
#ifndef LINE_CASE_H
#define LINE_CASE_H

#include "unit.h"

typedef int (*line_question)(ss_bytes line, size_t at, size_t len);

static inline int ask_line(line_question ask, const char *marked)
{
    char line[512];
    size_t len = 0, marks[2] = {0}, n_marks = 0;

    for (; *marked; marked++) {
        if (!strncmp(marked, n_marks == 0 ? "${" : "}$", 2) && n_marks < 2) {
            marks[n_marks++] = len;
            marked++;
        } else {
            line[len++] = *marked;
        }
    }
    assert_int_equal(n_marks, 2);
    return ask(ss_bytes_of(line, len), marks[0], marks[1] - marks[0]);
}

static inline void ask_lines(line_question ask, const char *const *lines,
                             size_t n, int expected)
{
    for (size_t i = 0; i < n; i++) {
        if (ask_line(ask, lines[i]) != expected)
            fail_msg("%s: not as expected", lines[i]);
    }
}

#define LINES(ask, expected, ...)                                              \
    do {                                                                       \
        static const char *const lines[] = {__VA_ARGS__};                      \
        ask_lines(ask, lines, sizeof(lines) / sizeof(lines[0]), expected);     \
    } while (0)

#endif
