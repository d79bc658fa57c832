/*
 * options.c: copy a size-led struct of the caller's.
 */
#include "options.h"

#include <string.h>

#define MAX_SIZE ((size_t)4096) /* no version's: memory that nobody zeroed */

static int is_zero(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i])
            return 0;
    }
    return 1;
}

int ss_options_copy(void *dst, size_t dst_size, const void *src,
                    secscan_error *err)
{
    size_t size;

    memset(dst, 0, dst_size);
    if (!src)
        return 0;
    memcpy(&size, src, sizeof(size));
    if (size < sizeof(size) || size > MAX_SIZE)
        return ss_fail(err, SECSCAN_ERR_ARG,
                       "the size of the options or the sink is not set");
    if (size > dst_size &&
        !is_zero((const char *)src + dst_size, size - dst_size))
        return ss_fail(err, SECSCAN_ERR_ARG, "option newer than this library");
    memcpy(dst, src, size < dst_size ? size : dst_size);
    return 0;
}

int ss_options_list(const char *const *list, size_t n, const char *name,
                    secscan_error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (!list || !list[i])
            return ss_fail(err, SECSCAN_ERR_ARG,
                           "%s is NULL, or one of its strings is", name);
    }
    return 0;
}

int ss_options_reserved(uint32_t reserved, secscan_error *err)
{
    return reserved
               ? ss_fail(err, SECSCAN_ERR_ARG, "option newer than this library")
               : 0;
}
