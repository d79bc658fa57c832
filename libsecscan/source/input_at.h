/*
 * input_at.h: read an input that can be read anywhere: memory or read_at.
 */
#ifndef SS_INPUT_AT_H
#define SS_INPUT_AT_H

#include "base/buf.h"
#include "source/container.h"

uint64_t ss_input_size(const ss_input *in);
/* As many of the `len` bytes at `offset` as there are; -1: they cannot be had.
 */
ptrdiff_t ss_input_at(const ss_input *in, void *to, size_t len,
                      uint64_t offset);
/* All of it: borrowed from memory, or else read into `into`, which then has to
 * outlive *out. 0, SECSCAN_ERR_LIMIT: more than `max`, SECSCAN_ERR_NOMEM, or
 * SECSCAN_ERR_IO: it cannot be had. */
int ss_input_all(ss_bytes *out, ss_buf *into, const ss_input *in, size_t max);

#endif
