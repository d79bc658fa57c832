/*
 * options.h: options structs that survive: an older caller's missing tail reads
 * as zero, a newer caller's unknown tail has to be zero.
 */
#ifndef SS_OPTIONS_H
#define SS_OPTIONS_H

#include "error.h"

/* Copy the caller's struct at `src` (NULL: all defaults) into `dst`, of
 * dst_size bytes, whose first member is a size_t size. */
int ss_options_copy(void *dst, size_t dst_size, const void *src,
                    secscan_error *err);

#endif
