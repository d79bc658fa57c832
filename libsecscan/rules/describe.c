/*
 * describe.c: everything a set of rules says, as bytes of one form, so that two
 * sets that find the same have the same version wherever they come from.
 */
#include "rules/merge.h"

static void put_string(ss_buf *out, const char *s)
{
    (void)ss_buf_puts(out, s ? s : "");
    (void)ss_buf_putc(out, '\n');
}

static void put_list(ss_buf *out, const char *const *list, size_t n)
{
    (void)ss_buf_printf(out, "%zu\n", n);
    for (size_t i = 0; i < n; i++)
        put_string(out, list[i]);
}

static void put_allowlist(ss_buf *out, const ss_allowlist *list)
{
    (void)ss_buf_printf(out, "allowlist %u %u\n", list->is_and, list->target);
    put_list(out, list->regexes, list->n_regexes);
    put_list(out, list->paths, list->n_paths);
    put_list(out, list->commits, list->n_commits);
    put_list(out, list->stopwords, list->n_stopwords);
    put_list(out, list->target_rules, list->n_target_rules);
}

static void put_part(ss_buf *out, const ss_rule_part *part)
{
    (void)ss_buf_printf(out, "part %u %u %u %u %u\n", part->within_lines,
                        part->within_columns, part->reach, part->is_required,
                        part->is_public);
    put_string(out, part->role);
    put_list(out, part->ids, part->n_ids);
}

static void put_rule(ss_buf *out, const ss_rule *rule)
{
    put_string(out, rule->id);
    put_string(out, rule->description);
    put_string(out, rule->category);
    put_string(out, rule->grants);
    put_string(out, rule->advice);
    put_string(out, rule->regex);
    put_string(out, rule->prefilter);
    put_string(out, rule->path);
    put_string(out, rule->check);
    put_string(out, rule->value);
    put_list(out, rule->near, rule->n_near);
    put_list(out, rule->names, rule->n_names);
    put_list(out, rule->keywords, rule->n_keywords);
    put_list(out, rule->stopwords, rule->n_stopwords);
    (void)ss_buf_printf(out, "%llu %u %u %u %u %u %u %u %u %u %u %u %u %u\n",
                        (unsigned long long)(rule->entropy * 1e6), rule->width,
                        rule->regex_flags, rule->hs_flags, rule->secret_group,
                        rule->severity, rule->evidence, rule->confidence,
                        rule->specificity, rule->keep_placeholders,
                        rule->is_generic, rule->is_preview, rule->is_carrier,
                        rule->is_part_only);
    if (rule->is_reader)
        (void)ss_buf_puts(out, "reader\n");
    if (rule->is_gitleaks)
        (void)ss_buf_puts(out, "like gitleaks\n");
    for (size_t i = 0; i < rule->n_parts; i++)
        put_part(out, &rule->parts[i]);
    for (size_t i = 0; i < rule->n_allowlists; i++)
        put_allowlist(out, &rule->allowlists[i]);
}

void ss_rule_describe(const ss_rule *rule, ss_buf *out)
{
    put_rule(out, rule);
}

static int has_kinds(const ss_rule_set *set)
{
    size_t i = 0;

    while (i < set->n_rules && !ss_rule_is_kind(set->rules[i]))
        i++;
    return i < set->n_rules;
}

int ss_rule_set_describe(const ss_rule_set *set, ss_buf *out)
{
    /* Hidden rules find values for kinds: without these they do nothing. */
    size_t n = has_kinds(set) ? set->n_rules : ss_rule_set_count(set);

    for (size_t i = 0; i < n; i++)
        put_rule(out, set->rules[i]);
    for (size_t i = 0; i < set->n_allowlists; i++)
        put_allowlist(out, &set->allowlists[i]);
    return out->failed ? -1 : 0;
}
