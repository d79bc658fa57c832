/*
 * run_git_packs.c: the delta trees of packs as jobs: each entry inflated once,
 * and of a blob only what its delta brings in is scanned.
 * What cannot be read here is left to run_git_objects.c, which says why.
 */
#include "run/run_git_job.h"

#include "base/alloc.h"
#include "source/pack_split.h"
#include "source/pack_walk.h"

#define PARTS 8u                         /* of each worker, at least */
#define BASE_BUDGET ((uint64_t)32 << 20) /* bytes of bases, a worker */
#define MAX_RETRIED_DEPTH 256u /* git makes chains of 50, 250 at most */

typedef struct walk {
    const ss_git_history *h;
    ss_git_worker *worker;
    ss_git_job *job;
} walk;

/* ---- runs ------------------------------------------------------------- */

/* Copies that are contiguous in base and target are one run. */
static int add_copy(ss_git_worker *w, const ss_delta_op *op, size_t at)
{
    ss_run *last = w->runs.len ? &w->runs.at[w->runs.len - 1] : NULL;
    ss_run run = {op->from, at, op->len};

    if (last && last->base + last->len == op->from &&
        last->from + last->len == at) {
        last->len += op->len;
        return 0;
    }
    return SS_VEC_PUSH(&w->runs, run);
}

static int list_runs(ss_git_worker *w, ss_delta delta)
{
    size_t at = 0;

    w->runs.len = 0;
    while (delta.ops.len) {
        ss_delta_op op = {0};

        if (ss_delta_next(&delta, &op, NULL))
            return SECSCAN_ERR_CORRUPT;
        if (op.is_copy && add_copy(w, &op, at))
            return SECSCAN_ERR_NOMEM;
        at += op.len;
    }
    return 0;
}

/* ---- objects ---------------------------------------------------------- */

static void release_trace(void *ctx, void *kept)
{
    (void)ctx;
    ss_trace_release(kept);
    ss_free(kept);
}

static int scan_blob(walk *k, uint32_t number, const ss_pack_object *o,
                     ss_trace *out)
{
    ss_git_worker *w = k->worker;
    ss_git_descent d = {.base = o->base, .out = out};
    int rc;

    if (o->is_again)
        return ss_object_trace(w->scanner, o->bytes, out, NULL);
    rc = d.base ? list_runs(w, *o->delta) : 0;
    if (rc)
        return rc;
    if (d.base) {
        d.runs = w->runs.at;
        d.n_runs = w->runs.len;
    }
    return ss_git_job_take(k->h, w, k->job, number, SS_GIT_BLOB, o->bytes, &d);
}

static int take_blob(walk *k, uint32_t number, const ss_pack_object *o,
                     void **kept)
{
    ss_trace *trace;
    int rc;

    if (!o->has_deltas)
        return scan_blob(k, number, o, &k->worker->leaf);
    trace = ss_calloc(1, sizeof(*trace));
    if (!trace)
        return SECSCAN_ERR_NOMEM;
    rc = scan_blob(k, number, o, trace);
    if (rc)
        release_trace(NULL, trace);
    else
        *kept = trace;
    return rc;
}

static void release_tree(void *ctx, void *kept)
{
    (void)ctx;
    ss_git_tree_trace_release(kept);
    ss_free(kept);
}

static int take_tree(walk *k, uint32_t number, const ss_pack_object *o,
                     void **kept)
{
    ss_git_worker *w = k->worker;
    ss_git_tree_descent d = {.base = o->base, .is_again = o->is_again};
    int rc = d.base ? list_runs(w, *o->delta) : 0;

    if (rc)
        return rc;
    d.runs = w->runs.at;
    d.n_runs = w->runs.len;
    d.out = &w->leaf_tree;
    if (o->has_deltas)
        d.out = ss_calloc(1, sizeof(*d.out));
    if (!d.out)
        return SECSCAN_ERR_NOMEM;
    rc = ss_git_job_take_tree(k->h, w, k->job, number, o->bytes, &d);
    if (!o->has_deltas)
        return rc;
    if (rc)
        release_tree(NULL, d.out);
    else
        *kept = d.out;
    return rc;
}

static int take_object(walk *k, uint32_t number, const ss_pack_object *o,
                       void **kept)
{
    switch (o->kind) {
    case SS_OBJECT_TREE:
        return take_tree(k, number, o, kept);
    case SS_OBJECT_BLOB:
        return take_blob(k, number, o, kept);
    default:
        return o->is_again
                   ? 0
                   : ss_git_job_take(k->h, k->worker, k->job, number,
                                     (ss_git_kind)o->kind, o->bytes, NULL);
    }
}

static int is_known(const walk *k, uint32_t number)
{
    return number != SS_PACK_NONE && k->h->known && k->h->known[number];
}

/* Of the base of a part, and of what is clean by the cache, only what is built
 * on it is of interest: its deltas inherit what it leaves. */
static int on_object(void *ctx, const ss_pack_object *given, void **kept)
{
    walk *k = ctx;
    ss_pack_object o = *given;
    int rc;

    o.is_again |= is_known(k, o.label);
    if (o.is_again)
        return o.has_deltas ? take_object(k, o.label, &o, kept) : 0;
    if (o.label == SS_PACK_NONE)
        return 0; /* the copy in another pack counts */
    rc = take_object(k, o.label, &o, kept);
    if (rc)
        return rc;
    return SS_VEC_PUSH(&k->job->done, o.label) ? SECSCAN_ERR_NOMEM : 0;
}

static int on_piece(void *ctx, const ss_pack_object *o, ss_pack_piece which)
{
    walk *k = ctx;
    int rc;

    if (o->label == SS_PACK_NONE)
        return 0;
    rc = ss_git_job_take_piece(k->worker, k->job, o->label, o->bytes,
                               which == SS_PIECE_LOST);
    if (rc || which != SS_PIECE_END)
        return rc;
    return SS_VEC_PUSH(&k->job->done, o->label) ? SECSCAN_ERR_NOMEM : 0;
}

/* By name an object is read along all of its chain: upon a very long one that
 * is damaged this would take as long again for each. */
static int is_deep(const ss_pack *pack, const uint8_t *id)
{
    uint32_t place = ss_pack_index_find(&pack->index, id);
    uint32_t at = place == UINT32_MAX ? SS_PACK_NONE : pack->entry_of[place];
    uint32_t depth = 0;

    while (depth < MAX_RETRIED_DEPTH && at != SS_PACK_NONE) {
        at = pack->entries[at].base;
        depth++;
    }
    return depth == MAX_RETRIED_DEPTH;
}

/* Another copy may be whole: it is read by name, and said if it is not. Of a
 * pack whose index is nonsense nothing is asked for again. */
static int on_damaged(void *ctx, const uint8_t *id, uint32_t number,
                      const char *reason)
{
    walk *k = ctx;
    int rc;

    if (number == SS_PACK_NONE || is_known(k, number))
        return 0;
    if (!strcmp(reason, "object-limit"))
        rc = ss_git_job_too_large(k->h, k->job, number);
    else if (k->job->pack->is_damaged || is_deep(k->job->pack, id))
        rc = ss_git_job_fail(k->job, number, SECSCAN_ERR_CORRUPT);
    else
        return 0;
    if (rc || SS_VEC_PUSH(&k->job->done, number))
        return SECSCAN_ERR_NOMEM;
    return 0;
}

/* ---- jobs ------------------------------------------------------------- */

static int use_pack(const ss_git_history *h, ss_git_worker *w,
                    const ss_pack *pack)
{
    const ss_pack_limits limits = {BASE_BUDGET, ss_git_object_limit(h),
                                   ss_git_stream_limit(h)};

    if (w->walker && w->pack == pack)
        return 0;
    ss_pack_walker_free(w->walker);
    w->walker = NULL;
    w->pack = pack;
    return ss_pack_walker_new(&w->walker, pack, limits, NULL);
}

void ss_git_job_walk(const ss_git_history *h, ss_git_worker *w, ss_git_job *j)
{
    walk k = {h, w, j};
    const ss_pack_sink sink = {.ctx = &k,
                               .object = on_object,
                               .release =
                                   j->is_trees ? release_tree : release_trace,
                               .piece = on_piece,
                               .damaged = on_damaged};

    j->rc = use_pack(h, w, j->pack);
    for (size_t i = 0; i < j->n && !j->rc; i++)
        j->rc = ss_pack_walk(w->walker, &j->roots[i], &sink, NULL);
}

static int submit_roots(ss_git_history *h, ss_pool *pool, size_t number,
                        size_t from, size_t to, int is_trees)
{
    ss_pack *pack = h->objects.packs.at[number];
    ss_git_job *j;

    if (from == to)
        return 0;
    j = ss_calloc(1, sizeof(*j));
    if (!j)
        return ss_fail_nomem(h->err);
    j->pack = pack;
    j->pack_number = number;
    j->roots = pack->roots + from;
    j->n = to - from;
    j->is_trees = is_trees;
    return ss_pool_submit(pool, j, h->err);
}

/* Is this delta tree read now? Those of unknown kind are read by name. */
static int is_wanted(const ss_pack *pack, const ss_pack_root *root,
                     int is_trees)
{
    uint8_t kind = pack->entries[root->entry].kind;

    return kind != SS_OBJECT_UNKNOWN && (kind == SS_OBJECT_TREE) == is_trees;
}

/* Entries on the way from a root to what has to be read; all of them, NULL,
 * without a cache. */
static int mark_needed(const ss_git_history *h, const ss_pack *pack,
                       uint8_t **out)
{
    uint8_t *marks;

    *out = NULL;
    if (!h->known)
        return 0;
    marks = *out = ss_calloc(pack->index.n, 1);
    if (!marks)
        return ss_fail_nomem(h->err);
    for (uint32_t i = 0; i < pack->index.n; i++) {
        uint32_t label = pack->entries[i].label, at = i;

        if (label == SS_PACK_NONE || h->done[label])
            continue;
        for (; at != SS_PACK_NONE && !marks[at]; at = pack->entries[at].base)
            marks[at] = 1;
    }
    return 0;
}

static int submit_pack(ss_git_history *h, ss_pool *pool, size_t number,
                       int is_trees)
{
    const ss_pack *pack = h->objects.packs.at[number];
    size_t from = 0;
    uint64_t weight = 0;
    uint8_t *needed;
    int rc = mark_needed(h, pack, &needed);

    for (size_t i = 0; !rc && i < pack->n_roots; i++) {
        const ss_pack_root *root = &pack->roots[i];

        if (!is_wanted(pack, root, is_trees) ||
            (needed && !needed[root->entry])) {
            rc = submit_roots(h, pool, number, from, i, is_trees);
            from = i + 1;
            weight = 0;
            continue;
        }
        weight += root->weight;
        if (weight < SS_PACK_HEAVY)
            continue;
        rc = submit_roots(h, pool, number, from, i + 1, is_trees);
        from = i + 1;
        weight = 0;
    }
    ss_free(needed);
    return rc ? rc
              : submit_roots(h, pool, number, from, pack->n_roots, is_trees);
}

/* So many parts that the workers end at about the same time. What is kept of
 * trees waits in their job for its delivery, so that these are small for one
 * worker, too. */
int ss_git_packs_split(ss_git_history *h)
{
    unsigned threads = h->scan->handle->options.threads;
    uint64_t weight = 0;
    int rc = 0;

    for (size_t i = 0; i < h->objects.packs.len; i++) {
        const ss_pack *pack = h->objects.packs.at[i];

        for (size_t k = 0; pack && k < pack->n_roots; k++)
            weight += pack->roots[k].weight;
    }
    weight /= (uint64_t)threads * PARTS + 1;
    if (weight < SS_PACK_HEAVY)
        weight = SS_PACK_HEAVY;
    if (threads == 1)
        weight = UINT64_MAX;
    for (size_t i = 0; !rc && i < h->objects.packs.len; i++) {
        if (h->objects.packs.at[i])
            rc = ss_pack_split(h->objects.packs.at[i], weight, SS_PACK_HEAVY,
                               h->err);
    }
    return rc;
}

int ss_git_packs_submit(ss_git_history *h, ss_pool *pool, int is_trees)
{
    int rc = 0;

    for (size_t i = 0; !rc && i < h->objects.packs.len; i++) {
        if (h->objects.packs.at[i])
            rc = submit_pack(h, pool, i, is_trees);
    }
    return rc;
}
