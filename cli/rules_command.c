/*
 * rules_command.c: secscan rules list | show ID | check FILE ...
 */
#include "rules_command.h"

#include "output.h"
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
    if (rule.is_part_only)
        put_line("part", "no finding by itself, only in those of secrets near");
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

/* ---- count, export ----------------------------------------------------------
 */

static size_t count_category(secscan_rules *rules, const char *category)
{
    size_t n = 0;

    for (size_t i = 0; i < secscan_rules_count(rules); i++) {
        secscan_rule_info rule;

        if (secscan_rules_at(rules, i, &rule) == 0)
            n += !strcmp(rule.category, category);
    }
    return n;
}

/* A rule's aliases are kinds that it covers, too. */
static int count(const cli_args *args, secscan_rules *rules)
{
    static const char *const categories[] = {
        "token",   "key",     "password", "connection",
        "webhook", "generic", "hygiene"};
    size_t n = secscan_rules_count(rules);
    size_t n_kinds = n;

    (void)args;
    for (size_t i = 0; i < n; i++) {
        secscan_rule_info rule;

        if (secscan_rules_at(rules, i, &rule) == 0)
            n_kinds += rule.n_aliases;
    }
    printf("%-11s %zu\n%-11s %zu\n", "rules", n, "kinds", n_kinds);
    for (size_t i = 0; i < sizeof(categories) / sizeof(*categories); i++)
        printf("%-11s %zu\n", categories[i],
               count_category(rules, categories[i]));
    return CLI_EXIT_CLEAN;
}

static int export(const cli_args *args, secscan_rules *rules)
{
    secscan_error err = {0};
    cli_output out;
    int code;
    int rc;

    code = cli_output_open(&out, args->output, 0);
    if (code)
        return code;
    rc = secscan_rules_export(rules, cli_output_write, &out, &err);
    code = cli_output_end(&out, rc, &err);
    cli_output_close(&out);
    return code;
}

/* ---- the table -------------------------------------------------------------
 */

/* Where a verb's rules come from. */
typedef enum rules_from {
    FROM_OPTIONS,  /* --rules, or the built-in ones */
    FROM_OPERANDS, /* those that are named, if there are any */
    FROM_VERB      /* it loads its own */
} rules_from;

enum { TAKES_OUTPUT = 1, TAKES_FORMAT = 2, TAKES_ON = 4 };

typedef struct rules_verb {
    const char *name;
    size_t min, max; /* operands, the verb included */
    rules_from from;
    unsigned takes; /* options that others have no use for */
    const char *usage;
    int (*run)(const cli_args *args, secscan_rules *rules);
} rules_verb;

static const rules_verb verbs[] = {
    {"list", 1, 1, FROM_OPTIONS, 0, "list", list},
    {"show", 2, 2, FROM_OPTIONS, 0, "show ID", show},
    {"count", 1, SIZE_MAX, FROM_OPERANDS, 0, "count [FILE...]", count},
    {"check", 2, 2, FROM_OPERANDS, 0, "check FILE", check},
    {"test", 1, 2, FROM_OPERANDS, 0, "test [FILE]", test},
    {"docs", 1, SIZE_MAX, FROM_OPERANDS, TAKES_OUTPUT, "docs [FILE...]",
     cli_rules_docs},
    {"export", 1, SIZE_MAX, FROM_OPERANDS, TAKES_OUTPUT, "export [FILE...]",
     export},
    {"diff", 3, 3, FROM_VERB, TAKES_FORMAT, "diff OLD NEW", cli_rules_diff},
    {"bench", 1, SIZE_MAX, FROM_VERB, TAKES_ON, "bench [FILE...]",
     cli_rules_bench},
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

/* An option that the verb would ignore: what was meant is not done. */
static int say_idle(const rules_verb *verb, const char *option)
{
    fprintf(stderr, "secscan: rules %s takes no --%s\n", verb->name, option);
    return CLI_EXIT_USAGE;
}

static int run_verb(const rules_verb *verb, const cli_args *args)
{
    cli_args own = *args;
    secscan_rules *rules = NULL;
    int code;

    if (verb->from == FROM_OPERANDS && args->n_operands > 1)
        own.files = (cli_list){&args->operands[1], args->n_operands - 1};
    code = cli_load_rules(&rules, &own);
    if (code == 0)
        code = verb->run(args, rules);
    secscan_rules_free(rules);
    return code;
}

int cli_rules(const cli_args *args)
{
    const rules_verb *verb = find_verb(args);

    if (!verb)
        return say_usage();
    if (args->output && !(verb->takes & TAKES_OUTPUT))
        return say_idle(verb, "output");
    if (args->format && !(verb->takes & TAKES_FORMAT))
        return say_idle(verb, "format");
    if (args->on && !(verb->takes & TAKES_ON))
        return say_idle(verb, "on");
    return verb->from == FROM_VERB ? verb->run(args, NULL)
                                   : run_verb(verb, args);
}
