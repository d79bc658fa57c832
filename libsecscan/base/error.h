/*
 * error.h: report a failure once, in one line, where it is known.
 * Messages never quote scanned bytes and never wrap a lower layer's message.
 */
#ifndef SS_ERROR_H
#define SS_ERROR_H

#include <secscan.h>

#include <assert.h>

#define ss_assert(condition) assert(condition)

/* Fill *err (which may be NULL) and return `code`. */
int ss_fail(secscan_error *err, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with a place; the message starts with "file:line:column: ". */
int ss_fail_at(secscan_error *err, int code, const char *file, uint32_t line,
               uint32_t column, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

int ss_fail_nomem(secscan_error *err);

#endif
