/*
 * pre_commit_command.c: `secscan pre-commit-run FILE...`, as the hook of
 * pre-commit, the framework (https://pre-commit.com). It hands over the names
 * of files and tells in the environment what they are about.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *env(const char *name)
{
    const char *value = getenv(name);

    return value && *value ? value : NULL;
}

static int is_zero_id(const char *text)
{
    return strspn(text, "0") == strlen(text);
}

/* What a push, or --from-ref and --to-ref, is about: not the files, which have
 * lost what one commit brings in and the next takes out again. NULL: none. The
 * caller frees it. */
static char *pushed_range(void)
{
    const char *from = env("PRE_COMMIT_FROM_REF");
    const char *to = env("PRE_COMMIT_TO_REF");
    const char *branch = env("PRE_COMMIT_LOCAL_BRANCH");
    char *range;
    size_t size;

    if (!from && !to && !branch)
        return NULL;
    if (!to)
        to = branch ? branch : "HEAD";
    size = strlen(from ? from : "") + strlen(to) + sizeof("..");
    range = malloc(size);
    /* Without a beginning nothing of it is at the remote. */
    if (range)
        snprintf(range, size, "%s%s%s", from ? from : "", from ? ".." : "", to);
    return range;
}

/* git names the index to its hooks, so a commit is being made. */
static int is_commit(void)
{
    return env("GIT_INDEX_FILE") != NULL;
}

static int scan(cli_args *args)
{
    return cli_args_check(args) ? CLI_EXIT_USAGE : cli_scan(args);
}

static int scan_range(cli_args *args, char *range)
{
    const char *dots = strstr(range, "..");

    args->n_operands = 0;
    args->mode = CLI_RANGE;
    args->range = range;
    if (is_zero_id(dots ? dots + 2 : range)) {
        fputs("secscan: a deleted branch: nothing to scan\n", stderr);
        return CLI_EXIT_CLEAN;
    }
    return scan(args);
}

/* Not Passed: nobody asked for anything, which is not the same as clean. */
static int fail_empty(void)
{
    fputs("secscan: nothing was scanned: no commit is being made, and neither "
          "files nor --from-ref and --to-ref were given\n",
          stderr);
    return CLI_EXIT_USAGE;
}

int cli_pre_commit_run(const cli_args *args)
{
    cli_args own = *args;
    char *range = pushed_range();
    int code;

    own.command = NULL;
    if (!own.profile)
        own.profile = secscan_profile_name(SECSCAN_PROFILE_BLOCK);
    if (args->mode != CLI_TREE) {
        fputs("secscan: pre-commit-run takes files; what to scan follows from "
              "the environment\n",
              stderr);
        code = CLI_EXIT_USAGE;
    } else if (range) {
        code = scan_range(&own, range);
    } else if (is_commit()) {
        own.n_operands = 0;
        own.mode = CLI_STAGED;
        code = scan(&own);
    } else {
        code = own.n_operands ? scan(&own) : fail_empty();
    }
    free(range);
    return code;
}
