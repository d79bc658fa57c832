/*
 * fuzz_policy.c: ignore files, baselines and reports of gitleaks as bytes: what
 * is written again is read as the same entries, and then written the same.
 */
#include "fuzz.h"

#include "policy/policy.h"

#include <stdlib.h>
#include <string.h>

typedef struct text {
    char *data;
    size_t len;
} text;

static int append(void *ctx, const char *data, size_t len)
{
    text *t = ctx;

    t->data = realloc(t->data, t->len + len);
    if (!t->data)
        abort();
    memcpy(t->data + t->len, data, len);
    t->len += len;
    return 0;
}

static text written(const void *data, size_t len)
{
    secscan_entries *entries = NULL;
    text out = {NULL, 0};

    if (secscan_entries_parse(&entries, data, len, NULL) ||
        secscan_entries_write(entries, append, &out, NULL))
        abort();
    secscan_entries_free(entries);
    return out;
}

static void check_entries(const uint8_t *data, size_t len)
{
    text once = written(data, len);
    text twice = written(once.data ? once.data : "", once.len);

    if (once.len != twice.len ||
        (once.len && memcmp(once.data, twice.data, once.len) != 0))
        abort();
    free(once.data);
    free(twice.data);
}

static void ask(secscan_policy *policy)
{
    static const ss_rule rule = {.id = "rule"};
    const ss_policy_place place = {.fingerprint =
                                       "s1:000000000000000000000000",
                                   .secret = ss_bytes_str("value"),
                                   .rule = &rule,
                                   .path = "src/a.c",
                                   .source = "file",
                                   .line = 3,
                                   .match_line = 2};
    ss_hider hider;

    if (ss_policy_ask(&hider, policy, NULL, &place))
        abort();
    ss_mark_read(policy, &(ss_rule_set){.n_rules = 0},
                 ss_bytes_str("x # secscan:allow why"), &rule, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    for (uint32_t kind = 0; kind <= SECSCAN_POLICY_GITLEAKS_IGNORE; kind++) {
        const secscan_policy_text read = {"file", data, len, kind, 0};
        const secscan_policy_options options = {.size = sizeof(options),
                                                .today = 20270101,
                                                .texts = &read,
                                                .n_texts = 1};
        secscan_policy *policy = NULL;

        if (secscan_policy_new(&policy, &options, NULL) == 0)
            ask(policy);
        secscan_policy_free(policy);
    }
    check_entries(data, len);
    return 0;
}
