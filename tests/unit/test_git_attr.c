#include "unit.h"

#include "source/git_attr.h"
#include "source/git_store.h"

/*
 * A history in a few letters. Objects are numbered by a byte: commits 1..,
 * trees 100.., blobs 200... A blob 200 + k holds secret k.
 */
typedef struct world {
    ss_git_objects objects;
    ss_git_walk walk;
    ss_git_refs refs;
    ss_attr *attr;
    uint32_t held[64];
} world;

static ss_oid id_of(unsigned n)
{
    ss_oid id = {{0}};

    id.id[0] = (uint8_t)n;
    return id;
}

static void start(world *w)
{
    memset(w, 0, sizeof(*w));
    for (unsigned n = 0; n < 256; n++) {
        ss_git_object object = {.id = id_of(n)};

        CHECK_OK(SS_VEC_PUSH(&w->objects.list, object));
    }
    CHECK_OK(ss_git_store_sort(&w->objects, NULL));
}

/* Commit `n` at `time`; parents as bytes, ended by 0. */
static void add_commit(world *w, unsigned n, int64_t time, unsigned tree,
                       const char *parents)
{
    char text[256], *at = text;
    ss_git_commit c = {.tree = id_of(tree)};

    c.committer.time = time;
    for (; *parents; parents++) {
        ss_oid id = id_of((unsigned)*parents);

        memcpy(at, "parent ", 7);
        ss_oid_write(at + 7, &id, 20);
        at[47] = '\n';
        at += 48;
    }
    c.parents = ss_bytes_of(text, (size_t)(at - text));
    CHECK_OK(ss_git_walk_add(&w->walk, &w->objects, n, &c, 20));
}

static uint32_t no_target(void *ctx, uint32_t object)
{
    (void)ctx;
    (void)object;
    return SS_NO_OBJECT;
}

static void finish(world *w, unsigned tip)
{
    ss_git_root root = {"refs/heads/main", id_of(tip), SS_ROOT_REF};

    CHECK_OK(SS_VEC_PUSH(&w->refs.roots, root));
    w->refs.has_head = 1;
    w->refs.head = id_of(tip);
    CHECK_OK(ss_git_walk_finish(&w->walk, &w->objects, &w->refs, no_target,
                                NULL, 20, NULL));
    CHECK_OK(ss_attr_new(&w->attr, &w->walk, 256, NULL));
}

static void add_tree(world *w, unsigned tree, const char *name, unsigned object,
                     int is_tree)
{
    ss_attr_entry e = {ss_bytes_str(name), object, (uint8_t)is_tree};

    CHECK_OK(ss_attr_add_tree(w->attr, tree, SS_NO_OBJECT, &e, 1, NULL));
}

static int secret_of_blob(void *ctx, const char *path, uint32_t blob,
                          const uint32_t **secrets, size_t *n)
{
    world *w = ctx;

    w->held[blob - 200] = blob - 200;
    *secrets = &w->held[blob - 200];
    *n = strncmp(path, "allowed", 7) != 0;
    return 0;
}

static void run(world *w)
{
    const ss_attr_ops ops = {w, secret_of_blob, NULL};

    CHECK_OK(ss_attr_run(w->attr, 4, &ops, NULL));
}

static void stop(world *w)
{
    ss_attr_free(w->attr);
    ss_git_walk_release(&w->walk);
    ss_git_refs_release(&w->refs);
    ss_git_objects_release(&w->objects);
}

/* Object number of the i-th introduction of a secret; 0: none. */
static uint32_t intro(const world *w, uint32_t secret, size_t i)
{
    const ss_attr_secret *s = ss_attr_get(w->attr, secret);

    if (i >= s->intros.len)
        return 0;
    return w->walk.commits.at[s->intros.at[i].commit].object;
}

static void test_git_attr__line_of_commits(void **state)
{
    world w;

    (void)state;
    start(&w);
    add_commit(&w, 3, 30, 102, "\2");
    add_commit(&w, 1, 10, 100, "");
    add_commit(&w, 2, 20, 101, "\1");
    finish(&w, 3);
    add_tree(&w, 101, "f", 201, 0);
    add_tree(&w, 102, "g", 201, 0);
    run(&w);
    CHECK_INT(intro(&w, 1, 0), 2);
    CHECK_INT(intro(&w, 1, 1), 0);
    CHECK_INT(ss_attr_get(w.attr, 1)->n_commits, 2);
    CHECK_INT(ss_attr_get(w.attr, 1)->in_head, 1);
    CHECK_INT(ss_attr_get(w.attr, 0)->reach, 0);
    stop(&w);
}

static void
test_git_attr__children_older_than_parents_keep_their_place(void **state)
{
    world w;

    (void)state;
    start(&w);
    add_commit(&w, 1, 50, 100, "");
    add_commit(&w, 2, 10, 101, "\1");
    finish(&w, 2);
    CHECK_INT(w.walk.commits.at[0].object, 1);
    CHECK_INT(w.walk.commits.at[1].object, 2);
    stop(&w);
}

static void
test_git_attr__merge_introduces_only_what_no_parent_has(void **state)
{
    world w;

    (void)state;
    start(&w);
    add_commit(&w, 1, 10, 100, "");
    add_commit(&w, 2, 20, 101, "\1");
    add_commit(&w, 3, 20, 100, "\1");
    add_commit(&w, 4, 30, 101, "\3\2");
    add_commit(&w, 5, 40, 102, "\4");
    finish(&w, 5);
    add_tree(&w, 101, "f", 201, 0);
    add_tree(&w, 102, "f", 202, 0);
    run(&w);
    CHECK_INT(intro(&w, 1, 0), 2);
    CHECK_INT(intro(&w, 1, 1), 0);
    CHECK_INT(intro(&w, 2, 0), 5);
    CHECK_INT(ss_attr_get(w.attr, 1)->n_commits, 2);
    CHECK_INT(ss_attr_get(w.attr, 1)->in_head, 0);
    stop(&w);
}

static void test_git_attr__path_decides_whether_it_counts(void **state)
{
    world w;

    (void)state;
    start(&w);
    add_commit(&w, 1, 10, 100, "");
    add_commit(&w, 2, 20, 101, "\1");
    finish(&w, 2);
    add_tree(&w, 110, "x", 201, 0);
    add_tree(&w, 100, "allowed", 110, 1);
    add_tree(&w, 101, "open", 110, 1);
    run(&w);
    CHECK_INT(intro(&w, 1, 0), 2);
    CHECK_INT(ss_attr_get(w.attr, 1)->n_commits, 1);
    CHECK_INT(ss_attr_n_places(w.attr), 2);
    stop(&w);
}

static void test_git_attr__text_of_a_commit_holds_too(void **state)
{
    world w;

    (void)state;
    start(&w);
    add_commit(&w, 1, 10, 100, "");
    add_commit(&w, 2, 20, 101, "\1");
    finish(&w, 2);
    add_tree(&w, 101, "f", 201, 0);
    CHECK_OK(ss_attr_add_text(w.attr, 0, 1, NULL));
    run(&w);
    CHECK_INT(intro(&w, 1, 0), 1);
    CHECK_INT(intro(&w, 1, 1), 0);
    CHECK_INT(ss_attr_get(w.attr, 1)->n_commits, 2);
    stop(&w);
}

static void test_git_attr__unreachable_introductions_come_last(void **state)
{
    world w;

    (void)state;
    start(&w);
    add_commit(&w, 1, 5, 101, "");
    add_commit(&w, 2, 10, 101, "");
    finish(&w, 2);
    add_tree(&w, 101, "f", 201, 0);
    run(&w);
    CHECK_INT(intro(&w, 1, 0), 2);
    CHECK_INT(intro(&w, 1, 1), 1);
    CHECK_INT(ss_attr_get(w.attr, 1)->reach, SECSCAN_REACH_REF);
    stop(&w);
}

static void test_git_attr__shallow_border_is_a_root(void **state)
{
    world w;
    ss_oid id = id_of(2);

    (void)state;
    start(&w);
    add_commit(&w, 2, 20, 101, "\1");
    CHECK_OK(SS_VEC_PUSH(&w.refs.shallow, id));
    finish(&w, 2);
    CHECK_INT(w.walk.commits.at[0].is_boundary, 1);
    CHECK_INT(w.walk.commits.at[0].has_missing, 0);
    add_tree(&w, 101, "f", 201, 0);
    run(&w);
    CHECK_INT(intro(&w, 1, 0), 2);
    stop(&w);
}

static void
test_git_attr__tree_of_equal_trees_is_cut_not_followed_for_ever(void **state)
{
    world w;
    ss_attr_entry entries[8];

    (void)state;
    start(&w);
    add_commit(&w, 1, 10, 100, "");
    finish(&w, 1);
    for (unsigned i = 0; i < 8; i++)
        entries[i] = (ss_attr_entry){ss_bytes_of("01234567" + i, 1), 201, 0};
    CHECK_OK(ss_attr_add_tree(w.attr, 111, SS_NO_OBJECT, entries, 8, NULL));
    for (unsigned t = 110; t >= 100; t--) {
        for (unsigned i = 0; i < 8; i++)
            entries[i] =
                (ss_attr_entry){ss_bytes_of("01234567" + i, 1), t + 1, 1};
        CHECK_OK(ss_attr_add_tree(w.attr, t, SS_NO_OBJECT, entries, 8, NULL));
    }
    run(&w);
    CHECK_INT(ss_attr_is_cut(w.attr), 1);
    CHECK_INT(intro(&w, 1, 0), 1);
    stop(&w);
}

/* Names of a tree's entries, in its order. */
static void check_names(const world *w, unsigned tree, const char *expected)
{
    ss_buf edges = SS_BUF_INIT(1 << 20), names = SS_BUF_INIT(1 << 20);
    const uint32_t *edge;

    CHECK_OK(ss_attr_edges(w->attr, tree, &edges));
    edge = (const uint32_t *)(const void *)edges.data;
    for (size_t i = 0; i < edges.len / 8; i++) {
        ss_bytes name = ss_attr_name(w->attr, edge[2 * i] >> 1);

        ss_buf_add(&names, name.data, name.len);
        ss_buf_putc(&names, edge[2 * i] & 1 ? '/' : ' ');
    }
    CHECK_BYTES(ss_buf_bytes(&names), expected);
    ss_buf_release(&edges);
    ss_buf_release(&names);
}

static void test_git_attr__tree_that_is_like_another(void **state)
{
    const ss_attr_entry base[] = {{ss_bytes_of("a", 1), 201, 0},
                                  {ss_bytes_of("d.c", 3), 200, 0},
                                  {ss_bytes_of("d", 1), 110, 1},
                                  {ss_bytes_of("e", 1), 111, 1}};
    /* `a` goes, `e` becomes a file, `d` another directory, `b` is new. */
    const ss_attr_entry changes[] = {{ss_bytes_of("e", 1), 203, 0},
                                     {ss_bytes_of("a", 1), SS_NO_OBJECT, 0},
                                     {ss_bytes_of("d", 1), 112, 1},
                                     {ss_bytes_of("b", 1), 111, 1}};
    world w;

    (void)state;
    start(&w);
    add_commit(&w, 1, 10, 100, "");
    add_commit(&w, 2, 20, 101, "\1");
    add_commit(&w, 3, 30, 102, "\2");
    finish(&w, 3);
    CHECK_OK(ss_attr_add_tree(w.attr, 100, SS_NO_OBJECT, base, 4, NULL));
    CHECK_OK(ss_attr_add_tree(w.attr, 101, 100, changes, 4, NULL));
    CHECK_OK(ss_attr_add_tree(w.attr, 102, 101, NULL, 0, NULL));
    add_tree(&w, 112, "x", 202, 0); /* 110 and 111 lead to nothing */
    check_names(&w, 100, "a d.c d/e/");
    check_names(&w, 101, "b/d.c d/e ");
    check_names(&w, 102, "b/d.c d/e ");
    run(&w);
    CHECK_INT(intro(&w, 0, 0), 1);
    CHECK_INT(intro(&w, 1, 0), 1);
    CHECK_INT(intro(&w, 2, 0), 2);
    CHECK_INT(intro(&w, 3, 0), 2);
    CHECK_INT(ss_attr_get(w.attr, 1)->in_head, 0);
    CHECK_INT(ss_attr_get(w.attr, 2)->in_head, 1);
    CHECK_INT(ss_attr_get(w.attr, 2)->n_commits, 2);
    CHECK_INT(ss_attr_get(w.attr, 1)->n_commits, 1);
    stop(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_git_attr__line_of_commits),
        TEST(test_git_attr__children_older_than_parents_keep_their_place),
        TEST(test_git_attr__merge_introduces_only_what_no_parent_has),
        TEST(test_git_attr__path_decides_whether_it_counts),
        TEST(test_git_attr__text_of_a_commit_holds_too),
        TEST(test_git_attr__unreachable_introductions_come_last),
        TEST(test_git_attr__shallow_border_is_a_root),
        TEST(test_git_attr__tree_that_is_like_another),
        TEST(test_git_attr__tree_of_equal_trees_is_cut_not_followed_for_ever),
    };

    return RUN(tests);
}
