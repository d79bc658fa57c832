/*
 * pack_file.h: one pack for reading an object here and there. Nothing is kept
 * but the index's fan-out: an id costs a few small reads. pack.h is for reading
 * all of it. Safe from several threads once it is open.
 */
#ifndef SS_PACK_FILE_H
#define SS_PACK_FILE_H

#include "source/inflate.h"
#include "source/pack.h"

typedef struct ss_pack_file {
    int index_fd, fd;
    size_t id_len;
    uint32_t version, n;
    uint32_t fanout[257]; /* ids that begin with less than i */
    uint64_t index_len;
    uint64_t end; /* of the entries: where the trailer begins */
} ss_pack_file;

#define SS_PACK_FILE_INIT                                                      \
    {                                                                          \
        .index_fd = -1, .fd = -1                                               \
    }

/* What stands at an offset of the pack. */
typedef struct ss_pack_item {
    uint64_t offset;
    uint64_t size;        /* inflated: of the object, or of the delta */
    uint32_t header;      /* bytes in front of the zlib stream */
    ss_object_kind kind;  /* unknown: a delta, of one of these */
    uint64_t base_offset; /* 0: by id */
    uint8_t base_id[SS_OID_MAX];
} ss_pack_item;

/* SECSCAN_ERR_CORRUPT when the two files are none or not of each other;
 * SECSCAN_ERR_GIT when one is not there. Release it in any case. */
int ss_pack_file_open(ss_pack_file *out, const char *pack_path,
                      const char *index_path, size_t id_len,
                      secscan_error *err);
void ss_pack_file_release(ss_pack_file *pack);

/* *offset 0 when it is not in. */
int ss_pack_file_find(const ss_pack_file *pack, const uint8_t *id,
                      uint64_t *offset, secscan_error *err);
/* Ids that begin with the first `n_digits` hex digits of `prefix`: how many, as
 * far as two, and the first of them. */
int ss_pack_file_match(const ss_pack_file *pack, const uint8_t *prefix,
                       size_t n_digits, uint8_t *out, uint32_t *n,
                       secscan_error *err);

int ss_pack_file_item(ss_pack_item *out, const ss_pack_file *pack,
                      uint64_t offset, secscan_error *err);
/* The item's bytes into *out (ss_free), item->size of them: an object or a
 * delta. */
int ss_pack_file_inflate(uint8_t **out, const ss_pack_file *pack,
                         const ss_pack_item *item, ss_inflater *inflater,
                         secscan_error *err);

#endif
