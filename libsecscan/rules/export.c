/*
 * export.c: a set of rules as one TOML file that says all of it, examples and
 * allowlists included. Read again it is the same set, with the same version.
 */
#include "rules/export.h"

typedef enum text_kind {
    PLAIN,  /* words */
    PATTERN /* expressions and templates: full of backslashes and quotes */
} text_kind;

/* ---- TOML ------------------------------------------------------------------
 */

static void put_escaped(ss_buf *out, const char *s)
{
    (void)ss_buf_putc(out, '"');
    for (; *s; s++) {
        uint8_t c = (uint8_t)*s;

        if (c == '"' || c == '\\')
            (void)ss_buf_printf(out, "\\%c", c);
        else if (c == '\n')
            (void)ss_buf_puts(out, "\\n");
        else if (c < ' ' || c == 127)
            (void)ss_buf_printf(out, "\\u%04x", c);
        else
            (void)ss_buf_putc(out, (char)c);
    }
    (void)ss_buf_putc(out, '"');
}

/* Can it stand between three single quotes as it is? */
static int is_literal(const char *s)
{
    size_t len = strlen(s);

    for (size_t i = 0; i < len; i++) {
        if ((uint8_t)s[i] < ' ' || s[i] == 127)
            return 0;
    }
    return !strstr(s, "'''") && (len == 0 || s[len - 1] != '\'');
}

static void put_string(ss_buf *out, const char *s, text_kind kind)
{
    if (kind == PATTERN && is_literal(s))
        (void)ss_buf_printf(out, "'''%s'''", s);
    else
        put_escaped(out, s);
}

static void put_text(ss_buf *out, const char *key, const char *s,
                     text_kind kind)
{
    if (!s || !*s)
        return;
    (void)ss_buf_printf(out, "%s = ", key);
    put_string(out, s, kind);
    (void)ss_buf_putc(out, '\n');
}

static void put_list(ss_buf *out, const char *key, const char *const *list,
                     size_t n, text_kind kind)
{
    if (n == 0)
        return;
    (void)ss_buf_printf(out, "%s = [", key);
    for (size_t i = 0; i < n; i++) {
        (void)ss_buf_puts(out, i ? ", " : "");
        put_string(out, list[i], kind);
    }
    (void)ss_buf_puts(out, "]\n");
}

/* Without printf's %f, whose point is the locale's. */
static void put_millionths(ss_buf *out, const char *key, double value)
{
    unsigned long long n = (unsigned long long)(value * 1e6 + 0.5);

    if (n)
        (void)ss_buf_printf(out, "%s = %llu.%06llu\n", key, n / 1000000,
                            n % 1000000);
}

static void put_flag(ss_buf *out, const char *key, int is_set)
{
    if (is_set)
        (void)ss_buf_printf(out, "%s = true\n", key);
}

/* ---- allowlists ------------------------------------------------------------
 */

static void put_allowlist(ss_buf *out, const char *table,
                          const ss_allowlist *list)
{
    static const char *const targets[] = {"secret", "match", "line"};

    (void)ss_buf_printf(out, "\n[[%s]]\n", table);
    put_text(out, "description", list->description, PLAIN);
    if (list->is_and)
        (void)ss_buf_puts(out, "condition = \"AND\"\n");
    if (list->target)
        put_text(out, "regexTarget", targets[list->target], PLAIN);
    put_list(out, "regexes", list->regexes, list->n_regexes, PATTERN);
    put_list(out, "paths", list->paths, list->n_paths, PATTERN);
    put_list(out, "commits", list->commits, list->n_commits, PLAIN);
    put_list(out, "stopwords", list->stopwords, list->n_stopwords, PLAIN);
    put_list(out, "targetRules", list->target_rules, list->n_target_rules,
             PLAIN);
}

/* ---- parts -----------------------------------------------------------------
 */

static void put_limit(ss_buf *out, const char *key, uint32_t limit)
{
    if (limit != UINT32_MAX)
        (void)ss_buf_printf(out, "%s = %u\n", key, limit);
}

/* Only required parts may have no limit in lines. */
static void put_part(ss_buf *out, const ss_rule_part *part)
{
    (void)ss_buf_printf(out, "\n[[rules.%s]]\n",
                        part->is_required ? "required" : "parts");
    put_list(out, "ids", part->ids, part->n_ids, PLAIN);
    put_text(out, "role", part->role, PLAIN);
    put_limit(out, "withinLines", part->within_lines);
    put_limit(out, "withinColumns", part->within_columns);
    put_limit(out, "withinBytes", part->reach);
    put_flag(out, "public", part->is_public);
}

/* ---- rules ------------------------------------------------------------------
 */

/* What was stated stands in what is searched for: (?=PREFILTER)(?:REGEX). */
static void put_prefilter(ss_buf *out, const ss_rule *rule)
{
    ss_buf stated = SS_BUF_INIT(SIZE_MAX);
    size_t len;

    if (!rule->regex || !rule->search)
        return;
    len = strlen(rule->search) - strlen(rule->regex) - strlen("(?=)(?:)");
    (void)ss_buf_add(&stated, rule->search + strlen("(?="), len);
    if (ss_buf_putc(&stated, '\0') == 0)
        put_text(out, "prefilter", (const char *)stated.data, PATTERN);
    out->failed |= stated.failed;
    ss_buf_release(&stated);
}

static void put_pattern(ss_buf *out, const ss_rule *rule)
{
    put_text(out, "regex", rule->regex, PATTERN);
    put_prefilter(out, rule);
    if (rule->regex)
        (void)ss_buf_printf(out, "width = %u\n", rule->width);
    if (rule->secret_group)
        (void)ss_buf_printf(out, "secretGroup = %u\n", rule->secret_group);
    put_text(out, "path", rule->path, PATTERN);
    put_list(out, "near", rule->near, rule->n_near, PLAIN);
    put_list(out, "name", rule->names, rule->n_names, PLAIN);
    put_text(out, "value", rule->value, PATTERN);
}

static void put_verdict(ss_buf *out, const ss_rule *rule)
{
    put_millionths(out, "entropy", rule->entropy);
    put_text(out, "check", rule->check, PLAIN);
    put_flag(out, "generic", rule->is_generic);
    if (rule->is_carrier != rule->is_generic)
        put_text(out, "carrier", rule->is_carrier ? "yes" : "no", PLAIN);
    if (rule->keep_placeholders)
        (void)ss_buf_puts(out, "placeholders = \"keep\"\n");
    put_text(out, "evidence", secscan_evidence_name(rule->evidence), PLAIN);
    (void)ss_buf_printf(out, "confidence = %u\nspecificity = %u\n",
                        rule->confidence, rule->specificity);
    put_flag(out, "preview", rule->is_preview);
    put_flag(out, "skipReport", rule->is_part_only);
    put_flag(out, "reader", rule->is_reader);
    put_flag(out, "likeGitleaks", rule->is_gitleaks);
    put_list(out, "keywords", rule->keywords, rule->n_keywords, PLAIN);
    put_list(out, "stopwords", rule->stopwords, rule->n_stopwords, PLAIN);
}

static void put_rule(ss_buf *out, const ss_rule *rule)
{
    (void)ss_buf_puts(out, "\n[[rules]]\n");
    put_text(out, "id", rule->id, PLAIN);
    put_text(out, "description", rule->description, PLAIN);
    put_text(out, "category", rule->category, PLAIN);
    put_text(out, "severity", secscan_severity_name(rule->severity), PLAIN);
    put_pattern(out, rule);
    put_verdict(out, rule);
    put_text(out, "grants", rule->grants, PLAIN);
    put_text(out, "advice", rule->advice, PLAIN);
    put_list(out, "references", rule->references, rule->n_references, PLAIN);
    put_list(out, "aliases", rule->aliases, rule->n_aliases, PLAIN);
    put_list(out, "match", rule->match, rule->n_match, PATTERN);
    put_list(out, "reject", rule->reject, rule->n_reject, PATTERN);
    for (size_t i = 0; i < rule->n_parts; i++)
        put_part(out, &rule->parts[i]);
    for (size_t i = 0; i < rule->n_allowlists; i++)
        put_allowlist(out, "rules.allowlists", &rule->allowlists[i]);
}

int ss_rule_set_export(const ss_rule_set *set, ss_buf *out)
{
    (void)ss_buf_printf(out,
                        "# %zu rules, version %s, of secscan %s.\n"
                        "title = \"Rules %s\"\n",
                        ss_rule_set_count(set), set->version, SECSCAN_VERSION,
                        set->version);
    put_text(out, "fingerprintSalt", set->salt, PLAIN);
    for (size_t i = 0; i < set->n_allowlists; i++)
        put_allowlist(out, "allowlists", &set->allowlists[i]);
    for (size_t i = 0; i < ss_rule_set_count(set); i++)
        put_rule(out, set->rules[i]);
    return out->failed ? -1 : 0;
}
