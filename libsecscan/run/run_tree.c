/*
 * run_tree.c: batches of files as jobs of the pool. The calling thread lists
 * and delivers, workers open and scan. Batches are small at first, so that a
 * few large files are shared out, and grow, so that many small ones cost
 * little.
 */
#include "run_tree.h"

#include "base/alloc.h"
#include "os/clock.h"
#include "os/open.h"
#include "run/pool.h"
#include "run/run_file.h"
#include "run/watch.h"
#include "source/tree.h"

#include <stdatomic.h>

#define MAX_BATCH 64u
#define MAX_BATCH_PATHS ((size_t)1 << 30)

/* A file, or what the listing says cannot be scanned. */
typedef struct item {
    size_t path_at;     /* in the batch's paths */
    const char *reason; /* static; NULL: a file */
    const char *detail; /* static */
    uint8_t is_ignored;
    uint8_t is_link;
    ss_file_outcome outcome;
    uint64_t len; /* read */
    ss_results results;
} item;

typedef struct batch {
    ss_buf paths;
    size_t n_items;
    size_t n_done; /* items before the one that failed */
    int rc;        /* of that one */
    secscan_error err;
    struct batch *next; /* in the list of spare ones */
    item items[MAX_BATCH];
} batch;

typedef struct tree_run {
    secscan_scanner *handle;
    const secscan_sink *sink;
    secscan_error *err;
    uint32_t flags;
    ss_seen seen;
    ss_pool *pool;
    batch *filling; /* not handed in yet */
    batch *spare;   /* to be used again */
    size_t n_workers;
    uint64_t n_listed;
    secscan_progress progress;
    uint64_t told_at;     /* when the progress was last told */
    atomic_ullong n_read; /* bytes, by all workers */
    atomic_int stopped;   /* what a sink said: nobody needs to go on */
} tree_run;

typedef struct worker {
    ss_file_worker file;
    ss_scanner *own; /* NULL: the handle's, on the calling thread */
    tree_run *run;
} worker;

/* ---- batches ---- */

static void free_batch(batch *b)
{
    if (!b)
        return;
    for (size_t i = 0; i < MAX_BATCH; i++)
        ss_results_release(&b->items[i].results);
    ss_buf_release(&b->paths);
    ss_free(b);
}

static batch *take_batch(tree_run *run)
{
    batch *b = run->spare;

    if (b) {
        run->spare = b->next;
        return b;
    }
    b = ss_calloc(1, sizeof(*b));
    if (b)
        b->paths.max = MAX_BATCH_PATHS;
    return b;
}

/* Secret bytes are wiped now, not when the batch is used again. */
static void give_back(void *ctx, void *job)
{
    tree_run *run = ctx;
    batch *b = job;

    for (size_t i = 0; i < b->n_items; i++)
        ss_results_reset(&b->items[i].results);
    b->paths.len = 0;
    b->n_items = 0;
    b->n_done = 0;
    b->rc = 0;
    b->next = run->spare;
    run->spare = b;
}

static int add_item(tree_run *run, const ss_tree_entry *entry)
{
    batch *b = run->filling;
    item *it = &b->items[b->n_items];

    it->path_at = b->paths.len;
    it->reason = entry->reason;
    it->detail = entry->detail;
    it->is_ignored = entry->is_ignored != 0;
    it->is_link = entry->is_link != 0;
    it->len = 0;
    if (ss_buf_add(&b->paths, entry->path, entry->path_len) ||
        ss_buf_putc(&b->paths, '\0'))
        return ss_fail_nomem(run->err);
    b->n_items++;
    return 0;
}

static const char *path_of(const batch *b, const item *it)
{
    return (const char *)b->paths.data + it->path_at;
}

/* ---- progress ---- */

static int tell_progress(tree_run *run, int is_last)
{
    run->progress.bytes_done = atomic_load(&run->n_read);
    if (is_last)
        run->told_at = 0;
    return ss_progress_tell(run->sink, &run->progress, &run->told_at);
}

/* A sink's answer ends what the workers are at, too. */
static int note_stop(tree_run *run, int rc)
{
    if (rc)
        atomic_store(&run->stopped, rc);
    return rc;
}

static int on_idle(void *ctx)
{
    return note_stop(ctx, tell_progress(ctx, 0));
}

/* On any thread; only the calling one may speak to the sink. */
static int on_read(void *ctx, size_t len)
{
    worker *w = ctx;
    tree_run *run = w->run;

    atomic_fetch_add(&run->n_read, len);
    if (!w->own)
        note_stop(run, tell_progress(run, 0));
    return atomic_load(&run->stopped) ? 1 : 0;
}

/* ---- on a worker ---- */

static void *new_worker(void *ctx, secscan_error *err)
{
    tree_run *run = ctx;
    secscan_scanner *handle = run->handle;
    worker *w = ss_calloc(1, sizeof(*w));
    int rc = 0;

    if (!w) {
        ss_fail_nomem(err);
        return NULL;
    }
    if (run->n_workers)
        rc = ss_handle_scanner(&w->own, handle, err);
    if (!rc)
        rc = ss_file_worker_init(&w->file, handle,
                                 w->own ? w->own : handle->scanner, err);
    if (rc) {
        ss_scanner_free(w->own);
        ss_free(w);
        return NULL;
    }
    w->run = run;
    w->file.on_read = on_read;
    w->file.ctx = w;
    run->n_workers++;
    return w;
}

static void free_worker(void *ctx, void *state)
{
    tree_run *run = ctx;
    worker *w = state;

    if (w->own)
        ss_coverage_add(run->handle, ss_scanner_counts(w->own));
    ss_file_worker_release(&w->file);
    ss_scanner_free(w->own);
    ss_free(w);
}

static void scan_batch(void *ctx, void *state, void *job)
{
    worker *w = state;
    batch *b = job;

    (void)ctx;
    b->err.code = 0;
    for (size_t i = 0; i < b->n_items; i++) {
        item *it = &b->items[i];

        if (!it->reason)
            b->rc = ss_run_file(&w->file, path_of(b, it), it->is_link,
                                &it->results, &it->outcome, &it->len, &b->err);
        if (b->rc)
            return;
        b->n_done++;
    }
}

/* ---- delivery ---- */

static int deliver_item(tree_run *run, const batch *b, const item *it)
{
    ss_origin origin = {path_of(b, it), NULL, SECSCAN_SOURCE_FILE};
    int rc = 0;

    if (it->reason)
        return ss_deliver_skip(run->handle, &origin, it->reason, it->detail,
                               run->sink);
    if (it->outcome == SS_FILE_VANISHED)
        return 0;
    if (it->outcome == SS_FILE_SCANNED)
        run->handle->coverage.files++;
    /* Of an ignored file its being there is no news. */
    if (!it->is_ignored)
        rc = ss_deliver_path(run->handle, &origin, run->sink);
    if (rc)
        return rc;
    return ss_results_deliver(&it->results, run->handle, &origin, run->sink);
}

/* What came before a failure is delivered; after a stop nothing is. */
static int deliver_batch(void *ctx, void *job)
{
    tree_run *run = ctx;
    batch *b = job;
    int rc = atomic_load(&run->stopped);

    for (size_t i = 0; !rc && i < b->n_done; i++) {
        rc = deliver_item(run, b, &b->items[i]);
        run->progress.units_done++;
    }
    if (!rc && b->rc && run->err)
        *run->err = b->err;
    if (!rc)
        rc = b->rc ? b->rc : tell_progress(run, 0);
    return note_stop(run, rc);
}

/* ---- listing ---- */

static int hand_in(tree_run *run)
{
    batch *b = run->filling;

    if (!b || !b->n_items)
        return 0;
    run->filling = NULL;
    return ss_pool_submit(run->pool, b, run->err);
}

static size_t batch_size(const tree_run *run)
{
    uint64_t size = run->n_listed / (8u * run->handle->options.threads) + 1;

    return size < MAX_BATCH ? (size_t)size : MAX_BATCH;
}

static int add_entry(tree_run *run, const ss_tree_entry *entry)
{
    int rc;

    if (!run->filling)
        run->filling = take_batch(run);
    if (!run->filling)
        return ss_fail_nomem(run->err);
    rc = add_item(run, entry);
    if (rc)
        return rc;
    run->n_listed++;
    return run->filling->n_items >= batch_size(run) ? hand_in(run) : 0;
}

static int list_path(tree_run *run, const char *path, int with_seen)
{
    unsigned flags = 0;
    ss_tree *tree = NULL;
    ss_tree_entry entry;
    int rc;

    if (run->flags & SECSCAN_TREE_NO_GITIGNORE)
        flags |= SS_TREE_IGNORED;
    if (run->flags & SECSCAN_TREE_FOLLOW_SYMLINKS)
        flags |= SS_TREE_FOLLOW;
    rc = ss_tree_new(&tree, path, flags,
                     with_seen || flags & SS_TREE_FOLLOW ? &run->seen : NULL,
                     run->err);
    if (rc)
        return rc;
    for (;;) {
        rc = ss_tree_next(tree, &entry, run->err);
        if (rc <= 0)
            break;
        rc = add_entry(run, &entry);
        if (rc)
            break;
    }
    ss_tree_free(tree);
    return rc;
}

static int check_paths(const char *const *paths, size_t n_paths,
                       secscan_error *err)
{
    for (size_t i = 0; i < n_paths; i++) {
        const char *why = "does not exist";
        ss_file_info info;

        if (ss_open_stat(paths[i], 1, &info, &why))
            return ss_fail(err, SECSCAN_ERR_IO, "%.140s: %s", paths[i], why);
    }
    return 0;
}

static int list_all(tree_run *run, const char *const *paths, size_t n_paths)
{
    int rc = 0;

    for (size_t i = 0; !rc && i < n_paths; i++)
        rc = list_path(run, paths[i], n_paths > 1);
    if (!rc)
        rc = hand_in(run);
    if (rc)
        return rc;
    run->progress.units_total = run->n_listed;
    rc = ss_pool_drain(run->pool, run->err);
    return rc ? rc : tell_progress(run, 1);
}

static void release_run(tree_run *run)
{
    ss_pool_free(run->pool);
    free_batch(run->filling);
    while (run->spare) {
        batch *b = run->spare;

        run->spare = b->next;
        free_batch(b);
    }
    ss_seen_release(&run->seen);
}

int ss_run_tree(secscan_scanner *handle, const char *const *paths,
                size_t n_paths, uint32_t flags, const secscan_sink *sink,
                secscan_error *err)
{
    tree_run run = {.handle = handle, .sink = sink, .err = err, .flags = flags};
    const ss_pool_ops ops = {&run,       new_worker,    free_worker,
                             scan_batch, deliver_batch, give_back};
    uint64_t files_before = handle->coverage.files;
    int rc;

    run.progress.phase = "scanning";
    run.told_at = ss_clock_ms();
    rc = check_paths(paths, n_paths, err);
    if (rc)
        return rc;
    rc = ss_pool_new(&run.pool, &ops, handle->options.threads, err);
    if (rc)
        goto out;
    ss_pool_on_idle(run.pool, on_idle);
    rc = list_all(&run, paths, n_paths);
    if (!rc && handle->coverage.is_complete && n_paths == 1 &&
        ss_policy_is_all(handle->hide.policy, paths[0]) &&
        ss_hide_note_stale(&handle->hide))
        rc = ss_fail_nomem(err);
    /* A green of nothing should not look like a green of something. */
    if (!rc && handle->coverage.files == files_before)
        handle->coverage.warning = "no file was scanned";
out:
    release_run(&run);
    return rc;
}

/* ---- one file ---- */

/* *size stays when it cannot be read. */
static int check_file(const char *path, uint64_t *size, secscan_error *err)
{
    ss_file_info info;

    if (ss_open_stat(path, 1, &info, NULL))
        return 0; /* opening it says more */
    *size = info.size;
    if (info.kind == SS_FILE_REGULAR)
        return 0;
    return ss_fail(err, SECSCAN_ERR_IO, "%.140s: not a file", path);
}

static int deliver_one(secscan_scanner *handle, const char *path,
                       const ss_results *results, ss_file_outcome outcome,
                       const secscan_sink *sink)
{
    ss_origin origin = {path, NULL, SECSCAN_SOURCE_FILE};
    int rc;

    if (outcome == SS_FILE_VANISHED)
        return ss_deliver_skip(handle, &origin, "unreadable", "does not exist",
                               sink);
    handle->coverage.files += outcome == SS_FILE_SCANNED;
    rc = ss_deliver_path(handle, &origin, sink);
    return rc ? rc : ss_results_deliver(results, handle, &origin, sink);
}

int ss_run_one_file(secscan_scanner *handle, const char *path,
                    const secscan_sink *sink, secscan_error *err)
{
    ss_results results = SS_RESULTS_INIT;
    ss_file_worker own = {0};
    ss_file_outcome outcome;
    ss_watch watch;
    uint64_t len;
    int rc;

    ss_watch_init(&watch, sink, handle->scanner);
    rc = check_file(path, &watch.size, err);
    if (rc)
        return rc;
    watch.state.bytes_total = watch.size;
    rc = ss_file_worker_init(&own, handle, handle->scanner, err);
    own.on_read = ss_watch_on_read(&watch);
    own.ctx = &watch;
    if (!rc)
        rc = ss_run_file(&own, path, 1, &results, &outcome, &len, err);
    if (!rc)
        rc = deliver_one(handle, path, &results, outcome, sink);
    ss_file_worker_release(&own);
    ss_results_release(&results);
    return rc;
}
