/*
 * pack_index.h: a pack's .idx, versions 1 and 2 (gitformat-pack), SHA-1 and
 * SHA-256. Bytes in, ids and offsets out.
 */
#ifndef SS_PACK_INDEX_H
#define SS_PACK_INDEX_H

#include "base/error.h"
#include "source/origin.h"

typedef struct ss_pack_index {
    ss_bytes bytes; /* borrowed */
    size_t id_len;  /* 20 or 32 */
    uint32_t version;
    uint32_t n;
    /* Into `bytes`; v1 has no crc. */
    const uint8_t *fanout, *ids, *crcs, *offsets, *large;
    size_t n_large;
    const uint8_t *pack_checksum;
} ss_pack_index;

/* SECSCAN_ERR_CORRUPT when it is no index or its parts do not fit. */
int ss_pack_index_open(ss_pack_index *out, ss_bytes bytes, size_t id_len,
                       secscan_error *err);
/* The id at a place of the sorted list, id_len bytes. */
const uint8_t *ss_pack_index_id(const ss_pack_index *index, uint32_t at);
/* Offset in the pack; UINT64_MAX when the index says nonsense. */
uint64_t ss_pack_index_offset(const ss_pack_index *index, uint32_t at);
/* 0 with *crc, or -1 when the index has none (version 1). */
int ss_pack_index_crc(const ss_pack_index *index, uint32_t at, uint32_t *crc);
/* The place of an id; UINT32_MAX when it is not in. */
uint32_t ss_pack_index_find(const ss_pack_index *index, const uint8_t *id);

#endif
