/*
 * run_git_blobs.c: read and scan blobs by id, keep what each yields.
 */
#include "run_git_blobs.h"

#include "base/alloc.h"
#include "os/clock.h"
#include "run/member.h"
#include "run/pool.h"
#include "run/run_container.h"
#include "source/lfs.h"

#define FEW 16u /* blobs that are not worth a second thread */
#define JOB_BLOBS 32u
#define MAX_OBJECT ((uint64_t)512 << 20)

typedef struct runner {
    const ss_git_scan *scan;
    ss_git *git;
    ss_git_blobs *blobs;
    size_t n_workers;
    size_t n_done; /* as last told */
} runner;

typedef struct worker {
    runner *r;
    ss_scanner *own; /* NULL: the handle's */
    ss_unpacker unpacker;
    int is_callers; /* on the calling thread */
} worker;

typedef struct job {
    size_t from, to;
    int is_late;
    int rc;
} job;

int ss_git_blobs_add(ss_git_blobs *blobs, const ss_oid *id, const char *path)
{
    ss_git_blob blob = {.id = *id, .path = path};

    return SS_VEC_PUSH(&blobs->list, blob) ? SECSCAN_ERR_NOMEM : 0;
}

void ss_git_blobs_release(ss_git_blobs *blobs)
{
    for (size_t i = 0; i < blobs->list.len; i++)
        ss_results_release(&blobs->list.at[i].results);
    SS_VEC_RELEASE(&blobs->list);
}

static const char *reason_of(int rc, const secscan_scanner *handle)
{
    if (rc == SECSCAN_ERR_GIT)
        return "missing";
    if (rc != SECSCAN_ERR_LIMIT)
        return "corrupt";
    return handle->options.max_object_size ? "too-large" : "unsupported";
}

static int is_late(const ss_git_blobs *blobs)
{
    return blobs->deadline && ss_clock_ms() >= blobs->deadline;
}

/* How far it is; nonzero: stop. */
static int tell(runner *r)
{
    const secscan_sink *sink = &r->scan->sink;
    const secscan_progress state = {.units_done = r->n_done,
                                    .units_total = r->blobs->list.len,
                                    .phase = "scanning"};
    int rc = sink->progress ? sink->progress(sink->ctx, &state) : 0;

    if (rc)
        atomic_store(&r->blobs->stopped, rc);
    return rc;
}

/* Inside of containers, on any thread: time may be over, or a sink have said
 * so. */
static int on_read(void *ctx, size_t len)
{
    const worker *w = ctx;

    (void)len;
    if (w->is_callers)
        tell(w->r);
    return atomic_load(&w->r->blobs->stopped) || is_late(w->r->blobs);
}

/* Positive: it was stopped on the way. */
static int scan_blob(const runner *r, worker *w, ss_git_blob *blob)
{
    const secscan_scanner *handle = r->scan->handle;
    uint64_t limit = handle->options.max_object_size;
    ss_git_data data;
    ss_lfs_id lfs;
    int rc;

    rc = ss_git_object_read(&data, r->git, &blob->id,
                            limit ? limit : MAX_OBJECT, NULL);
    if (rc == SECSCAN_ERR_NOMEM)
        return rc;
    if (rc) {
        blob->reason = reason_of(rc, handle);
        return 0;
    }
    if (data.kind == SS_GIT_BLOB)
        rc = ss_unpack_scan(&w->unpacker, data.bytes, &blob->results, NULL);
    if (!rc && ss_lfs_pointer_read(&lfs, data.bytes))
        rc = ss_results_add_skip(&blob->results, "lfs",
                                 "a pointer: --history scans what it names");
    ss_git_data_release(&data);
    return rc;
}

static void worker_init(worker *w, runner *r, ss_scanner *scanner)
{
    w->r = r;
    ss_unpacker_init(&w->unpacker, r->scan->handle, scanner);
    w->unpacker.on_read = on_read;
    w->unpacker.ctx = w;
}

static void *worker_new(void *ctx, secscan_error *err)
{
    runner *r = ctx;
    worker *w = ss_calloc(1, sizeof(*w));

    if (!w) {
        ss_fail_nomem(err);
        return NULL;
    }
    if (ss_handle_scanner(&w->own, r->scan->handle, err)) {
        ss_free(w);
        return NULL;
    }
    worker_init(w, r, w->own);
    w->is_callers = !r->n_workers++;
    return w;
}

static void worker_free(void *ctx, void *state)
{
    const runner *r = ctx;
    worker *w = state;

    if (!w)
        return;
    ss_coverage_add(r->scan->handle, ss_scanner_counts(w->own));
    ss_unpacker_release(&w->unpacker);
    ss_scanner_free(w->own);
    ss_free(w);
}

/* What was stopped because time is over is late. */
static int scan_in_time(const runner *r, worker *w, size_t at, int *late)
{
    int rc;

    *late = is_late(r->blobs);
    if (*late)
        return 0;
    rc = scan_blob(r, w, &r->blobs->list.at[at]);
    if (rc <= 0)
        return rc;
    *late = !atomic_load(&r->blobs->stopped);
    return atomic_load(&r->blobs->stopped);
}

static void work(void *ctx, void *state, void *item)
{
    job *j = item;

    for (size_t i = j->from; i < j->to && !j->rc && !j->is_late; i++)
        j->rc = scan_in_time(ctx, state, i, &j->is_late);
}

static int on_idle(void *ctx)
{
    return tell(ctx);
}

static int deliver(void *ctx, void *item)
{
    runner *r = ctx;
    const job *j = item;

    r->blobs->is_late |= j->is_late;
    r->n_done = j->to;
    return j->rc ? j->rc : tell(r);
}

static void job_free(void *ctx, void *item)
{
    (void)ctx;
    ss_free(item);
}

static int scan_parallel(runner *r, secscan_error *err)
{
    const ss_pool_ops ops = {r,    worker_new, worker_free,
                             work, deliver,    job_free};
    size_t n = r->blobs->list.len;
    ss_pool *pool = NULL;
    int rc;

    rc = ss_pool_new(&pool, &ops, r->scan->handle->options.threads, err);
    if (!rc)
        ss_pool_on_idle(pool, on_idle);
    for (size_t i = r->blobs->n_scanned; !rc && i < n; i += JOB_BLOBS) {
        job *j = ss_calloc(1, sizeof(*j));

        if (!j) {
            rc = ss_fail_nomem(err);
            break;
        }
        j->from = i;
        j->to = n - i < JOB_BLOBS ? n : i + JOB_BLOBS;
        rc = ss_pool_submit(pool, j, err);
    }
    if (!rc)
        rc = ss_pool_drain(pool, err);
    ss_pool_free(pool);
    return rc;
}

static int scan_few(runner *r)
{
    ss_git_blobs *blobs = r->blobs;
    worker w = {.is_callers = 1};
    int rc = 0;

    worker_init(&w, r, r->scan->handle->scanner);
    for (size_t i = blobs->n_scanned; !rc && i < blobs->list.len; i++) {
        int late;

        rc = scan_in_time(r, &w, i, &late);
        blobs->is_late |= late;
        if (blobs->is_late)
            break;
        r->n_done = i + 1;
        if (!rc)
            rc = tell(r);
    }
    ss_unpacker_release(&w.unpacker);
    return rc;
}

int ss_git_blobs_scan(ss_git_blobs *blobs, const ss_git_scan *scan, ss_git *git,
                      secscan_error *err)
{
    runner r = {.scan = scan, .git = git, .blobs = blobs};
    size_t n = blobs->list.len;
    int rc = 0;

    r.n_done = blobs->n_scanned;
    if (n - blobs->n_scanned > FEW)
        rc = scan_parallel(&r, err);
    else
        rc = scan_few(&r);
    blobs->n_scanned = n;
    return rc;
}

/* ---- known secrets ---------------------------------------------------- */

static int add_known(ss_git_known *known, const char *text)
{
    int is_new;
    ss_map_entry *entry = ss_map_put(&known->map, ss_bytes_str(text), &is_new);

    if (!entry)
        return SECSCAN_ERR_NOMEM;
    if (is_new)
        entry->key.data = ss_arena_copy(&known->arena, text, entry->key.len);
    return entry->key.data ? 0 : SECSCAN_ERR_NOMEM;
}

static void fingerprint(char text[SS_FINGERPRINT_TEXT], const ss_match *m,
                        const secscan_scanner *handle)
{
    ss_fingerprint(text, &handle->key,
                   m->identity.len ? m->identity : ss_match_secret(m));
}

int ss_git_known_add(ss_git_known *known, const ss_git_blobs *blobs,
                     const secscan_scanner *handle)
{
    ss_filter *filter = ss_scanner_filter(handle->scanner);
    char text[SS_FINGERPRINT_TEXT];
    int rc = 0;

    for (size_t i = 0; i < blobs->list.len; i++) {
        const ss_git_blob *blob = &blobs->list.at[i];

        for (size_t k = 0; !rc && k < blob->results.matches.len; k++) {
            const ss_match *m = &blob->results.matches.at[k];

            if (ss_member_verdict(filter, m, blob->path, m->member, NULL) !=
                SS_KEEP)
                continue;
            fingerprint(text, m, handle);
            rc = add_known(known, text);
        }
    }
    return rc;
}

int ss_git_known_has(const ss_git_known *known, const ss_match *match,
                     const secscan_scanner *handle)
{
    char text[SS_FINGERPRINT_TEXT];

    fingerprint(text, match, handle);
    return ss_map_get(&known->map, ss_bytes_str(text)) != NULL;
}

void ss_git_known_release(ss_git_known *known)
{
    ss_map_release(&known->map);
    ss_arena_release(&known->arena);
}
