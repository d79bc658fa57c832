/*
 * out.c: gather what the writers say and hand it on in pieces of 64 KiB.
 */
#include "out.h"

#include <stdarg.h>
#include <stdio.h>

#define PIECE 65536u

void ss_out_init(ss_out *out, secscan_write_fn write, void *ctx)
{
    *out = (ss_out){SS_BUF_INIT(2 * PIECE), write, ctx, 0};
}

void ss_out_flush(ss_out *out)
{
    if (out->buf.len && !out->is_failed &&
        out->write(out->ctx, (const char *)out->buf.data, out->buf.len))
        out->is_failed = 1;
    ss_buf_reset(&out->buf);
}

void ss_out_add(ss_out *out, const void *data, size_t len)
{
    const uint8_t *at = data;

    while (len > 0 && !out->is_failed) {
        size_t n = len < PIECE ? len : PIECE;

        if (ss_buf_add(&out->buf, at, n))
            out->is_failed = 1;
        if (out->buf.len >= PIECE)
            ss_out_flush(out);
        at += n;
        len -= n;
    }
}

void ss_out_puts(ss_out *out, const char *s)
{
    ss_out_add(out, s, strlen(s));
}

void ss_out_printf(ss_out *out, const char *format, ...)
{
    char text[256];
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (len > 0)
        ss_out_add(out, text,
                   (size_t)len < sizeof(text) ? (size_t)len : sizeof(text) - 1);
}

void ss_out_release(ss_out *out)
{
    ss_buf_release(&out->buf);
}
