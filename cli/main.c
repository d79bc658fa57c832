/*
 * main.c: the program secscan, over secscan.h and secscan_git.h only.
 */
#include "command.h"

#include <secscan.h>

#include <errno.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdio.h>
#include <string.h>

static const cli_command commands[] = {
    {"allow", cli_allow},
    {"ci", cli_ci},
    {"config", cli_config_command},
    {"help", cli_help_topic},
    {"hook", cli_hook_command},
    {"policy", cli_policy_command},
    {"pre-commit-run", cli_pre_commit_run},
    {"purge-list", cli_purge_list},
    {"rules", cli_rules},
    {"baseline", cli_baseline},
};

const cli_command *cli_command_find(const char *name)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    return NULL;
}

const char *cli_command_near(const char *word)
{
    const char *names[sizeof(commands) / sizeof(commands[0]) + 1] = {NULL};

    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        names[i] = commands[i].name;
    return cli_nearest_name(word, names);
}

/* A sanitizer's report is an internal error: never 1, which means secrets. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);
const char *__tsan_default_options(void);
const char *__lsan_default_suppressions(void);

/* The stack is walked by its tables: PCRE2 keeps no frame pointers, and what
 * calls it has to be known to tell whose leak it is. That is slow (all rules
 * compiled: 73 s with 30 frames for each allocation), and 8 frames tell it. */
const char *__asan_default_options(void)
{
    return "exitcode=4:fast_unwind_on_malloc=0:malloc_context_size=8";
}

/* libgit2 1.5 forgets the match data of a pattern that does not match. */
const char *__lsan_default_suppressions(void)
{
    return "leak:git_regexp_match\n";
}

const char *__ubsan_default_options(void)
{
    return "exitcode=4";
}

const char *__tsan_default_options(void)
{
    return "exitcode=4";
}
#endif

static int exit_code_of(int status)
{
    switch (status) {
    case SECSCAN_ERR_ARG:
    case SECSCAN_ERR_RULE:
        return CLI_EXIT_USAGE;
    case SECSCAN_ERR_IO:
    case SECSCAN_ERR_LIMIT:
    case SECSCAN_ERR_GIT:
    case SECSCAN_ERR_CORRUPT:
        return CLI_EXIT_INCOMPLETE;
    default:
        return CLI_EXIT_INTERNAL;
    }
}

int cli_fail(const secscan_error *err, int status)
{
    fprintf(stderr, "secscan: %s\n",
            err->message[0] ? err->message : secscan_status_name(status));
    return exit_code_of(status);
}

int cli_load_rules(secscan_rules **out, const cli_args *args)
{
    secscan_rules_options options = {.size = sizeof(options)};
    secscan_error err = {0};
    int rc, code;

    rc = secscan_rules_load(out, args->files.at, args->files.n, &options, &err);
    if (rc == 0)
        return 0;
    code = cli_fail(&err, rc);
    /* A rule file that cannot be read is wrong usage, not an incomplete scan.
     */
    return code == CLI_EXIT_INCOMPLETE ? CLI_EXIT_USAGE : code;
}

/* What was printed may be lost at the last moment: a full disk. */
static int end(int code)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    if (errno != EPIPE)
        fputs("secscan: standard output cannot be written\n", stderr);
    return code ? code : CLI_EXIT_INTERNAL;
}

/* The program's version, and that of the rules in it. */
static int tell_version(void)
{
    const secscan_rules_options options = {.size = sizeof(options)};
    secscan_rules *rules = NULL;
    secscan_error err = {0};
    int rc;

    rc = secscan_rules_load(&rules, NULL, 0, &options, &err);
    if (rc)
        return cli_fail(&err, rc);
    printf("secscan %s\n%zu rules, version %s\n", secscan_version(),
           secscan_rules_count(rules), secscan_rules_version(rules));
    secscan_rules_free(rules);
    return CLI_EXIT_CLEAN;
}

static int run(const cli_args *args)
{
    if (args->mode == CLI_HELP) {
        if (args->command)
            cli_help_command(stdout, args->command->name);
        else
            cli_help(stdout);
        return 0;
    }
    if (args->mode == CLI_VERSION) {
        return tell_version();
    }
    return args->command ? args->command->run(args) : cli_scan(args);
}

/* Objects of a history come and go by the thousand: memory that is given back
 * to the system each time has to be cleared by it again. */
static void keep_memory(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 16 << 20);
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
#endif
}

int main(int argc, char **argv)
{
    cli_args args;
    int code;

    keep_memory();
    code = cli_args_parse(&args, argc, argv);
    if (code == 0)
        code = end(run(&args));
    cli_args_release(&args);
    return code;
}
