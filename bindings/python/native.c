/*
 * native.c: what secscan._native has beside the public API: a sink that stops
 * when it is told to.
 *
 * These run without the GIL: only findings and skips, which are few, take it.
 * Included by cffi into the module's source.
 */
#include <secscan.h>
#include <secscan_git.h>

#include <stdatomic.h>

/* Of one scan at a time. The numbers are written by the thread that scans and
 * read by others: each is whole, and together they need not be. */
typedef struct ss_py_watch {
    void *handle; /* of the Python object that collects */
    uint64_t units_done, units_total, bytes_done, bytes_total;
    atomic_int is_stopped;
} ss_py_watch;

static int ss_py_on_finding(void *handle, const secscan_finding *finding);
static int ss_py_on_skipped(void *handle, const secscan_skip *skip);

static int pass_finding(void *ctx, const secscan_finding *finding)
{
    ss_py_watch *watch = ctx;

    if (atomic_load_explicit(&watch->is_stopped, memory_order_relaxed))
        return 1;
    return ss_py_on_finding(watch->handle, finding);
}

static int pass_skipped(void *ctx, const secscan_skip *skip)
{
    ss_py_watch *watch = ctx;

    if (atomic_load_explicit(&watch->is_stopped, memory_order_relaxed))
        return 1;
    return ss_py_on_skipped(watch->handle, skip);
}

static int pass_progress(void *ctx, const secscan_progress *progress)
{
    ss_py_watch *watch = ctx;

    __atomic_store_n(&watch->units_done, progress->units_done,
                     __ATOMIC_RELAXED);
    __atomic_store_n(&watch->units_total, progress->units_total,
                     __ATOMIC_RELAXED);
    __atomic_store_n(&watch->bytes_done, progress->bytes_done,
                     __ATOMIC_RELAXED);
    __atomic_store_n(&watch->bytes_total, progress->bytes_total,
                     __ATOMIC_RELAXED);
    return atomic_load_explicit(&watch->is_stopped, memory_order_relaxed);
}

static void ss_py_watch_sink(ss_py_watch *watch, secscan_sink *sink)
{
    *sink = (secscan_sink){sizeof(*sink), watch, pass_finding, pass_skipped,
                           pass_progress};
}

static void ss_py_watch_stop(ss_py_watch *watch)
{
    atomic_store_explicit(&watch->is_stopped, 1, memory_order_relaxed);
}
