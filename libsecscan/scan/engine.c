/*
 * engine.c: run one block of bytes through Hyperscan, and past what looks for
 * values that words may name.
 * In: bytes. Out: raw candidates, appended in arrival order. Knows nothing of
 * captures, filters or files. The callback only appends.
 */
#include "engine.h"

#include "scan/value.h"

#include "base/alloc.h"

#include <hs.h>

struct ss_engine {
    const ss_rule_set *set;
    hs_scratch_t *scratch;
};

int ss_engine_new(ss_engine **out, const ss_rule_set *set, secscan_error *err)
{
    ss_engine *engine = ss_calloc(1, sizeof(*engine));
    int rc = 0;

    if (!engine)
        return ss_fail_nomem(err);
    engine->set = set;
    for (size_t i = 0; i < set->n_databases && !rc; i++) {
        if (hs_alloc_scratch(set->databases[i], &engine->scratch) != HS_SUCCESS)
            rc = ss_fail(err, SECSCAN_ERR_NOMEM, "no scratch for the rules");
    }
    if (rc) {
        ss_engine_free(engine);
        return rc;
    }
    *out = engine;
    return 0;
}

void ss_engine_free(ss_engine *engine)
{
    if (!engine)
        return;
    hs_free_scratch(engine->scratch);
    ss_free(engine);
}

static int on_hit(unsigned int id, unsigned long long from,
                  unsigned long long to, unsigned int flags, void *ctx)
{
    (void)from;
    (void)flags;
    return ss_candidates_push(ctx, (ss_candidate){id, (uint32_t)to});
}

int ss_engine_scan(ss_engine *engine, ss_bytes bytes, ss_candidates *candidates,
                   secscan_error *err)
{
    if (bytes.len > UINT32_MAX)
        return ss_fail(err, SECSCAN_ERR_ARG, "block over 4 GiB");
    for (size_t i = 0; i < engine->set->n_databases; i++) {
        hs_error_t rc = hs_scan(
            engine->set->databases[i], (const char *)bytes.data,
            (unsigned int)bytes.len, 0, engine->scratch, on_hit, candidates);

        if (rc == HS_SCAN_TERMINATED)
            return 0;
        if (rc != HS_SUCCESS)
            return ss_fail(err, SECSCAN_ERR_INTERNAL, "hs_scan: %d", rc);
    }
    if (engine->set->kinds.n_words)
        ss_value_scan(bytes, engine->set->kinds.rule, candidates);
    return 0;
}
