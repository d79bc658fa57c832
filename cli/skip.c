/*
 * skip.c: SECSCAN_SKIP="reason" lets all of a commit or a push through; a push
 * option secscan.skip=ID:reason one finding, of a category that may be skipped.
 */
#include "skip.h"

#include "command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MIN_ID 15u /* "s1:" and twelve digits */
#define MAX_OPTIONS 1000ul

static const char prefix[] = "secscan.skip=";

static const char *const categories[] = {"token",      "key",     "password",
                                         "connection", "webhook", "generic",
                                         "hygiene",    NULL};

/* ---- what is asked for -------------------------------------------------- */

/* Is a word of `len` bytes in the list, which has commas? */
static int is_listed(const char *list, const char *word, size_t len)
{
    while (*list) {
        size_t n = strcspn(list, ",");

        if (n == len && memcmp(list, word, len) == 0)
            return 1;
        list += n + (list[n] == ',');
    }
    return 0;
}

static int is_category(const char *word, size_t len)
{
    for (size_t i = 0; categories[i]; i++) {
        if (strlen(categories[i]) == len && !memcmp(categories[i], word, len))
            return 1;
    }
    return 0;
}

static int check_categories(const char *list)
{
    if (!list || strcmp(list, "none") == 0)
        return 0;
    while (*list) {
        size_t n = strcspn(list, ",");

        if (!is_category(list, n)) {
            fprintf(stderr,
                    "secscan: --skippable-categories takes none, or by commas: "
                    "token, key, password, connection, webhook, generic, "
                    "hygiene; not %.*s\n",
                    (int)n, list);
            return CLI_EXIT_USAGE;
        }
        list += n + (list[n] == ',');
    }
    return 0;
}

static int is_skippable(const cli_skips *skips, const char *category)
{
    const char *list = skips->args->skippable;

    return !list || is_listed(list, category, strlen(category));
}

/* "s1:0123456789ab...:reason" */
static int read_option(cli_skip_option *out, const char *value)
{
    size_t len = strncmp(value, "s1:", 3) == 0
                     ? 3 + strspn(value + 3, "0123456789abcdef")
                     : 0;

    if (len < MIN_ID || value[len] != ':' ||
        !value[len + 1 + strspn(value + len + 1, " ")]) {
        fputs("secscan: the push option secscan.skip takes ID:reason, as "
              "s1:0123456789ab:\"a test value\"\n",
              stderr);
        return CLI_EXIT_USAGE;
    }
    out->id = strdup(value);
    if (!out->id)
        return CLI_EXIT_INTERNAL;
    out->id[len] = '\0';
    out->reason = out->id + len + 1;
    return 0;
}

/* GIT_PUSH_OPTION_COUNT, _0, _1 ... */
static int read_options(cli_skips *skips)
{
    const char *count = getenv("GIT_PUSH_OPTION_COUNT");
    unsigned long n = count ? strtoul(count, NULL, 10) : 0;
    int code = 0;

    n = n < MAX_OPTIONS ? n : MAX_OPTIONS;
    skips->options = calloc(n + 1, sizeof(*skips->options));
    if (!skips->options)
        return CLI_EXIT_INTERNAL;
    for (unsigned long i = 0; !code && i < n; i++) {
        char name[40];
        const char *value;

        snprintf(name, sizeof(name), "GIT_PUSH_OPTION_%lu", i);
        value = getenv(name);
        if (!value || strncmp(value, prefix, sizeof(prefix) - 1) != 0)
            continue;
        code = read_option(&skips->options[skips->n_options],
                           value + sizeof(prefix) - 1);
        skips->n_options += code == 0;
    }
    return code;
}

static int read_reason(cli_skips *skips)
{
    const char *reason = getenv("SECSCAN_SKIP");

    if (!reason)
        return 0;
    if (reason[strspn(reason, " \t")] == '\0') {
        fputs("secscan: SECSCAN_SKIP is empty: it takes the reason, which is "
              "recorded\n",
              stderr);
        return 0; /* as if it were not there */
    }
    skips->audit.reason = reason;
    return 0;
}

int cli_skips_begin(cli_skips *skips, const cli_args *args)
{
    static const char *const names[] = {
        [CLI_PRE_COMMIT] = "pre-commit",
        [CLI_PRE_PUSH] = "pre-push",
        [CLI_PRE_RECEIVE] = "pre-receive",
    };
    int code;

    skips->args = args;
    if (!cli_args_is_hook(args))
        return 0;
    skips->audit.event = names[args->mode];
    if (args->mode != CLI_PRE_RECEIVE)
        return read_reason(skips);
    code = check_categories(args->skippable);
    return code ? code : read_options(skips);
}

/* ---- findings ----------------------------------------------------------- */

static cli_skip_option *find_option(const cli_skips *skips,
                                    const secscan_finding *f)
{
    for (size_t i = 0; i < skips->n_options; i++) {
        cli_skip_option *option = &skips->options[i];

        if (strncmp(f->fingerprint, option->id, strlen(option->id)) == 0)
            return option;
    }
    return NULL;
}

const secscan_finding *cli_skips_take(cli_skips *skips,
                                      const secscan_finding *finding)
{
    cli_skip_option *option = find_option(skips, finding);

    if (!finding->gates || (!option && !skips->audit.reason))
        return finding;
    if (option)
        option->is_used = 1;
    if (option && !is_skippable(skips, finding->category)) {
        fprintf(stderr,
                "secscan: %s is of the category %s, which may not be skipped "
                "here\n",
                option->id, finding->category);
        return finding;
    }
    if (cli_audit_add(&skips->audit, finding, option ? option->reason : NULL))
        skips->is_failed = 1;
    if (!option)
        return finding;
    skips->n_skipped++;
    skips->copy = *finding;
    skips->copy.gates = 0;
    skips->copy.suppressed_by = "push-option";
    skips->copy.suppressed_reason = option->reason;
    return &skips->copy;
}

/* ---- the record --------------------------------------------------------- */

char *cli_git_file(const cli_args *args, const char *name)
{
    const secscan_git_location *location = NULL;
    secscan_error err = {0};
    char *path = NULL;
    size_t size;
    int rc;

    rc = secscan_git_locate(&location, cli_repository(args), &err);
    if (rc) {
        cli_fail(&err, rc);
        return NULL;
    }
    size = strlen(location->common_dir) + strlen(name) + sizeof("secscan/");
    path = malloc(size);
    if (path) {
        snprintf(path, size, "%ssecscan", location->common_dir);
        if (mkdir(path, 0700) && errno != EEXIST)
            fprintf(stderr, "secscan: %s: %s\n", path, strerror(errno));
        snprintf(path, size, "%ssecscan/%s", location->common_dir, name);
    }
    secscan_git_location_free(location);
    return path;
}

static int record(cli_skips *skips)
{
    char *own =
        skips->args->audit ? NULL : cli_git_file(skips->args, "audit.jsonl");
    const char *path = own ? own : skips->args->audit;
    int rc =
        path && !skips->is_failed ? cli_audit_write(&skips->audit, path) : -1;

    if (rc)
        fputs("secscan: what cannot be recorded is not let through\n", stderr);
    else if (skips->args->mode == CLI_PRE_RECEIVE)
        fputs("secscan: skipped, and recorded\n", stderr);
    else
        fprintf(stderr, "secscan: skipped, recorded in %s\n", path);
    free(own);
    return rc;
}

static void tell_unused(const cli_skips *skips)
{
    for (size_t i = 0; i < skips->n_options; i++) {
        if (!skips->options[i].is_used)
            fprintf(stderr,
                    "secscan: push option secscan.skip=%s: nothing that would "
                    "stop this push has that id\n",
                    skips->options[i].id);
    }
}

int cli_skips_end(cli_skips *skips, int code, int is_complete)
{
    int is_stopped = code == CLI_EXIT_FOUND || code == CLI_EXIT_INCOMPLETE;

    tell_unused(skips);
    skips->audit.is_complete = is_complete;
    if (!skips->n_skipped && !(skips->audit.reason && is_stopped))
        return code;
    if (record(skips))
        return code ? code : CLI_EXIT_FOUND;
    return skips->audit.reason && is_stopped ? CLI_EXIT_CLEAN : code;
}

void cli_skips_release(cli_skips *skips)
{
    for (size_t i = 0; i < skips->n_options; i++)
        free(skips->options[i].id);
    free(skips->options);
    cli_audit_release(&skips->audit);
}
