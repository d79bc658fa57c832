/*
 * config.c: join what the command line, the environment, a repository's file
 * and an operator's policy say. The stronger speaks first, the weaker fills
 * what is left; what the policy locks may only be made stricter.
 */
#include "config.h"

#include "clock.h"
#include "command.h"
#include "config_find.h"

#include <stdlib.h>
#include <string.h>

/* ---- which options are settings ------------------------------------------ */

/* A repository's file does not say where to write, what to read beside it, what
 * is shown of a secret, or what a scan of it may cost. */
static const char *const not_repositorys[] = {"config",
                                              "rules",
                                              "policy",
                                              "no-repo-config",
                                              "output",
                                              "cache",
                                              "cache-key",
                                              "show-secrets",
                                              "follow-symlinks",
                                              "threads",
                                              "name",
                                              "on",
                                              "by-name",
                                              "adopt",
                                              "gate-ref",
                                              "audit",
                                              "work-list",
                                              "deadline",
                                              "deadline-open",
                                              "deadline-closed",
                                              "deadline-list",
                                              "skippable-categories",
                                              "timeout",
                                              "max-decoded",
                                              "max-entries",
                                              "max-member",
                                              "max-unpacked",
                                              "max-ratio",
                                              "container-timeout",
                                              NULL};

static int is_listed(const char *name, const char *const *list)
{
    for (; *list; list++) {
        if (strcmp(*list, name) == 0)
            return 1;
    }
    return 0;
}

int cli_option_is_setting(const cli_option *option)
{
    static const char *const not_settings[] = {
        "config",     "rules",  "on",    "name",     "by-name", "path",
        "everywhere", "reason", "until", "template", "force",   NULL};

    return option->name && option->kind != CLI_MODE &&
           !is_listed(option->name, not_settings);
}

static int is_repositorys(const cli_option *option)
{
    return cli_option_is_setting(option) &&
           !is_listed(option->name, not_repositorys);
}

/* ---- setting them ---------------------------------------------------------
 */

/* A list that no flag set gets memory of its own. */
static int make_list(cli_config *config, const cli_option *option, size_t n)
{
    cli_list *list =
        (cli_list *)(void *)((char *)&config->args + option->member);
    void *memory;

    if (option->kind != CLI_LIST)
        return 0;
    memory = config->n_lists < sizeof(config->lists) / sizeof(*config->lists)
                 ? calloc(n ? n : 1, sizeof(*list->at))
                 : NULL;
    if (!memory) {
        fputs("secscan: out of memory\n", stderr);
        return CLI_EXIT_INTERNAL;
    }
    config->lists[config->n_lists++] = memory;
    *list = (cli_list){memory, 0};
    return 0;
}

/* A flag that is set to false stays as it is. */
static int set_value(cli_config *config, const cli_option *option,
                     const char *value, cli_origin origin)
{
    static const char *const no[] = {"false", "no", "0", "off", NULL};
    static const char *const yes[] = {"true", "yes", "1", "on", NULL};

    if (option->kind != CLI_FLAG)
        return cli_option_set(&config->args, option, value, origin);
    if (is_listed(value, yes))
        return cli_option_set(&config->args, option, NULL, origin);
    if (!is_listed(value, no)) {
        fprintf(stderr, "secscan: %s takes true or false\n", option->name);
        return CLI_EXIT_USAGE;
    }
    config->args.origins[option - cli_options] = (uint8_t)origin;
    return 0;
}

static int is_set(const cli_config *config, const cli_option *option)
{
    return cli_option_origin(&config->args, option) != CLI_FROM_DEFAULT;
}

/* ---- the environment ------------------------------------------------------
 */

/* "min-severity" is SECSCAN_MIN_SEVERITY. */
static const char *variable_of(const cli_option *option)
{
    char name[64] = "SECSCAN_";
    size_t len = strlen(name);

    for (const char *s = option->name; *s && len + 1 < sizeof(name); s++) {
        char c = *s == '-' ? '_' : *s;

        name[len++] = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
    }
    name[len] = '\0';
    return getenv(name);
}

/* Values of a list are separated by commas. */
static int set_words(cli_config *config, const cli_option *option, char *text)
{
    size_t n = 1;
    int code;

    for (const char *s = text; *s; s++)
        n += *s == ',';
    code = make_list(config, option, n);
    if (option->kind != CLI_LIST)
        return code ? code
                    : set_value(config, option, text, CLI_FROM_ENVIRONMENT);
    for (char *word = strtok_r(text, ",", &text); word && !code;
         word = strtok_r(NULL, ",", &text))
        code = set_value(config, option, word, CLI_FROM_ENVIRONMENT);
    return code;
}

static int take_variable(cli_config *config, const cli_option *option,
                         char **room)
{
    const char *value = variable_of(option);
    char *copy = *room;

    if (!value || !*value || is_set(config, option))
        return 0;
    *room += strlen(value) + 1;
    memcpy(copy, value, (size_t)(*room - copy));
    return set_words(config, option, copy);
}

static int take_environment(cli_config *config)
{
    size_t size = 1;
    char *room;
    int code = 0;

    for (const cli_option *o = cli_options; o->help; o++) {
        const char *value = cli_option_is_setting(o) ? variable_of(o) : NULL;

        size += value ? strlen(value) + 1 : 0;
    }
    room = config->words = malloc(size);
    if (!room)
        return CLI_EXIT_INTERNAL;
    for (const cli_option *o = cli_options; o->help && !code; o++) {
        if (cli_option_is_setting(o))
            code = take_variable(config, o, &room);
    }
    return code;
}

/* ---- files ----------------------------------------------------------------
 */

static int fail_setting(const char *name, const secscan_setting *setting,
                        const char *what)
{
    fprintf(stderr, "secscan: %s:%u:%u: '%s' %s\n", name, setting->line,
            setting->column, setting->name, what);
    return CLI_EXIT_USAGE;
}

static int check_setting(const char *name, const secscan_setting *setting,
                         int is_policy)
{
    const cli_option *option =
        cli_option_find(setting->name, strlen(setting->name));

    if (!option || !cli_option_is_setting(option))
        return fail_setting(name, setting,
                            "is no setting: `secscan config show` lists them");
    if (!is_policy && !is_repositorys(option))
        return fail_setting(name, setting,
                            "is not for a repository's file: use the flag, the "
                            "environment or a policy");
    if (option->kind != CLI_LIST && setting->n_values != 1)
        return fail_setting(name, setting, "takes one value");
    return 0;
}

/* 0 when the policy has no setting of that name. */
static int find_setting(const secscan_config *policy, const char *name,
                        secscan_setting *out)
{
    for (size_t i = 0; secscan_config_at(policy, i, out) == 0; i++) {
        if (strcmp(out->name, name) == 0)
            return 1;
    }
    return 0;
}

/* A lock is of a value that the policy states; "rules" is that of the rules. */
static int check_locks(const secscan_config *config, const char *name)
{
    const char *locked;

    for (size_t i = 0; (locked = secscan_config_locked_at(config, i)); i++) {
        secscan_setting setting;

        if (strcmp(locked, "rules") == 0 ||
            find_setting(config, locked, &setting))
            continue;
        fprintf(stderr,
                "secscan: %s: 'locked' names %s, which [settings] does not "
                "state\n",
                name, locked);
        return CLI_EXIT_USAGE;
    }
    return 0;
}

int cli_config_check_settings(const secscan_config *config, const char *name,
                              int is_policy)
{
    secscan_setting setting;
    int code = is_policy ? check_locks(config, name) : 0;

    for (size_t i = 0; !code && secscan_config_at(config, i, &setting) == 0;
         i++)
        code = check_setting(name, &setting, is_policy);
    return code;
}

static int take_setting(cli_config *config, const char *name,
                        const secscan_setting *setting, cli_origin origin)
{
    const cli_option *option =
        cli_option_find(setting->name, strlen(setting->name));
    int code = 0;

    if (is_set(config, option))
        return 0;
    code = make_list(config, option, setting->n_values);
    for (size_t k = 0; k < setting->n_values && !code; k++)
        code = set_value(config, option, setting->values[k], origin);
    return code == CLI_EXIT_USAGE
               ? fail_setting(name, setting, "has a value that it cannot have")
               : code;
}

static int take_settings(cli_config *config, const secscan_config *file,
                         const char *name, cli_origin origin)
{
    secscan_setting setting;
    int code = cli_config_check_settings(file, name, origin == CLI_FROM_POLICY);

    for (size_t i = 0; !code && secscan_config_at(file, i, &setting) == 0; i++)
        code = take_setting(config, name, &setting, origin);
    return code;
}

static int read_file(secscan_config **out, const char *path)
{
    secscan_error err = {0};
    int rc = secscan_config_read(out, path, &err);
    int code = rc ? cli_fail(&err, rc) : 0;

    return code == CLI_EXIT_INCOMPLETE ? CLI_EXIT_USAGE : code;
}

/* ---- locks ----------------------------------------------------------------
 */

/* What is stricter than what the policy says; for others only the same is. */
typedef enum direction { EARLIER, LATER, FEWER, MORE } direction;

typedef struct strictness {
    const char *name;
    direction direction;
    const char *words[6]; /* in the order of the option's */
} strictness;

#define SEVERITIES                                                             \
    {                                                                          \
        "info", "low", "medium", "high", "critical"                            \
    }
#define EVIDENCES                                                              \
    {                                                                          \
        "context", "pattern", "structure", "checksum"                          \
    }

static const strictness strict[] = {
    {"profile", EARLIER, {"strict", "report", "block"}},
    {"min-severity", EARLIER, SEVERITIES},
    {"min-evidence", EARLIER, EVIDENCES},
    {"gate-severity", EARLIER, SEVERITIES},
    {"gate-evidence", EARLIER, EVIDENCES},
    {"min-confidence", FEWER, {NULL}},
    {"gate-unreachable", LATER, {"false", "true"}},
    {"no-gitignore", LATER, {"false", "true"}},
    {"no-decode", EARLIER, {"false", "true"}},
    {"no-containers", EARLIER, {"false", "true"}},
    {"max-depth", MORE, {NULL}},
};

static const strictness *strictness_of(const char *name)
{
    for (size_t i = 0; i < sizeof(strict) / sizeof(strict[0]); i++) {
        if (strcmp(strict[i].name, name) == 0)
            return &strict[i];
    }
    return NULL;
}

static int place_of(const strictness *s, const char *word)
{
    for (int i = 0; i < 6 && s->words[i]; i++) {
        if (strcmp(s->words[i], word) == 0)
            return i;
    }
    return -1;
}

/* The value that is set, as text. */
void cli_option_value(const cli_args *args, const cli_option *option, char *out,
                      size_t size)
{
    const char *member = (const char *)args + option->member;
    const char *text;

    *out = '\0';
    switch (option->kind) {
    case CLI_FLAG:
        snprintf(out, size, "%s",
                 *(const int *)(const void *)member ? "true" : "false");
        return;
    case CLI_COUNT:
    case CLI_LIMIT:
    case CLI_SIZE:
        snprintf(out, size, "%llu",
                 (unsigned long long)*(const uint64_t *)(const void *)member);
        return;
    case CLI_TIME:
        snprintf(out, size, "%llums",
                 (unsigned long long)*(const uint64_t *)(const void *)member);
        return;
    case CLI_LIST: {
        const cli_list *list = (const cli_list *)(const void *)member;

        for (size_t i = 0; i < list->n; i++)
            snprintf(out + strlen(out), size - strlen(out), "%s%s",
                     i ? "," : "", list->at[i]);
        return;
    }
    default:
        text = *(const char *const *)(const void *)member;
        snprintf(out, size, "%s", text ? text : "");
    }
}

#define VALUE 256

static int is_as_strict(const cli_option *option, const char *value,
                        const char *wanted)
{
    const strictness *s = strictness_of(option->name);

    if (strcmp(value, wanted) == 0)
        return 1;
    if (!s)
        return 0;
    if (s->direction == FEWER)
        return strtoull(value, NULL, 10) < strtoull(wanted, NULL, 10);
    if (s->direction == MORE)
        return strtoull(value, NULL, 10) > strtoull(wanted, NULL, 10);
    if (place_of(s, value) < 0)
        return 0;
    return s->direction == EARLIER ? place_of(s, value) < place_of(s, wanted)
                                   : place_of(s, value) > place_of(s, wanted);
}

/* Let go of what a weaker file said, and say so. */
static int loosen(cli_config *config, const cli_option *option,
                  const secscan_setting *setting)
{
    char origin[CLI_PATH_MAX + 32];

    cli_config_origin(config, option, origin, sizeof(origin));
    if (cli_option_origin(&config->args, option) != CLI_FROM_FILE) {
        fprintf(stderr,
                "secscan: %s is locked by the policy %s, and %s would loosen "
                "it\n",
                option->name, config->args.policy, origin);
        return CLI_EXIT_USAGE;
    }
    fprintf(stderr, "secscan: %s: '%s' is locked by the policy: passed over\n",
            config->path, option->name);
    if (option->kind == CLI_FLAG)
        *(int *)(void *)((char *)&config->args + option->member) = 0;
    config->args.origins[option - cli_options] = CLI_FROM_DEFAULT;
    return take_setting(config, config->args.policy, setting, CLI_FROM_POLICY);
}

static int hold_lock(cli_config *config, const cli_option *option)
{
    cli_config wanted = {.args = {0}};
    secscan_setting setting;
    char value[VALUE], held[VALUE];
    int code;

    if (!find_setting(config->policy, option->name, &setting))
        return 0; /* cli_config_check_settings has said so */
    code =
        take_setting(&wanted, config->args.policy, &setting, CLI_FROM_POLICY);
    cli_option_value(&wanted.args, option, held, sizeof(held));
    cli_option_value(&config->args, option, value, sizeof(value));
    cli_config_release(&wanted);
    if (code || is_as_strict(option, value, held))
        return code;
    return loosen(config, option, &setting);
}

static int hold_locks(cli_config *config)
{
    int code = 0;

    for (const cli_option *o = cli_options; o->help && !code; o++) {
        if (o->name && secscan_config_locks(config->policy, o->name) &&
            cli_option_origin(&config->args, o) > CLI_FROM_POLICY)
            code = hold_lock(config, o);
    }
    return code;
}

/* ---- all together ---------------------------------------------------------
 */

static const char *name_of(const cli_config *config)
{
    return config->source == CLI_CONFIG_GITLEAKS_TOML ? "GITLEAKS_CONFIG_TOML"
                                                      : config->path;
}

static size_t text_len(const cli_config *config)
{
    return config->base ? config->base->len : strlen(config->text);
}

static int take_files(cli_config *config, const secscan_git_options *git)
{
    secscan_error err = {0};
    int code = 0, rc;

    if (config->args.policy)
        code = read_file(&config->policy, config->args.policy);
    if (!code)
        code = cli_config_find(config, git);
    if (code)
        return code;
    if (!config->text)
        return *config->path ? read_file(&config->file, config->path) : 0;
    rc = secscan_config_parse(&config->file, config->text, text_len(config),
                              name_of(config), &err);
    return rc ? cli_fail(&err, rc) : 0;
}

static int check_date(const cli_args *args)
{
    const char *date = args->report_only_until;
    int year, month, day, len = 0;

    if (!date ||
        (sscanf(date, "%4d-%2d-%2d%n", &year, &month, &day, &len) == 3 &&
         len == 10 && !date[10] && month >= 1 && month <= 12 && day >= 1 &&
         day <= 31))
        return 0;
    fputs("secscan: report-only-until takes a date as 2026-12-31\n", stderr);
    return CLI_EXIT_USAGE;
}

int cli_config_open(cli_config *config, const cli_args *args,
                    const secscan_git_options *git)
{
    int code;

    memset(config, 0, sizeof(*config));
    config->args = *args;
    code = take_environment(config);
    if (!code)
        code = take_files(config, git);
    if (!code && config->file)
        code =
            take_settings(config, config->file, name_of(config), CLI_FROM_FILE);
    if (!code && config->policy)
        code = take_settings(config, config->policy, config->args.policy,
                             CLI_FROM_POLICY);
    if (!code && config->policy)
        code = hold_locks(config);
    return code ? code : check_date(&config->args);
}

void cli_config_release(cli_config *config)
{
    for (size_t i = 0; i < config->n_lists; i++)
        free(config->lists[i]);
    free(config->words);
    secscan_config_free(config->file);
    secscan_config_free(config->policy);
    secscan_git_file_free(config->base);
    memset(config, 0, sizeof(*config));
}

/* ---- rules ----------------------------------------------------------------
 */

static int is_found(const cli_config *config)
{
    return config->source == CLI_CONFIG_OWN ||
           config->source == CLI_CONFIG_FOUND_GITLEAKS;
}

/* Rules that the policy locks are the policy's, or the built-in ones. */
static int takes_rules_of_file(const cli_config *config)
{
    if (!config->file || secscan_config_locks(config->policy, "rules"))
        return 0;
    return config->source == CLI_CONFIG_FLAG ||
           secscan_config_has_rules(config->file);
}

static void choose_options(const cli_config *config,
                           secscan_rules_options *options)
{
    if (is_found(config)) {
        options->flags |= SECSCAN_RULES_UNTRUSTED;
        options->extend_root = config->text ? "" : config->root;
    }
    if (config->source == CLI_CONFIG_GITLEAKS ||
        config->source == CLI_CONFIG_GITLEAKS_TOML)
        options->flags |= SECSCAN_RULES_GITLEAKS;
}

static int load(secscan_rules **out, const cli_config *config,
                secscan_error *err)
{
    secscan_rules_options options = {.size = sizeof(options)};
    const char *paths[64];
    size_t n = 0;

    if (secscan_config_has_rules(config->policy))
        paths[n++] = config->args.policy;
    if (!takes_rules_of_file(config))
        return secscan_rules_load(out, paths, n, &options, err);
    choose_options(config, &options);
    if (config->text) {
        options.name = name_of(config);
        options.joined = paths;
        options.n_joined = n;
        return secscan_rules_parse(out, config->text, text_len(config),
                                   &options, err);
    }
    if (config->source != CLI_CONFIG_FLAG)
        paths[n++] = config->path;
    for (size_t i = 0; i < config->args.files.n && n < 64; i++)
        paths[n++] = config->args.files.at[i];
    return secscan_rules_load(out, paths, n, &options, err);
}

int cli_config_rules(secscan_rules **out, const cli_config *config)
{
    secscan_error err = {0};
    int rc = load(out, config, &err);
    int code = rc ? cli_fail(&err, rc) : 0;

    return code == CLI_EXIT_INCOMPLETE ? CLI_EXIT_USAGE : code;
}

/* ---- telling --------------------------------------------------------------
 */

void cli_config_origin(const cli_config *config, const cli_option *option,
                       char *out, size_t size)
{
    switch (cli_option_origin(&config->args, option)) {
    case CLI_FROM_FLAG:
        snprintf(out, size, "--%s", option->name);
        return;
    case CLI_FROM_ENVIRONMENT:
        snprintf(out, size, "the environment");
        return;
    case CLI_FROM_FILE:
        snprintf(out, size, "%s", name_of(config));
        return;
    case CLI_FROM_POLICY:
        snprintf(out, size, "%s%s", config->args.policy,
                 secscan_config_locks(config->policy, option->name) ? ", locked"
                                                                    : "");
        return;
    default:
        snprintf(out, size, "default");
    }
}

int cli_config_is_report_only(const cli_args *args)
{
    char today[CLI_DAY];

    return args->report_only_until &&
           strcmp(cli_clock_today(today), args->report_only_until) <= 0;
}
