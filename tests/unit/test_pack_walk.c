#include "packs.h"

#include "source/pack_walk.h"

/* What a walk said: a line an object, in order of ids. */
typedef struct heard {
    char text[PACK_MAX][64];
    int n_kept; /* what the sink keeps for deltas, not yet released */
} heard;

static int on_object(void *ctx, const ss_pack_object *o, void **kept)
{
    heard *h = ctx;

    snprintf(h->text[o->id[0]], sizeof(h->text[0]), "%d %.*s", (int)o->kind,
             (int)o->bytes.len, (const char *)o->bytes.data);
    *kept = &h->text[o->id[0]];
    h->n_kept++;
    if (o->base && o->delta)
        CHECK(!memcmp((char *)o->base + 2, o->bytes.data, 6));
    return 0;
}

static void on_release(void *ctx, void *kept)
{
    heard *h = ctx;

    CHECK(kept);
    h->n_kept--;
}

static int on_damaged(void *ctx, const uint8_t *id, uint32_t label,
                      const char *reason)
{
    heard *h = ctx;

    CHECK_INT(label, SS_PACK_NONE);
    snprintf(h->text[id[0]], sizeof(h->text[0]), "%s", reason);
    return 0;
}

static int on_base(void *ctx, const uint8_t *id, ss_buf *out,
                   ss_object_kind *kind)
{
    (void)ctx;
    if (id[0] != 50)
        return -1;
    *kind = SS_OBJECT_BLOB;
    return ss_buf_puts(out, "abcdef");
}

static int walk(const pack_writer *w, heard *h, uint64_t budget,
                uint64_t max_object)
{
    ss_pack_sink sink = {h, on_object, on_release, NULL, on_damaged, on_base};
    const ss_pack_limits limits = {budget, max_object, max_object};
    ss_pack_walker *walker;
    ss_pack *pack;
    int rc;

    memset(h, 0, sizeof(*h));
    rc = ss_pack_open(&pack, w->pack_path, w->index_path, 20, NULL);
    if (rc)
        return rc;
    CHECK_OK(ss_pack_walker_new(&walker, pack, limits, NULL));
    for (size_t i = 0; !rc && i < pack->n_roots; i++)
        rc = ss_pack_walk(walker, &pack->roots[i], &sink, NULL);
    if (!rc && pack->is_damaged)
        rc = SECSCAN_ERR_CORRUPT;
    ss_pack_walker_free(walker);
    ss_pack_free(pack);
    CHECK_INT(h->n_kept, 0);
    return rc;
}

/* base 6 bytes: copy all, then insert one letter */
static ss_bytes append_delta(uint8_t base_len, char letter)
{
    static char bytes[8];

    bytes[0] = (char)base_len;
    bytes[1] = (char)(base_len + 1);
    bytes[2] = (char)0x90;
    bytes[3] = (char)base_len;
    bytes[4] = 1;
    bytes[5] = letter;
    return ss_bytes_of(bytes, 6);
}

/* 1 <- 2 <- 3, 1 <- 4 (by id), 5 a tree. */
static void write_family(pack_writer *w, int version)
{
    uint32_t root, second;

    pack_begin(w);
    root = pack_add(w, 1, BLOB, ss_bytes_str("abcdef"), 0);
    second = pack_add(w, 2, OFS, append_delta(6, 'x'), root);
    pack_add(w, 3, OFS, append_delta(7, 'y'), second);
    pack_add(w, 4, REF, append_delta(6, 'z'), 1);
    pack_add(w, 5, TREE, ss_bytes_str("tree"), 0);
    pack_end(w, version);
}

static void check_family(const heard *h)
{
    CHECK_STR(h->text[1], "3 abcdef");
    CHECK_STR(h->text[2], "3 abcdefx");
    CHECK_STR(h->text[3], "3 abcdefxy");
    CHECK_STR(h->text[4], "3 abcdefz");
    CHECK_STR(h->text[5], "2 tree");
}

static void test_pack_walk__gives_every_object(void **state)
{
    pack_writer w;
    heard h;

    (void)state;
    write_family(&w, 2);
    CHECK_OK(walk(&w, &h, 1 << 20, 1 << 20));
    check_family(&h);
    pack_release(&w);
}

static void test_pack_walk__index_version_1(void **state)
{
    pack_writer w;
    heard h;

    (void)state;
    write_family(&w, 1);
    CHECK_OK(walk(&w, &h, 1 << 20, 1 << 20));
    check_family(&h);
    pack_release(&w);
}

static void test_pack_walk__bases_over_the_budget_are_built_again(void **state)
{
    pack_writer w;
    heard h;

    (void)state;
    write_family(&w, 2);
    CHECK_OK(walk(&w, &h, 0, 1 << 20));
    check_family(&h);
    pack_release(&w);
}

static void test_pack_walk__base_in_another_pack(void **state)
{
    pack_writer w;
    heard h;

    (void)state;
    pack_begin(&w);
    pack_add(&w, 1, REF, append_delta(6, 'x'), 50);
    pack_add(&w, 2, REF, append_delta(6, 'x'), 51); /* nowhere */
    pack_end(&w, 2);
    CHECK_OK(walk(&w, &h, 1 << 20, 1 << 20));
    CHECK_STR(h.text[1], "3 abcdefx");
    CHECK_STR(h.text[2], "missing");
    pack_release(&w);
}

static void test_pack_walk__large_object_is_said_and_the_rest_read(void **state)
{
    pack_writer w;
    heard h;

    (void)state;
    write_family(&w, 2);
    CHECK_OK(walk(&w, &h, 1 << 20, 7));
    CHECK_STR(h.text[2], "3 abcdefx");
    CHECK_STR(h.text[3], "object-limit");
    CHECK_STR(h.text[5], "2 tree");
    pack_release(&w);
}

static void
test_pack_walk__delta_of_a_large_object_is_not_called_large(void **state)
{
    pack_writer w;
    heard h;

    (void)state;
    write_family(&w, 2);
    CHECK_OK(walk(&w, &h, 1 << 20, 5));
    CHECK_STR(h.text[1], "object-limit");
    CHECK_STR(h.text[2], "base");
    CHECK_STR(h.text[3], "base");
    pack_release(&w);
}

static void
test_pack_walk__damaged_entry_takes_only_its_deltas_along(void **state)
{
    pack_writer w;
    heard h;

    (void)state;
    write_family(&w, 2);
    w.pack.data[w.offset[1] + 6] ^= 0x55;
    write_file(w.pack_path, ss_buf_bytes(&w.pack));
    CHECK_OK(walk(&w, &h, 1 << 20, 1 << 20));
    CHECK_STR(h.text[1], "3 abcdef");
    CHECK_STR(h.text[2], "corrupt");
    CHECK_STR(h.text[3], "base");
    CHECK_STR(h.text[4], "3 abcdefz");
    pack_release(&w);
}

static void test_pack_walk__pack_of_another_index_is_told(void **state)
{
    pack_writer w;
    heard h;

    (void)state;
    for (int version = 1; version <= 2; version++) {
        write_family(&w, version);
        w.pack.data[w.pack.len - 1] ^= 1;
        write_file(w.pack_path, ss_buf_bytes(&w.pack));
        CHECK_INT(walk(&w, &h, 1 << 20, 1 << 20), SECSCAN_ERR_CORRUPT);
        if (version == 2) /* each entry's CRC says that it is sound */
            check_family(&h);
        pack_release(&w);
    }
}

/* What stands on a bad entry is lost with it, and nothing else is. */
static void test_pack_walk__bad_entry_leaves_the_others(void **state)
{
    pack_writer w;
    heard h;

    (void)state;
    write_family(&w, 2);
    w.pack.data[w.offset[1]] &= 0x8f; /* of kind 0 */
    write_file(w.pack_path, ss_buf_bytes(&w.pack));
    CHECK_INT(walk(&w, &h, 1 << 20, 1 << 20), SECSCAN_ERR_CORRUPT);
    CHECK_STR(h.text[1], "3 abcdef");
    CHECK_STR(h.text[2], "");
    CHECK_STR(h.text[3], "");
    CHECK_STR(h.text[4], "3 abcdefz");
    CHECK_STR(h.text[5], "2 tree");
    pack_release(&w);
}

static size_t count_heard(const heard *h)
{
    size_t n = 0;

    for (size_t i = 0; i < PACK_MAX; i++)
        n += h->text[i][0] != 0;
    return n;
}

/* Every byte of both files flipped in turn: never a crash, and never an object
 * that is silently not there. */
static void test_pack_walk__no_flipped_byte_is_silent(void **state)
{
    pack_writer w;
    heard h;

    (void)state;
    write_family(&w, 2);
    for (size_t i = 0; i < w.pack.len; i++) {
        w.pack.data[i] ^= 0x41;
        write_file(w.pack_path, ss_buf_bytes(&w.pack));
        if (!walk(&w, &h, 1 << 20, 1 << 20))
            CHECK_INT(count_heard(&h), 5);
        w.pack.data[i] ^= 0x41;
    }
    write_file(w.pack_path, ss_buf_bytes(&w.pack));
    for (size_t i = 0; i < w.index.len; i++) {
        w.index.data[i] ^= 0x02;
        write_file(w.index_path, ss_buf_bytes(&w.index));
        (void)walk(&w, &h, 1 << 20, 1 << 20);
        w.index.data[i] ^= 0x02;
    }
    pack_release(&w);
}

static void test_pack_walk__no_truncation_is_silent(void **state)
{
    pack_writer w;
    heard h;

    (void)state;
    write_family(&w, 2);
    for (size_t len = 0; len < w.pack.len; len++) {
        write_file(w.pack_path, ss_bytes_of(w.pack.data, len));
        CHECK(walk(&w, &h, 1 << 20, 1 << 20));
    }
    write_file(w.pack_path, ss_buf_bytes(&w.pack));
    for (size_t len = 0; len < w.index.len; len++) {
        write_file(w.index_path, ss_bytes_of(w.index.data, len));
        CHECK(walk(&w, &h, 1 << 20, 1 << 20));
    }
    pack_release(&w);
}

/* ---- objects in pieces ---- */

#define LARGE (SS_PACK_STREAM + 100000u)

typedef struct pieces {
    uint64_t len; /* of all pieces */
    int is_right, n_ends, n_lost;
    const char *damage;
} pieces;

static uint8_t byte_at(uint64_t i)
{
    return (uint8_t)((i >> 22 & 1 ? 'A' : 'a') + (int)(i % 26));
}

static int on_piece(void *ctx, const ss_pack_object *o, ss_pack_piece which)
{
    pieces *p = ctx;

    p->n_ends += which == SS_PIECE_END;
    p->n_lost += which == SS_PIECE_LOST;
    CHECK(which == SS_PIECE_NEXT ? o->bytes.len > 0 : o->bytes.len == 0);
    CHECK_INT(o->id[0], 9);
    for (size_t i = 0; i < o->bytes.len; i++)
        p->is_right &= o->bytes.data[i] == byte_at(p->len++);
    return 0;
}

static int on_whole(void *ctx, const ss_pack_object *o, void **kept)
{
    (void)ctx;
    (void)kept;
    CHECK(o->id[0] != 9);
    return 0;
}

static int on_lost(void *ctx, const uint8_t *id, uint32_t label,
                   const char *reason)
{
    pieces *p = ctx;

    (void)label;
    CHECK_INT(id[0], 9);
    CHECK(!p->damage);
    p->damage = reason;
    return 0;
}

static pieces walk_pieces(const pack_writer *w, uint64_t max_streamed)
{
    pieces p = {.is_right = 1};
    const ss_pack_sink sink = {&p, on_whole, NULL, on_piece, on_lost, NULL};
    const ss_pack_limits limits = {1 << 20, 1 << 20, max_streamed};
    ss_pack_walker *walker;
    ss_pack *pack;

    CHECK_OK(ss_pack_open(&pack, w->pack_path, w->index_path, 20, NULL));
    CHECK_OK(ss_pack_walker_new(&walker, pack, limits, NULL));
    for (size_t i = 0; i < pack->n_roots; i++)
        CHECK_OK(ss_pack_walk(walker, &pack->roots[i], &sink, NULL));
    ss_pack_walker_free(walker);
    ss_pack_free(pack);
    return p;
}

static void write_large(pack_writer *w)
{
    uint8_t *bytes = ss_alloc(LARGE);

    for (uint64_t i = 0; i < LARGE; i++)
        bytes[i] = byte_at(i);
    pack_begin(w);
    pack_add(w, 1, BLOB, ss_bytes_str("abcdef"), 0);
    pack_add(w, 9, BLOB, ss_bytes_of(bytes, LARGE), 0);
    pack_add(w, 2, BLOB, ss_bytes_str("abcdef"), 0);
    pack_end(w, 2);
    ss_free(bytes);
}

static void
test_pack_walk__a_blob_too_large_to_hold_comes_in_pieces(void **state)
{
    pack_writer w;
    pieces p;

    (void)state;
    write_large(&w);
    p = walk_pieces(&w, LARGE);
    CHECK(p.is_right && p.len == LARGE && !p.damage);
    CHECK_INT(p.n_ends, 1);
    CHECK_INT(p.n_lost, 0);
    pack_release(&w);
}

static void test_pack_walk__damage_in_a_piece_is_said(void **state)
{
    pack_writer w;
    pieces p;

    (void)state;
    write_large(&w);
    for (uint64_t at = w.offset[1] + 5; at < w.offset[2]; at += 3001) {
        w.pack.data[at] ^= 0x10;
        write_file(w.pack_path, ss_buf_bytes(&w.pack));
        p = walk_pieces(&w, LARGE);
        CHECK_STR(p.damage, "corrupt");
        CHECK_INT(p.n_ends, 0);
        CHECK_INT(p.n_lost, 1);
        w.pack.data[at] ^= 0x10;
    }
    pack_release(&w);
}

static void
test_pack_walk__a_limit_for_pieces_is_said_before_the_first(void **state)
{
    pack_writer w;
    pieces p;

    (void)state;
    write_large(&w);
    p = walk_pieces(&w, LARGE - 1);
    CHECK_STR(p.damage, "object-limit");
    CHECK_INT(p.len, 0);
    CHECK_INT(p.n_ends + p.n_lost, 0);
    pack_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_pack_walk__gives_every_object),
        TEST(test_pack_walk__index_version_1),
        TEST(test_pack_walk__bases_over_the_budget_are_built_again),
        TEST(test_pack_walk__base_in_another_pack),
        TEST(test_pack_walk__large_object_is_said_and_the_rest_read),
        TEST(test_pack_walk__delta_of_a_large_object_is_not_called_large),
        TEST(test_pack_walk__damaged_entry_takes_only_its_deltas_along),
        TEST(test_pack_walk__pack_of_another_index_is_told),
        TEST(test_pack_walk__bad_entry_leaves_the_others),
        TEST(test_pack_walk__no_flipped_byte_is_silent),
        TEST(test_pack_walk__no_truncation_is_silent),
        TEST(test_pack_walk__a_blob_too_large_to_hold_comes_in_pieces),
        TEST(test_pack_walk__damage_in_a_piece_is_said),
        TEST(test_pack_walk__a_limit_for_pieces_is_said_before_the_first),
    };

    return RUN(tests);
}
