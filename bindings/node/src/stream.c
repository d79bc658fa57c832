/*
 * stream.c: bytes that come in pieces, each scanned on a thread of libuv's
 * pool; JavaScript waits for one before it sends the next.
 *
 * A stream has a scanner of its own, which tells of every place and up to where
 * the bytes are settled. What goes to the other thread is a copy, and wiped.
 */
#include "addon.h"

#include <stdlib.h>
#include <string.h>

const napi_type_tag stream_tag = {0x7365637363616e05, 0x73747265616d0001};

/* About what a scanner takes. */
#define STREAM_SIZE ((int64_t)1 << 20)

typedef struct stream {
    int refs; /* of the thread of JavaScript alone: its work, its handle */
    pool *pool;
    keep keep;
    const char *name; /* kept; may be NULL */
    size_t chunk_core;
    secscan_scanner *scanner; /* NULL: not begun */

    /* The piece at hand: */
    napi_async_work work; /* NULL: there is none */
    napi_deferred deferred;
    char *data;
    size_t len;
    bool is_last;
    collector collector;
    uint64_t settled;
    secscan_error err;
    int rc;
} stream;

static void stream_unref(stream *s)
{
    if (--s->refs)
        return;
    secscan_scanner_free(s->scanner);
    pool_unref(s->pool);
    keep_release(&s->keep);
    free(s->data);
    free(s);
}

static void forget_stream(napi_env env, void *data, void *hint)
{
    stream *s = data;

    (void)hint;
    tell_size(env, -STREAM_SIZE);
    s->collector.is_cancelled = 1;
    stream_unref(s);
}

/* ---- the thread ------------------------------------------------------- */

static int begin(stream *s)
{
    const secscan_sink sink = collector_sink(&s->collector);
    int rc = pool_stream_scanner(s->pool, s->chunk_core, &s->scanner, &s->err);

    if (rc)
        return rc;
    return secscan_stream_begin(s->scanner, s->name, &sink, &s->err);
}

static void run(napi_env env, void *data)
{
    stream *s = data;

    (void)env;
    s->rc = s->scanner ? 0 : begin(s);
    if (!s->rc)
        s->rc = secscan_stream_feed(s->scanner, s->data, s->len, &s->err);
    if (!s->rc && s->is_last)
        s->rc = secscan_stream_end(s->scanner, &s->err);
    if (!s->rc)
        s->settled = secscan_stream_settled(s->scanner);
}

/* ---- from JavaScript -------------------------------------------------- */

static napi_value outcome(napi_env env, const stream *s)
{
    napi_value out = js_object(env);

    js_set(env, out, "found", batch_value(env, &s->collector.found));
    js_set(env, out, "settled", js_number(env, (double)s->settled));
    return out;
}

static void release_piece(napi_env env, stream *s)
{
    batch_release(&s->collector.found);
    explicit_bzero(s->data, s->len);
    free(s->data);
    s->data = NULL;
    napi_delete_async_work(env, s->work);
    s->work = NULL;
}

static void ran(napi_env env, napi_status status, void *data)
{
    stream *s = data;

    if (status != napi_ok)
        s->rc = fail(&s->err, SECSCAN_STOPPED, "the scan was stopped");
    if (s->rc && !s->err.code)
        fail(&s->err, s->rc, "the scan was stopped");
    if (s->rc)
        napi_reject_deferred(env, s->deferred, js_error(env, &s->err));
    else
        napi_resolve_deferred(env, s->deferred, outcome(env, s));
    release_piece(env, s);
    stream_unref(s);
}

/* streamNew(pool, name, chunkSize) */
napi_value stream_new(napi_env env, napi_callback_info info)
{
    napi_value args[3] = {NULL, NULL, NULL};
    secscan_error err = {0};
    double chunk = 0;
    stream *s;
    pool *p;

    args_get(env, info, 3, args);
    p = handle_get(env, args[0], &pool_tag);
    s = p ? calloc(1, sizeof(*s)) : NULL;
    if (!s) {
        fail_nomem(&err);
        return js_throw(env, &err);
    }
    napi_get_value_double(env, args[2], &chunk);
    s->refs = 1;
    s->pool = pool_ref(p);
    s->collector.instance = instance_of(env);
    s->name = arg_text(env, args[1], &s->keep);
    s->chunk_core = (size_t)chunk;
    tell_size(env, STREAM_SIZE);
    return handle_new(env, s, &stream_tag, forget_stream);
}

static int take_piece(napi_env env, stream *s, const napi_value *args)
{
    secscan_bytes bytes = arg_bytes(env, args[1]);

    if (s->work)
        return fail(&s->err, SECSCAN_ERR_BUSY, "a piece is being scanned");
    s->data = malloc(bytes.len + 1);
    if (!s->data || s->keep.has_failed)
        return fail_nomem(&s->err);
    if (bytes.len)
        memcpy(s->data, bytes.data, bytes.len);
    s->len = bytes.len;
    s->is_last = false;
    napi_get_value_bool(env, args[2], &s->is_last);
    return 0;
}

/* streamFeed(stream, bytes, isLast): promise of {found, settled}. Nothing may
 * be sent behind the last, or after a failure. */
napi_value stream_feed(napi_env env, napi_callback_info info)
{
    napi_value args[3] = {NULL, NULL, NULL}, promise = NULL;
    stream *s;

    args_get(env, info, 3, args);
    s = handle_get(env, args[0], &stream_tag);
    if (!s)
        return js_undefined(env);
    if (take_piece(env, s, args))
        return js_throw(env, &s->err);
    napi_create_promise(env, &s->deferred, &promise);
    if (napi_create_async_work(env, NULL, js_string(env, "secscan.stream"), run,
                               ran, s, &s->work) == napi_ok &&
        napi_queue_async_work(env, s->work) == napi_ok) {
        s->refs++;
        return promise;
    }
    fail(&s->err, SECSCAN_ERR_INTERNAL, "no work can be queued");
    napi_reject_deferred(env, s->deferred, js_error(env, &s->err));
    release_piece(env, s);
    return promise;
}

/* streamStop(stream): the piece at hand ends soon, with SECSCAN_STOPPED */
napi_value stream_stop(napi_env env, napi_callback_info info)
{
    napi_value handle = NULL;
    stream *s;

    args_get(env, info, 1, &handle);
    s = handle_get(env, handle, &stream_tag);
    if (s)
        s->collector.is_cancelled = 1;
    return js_undefined(env);
}
