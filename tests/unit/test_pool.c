#include "unit.h"

#include "os/clock.h"
#include "os/thread.h"
#include "run/pool.h"

#define N_JOBS 5000

typedef struct job {
    int number;
    int square;
} job;

/* What the pool was seen to do. */
typedef struct watch {
    int n_delivered, n_freed, n_workers, n_workers_freed;
    int is_ordered;
    int stop_at;     /* deliver says 7 at this job */
    int fail_worker; /* worker_new fails at this one, from 1 */
} watch;

static void *watch_worker_new(void *ctx, secscan_error *err)
{
    watch *w = ctx;

    if (w->n_workers + 1 == w->fail_worker) {
        ss_fail(err, SECSCAN_ERR_LIMIT, "no more workers");
        return NULL;
    }
    w->n_workers++;
    return ss_alloc(1);
}

static void watch_worker_free(void *ctx, void *worker)
{
    watch *w = ctx;

    w->n_workers_freed++;
    ss_free(worker);
}

/* Later jobs are quicker, so that they finish out of order. */
static void watch_work(void *ctx, void *worker, void *data)
{
    job *j = data;
    volatile unsigned spin = j->number % 7 == 0 ? 20000 : 10;

    (void)ctx;
    (void)worker;
    while (spin)
        spin--;
    j->square = j->number * j->number;
}

static int watch_deliver(void *ctx, void *data)
{
    watch *w = ctx;
    job *j = data;

    if (j->number != w->n_delivered || j->square != j->number * j->number)
        w->is_ordered = 0;
    w->n_delivered++;
    return w->stop_at && j->number == w->stop_at ? 7 : 0;
}

static void watch_job_free(void *ctx, void *data)
{
    watch *w = ctx;

    w->n_freed++;
    ss_free(data);
}

static ss_pool_ops ops_of(watch *w)
{
    w->is_ordered = 1;
    return (ss_pool_ops){w,          watch_worker_new, watch_worker_free,
                         watch_work, watch_deliver,    watch_job_free};
}

static job *job_new(int number)
{
    job *j = ss_alloc(sizeof(*j));

    j->number = number;
    return j;
}

static int run_jobs(watch *w, unsigned threads, int *n_submitted)
{
    ss_pool_ops ops = ops_of(w);
    secscan_error err = {0};
    ss_pool *pool = NULL;
    int rc = ss_pool_new(&pool, &ops, threads, &err);

    *n_submitted = 0;
    for (int i = 0; !rc && i < N_JOBS; i++) {
        rc = ss_pool_submit(pool, job_new(i), &err);
        ++*n_submitted;
    }
    if (!rc)
        rc = ss_pool_drain(pool, &err);
    ss_pool_free(pool);
    return rc;
}

static void check_order(unsigned threads)
{
    watch w = {0};
    int n;

    CHECK_OK(run_jobs(&w, threads, &n));
    CHECK_INT(w.n_delivered, N_JOBS);
    CHECK_INT(w.n_freed, N_JOBS);
    CHECK(w.is_ordered);
    CHECK(w.n_workers <= (int)threads);
    CHECK_INT(w.n_workers, w.n_workers_freed);
}

static void test_pool__order_is_kept_for_any_number_of_workers(void **state)
{
    (void)state;
    check_order(1);
    check_order(2);
    check_order(3);
    check_order(8);
    check_order(33);
}

static void check_stop(unsigned threads)
{
    watch w = {.stop_at = 1234};
    int n;

    CHECK_INT(run_jobs(&w, threads, &n), 7);
    CHECK_INT(w.n_delivered, 1235);
    CHECK_INT(w.n_freed, n);
    CHECK_INT(w.n_workers, w.n_workers_freed);
}

static void test_pool__a_stop_from_deliver_frees_all_jobs(void **state)
{
    (void)state;
    check_stop(1);
    check_stop(2);
    check_stop(8);
}

static void test_pool__submit_after_a_stop_says_the_same(void **state)
{
    watch w = {.stop_at = 1};
    ss_pool_ops ops = ops_of(&w);
    ss_pool *pool = NULL;

    (void)state;
    CHECK_OK(ss_pool_new(&pool, &ops, 1, NULL));
    CHECK_OK(ss_pool_submit(pool, job_new(0), NULL));
    CHECK_INT(ss_pool_submit(pool, job_new(1), NULL), 7);
    CHECK_INT(ss_pool_submit(pool, job_new(2), NULL), 7);
    CHECK_INT(ss_pool_drain(pool, NULL), 7);
    ss_pool_free(pool);
    CHECK_INT(w.n_freed, 3);
}

static void test_pool__undelivered_jobs_are_dropped(void **state)
{
    watch w = {0};
    ss_pool_ops ops = ops_of(&w);
    ss_pool *pool = NULL;

    (void)state;
    CHECK_OK(ss_pool_new(&pool, &ops, 4, NULL));
    for (int i = 0; i < 50; i++)
        CHECK_OK(ss_pool_submit(pool, job_new(i), NULL));
    ss_pool_free(pool);
    CHECK_INT(w.n_freed, 50);
    CHECK_INT(w.n_workers, w.n_workers_freed);
}

static void test_pool__a_first_worker_that_fails_fails_the_pool(void **state)
{
    watch w = {.fail_worker = 1};
    int n;

    (void)state;
    CHECK_INT(run_jobs(&w, 4, &n), SECSCAN_ERR_LIMIT);
    CHECK_INT(n, 0);
    CHECK_INT(w.n_workers_freed, 0);
}

static void test_pool__a_later_worker_that_fails_stops_the_pool(void **state)
{
    watch w = {.fail_worker = 2};
    int n;

    (void)state;
    CHECK_INT(run_jobs(&w, 4, &n), SECSCAN_ERR_LIMIT);
    CHECK_INT(w.n_freed, n);
    CHECK_INT(w.n_workers_freed, 1);
}

static void test_pool__one_job_needs_one_worker(void **state)
{
    watch w = {0};
    ss_pool_ops ops = ops_of(&w);
    ss_pool *pool = NULL;

    (void)state;
    CHECK_OK(ss_pool_new(&pool, &ops, 8, NULL));
    CHECK_OK(ss_pool_submit(pool, job_new(0), NULL));
    CHECK_OK(ss_pool_drain(pool, NULL));
    ss_pool_free(pool);
    CHECK_INT(w.n_delivered, 1);
    CHECK_INT(w.n_workers, 1);
}

static void test_pool__jobs_after_a_drain_are_delivered_too(void **state)
{
    watch w = {0};
    ss_pool_ops ops = ops_of(&w);
    ss_pool *pool = NULL;

    (void)state;
    CHECK_OK(ss_pool_new(&pool, &ops, 2, NULL));
    for (int i = 0; i < 300; i++) {
        CHECK_OK(ss_pool_submit(pool, job_new(i), NULL));
        if (i % 100 == 0)
            CHECK_OK(ss_pool_drain(pool, NULL));
    }
    CHECK_OK(ss_pool_drain(pool, NULL));
    ss_pool_free(pool);
    CHECK_INT(w.n_delivered, 300);
    CHECK(w.is_ordered);
}

static void test_pool__every_allocation_may_fail(void **state)
{
    (void)state;
    for (unsigned long n = 1; n <= 3; n++) {
        watch w = {0};
        ss_pool_ops ops = ops_of(&w);
        ss_pool *pool = NULL;
        secscan_error err = {0};

        ss_alloc_fail_at(n);
        CHECK_INT(ss_pool_new(&pool, &ops, 2, &err), SECSCAN_ERR_NOMEM);
        ss_alloc_fail_at(0);
        CHECK(!pool);
        CHECK_INT(w.n_workers_freed, 0);
    }
}

static void test_thread__processors_and_clock_are_plausible(void **state)
{
    uint64_t now = ss_clock_ms();

    (void)state;
    CHECK(ss_thread_processors() >= 1);
    CHECK(ss_clock_ms() >= now);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_pool__order_is_kept_for_any_number_of_workers),
        TEST(test_pool__a_stop_from_deliver_frees_all_jobs),
        TEST(test_pool__submit_after_a_stop_says_the_same),
        TEST(test_pool__undelivered_jobs_are_dropped),
        TEST(test_pool__a_first_worker_that_fails_fails_the_pool),
        TEST(test_pool__a_later_worker_that_fails_stops_the_pool),
        TEST(test_pool__one_job_needs_one_worker),
        TEST(test_pool__jobs_after_a_drain_are_delivered_too),
        TEST(test_pool__every_allocation_may_fail),
        TEST(test_thread__processors_and_clock_are_plausible),
    };

    return RUN(tests);
}
