#include "packs.h"

#include "source/pack_split.h"
#include "source/pack_walk.h"

#define N 60u

/* What a walk over all roots gave: of each object how often, and what. */
typedef struct heard {
    int n[PACK_MAX + 1];
    char text[PACK_MAX + 1][128];
    int n_again, n_kept;
} heard;

static int on_object(void *ctx, const ss_pack_object *o, void **kept)
{
    heard *h = ctx;

    h->n_kept++;
    *kept = h->text[o->id[0]];
    if (o->is_again) {
        CHECK(!o->delta && !o->base && o->has_deltas);
        h->n_again++;
        return 0;
    }
    CHECK(!o->delta == !o->base);
    h->n[o->id[0]]++;
    snprintf(h->text[o->id[0]], sizeof(h->text[0]), "%d %.*s", (int)o->kind,
             (int)o->bytes.len, (const char *)o->bytes.data);
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

    (void)label;
    h->n[id[0]]++;
    snprintf(h->text[id[0]], sizeof(h->text[0]), "%s", reason);
    return 0;
}

/* `most` 0: not split. Returns the number of roots. */
static size_t walk(const pack_writer *w, uint64_t most, heard *h)
{
    ss_pack_sink sink = {h, on_object, on_release, NULL, on_damaged, NULL};
    const ss_pack_limits limits = {1 << 20, 1 << 20, 1 << 20};
    ss_pack_walker *walker;
    ss_pack *pack;
    size_t n;

    memset(h, 0, sizeof(*h));
    CHECK_OK(ss_pack_open(&pack, w->pack_path, w->index_path, 20, NULL));
    if (most)
        CHECK_OK(ss_pack_split(pack, most, most, NULL));
    CHECK_OK(ss_pack_walker_new(&walker, pack, limits, NULL));
    for (size_t i = 0; i < pack->n_roots; i++)
        CHECK_OK(ss_pack_walk(walker, &pack->roots[i], &sink, NULL));
    n = pack->n_roots;
    ss_pack_walker_free(walker);
    ss_pack_free(pack);
    CHECK_INT(h->n_kept, 0);
    return n;
}

/* Copy the base, insert a letter. */
static void add_delta(pack_writer *w, uint8_t id, uint32_t base, size_t *lens)
{
    char delta[6] = {(char)lens[base],
                     (char)(lens[base] + 1),
                     (char)0x90,
                     (char)lens[base],
                     1,
                     (char)('A' + id % 26)};

    lens[w->n] = lens[base] + 1;
    pack_add(w, id, OFS, ss_bytes_of(delta, sizeof(delta)), base);
}

/* Entry i is a delta of base_of(i), which is smaller. */
static void write_tree(pack_writer *w, uint32_t (*base_of)(uint32_t))
{
    size_t lens[N] = {6};

    pack_begin(w);
    pack_add(w, 1, BLOB, ss_bytes_str("abcdef"), 0);
    for (uint32_t i = 1; i < N; i++)
        add_delta(w, (uint8_t)(i + 1), base_of(i), lens);
    pack_end(w, 2);
}

static void check_same(const pack_writer *w)
{
    static heard whole, parts;
    size_t n = walk(w, 0, &whole);

    CHECK_INT(n, 1);
    CHECK_INT(whole.n_again, 0);
    for (uint64_t most = 600; most < 40000; most = most * 3 / 2) {
        n = walk(w, most, &parts);
        CHECK(most > N * 518u || n > 1);
        for (uint32_t id = 1; id <= N; id++) {
            CHECK_INT(parts.n[id], 1);
            CHECK_STR(parts.text[id], whole.text[id]);
        }
    }
}

static uint32_t chain(uint32_t i)
{
    return i - 1;
}

static uint32_t star(uint32_t i)
{
    (void)i;
    return 0;
}

static uint32_t random_tree(uint32_t i)
{
    return i * 2654435761u % 4093u % i;
}

static void check_shape(uint32_t (*base_of)(uint32_t))
{
    pack_writer w;

    write_tree(&w, base_of);
    check_same(&w);
    pack_release(&w);
}

static void test_pack_split__a_chain_gives_each_object_once(void **state)
{
    (void)state;
    check_shape(chain);
}

static void test_pack_split__a_star_gives_each_object_once(void **state)
{
    (void)state;
    check_shape(star);
}

static void test_pack_split__any_tree_gives_each_object_once(void **state)
{
    (void)state;
    check_shape(random_tree);
}

/* Objects are lost in the same number, whichever part they are in. */
static void test_pack_split__damage_is_said_once_an_object(void **state)
{
    static heard whole, parts;
    pack_writer w;

    (void)state;
    write_tree(&w, random_tree);
    for (uint32_t bad = 0; bad < N; bad += 7) {
        w.pack.data[w.offset[bad] + 6] ^= 0x55;
        write_file(w.pack_path, ss_buf_bytes(&w.pack));
        walk(&w, 0, &whole);
        walk(&w, 1500, &parts);
        for (uint32_t id = 1; id <= N; id++) {
            CHECK_INT(parts.n[id], 1);
            CHECK_STR(parts.text[id], whole.text[id]);
        }
        w.pack.data[w.offset[bad] + 6] ^= 0x55;
    }
    pack_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_pack_split__a_chain_gives_each_object_once),
        TEST(test_pack_split__a_star_gives_each_object_once),
        TEST(test_pack_split__any_tree_gives_each_object_once),
        TEST(test_pack_split__damage_is_said_once_an_object),
    };

    return RUN(tests);
}
