/*
 * run_git_blobs.c: read and scan blobs by id, keep what each yields.
 */
#include "run_git_blobs.h"

#include "base/alloc.h"
#include "os/clock.h"
#include "run/pool.h"
#include "source/lfs.h"

#define FEW 16u /* blobs that are not worth a second thread */
#define JOB_BLOBS 32u
#define MAX_OBJECT ((uint64_t)512 << 20)

typedef struct runner {
    const ss_git_scan *scan;
    ss_git *git;
    ss_git_blobs *blobs;
} runner;

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

static int scan_blob(const runner *r, ss_scanner *scanner, ss_git_blob *blob)
{
    const secscan_scanner *handle = r->scan->handle;
    uint64_t limit = handle->options.max_object_size;
    ss_match_sink sink = ss_results_sink(&blob->results);
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
        rc = ss_scanner_scan(scanner, data.bytes, &sink, NULL);
    if (!rc && ss_lfs_pointer_read(&lfs, data.bytes))
        rc = ss_results_add_skip(&blob->results, "lfs",
                                 "a pointer: --history scans what it names");
    ss_git_data_release(&data);
    return rc;
}

static void *worker_new(void *ctx, secscan_error *err)
{
    const runner *r = ctx;
    ss_scanner *scanner = NULL;

    return ss_handle_scanner(&scanner, r->scan->handle, err) ? NULL : scanner;
}

static void worker_free(void *ctx, void *worker)
{
    const runner *r = ctx;

    if (worker)
        ss_coverage_add(r->scan->handle, ss_scanner_counts(worker));
    ss_scanner_free(worker);
}

static void work(void *ctx, void *worker, void *item)
{
    const runner *r = ctx;
    job *j = item;

    for (size_t i = j->from; i < j->to && !j->rc && !j->is_late; i++) {
        j->is_late = is_late(r->blobs);
        if (!j->is_late)
            j->rc = scan_blob(r, worker, &r->blobs->list.at[i]);
    }
}

/* How far it is; nonzero: stop. */
static int tell(const runner *r, size_t n_done)
{
    const secscan_sink *sink = &r->scan->sink;
    const secscan_progress state = {.units_done = n_done,
                                    .units_total = r->blobs->list.len,
                                    .phase = "scanning"};

    return sink->progress ? sink->progress(sink->ctx, &state) : 0;
}

static int deliver(void *ctx, void *item)
{
    const runner *r = ctx;
    const job *j = item;

    r->blobs->is_late |= j->is_late;
    return j->rc ? j->rc : tell(r, j->to);
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
    int rc = 0;

    for (size_t i = blobs->n_scanned; !rc && i < blobs->list.len; i++) {
        if (is_late(blobs))
            blobs->is_late = 1;
        if (blobs->is_late)
            break;
        rc = scan_blob(r, r->scan->handle->scanner, &blobs->list.at[i]);
        if (!rc)
            rc = tell(r, i + 1);
    }
    return rc;
}

int ss_git_blobs_scan(ss_git_blobs *blobs, const ss_git_scan *scan, ss_git *git,
                      secscan_error *err)
{
    runner r = {scan, git, blobs};
    size_t n = blobs->list.len;
    int rc = 0;

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

            if (ss_filter_origin(filter, m, blob->path, NULL) != SS_KEEP)
                continue;
            ss_fingerprint(text, &handle->key, ss_match_secret(m));
            rc = add_known(known, text);
        }
    }
    return rc;
}

int ss_git_known_has(const ss_git_known *known, const ss_match *match,
                     const secscan_scanner *handle)
{
    char text[SS_FINGERPRINT_TEXT];

    ss_fingerprint(text, &handle->key, ss_match_secret(match));
    return ss_map_get(&known->map, ss_bytes_str(text)) != NULL;
}

void ss_git_known_release(ss_git_known *known)
{
    ss_map_release(&known->map);
    ss_arena_release(&known->arena);
}
