/*
 * rules.c: rules, loaded at once or on a thread of libuv's pool: those that
 * somebody brings are compiled, which may take seconds.
 */
#include "addon.h"

#include <stdlib.h>
#include <string.h>

const napi_type_tag rules_tag = {0x7365637363616e01, 0x72756c6573000001};

/* About what a rule takes, compiled. */
#define RULE_SIZE ((int64_t)16 << 10)

/* ---- handles ---------------------------------------------------------- */

napi_value handle_new(napi_env env, void *data, const napi_type_tag *tag,
                      napi_finalize finalize)
{
    napi_value out = NULL;

    if (napi_create_external(env, data, finalize, NULL, &out) != napi_ok) {
        finalize(env, data, NULL);
        return js_undefined(env);
    }
    napi_type_tag_object(env, out, tag);
    return out;
}

void *handle_get(napi_env env, napi_value value, const napi_type_tag *tag)
{
    bool is_ours = false;
    void *data = NULL;

    if (napi_check_object_type_tag(env, value, tag, &is_ours) == napi_ok &&
        is_ours)
        napi_get_value_external(env, value, &data);
    return data;
}

/* ---- loading ---------------------------------------------------------- */

typedef struct load_job {
    napi_async_work work;
    napi_deferred deferred;
    keep keep;
    secscan_bytes text; /* data NULL: from `paths` */
    const char *const *paths;
    size_t n_paths;
    secscan_rules_options options;
    secscan_rules *rules;
    secscan_error err;
    int rc;
} load_job;

static int64_t size_of(const secscan_rules *rules)
{
    return (int64_t)secscan_rules_count(rules) * RULE_SIZE;
}

static void free_rules(napi_env env, void *data, void *hint)
{
    (void)hint;
    tell_size(env, -size_of(data));
    secscan_rules_free(data);
}

static void job_free(load_job *job)
{
    if (!job)
        return;
    secscan_rules_free(job->rules);
    keep_release(&job->keep);
    free(job);
}

/* load({paths, text, flags, cacheDir, name, without, extendRoot, joined}) */
static load_job *job_new(napi_env env, napi_callback_info info)
{
    load_job *job = calloc(1, sizeof(*job));
    napi_value from = NULL;
    keep *k;

    if (!job)
        return NULL;
    k = &job->keep;
    args_get(env, info, 1, &from);
    job->text = option_bytes(env, from, "text", k);
    job->paths = option_texts(env, from, "paths", k, &job->n_paths);
    job->options = (secscan_rules_options){
        .size = sizeof(job->options),
        .flags = (uint32_t)option_number(env, from, "flags"),
        .cache_dir = option_text(env, from, "cacheDir", k),
        .name = option_text(env, from, "name", k),
        .extend_root = option_text(env, from, "extendRoot", k),
    };
    job->options.without =
        option_texts(env, from, "without", k, &job->options.n_without);
    job->options.joined =
        option_texts(env, from, "joined", k, &job->options.n_joined);
    return job;
}

static void load(napi_env env, void *data)
{
    load_job *job = data;

    (void)env;
    if (job->keep.has_failed)
        job->rc = fail_nomem(&job->err);
    else if (job->text.data)
        job->rc = secscan_rules_parse(&job->rules, job->text.data,
                                      job->text.len, &job->options, &job->err);
    else
        job->rc = secscan_rules_load(&job->rules, job->paths, job->n_paths,
                                     &job->options, &job->err);
}

static napi_value take_rules(napi_env env, load_job *job)
{
    secscan_rules *rules = job->rules;

    job->rules = NULL;
    tell_size(env, size_of(rules));
    return handle_new(env, rules, &rules_tag, free_rules);
}

napi_value rules_load_sync(napi_env env, napi_callback_info info)
{
    load_job *job = job_new(env, info);
    secscan_error err = {0};
    napi_value out = NULL;

    if (!job) {
        fail_nomem(&err);
        return js_throw(env, &err);
    }
    load(env, job);
    out = job->rc ? js_throw(env, &job->err) : take_rules(env, job);
    job_free(job);
    return out;
}

static void loaded(napi_env env, napi_status status, void *data)
{
    load_job *job = data;

    if (status == napi_ok && !job->rc)
        napi_resolve_deferred(env, job->deferred, take_rules(env, job));
    else
        napi_reject_deferred(env, job->deferred, js_error(env, &job->err));
    napi_delete_async_work(env, job->work);
    job_free(job);
}

napi_value rules_load(napi_env env, napi_callback_info info)
{
    load_job *job = job_new(env, info);
    secscan_error err = {0};
    napi_value promise = NULL;

    if (!job) {
        fail_nomem(&err);
        return js_throw(env, &err);
    }
    napi_create_promise(env, &job->deferred, &promise);
    if (napi_create_async_work(env, NULL, js_string(env, "secscan.rules"), load,
                               loaded, job, &job->work) != napi_ok ||
        napi_queue_async_work(env, job->work) != napi_ok) {
        fail(&err, SECSCAN_ERR_INTERNAL, "no work can be queued");
        napi_reject_deferred(env, job->deferred, js_error(env, &err));
        job_free(job);
    }
    return promise;
}

/* ---- looking ---------------------------------------------------------- */

static secscan_rules *get_rules(napi_env env, napi_callback_info info,
                                napi_value *second)
{
    napi_value args[2] = {NULL, NULL};

    args_get(env, info, 2, args);
    *second = args[1];
    return handle_get(env, args[0], &rules_tag);
}

static void set_text(napi_env env, napi_value out, const char *key,
                     const char *text)
{
    js_set(env, out, key, js_string(env, text));
}

static napi_value rule_value(napi_env env, const secscan_rule_info *rule)
{
    napi_value out = js_object(env);

    set_text(env, out, "id", rule->id);
    set_text(env, out, "description", rule->description);
    set_text(env, out, "category", rule->category);
    set_text(env, out, "severity", secscan_severity_name((int)rule->severity));
    set_text(env, out, "evidence", secscan_evidence_name((int)rule->evidence));
    js_set(env, out, "confidence", js_number(env, rule->confidence));
    js_set(env, out, "isBuiltin", js_bool(env, rule->is_builtin));
    js_set(env, out, "isPreview", js_bool(env, rule->is_preview));
    js_set(env, out, "isPartOnly", js_bool(env, rule->is_part_only));
    set_text(env, out, "regex", rule->regex);
    set_text(env, out, "path", rule->path);
    set_text(env, out, "grants", rule->grants);
    set_text(env, out, "advice", rule->advice);
    set_text(env, out, "check", rule->check);
    js_set(env, out, "references",
           js_strings(env, rule->references, rule->n_references));
    js_set(env, out, "aliases",
           js_strings(env, rule->aliases, rule->n_aliases));
    return out;
}

napi_value rules_count(napi_env env, napi_callback_info info)
{
    napi_value ignored;
    secscan_rules *rules = get_rules(env, info, &ignored);

    return js_number(env, rules ? (double)secscan_rules_count(rules) : 0);
}

napi_value rules_version(napi_env env, napi_callback_info info)
{
    napi_value ignored;
    secscan_rules *rules = get_rules(env, info, &ignored);

    return js_string(env, rules ? secscan_rules_version(rules) : NULL);
}

napi_value rules_at(napi_env env, napi_callback_info info)
{
    secscan_rule_info rule = {0};
    napi_value index;
    secscan_rules *rules = get_rules(env, info, &index);
    double i = 0;

    napi_get_value_double(env, index, &i);
    if (!rules || secscan_rules_at(rules, (size_t)i, &rule))
        return js_undefined(env);
    return rule_value(env, &rule);
}

napi_value rules_find(napi_env env, napi_callback_info info)
{
    secscan_rule_info rule = {0};
    keep k = {0};
    napi_value id;
    secscan_rules *rules = get_rules(env, info, &id);
    const char *text = arg_text(env, id, &k);
    bool is_there = rules && text && !secscan_rules_find(rules, text, &rule);

    keep_release(&k);
    return is_there ? rule_value(env, &rule) : js_undefined(env);
}

napi_value rules_notes(napi_env env, napi_callback_info info)
{
    napi_value ignored;
    secscan_rules *rules = get_rules(env, info, &ignored);
    napi_value out = js_array(env, 0);
    const char *note = rules ? secscan_rules_note(rules, 0) : NULL;

    for (size_t i = 0; note; note = secscan_rules_note(rules, ++i))
        js_put(env, out, i, js_string(env, note));
    return out;
}
