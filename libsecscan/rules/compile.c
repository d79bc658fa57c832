/*
 * compile.c: prefilters to Hyperscan databases, and those to bytes and back.
 * Knows nothing of files; what to do about a refused database is the caller's.
 */
#include "rules/compile.h"

#include "base/alloc.h"

#include <hs.h>

#include <stdlib.h>

typedef struct batch {
    const char **patterns;
    unsigned int *flags;
    unsigned int *ids;
    unsigned int n;
} batch;

static int batch_init(batch *b, size_t cap, secscan_error *err)
{
    b->patterns = ss_calloc(cap, sizeof(*b->patterns));
    b->flags = ss_calloc(cap, sizeof(*b->flags));
    b->ids = ss_calloc(cap, sizeof(*b->ids));
    b->n = 0;
    if (!b->patterns || !b->flags || !b->ids)
        return ss_fail_nomem(err);
    return 0;
}

static void batch_release(batch *b)
{
    ss_free(b->patterns);
    ss_free(b->flags);
    ss_free(b->ids);
}

static void batch_fill(batch *b, const ss_rule_set *set, size_t database)
{
    b->n = 0;
    for (size_t i = 0; i < set->n_rules; i++) {
        const ss_rule *rule = set->rules[i];

        if (!rule->prefilter || rule->database != database)
            continue;
        b->patterns[b->n] = rule->prefilter;
        b->flags[b->n] = rule->hs_flags;
        b->ids[b->n] = (unsigned int)i;
        b->n++;
    }
}

static int fail_compile(const ss_rule_set *set, const batch *b,
                        const hs_compile_error_t *error, secscan_error *err)
{
    int at = error->expression;

    if (at < 0 || (unsigned int)at >= b->n)
        return ss_fail(err, SECSCAN_ERR_RULE, "Hyperscan: %.160s",
                       error->message);
    return ss_fail(err, SECSCAN_ERR_RULE, "rule %.60s: Hyperscan: %.120s",
                   set->rules[b->ids[at]]->id, error->message);
}

/* What Hyperscan refuses it may still approximate; PCRE2 confirms. */
static int can_approximate(batch *b, const hs_compile_error_t *error)
{
    int at = error->expression;

    if (at < 0 || (unsigned int)at >= b->n ||
        (b->flags[at] & HS_FLAG_PREFILTER))
        return 0;
    b->flags[at] |= HS_FLAG_PREFILTER;
    return 1;
}

static int compile_batch(hs_database_t **out, const ss_rule_set *set, batch *b,
                         secscan_error *err)
{
    /* One database for every machine: wider vectors gave no more speed. */
    const hs_platform_info_t baseline = {HS_TUNE_FAMILY_GENERIC, 0, 0, 0};
    hs_compile_error_t *error = NULL;
    int rc = 0;

    for (;;) {
        hs_error_t hs = hs_compile_multi(b->patterns, b->flags, b->ids, b->n,
                                         HS_MODE_BLOCK, &baseline, out, &error);

        if (hs == HS_SUCCESS)
            break;
        if (!error)
            return ss_fail_nomem(err);
        if (!can_approximate(b, error))
            rc = fail_compile(set, b, error, err);
        hs_free_compile_error(error);
        error = NULL;
        if (rc)
            break;
    }
    return rc;
}

int ss_compile(ss_rule_set *set, secscan_error *err)
{
    batch b = {NULL, NULL, NULL, 0};
    int rc;

    ss_compile_release(set);
    rc = batch_init(&b, set->n_rules, err);
    if (rc)
        goto out;
    for (size_t i = 0; i < SS_MAX_DATABASES; i++) {
        batch_fill(&b, set, i);
        if (b.n == 0)
            continue;
        rc = compile_batch(&set->databases[set->n_databases], set, &b, err);
        if (rc)
            goto out;
        set->n_databases++;
    }
out:
    if (rc)
        ss_compile_release(set);
    batch_release(&b);
    return rc;
}

void ss_compile_release(ss_rule_set *set)
{
    for (size_t i = 0; i < set->n_databases; i++) {
        hs_free_database(set->databases[i]);
        set->databases[i] = NULL;
    }
    set->n_databases = 0;
}

int ss_compile_save(const struct hs_database *database, uint8_t **data,
                    size_t *len, secscan_error *err)
{
    char *bytes = NULL;
    size_t n = 0;
    uint8_t *copy;

    if (hs_serialize_database(database, &bytes, &n) != HS_SUCCESS)
        return ss_fail_nomem(err);
    copy = ss_alloc(n);
    if (copy)
        memcpy(copy, bytes, n);
    free(bytes);
    if (!copy)
        return ss_fail_nomem(err);
    *data = copy;
    *len = n;
    return 0;
}

int ss_compile_load(struct hs_database **out, ss_bytes data, secscan_error *err)
{
    hs_error_t hs =
        hs_deserialize_database((const char *)data.data, data.len, out);

    if (hs == HS_SUCCESS)
        return 0;
    *out = NULL;
    if (hs == HS_NOMEM)
        return ss_fail_nomem(err);
    return ss_fail(err, SECSCAN_ERR_CORRUPT,
                   "Hyperscan does not take the compiled rules (%d)", hs);
}

const char *ss_compile_version(void)
{
    return hs_version();
}
