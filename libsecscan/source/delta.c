/*
 * delta.c: read and apply git's deltas. Trusts no number in them.
 */
#include "delta.h"

static int fail_damaged(secscan_error *err)
{
    return ss_fail(err, SECSCAN_ERR_CORRUPT, "damaged delta");
}

static int read_size(ss_bytes *in, size_t *out)
{
    unsigned shift = 0;
    uint64_t value = 0;

    for (;;) {
        uint8_t byte;

        if (!in->len || shift > 56)
            return -1;
        byte = *in->data++;
        in->len--;
        value |= (uint64_t)(byte & 0x7f) << shift;
        shift += 7;
        if (!(byte & 0x80))
            break;
    }
    if (value > SIZE_MAX / 2)
        return -1;
    *out = (size_t)value;
    return 0;
}

int ss_delta_open(ss_delta *out, ss_bytes bytes, secscan_error *err)
{
    if (read_size(&bytes, &out->base_len) ||
        read_size(&bytes, &out->result_len))
        return fail_damaged(err);
    out->ops = bytes;
    return 0;
}

/* The bytes of a number that `mask` says are there, lowest first. */
static int read_sparse(ss_bytes *in, unsigned mask, size_t *out)
{
    unsigned shift = 0;

    *out = 0;
    for (; mask; mask >>= 1, shift += 8) {
        if (!(mask & 1))
            continue;
        if (!in->len)
            return -1;
        *out |= (size_t)*in->data++ << shift;
        in->len--;
    }
    return 0;
}

int ss_delta_next(ss_delta *delta, ss_delta_op *op, secscan_error *err)
{
    ss_bytes *in = &delta->ops;
    uint8_t code = *in->data++;

    in->len--;
    op->is_copy = code >> 7;
    op->literal = in->data;
    op->len = code;
    if (op->is_copy) {
        if (read_sparse(in, code & 0xfu, &op->from) ||
            read_sparse(in, code >> 4 & 7u, &op->len))
            return fail_damaged(err);
        if (!op->len)
            op->len = 0x10000;
        return 0;
    }
    if (!code || op->len > in->len)
        return fail_damaged(err);
    in->data += op->len;
    in->len -= op->len;
    return 0;
}

int ss_delta_apply(ss_delta delta, ss_bytes base, uint8_t *out,
                   secscan_error *err)
{
    size_t left = delta.result_len;

    if (delta.base_len != base.len)
        return fail_damaged(err);
    while (delta.ops.len) {
        ss_delta_op op = {0};
        int rc = ss_delta_next(&delta, &op, err);

        if (rc)
            return rc;
        if (op.len > left)
            return fail_damaged(err);
        if (op.is_copy && (op.from > base.len || op.len > base.len - op.from))
            return fail_damaged(err);
        memcpy(out, op.is_copy ? base.data + op.from : op.literal, op.len);
        out += op.len;
        left -= op.len;
    }
    return left ? fail_damaged(err) : 0;
}
