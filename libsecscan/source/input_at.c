/*
 * input_at.c: the two ways to read anywhere, as one.
 */
#include "source/input_at.h"

#include "base/error.h"

uint64_t ss_input_size(const ss_input *in)
{
    return in->memory.data ? in->memory.len : in->size;
}

static ptrdiff_t from_memory(ss_bytes memory, void *to, size_t len,
                             uint64_t offset)
{
    if (offset >= memory.len)
        return 0;
    if (len > memory.len - (size_t)offset)
        len = memory.len - (size_t)offset;
    memcpy(to, memory.data + offset, len);
    return (ptrdiff_t)len;
}

ptrdiff_t ss_input_at(const ss_input *in, void *to, size_t len, uint64_t offset)
{
    size_t done = 0;

    if (in->memory.data)
        return from_memory(in->memory, to, len, offset);
    while (done < len) {
        ptrdiff_t n = in->read_at(in->ctx, (uint8_t *)to + done, len - done,
                                  offset + done);

        if (n < 0)
            return -1;
        if (!n)
            break;
        done += (size_t)n;
    }
    return (ptrdiff_t)done;
}

int ss_input_all(ss_bytes *out, ss_buf *into, const ss_input *in, size_t max)
{
    ptrdiff_t n;

    if (ss_input_size(in) > max)
        return SECSCAN_ERR_LIMIT;
    if (in->memory.data) {
        *out = in->memory;
        return 0;
    }
    if (ss_buf_reserve(into, (size_t)in->size))
        return SECSCAN_ERR_NOMEM;
    n = ss_input_at(in, into->data, (size_t)in->size, 0);
    if (n < 0)
        return SECSCAN_ERR_IO;
    into->len = (size_t)n;
    *out = ss_buf_bytes(into);
    return 0;
}
