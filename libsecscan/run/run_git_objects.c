/*
 * run_git_objects.c: jobs over objects, in the order of the packs.
 * A worker reads and scans; the calling thread takes what came of it into the
 * history. Order of delivery follows the packs and decides nothing.
 */
#include "run_git_objects.h"

#include "base/alloc.h"
#include "run/run_git_cache.h"
#include "run/run_git_job.h"
#include "run/watch.h"
#include "source/git_store.h"
#include "source/object_hash.h"
#include "source/pack_walk.h"

#include <stdlib.h>

#define JOB_BYTES ((uint64_t)1 << 20)
#define JOB_OBJECTS 512u
#define MAX_OBJECT ((uint64_t)512 << 20)
/* Nothing of it is held; time is bounded. */
#define MAX_STREAMED ((uint64_t)16 << 30)

/* ---- progress, and stops, inside of what takes long ------------------- */

static int note_stop(ss_git_history *h, int rc)
{
    if (rc)
        atomic_store(&h->stopped, rc);
    return rc;
}

static int tell_progress(ss_git_history *h)
{
    return note_stop(
        h, ss_progress_tell(&h->scan->sink, &h->progress, &h->told_at));
}

static int on_idle(void *ctx)
{
    return tell_progress(ctx);
}

/* On any thread; only the calling one may speak to the sink. */
static int on_read(void *ctx, size_t len)
{
    ss_git_worker *w = ctx;

    (void)len;
    if (w->is_callers)
        tell_progress(w->history);
    return atomic_load(&w->history->stopped) != 0;
}

/* ---- workers ---------------------------------------------------------- */

static void worker_free(void *ctx, void *state)
{
    ss_git_history *h = ctx;
    ss_git_worker *w = state;

    if (!w)
        return;
    if (w->scanner && !h->is_range)
        ss_coverage_add(h->scan->handle, ss_scanner_counts(w->scanner));
    if (h->is_range) /* which has been counted */
        w->unpacker.n_containers = w->unpacker.n_members = 0;
    ss_unpacker_release(&w->unpacker);
    ss_buf_release(&w->collected);
    ss_map_release(&w->names);
    ss_arena_release(&w->names_arena);
    ss_git_tree_trace_release(&w->leaf_tree);
    ss_map_release(&w->item_names);
    SS_VEC_RELEASE(&w->added);
    SS_VEC_RELEASE(&w->taken);
    SS_VEC_RELEASE(&w->runs);
    ss_trace_release(&w->leaf);
    ss_pack_walker_free(w->walker);
    ss_scanner_free(w->scanner);
    ss_free(w);
}

static void *worker_new(void *ctx, secscan_error *err)
{
    ss_git_history *h = ctx;
    secscan_scanner *handle = h->scan->handle;
    ss_git_worker *w = ss_calloc(1, sizeof(*w));

    if (!w) {
        ss_fail_nomem(err);
        return NULL;
    }
    if (ss_handle_scanner(&w->scanner, handle, err)) {
        worker_free(ctx, w);
        return NULL;
    }
    w->history = h;
    w->is_callers = !h->n_workers++;
    w->collected = (ss_buf)SS_BUF_INIT(SS_GIT_MAX_COLLECTED);
    ss_unpacker_init(&w->unpacker, handle, w->scanner);
    w->unpacker.on_read = on_read;
    w->unpacker.ctx = w;
    return w;
}

static void job_free(void *ctx, void *state)
{
    ss_git_job *j = state;

    (void)ctx;
    ss_results_release(&j->results);
    SS_VEC_RELEASE(&j->units);
    SS_VEC_RELEASE(&j->parsed);
    SS_VEC_RELEASE(&j->failures);
    SS_VEC_RELEASE(&j->trees);
    SS_VEC_RELEASE(&j->entries);
    SS_VEC_RELEASE(&j->gaps);
    SS_VEC_RELEASE(&j->pointers);
    SS_VEC_RELEASE(&j->done);
    ss_free(j);
}

uint64_t ss_git_object_limit(const ss_git_history *h)
{
    uint64_t limit = h->scan->handle->options.max_object_size;

    return limit ? limit : MAX_OBJECT;
}

uint64_t ss_git_stream_limit(const ss_git_history *h)
{
    uint64_t limit = h->scan->handle->options.max_object_size;

    return limit ? limit : MAX_STREAMED;
}

int ss_git_job_fail(ss_git_job *j, uint32_t object, int rc)
{
    ss_git_failure f = {object, "corrupt", "the object cannot be read"};

    if (rc == SECSCAN_ERR_NOMEM)
        return rc;
    if (rc == SECSCAN_ERR_GIT) {
        f.reason = "missing";
        f.detail = "the object is not there";
    }
    return SS_VEC_PUSH(&j->failures, f) ? SECSCAN_ERR_NOMEM : 0;
}

/* Larger than the caller allowed is noted; than the default, incomplete. */
int ss_git_job_too_large(const ss_git_history *h, ss_git_job *j,
                         uint32_t object)
{
    ss_git_failure f = {object, "too-large", "larger than max_object_size"};

    if (!h->scan->handle->options.max_object_size) {
        f.reason = "object-limit";
        f.detail = "larger than 512 MiB (16 GiB where no delta hangs on it)";
    }
    return SS_VEC_PUSH(&j->failures, f) ? SECSCAN_ERR_NOMEM : 0;
}

int ss_git_job_take(const ss_git_history *h, ss_git_worker *w, ss_git_job *j,
                    uint32_t number, ss_git_kind kind, ss_bytes bytes,
                    const ss_git_descent *descent)
{
    int rc;

    if (kind == SS_GIT_TREE)
        return ss_git_job_take_tree(h, w, j, number, bytes, NULL);
    rc = ss_git_job_take_text(h, w, j, number, kind, bytes, descent);
    return rc ? ss_git_job_fail(j, number, rc) : 0;
}

static int is_by_name(const ss_git_history *h)
{
    return (h->scan->options.flags & SECSCAN_GIT_BY_NAME) != 0;
}

static int read_object(const ss_git_history *h, ss_git_worker *w, ss_git_job *j,
                       uint32_t number)
{
    const ss_git_object *o = &h->objects.list.at[number];
    ss_git_data data;
    int rc;

    if (o->size > ss_git_object_limit(h))
        return ss_git_job_too_large(h, j, number);
    rc =
        ss_git_object_read(&data, h->git, &o->id, ss_git_object_limit(h), NULL);
    if (rc == SECSCAN_ERR_LIMIT)
        return ss_git_job_too_large(h, j, number);
    if (rc)
        return ss_git_job_fail(j, number, rc);
    /* Its pack did not give it: damage that need not show in its bytes. */
    if (!is_by_name(h) && ss_git_objects_is_packed(&h->objects, number) &&
        !ss_object_hash_is(data.kind, data.bytes, &o->id, h->id_len))
        rc = ss_git_job_fail(j, number, SECSCAN_ERR_CORRUPT);
    /* A tree that could not be told to be one when it was listed. */
    else if (data.kind == SS_GIT_TREE && !h->attr)
        rc = ss_git_job_fail(j, number, SECSCAN_ERR_CORRUPT);
    else
        rc = ss_git_job_take(h, w, j, number, data.kind, data.bytes, NULL);
    ss_git_data_release(&data);
    return rc;
}

static void work(void *ctx, void *state, void *item)
{
    const ss_git_history *h = ctx;
    ss_git_job *j = item;

    if (j->pack)
        ss_git_job_walk(h, state, j);
    for (size_t i = 0; !j->pack && i < j->n && !j->rc; i++)
        j->rc = read_object(h, state, j, j->objects[i]);
}

/* ---- on the calling thread -------------------------------------------- */

static const char *keep_text(ss_git_history *h, const char *s)
{
    return ss_arena_str(&h->store.arena, s, strlen(s));
}

/* Told when all objects have been read: their order is that of the packs. */
static int skip_object(ss_git_history *h, uint32_t object,
                       const ss_result_skip *told)
{
    ss_git_skip skip = {object, *told};

    h->dirty[object] |= SS_DIRTY;
    if (h->is_range)
        return 0;
    skip.skip.detail = keep_text(h, told->detail);
    if (told->member)
        skip.skip.member = keep_text(h, told->member);
    if (!skip.skip.detail || (told->member && !skip.skip.member) ||
        SS_VEC_PUSH(&h->skips, skip))
        return ss_fail_nomem(h->err);
    return 0;
}

static int by_object(const void *pa, const void *pb)
{
    const ss_git_skip *a = pa, *b = pb;
    const char *member_a = a->skip.member ? a->skip.member : "";
    const char *member_b = b->skip.member ? b->skip.member : "";
    int order;

    if (a->object != b->object)
        return a->object < b->object ? -1 : 1;
    order = strcmp(member_a, member_b);
    if (!order)
        order = strcmp(a->skip.reason, b->skip.reason);
    return order ? order : strcmp(a->skip.detail, b->skip.detail);
}

/* By id: objects are numbered so. */
static int deliver_skips(ss_git_history *h)
{
    char id[SS_OID_TEXT];
    const ss_origin origin = {NULL, id, SECSCAN_SOURCE_BLOB};
    int rc = 0;

    if (h->skips.len > 1)
        qsort(h->skips.at, h->skips.len, sizeof(*h->skips.at), by_object);
    for (size_t i = 0; !rc && i < h->skips.len; i++) {
        const ss_git_skip *s = &h->skips.at[i];

        ss_oid_write(id, &h->objects.list.at[s->object].id, h->id_len);
        rc = ss_result_skip_deliver(&s->skip, h->scan->handle, &origin,
                                    &h->scan->sink);
    }
    h->skips.len = 0;
    return rc;
}

static int take_failure(ss_git_history *h, const ss_git_failure *f)
{
    const ss_result_skip skip = {f->reason, f->detail, NULL};

    return skip_object(h, f->object, &skip);
}

static int deliver_units(ss_git_history *h, const ss_git_job *j)
{
    size_t match = 0, skip = 0;
    int rc = 0;

    for (size_t i = 0; i < j->units.len; i++) {
        const ss_git_unit *u = &j->units.at[i];

        h->dirty[u->object] |=
            (uint8_t)(match < u->n_matches || u->is_suppressed);
        for (; !rc && match < u->n_matches; match++)
            rc = ss_git_store_add(&h->store, &j->results.matches.at[match],
                                  u->object, u->source, NULL);
        for (; !rc && skip < u->n_skips; skip++)
            rc = skip_object(h, u->object, &j->results.skips.at[skip]);
    }
    return rc;
}

static int deliver_parsed(ss_git_history *h, const ss_git_job *j)
{
    for (size_t i = 0; i < j->parsed.len; i++) {
        const ss_git_parsed *p = &j->parsed.at[i];

        if (p->is_tag)
            h->targets[p->object] =
                ss_git_objects_find(&h->objects, p->target.id, h->id_len);
        else if (ss_git_walk_add(&h->walk, &h->objects, p->object, &p->commit,
                                 h->id_len))
            return ss_fail_nomem(h->err);
    }
    return 0;
}

static int deliver_pointers(ss_git_history *h, const ss_git_job *j)
{
    for (size_t i = 0; i < j->pointers.len; i++) {
        h->dirty[j->pointers.at[i].object] |= SS_DIRTY;
        if (SS_VEC_PUSH(&h->pointers, j->pointers.at[i]))
            return ss_fail_nomem(h->err);
    }
    return 0;
}

static int deliver_trees(ss_git_history *h, const ss_git_job *j)
{
    size_t at = 0;
    int rc = 0;

    h->has_gitlinks |= j->has_gitlinks;
    h->is_disturbed |= j->has_items;
    if (h->is_quiet)
        return 0;
    for (size_t i = 0; !rc && i < j->trees.len; i++) {
        const ss_git_tree_part *part = &j->trees.at[i];

        rc = ss_attr_add_tree(h->attr, part->tree, part->like,
                              at < part->n_entries ? &j->entries.at[at] : NULL,
                              part->n_entries - at, h->err);
        at = part->n_entries;
    }
    for (size_t i = 0; !rc && i < j->gaps.len; i++) {
        h->dirty[j->gaps.at[i].tree] |= SS_DIRTY;
        if (SS_VEC_PUSH(&h->gaps, j->gaps.at[i]))
            rc = ss_fail_nomem(h->err);
    }
    return rc;
}

static int report_progress(ss_git_history *h, const ss_git_job *j)
{
    const secscan_sink *sink = &h->scan->sink;

    h->progress.units_done += j->pack ? j->done.len : j->n;
    return sink->progress ? sink->progress(sink->ctx, &h->progress) : 0;
}

static int deliver(void *ctx, void *item)
{
    ss_git_history *h = ctx;
    ss_git_job *j = item;
    int rc = j->rc;

    if (rc)
        return rc == SECSCAN_ERR_NOMEM ? ss_fail_nomem(h->err) : rc;
    rc = atomic_load(&h->stopped);
    if (rc)
        return rc;
    for (size_t i = 0; i < j->done.len; i++)
        h->done[j->done.at[i]] = 1;
    for (size_t i = 0; !j->pack && i < j->n; i++)
        h->done[j->objects[i]] = 1;
    for (size_t i = 0; i < j->failures.len; i++)
        h->dirty[j->failures.at[i].object] |= SS_DIRTY_UNREAD;
    for (size_t i = 0; !rc && i < j->failures.len; i++)
        rc = take_failure(h, &j->failures.at[i]);
    if (!rc)
        rc = deliver_units(h, j);
    if (!rc)
        rc = deliver_parsed(h, j);
    if (!rc)
        rc = deliver_pointers(h, j);
    if (!rc)
        rc = deliver_trees(h, j);
    if (!rc)
        rc = report_progress(h, j);
    return note_stop(h, rc);
}

static int submit(ss_pool *pool, const uint32_t *objects, size_t n,
                  secscan_error *err)
{
    ss_git_job *j;

    if (!n)
        return 0;
    j = ss_calloc(1, sizeof(*j));
    if (!j)
        return ss_fail_nomem(err);
    j->objects = objects;
    j->n = n;
    return ss_pool_submit(pool, j, err);
}

/* Numbers of the objects that no pack of ours gave, in the order of reading. */
static int choose(ss_git_history *h, uint32_t **out, size_t *n, int is_trees)
{
    const ss_git_objects *objects = &h->objects;
    uint32_t *numbers = ss_alloc(objects->list.len * sizeof(*numbers));

    *n = 0;
    *out = numbers;
    if (!numbers)
        return ss_fail_nomem(h->err);
    for (size_t i = 0; i < objects->list.len; i++) {
        int is_tree = objects->list.at[i].kind == SS_GIT_TREE;

        if (is_tree == is_trees && !h->done[i])
            numbers[(*n)++] = (uint32_t)i;
    }
    return ss_git_store_order(numbers, *n, objects, h->err);
}

static int submit_all(ss_git_history *h, ss_pool *pool, const uint32_t *order,
                      size_t n)
{
    size_t from = 0;
    uint64_t bytes = 0;
    int rc = 0;

    for (size_t i = 0; !rc && i < n; i++) {
        bytes += h->objects.list.at[order[i]].size;
        if (bytes < JOB_BYTES && i + 1 - from < JOB_OBJECTS)
            continue;
        rc = submit(pool, order + from, i + 1 - from, h->err);
        from = i + 1;
        bytes = 0;
    }
    if (!rc)
        rc = submit(pool, order + from, n - from, h->err);
    return rc ? rc : ss_pool_drain(pool, h->err);
}

/* First the packs; then, by name, what they did not give. */
static int run_pool(ss_git_history *h, ss_pool *pool, int is_trees)
{
    uint32_t *order = NULL;
    size_t n = 0;
    int rc = is_by_name(h) ? 0 : ss_git_packs_submit(h, pool, is_trees);

    if (!rc)
        rc = ss_pool_drain(pool, h->err);
    if (!rc)
        rc = choose(h, &order, &n, is_trees);
    if (!rc)
        rc = submit_all(h, pool, order, n);
    ss_free(order);
    return rc;
}

static int run_jobs(ss_git_history *h, int is_trees)
{
    const ss_pool_ops ops = {h,    worker_new, worker_free,
                             work, deliver,    job_free};
    ss_pool *pool = NULL;
    int rc;

    h->n_workers = 0;
    rc = ss_pool_new(&pool, &ops, h->scan->handle->options.threads, h->err);
    if (!rc) {
        ss_pool_on_idle(pool, on_idle);
        rc = run_pool(h, pool, is_trees);
    }
    ss_pool_free(pool);
    return rc;
}

int ss_git_scan_texts(ss_git_history *h)
{
    size_t n = h->objects.list.len;
    int rc = ss_git_packs_split(h);

    if (rc)
        return rc;
    h->targets = ss_alloc(n * sizeof(*h->targets));
    h->done = ss_calloc(n, 1);
    h->dirty = ss_calloc(n, 1);
    if (!h->targets || !h->done || !h->dirty)
        return ss_fail_nomem(h->err);
    memset(h->targets, 0xff, n * sizeof(*h->targets));
    rc = ss_git_cache_take_texts(h);
    if (rc)
        return rc;
    h->progress.phase = "scanning";
    h->progress.units_total = n - h->objects.n_kind[SS_GIT_TREE];
    rc = run_jobs(h, 0);
    return rc ? rc : deliver_skips(h);
}

/* Trees are to be read once more, but for those that cannot be, of which that
 * has been said. */
static int forget_trees(ss_git_history *h)
{
    if (!h->known)
        h->known = ss_calloc(h->objects.list.len, 1);
    if (!h->known)
        return ss_fail_nomem(h->err);
    for (size_t i = 0; i < h->objects.list.len; i++) {
        if (h->objects.list.at[i].kind != SS_GIT_TREE)
            continue;
        if (h->dirty[i] & SS_DIRTY_UNREAD)
            h->known[i] = 1;
        h->done[i] = h->known[i];
    }
    return 0;
}

static int read_all_trees(ss_git_history *h)
{
    int rc;

    h->progress = (secscan_progress){0};
    h->progress.phase = "attributing";
    h->progress.units_total = h->objects.n_kind[SS_GIT_TREE];
    rc = run_jobs(h, 1);
    return rc ? rc : deliver_skips(h);
}

/* Most histories are clean: then trees are only asked for what is missing, and
 * for names that a rule is about. */
static int look_through(ss_git_history *h)
{
    int rc;

    h->is_quiet = !h->store.hits.len && !ss_git_cache_has_entries(h);
    rc = read_all_trees(h);
    if (rc || !h->is_quiet || !h->is_disturbed)
        return rc;
    h->is_quiet = 0;
    rc = forget_trees(h);
    return rc ? rc : read_all_trees(h);
}

int ss_git_read_trees(ss_git_history *h)
{
    size_t n = h->objects.list.len;
    int rc;

    h->wanted = ss_calloc(n, 1);
    if (!h->wanted)
        return ss_fail_nomem(h->err);
    for (size_t i = 0; i < h->store.hits.len; i++) {
        const ss_git_hit *hit = &h->store.hits.at[i];

        if (hit->object != SS_NO_OBJECT)
            h->wanted[hit->object] = 1;
    }
    rc = ss_attr_new(&h->attr, &h->walk, n, h->err);
    if (!rc)
        rc = ss_git_cache_take_trees(h);
    if (rc)
        return rc;
    return look_through(h);
}

void ss_git_history_release(ss_git_history *h)
{
    ss_attr_free(h->attr);
    ss_git_walk_release(&h->walk);
    ss_git_store_release(&h->store);
    ss_git_refs_release(&h->refs);
    ss_git_gate_release(&h->gate);
    ss_git_objects_release(&h->objects);
    SS_VEC_RELEASE(&h->gaps);
    SS_VEC_RELEASE(&h->pointers);
    SS_VEC_RELEASE(&h->skips);
    ss_free(h->targets);
    ss_free(h->wanted);
    ss_free(h->done);
    ss_free(h->known);
    ss_free(h->dirty);
    ss_git_cache_free(h->cache);
}
