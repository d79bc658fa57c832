/*
 * pack_index.c: look things up in a pack's index. Trusts no number in it.
 */
#include "pack_index.h"

#define FANOUT_LEN ((size_t)256 * 4)
#define V1_ROW 4u /* an offset stands before each id in version 1 */

static uint32_t read32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           (uint32_t)p[3];
}

static int fail_damaged(secscan_error *err, const char *what)
{
    return ss_fail(err, SECSCAN_ERR_CORRUPT, "damaged pack index: %s", what);
}

/* Counts never fall, and the last is the number of objects. */
static int read_fanout(ss_pack_index *out, secscan_error *err)
{
    uint32_t last = 0;

    for (size_t i = 0; i < 256; i++) {
        uint32_t count = read32(out->fanout + 4 * i);

        if (count < last)
            return fail_damaged(err, "fan-out");
        last = count;
    }
    out->n = last;
    return 0;
}

static int open_v1(ss_pack_index *out, size_t left, secscan_error *err)
{
    size_t row = V1_ROW + out->id_len;

    if (left / row < out->n || left - out->n * row != 2 * out->id_len)
        return fail_damaged(err, "length");
    out->offsets = out->fanout + FANOUT_LEN;
    out->ids = out->offsets + V1_ROW;
    return 0;
}

static int open_v2(ss_pack_index *out, size_t left, secscan_error *err)
{
    size_t row = out->id_len + 8;
    size_t rest;

    if (left / row < out->n)
        return fail_damaged(err, "length");
    rest = left - out->n * row;
    if (rest < 2 * out->id_len || (rest - 2 * out->id_len) % 8)
        return fail_damaged(err, "length");
    out->ids = out->fanout + FANOUT_LEN;
    out->crcs = out->ids + out->n * out->id_len;
    out->offsets = out->crcs + (size_t)4 * out->n;
    out->large = out->offsets + (size_t)4 * out->n;
    out->n_large = (rest - 2 * out->id_len) / 8;
    return 0;
}

int ss_pack_index_open(ss_pack_index *out, ss_bytes bytes, size_t id_len,
                       secscan_error *err)
{
    int is_v2 = bytes.len >= 8 && !memcmp(bytes.data, "\377tOc", 4);
    size_t head = is_v2 ? 8 : 0;
    int rc;

    *out = (ss_pack_index){.bytes = bytes, .id_len = id_len};
    out->version = is_v2 ? read32(bytes.data + 4) : 1;
    if (is_v2 && out->version != 2)
        return fail_damaged(err, "version");
    if (bytes.len < head + FANOUT_LEN + 2 * id_len)
        return fail_damaged(err, "length");
    out->fanout = bytes.data + head;
    rc = read_fanout(out, err);
    if (rc)
        return rc;
    out->pack_checksum = bytes.data + bytes.len - 2 * id_len;
    if (is_v2)
        return open_v2(out, bytes.len - head - FANOUT_LEN, err);
    return open_v1(out, bytes.len - FANOUT_LEN, err);
}

static size_t id_step(const ss_pack_index *index)
{
    return index->version == 1 ? V1_ROW + index->id_len : index->id_len;
}

const uint8_t *ss_pack_index_id(const ss_pack_index *index, uint32_t at)
{
    ss_assert(at < index->n);
    return index->ids + at * id_step(index);
}

static uint64_t large_offset(const ss_pack_index *index, uint32_t at)
{
    const uint8_t *p;

    if (at >= index->n_large)
        return UINT64_MAX;
    p = index->large + (size_t)8 * at;
    return (uint64_t)read32(p) << 32 | read32(p + 4);
}

uint64_t ss_pack_index_offset(const ss_pack_index *index, uint32_t at)
{
    uint32_t offset;

    ss_assert(at < index->n);
    if (index->version == 1)
        return read32(index->offsets + at * id_step(index));
    offset = read32(index->offsets + (size_t)4 * at);
    if (offset & 0x80000000u)
        return large_offset(index, offset & 0x7fffffffu);
    return offset;
}

int ss_pack_index_crc(const ss_pack_index *index, uint32_t at, uint32_t *crc)
{
    if (!index->crcs)
        return -1;
    *crc = read32(index->crcs + (size_t)4 * at);
    return 0;
}

uint32_t ss_pack_index_find(const ss_pack_index *index, const uint8_t *id)
{
    uint32_t low = id[0] ? read32(index->fanout + 4 * (id[0] - 1u)) : 0;
    uint32_t high = read32(index->fanout + (size_t)4 * id[0]);

    while (low < high) {
        uint32_t at = low + (high - low) / 2;
        int order = memcmp(ss_pack_index_id(index, at), id, index->id_len);

        if (!order)
            return at;
        if (order < 0)
            low = at + 1;
        else
            high = at;
    }
    return UINT32_MAX;
}
