/*
 * pack_file.c: find and inflate single entries of a pack, by positioned reads.
 * Not mapped: a truncated file is an error, not a signal.
 */
#include "pack_file.h"

#include "base/alloc.h"
#include "os/open.h"
#include "source/pack_head.h"

#define FANOUT_LEN ((size_t)256 * 4)
#define ROWS_LEN 8192u  /* bytes of ids that are read at once */
#define MAX_RATIO 1032u /* deflate makes no more of a byte */
#define FIRST_READ 4096u

static uint32_t read32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           (uint32_t)p[3];
}

static int fail_damaged(secscan_error *err, const char *what)
{
    return ss_fail(err, SECSCAN_ERR_CORRUPT, "damaged pack: %s", what);
}

/* ---- opening ---------------------------------------------------------- */

static int open_file(int *fd, uint64_t *len, const char *path,
                     secscan_error *err)
{
    ss_file_info info;
    const char *why = "cannot be read";
    ss_open_status status = ss_open_file(fd, path, 1, &why);

    if (status == SS_OPEN_GONE)
        return ss_fail(err, SECSCAN_ERR_GIT, "%.140s is gone", path);
    if (status)
        return ss_fail(err, SECSCAN_ERR_IO, "%.140s: %s", path, why);
    if (ss_open_info(*fd, &info) || info.kind != SS_FILE_REGULAR)
        return fail_damaged(err, "not a file");
    *len = info.size;
    return 0;
}

/* Exactly `len` bytes. */
static int read_at(int fd, void *out, size_t len, uint64_t offset,
                   secscan_error *err)
{
    size_t got = 0;
    int rc = ss_file_read_at(fd, out, len, offset, &got, err);

    return !rc && got != len ? fail_damaged(err, "too short") : rc;
}

static uint64_t row_len(const ss_pack_file *pack)
{
    return pack->id_len + (pack->version == 1 ? 4u : 0u);
}

/* Where the row of an id begins. */
static uint64_t row_at(const ss_pack_file *pack, uint64_t at)
{
    if (pack->version == 1)
        return FANOUT_LEN + at * row_len(pack);
    return 8 + FANOUT_LEN + at * row_len(pack);
}

static int read_fanout(ss_pack_file *pack, const uint8_t *bytes,
                       secscan_error *err)
{
    uint64_t least;

    for (size_t i = 0; i < 256; i++) {
        pack->fanout[i + 1] = read32(bytes + 4 * i);
        if (pack->fanout[i + 1] < pack->fanout[i])
            return fail_damaged(err, "its index's fan-out");
    }
    pack->n = pack->fanout[256];
    least = row_at(pack, pack->n) + 2 * pack->id_len +
            (pack->version == 1 ? 0 : (uint64_t)8 * pack->n);
    return pack->index_len < least ? fail_damaged(err, "its index's length")
                                   : 0;
}

static int read_index(ss_pack_file *pack, secscan_error *err)
{
    uint8_t head[8 + FANOUT_LEN];
    int is_v2;
    int rc = read_at(pack->index_fd, head, sizeof(head), 0, err);

    if (rc)
        return rc;
    is_v2 = memcmp(head, "\377tOc", 4) == 0;
    pack->version = is_v2 ? read32(head + 4) : 1;
    if (is_v2 && pack->version != 2)
        return fail_damaged(err, "its index's version");
    return read_fanout(pack, is_v2 ? head + 8 : head, err);
}

/* The pack is one, and the index is its own. */
static int check_pack(ss_pack_file *pack, uint64_t len, secscan_error *err)
{
    uint8_t head[12], trailer[SS_OID_MAX], expected[SS_OID_MAX];
    int rc;

    if (len < sizeof(head) + pack->id_len)
        return fail_damaged(err, "too short");
    pack->end = len - pack->id_len;
    rc = read_at(pack->fd, head, sizeof(head), 0, err);
    if (!rc)
        rc = read_at(pack->fd, trailer, pack->id_len, pack->end, err);
    if (!rc)
        rc = read_at(pack->index_fd, expected, pack->id_len,
                     pack->index_len - 2 * pack->id_len, err);
    if (rc)
        return rc;
    if (memcmp(head, "PACK\0\0\0", 7) != 0 || (head[7] != 2 && head[7] != 3))
        return fail_damaged(err, "no header");
    if (memcmp(trailer, expected, pack->id_len) != 0)
        return fail_damaged(err, "it is not the index's");
    return 0;
}

int ss_pack_file_open(ss_pack_file *out, const char *pack_path,
                      const char *index_path, size_t id_len, secscan_error *err)
{
    uint64_t len = 0;
    int rc;

    *out = (ss_pack_file)SS_PACK_FILE_INIT;
    out->id_len = id_len;
    rc = open_file(&out->index_fd, &out->index_len, index_path, err);
    if (!rc)
        rc = open_file(&out->fd, &len, pack_path, err);
    if (!rc)
        rc = read_index(out, err);
    return rc ? rc : check_pack(out, len, err);
}

void ss_pack_file_release(ss_pack_file *pack)
{
    ss_file_close(pack->index_fd);
    ss_file_close(pack->fd);
    pack->index_fd = pack->fd = -1;
}

/* ---- ids -------------------------------------------------------------- */

static int compare_prefix(const uint8_t *id, const uint8_t *prefix,
                          size_t n_digits)
{
    int order = memcmp(id, prefix, n_digits / 2);

    if (order || n_digits % 2 == 0)
        return order;
    return (id[n_digits / 2] >> 4) - (prefix[n_digits / 2] >> 4);
}

/* The first place whose id is not below the prefix. */
static int find_place(const ss_pack_file *pack, const uint8_t *prefix,
                      size_t n_digits, uint32_t *out, secscan_error *err)
{
    const size_t skip = pack->version == 1 ? 4 : 0;
    const size_t row = (size_t)row_len(pack);
    uint32_t low = pack->fanout[prefix[0]];
    uint32_t high = pack->fanout[prefix[0] + 1];
    uint8_t rows[ROWS_LEN];
    uint32_t first = 0, n = 0; /* of the rows that have been read */

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (!n && (high - low) * row <= sizeof(rows)) {
            int rc = read_at(pack->index_fd, rows, (high - low) * row,
                             row_at(pack, low), err);
            if (rc)
                return rc;
            first = low;
            n = high - low;
        } else if (!n) {
            int rc = read_at(pack->index_fd, rows, row, row_at(pack, mid), err);
            if (rc)
                return rc;
            first = mid;
        }
        if (compare_prefix(rows + (mid - first) * row + skip, prefix,
                           n_digits) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    *out = low;
    return 0;
}

static int read_id(const ss_pack_file *pack, uint32_t at, uint8_t *out,
                   secscan_error *err)
{
    return read_at(pack->index_fd, out, pack->id_len,
                   row_at(pack, at) + (pack->version == 1 ? 4 : 0), err);
}

static int read_offset(const ss_pack_file *pack, uint32_t at, uint64_t *out,
                       secscan_error *err)
{
    uint64_t small = row_at(pack, pack->n) + (uint64_t)4 * pack->n;
    uint64_t large = small + (uint64_t)4 * pack->n;
    uint8_t bytes[8];
    int rc;

    rc = read_at(
        pack->index_fd, bytes, 4,
        pack->version == 1 ? row_at(pack, at) : small + (uint64_t)4 * at, err);
    if (rc)
        return rc;
    *out = read32(bytes);
    if (pack->version == 1 || !(*out & 0x80000000u))
        return 0;
    rc = read_at(pack->index_fd, bytes, 8, large + (*out & 0x7fffffffu) * 8,
                 err);
    *out = (uint64_t)read32(bytes) << 32 | read32(bytes + 4);
    return rc;
}

int ss_pack_file_find(const ss_pack_file *pack, const uint8_t *id,
                      uint64_t *offset, secscan_error *err)
{
    uint8_t found[SS_OID_MAX];
    uint32_t at = 0;
    int rc;

    *offset = 0;
    rc = find_place(pack, id, 2 * pack->id_len, &at, err);
    if (rc || at == pack->fanout[id[0] + 1])
        return rc;
    rc = read_id(pack, at, found, err);
    if (rc || memcmp(found, id, pack->id_len) != 0)
        return rc;
    rc = read_offset(pack, at, offset, err);
    return !rc && *offset < 12 ? fail_damaged(err, "an offset") : rc;
}

int ss_pack_file_match(const ss_pack_file *pack, const uint8_t *prefix,
                       size_t n_digits, uint8_t *out, uint32_t *n,
                       secscan_error *err)
{
    uint8_t id[SS_OID_MAX];
    uint32_t at = 0;
    int rc = find_place(pack, prefix, n_digits, &at, err);

    *n = 0;
    for (; !rc && at < pack->n && *n < 2; at++) {
        rc = read_id(pack, at, id, err);
        if (rc || compare_prefix(id, prefix, n_digits) != 0)
            break;
        memcpy(out, id, pack->id_len);
        ++*n;
    }
    return rc;
}

/* ---- entries ---------------------------------------------------------- */

int ss_pack_file_item(ss_pack_item *out, const ss_pack_file *pack,
                      uint64_t offset, secscan_error *err)
{
    uint8_t bytes[SS_PACK_MAX_HEAD];
    const char *damage;
    ss_pack_head head;
    size_t got = 0;
    int rc;

    memset(out, 0, sizeof(*out));
    out->offset = offset;
    if (offset < 12 || offset >= pack->end)
        return fail_damaged(err, "an offset outside the pack");
    rc = ss_file_read_at(pack->fd, bytes, sizeof(bytes), offset, &got, err);
    if (rc)
        return rc;
    damage = ss_pack_head_read(&head, ss_bytes_of(bytes, got), pack->id_len);
    if (damage)
        return fail_damaged(err, damage);
    if (head.distance > offset - 12)
        return fail_damaged(err, "an entry's base");
    out->size = head.size;
    out->kind = (ss_object_kind)head.kind;
    out->header = head.len;
    if (head.distance)
        out->base_offset = offset - head.distance;
    if (head.base_id)
        memcpy(out->base_id, head.base_id, pack->id_len);
    return 0;
}

/* Inflate from the next `len` bytes of the pack. */
static int inflate_from(const ss_pack_file *pack, const ss_pack_item *item,
                        ss_inflater *inflater, size_t len, uint8_t *out,
                        secscan_error *err)
{
    uint8_t *packed = ss_alloc(len);
    size_t got = 0;
    int rc;

    if (!packed)
        return ss_fail_nomem(err);
    rc = ss_file_read_at(pack->fd, packed, len, item->offset + item->header,
                         &got, err);
    if (!rc)
        rc = ss_inflate(inflater, ss_bytes_of(packed, got), out,
                        (size_t)item->size, NULL, err);
    ss_free(packed);
    return rc;
}

/* How long the stream is, no header says: first what git writes at most, then
 * what a writer of tiny blocks could come to. */
int ss_pack_file_inflate(uint8_t **out, const ss_pack_file *pack,
                         const ss_pack_item *item, ss_inflater *inflater,
                         secscan_error *err)
{
    uint64_t left = pack->end - item->offset;
    uint64_t likely = item->size + item->size / 8 + FIRST_READ;
    uint64_t most = 4 * likely + ((uint64_t)1 << 20);
    uint8_t *bytes;
    int rc;

    if (item->size / MAX_RATIO > left)
        return fail_damaged(err, "an entry's size");
    bytes = ss_alloc((size_t)item->size);
    if (!bytes)
        return ss_fail_nomem(err);
    rc = inflate_from(pack, item, inflater,
                      (size_t)(likely < left ? likely : left), bytes, err);
    if (rc == SECSCAN_ERR_CORRUPT && likely < left)
        rc = inflate_from(pack, item, inflater,
                          (size_t)(most < left ? most : left), bytes, err);
    if (rc)
        ss_free(bytes);
    else
        *out = bytes;
    return rc;
}
