/*
 * buf.h: a growable run of bytes with a maximum fixed at birth.
 */
#ifndef SS_BUF_H
#define SS_BUF_H

#include "bytes.h"

typedef struct ss_buf {
    uint8_t *data;
    size_t len, cap, max;
    int failed; /* an append did not fit: say so once, at the end */
} ss_buf;

#define SS_BUF_INIT(maximum)                                                   \
    {                                                                          \
        NULL, 0, 0, (maximum), 0                                               \
    }

/* Each returns 0, or -1 (and sets `failed`) when memory or the maximum ends. */
int ss_buf_reserve(ss_buf *buf, size_t more);
int ss_buf_add(ss_buf *buf, const void *data, size_t len);
int ss_buf_puts(ss_buf *buf, const char *s);
int ss_buf_putc(ss_buf *buf, char c);
int ss_buf_printf(ss_buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static inline ss_bytes ss_buf_bytes(const ss_buf *buf)
{
    return ss_bytes_of(buf->data, buf->len);
}
void ss_buf_reset(ss_buf *buf);   /* wipe, keep the memory */
void ss_buf_release(ss_buf *buf); /* wipe and free */

#endif
