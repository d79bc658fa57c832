/*
 * pool.c: the scanner that JavaScript sees. One secscan_scanner serves one
 * thread at a time, so there are as many as there are scans at once, and those
 * that are idle wait here for the next.
 */
#include "addon.h"

#include <pthread.h>
#include <stdlib.h>

const napi_type_tag pool_tag = {0x7365637363616e02, 0x706f6f6c00000001};

/* More than these are freed when their scan is over. */
#define MAX_IDLE 16

/* About what the first of them takes. */
#define POOL_SIZE ((int64_t)256 << 10)

struct pool {
    atomic_int refs;
    secscan_rules *rules;
    secscan_scan_options options;
    keep keep; /* what the options point to */
    pthread_mutex_t lock;
    secscan_scanner *idle[MAX_IDLE];
    size_t n_idle;
};

pool *pool_ref(pool *p)
{
    atomic_fetch_add(&p->refs, 1);
    return p;
}

void pool_unref(pool *p)
{
    if (!p || atomic_fetch_sub(&p->refs, 1) > 1)
        return;
    for (size_t i = 0; i < p->n_idle; i++)
        secscan_scanner_free(p->idle[i]);
    secscan_rules_free(p->rules);
    keep_release(&p->keep);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

int pool_scanner(pool *p, secscan_policy *policy, secscan_scanner **out,
                 secscan_error *err)
{
    secscan_scan_options options = p->options;

    options.policy = policy;
    return secscan_scanner_new(out, p->rules, &options, err);
}

int pool_stream_scanner(pool *p, size_t chunk_core, secscan_scanner **out,
                        secscan_error *err)
{
    secscan_scan_options options = p->options;

    options.flags |= SECSCAN_SCAN_EVERY_PLACE;
    options.chunk_core = chunk_core;
    return secscan_scanner_new(out, p->rules, &options, err);
}

int pool_take(pool *p, secscan_scanner **out, secscan_error *err)
{
    *out = NULL;
    pthread_mutex_lock(&p->lock);
    if (p->n_idle)
        *out = p->idle[--p->n_idle];
    pthread_mutex_unlock(&p->lock);
    return *out ? 0 : pool_scanner(p, NULL, out, err);
}

void pool_give(pool *p, secscan_scanner *scanner)
{
    if (!scanner)
        return;
    pthread_mutex_lock(&p->lock);
    if (p->n_idle < MAX_IDLE) {
        p->idle[p->n_idle++] = scanner;
        scanner = NULL;
    }
    pthread_mutex_unlock(&p->lock);
    secscan_scanner_free(scanner);
}

/* ---- from JavaScript -------------------------------------------------- */

static void read_budgets(napi_env env, napi_value from,
                         secscan_scan_options *to)
{
    to->max_depth = (uint32_t)option_number(env, from, "maxDepth");
    to->max_seconds = (uint32_t)option_number(env, from, "maxSeconds");
    to->max_ratio = (uint32_t)option_number(env, from, "maxRatio");
    to->max_entries = (uint32_t)option_number(env, from, "maxEntries");
    to->max_decoded = (uint64_t)option_number(env, from, "maxDecoded");
    to->max_member = (uint64_t)option_number(env, from, "maxMember");
    to->max_unpacked = (uint64_t)option_number(env, from, "maxUnpacked");
    to->max_file_size = (uint64_t)option_number(env, from, "maxFileSize");
    to->max_object_size = (uint64_t)option_number(env, from, "maxObjectSize");
}

static void read_listing(napi_env env, napi_value from,
                         secscan_scan_options *to, keep *k)
{
    to->profile = (uint32_t)option_number(env, from, "profile");
    to->min_severity = (uint32_t)option_number(env, from, "minSeverity");
    to->min_evidence = (uint32_t)option_number(env, from, "minEvidence");
    to->min_confidence = (uint32_t)option_number(env, from, "minConfidence");
    to->gate_severity = (uint32_t)option_number(env, from, "gateSeverity");
    to->gate_evidence = (uint32_t)option_number(env, from, "gateEvidence");
    to->min_password_length =
        (uint32_t)option_number(env, from, "minPasswordLength");
    to->categories =
        option_texts(env, from, "categories", k, &to->n_categories);
    to->not_categories =
        option_texts(env, from, "notCategories", k, &to->n_not_categories);
}

static void read_options(napi_env env, napi_value from, pool *p)
{
    secscan_scan_options *to = &p->options;
    secscan_bytes key = option_bytes(env, from, "fingerprintKey", &p->keep);

    to->size = sizeof(*to);
    to->threads = (uint32_t)option_number(env, from, "threads");
    to->flags = (uint32_t)option_number(env, from, "flags");
    to->chunk_core = (size_t)option_number(env, from, "chunkSize");
    to->fingerprint_key = key.data;
    to->fingerprint_key_len = key.len;
    to->opener = containers_load;
    read_listing(env, from, to, &p->keep);
    read_budgets(env, from, to);
}

static void free_pool(napi_env env, void *data, void *hint)
{
    (void)hint;
    tell_size(env, -POOL_SIZE);
    pool_unref(data);
}

/* Wrong options are told now, not by the first scan. */
static int check(pool *p, secscan_error *err)
{
    secscan_scanner *scanner = NULL;
    int rc = p->keep.has_failed ? fail_nomem(err) : pool_take(p, &scanner, err);

    pool_give(p, scanner);
    return rc;
}

/* pool(rules, options) */
napi_value pool_new(napi_env env, napi_callback_info info)
{
    pool *p = calloc(1, sizeof(*p));
    secscan_error err = {0};
    napi_value args[2] = {NULL, NULL};
    secscan_rules *rules;
    int rc;

    args_get(env, info, 2, args);
    rules = handle_get(env, args[0], &rules_tag);
    if (!p || !rules) {
        free(p);
        fail(&err, p ? SECSCAN_ERR_ARG : SECSCAN_ERR_NOMEM, "no rules");
        return js_throw(env, &err);
    }
    atomic_init(&p->refs, 1);
    pthread_mutex_init(&p->lock, NULL);
    p->rules = secscan_rules_ref(rules);
    read_options(env, args[1], p);
    rc = check(p, &err);
    if (rc) {
        pool_unref(p);
        return js_throw(env, &err);
    }
    tell_size(env, POOL_SIZE);
    return handle_new(env, p, &pool_tag, free_pool);
}
