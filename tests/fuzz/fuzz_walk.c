/*
 * fuzz_walk.c: a pack that the bytes describe, its CRCs, lengths and trailers
 * right unless the bytes say otherwise, opened and walked: every object of a
 * tree comes once, whole or damaged, and whether bases are kept or built again
 * makes no difference.
 *
 * The first byte is the version of the index and what is wrong with it; then an
 * entry each: kind and flags, id, base, length, content.
 */
#include "fuzz.h"

#include "base/buf.h"
#include "source/pack_walk.h"

#include <libdeflate.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_ENTRIES 48u
#define MAX_PACK ((size_t)1 << 22)
#define ID_LEN 20u

enum { OFS = 6, REF = 7 };
/* Flags of an entry, above its kind. */
enum { LIES_ABOUT_SIZE = 8, HAS_WRONG_CRC = 16, IS_RAW = 32, IS_SWAPPED = 64 };
/* Flags of the whole. */
enum { IS_V1 = 1, HAS_LARGE = 2, LIES_ABOUT_COUNT = 4, IS_CUT = 8 };

typedef struct writer {
    ss_buf pack, index;
    uint64_t offset[MAX_ENTRIES];
    uint8_t id[MAX_ENTRIES];
    uint32_t crc[MAX_ENTRIES];
    uint32_t rank[MAX_ENTRIES]; /* entries in order of their ids */
    uint32_t n;
    struct libdeflate_compressor *zlib;
} writer;

static uint8_t take(ss_bytes *in)
{
    uint8_t byte = 0;

    if (in->len) {
        byte = *in->data++;
        in->len--;
    }
    return byte;
}

static ss_bytes take_some(ss_bytes *in, size_t len)
{
    ss_bytes out = {in->data, len < in->len ? len : in->len};

    in->data += out.len;
    in->len -= out.len;
    return out;
}

/* ---- the pack ---- */

static void put_head(ss_buf *out, unsigned type, uint64_t size)
{
    unsigned byte = type << 4 | (unsigned)(size & 15);

    for (size >>= 4; size; size >>= 7) {
        ss_buf_putc(out, (char)(byte | 0x80));
        byte = (unsigned)(size & 0x7f);
    }
    ss_buf_putc(out, (char)byte);
}

static void put_distance(ss_buf *out, uint64_t distance)
{
    char bytes[10];
    int at = 9;

    bytes[at] = (char)(distance & 0x7f);
    while (distance >>= 7)
        bytes[--at] = (char)(0x80 | (--distance & 0x7f));
    ss_buf_add(out, bytes + at, (size_t)(10 - at));
}

static void put_deflated(writer *w, ss_bytes content)
{
    uint8_t packed[4096];
    size_t len = libdeflate_zlib_compress(w->zlib, content.data, content.len,
                                          packed, sizeof(packed));

    ss_buf_add(&w->pack, packed, len);
}

static int has_id(const writer *w, uint8_t id)
{
    for (uint32_t i = 0; i < w->n; i++) {
        if (w->id[i] == id)
            return 1;
    }
    return 0;
}

static void add_entry(writer *w, ss_bytes *in)
{
    uint8_t flags = take(in), id = take(in), base = take(in), len = take(in);
    unsigned type = flags & 7;
    ss_bytes content = take_some(in, len);
    uint8_t ref[ID_LEN] = {base};
    uint64_t size = content.len, from = w->pack.len;

    if (has_id(w, id))
        return;
    if (flags & LIES_ABOUT_SIZE)
        size = base & 1 ? size + base : (uint64_t)base << (base % 56);
    put_head(&w->pack, type, size);
    if (type == OFS)
        put_distance(&w->pack,
                     w->n ? from - w->offset[base % w->n] : (uint64_t)base);
    if (type == REF)
        ss_buf_add(&w->pack, ref, sizeof(ref));
    if (flags & IS_RAW)
        ss_buf_add(&w->pack, content.data, content.len);
    else
        put_deflated(w, content);
    w->offset[w->n] = from;
    w->id[w->n] = id;
    w->crc[w->n] = ss_inflate_crc32(
        ss_bytes_of(w->pack.data + from, w->pack.len - (size_t)from));
    if (flags & HAS_WRONG_CRC)
        w->crc[w->n] ^= 1;
    if (flags & IS_SWAPPED && w->n) {
        w->offset[w->n] = w->offset[w->n - 1];
        w->offset[w->n - 1] = from;
    }
    w->n++;
}

/* ---- the index ---- */

static void put32(ss_buf *out, uint32_t value)
{
    uint8_t bytes[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16),
                        (uint8_t)(value >> 8), (uint8_t)value};

    ss_buf_add(out, bytes, 4);
}

static void rank_entries(writer *w)
{
    uint32_t n = 0;

    for (unsigned id = 0; id < 256; id++) {
        for (uint32_t i = 0; i < w->n; i++) {
            if (w->id[i] == id)
                w->rank[n++] = i;
        }
    }
}

static void put_fanout(writer *w)
{
    for (unsigned id = 0; id < 256; id++) {
        uint32_t count = 0;

        for (uint32_t i = 0; i < w->n; i++)
            count += w->id[i] <= id;
        put32(&w->index, count);
    }
}

static void put_offset(writer *w, uint32_t entry, uint8_t flags)
{
    uint32_t offset = (uint32_t)w->offset[entry];

    if (flags & IS_V1)
        put32(&w->index, offset);
    else
        put32(&w->index, flags & HAS_LARGE ? 0x80000000u | entry : offset);
}

static void put_index(writer *w, uint8_t flags)
{
    uint8_t id[ID_LEN] = {0}, trailer[2 * ID_LEN] = {7};

    if (!(flags & IS_V1))
        ss_buf_add(&w->index, "\377tOc\0\0\0\2", 8);
    put_fanout(w);
    for (uint32_t i = 0; i < w->n; i++) {
        if (flags & IS_V1)
            put_offset(w, w->rank[i], flags);
        id[0] = w->id[w->rank[i]];
        ss_buf_add(&w->index, id, ID_LEN);
    }
    for (uint32_t i = 0; !(flags & IS_V1) && i < w->n; i++)
        put32(&w->index, w->crc[w->rank[i]]);
    for (uint32_t i = 0; !(flags & IS_V1) && i < w->n; i++)
        put_offset(w, w->rank[i], flags);
    for (uint32_t i = 0; !(flags & IS_V1) && flags & HAS_LARGE && i < w->n;
         i++) {
        put32(&w->index, 0);
        put32(&w->index, (uint32_t)w->offset[i]);
    }
    ss_buf_add(&w->index, trailer, sizeof(trailer));
}

/* ---- the walk ---- */

typedef struct tally {
    const ss_pack *pack;
    uint64_t digest;
    uint8_t seen[MAX_ENTRIES];
    uint32_t n;
    uint32_t n_kept;
} tally;

static void mix(tally *t, const void *data, size_t len)
{
    const uint8_t *p = data;

    for (size_t i = 0; i < len; i++)
        t->digest = (t->digest ^ p[i]) * 0x100000001b3u;
}

static void see(tally *t, const uint8_t *id)
{
    uint32_t at = ss_pack_index_find(&t->pack->index, id);

    if (at == UINT32_MAX || t->seen[at]++)
        abort();
    t->n++;
    mix(t, id, ID_LEN);
}

static void check_delta(const ss_pack_object *o)
{
    ss_delta delta = *o->delta;
    size_t len = 0;

    while (delta.ops.len) {
        ss_delta_op op = {0};

        if (ss_delta_next(&delta, &op, NULL))
            abort();
        len += op.len;
    }
    if (len != o->bytes.len)
        abort();
}

static int on_object(void *ctx, const ss_pack_object *o, void **kept)
{
    tally *t = ctx;

    if (!o->is_again) {
        see(t, o->id);
        mix(t, o->bytes.data, o->bytes.len);
    }
    if (o->delta)
        check_delta(o);
    if (!o->delta != !o->base)
        abort();
    if (o->has_deltas)
        *kept = malloc(1);
    t->n_kept += *kept != NULL;
    return 0;
}

static void on_release(void *ctx, void *kept)
{
    tally *t = ctx;

    t->n_kept--;
    free(kept);
}

static int on_damaged(void *ctx, const uint8_t *id, uint32_t label,
                      const char *reason)
{
    (void)label;
    see(ctx, id);
    mix(ctx, reason, strlen(reason));
    return 0;
}

static int get_base(void *ctx, const uint8_t *id, ss_buf *out,
                    ss_object_kind *kind)
{
    (void)ctx;
    if (id[0] & 1)
        return -1;
    *kind = SS_OBJECT_BLOB;
    return ss_buf_add(out, "the base of another pack", 24);
}

static tally walk_all(const ss_pack *pack, uint64_t budget)
{
    tally t = {.pack = pack, .digest = 0xcbf29ce484222325u};
    const ss_pack_sink sink = {.ctx = &t,
                               .object = on_object,
                               .release = on_release,
                               .damaged = on_damaged,
                               .base = get_base};
    const ss_pack_limits limits = {budget, MAX_PACK, MAX_PACK};
    ss_pack_walker *walker;
    uint32_t n_rooted = 0;

    if (ss_pack_walker_new(&walker, pack, limits, NULL))
        abort();
    for (size_t i = 0; i < pack->n_roots; i++) {
        if (ss_pack_walk(walker, &pack->roots[i], &sink, NULL))
            abort();
    }
    for (uint32_t i = 0; i < pack->index.n; i++)
        n_rooted += pack->entries[i].is_rooted;
    if (t.n != n_rooted || t.n_kept)
        abort();
    ss_pack_walker_free(walker);
    return t;
}

static void write_file(const char *path, const ss_buf *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");

    if (!file || fwrite(bytes->data, 1, len, file) != len || fclose(file))
        abort();
}

static void walk_files(const writer *w, uint8_t flags)
{
    static char dir[] = "/tmp/secscan-walk-XXXXXX";
    static char pack_path[64], index_path[64];
    size_t len = w->pack.len;
    ss_pack *pack = NULL;

    if (!pack_path[0]) {
        if (!mkdtemp(dir))
            abort();
        snprintf(pack_path, sizeof(pack_path), "%s/a.pack", dir);
        snprintf(index_path, sizeof(index_path), "%s/a.idx", dir);
    }
    if (flags & IS_CUT)
        len -= (size_t)flags % len;
    write_file(pack_path, &w->pack, len);
    write_file(index_path, &w->index, w->index.len);
    if (!ss_pack_open(&pack, pack_path, index_path, ID_LEN, NULL)) {
        tally kept = walk_all(pack, (uint64_t)1 << 30);
        tally rebuilt = walk_all(pack, 0);

        if (kept.digest != rebuilt.digest)
            abort();
    }
    ss_pack_free(pack);
    unlink(pack_path);
    unlink(index_path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const uint8_t trailer[ID_LEN] = {7};
    ss_bytes in = ss_bytes_of(data, len);
    writer w = {.pack = SS_BUF_INIT(MAX_PACK), .index = SS_BUF_INIT(MAX_PACK)};
    uint8_t flags = take(&in);

    w.zlib = libdeflate_alloc_compressor(1);
    ss_buf_add(&w.pack, "PACK\0\0\0\2\0\0\0\0", 12);
    while (in.len && w.n < MAX_ENTRIES)
        add_entry(&w, &in);
    w.pack.data[11] = (uint8_t)(w.n + !!(flags & LIES_ABOUT_COUNT));
    ss_buf_add(&w.pack, trailer, ID_LEN);
    rank_entries(&w);
    put_index(&w, flags);
    walk_files(&w, flags);
    libdeflate_free_compressor(w.zlib);
    ss_buf_release(&w.pack);
    ss_buf_release(&w.index);
    return 0;
}
