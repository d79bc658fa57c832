/*
 * error.c: fill the caller's error struct.
 */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void set_error(secscan_error *err, int code, uint32_t line,
                      uint32_t column)
{
    memset(err, 0, sizeof(*err));
    err->code = code;
    err->line = line;
    err->column = column;
}

int ss_fail(secscan_error *err, int code, const char *format, ...)
{
    va_list args;

    if (!err)
        return code;
    set_error(err, code, 0, 0);
    va_start(args, format);
    vsnprintf(err->message, sizeof(err->message), format, args);
    va_end(args);
    return code;
}

int ss_fail_at(secscan_error *err, int code, const char *file, uint32_t line,
               uint32_t column, const char *format, ...)
{
    va_list args;
    int len;

    if (!err)
        return code;
    set_error(err, code, line, column);
    len = snprintf(err->message, sizeof(err->message), "%.120s:%u:%u: ", file,
                   line, column);
    va_start(args, format);
    vsnprintf(err->message + len, sizeof(err->message) - (size_t)len, format,
              args);
    va_end(args);
    return code;
}

int ss_fail_nomem(secscan_error *err)
{
    return ss_fail(err, SECSCAN_ERR_NOMEM, "out of memory");
}
