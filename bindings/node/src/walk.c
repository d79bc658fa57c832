/*
 * walk.c: a file, trees or a history, scanned on a thread of its own.
 *
 * The thread fills one batch while JavaScript reads the last one; it waits when
 * its batch is full, so that a slow reader costs no memory, and wakes the
 * reader when that waits. The thread is not one of libuv's pool: it may wait
 * for long. Before the environment ends, it is stopped and joined.
 */
#include "addon.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

const napi_type_tag walk_tag = {0x7365637363616e04, 0x77616c6b00000001};

/* Enough to make the way between the threads cheap, and little to hold. */
#define BATCH 64

/* About what a thread and its scanner take. */
#define WALK_SIZE ((int64_t)1 << 20)

typedef enum walk_kind { WALK_FILE, WALK_TREE, WALK_GIT } walk_kind;

typedef struct walk {
    walk_kind kind;
    instance *instance; /* ends all of its walks at once; may be NULL */
    pool *pool;
    keep keep; /* what the options point to */
    const char *const *paths;
    size_t n_paths;
    secscan_tree_options tree;
    secscan_git_options git;
    secscan_policy_options policy_options;
    bool has_policy;

    pthread_t thread;
    bool has_thread; /* to be joined */
    napi_threadsafe_function wake;
    atomic_int is_stopped;
    atomic_int is_forgotten; /* stopped, and nobody will read any more */

    /* Under the lock: */
    pthread_mutex_t lock;
    pthread_cond_t has_room;
    batch batch;
    bool is_waiting; /* the reader */
    bool is_done;    /* and what follows is set */
    int rc;
    secscan_error err;
    secscan_scanner *scanner; /* for its coverage */
} walk;

/* ---- the thread ------------------------------------------------------- */

/* With the lock held. */
static void wake_reader(walk *w)
{
    if (!w->is_waiting)
        return;
    w->is_waiting = false;
    napi_call_threadsafe_function(w->wake, NULL, napi_tsfn_nonblocking);
}

static void wait_for_room(walk *w)
{
    while (!w->is_stopped && w->batch.n_findings + w->batch.n_skips >= BATCH)
        pthread_cond_wait(&w->has_room, &w->lock);
}

static int walk_finding(void *ctx, const secscan_finding *finding)
{
    walk *w = ctx;
    int rc;

    pthread_mutex_lock(&w->lock);
    wait_for_room(w);
    rc = w->is_stopped ? 1 : batch_add_finding(&w->batch, finding);
    wake_reader(w);
    pthread_mutex_unlock(&w->lock);
    return rc;
}

static int walk_skip(void *ctx, const secscan_skip *skip)
{
    walk *w = ctx;
    int rc;

    pthread_mutex_lock(&w->lock);
    wait_for_room(w);
    rc = w->is_stopped ? 1 : batch_add_skip(&w->batch, skip);
    wake_reader(w);
    pthread_mutex_unlock(&w->lock);
    return rc;
}

static int walk_progress(void *ctx, const secscan_progress *progress)
{
    walk *w = ctx;

    (void)progress;
    return w->is_stopped || (w->instance && w->instance->is_ending);
}

static int find_policy(walk *w, secscan_policy **out)
{
    if (!w->has_policy)
        return 0;
    if (w->kind == WALK_GIT)
        return secscan_git_policy(out, w->paths[0], &w->git, &w->policy_options,
                                  &w->err);
    return secscan_policy_find(out, w->paths[0], &w->policy_options, &w->err);
}

static int scan(walk *w, secscan_scanner *scanner)
{
    const secscan_sink sink = {.size = sizeof(sink),
                               .ctx = w,
                               .finding = walk_finding,
                               .skipped = walk_skip,
                               .progress = walk_progress};

    switch (w->kind) {
    case WALK_FILE:
        return secscan_scan_file(scanner, w->paths[0], &sink, &w->err);
    case WALK_TREE:
        return secscan_scan_tree(scanner, w->paths, w->n_paths, &w->tree, &sink,
                                 &w->err);
    case WALK_GIT:
        break;
    }
    return secscan_scan_git(scanner, w->paths[0], &w->git, &sink, &w->err);
}

static void *run(void *ctx)
{
    walk *w = ctx;
    secscan_scanner *scanner = NULL;
    secscan_policy *policy = NULL;
    int rc = find_policy(w, &policy);

    if (!rc)
        rc = pool_scanner(w->pool, policy, &scanner, &w->err);
    secscan_policy_free(policy);
    if (!rc)
        rc = scan(w, scanner);
    if (w->is_forgotten) { /* now, and not when the collector comes by */
        secscan_scanner_free(scanner);
        scanner = NULL;
    }
    pthread_mutex_lock(&w->lock);
    w->rc = rc;
    w->scanner = scanner;
    w->is_done = true;
    wake_reader(w);
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* Signals are for the threads of Node. */
static int start_thread(walk *w)
{
    sigset_t all, before;
    int rc;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    rc = pthread_create(&w->thread, NULL, run, w);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    w->has_thread = !rc;
    return rc ? fail(&w->err, SECSCAN_ERR_LIMIT, "no thread can be started")
              : 0;
}

/* ---- the reader ------------------------------------------------------- */

static void stop(walk *w)
{
    pthread_mutex_lock(&w->lock);
    w->is_stopped = 1;
    pthread_cond_broadcast(&w->has_room);
    pthread_mutex_unlock(&w->lock);
}

/* The threadsafe function goes last: the reader may call it until then. */
static void join(walk *w)
{
    if (!w->has_thread)
        return;
    pthread_join(w->thread, NULL);
    w->has_thread = false;
    napi_release_threadsafe_function(w->wake, napi_tsfn_abort);
}

/* The environment ends, and the threadsafe function with it. */
static void end_with_env(void *data)
{
    walk *w = data;

    if (w->instance) /* so that one join does not wait behind the other */
        w->instance->is_ending = 1;
    stop(w);
    join(w);
}

/* The thread ends by itself now. */
static void finish(napi_env env, walk *w)
{
    if (!w->has_thread)
        return;
    join(w);
    napi_remove_env_cleanup_hook(env, end_with_env, w);
}

static void walk_free(walk *w)
{
    secscan_scanner_free(w->scanner);
    batch_release(&w->batch);
    keep_release(&w->keep);
    pool_unref(w->pool);
    pthread_cond_destroy(&w->has_room);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

/* Nobody reads it any more; it may not have ended. */
static void forget_walk(napi_env env, void *data, void *hint)
{
    walk *w = data;

    (void)hint;
    tell_size(env, -WALK_SIZE);
    w->is_forgotten = 1;
    stop(w);
    finish(env, w);
    walk_free(w);
}

static void read_git(napi_env env, napi_value from, walk *w)
{
    secscan_bytes key = option_bytes(env, from, "cacheKey", &w->keep);
    secscan_git_options *git = &w->git;

    git->size = sizeof(*git);
    git->mode = (uint32_t)option_number(env, from, "mode");
    git->flags = (uint32_t)option_number(env, from, "gitFlags");
    git->range = option_text(env, from, "range", &w->keep);
    git->index = option_text(env, from, "index", &w->keep);
    git->cache = option_text(env, from, "cache", &w->keep);
    git->cache_key = key.data;
    git->cache_key_len = key.len;
    git->remote = option_text(env, from, "remote", &w->keep);
    git->object_dirs =
        option_texts(env, from, "objectDirs", &w->keep, &git->n_object_dirs);
    git->commits =
        option_texts(env, from, "commits", &w->keep, &git->n_commits);
    git->deadline = (uint64_t)option_number(env, from, "deadline");
    git->gate_ref = option_text(env, from, "gateRef", &w->keep);
}

static void read_update(napi_env env, napi_value from, keep *k,
                        secscan_git_update *to)
{
    to->ref = option_text(env, from, "ref", k);
    to->old_id = option_text(env, from, "oldId", k);
    to->new_id = option_text(env, from, "newId", k);
}

static void read_updates(napi_env env, napi_value from, walk *w)
{
    napi_value list = option(env, from, "updates");
    secscan_git_update *updates;
    uint32_t n = 0;

    if (is_absent(env, list) ||
        napi_get_array_length(env, list, &n) != napi_ok || !n)
        return;
    updates = keep_alloc(&w->keep, n * sizeof(*updates));
    for (uint32_t i = 0; updates && i < n; i++) {
        napi_value value = NULL;

        napi_get_element(env, list, i, &value);
        read_update(env, value, &w->keep, &updates[i]);
    }
    w->git.updates = updates;
    w->git.n_updates = updates ? n : 0;
}

static void read_walk(napi_env env, napi_value from, walk *w)
{
    w->kind = (walk_kind)option_number(env, from, "kind");
    w->paths = option_texts(env, from, "paths", &w->keep, &w->n_paths);
    w->tree.size = sizeof(w->tree);
    w->tree.flags = (uint32_t)option_number(env, from, "treeFlags");
    w->has_policy = option_number(env, from, "hasPolicy") != 0;
    w->policy_options.size = sizeof(w->policy_options);
    w->policy_options.flags = (uint32_t)option_number(env, from, "policyFlags");
    w->policy_options.today = (uint32_t)option_number(env, from, "today");
    read_git(env, from, w);
    read_updates(env, from, w);
}

static walk *walk_new(napi_env env, pool *p, napi_value from)
{
    walk *w = calloc(1, sizeof(*w));

    if (!w)
        return NULL;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->has_room, NULL);
    w->instance = instance_of(env);
    w->pool = pool_ref(p);
    read_walk(env, from, w);
    return w;
}

static int start(napi_env env, walk *w, napi_value wake)
{
    if (w->keep.has_failed)
        return fail_nomem(&w->err);
    if (!w->n_paths)
        return fail(&w->err, SECSCAN_ERR_ARG, "no path");
    if (napi_create_threadsafe_function(
            env, wake, NULL, js_string(env, "secscan.walk"), 0, 1, NULL, NULL,
            NULL, NULL, &w->wake) != napi_ok)
        return fail_nomem(&w->err);
    /* A walk that nobody waits for does not keep the process. */
    napi_unref_threadsafe_function(env, w->wake);
    if (start_thread(w)) {
        napi_release_threadsafe_function(w->wake, napi_tsfn_abort);
        return w->err.code;
    }
    /* Behind the threadsafe function's own hook, so before it at the end. */
    napi_add_env_cleanup_hook(env, end_with_env, w);
    return 0;
}

/* walkStart(pool, options, wake) */
napi_value walk_start(napi_env env, napi_callback_info info)
{
    napi_value args[3] = {NULL, NULL, NULL};
    secscan_error err = {0};
    walk *w;
    pool *p;

    args_get(env, info, 3, args);
    p = handle_get(env, args[0], &pool_tag);
    w = p ? walk_new(env, p, args[1]) : NULL;
    if (!w) {
        fail_nomem(&err);
        return js_throw(env, &err);
    }
    if (!start(env, w, args[2])) {
        tell_size(env, WALK_SIZE);
        return handle_new(env, w, &walk_tag, forget_walk);
    }
    err = w->err;
    walk_free(w);
    return js_throw(env, &err);
}

static napi_value ending(napi_env env, walk *w)
{
    napi_value out = js_object(env);

    js_set(env, out, "isDone", js_bool(env, true));
    if (w->rc && !w->err.code)
        fail(&w->err, w->rc, "the scan was stopped");
    if (w->rc)
        js_set(env, out, "error", js_error(env, &w->err));
    if (w->scanner)
        js_set(env, out, "coverage",
               coverage_value(env, secscan_scanner_coverage(w->scanner)));
    secscan_scanner_free(w->scanner);
    w->scanner = NULL;
    return out;
}

/* Take what there is; or wait for it. */
static batch take(walk *w, bool *is_done)
{
    batch b;

    pthread_mutex_lock(&w->lock);
    b = w->batch;
    w->batch = (batch){0};
    *is_done = w->is_done && !b.n_findings && !b.n_skips;
    w->is_waiting = !w->is_done && !b.n_findings && !b.n_skips;
    pthread_cond_signal(&w->has_room);
    pthread_mutex_unlock(&w->lock);
    return b;
}

/*
 * walkTake(walk): {findings, skips}; {isDone, error, coverage} at the end; or
 * undefined: `wake` will be called when there is something.
 */
napi_value walk_take(napi_env env, napi_callback_info info)
{
    napi_value handle = NULL, out;
    bool is_done = false;
    walk *w;
    batch b;

    args_get(env, info, 1, &handle);
    w = handle_get(env, handle, &walk_tag);
    if (!w)
        return js_undefined(env);
    b = take(w, &is_done);
    if (is_done) {
        finish(env, w);
        return ending(env, w);
    }
    if (b.n_findings || b.n_skips)
        napi_unref_threadsafe_function(env, w->wake);
    else
        napi_ref_threadsafe_function(env, w->wake);
    out = batch_value(env, &b);
    batch_release(&b);
    return out;
}

/* walkStop(walk, isForgotten): it ends soon, and says SECSCAN_STOPPED; when it
 * is forgotten, to nobody */
napi_value walk_stop(napi_env env, napi_callback_info info)
{
    napi_value args[2] = {NULL, NULL};
    bool is_forgotten = false;
    walk *w;

    args_get(env, info, 2, args);
    napi_get_value_bool(env, args[1], &is_forgotten);
    w = handle_get(env, args[0], &walk_tag);
    if (!w)
        return js_undefined(env);
    w->is_forgotten = is_forgotten;
    stop(w);
    if (is_forgotten && w->has_thread)
        napi_unref_threadsafe_function(env, w->wake);
    return js_undefined(env);
}
