/*
 * pool.h: workers, a bounded queue, ordered delivery. Jobs are done in parallel
 * and delivered one at a time, on the calling thread, in the order they were
 * handed in, whatever the number of workers. With one thread everything happens
 * on the calling thread.
 */
#ifndef SS_POOL_H
#define SS_POOL_H

#include "base/error.h"

typedef struct ss_pool ss_pool;

typedef struct ss_pool_ops {
    void *ctx;
    /* Per worker state, made on the calling thread; NULL on failure. */
    void *(*worker_new)(void *ctx, secscan_error *err);
    void (*worker_free)(void *ctx, void *worker);
    /* On a worker. `job` is the caller's; what it yields is kept in it. */
    void (*work)(void *ctx, void *worker, void *job);
    /* On the calling thread, in order. Nonzero stops the pool. */
    int (*deliver)(void *ctx, void *job);
    /* Release a job, delivered or not. On the calling thread. */
    void (*job_free)(void *ctx, void *job);
} ss_pool_ops;

int ss_pool_new(ss_pool **out, const ss_pool_ops *ops, unsigned threads,
                secscan_error *err);
/* Have `idle` called on the calling thread, with the ctx of the ops, about
 * every 50 ms while it waits for others. Nonzero stops the pool. */
void ss_pool_on_idle(ss_pool *pool, int (*idle)(void *ctx));
/* Hand in a job (owned by the pool from now on, whatever is returned). May
 * deliver earlier ones first. Returns what deliver returned when it was not 0.
 */
int ss_pool_submit(ss_pool *pool, void *job, secscan_error *err);
/* Wait for and deliver all that is left. */
int ss_pool_drain(ss_pool *pool, secscan_error *err);
void ss_pool_free(ss_pool *pool); /* undelivered jobs are dropped */

#endif
