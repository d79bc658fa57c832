/*
 * policy.h: what hides findings, from the command line and the files that it
 * leads to.
 */
#ifndef CLI_POLICY_H
#define CLI_POLICY_H

#include "args.h"

#include <secscan_git.h>

/* The policy of a scan; `git`: of a repository, else of files. *out is the
 * caller's. A repository that cannot be read has none: the scan says why. */
int cli_policy(secscan_policy **out, const cli_args *args,
               const secscan_git_options *git, secscan_error *err);

/* Do the files of what is judged count, instead of its base's? */
int cli_adopts(const cli_args *args);

/* The whole of a file; *out is the caller's (free). 0; SECSCAN_ERR_ARG when it
 * cannot be read, and *out is NULL. */
int cli_read_file(char **out, size_t *len, const char *path,
                  secscan_error *err);

#endif
