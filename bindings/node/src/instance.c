/*
 * instance.c: what an environment has of its own, and how its end reaches what
 * runs for it on libuv's pool.
 *
 * Node waits for that work before it calls any hook. So a scan that takes long
 * asks now and then, on the environment's own thread, whether JavaScript may
 * still run there: when a worker is terminated it may not. At process.exit()
 * lib/native.js says it.
 */
#include "addon.h"

#include <stdlib.h>
#include <time.h>

/* Milliseconds between two questions. */
#define ASK_AGAIN 50

/* ---- on another thread ------------------------------------------------ */

static int64_t now(void)
{
    struct timespec t = {0};

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool instance_is_ending(instance *in, int64_t *asked)
{
    int64_t at = now();

    if (!*asked)
        *asked = at;
    if (in->ask && at - *asked >= ASK_AGAIN) {
        *asked = at;
        napi_call_threadsafe_function(in->ask, NULL, napi_tsfn_nonblocking);
    }
    return in->is_ending;
}

/* ---- on its own ------------------------------------------------------- */

static bool may_run(napi_env env)
{
    napi_value global = NULL;
    bool ignored, is_pending = false;

    if (napi_get_global(env, &global) == napi_ok &&
        napi_has_named_property(env, global, "process", &ignored) == napi_ok)
        return true;
    napi_is_exception_pending(env, &is_pending);
    return is_pending;
}

static void answer(napi_env env, napi_value callback, void *ctx, void *data)
{
    instance *in = ctx;

    (void)callback;
    (void)data;
    if (!env || !may_run(env))
        in->is_ending = 1;
}

/* No work is left by now. */
static void stop_asking(void *data)
{
    instance *in = data;

    napi_release_threadsafe_function(in->ask, napi_tsfn_abort);
    in->ask = NULL;
}

static void forget(napi_env env, void *data, void *hint)
{
    (void)env;
    (void)hint;
    free(data);
}

void instance_new(napi_env env)
{
    instance *in = calloc(1, sizeof(*in));

    if (!in)
        return;
    napi_set_instance_data(env, in, forget, NULL);
    if (napi_create_threadsafe_function(
            env, NULL, NULL, js_string(env, "secscan.instance"), 0, 1, NULL,
            NULL, in, answer, &in->ask) != napi_ok)
        return;
    napi_unref_threadsafe_function(env, in->ask);
    /* Behind the threadsafe function's own hook, so before it at the end. */
    napi_add_env_cleanup_hook(env, stop_asking, in);
}

instance *instance_of(napi_env env)
{
    void *in = NULL;

    napi_get_instance_data(env, &in);
    return in;
}

/* end(): scans on libuv's pool end soon, for the process does */
napi_value instance_end(napi_env env, napi_callback_info info)
{
    instance *in = instance_of(env);

    (void)info;
    if (in)
        in->is_ending = 1;
    return js_undefined(env);
}
