/*
 * skip.h: ways through a hook, on the record: SECSCAN_SKIP of whoever commits
 * or pushes, and push options where a push arrives.
 */
#ifndef CLI_SKIP_H
#define CLI_SKIP_H

#include "args.h"
#include "audit.h"

typedef struct cli_skip_option {
    char *id; /* the whole option: its id, NUL, its reason */
    const char *reason;
    int is_used;
} cli_skip_option;

typedef struct cli_skips {
    const cli_args *args;
    cli_skip_option *options; /* of the push */
    size_t n_options;
    cli_audit audit;
    secscan_finding copy; /* of the finding at hand, let through */
    uint64_t n_skipped;   /* findings that push options let through */
    int is_failed;        /* out of memory */
} cli_skips;

/* 0, or the exit code; what is wrong has been said. */
int cli_skips_begin(cli_skips *skips, const cli_args *args);
/* As the report is to see the finding; valid until the next call. */
const secscan_finding *cli_skips_take(cli_skips *skips,
                                      const secscan_finding *finding);
/* The exit code when what is asked for is let through: recorded first, and if
 * that fails, not let through. */
int cli_skips_end(cli_skips *skips, int code, int is_complete);
void cli_skips_release(cli_skips *skips);

/* A file of secscan's own below the git directory, whose folder is made. The
 * caller frees it. NULL: it has been said why. */
char *cli_git_file(const cli_args *args, const char *name);

#endif
