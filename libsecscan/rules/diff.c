/*
 * diff.c: two sets of rules, rule by rule and key by key. A rule is the same
 * one when it has the id, or had it once (aliases).
 */
#include "rules/diff.h"

#include "base/buf.h"
#include "rules/merge.h"

#define MAX_TEXT ((size_t)1 << 20)

typedef struct differ {
    const ss_rule_set *before, *after;
    ss_change_fn change;
    void *ctx;
    secscan_error *err;
    ss_buf old_text, new_text;
} differ;

/* ---- what a rule says, key by key
 * -------------------------------------------- */

static void put(ss_buf *out, const char *s)
{
    (void)ss_buf_puts(out, s ? s : "");
}

static void put_list(ss_buf *out, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        (void)ss_buf_printf(out, "%s%s", i ? ", " : "", list[i]);
}

static void put_description(ss_buf *out, const ss_rule *rule)
{
    put(out, rule->description);
}

static void put_severity(ss_buf *out, const ss_rule *rule)
{
    put(out, secscan_severity_name(rule->severity));
}

static void put_category(ss_buf *out, const ss_rule *rule)
{
    put(out, rule->category);
}

static void put_gating(ss_buf *out, const ss_rule *rule)
{
    int is_hygiene = !strcmp(rule->category, "hygiene");

    if (rule->is_part_only)
        put(out, "only a part");
    else
        put(out, rule->is_preview || is_hygiene ? "never gates" : "gates");
}

static void put_evidence(ss_buf *out, const ss_rule *rule)
{
    put(out, secscan_evidence_name(rule->evidence));
}

static void put_confidence(ss_buf *out, const ss_rule *rule)
{
    (void)ss_buf_printf(out, "%u", rule->confidence);
}

static void put_check(ss_buf *out, const ss_rule *rule)
{
    put(out, rule->check);
}

static void put_pattern(ss_buf *out, const ss_rule *rule)
{
    put(out, rule->regex);
}

static void put_path(ss_buf *out, const ss_rule *rule)
{
    put(out, rule->path);
}

static void put_value(ss_buf *out, const ss_rule *rule)
{
    put(out, rule->value);
}

static void put_near(ss_buf *out, const ss_rule *rule)
{
    put_list(out, rule->near, rule->n_near);
}

static void put_names(ss_buf *out, const ss_rule *rule)
{
    put_list(out, rule->names, rule->n_names);
}

/* What is dropped of what the pattern finds. */
static void put_filters(ss_buf *out, const ss_rule *rule)
{
    const char *joint = rule->n_stopwords ? "; without " : "";

    unsigned entropy = (unsigned)(rule->entropy * 100 + 0.5);

    (void)ss_buf_printf(out, "entropy %u.%02u%s%s%s", entropy / 100,
                        entropy % 100, rule->is_generic ? "; generic" : "",
                        rule->keep_placeholders ? "; placeholders kept" : "",
                        joint);
    put_list(out, rule->stopwords, rule->n_stopwords);
}

static void put_parts(ss_buf *out, const ss_rule *rule)
{
    for (size_t i = 0; i < rule->n_parts; i++) {
        const ss_rule_part *part = &rule->parts[i];

        put(out, i ? "; " : "");
        put(out, part->is_required ? "needs " : "");
        put_list(out, part->ids, part->n_ids);
        (void)ss_buf_printf(out, " within %u lines, %u columns, %u bytes",
                            part->within_lines, part->within_columns,
                            part->reach);
        put(out, part->is_public ? ", public" : "");
    }
}

static void put_allowlists(ss_buf *out, const ss_rule *rule)
{
    for (size_t i = 0; i < rule->n_allowlists; i++) {
        const ss_allowlist *list = &rule->allowlists[i];

        put(out, i ? (list->is_and ? "; all of " : "; any of ")
                   : (list->is_and ? "all of " : "any of "));
        put_list(out, list->regexes, list->n_regexes);
        put_list(out, list->paths, list->n_paths);
        put_list(out, list->commits, list->n_commits);
        put_list(out, list->stopwords, list->n_stopwords);
    }
}

/* What Hyperscan gets, the group, the width: how it is found. */
static void put_search(ss_buf *out, const ss_rule *rule)
{
    put(out, rule->prefilter);
    if (rule->regex)
        (void)ss_buf_printf(out, " (group %u, at most %u bytes)",
                            rule->secret_group, rule->width);
}

static void put_specificity(ss_buf *out, const ss_rule *rule)
{
    (void)ss_buf_printf(out, "%u", rule->specificity);
}

static void put_grants(ss_buf *out, const ss_rule *rule)
{
    put(out, rule->grants);
}

static void put_advice(ss_buf *out, const ss_rule *rule)
{
    put(out, rule->advice);
}

static void put_references(ss_buf *out, const ss_rule *rule)
{
    put_list(out, rule->references, rule->n_references);
}

static void put_aliases(ss_buf *out, const ss_rule *rule)
{
    put_list(out, rule->aliases, rule->n_aliases);
}

static const struct {
    const char *name;
    void (*put)(ss_buf *out, const ss_rule *rule);
} keys[] = {
    {"gating", put_gating},
    {"severity", put_severity},
    {"category", put_category},
    {"evidence", put_evidence},
    {"confidence", put_confidence},
    {"check", put_check},
    {"pattern", put_pattern},
    {"search", put_search},
    {"path", put_path},
    {"value", put_value},
    {"near", put_near},
    {"name", put_names},
    {"filters", put_filters},
    {"allowlists", put_allowlists},
    {"parts", put_parts},
    {"specificity", put_specificity},
    {"description", put_description},
    {"grants", put_grants},
    {"advice", put_advice},
    {"references", put_references},
    {"aliases", put_aliases},
};

/* ---- finding rules
 * ----------------------------------------------------------- */

static const ss_rule *find_id(const ss_rule_set *set, const char *id)
{
    size_t from = 0, to = ss_rule_set_count(set);

    while (from < to) {
        size_t middle = (from + to) / 2;
        int order = strcmp(set->rules[middle]->id, id);

        if (order == 0)
            return set->rules[middle];
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

static int was_called(const ss_rule *rule, const char *id)
{
    for (size_t i = 0; i < rule->n_aliases; i++) {
        if (strcmp(rule->aliases[i], id) == 0)
            return 1;
    }
    return 0;
}

/* The rule of `set` that answers to an id that is no rule's any more. */
static const ss_rule *find_alias(const ss_rule_set *set, const char *id)
{
    for (size_t i = 0; i < ss_rule_set_count(set); i++) {
        if (was_called(set->rules[i], id))
            return set->rules[i];
    }
    return NULL;
}

/* What a rule of `after` was called before, when it is not new. */
static const ss_rule *find_former(const differ *d, const ss_rule *rule)
{
    for (size_t i = 0; i < rule->n_aliases; i++) {
        const ss_rule *former = find_id(d->before, rule->aliases[i]);

        if (former && !find_id(d->after, former->id))
            return former;
    }
    return NULL;
}

/* ---- telling ----------------------------------------------------------------
 */

static int tell(differ *d, const char *kind, const ss_rule *rule,
                const char *what, const char *before, const char *after)
{
    const secscan_rule_change change = {
        kind,   rule->id, rule->description, what,
        before, after,    rule->severity,    0};

    return d->change(d->ctx, &change) ? SECSCAN_STOPPED : 0;
}

static int compare_key(differ *d, size_t key, const ss_rule *before,
                       const ss_rule *after, int *is_told)
{
    ss_buf_reset(&d->old_text);
    ss_buf_reset(&d->new_text);
    keys[key].put(&d->old_text, before);
    keys[key].put(&d->new_text, after);
    (void)ss_buf_putc(&d->old_text, '\0');
    (void)ss_buf_putc(&d->new_text, '\0');
    if (d->old_text.failed || d->new_text.failed)
        return ss_fail_nomem(d->err);
    if (ss_bytes_equal(ss_buf_bytes(&d->old_text), ss_buf_bytes(&d->new_text)))
        return 0;
    *is_told = 1;
    return tell(d, "changed", after, keys[key].name,
                (const char *)d->old_text.data, (const char *)d->new_text.data);
}

/* Two rules that do not say the same are not the same, in whatever key. */
static int compare_whole(differ *d, const ss_rule *before, const ss_rule *after)
{
    ss_buf_reset(&d->old_text);
    ss_buf_reset(&d->new_text);
    ss_rule_describe(before, &d->old_text);
    ss_rule_describe(after, &d->new_text);
    if (d->old_text.failed || d->new_text.failed)
        return ss_fail_nomem(d->err);
    if (ss_bytes_equal(ss_buf_bytes(&d->old_text), ss_buf_bytes(&d->new_text)))
        return 0;
    return tell(d, "changed", after, "other settings", "", "");
}

static int compare(differ *d, const ss_rule *before, const ss_rule *after)
{
    int is_told = strcmp(before->id, after->id) != 0;
    int rc = 0;

    if (is_told)
        rc = tell(d, "renamed", after, "", before->id, after->id);
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys) && !rc; i++)
        rc = compare_key(d, i, before, after, &is_told);
    return rc || is_told ? rc : compare_whole(d, before, after);
}

static int tell_after(differ *d, const ss_rule *rule)
{
    const ss_rule *former = find_id(d->before, rule->id);

    if (!former)
        former = find_former(d, rule);
    return former ? compare(d, former, rule)
                  : tell(d, "added", rule, "", "", "");
}

/* A rule that is not there by its id is removed, or lives on in another. */
static int tell_before(differ *d, const ss_rule *rule)
{
    const ss_rule *heir;

    if (find_id(d->after, rule->id))
        return 0;
    heir = find_alias(d->after, rule->id);
    if (!heir)
        return tell(d, "removed", rule, "", "", "");
    if (!find_id(d->before, heir->id) && find_former(d, heir) == rule)
        return 0; /* renamed: told already */
    return tell(d, "joined", rule, "", rule->id, heir->id);
}

/* Those of all rules belong to none. */
static int compare_global(differ *d)
{
    const ss_rule none = {.id = "",
                          .description = "what is allowed for all rules",
                          .category = ""};
    ss_rule before = none, after = none;

    before.allowlists = d->before->allowlists;
    before.n_allowlists = (uint16_t)d->before->n_allowlists;
    after.allowlists = d->after->allowlists;
    after.n_allowlists = (uint16_t)d->after->n_allowlists;
    return compare(d, &before, &after);
}

int ss_rule_set_diff(const ss_rule_set *before, const ss_rule_set *after,
                     ss_change_fn change, void *ctx, secscan_error *err)
{
    differ d = {before,
                after,
                change,
                ctx,
                err,
                SS_BUF_INIT(MAX_TEXT),
                SS_BUF_INIT(MAX_TEXT)};
    size_t i = 0, k = 0;
    int rc = compare_global(&d);

    /* Both are sorted by id: as one list. */
    while (!rc &&
           (i < ss_rule_set_count(before) || k < ss_rule_set_count(after))) {
        int order = i == ss_rule_set_count(before) ? 1
                    : k == ss_rule_set_count(after)
                        ? -1
                        : strcmp(before->rules[i]->id, after->rules[k]->id);

        if (order < 0)
            rc = tell_before(&d, before->rules[i++]);
        else
            rc = tell_after(&d, after->rules[k++]);
    }
    ss_buf_release(&d.old_text);
    ss_buf_release(&d.new_text);
    return rc;
}
