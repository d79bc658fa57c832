/*
 * command.h: what the program does; each returns its exit code.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "args.h"

#include <secscan.h>

enum {
    CLI_EXIT_CLEAN = 0,
    CLI_EXIT_FOUND = 1,
    CLI_EXIT_USAGE = 2,
    CLI_EXIT_INCOMPLETE = 3,
    CLI_EXIT_INTERNAL = 4,
    CLI_EXIT_INTERRUPTED = 130
};

/* A first word that is no path: `secscan rules ...`. It is given what the table
 * of options read, and judges its operands and what of it does not go with
 * them itself. A folder of that name is scanned as ./rules. */
typedef struct cli_command {
    const char *name;
    int (*run)(const cli_args *args);
} cli_command;

/* NULL: there is none. */
const cli_command *cli_command_find(const char *name);
/* The name of the command that was meant; NULL. */
const char *cli_command_near(const char *word);

/* A command that has cli_scan do the scan, and more to say of it: the text
 * report leaves the verdict to it. */
typedef struct cli_watch {
    void *ctx;
    int (*begin)(void *ctx, const secscan_rules *rules); /* 0, or exit code */
    int (*finding)(void *ctx, const secscan_finding *finding);
    int (*skipped)(void *ctx, const secscan_skip *skip);
    /* Behind the report; the exit code, if nothing goes wrong that of the
     * scan. */
    int (*end)(void *ctx, const secscan_coverage *coverage, int code);
} cli_watch;

int cli_scan(const cli_args *args);
/* Where the repository is that a scan is of. */
const char *cli_repository(const cli_args *args);
int cli_rules(const cli_args *args);
int cli_hook_command(const cli_args *args);
int cli_ci(const cli_args *args);
int cli_help_topic(const cli_args *args);
int cli_pre_commit_run(const cli_args *args);
int cli_allow(const cli_args *args);
int cli_baseline(const cli_args *args);
int cli_purge_list(const cli_args *args);
int cli_config_command(const cli_args *args);
int cli_policy_command(const cli_args *args);

/* The rules that --config and --rules name, or the built-in ones. 0, or the
 * exit code; what is wrong has been said. */
int cli_load_rules(secscan_rules **out, const cli_args *args);
/* Say what went wrong; the exit code of a status. */
int cli_fail(const secscan_error *err, int status);

#endif
