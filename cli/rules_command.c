/*
 * rules_command.c: secscan rules list | show ID | check FILE ...
 */
#include "rules_command.h"

#include "terminal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ID_WIDTH 34

typedef struct tested {
    size_t n, failed;
    const char *rule; /* of the last failure */
} tested;

/* ---- list ------------------------------------------------------------------
 */

static int list(const cli_args *args, secscan_rules *rules)
{
    size_t n = secscan_rules_count(rules);

    (void)args;
    for (size_t i = 0; i < n; i++) {
        secscan_rule_info rule;

        if (secscan_rules_at(rules, i, &rule))
            return CLI_EXIT_INTERNAL;
        printf("%-*s %-8s %-10s %s\n", ID_WIDTH, rule.id,
               secscan_severity_name((int)rule.severity), rule.category,
               rule.description);
    }
    return CLI_EXIT_CLEAN;
}

/* ---- show ------------------------------------------------------------------
 */

/* Words behind a label of twelve columns, broken to the width. */
static void put_field(const char *label, const char *text)
{
    int width = (int)cli_terminal_width(STDOUT_FILENO);
    int column = 12;

    if (!*text)
        return;
    printf("%-11s", label);
    while (*text) {
        int len = (int)strcspn(text, " ");

        if (column > 12 && column + len >= width) {
            printf("\n%11s", "");
            column = 12;
        }
        printf(" %.*s", len, text);
        column += len + 1;
        text += len;
        text += strspn(text, " ");
    }
    putchar('\n');
}

static void put_list(const char *label, const char *const *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        printf("%-11s %s\n", i ? "" : label, items[i]);
}

static void put_line(const char *label, const char *text)
{
    if (*text)
        printf("%-11s %s\n", label, text);
}

static int show(const cli_args *args, secscan_rules *rules)
{
    const char *id = args->operands[1];
    secscan_rule_info rule;

    if (secscan_rules_find(rules, id, &rule)) {
        fprintf(stderr,
                "secscan: no rule %s; `secscan rules list` shows them all\n",
                id);
        return CLI_EXIT_USAGE;
    }
    put_line("rule", rule.id);
    put_field("what", rule.description);
    put_line("category", rule.category);
    put_line("severity", secscan_severity_name((int)rule.severity));
    printf("%-11s %u\n", "confidence", rule.confidence);
    put_line("regex", rule.regex);
    put_line("path", rule.path);
    put_line("value", rule.value);
    put_list("near", rule.near, rule.n_near);
    put_list("name", rule.names, rule.n_names);
    if (rule.entropy > 0)
        printf("%-11s above %.2f bits a byte\n", "entropy", rule.entropy);
    put_line("check", rule.check);
    put_list("aliases", rule.aliases, rule.n_aliases);
    put_field("grants", rule.grants);
    put_field("do", rule.advice);
    put_list("see", rule.references, rule.n_references);
    return CLI_EXIT_CLEAN;
}

/* ---- check, test -----------------------------------------------------------
 */

static int check(const cli_args *args, secscan_rules *rules)
{
    size_t n = secscan_rules_count(rules);

    printf("%s: %zu %s, no mistakes (version %s)\n",
           args->n_operands > 1 ? args->operands[1] : "built-in rules", n,
           n == 1 ? "rule" : "rules", secscan_rules_version(rules));
    return CLI_EXIT_CLEAN;
}

/* Templates are shown as the rule file has them: they hold no credential. */
static int on_example(void *ctx, const secscan_example_result *result)
{
    tested *t = ctx;

    t->n++;
    if (!result->expected == !result->found)
        return 0;
    t->failed++;
    printf("%s: %s: %s\n", result->rule,
           result->expected ? "not found, but should be"
                            : "found, but should not be",
           result->example);
    return 0;
}

static int test(const cli_args *args, secscan_rules *rules)
{
    tested t = {0, 0, NULL};
    secscan_error err = {0};
    int rc;

    (void)args;
    rc = secscan_rules_test(rules, on_example, &t, &err);
    if (rc)
        return cli_fail(&err, rc);
    printf("rules: %zu, examples: %zu, failed: %zu\n",
           secscan_rules_count(rules), t.n, t.failed);
    return t.failed ? CLI_EXIT_FOUND : CLI_EXIT_CLEAN;
}

/* ---- the table -------------------------------------------------------------
 */

typedef struct rules_verb {
    const char *name;
    size_t min, max;  /* operands, the verb included */
    int takes_file;   /* the second one is a file of rules */
    int takes_output; /* --output */
    const char *usage;
    int (*run)(const cli_args *args, secscan_rules *rules);
} rules_verb;

static const rules_verb verbs[] = {
    {"list", 1, 1, 0, 0, "list", list},
    {"show", 2, 2, 0, 0, "show ID", show},
    {"check", 2, 2, 1, 0, "check FILE", check},
    {"test", 1, 2, 1, 0, "test [FILE]", test},
    {"docs", 1, 2, 1, 1, "docs [FILE]", cli_rules_docs},
};

#define N_VERBS (sizeof(verbs) / sizeof(verbs[0]))

static const rules_verb *find_verb(const cli_args *args)
{
    for (size_t i = 0; i < N_VERBS; i++) {
        const rules_verb *verb = &verbs[i];

        if (args->n_operands && !strcmp(args->operands[0], verb->name) &&
            args->n_operands >= verb->min && args->n_operands <= verb->max)
            return verb;
    }
    return NULL;
}

static int say_usage(void)
{
    fputs("usage: secscan rules", stderr);
    for (size_t i = 0; i < N_VERBS; i++)
        fprintf(stderr, "%s %s", i ? " |" : "", verbs[i].usage);
    fputs("\n", stderr);
    return CLI_EXIT_USAGE;
}

int cli_rules(const cli_args *args)
{
    const rules_verb *verb = find_verb(args);
    cli_args own = *args;
    secscan_rules *rules = NULL;
    int code;

    if (!verb)
        return say_usage();
    if (args->output && !verb->takes_output) {
        fputs("secscan: --output goes with rules docs\n", stderr);
        return CLI_EXIT_USAGE;
    }
    if (verb->takes_file && args->n_operands > 1) {
        own.files = (cli_list){&args->operands[1], 1};
    }
    code = cli_load_rules(&rules, &own);
    if (code == 0)
        code = verb->run(args, rules);
    secscan_rules_free(rules);
    return code;
}
