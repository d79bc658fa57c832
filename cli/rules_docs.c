/*
 * rules_docs.c: secscan rules docs: the reference of rules as Markdown, a page
 * for each rule file and an index; the same rules give the same bytes.
 */
#include "rules_command.h"

#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define INDEX "README"

typedef struct reference {
    secscan_rule_info *rules; /* by file, then id */
    size_t n_rules;
    const char *dir; /* NULL: standard output */
} reference;

/* ---- text ----------------------------------------------------------------
 */

/* A person's words, in which nothing is Markdown. */
static void put_text(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("\\`*_[]|<", *text))
            fputc('\\', out);
        fputc(*text, out);
    }
}

static void put_item(FILE *out, const char *label, const char *text)
{
    if (!*text)
        return;
    fprintf(out, "- %s: ", label);
    put_text(out, text);
    fputc('\n', out);
}

static void put_list(FILE *out, const char *label, const char *mark,
                     const char *const *items, size_t n)
{
    if (n)
        fprintf(out, "- %s: ", label);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%s%s%s%s", i ? ", " : "", mark, items[i],
                *mark == '<' ? ">" : mark);
    if (n)
        fputc('\n', out);
}

static const char *title_of(const secscan_rule_info *rule)
{
    return *rule->topic ? rule->topic : rule->file;
}

/* ---- a rule ----------------------------------------------------------------
 */

static void put_evidence(FILE *out, const secscan_rule_info *rule)
{
    fprintf(out, "- Evidence: %s", secscan_evidence_name((int)rule->evidence));
    if (*rule->check)
        fprintf(out, ", more when it passes the check `%s`", rule->check);
    fputc('\n', out);
}

static void put_rule(FILE *out, const secscan_rule_info *rule)
{
    fprintf(out, "\n## %s\n\n", rule->id);
    put_text(out, rule->description);
    fprintf(out, ". Severity: %s. Category: %s.\n\n",
            secscan_severity_name((int)rule->severity), rule->category);
    put_item(out, "Grants", rule->grants);
    put_item(out, "Revoke", rule->advice);
    put_list(out, "See", "<", rule->references, rule->n_references);
    put_evidence(out, rule);
    put_list(out, "Told by the words", "`", rule->near, rule->n_near);
    put_list(out, "in a name with", "`", rule->names, rule->n_names);
    put_list(out, "Also", "`", rule->aliases, rule->n_aliases);
    if (rule->is_part_only)
        fputs(
            "- No finding by itself: listed in those of the secrets near it.\n",
            out);
    if (rule->is_preview)
        fputs("- Preview: reported, never gating.\n", out);
}

/* ---- pages ----------------------------------------------------------------
 */

static void put_source(FILE *out)
{
    fputs("\nMade by `secscan rules docs` from the rule files: edit those.\n",
          out);
}

/* The rules of one file, from `at`; the index behind them. */
static size_t end_of_page(const reference *ref, size_t at)
{
    size_t end = at;

    while (end < ref->n_rules &&
           !strcmp(ref->rules[end].file, ref->rules[at].file))
        end++;
    return end;
}

static void put_page(FILE *out, const reference *ref, size_t at)
{
    size_t end = end_of_page(ref, at);

    fputs("# ", out);
    put_text(out, title_of(&ref->rules[at]));
    fputc('\n', out);
    put_source(out);
    for (size_t i = at; i < end; i++)
        put_rule(out, &ref->rules[i]);
}

static void put_link(FILE *out, const reference *ref,
                     const secscan_rule_info *rule)
{
    fprintf(out, "[%s](%s%s#%s)", rule->id, ref->dir ? rule->file : "",
            ref->dir ? ".md" : "", rule->id);
}

static size_t count_kinds(const reference *ref)
{
    size_t n = ref->n_rules;

    for (size_t i = 0; i < ref->n_rules; i++)
        n += ref->rules[i].n_aliases;
    return n;
}

static void put_index(FILE *out, const reference *ref)
{
    fprintf(out, "# The rules\n\n%zu rules for %zu kinds of credentials.\n",
            ref->n_rules, count_kinds(ref));
    put_source(out);
    for (size_t at = 0; at < ref->n_rules; at = end_of_page(ref, at)) {
        fputs("\n## ", out);
        put_text(out, title_of(&ref->rules[at]));
        fputs("\n\n| rule | what | severity |\n| --- | --- | --- |\n", out);
        for (size_t i = at; i < end_of_page(ref, at); i++) {
            fputs("| ", out);
            put_link(out, ref, &ref->rules[i]);
            fputs(" | ", out);
            put_text(out, ref->rules[i].description);
            fprintf(out, " | %s |\n",
                    secscan_severity_name((int)ref->rules[i].severity));
        }
    }
}

/* ---- files ----------------------------------------------------------------
 */

static int write_file(const char *dir, const char *name, const char *text,
                      size_t len)
{
    cli_output out;
    char path[4096];
    int rc;

    if (snprintf(path, sizeof(path), "%s/%s.md", dir, name) >=
        (int)sizeof(path)) {
        fprintf(stderr, "secscan: %s: the path is too long\n", name);
        return CLI_EXIT_USAGE;
    }
    rc = cli_output_open(&out, path, 0);
    if (rc)
        return rc;
    (void)cli_output_write(&out, text, len);
    rc = cli_output_commit(&out) ? CLI_EXIT_INTERNAL : 0;
    cli_output_close(&out);
    return rc;
}

/* A page goes to its file, or to standard output. `at` is that of its first
 * rule, or behind the last: the index. */
static int write_page(const reference *ref, size_t at)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    int rc = 0;

    if (!out)
        return CLI_EXIT_INTERNAL;
    if (at < ref->n_rules)
        put_page(out, ref, at);
    else
        put_index(out, ref);
    if (fclose(out))
        rc = CLI_EXIT_INTERNAL;
    else if (ref->dir)
        rc = write_file(ref->dir,
                        at < ref->n_rules ? ref->rules[at].file : INDEX, text,
                        len);
    else
        printf("%s%s", text, at < ref->n_rules ? "\n" : "");
    free(text);
    return rc;
}

static int write_pages(const reference *ref)
{
    int rc = 0;

    if (ref->dir && mkdir(ref->dir, 0777) && errno != EEXIST) {
        fprintf(stderr, "secscan: %s cannot be made: %s\n", ref->dir,
                strerror(errno));
        return CLI_EXIT_USAGE;
    }
    for (size_t at = 0; at < ref->n_rules && !rc; at = end_of_page(ref, at))
        rc = write_page(ref, at);
    return rc ? rc : write_page(ref, ref->n_rules);
}

static int by_file(const void *a, const void *b)
{
    const secscan_rule_info *x = a, *y = b;
    int order = strcmp(x->file, y->file);

    return order ? order : strcmp(x->id, y->id);
}

int cli_rules_docs(const cli_args *args, secscan_rules *rules)
{
    reference ref = {NULL, secscan_rules_count(rules), args->output};
    int rc = 0;

    ref.rules = calloc(ref.n_rules + 1, sizeof(*ref.rules));
    if (!ref.rules)
        return CLI_EXIT_INTERNAL;
    for (size_t i = 0; i < ref.n_rules && !rc; i++)
        rc = secscan_rules_at(rules, i, &ref.rules[i]);
    qsort(ref.rules, ref.n_rules, sizeof(*ref.rules), by_file);
    if (!rc)
        rc = write_pages(&ref);
    free(ref.rules);
    return rc < 0 ? CLI_EXIT_INTERNAL : rc;
}
