/*
 * rules_diff.c: secscan rules diff OLD NEW: what an upgrade of rules changes.
 */
#include "rules_command.h"

#include <stdio.h>
#include <string.h>

#define KIND_WIDTH 9
#define ID_WIDTH 34
#define MAX_SHOWN 60 /* bytes of a text that is shown in a line */

typedef struct comparison {
    secscan_rules *before, *after;
    int is_json;
    size_t n; /* changes told so far */
} comparison;

/* ---- for people ------------------------------------------------------------
 */

static int is_short(const char *text)
{
    return strlen(text) <= MAX_SHOWN && !strchr(text, '\n');
}

/* Long texts are named, not shown: `--format json` has them. */
static void put_change(const secscan_rule_change *change)
{
    if (!is_short(change->before) || !is_short(change->after) ||
        (!*change->before && !*change->after))
        printf("%s: changed\n", change->what);
    else if (!*change->before)
        printf("%s: %s is new\n", change->what, change->after);
    else if (!*change->after)
        printf("%s: %s is gone\n", change->what, change->before);
    else
        printf("%s: %s -> %s\n", change->what, change->before, change->after);
}

static void put_line(const secscan_rule_change *change)
{
    printf("%-*s %-*s ", KIND_WIDTH, change->kind, ID_WIDTH,
           *change->rule ? change->rule : "(all)");
    if (!strcmp(change->kind, "changed"))
        put_change(change);
    else if (!strcmp(change->kind, "renamed"))
        printf("was %s, which still names it\n", change->before);
    else if (!strcmp(change->kind, "joined"))
        printf("now part of %s, to which its id belongs\n", change->after);
    else
        printf("%s: %s\n", secscan_severity_name((int)change->severity),
               change->description);
}

/* ---- for programs ----------------------------------------------------------
 */

static void put_json_text(const char *text)
{
    putchar('"');
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c < ' ')
            printf("\\u%04x", c);
        else
            putchar(c);
    }
    putchar('"');
}

static void put_member(const char *name, const char *text)
{
    printf(",\"%s\":", name);
    put_json_text(text);
}

static void put_object(const secscan_rule_change *change, int is_first)
{
    fputs(is_first ? "\n{\"change\":" : ",\n{\"change\":", stdout);
    put_json_text(change->kind);
    put_member("rule", change->rule);
    put_member("description", change->description);
    put_member("severity", secscan_severity_name((int)change->severity));
    put_member("what", change->what);
    put_member("before", change->before);
    put_member("after", change->after);
    putchar('}');
}

static void put_set(const char *name, const secscan_rules *rules)
{
    printf("\"%s\":{\"version\":\"%s\",\"rules\":%zu},", name,
           secscan_rules_version(rules), secscan_rules_count(rules));
}

/* ---- the comparison --------------------------------------------------------
 */

static void start(const comparison *c)
{
    if (c->is_json) {
        fputs("{\"schema_version\":1,", stdout);
        put_set("before", c->before);
        put_set("after", c->after);
        fputs("\"changes\":[", stdout);
    } else {
        printf("%zu rules (version %s) -> %zu rules (version %s)\n",
               secscan_rules_count(c->before), secscan_rules_version(c->before),
               secscan_rules_count(c->after), secscan_rules_version(c->after));
    }
}

static int on_change(void *ctx, const secscan_rule_change *change)
{
    comparison *c = ctx;

    if (c->is_json)
        put_object(change, c->n == 0);
    else
        put_line(change);
    c->n++;
    return 0;
}

static void finish(const comparison *c)
{
    if (c->is_json)
        fputs("]}\n", stdout);
    else if (c->n == 0)
        puts("no difference");
}

static int run(comparison *c)
{
    secscan_error err = {0};
    int rc;

    start(c);
    rc = secscan_rules_diff(c->before, c->after, on_change, c, &err);
    if (rc)
        return cli_fail(&err, rc);
    finish(c);
    return c->n ? CLI_EXIT_FOUND : CLI_EXIT_CLEAN;
}

/* `builtin` is what the program knows; a file of that name is ./builtin. */
static int load(secscan_rules **out, const cli_args *args, const char *name)
{
    cli_args own = *args;

    own.files = (cli_list){&name, strcmp(name, "builtin") ? 1 : 0};
    return cli_load_rules(out, &own);
}

int cli_rules_diff(const cli_args *args, secscan_rules *none)
{
    comparison c = {.is_json = args->format && !strcmp(args->format, "json")};
    int code;

    (void)none;
    if (args->format && !c.is_json && strcmp(args->format, "text")) {
        fputs("secscan: --format of rules diff is text or json\n", stderr);
        return CLI_EXIT_USAGE;
    }
    code = load(&c.before, args, args->operands[1]);
    if (code == 0)
        code = load(&c.after, args, args->operands[2]);
    if (code == 0)
        code = run(&c);
    secscan_rules_free(c.before);
    secscan_rules_free(c.after);
    return code;
}
