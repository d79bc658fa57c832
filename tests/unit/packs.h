/*
 * packs.h: write small packs and their indexes, right or wrong on purpose.
 */
#ifndef PACKS_H
#define PACKS_H

#include "unit.h"

#include "base/buf.h"
#include "source/inflate.h"

#include <libdeflate.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PACK_MAX 64

enum { COMMIT = 1, TREE = 2, BLOB = 3, OFS = 6, REF = 7 };

typedef struct pack_writer {
    ss_buf pack, index;
    uint64_t offset[PACK_MAX];
    uint8_t id[PACK_MAX][20];
    uint32_t crc[PACK_MAX];
    uint32_t n;
    char dir[32], pack_path[64], index_path[64];
} pack_writer;

static inline void pack_begin(pack_writer *w)
{
    memset(w, 0, sizeof(*w));
    w->pack = (ss_buf)SS_BUF_INIT(1 << 24);
    w->index = (ss_buf)SS_BUF_INIT(1 << 24);
    ss_buf_add(&w->pack, "PACK\0\0\0\2\0\0\0\0", 12);
    strcpy(w->dir, "/tmp/secscan-pack-XXXXXX");
    CHECK(mkdtemp(w->dir));
    snprintf(w->pack_path, sizeof(w->pack_path), "%s/a.pack", w->dir);
    snprintf(w->index_path, sizeof(w->index_path), "%s/a.idx", w->dir);
}

static inline void put_varsize(ss_buf *out, int type, size_t size)
{
    unsigned byte = (unsigned)type << 4 | (size & 15);

    for (size >>= 4; size; size >>= 7) {
        ss_buf_putc(out, (char)(byte | 0x80));
        byte = size & 0x7f;
    }
    ss_buf_putc(out, (char)byte);
}

static inline void put_deflated(ss_buf *out, ss_bytes data)
{
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
    static uint8_t packed[1 << 20];
    size_t len = libdeflate_zlib_compress(c, data.data, data.len, packed,
                                          sizeof(packed));

    CHECK(len);
    ss_buf_add(out, packed, len);
    libdeflate_free_compressor(c);
}

static inline void put_distance(ss_buf *out, uint64_t distance)
{
    char bytes[10];
    int at = 9;

    bytes[at] = (char)(distance & 0x7f);
    while (distance >>= 7)
        bytes[--at] = (char)(0x80 | (--distance & 0x7f));
    ss_buf_add(out, bytes + at, (size_t)(10 - at));
}

/* Add an entry whose id is `id` followed by zeroes. `base` is an entry (OFS) or
 * an id's first byte (REF). Entries are added in any order of ids. */
static inline uint32_t pack_add(pack_writer *w, uint8_t id, int type,
                                ss_bytes data, uint32_t base)
{
    uint64_t from = w->pack.len;

    w->offset[w->n] = from;
    w->id[w->n][0] = id;
    put_varsize(&w->pack, type, data.len);
    if (type == OFS)
        put_distance(&w->pack, from - w->offset[base]);
    if (type == REF) {
        uint8_t ref[20] = {(uint8_t)base};

        ss_buf_add(&w->pack, ref, sizeof(ref));
    }
    put_deflated(&w->pack, data);
    w->crc[w->n] = ss_inflate_crc32(
        ss_bytes_of(w->pack.data + from, w->pack.len - (size_t)from));
    return w->n++;
}

static inline void put32(ss_buf *out, uint32_t value)
{
    uint8_t bytes[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16),
                        (uint8_t)(value >> 8), (uint8_t)value};

    ss_buf_add(out, bytes, 4);
}

static inline void put_fanout(const pack_writer *w, ss_buf *out)
{
    for (unsigned byte = 0; byte < 256; byte++) {
        uint32_t count = 0;

        for (uint32_t i = 0; i < w->n; i++)
            count += w->id[i][0] <= byte;
        put32(out, count);
    }
}

/* The entry with the rank-th smallest id. */
static inline uint32_t by_rank(const pack_writer *w, uint32_t rank)
{
    for (uint32_t i = 0; i < w->n; i++) {
        uint32_t smaller = 0;

        for (uint32_t j = 0; j < w->n; j++)
            smaller += w->id[j][0] < w->id[i][0];
        if (smaller == rank)
            return i;
    }
    fail();
    return 0;
}

static inline void write_file(const char *path, ss_bytes bytes)
{
    FILE *f = fopen(path, "wb");

    CHECK(f);
    CHECK(fwrite(bytes.data, 1, bytes.len, f) == bytes.len);
    fclose(f);
}

/* Trailer, index (version 1 or 2), both files. */
static inline void pack_end(pack_writer *w, int version)
{
    uint8_t trailer[20] = {7}, none[20] = {0};

    w->pack.data[11] = (uint8_t)w->n;
    ss_buf_add(&w->pack, trailer, 20);
    if (version == 2)
        ss_buf_add(&w->index, "\377tOc\0\0\0\2", 8);
    put_fanout(w, &w->index);
    for (uint32_t i = 0; i < w->n; i++) {
        if (version == 1)
            put32(&w->index, (uint32_t)w->offset[by_rank(w, i)]);
        ss_buf_add(&w->index, w->id[by_rank(w, i)], 20);
    }
    for (uint32_t i = 0; version == 2 && i < w->n; i++)
        put32(&w->index, w->crc[by_rank(w, i)]);
    for (uint32_t i = 0; version == 2 && i < w->n; i++)
        put32(&w->index, (uint32_t)w->offset[by_rank(w, i)]);
    ss_buf_add(&w->index, trailer, 20);
    ss_buf_add(&w->index, none, 20);
    write_file(w->pack_path, ss_buf_bytes(&w->pack));
    write_file(w->index_path, ss_buf_bytes(&w->index));
}

static inline void pack_release(pack_writer *w)
{
    unlink(w->pack_path);
    unlink(w->index_path);
    rmdir(w->dir);
    ss_buf_release(&w->pack);
    ss_buf_release(&w->index);
}

#endif
