/*
 * scan.c: one buffer: here and now, or on a thread of libuv's pool.
 *
 * What goes to the other thread is a copy: JavaScript may write to its buffer,
 * or give it away, while the scan runs. The copy is wiped.
 */
#include "addon.h"

#include <stdlib.h>
#include <string.h>

const napi_type_tag job_tag = {0x7365637363616e03, 0x6a6f620000000001};

#define NAME_ROOM 256

/* ---- here and now ----------------------------------------------------- */

static int scan(pool *p, const char *name, secscan_bytes bytes,
                collector *collected, secscan_error *err)
{
    const secscan_sink sink = collector_sink(collected);
    secscan_scanner *scanner = NULL;
    int rc = pool_take(p, &scanner, err);

    if (!rc)
        rc = secscan_scan_buffer(scanner, name, bytes.data, bytes.len, &sink,
                                 err);
    pool_give(p, scanner);
    return rc;
}

/* Nearly all names fit; a longer one is kept. */
static const char *name_of(napi_env env, napi_value value, char *room, keep *k)
{
    size_t len = 0;

    if (!value || napi_get_value_string_utf8(env, value, room, NAME_ROOM,
                                             &len) != napi_ok)
        return NULL;
    /* Cut text ends up to three bytes before the room does. */
    return len + 4 < NAME_ROOM ? room : arg_text(env, value, k);
}

/* scanSync(pool, bytes, name) */
napi_value scan_sync(napi_env env, napi_callback_info info)
{
    napi_value args[3] = {NULL, NULL, NULL}, out = NULL;
    char room[NAME_ROOM];
    secscan_error err = {0};
    collector collected = {0};
    keep k = {0};
    const char *name;
    pool *p;
    int rc;

    args_get(env, info, 3, args);
    p = handle_get(env, args[0], &pool_tag);
    name = name_of(env, args[2], room, &k);
    if (!p || k.has_failed)
        rc = fail(&err, p ? SECSCAN_ERR_NOMEM : SECSCAN_ERR_ARG, "no scanner");
    else
        rc = scan(p, name, arg_bytes(env, args[1]), &collected, &err);
    if (rc && !err.code)
        fail(&err, rc, "the scan was stopped");
    out = rc ? js_throw(env, &err) : batch_value(env, &collected.found);
    batch_release(&collected.found);
    keep_release(&k);
    return out;
}

/* ---- on another thread ------------------------------------------------ */

typedef struct scan_job {
    int refs; /* of the thread of JavaScript alone: its work, its handle */
    napi_async_work work;
    napi_deferred deferred;
    pool *pool;
    keep keep;
    char *data; /* kept */
    size_t len;
    const char *name; /* kept; may be NULL */
    collector collector;
    secscan_error err;
    int rc;
} scan_job;

static void job_release(scan_job *job)
{
    batch_release(&job->collector.found);
    if (job->data)
        explicit_bzero(job->data, job->len);
    keep_release(&job->keep);
    pool_unref(job->pool);
    job->pool = NULL;
    job->data = NULL;
}

static void job_unref(scan_job *job)
{
    if (--job->refs)
        return;
    job_release(job);
    free(job);
}

static void forget_job(napi_env env, void *data, void *hint)
{
    (void)env;
    (void)hint;
    job_unref(data);
}

static void run(napi_env env, void *data)
{
    scan_job *job = data;
    const secscan_sink sink = collector_sink(&job->collector);
    secscan_scanner *scanner = NULL;

    (void)env;
    if (collector_is_stopped(&job->collector)) {
        job->rc = SECSCAN_STOPPED;
        return;
    }
    job->rc = pool_take(job->pool, &scanner, &job->err);
    if (!job->rc)
        job->rc = secscan_scan_buffer(scanner, job->name, job->data, job->len,
                                      &sink, &job->err);
    pool_give(job->pool, scanner);
}

static void ran(napi_env env, napi_status status, void *data)
{
    scan_job *job = data;

    if (status != napi_ok || job->collector.is_cancelled)
        fail(&job->err, SECSCAN_STOPPED, "the scan was stopped");
    if (job->rc && !job->err.code)
        fail(&job->err, job->rc, "the scan was stopped");
    if (job->err.code)
        napi_reject_deferred(env, job->deferred, js_error(env, &job->err));
    else
        napi_resolve_deferred(env, job->deferred,
                              batch_value(env, &job->collector.found));
    napi_delete_async_work(env, job->work);
    job_release(job);
    job_unref(job);
}

static scan_job *job_new(napi_env env, const napi_value *args)
{
    secscan_bytes bytes = arg_bytes(env, args[1]);
    pool *p = handle_get(env, args[0], &pool_tag);
    scan_job *job = p ? calloc(1, sizeof(*job)) : NULL;

    if (!job)
        return NULL;
    job->refs = 2;
    job->pool = pool_ref(p);
    job->collector.instance = instance_of(env);
    job->name = arg_text(env, args[2], &job->keep);
    job->data = keep_alloc(&job->keep, bytes.len);
    if (job->data && bytes.len)
        memcpy(job->data, bytes.data, bytes.len);
    job->len = job->data ? bytes.len : 0;
    if (!job->keep.has_failed)
        return job;
    job_release(job);
    free(job);
    return NULL;
}

/* scan(pool, bytes, name): [promise, job] */
napi_value scan_start(napi_env env, napi_callback_info info)
{
    napi_value args[3] = {NULL, NULL, NULL}, promise = NULL, out;
    secscan_error err = {0};
    scan_job *job;

    args_get(env, info, 3, args);
    job = job_new(env, args);
    if (!job) {
        fail_nomem(&err);
        return js_throw(env, &err);
    }
    out = js_array(env, 2);
    napi_create_promise(env, &job->deferred, &promise);
    js_put(env, out, 0, promise);
    js_put(env, out, 1, handle_new(env, job, &job_tag, forget_job));
    if (napi_create_async_work(env, NULL, js_string(env, "secscan.scan"), run,
                               ran, job, &job->work) != napi_ok ||
        napi_queue_async_work(env, job->work) != napi_ok) {
        fail(&err, SECSCAN_ERR_INTERNAL, "no work can be queued");
        napi_reject_deferred(env, job->deferred, js_error(env, &err));
        job_unref(job);
    }
    return out;
}

/* cancel(job): its promise is rejected, soon */
napi_value scan_cancel(napi_env env, napi_callback_info info)
{
    napi_value handle = NULL;
    scan_job *job;

    args_get(env, info, 1, &handle);
    job = handle_get(env, handle, &job_tag);
    if (job)
        job->collector.is_cancelled = 1;
    return js_undefined(env);
}
