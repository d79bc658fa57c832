/*
 * pack_head.c: heads of a pack's entries.
 */
#include "pack_head.h"

enum { TAG = 4, OFS_DELTA = 6, REF_DELTA = 7 };

/* Four bits of the size in the first byte, seven in each of the others. */
static int take_type(ss_bytes *in, uint8_t *type, uint64_t *size)
{
    unsigned shift = 4;
    uint8_t byte;

    if (!in->len)
        return -1;
    byte = *in->data;
    *type = byte >> 4 & 7;
    *size = byte & 15;
    for (;; shift += 7) {
        in->data++;
        in->len--;
        if (!(byte & 0x80))
            return 0;
        if (!in->len || shift > 57)
            return -1;
        byte = *in->data;
        *size |= (uint64_t)(byte & 0x7f) << shift;
    }
}

/* The highest seven bits first; each byte more adds one to what it follows, so
 * that no number has two forms. */
int ss_pack_number_take(ss_bytes *in, uint64_t *out)
{
    uint8_t byte = 0x80;

    *out = 0;
    for (int is_first = 1; byte & 0x80; is_first = 0) {
        if (!in->len || *out > UINT64_MAX >> 8)
            return -1;
        byte = *in->data++;
        in->len--;
        *out = ((*out + !is_first) << 7) | (byte & 0x7f);
    }
    return 0;
}

static int take_base(ss_pack_head *out, uint8_t type, ss_bytes *in,
                     size_t id_len)
{
    if (type == OFS_DELTA)
        return ss_pack_number_take(in, &out->distance) || !out->distance;
    if (in->len < id_len)
        return -1;
    out->base_id = in->data;
    in->data += id_len;
    in->len -= id_len;
    return 0;
}

const char *ss_pack_head_read(ss_pack_head *out, ss_bytes in, size_t id_len)
{
    const uint8_t *start = in.data;
    uint8_t type = 0;

    *out = (ss_pack_head){.base_id = NULL};
    if (take_type(&in, &type, &out->size))
        return "an entry's header";
    if (type == OFS_DELTA || type == REF_DELTA) {
        if (take_base(out, type, &in, id_len))
            return "an entry's base";
    } else if (type == 0 || type > TAG) {
        return "an entry's type";
    } else {
        out->kind = type;
    }
    out->len = (uint8_t)(in.data - start);
    return NULL;
}
