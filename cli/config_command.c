/*
 * config_command.c: secscan config show | check FILE, secscan policy check
 * FILE.
 */
#include "config.h"

#include "command.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define VALUE 256

static int say_usage(const char *usage)
{
    fprintf(stderr, "usage: secscan %s\n", usage);
    return CLI_EXIT_USAGE;
}

/* ---- show -----------------------------------------------------------------
 */

static void show_source(const cli_config *config)
{
    static const char *const sources[] = {
        "built-in rules",          "--config or --rules",
        "SECSCAN_CONFIG",          "GITLEAKS_CONFIG",
        "GITLEAKS_CONFIG_TOML",    "found in the repository",
        "found in the repository",
    };

    printf("%-20s %s%s%s\n", "configuration", sources[config->source],
           *config->path ? ": " : "", config->path);
    if (config->policy)
        printf("%-20s %s, digest %s\n", "policy", config->args.policy,
               secscan_config_digest(config->policy));
}

static void show_setting(const cli_config *config, const cli_option *option)
{
    char value[VALUE], origin[CLI_PATH_MAX + 32];

    cli_option_value(&config->args, option, value, sizeof(value));
    cli_config_origin(config, option, origin, sizeof(origin));
    printf("%-20s %-20s %s\n", option->name, *value ? value : "-", origin);
}

static int show(const cli_args *args)
{
    cli_args own = *args;
    cli_config config;
    int code;

    own.operands++;
    own.n_operands--;
    own.command = NULL;
    code = cli_config_open(&config, &own, NULL);
    if (!code) {
        show_source(&config);
        for (const cli_option *o = cli_options; o->help; o++) {
            if (cli_option_is_setting(o))
                show_setting(&config, o);
        }
    }
    cli_config_release(&config);
    return code;
}

/* ---- check ----------------------------------------------------------------
 */

typedef struct checked {
    size_t n, failed;
} checked;

/* Templates are shown as the file has them: they hold no credential. */
static int on_example(void *ctx, const secscan_example_result *result)
{
    checked *c = ctx;

    c->n++;
    if (!result->expected == !result->found)
        return 0;
    c->failed++;
    printf("%s: %s: %s\n", result->rule,
           result->expected ? "not found, but should be"
                            : "found, but should not be",
           result->example);
    return 0;
}

static void tell_rules(secscan_rules *rules)
{
    size_t n = secscan_rules_count(rules), n_own = 0, n_hidden = 0;

    for (size_t i = 0; i < n; i++) {
        secscan_rule_info rule;

        if (secscan_rules_at(rules, i, &rule))
            continue;
        n_own += !rule.is_builtin;
        n_hidden += rule.is_part_only != 0;
    }
    printf("rules      %zu: %zu of the file and what it extends, %zu built in; "
           "%zu report nothing by themselves\n",
           n, n_own, n - n_own, n_hidden);
    printf("version    %s\n", secscan_rules_version(rules));
}

static int tell_notes(secscan_rules *rules)
{
    const char *note;
    size_t i = 0;

    for (; (note = secscan_rules_note(rules, i)); i++)
        printf("note       %s\n", note);
    return i > 0;
}

static void tell_settings(const secscan_config *config)
{
    secscan_setting setting;

    for (size_t i = 0; secscan_config_at(config, i, &setting) == 0; i++) {
        printf("setting    %s =", setting.name);
        for (size_t k = 0; k < setting.n_values; k++)
            printf(" %s", setting.values[k]);
        puts(setting.is_locked ? " (locked)" : "");
    }
}

static int check_rules(const char *path)
{
    secscan_rules_options options = {.size = sizeof(options),
                                     .flags = SECSCAN_RULES_STRICT};
    secscan_rules *rules = NULL;
    secscan_error err = {0};
    checked c = {0, 0};
    int rc = secscan_rules_load(&rules, &path, 1, &options, &err);
    int code = rc ? cli_fail(&err, rc) : 0;

    if (code)
        return code == CLI_EXIT_INCOMPLETE ? CLI_EXIT_USAGE : code;
    tell_rules(rules);
    (void)tell_notes(rules);
    rc = secscan_rules_test(rules, on_example, &c, &err);
    if (!rc)
        printf("examples   %zu, failed: %zu\n", c.n, c.failed);
    secscan_rules_free(rules);
    if (rc)
        return cli_fail(&err, rc);
    return c.failed ? CLI_EXIT_FOUND : CLI_EXIT_CLEAN;
}

/* The settings, then the rules if it has any. */
static int check(const char *path, int is_policy)
{
    secscan_config *config = NULL;
    secscan_error err = {0};
    int rc = secscan_config_read(&config, path, &err);
    int code = rc ? cli_fail(&err, rc) : 0;

    if (!code)
        code = cli_config_check_settings(config, path, is_policy);
    if (!code)
        tell_settings(config);
    if (!code && is_policy)
        printf("digest     %s\n", secscan_config_digest(config));
    if (!code && (secscan_config_has_rules(config) || !is_policy))
        code = check_rules(path);
    secscan_config_free(config);
    return code == CLI_EXIT_INCOMPLETE ? CLI_EXIT_USAGE : code;
}

int cli_config_command(const cli_args *args)
{
    const char *verb = args->n_operands ? args->operands[0] : "";

    if (!strcmp(verb, "show") && args->n_operands <= 2)
        return show(args);
    if (!strcmp(verb, "check") && args->n_operands == 2)
        return check(args->operands[1], 0);
    return say_usage("config show [PATH] | check FILE");
}

int cli_policy_command(const cli_args *args)
{
    if (args->n_operands == 2 && !strcmp(args->operands[0], "check"))
        return check(args->operands[1], 1);
    return say_usage("policy check FILE");
}
