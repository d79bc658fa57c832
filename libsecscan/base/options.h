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

/* Has the list called `name` n strings? */
int ss_options_list(const char *const *list, size_t n, const char *name,
                    secscan_error *err);
/* Is what has no meaning yet zero? */
int ss_options_reserved(uint32_t reserved, secscan_error *err);

#endif
