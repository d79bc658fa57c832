/*
 * purge_command.c: `secscan purge-list`: the scan of a history whose one report
 * is what `git filter-repo --replace-text` reads.
 *
 * The file holds the secrets as they are: it goes to a file of its owner's, and
 * never to a terminal.
 */
#include "command.h"

#include <string.h>

static const char *find_mistake(const cli_args *args)
{
    if (args->mode != CLI_TREE && args->mode != CLI_HISTORY)
        return "purge-list reads the whole history: --history and no other";
    if (args->n_operands > 1)
        return "purge-list takes one repository";
    if (args->format)
        return "purge-list takes no --format";
    if (args->n_reports != 1 || !args->output || strcmp(args->output, "-") == 0)
        return "purge-list needs one --output FILE: what it writes is secret";
    return NULL;
}

int cli_purge_list(const cli_args *args)
{
    const char *mistake = find_mistake(args);
    cli_report_args list = {"purge-list", args->output};
    cli_args own = *args;

    if (mistake) {
        fprintf(stderr, "secscan: %s\n", mistake);
        return CLI_EXIT_USAGE;
    }
    own.command = NULL;
    own.mode = CLI_HISTORY;
    own.reports = &list;
    own.shows_secrets = 1;
    own.is_exit_zero = 1; /* that there are secrets is why it is run */
    return cli_scan(&own);
}
