/*
 * git_attr.c: from pruned trees to introductions, counts and places.
 * In: kept entries of trees, commits in canonical order. Out: per secret, who
 * brought it in. Knows nothing of rules, and reads no object.
 */
#include "git_attr.h"

#include "base/alloc.h"

#include <stdlib.h>

#define MAX_TREE_DEPTH 2048 /* as git's own core.maxTreeDepth */
#define MAX_PLACES ((size_t)1 << 20)
#define MAX_FLAT ((size_t)32 << 20) /* kept members of sets, all together */
#define NO_NODE 0u                  /* not looked at yet */
#define EMPTY_NODE 1u               /* leads to no hit */
#define REACHES 5

typedef struct node {
    uint32_t n;
    const uint32_t *entries; /* name << 1 | is_tree, then object or node */
} node;

typedef struct member {
    uint32_t secret, place;
} member;

typedef struct flat {
    member *at; /* one for each secret: its smallest place */
    uint32_t *places;
    size_t n, n_places;
} flat;

typedef struct place {
    ss_attr_place is;
    const uint32_t *secrets;
    size_t n_secrets;
} place;

typedef struct run_list {
    uint32_t *at;
    size_t n;
} run_list;

typedef struct text {
    uint32_t commit, secret;
} text;

typedef struct pair {
    uint32_t a, b;
} pair;

struct ss_attr {
    const ss_git_walk *walk;
    size_t n_objects;
    ss_arena arena;
    ss_map names; /* to number */
    /* Of a tree: the tree that it is like, or SS_NO_OBJECT; n; then n times
     * name, object. */
    SS_VEC(uint32_t) edges;
    uint32_t *tree_edges; /* by object: position in edges + 1 */
    uint32_t *node_of;    /* by object */
    uint8_t *has_blob;    /* by object: some tree that was followed has it */
    SS_VEC(node) nodes;   /* number 0 and 1 are NO_NODE and EMPTY_NODE */
    ss_map node_numbers;  /* by entries */
    ss_map path_numbers;  /* by (parent, name) */
    SS_VEC(const char *) paths; /* number 0 is the root */
    ss_map place_numbers;       /* by (path, blob) */
    SS_VEC(place) places;
    ss_map lists;       /* (path, node) to the places below */
    SS_VEC(flat) flats; /* by node; made when asked for */
    size_t n_flat;
    flat nothing;
    SS_VEC(text) texts;   /* sorted by commit before the run */
    uint32_t *first_text; /* by commit */
    ss_attr_secret *secrets;
    size_t n_secrets;
    uint32_t *stamps; /* by secret */
    uint32_t stamp;
    uint64_t (*counts)[REACHES]; /* by secret */
    ss_attr_ops ops;
    int is_cut;
    secscan_error *err;
};

int ss_attr_new(ss_attr **out, const ss_git_walk *walk, size_t n_objects,
                secscan_error *err)
{
    ss_attr *a = ss_calloc(1, sizeof(*a));
    node none = {0, NULL};
    const char *root = "";

    if (!a)
        return ss_fail_nomem(err);
    a->walk = walk;
    a->n_objects = n_objects;
    a->tree_edges = ss_calloc(n_objects, sizeof(uint32_t));
    a->node_of = ss_calloc(n_objects, sizeof(uint32_t));
    a->has_blob = ss_calloc(n_objects, 1);
    if (!a->tree_edges || !a->node_of || !a->has_blob ||
        SS_VEC_PUSH(&a->nodes, none) || SS_VEC_PUSH(&a->nodes, none) ||
        SS_VEC_PUSH(&a->paths, root)) {
        ss_attr_free(a);
        return ss_fail_nomem(err);
    }
    *out = a;
    return 0;
}

static void free_flats(ss_attr *a)
{
    for (size_t i = 0; i < a->flats.len; i++) {
        ss_free(a->flats.at[i].at);
        ss_free(a->flats.at[i].places);
        memset(&a->flats.at[i], 0, sizeof(flat));
    }
    a->n_flat = 0;
}

static void release_secret(ss_attr_secret *secret)
{
    SS_VEC_RELEASE(&secret->intros);
    SS_VEC_RELEASE(&secret->removals);
}

void ss_attr_free(ss_attr *a)
{
    if (!a)
        return;
    free_flats(a);
    for (size_t i = 0; a->secrets && i < a->n_secrets; i++)
        release_secret(&a->secrets[i]);
    ss_map_release(&a->names);
    ss_map_release(&a->node_numbers);
    ss_map_release(&a->path_numbers);
    ss_map_release(&a->place_numbers);
    ss_map_release(&a->lists);
    SS_VEC_RELEASE(&a->edges);
    SS_VEC_RELEASE(&a->nodes);
    SS_VEC_RELEASE(&a->paths);
    SS_VEC_RELEASE(&a->places);
    SS_VEC_RELEASE(&a->flats);
    SS_VEC_RELEASE(&a->texts);
    ss_free(a->tree_edges);
    ss_free(a->node_of);
    ss_free(a->has_blob);
    ss_free(a->first_text);
    ss_free(a->secrets);
    ss_free(a->stamps);
    ss_free(a->counts);
    ss_arena_release(&a->arena);
    ss_free(a);
}

/* ---- trees ------------------------------------------------------------ */

/* The number of a key, which is copied when it is new. SIZE_MAX: no memory. */
static size_t number_of(ss_attr *a, ss_map *map, ss_bytes key, int *is_new)
{
    ss_map_entry *entry = ss_map_put(map, key, is_new);

    if (!entry)
        return SIZE_MAX;
    if (*is_new) {
        entry->key.data = ss_arena_copy(&a->arena, key.data, key.len);
        entry->value.num = map->len - 1;
        if (!entry->key.data)
            return SIZE_MAX;
    }
    return entry->value.num;
}

int ss_attr_add_tree(ss_attr *a, uint32_t tree, uint32_t like,
                     const ss_attr_entry *entries, size_t n, secscan_error *err)
{
    uint32_t at = (uint32_t)a->edges.len + 1;
    uint32_t count = (uint32_t)n;
    int is_new;

    if ((!n && like == SS_NO_OBJECT) || a->tree_edges[tree])
        return 0;
    if (a->edges.len > UINT32_MAX - 2 * n - 3)
        return ss_fail(err, SECSCAN_ERR_LIMIT, "too many trees");
    if (SS_VEC_PUSH(&a->edges, like) || SS_VEC_PUSH(&a->edges, count))
        return ss_fail_nomem(err);
    for (size_t i = 0; i < n; i++) {
        size_t name = number_of(a, &a->names, entries[i].name, &is_new);
        uint32_t edge = (uint32_t)name << 1 | entries[i].is_tree;

        if (name == SIZE_MAX || SS_VEC_PUSH(&a->edges, edge) ||
            SS_VEC_PUSH(&a->edges, entries[i].object))
            return ss_fail_nomem(err);
    }
    a->tree_edges[tree] = at;
    return 0;
}

/* ---- what a tree has in addition to another one ---- */

/* As git sorts a tree: as if the names of directories ended with a slash. */
static int compare_edges(const ss_attr *a, uint32_t left, uint32_t right)
{
    ss_bytes x = a->names.entries[left >> 1].key;
    ss_bytes y = a->names.entries[right >> 1].key;
    size_t len = x.len < y.len ? x.len : y.len;
    int order = memcmp(x.data, y.data, len);
    int end_x = x.len > len ? x.data[len] : left & 1 ? '/' : 0;
    int end_y = y.len > len ? y.data[len] : right & 1 ? '/' : 0;

    return order ? order : end_x - end_y;
}

/* Take the name out of the list, and put the edge in where it belongs. */
static int change_list(const ss_attr *a, ss_buf *list, pair edge)
{
    pair *at = (pair *)(void *)list->data;
    size_t n = list->len / sizeof(pair), kept = 0, to;

    for (size_t i = 0; i < n; i++) {
        if (at[i].a >> 1 != edge.a >> 1)
            at[kept++] = at[i];
    }
    list->len = kept * sizeof(pair);
    if (edge.b == SS_NO_OBJECT)
        return 0;
    if (ss_buf_add(list, &edge, sizeof(edge)))
        return -1;
    at = (pair *)(void *)list->data;
    for (to = kept; to && compare_edges(a, edge.a, at[to - 1].a) < 0; to--)
        at[to] = at[to - 1];
    at[to] = edge;
    return 0;
}

static pair edge_at(const ss_attr *a, uint32_t at, uint32_t i)
{
    const uint32_t *edge = &a->edges.at[at + 1 + 2 * i];

    return (pair){edge[0], edge[1]};
}

/* All entries of a tree, behind what `out` holds (nothing). */
static int list_edges(const ss_attr *a, uint32_t tree, ss_buf *out)
{
    uint32_t at = a->tree_edges[tree];
    uint32_t like = at ? a->edges.at[at - 1] : SS_NO_OBJECT;
    uint32_t n = at ? a->edges.at[at] : 0;

    if (like == SS_NO_OBJECT)
        return n ? ss_buf_add(out, &a->edges.at[at + 1], n * sizeof(pair)) : 0;
    if (list_edges(a, like, out))
        return -1;
    for (uint32_t i = 0; i < n; i++) {
        if (change_list(a, out, edge_at(a, at, i)))
            return -1;
    }
    return 0;
}

int ss_attr_add_text(ss_attr *a, uint32_t commit, uint32_t secret,
                     secscan_error *err)
{
    text t = {commit, secret};

    return SS_VEC_PUSH(&a->texts, t) ? ss_fail_nomem(err) : 0;
}

static int prune(ss_attr *a, uint32_t tree, int depth, uint32_t *out);

/* What an edge leads to becomes a node; one that leads to nothing names none.
 */
static int prune_edge(ss_attr *a, pair *edge, int depth)
{
    int rc;

    if (edge->b == SS_NO_OBJECT)
        return 0;
    if (!(edge->a & 1)) {
        a->has_blob[edge->b] = 1;
        return 0;
    }
    rc = prune(a, edge->b, depth + 1, &edge->b);
    if (edge->b == EMPTY_NODE)
        edge->b = SS_NO_OBJECT;
    return rc;
}

/* The remains of a tree that is like another one are that one's, changed. */
static int start_like(ss_attr *a, uint32_t like, int depth, ss_buf *kept)
{
    uint32_t number;
    int rc = prune(a, like, depth, &number);

    if (rc || number == EMPTY_NODE)
        return rc;
    return ss_buf_add(kept, a->nodes.at[number].entries,
                      a->nodes.at[number].n * sizeof(pair))
               ? ss_fail_nomem(a->err)
               : 0;
}

/* The entries of a tree that lead to hits, in `kept`. */
static int prune_entries(ss_attr *a, uint32_t at, int depth, ss_buf *kept)
{
    uint32_t like = a->edges.at[at - 1], n = a->edges.at[at];
    int rc = like == SS_NO_OBJECT ? 0 : start_like(a, like, depth, kept);

    for (uint32_t i = 0; !rc && i < n; i++) {
        pair edge = edge_at(a, at, i);

        rc = prune_edge(a, &edge, depth);
        if (rc || (like == SS_NO_OBJECT && edge.b == SS_NO_OBJECT))
            continue;
        if (like == SS_NO_OBJECT ? ss_buf_add(kept, &edge, sizeof(edge))
                                 : change_list(a, kept, edge))
            rc = ss_fail_nomem(a->err);
    }
    return rc;
}

static int intern_node(ss_attr *a, ss_bytes entries, uint32_t *out)
{
    int is_new;
    size_t number = number_of(a, &a->node_numbers, entries, &is_new);
    node made = {(uint32_t)(entries.len / sizeof(pair)), NULL};

    if (number == SIZE_MAX)
        return ss_fail_nomem(a->err);
    if (is_new) {
        made.entries =
            (const uint32_t *)(const void *)a->node_numbers.entries[number]
                .key.data;
        if (SS_VEC_PUSH(&a->nodes, made))
            return ss_fail_nomem(a->err);
    }
    *out = (uint32_t)number + 2;
    return 0;
}

/* The node of a tree: made once, whatever the number of its places. */
static int prune(ss_attr *a, uint32_t tree, int depth, uint32_t *out)
{
    ss_buf kept = SS_BUF_INIT(SIZE_MAX / 4);
    uint32_t at = a->tree_edges[tree];
    int rc = 0;

    *out = a->node_of[tree];
    if (*out != NO_NODE)
        return 0;
    *out = EMPTY_NODE;
    if (depth > MAX_TREE_DEPTH)
        a->is_cut = 1;
    else if (at)
        rc = prune_entries(a, at, depth, &kept);
    if (!rc && kept.len)
        rc = intern_node(a, ss_buf_bytes(&kept), out);
    ss_buf_release(&kept);
    a->node_of[tree] = *out;
    return rc;
}

/* ---- places ----------------------------------------------------------- */

static int number_path(ss_attr *a, uint32_t parent, uint32_t name,
                       uint32_t *out)
{
    pair key = {parent, name};
    const char *above;
    ss_bytes tail;
    size_t number, len;
    char *path;
    int is_new;

    number =
        number_of(a, &a->path_numbers, ss_bytes_of(&key, sizeof(key)), &is_new);
    if (number == SIZE_MAX)
        return ss_fail_nomem(a->err);
    *out = (uint32_t)number + 1;
    if (!is_new)
        return 0;
    above = a->paths.at[parent];
    tail = a->names.entries[name].key;
    len = strlen(above);
    path = ss_arena_alloc(&a->arena, len + tail.len + 2);
    if (!path || SS_VEC_PUSH(&a->paths, path))
        return ss_fail_nomem(a->err);
    memcpy(path, above, len);
    if (len)
        path[len++] = '/';
    memcpy(path + len, tail.data, tail.len);
    path[len + tail.len] = '\0';
    return 0;
}

/* Room for one more secret: a place may bring new ones. */
static int grow_secrets(ss_attr *a, size_t n)
{
    size_t old = a->n_secrets, cap = old * 2 > n ? old * 2 : n;
    ss_attr_secret *secrets;
    uint32_t *stamps;
    void *counts;

    if (n <= old)
        return 0;
    secrets = ss_realloc(a->secrets, cap * sizeof(*secrets));
    if (!secrets)
        return ss_fail_nomem(a->err);
    memset(secrets + old, 0, (cap - old) * sizeof(*secrets));
    a->secrets = secrets;
    stamps = ss_realloc(a->stamps, cap * sizeof(*stamps));
    if (stamps)
        a->stamps = stamps;
    counts = ss_realloc(a->counts, cap * sizeof(*a->counts));
    if (counts)
        a->counts = counts;
    if (!stamps || !counts)
        return ss_fail_nomem(a->err);
    memset(a->stamps + old, 0, (cap - old) * sizeof(*stamps));
    memset(a->counts + old, 0, (cap - old) * sizeof(*a->counts));
    a->n_secrets = cap;
    return 0;
}

static int number_place(ss_attr *a, uint32_t path, uint32_t blob, uint32_t *out)
{
    pair key = {path, blob};
    place made = {.is = {path, blob, 1, 0}};
    int is_new, rc;
    size_t number = number_of(a, &a->place_numbers,
                              ss_bytes_of(&key, sizeof(key)), &is_new);

    if (number == SIZE_MAX)
        return ss_fail_nomem(a->err);
    *out = (uint32_t)number;
    if (!is_new)
        return 0;
    rc = a->ops.at(a->ops.ctx, a->paths.at[path], blob, &made.secrets,
                   &made.n_secrets);
    if (!rc && made.n_secrets)
        rc = grow_secrets(a, (size_t)made.secrets[made.n_secrets - 1] + 1);
    if (rc)
        return rc;
    return SS_VEC_PUSH(&a->places, made) ? ss_fail_nomem(a->err) : 0;
}

/* The list of a key by its index: the map moves when it grows, and its values
 * are lists, not numbers. */
static int find_list(ss_attr *a, const pair *key, size_t *at, int *is_new)
{
    ss_map_entry *entry =
        ss_map_put(&a->lists, ss_bytes_of(key, sizeof(*key)), is_new);

    if (!entry)
        return ss_fail_nomem(a->err);
    *at = (size_t)(entry - a->lists.entries);
    if (!*is_new)
        return 0;
    entry->value.ptr = NULL;
    entry->key.data = ss_arena_copy(&a->arena, key, sizeof(*key));
    return entry->key.data ? 0 : ss_fail_nomem(a->err);
}

/* Places below a node in the order of their whole paths: git sorts a tree as
 * if directories ended with a slash. */
static int collect(ss_attr *a, uint32_t path, uint32_t number, ss_buf *out)
{
    uint32_t n = a->nodes.at[number].n;

    for (uint32_t i = 0; i < n; i++) {
        const uint32_t *e = a->nodes.at[number].entries + 2 * i;
        uint32_t below = 0, at = 0;
        pair key;
        size_t list_at = 0;
        int is_new, rc;
        run_list *list;

        rc = number_path(a, path, e[0] >> 1, &below);
        if (rc)
            return rc;
        if (a->places.len > MAX_PLACES) {
            a->is_cut = 1;
            return 0;
        }
        if (!(e[0] & 1)) {
            rc = number_place(a, below, e[1], &at);
            if (rc || ss_buf_add(out, &at, sizeof(at)))
                return rc ? rc : ss_fail_nomem(a->err);
            continue;
        }
        key = (pair){below, e[1]};
        rc = find_list(a, &key, &list_at, &is_new);
        if (rc)
            return rc;
        if (is_new) {
            ss_buf sub = SS_BUF_INIT(SIZE_MAX / 4);

            rc = collect(a, below, e[1], &sub);
            list = ss_arena_alloc(&a->arena, sizeof(*list));
            if (list) {
                list->at = ss_arena_copy(&a->arena, sub.data, sub.len);
                list->n = sub.len / sizeof(uint32_t);
            }
            ss_buf_release(&sub);
            if (rc)
                return rc;
            if (!list || !list->at)
                return ss_fail_nomem(a->err);
            /* The map may have moved. */
            a->lists.entries[list_at].value.ptr = list;
        }
        list = a->lists.entries[list_at].value.ptr;
        if (list && ss_buf_add(out, list->at, list->n * sizeof(uint32_t)))
            return ss_fail_nomem(a->err);
    }
    return 0;
}

static int add_member(ss_attr *a, ss_buf *out, uint32_t secret, uint32_t at)
{
    member m = {secret, at};

    if (a->stamps[secret] == a->stamp)
        return 0;
    a->stamps[secret] = a->stamp;
    return ss_buf_add(out, &m, sizeof(m)) ? ss_fail_nomem(a->err) : 0;
}

static int fill_flat(ss_attr *a, uint32_t number, ss_buf *places,
                     ss_buf *members)
{
    int rc = collect(a, 0, number, places);

    a->stamp++;
    for (size_t i = 0; !rc && i < places->len / sizeof(uint32_t); i++) {
        uint32_t at = ((const uint32_t *)(const void *)places->data)[i];
        const place *p = &a->places.at[at];

        for (size_t k = 0; !rc && k < p->n_secrets; k++)
            rc = add_member(a, members, p->secrets[k], at);
    }
    return rc;
}

/* Every secret below a root, with its smallest place. */
static int flatten(ss_attr *a, uint32_t number, flat **out)
{
    ss_buf places = SS_BUF_INIT(SIZE_MAX / 4);
    ss_buf members = SS_BUF_INIT(SIZE_MAX / 4);
    flat empty = {NULL, NULL, 0, 0}, *f;
    int rc = 0;

    *out = &a->nothing;
    if (number <= EMPTY_NODE)
        return 0;
    while (a->flats.len <= number) {
        if (SS_VEC_PUSH(&a->flats, empty))
            return ss_fail_nomem(a->err);
    }
    f = *out = &a->flats.at[number];
    if (f->places)
        return 0;
    rc = fill_flat(a, number, &places, &members);
    if (rc) {
        ss_buf_release(&places);
        ss_buf_release(&members);
        return rc;
    }
    f->at = (member *)(void *)members.data;
    f->n = members.len / sizeof(member);
    f->places = (uint32_t *)(void *)places.data;
    f->n_places = places.len / sizeof(uint32_t);
    a->n_flat += f->n + f->n_places;
    return 0;
}

/* ---- the run ---------------------------------------------------------- */

static int compare_texts(const void *left, const void *right)
{
    const text *a = left, *b = right;

    if (a->commit != b->commit)
        return a->commit < b->commit ? -1 : 1;
    return a->secret < b->secret ? -1 : a->secret > b->secret;
}

static void index_texts(ss_attr *a)
{
    size_t at = 0;

    if (a->texts.len)
        qsort(a->texts.at, a->texts.len, sizeof(text), compare_texts);
    for (size_t i = 0; i <= a->walk->commits.len; i++) {
        while (at < a->texts.len && a->texts.at[at].commit < i)
            at++;
        a->first_text[i] = (uint32_t)at;
    }
}

static uint32_t root_of(const ss_attr *a, size_t commit)
{
    uint32_t tree = a->walk->commits.at[commit].tree;

    return tree == SS_NO_OBJECT ? EMPTY_NODE : a->node_of[tree];
}

/* Stamp what a commit holds. */
static int stamp_held(ss_attr *a, size_t commit, uint32_t stamp)
{
    flat *f;
    int rc = flatten(a, root_of(a, commit), &f);

    for (size_t i = 0; !rc && i < f->n; i++)
        a->stamps[f->at[i].secret] = stamp;
    for (uint32_t i = a->first_text[commit]; i < a->first_text[commit + 1]; i++)
        a->stamps[a->texts.at[i].secret] = stamp;
    return rc;
}

static int introduce(ss_attr *a, uint32_t commit, uint32_t secret, uint32_t at)
{
    ss_attr_secret *s = &a->secrets[secret];
    ss_attr_intro intro = {commit, at};

    if (a->ops.is_excluded &&
        a->ops.is_excluded(a->ops.ctx, secret, commit, at)) {
        s->n_excluded++;
        return 0;
    }
    return SS_VEC_PUSH(&s->intros, intro) ? ss_fail_nomem(a->err) : 0;
}

/* Nothing can be new when a parent has the same remains and there is no text.
 */
static int is_like_parent(const ss_attr *a, uint32_t commit)
{
    const ss_walk_commit *c = &a->walk->commits.at[commit];
    uint32_t root = root_of(a, commit);

    if (a->first_text[commit] != a->first_text[commit + 1])
        return 0;
    if (root == EMPTY_NODE)
        return 1;
    for (uint32_t k = 0; k < c->n_parents; k++) {
        uint32_t p = a->walk->parents.at[c->first_parent + k];

        if (p != SS_NO_COMMIT && root_of(a, p) == root)
            return 1;
    }
    return 0;
}

static int attribute(ss_attr *a, uint32_t commit)
{
    const ss_walk_commit *c = &a->walk->commits.at[commit];
    uint32_t stamp;
    flat *f;
    int rc;

    if (is_like_parent(a, commit))
        return 0;
    /* All sets first: making one uses the stamps too. */
    rc = flatten(a, root_of(a, commit), &f);
    for (uint32_t k = 0; !rc && k < c->n_parents; k++) {
        uint32_t p = a->walk->parents.at[c->first_parent + k];

        if (p != SS_NO_COMMIT)
            rc = flatten(a, root_of(a, p), &f);
    }
    stamp = ++a->stamp;
    for (uint32_t k = 0; !rc && k < c->n_parents; k++) {
        uint32_t p = a->walk->parents.at[c->first_parent + k];

        if (p != SS_NO_COMMIT)
            rc = stamp_held(a, p, stamp);
    }
    if (!rc)
        rc = flatten(a, root_of(a, commit), &f);
    for (size_t i = 0; !rc && i < f->n; i++) {
        if (a->stamps[f->at[i].secret] == stamp)
            continue;
        a->stamps[f->at[i].secret] = stamp;
        rc = introduce(a, commit, f->at[i].secret, f->at[i].place);
    }
    for (uint32_t i = a->first_text[commit];
         !rc && i < a->first_text[commit + 1]; i++) {
        uint32_t secret = a->texts.at[i].secret;

        if (a->stamps[secret] == stamp)
            continue;
        a->stamps[secret] = stamp;
        rc = introduce(a, commit, secret, SS_NO_PLACE);
    }
    /* Sets are kept while there is room, and made again otherwise. */
    if (a->n_flat > MAX_FLAT)
        free_flats(a);
    return rc;
}

/* Can it lack what all its parents have? */
static int may_remove(const ss_attr *a, uint32_t commit)
{
    const ss_walk_commit *c = &a->walk->commits.at[commit];
    uint32_t root = root_of(a, commit);

    for (uint32_t k = 0; k < c->n_parents; k++) {
        uint32_t p = a->walk->parents.at[c->first_parent + k];

        if (p == SS_NO_COMMIT || root_of(a, p) == root ||
            root_of(a, p) == EMPTY_NODE)
            return 0;
    }
    return c->reach && c->n_parents;
}

/* Of a set, raise the stamps that are `from` (or, with `is_first`, that are
 * not) to `to`. */
static int raise_stamps(ss_attr *a, uint32_t root, uint32_t from, uint32_t to,
                        int is_first)
{
    flat *f;
    int rc = flatten(a, root, &f);

    for (size_t i = 0; !rc && i < f->n; i++) {
        uint32_t *stamp = &a->stamps[f->at[i].secret];

        if ((*stamp == from) != is_first)
            *stamp = to;
    }
    return rc;
}

/* Every parent's set has been made: a stamp counts how many in a row have what
 * the commit has not. */
static int remove_lost(ss_attr *a, uint32_t commit)
{
    const ss_walk_commit *c = &a->walk->commits.at[commit];
    const uint32_t *parents = &a->walk->parents.at[c->first_parent];
    uint32_t own = a->stamp + 1;
    flat *f;
    int rc;

    a->stamp += c->n_parents + 1;
    rc = stamp_held(a, commit, own);
    for (uint32_t k = 0; !rc && k < c->n_parents; k++)
        rc = raise_stamps(a, root_of(a, parents[k]), own + k, own + k + 1,
                          k == 0);
    if (!rc)
        rc = flatten(a, root_of(a, parents[0]), &f);
    for (size_t i = 0; !rc && i < f->n; i++) {
        uint32_t secret = f->at[i].secret;

        if (a->stamps[secret] == own + c->n_parents &&
            SS_VEC_PUSH(&a->secrets[secret].removals, commit))
            rc = ss_fail_nomem(a->err);
    }
    return rc;
}

/* All sets first: making one uses the stamps too. */
static int find_removals(ss_attr *a, uint32_t commit)
{
    const ss_walk_commit *c = &a->walk->commits.at[commit];
    flat *f;
    int rc;

    if (!may_remove(a, commit))
        return 0;
    rc = flatten(a, root_of(a, commit), &f);
    for (uint32_t k = 0; !rc && k < c->n_parents; k++)
        rc = flatten(a, root_of(a, a->walk->parents.at[c->first_parent + k]),
                     &f);
    if (!rc)
        rc = remove_lost(a, commit);
    if (a->n_flat > MAX_FLAT)
        free_flats(a);
    return rc;
}

static int attribute_commit(ss_attr *a, uint32_t commit)
{
    int rc = attribute(a, commit);

    return rc ? rc : find_removals(a, commit);
}

static void reach_place(ss_attr *a, uint32_t at, uint8_t reach, int is_note)
{
    ss_attr_place *p = &a->places.at[at].is;

    if (!p->reach || reach < p->reach)
        p->reach = reach;
    p->is_note &= (uint8_t)is_note;
}

static void reach_secret(ss_attr *a, uint32_t secret, uint8_t reach)
{
    ss_attr_secret *s = &a->secrets[secret];

    if (!s->reach || reach < s->reach)
        s->reach = reach;
}

typedef struct root_use {
    uint64_t n[REACHES];
    uint8_t reach;
    uint8_t has_other; /* a commit that is not a note's */
} root_use;

static int count_root(ss_attr *a, uint32_t number, const root_use *use)
{
    flat *f;
    int rc = flatten(a, number, &f);

    if (rc)
        return rc;
    for (size_t i = 0; i < f->n_places; i++)
        reach_place(a, f->places[i], use->reach, !use->has_other);
    for (size_t i = 0; i < f->n; i++) {
        reach_secret(a, f->at[i].secret, use->reach);
        for (int r = 0; r < REACHES; r++)
            a->counts[f->at[i].secret][r] += use->n[r];
    }
    if (a->n_flat > MAX_FLAT)
        free_flats(a);
    return 0;
}

/* Commits whose tree does not hold it but whose own text does. */
static int count_texts(ss_attr *a)
{
    int rc = 0;

    for (size_t i = 0; !rc && i < a->texts.len; i++) {
        const text *t = &a->texts.at[i];
        uint8_t reach = a->walk->commits.at[t->commit].reach;
        flat *f;
        size_t k = 0;

        if (i && compare_texts(t - 1, t) == 0)
            continue;
        if (!reach)
            continue;
        rc = flatten(a, root_of(a, t->commit), &f);
        while (!rc && k < f->n && f->at[k].secret != t->secret)
            k++;
        reach_secret(a, t->secret, reach);
        if (!rc && k == f->n)
            a->counts[t->secret][reach]++;
    }
    return rc;
}

static int count_commits(ss_attr *a)
{
    root_use *uses = ss_calloc(a->nodes.len, sizeof(*uses));
    int rc = 0;

    if (!uses)
        return ss_fail_nomem(a->err);
    for (size_t i = 0; i < a->walk->commits.len; i++) {
        const ss_walk_commit *c = &a->walk->commits.at[i];
        root_use *use = &uses[root_of(a, i)];

        if (!c->reach)
            continue;
        use->n[c->reach]++;
        if (!use->reach || c->reach < use->reach)
            use->reach = c->reach;
        use->has_other |= !c->is_note;
    }
    for (uint32_t i = EMPTY_NODE + 1; !rc && i < a->nodes.len; i++) {
        if (uses[i].reach)
            rc = count_root(a, i, &uses[i]);
    }
    ss_free(uses);
    return rc ? rc : count_texts(a);
}

/* Trees that a ref or a tag names without a commit. */
static int count_bare_trees(ss_attr *a)
{
    int rc = 0;

    for (size_t i = 0; !rc && i < a->n_objects; i++) {
        root_use use = {.reach = a->walk->reached[i], .has_other = 1};
        uint32_t number;

        if (!use.reach || !a->tree_edges[i])
            continue;
        rc = prune(a, (uint32_t)i, 0, &number);
        if (!rc)
            rc = count_root(a, number, &use);
    }
    return rc;
}

static int mark_head(ss_attr *a)
{
    flat *f;
    int rc;

    if (a->walk->head == SS_NO_COMMIT)
        return 0;
    rc = flatten(a, root_of(a, a->walk->head), &f);
    for (size_t i = 0; !rc && i < f->n; i++)
        a->secrets[f->at[i].secret].in_head = 1;
    return rc;
}

/* By reach, then canonically. */
static int order_removals(ss_attr *a, ss_attr_secret *s)
{
    uint32_t *sorted;
    size_t n = 0;

    if (!s->removals.len)
        return 0;
    sorted = ss_alloc(s->removals.len * sizeof(*sorted));
    if (!sorted)
        return ss_fail_nomem(a->err);
    for (uint8_t reach = 1; reach < REACHES; reach++) {
        for (size_t i = 0; i < s->removals.len; i++) {
            if (a->walk->commits.at[s->removals.at[i]].reach == reach)
                sorted[n++] = s->removals.at[i];
        }
    }
    ss_free(s->removals.at);
    s->removals.at = sorted;
    s->removals.len = s->removals.cap = n;
    return 0;
}

/* Introductions by reach, then canonically: stable, for they are in order.
 * Commits without a reach are not told. */
static int finish_secret(ss_attr *a, ss_attr_secret *s, uint32_t number)
{
    ss_attr_intro *sorted;
    size_t n = 0;

    s->n_commits = a->counts[number][s->reach];
    if (order_removals(a, s))
        return SECSCAN_ERR_NOMEM;
    if (!s->intros.len)
        return 0;
    sorted = ss_alloc(s->intros.len * sizeof(*sorted));
    if (!sorted)
        return ss_fail_nomem(a->err);
    for (uint8_t reach = 1; reach < REACHES; reach++) {
        for (size_t i = 0; i < s->intros.len; i++) {
            if (a->walk->commits.at[s->intros.at[i].commit].reach == reach)
                sorted[n++] = s->intros.at[i];
        }
    }
    ss_free(s->intros.at);
    s->intros.at = sorted;
    s->intros.len = s->intros.cap = n;
    return 0;
}

static int prepare(ss_attr *a, size_t n_secrets)
{
    uint32_t number;
    int rc;

    rc = grow_secrets(a, n_secrets + 1);
    if (rc)
        return rc;
    a->first_text = ss_calloc(a->walk->commits.len + 1, sizeof(*a->first_text));
    if (!a->first_text)
        return ss_fail_nomem(a->err);
    index_texts(a);
    for (size_t i = 0; !rc && i < a->walk->commits.len; i++) {
        if (a->walk->commits.at[i].tree != SS_NO_OBJECT)
            rc = prune(a, a->walk->commits.at[i].tree, 0, &number);
    }
    return rc;
}

int ss_attr_run(ss_attr *a, size_t n_secrets, const ss_attr_ops *ops,
                secscan_error *err)
{
    int rc;

    a->err = err;
    a->ops = *ops;
    rc = prepare(a, n_secrets);
    for (size_t i = 0; !rc && i < a->walk->commits.len; i++)
        rc = attribute_commit(a, (uint32_t)i);
    if (!rc)
        rc = count_commits(a);
    if (!rc)
        rc = count_bare_trees(a);
    if (!rc)
        rc = mark_head(a);
    for (size_t i = 0; !rc && i < a->n_secrets; i++)
        rc = finish_secret(a, &a->secrets[i], (uint32_t)i);
    return rc;
}

/* ---- marks ------------------------------------------------------------ */

static int mark_below(const ss_attr *a, uint8_t *marks, ss_buf *stack,
                      ss_buf *edges)
{
    const pair *edge;
    uint32_t tree;

    stack->len -= sizeof(tree);
    memcpy(&tree, stack->data + stack->len, sizeof(tree));
    if (marks[tree])
        return 0;
    marks[tree] = 1;
    if (ss_attr_edges(a, tree, edges))
        return -1;
    edge = (const pair *)(const void *)edges->data;
    for (size_t i = 0; i < edges->len / sizeof(pair); i++) {
        if ((edge[i].a & 1) && ss_buf_add(stack, &edge[i].b, sizeof(edge[i].b)))
            return -1;
    }
    return 0;
}

int ss_attr_mark_trees(const ss_attr *a, uint8_t *marks, int max_reach,
                       secscan_error *err)
{
    ss_buf stack = SS_BUF_INIT(SIZE_MAX / 4), edges = SS_BUF_INIT(SIZE_MAX / 4);
    int rc = 0;

    for (size_t i = 0; i < a->walk->commits.len && !rc; i++) {
        const ss_walk_commit *c = &a->walk->commits.at[i];

        if (c->reach > max_reach || c->tree == SS_NO_OBJECT)
            continue;
        rc = ss_buf_add(&stack, &c->tree, sizeof(c->tree));
        while (stack.len && !rc)
            rc = mark_below(a, marks, &stack, &edges);
    }
    ss_buf_release(&stack);
    ss_buf_release(&edges);
    return rc ? ss_fail_nomem(err) : 0;
}

const ss_attr_secret *ss_attr_get(const ss_attr *a, uint32_t secret)
{
    return &a->secrets[secret];
}

size_t ss_attr_n_places(const ss_attr *a)
{
    return a->places.len;
}

const ss_attr_place *ss_attr_place_at(const ss_attr *a, uint32_t at)
{
    return &a->places.at[at].is;
}

const uint32_t *ss_attr_place_secrets(const ss_attr *a, uint32_t at, size_t *n)
{
    *n = a->places.at[at].n_secrets;
    return a->places.at[at].secrets;
}

int ss_attr_commit_places(ss_attr *a, uint32_t commit, const uint32_t **places,
                          size_t *n, secscan_error *err)
{
    flat *f;
    int rc;

    a->err = err;
    if (a->n_flat > MAX_FLAT)
        free_flats(a);
    rc = flatten(a, root_of(a, commit), &f);
    *places = rc ? NULL : f->places;
    *n = rc ? 0 : f->n_places;
    return rc;
}

const char *ss_attr_path(const ss_attr *a, uint32_t path)
{
    return a->paths.at[path];
}

int ss_attr_is_cut(const ss_attr *a)
{
    return a->is_cut;
}

int ss_attr_has_blob(const ss_attr *a, uint32_t blob)
{
    return a->has_blob[blob];
}

int ss_attr_edges(const ss_attr *a, uint32_t tree, ss_buf *out)
{
    ss_buf_reset(out);
    return list_edges(a, tree, out);
}

ss_bytes ss_attr_name(const ss_attr *a, uint32_t name)
{
    return a->names.entries[name].key;
}

size_t ss_attr_n_names(const ss_attr *a)
{
    return a->names.len;
}

int ss_attr_is_pruned(const ss_attr *a, uint32_t tree)
{
    return a->node_of[tree] != NO_NODE;
}

int ss_attr_leads(const ss_attr *a, uint32_t tree)
{
    return a->node_of[tree] > EMPTY_NODE;
}
