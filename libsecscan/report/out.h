/*
 * out.h: the report's bytes on their way to the caller's write function.
 */
#ifndef SS_OUT_H
#define SS_OUT_H

#include "base/buf.h"

#include <secscan.h>

typedef struct ss_out {
    ss_buf buf;
    secscan_write_fn write;
    void *ctx;
    int is_failed; /* memory or the caller's function: nothing follows */
} ss_out;

void ss_out_init(ss_out *out, secscan_write_fn write, void *ctx);
/* Failures are remembered in is_failed, asked for once at the end. */
void ss_out_add(ss_out *out, const void *data, size_t len);
void ss_out_puts(ss_out *out, const char *s);
void ss_out_printf(ss_out *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void ss_out_flush(ss_out *out);
void ss_out_release(ss_out *out); /* wipes; does not flush */

#endif
