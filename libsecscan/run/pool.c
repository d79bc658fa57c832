/*
 * pool.c: a ring of jobs. Workers take them in order, finish in any order; the
 * calling thread delivers them in order, and works itself while it would only
 * wait. Knows nothing of what a job is.
 */
#include "pool.h"

#include "base/alloc.h"
#include "os/thread.h"

/* Jobs in flight: enough that one slow job does not idle the others. */
#define SLOTS_PER_WORKER 4u
#define SPARE_SLOTS 64u
#define MAX_THREADS 1024u
#define IDLE_MS 50u

typedef struct slot {
    void *job;
    int is_done; /* under the mutex */
} slot;

typedef struct worker {
    ss_pool *pool;
    void *state;
    ss_thread thread; /* when is_running */
    int is_running;
} worker;

struct ss_pool {
    ss_pool_ops ops;
    int (*idle)(void *ctx); /* may be NULL */
    worker *workers;        /* [0] is the calling thread */
    unsigned n_workers, max_workers;
    slot *slots;
    size_t n_slots;
    int stopped; /* what deliver or a failed worker said; calling thread */
    int has_mutex, has_wanted, has_done;
    ss_mutex mutex;
    ss_condition wanted; /* workers wait: there is a job, or quit */
    ss_condition done;   /* the calling thread waits: a job is done */
    /* Under the mutex. Counted up for ever; slot = number % n_slots.
     * delivered <= taken <= submitted <= delivered + n_slots. */
    size_t delivered, taken, submitted;
    unsigned n_idle;
    int is_quitting;
};

static slot *slot_of(const ss_pool *pool, size_t number)
{
    return &pool->slots[number % pool->n_slots];
}

/* Take the next job and do it. The mutex is held before and after. */
static void work_one(ss_pool *pool, void *state)
{
    slot *s = slot_of(pool, pool->taken);

    ss_assert(pool->taken < pool->submitted);
    pool->taken++;
    ss_mutex_unlock(&pool->mutex);
    pool->ops.work(pool->ops.ctx, state, s->job);
    ss_mutex_lock(&pool->mutex);
    s->is_done = 1;
}

static void *worker_body(void *ctx)
{
    worker *self = ctx;
    ss_pool *pool = self->pool;

    ss_mutex_lock(&pool->mutex);
    while (!pool->is_quitting) {
        if (pool->taken < pool->submitted) {
            work_one(pool, self->state);
            ss_condition_wake_one(&pool->done);
            continue;
        }
        pool->n_idle++;
        ss_condition_wait(&pool->wanted, &pool->mutex);
        pool->n_idle--;
    }
    ss_mutex_unlock(&pool->mutex);
    return NULL;
}

/* A system that gives no more threads makes a scan slower, not wrong. */
static int add_worker(ss_pool *pool, int with_thread, secscan_error *err)
{
    worker *w = &pool->workers[pool->n_workers];

    w->pool = pool;
    w->state = pool->ops.worker_new(pool->ops.ctx, err);
    if (!w->state)
        return err && err->code ? err->code : ss_fail_nomem(err);
    pool->n_workers++;
    if (with_thread && !ss_thread_start(&w->thread, worker_body, w))
        w->is_running = 1;
    else if (with_thread)
        pool->max_workers = pool->n_workers;
    return 0;
}

static int init_sync(ss_pool *pool, secscan_error *err)
{
    pool->has_mutex = !ss_mutex_init(&pool->mutex);
    pool->has_wanted = !ss_condition_init(&pool->wanted);
    pool->has_done = !ss_condition_init(&pool->done);
    if (!pool->has_mutex || !pool->has_wanted || !pool->has_done)
        return ss_fail_nomem(err);
    return 0;
}

static int init_pool(ss_pool *pool, unsigned threads, secscan_error *err)
{
    int rc;

    pool->max_workers = threads > MAX_THREADS ? MAX_THREADS : threads;
    if (!pool->max_workers)
        pool->max_workers = 1;
    pool->n_slots = (size_t)pool->max_workers * SLOTS_PER_WORKER + SPARE_SLOTS;
    pool->workers = ss_calloc(pool->max_workers, sizeof(worker));
    pool->slots = ss_calloc(pool->n_slots, sizeof(slot));
    if (!pool->workers || !pool->slots)
        return ss_fail_nomem(err);
    rc = init_sync(pool, err);
    if (rc)
        return rc;
    return add_worker(pool, 0, err);
}

int ss_pool_new(ss_pool **out, const ss_pool_ops *ops, unsigned threads,
                secscan_error *err)
{
    ss_pool *pool = ss_calloc(1, sizeof(*pool));
    secscan_error unseen = {0};
    int rc;

    if (!err)
        err = &unseen;
    if (!pool)
        return ss_fail_nomem(err);
    pool->ops = *ops;
    rc = init_pool(pool, threads, err);
    if (rc)
        goto out;
    *out = pool;
    pool = NULL; /* the caller owns it now */
out:
    ss_pool_free(pool);
    return rc;
}

void ss_pool_on_idle(ss_pool *pool, int (*idle)(void *ctx))
{
    pool->idle = idle;
}

/* Wait for a job to be done. The mutex is held before and after. */
static void wait_idly(ss_pool *pool)
{
    if (!pool->idle) {
        ss_condition_wait(&pool->done, &pool->mutex);
        return;
    }
    ss_condition_wait_ms(&pool->done, &pool->mutex, IDLE_MS);
    ss_mutex_unlock(&pool->mutex);
    pool->stopped = pool->idle(pool->ops.ctx);
    ss_mutex_lock(&pool->mutex);
}

/* Deliver and release one job. The mutex is not held. */
static void finish(ss_pool *pool, void *job)
{
    if (!pool->stopped)
        pool->stopped = pool->ops.deliver(pool->ops.ctx, job);
    pool->ops.job_free(pool->ops.ctx, job);
}

/* Deliver what is done and next in order, until `limit` jobs are in flight
 * or fewer; work or wait where the next one is not done. */
static void settle(ss_pool *pool, size_t limit)
{
    ss_mutex_lock(&pool->mutex);
    while (!pool->stopped && pool->delivered < pool->submitted) {
        slot *head = slot_of(pool, pool->delivered);

        if (head->is_done) {
            void *job = head->job;

            pool->delivered++;
            ss_mutex_unlock(&pool->mutex);
            finish(pool, job);
            ss_mutex_lock(&pool->mutex);
        } else if (pool->submitted - pool->delivered <= limit) {
            break;
        } else if (pool->taken < pool->submitted) {
            work_one(pool, pool->workers[0].state);
        } else {
            wait_idly(pool);
        }
    }
    ss_mutex_unlock(&pool->mutex);
}

/* Put a job into a free slot. Returns whether another worker is wanted. */
static int enqueue(ss_pool *pool, void *job)
{
    size_t waiting;
    int is_short;

    ss_mutex_lock(&pool->mutex);
    ss_assert(pool->submitted - pool->delivered < pool->n_slots);
    *slot_of(pool, pool->submitted++) = (slot){job, 0};
    waiting = pool->submitted - pool->taken;
    is_short = waiting > 1 && !pool->n_idle;
    if (pool->n_idle)
        ss_condition_wake_one(&pool->wanted);
    ss_mutex_unlock(&pool->mutex);
    return is_short && pool->n_workers < pool->max_workers;
}

/* Without other threads there is nothing to wait for. */
static int do_at_once(ss_pool *pool, void *job)
{
    pool->ops.work(pool->ops.ctx, pool->workers[0].state, job);
    finish(pool, job);
    return pool->stopped;
}

int ss_pool_submit(ss_pool *pool, void *job, secscan_error *err)
{
    secscan_error unseen = {0};

    if (pool->stopped) {
        pool->ops.job_free(pool->ops.ctx, job);
        return pool->stopped;
    }
    if (pool->max_workers == 1)
        return do_at_once(pool, job);
    settle(pool, pool->n_slots - 1);
    if (pool->stopped) {
        pool->ops.job_free(pool->ops.ctx, job);
        return pool->stopped;
    }
    if (enqueue(pool, job))
        pool->stopped = add_worker(pool, 1, err ? err : &unseen);
    return pool->stopped;
}

int ss_pool_drain(ss_pool *pool, secscan_error *err)
{
    (void)err;
    settle(pool, 0);
    return pool->stopped;
}

static void stop_workers(ss_pool *pool)
{
    ss_mutex_lock(&pool->mutex);
    pool->is_quitting = 1;
    ss_condition_wake_all(&pool->wanted);
    ss_mutex_unlock(&pool->mutex);
    for (unsigned i = 1; i < pool->n_workers; i++) {
        if (pool->workers[i].is_running)
            ss_thread_join(&pool->workers[i].thread);
    }
}

void ss_pool_free(ss_pool *pool)
{
    if (!pool)
        return;
    if (pool->n_workers)
        stop_workers(pool);
    while (pool->delivered < pool->submitted)
        pool->ops.job_free(pool->ops.ctx,
                           slot_of(pool, pool->delivered++)->job);
    for (unsigned i = 0; i < pool->n_workers; i++)
        pool->ops.worker_free(pool->ops.ctx, pool->workers[i].state);
    if (pool->has_done)
        ss_condition_release(&pool->done);
    if (pool->has_wanted)
        ss_condition_release(&pool->wanted);
    if (pool->has_mutex)
        ss_mutex_release(&pool->mutex);
    ss_free(pool->slots);
    ss_free(pool->workers);
    ss_free(pool);
}
