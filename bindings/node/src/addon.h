/*
 * addon.h: what the parts of the addon share: values of JavaScript from C and
 * back, handles, what a scan brings.
 *
 * The JavaScript of lib/ is the only caller, and has checked all types: what
 * is here converts and does not judge. Everything with a napi_env runs on that
 * environment's own thread; several environments (worker_threads) share
 * nothing.
 */
#ifndef SECSCAN_NODE_ADDON_H
#define SECSCAN_NODE_ADDON_H

#define NAPI_VERSION 8
#include <node_api.h>

#include <secscan.h>
#include <secscan_git.h>

#include <stdatomic.h>
#include <stdbool.h>

/* ---- the environment (instance.c) ------------------------------------- */

typedef struct instance {
    napi_ref error_class;
    atomic_int is_ending;         /* nobody waits for its scans any more */
    napi_threadsafe_function ask; /* NULL: there is nobody to ask */
} instance;

void instance_new(napi_env env);
instance *instance_of(napi_env env); /* NULL: out of memory */
/* For work on libuv's pool, which ends then; `asked` is 0 at first. */
bool instance_is_ending(instance *in, int64_t *asked);

/* ---- values (value.c): undefined when JavaScript is out of memory ----- */

napi_value js_undefined(napi_env env);
napi_value js_bool(napi_env env, bool value);
napi_value js_number(napi_env env, double value);
napi_value js_string(napi_env env, const char *text); /* NULL: null */
napi_value js_strings(napi_env env, const char *const *texts, size_t n);
napi_value js_buffer(napi_env env, secscan_bytes bytes); /* a copy */
napi_value js_object(napi_env env);
napi_value js_array(napi_env env, size_t n);
void js_set(napi_env env, napi_value object, const char *key, napi_value value);
/* The same, and not enumerable: what prints an object does not show it. */
void js_hide(napi_env env, napi_value object, const char *key,
             napi_value value);
void js_put(napi_env env, napi_value array, size_t i, napi_value value);
/* A SecscanError; thrown, or to be rejected with. */
napi_value js_error(napi_env env, const secscan_error *error);
napi_value js_throw(napi_env env, const secscan_error *error);
void js_error_class(napi_env env, napi_value constructor);

/* So that the collector knows what waits for it. */
void tell_size(napi_env env, int64_t change);

int fail(secscan_error *err, int code, const char *message);
int fail_nomem(secscan_error *err);

/* ---- arguments (argument.c) ------------------------------------------- */

/* Memory that lives as long as the call, or the object, that it is for. */
typedef struct keep {
    void **at;
    size_t n, cap;
    int has_failed; /* out of memory: what was asked for is NULL */
} keep;

void *keep_alloc(keep *k, size_t size); /* zeroed */
void keep_release(keep *k);             /* wiped by who needs it */

/* The arguments of a call; missing ones are undefined. */
void args_get(napi_env env, napi_callback_info info, size_t n,
              napi_value *args);
bool is_absent(napi_env env, napi_value value); /* undefined or null */
/* NULL when absent. */
char *arg_text(napi_env env, napi_value value, keep *k);
/* The bytes of a Uint8Array, as long as nothing runs in JavaScript; NULL when
 * absent. */
secscan_bytes arg_bytes(napi_env env, napi_value value);

/* Properties of an options object. */
double option_number(napi_env env, napi_value object, const char *key);
char *option_text(napi_env env, napi_value object, const char *key, keep *k);
const char *const *option_texts(napi_env env, napi_value object,
                                const char *key, keep *k, size_t *n);
secscan_bytes option_bytes(napi_env env, napi_value object, const char *key,
                           keep *k);
napi_value option(napi_env env, napi_value object, const char *key);

/* ---- what a scan brings (batch.c, finding.c) -------------------------- */

typedef struct batch_skip {
    char *path, *object, *detail;
    const char *reason; /* static in the library */
    bool is_incomplete;
} batch_skip;

/* Copies, so that they may cross to the thread of JavaScript. */
typedef struct batch {
    secscan_findings *findings; /* NULL: none */
    size_t n_findings;
    batch_skip *skips;
    size_t n_skips, skips_cap;
} batch;

int batch_add_finding(batch *b, const secscan_finding *finding);
int batch_add_skip(batch *b, const secscan_skip *skip);
void batch_release(batch *b); /* secrets are wiped */

/* A batch that a sink fills on another thread, until it is told to stop. */
typedef struct collector {
    batch found;
    atomic_int is_cancelled;
    instance *instance; /* ends it, too; NULL: it runs there */
    int64_t asked;
} collector;

secscan_sink collector_sink(collector *c);
bool collector_is_stopped(collector *c); /* or its environment ends */

/* {findings, skips}; undefined when there is nothing. */
napi_value batch_value(napi_env env, const batch *b);

napi_value finding_value(napi_env env, const secscan_finding *finding);
napi_value coverage_value(napi_env env, const secscan_coverage *coverage);

/* ---- rules (rules.c) and scanners (pool.c) ---------------------------- */

extern const napi_type_tag rules_tag, pool_tag, job_tag, walk_tag, stream_tag;

napi_value handle_new(napi_env env, void *data, const napi_type_tag *tag,
                      napi_finalize finalize);
void *handle_get(napi_env env, napi_value value, const napi_type_tag *tag);

/* Rules and options, and scanners of them that are idle: as many scans at once
 * as there are threads that ask. Reference-counted, for any thread. */
typedef struct pool pool;

pool *pool_ref(pool *p);
void pool_unref(pool *p); /* NULL is fine */
int pool_take(pool *p, secscan_scanner **out, secscan_error *err);
void pool_give(pool *p, secscan_scanner *scanner); /* NULL is fine */
/* One that is not shared, so that its coverage is that of one scan; `policy`
 * may be NULL. The caller's. */
int pool_scanner(pool *p, secscan_policy *policy, secscan_scanner **out,
                 secscan_error *err);

/* One for a stream that is masked. */
int pool_stream_scanner(pool *p, size_t chunk_core, secscan_scanner **out,
                        secscan_error *err);

/* Opens containers, with a library that is loaded then. */
const secscan_opener *containers_load(void *ctx);

/* ---- what JavaScript calls -------------------------------------------- */

napi_value instance_end(napi_env env, napi_callback_info info);
napi_value rules_load(napi_env env, napi_callback_info info);
napi_value rules_load_sync(napi_env env, napi_callback_info info);
napi_value rules_count(napi_env env, napi_callback_info info);
napi_value rules_version(napi_env env, napi_callback_info info);
napi_value rules_at(napi_env env, napi_callback_info info);
napi_value rules_find(napi_env env, napi_callback_info info);
napi_value rules_notes(napi_env env, napi_callback_info info);
napi_value pool_new(napi_env env, napi_callback_info info);
napi_value scan_sync(napi_env env, napi_callback_info info);
napi_value scan_start(napi_env env, napi_callback_info info);
napi_value scan_cancel(napi_env env, napi_callback_info info);
napi_value stream_new(napi_env env, napi_callback_info info);
napi_value stream_feed(napi_env env, napi_callback_info info);
napi_value stream_stop(napi_env env, napi_callback_info info);
napi_value walk_start(napi_env env, napi_callback_info info);
napi_value walk_take(napi_env env, napi_callback_info info);
napi_value walk_stop(napi_env env, napi_callback_info info);

#endif
