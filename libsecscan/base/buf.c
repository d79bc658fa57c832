/*
 * buf.c: append bytes, grow by doubling up to the maximum.
 */
#include "buf.h"

#include "alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

static int fail(ss_buf *buf)
{
    buf->failed = 1;
    return -1;
}

/* Old memory is wiped: it may have held scanned bytes. */
static int move_to(ss_buf *buf, size_t cap)
{
    uint8_t *data = ss_alloc(cap);

    if (!data)
        return fail(buf);
    if (buf->len)
        memcpy(data, buf->data, buf->len);
    ss_free_wiped(buf->data, buf->len);
    buf->data = data;
    buf->cap = cap;
    return 0;
}

int ss_buf_reserve(ss_buf *buf, size_t more)
{
    size_t cap = buf->cap ? buf->cap : 256;

    if (more > buf->max || buf->len > buf->max - more)
        return fail(buf);
    if (more <= buf->cap - buf->len)
        return 0;
    while (cap < buf->len + more)
        cap = cap > buf->max / 2 ? buf->max : cap * 2;
    return move_to(buf, cap);
}

int ss_buf_add(ss_buf *buf, const void *data, size_t len)
{
    if (ss_buf_reserve(buf, len))
        return -1;
    if (len)
        memcpy(buf->data + buf->len, data, len);
    buf->len += len;
    return 0;
}

int ss_buf_puts(ss_buf *buf, const char *s)
{
    return ss_buf_add(buf, s, strlen(s));
}

int ss_buf_putc(ss_buf *buf, char c)
{
    return ss_buf_add(buf, &c, 1);
}

int ss_buf_printf(ss_buf *buf, const char *format, ...)
{
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0 || ss_buf_reserve(buf, (size_t)len + 1))
        return fail(buf);
    va_start(args, format);
    vsnprintf((char *)buf->data + buf->len, (size_t)len + 1, format, args);
    va_end(args);
    buf->len += (size_t)len;
    return 0;
}

void ss_buf_reset(ss_buf *buf)
{
    if (buf->len)
        explicit_bzero(buf->data, buf->len);
    buf->len = 0;
    buf->failed = 0;
}

void ss_buf_release(ss_buf *buf)
{
    ss_free_wiped(buf->data, buf->cap);
    buf->data = NULL;
    buf->len = buf->cap = 0;
}
