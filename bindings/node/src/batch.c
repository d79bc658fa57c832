/*
 * batch.c: what a scan has brought, in copies, until JavaScript takes it.
 * Most scans bring nothing, and then nothing is allocated.
 */
#include "addon.h"

#include <stdlib.h>
#include <string.h>

int batch_add_finding(batch *b, const secscan_finding *finding)
{
    const secscan_sink *sink;
    int rc = 0;

    if (!b->findings)
        rc = secscan_findings_new(&b->findings, NULL);
    if (rc)
        return rc;
    sink = secscan_findings_sink(b->findings);
    b->n_findings++;
    return sink->finding(sink->ctx, finding);
}

static char *copy_text(const char *text, int *failed)
{
    char *copy = text ? strdup(text) : NULL;

    if (text && !copy)
        *failed = 1;
    return copy;
}

static void free_skip(batch_skip *skip)
{
    free(skip->path);
    free(skip->object);
    free(skip->detail);
}

static int make_room(batch *b)
{
    size_t cap = b->skips_cap ? 2 * b->skips_cap : 8;
    batch_skip *skips;

    if (b->n_skips < b->skips_cap)
        return 0;
    skips = realloc(b->skips, cap * sizeof(*skips));
    if (!skips)
        return SECSCAN_ERR_NOMEM;
    b->skips = skips;
    b->skips_cap = cap;
    return 0;
}

int batch_add_skip(batch *b, const secscan_skip *skip)
{
    int failed = 0;
    batch_skip copy = {
        .path = copy_text(skip->path, &failed),
        .object = copy_text(skip->object, &failed),
        .detail = copy_text(skip->detail, &failed),
        .reason = skip->reason,
        .is_incomplete = skip->is_incomplete,
    };

    if (failed || make_room(b)) {
        free_skip(&copy);
        return SECSCAN_ERR_NOMEM;
    }
    b->skips[b->n_skips++] = copy;
    return 0;
}

bool collector_is_stopped(collector *c)
{
    return c->is_cancelled ||
           (c->instance && instance_is_ending(c->instance, &c->asked));
}

static int collect_finding(void *ctx, const secscan_finding *finding)
{
    collector *c = ctx;

    return c->is_cancelled ? 1 : batch_add_finding(&c->found, finding);
}

static int collect_skip(void *ctx, const secscan_skip *skip)
{
    collector *c = ctx;

    return c->is_cancelled ? 1 : batch_add_skip(&c->found, skip);
}

static int collect_progress(void *ctx, const secscan_progress *progress)
{
    (void)progress;
    return collector_is_stopped(ctx);
}

secscan_sink collector_sink(collector *c)
{
    return (secscan_sink){.size = sizeof(secscan_sink),
                          .ctx = c,
                          .finding = collect_finding,
                          .skipped = collect_skip,
                          .progress = collect_progress};
}

void batch_release(batch *b)
{
    secscan_findings_free(b->findings);
    for (size_t i = 0; i < b->n_skips; i++)
        free_skip(&b->skips[i]);
    free(b->skips);
    *b = (batch){0};
}

/* ---- as values -------------------------------------------------------- */

static napi_value skip_value(napi_env env, const batch_skip *skip)
{
    napi_value out = js_object(env);

    js_set(env, out, "path", js_string(env, skip->path));
    js_set(env, out, "object", js_string(env, skip->object));
    js_set(env, out, "reason", js_string(env, skip->reason));
    js_set(env, out, "detail",
           js_string(env, skip->detail ? skip->detail : ""));
    js_set(env, out, "isIncomplete", js_bool(env, skip->is_incomplete));
    return out;
}

static void put_finding(napi_env env, napi_value list, const batch *b, size_t i)
{
    napi_handle_scope scope;

    /* A scope each, or the handles of a large batch pile up. */
    if (napi_open_handle_scope(env, &scope) != napi_ok)
        return;
    js_put(env, list, i,
           finding_value(env, secscan_findings_at(b->findings, i)));
    napi_close_handle_scope(env, scope);
}

napi_value batch_value(napi_env env, const batch *b)
{
    napi_value out, findings, skips;

    if (!b->n_findings && !b->n_skips)
        return js_undefined(env);
    out = js_object(env);
    findings = js_array(env, b->n_findings);
    skips = js_array(env, b->n_skips);
    for (size_t i = 0; i < b->n_findings; i++)
        put_finding(env, findings, b, i);
    for (size_t i = 0; i < b->n_skips; i++)
        js_put(env, skips, i, skip_value(env, &b->skips[i]));
    js_set(env, out, "findings", findings);
    js_set(env, out, "skips", skips);
    return out;
}
