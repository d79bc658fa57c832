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
/* All of it, not more than `max`: borrowed from memory, or else read into
 * `into`, which then has to outlive *out. 0, 1: it is larger; -1: the bytes or
 * the memory cannot be had. */
int ss_input_all(ss_bytes *out, ss_buf *into, const ss_input *in, size_t max);

#endif
