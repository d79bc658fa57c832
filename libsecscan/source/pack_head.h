/*
 * pack_head.h: what stands in front of an entry's bytes in a pack
 * (gitformat-pack). Bytes in, numbers out; trusts none of them.
 */
#ifndef SS_PACK_HEAD_H
#define SS_PACK_HEAD_H

#include "base/bytes.h"

#define SS_PACK_MAX_HEAD 64u /* type, size, and an offset or an id */

typedef struct ss_pack_head {
    uint64_t size;          /* inflated */
    uint64_t distance;      /* back to the base; 0: it is not said so */
    const uint8_t *base_id; /* borrowed; NULL: it is not said so */
    uint8_t kind;           /* ss_object_kind; 0: a delta */
    uint8_t len;            /* of the head itself */
} ss_pack_head;

/* NULL, or what is wrong. */
const char *ss_pack_head_read(ss_pack_head *out, ss_bytes in, size_t id_len);

/* A number as packs write distances, and reftables all theirs. 0, or nonzero
 * when it does not end or does not fit. */
int ss_pack_number_take(ss_bytes *in, uint64_t *out);

#endif
