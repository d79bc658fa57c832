/*
 * secscan_rules_test.c: run the examples that rules carry: each `match` has to
 * be found by its rule, no `reject` may be. Only over the public scanner, so
 * that an example means what it means to a user.
 */
#include "rules/rule.h"
#include "rules/template.h"

#include <secscan.h>

#define MAX_EXAMPLE ((size_t)1 << 20)
/* An example is a family of texts: three of them are tried. */
#define N_SEEDS 3u

typedef struct trial {
    secscan_scanner *scanner;
    const ss_rule *rule;
    int is_found;
    ss_buf text;
    int (*result)(void *ctx, const secscan_example_result *);
    void *ctx;
    secscan_error *err;
} trial;

static int on_finding(void *ctx, const secscan_finding *finding)
{
    trial *t = ctx;

    t->is_found |= strcmp(finding->rule, t->rule->id) == 0;
    for (size_t i = 0; i < finding->n_also; i++)
        t->is_found |= strcmp(finding->also[i], t->rule->id) == 0;
    for (size_t i = 0; i < finding->n_parts; i++)
        t->is_found |= strcmp(finding->parts[i].rule, t->rule->id) == 0;
    return 0;
}

/* A first line `#path NAME` names the text, for rules that ask for a path; an
 * example of a rule about paths alone is a path. The bytes it takes. */
static size_t take_name(const trial *t, char *name, size_t size)
{
    ss_bytes s = ss_buf_bytes(&t->text);
    size_t from = ss_bytes_starts(s, "#path ") ? 6 : 0;
    const uint8_t *end = s.len ? memchr(s.data, '\n', s.len) : NULL;
    size_t to = end ? (size_t)(end - s.data) : s.len;

    if (!t->rule->path || (!from && t->rule->regex) || to - from >= size)
        return 0;
    memcpy(name, s.data + from, to - from);
    name[to - from] = '\0';
    return end ? to + 1 : to;
}

static int scan_text(trial *t)
{
    const secscan_sink sink = {sizeof(sink), t, on_finding, NULL, NULL};
    char name[1024];
    size_t skip = take_name(t, name, sizeof(name));

    t->is_found = 0;
    return secscan_scan_buffer(t->scanner, skip ? name : NULL,
                               t->text.data + skip, t->text.len - skip, &sink,
                               t->err);
}

static int run_example(trial *t, const char *example, uint32_t expected)
{
    secscan_example_result result = {t->rule->id, example, expected, expected};
    uint64_t seed = ss_bytes_hash(ss_bytes_str(example));

    for (uint64_t i = 0; i < N_SEEDS; i++) {
        int rc;

        ss_buf_reset(&t->text);
        if (ss_template_expand(&t->text, ss_bytes_str(example), seed + i))
            return ss_fail_nomem(t->err);
        rc = scan_text(t);
        if (rc)
            return rc;
        if ((uint32_t)t->is_found != expected)
            result.found = !expected;
    }
    return t->result(t->ctx, &result) ? SECSCAN_STOPPED : 0;
}

static int run_rule(trial *t)
{
    int rc = 0;

    for (size_t i = 0; i < t->rule->n_match && !rc; i++)
        rc = run_example(t, t->rule->match[i], 1);
    for (size_t i = 0; i < t->rule->n_reject && !rc; i++)
        rc = run_example(t, t->rule->reject[i], 0);
    return rc;
}

int secscan_rules_test(secscan_rules *rules,
                       int (*result)(void *ctx, const secscan_example_result *),
                       void *ctx, secscan_error *err)
{
    /* Rules about short passwords find nothing where nobody asks. */
    const secscan_scan_options options = {.size = sizeof(options),
                                          .min_password_length = 20};
    const ss_rule_set *set;
    trial t = {NULL, NULL, 0, SS_BUF_INIT(MAX_EXAMPLE), result, ctx, err};
    int rc;

    if (!rules || !result)
        return ss_fail(err, SECSCAN_ERR_ARG, "no rules, or no callback");
    set = ss_rules_set(rules);
    rc = secscan_scanner_new(&t.scanner, rules, &options, err);
    for (size_t i = 0; i < ss_rule_set_count(set) && !rc; i++) {
        t.rule = set->rules[i];
        rc = run_rule(&t);
    }
    secscan_scanner_free(t.scanner);
    ss_buf_release(&t.text);
    return rc;
}
