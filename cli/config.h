/*
 * config.h: what a scan goes by when all have spoken: the command line, the
 * environment, the repository's configuration, the operator's policy.
 */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "args.h"

#include <secscan_git.h>

/* Where the rules and settings of a repository come from. */
typedef enum cli_config_source {
    CLI_CONFIG_BUILTIN,
    CLI_CONFIG_FLAG,          /* --config, --rules */
    CLI_CONFIG_SECSCAN,       /* SECSCAN_CONFIG: a file */
    CLI_CONFIG_GITLEAKS,      /* GITLEAKS_CONFIG: a file */
    CLI_CONFIG_GITLEAKS_TOML, /* GITLEAKS_CONFIG_TOML: its text */
    CLI_CONFIG_OWN,           /* .secscan.toml, found */
    CLI_CONFIG_FOUND_GITLEAKS /* .gitleaks.toml, found */
} cli_config_source;

#define CLI_PATH_MAX 4096

typedef struct cli_config {
    cli_args args; /* what all said together; operands are the caller's */
    cli_config_source source;
    char path[CLI_PATH_MAX]; /* of the file, empty when there is none */
    char root[CLI_PATH_MAX]; /* of the repository that it was found in */
    const char *text; /* of CLI_CONFIG_GITLEAKS_TOML, and of `base`; NULL */
    /* What a change was made from, or a bare repository: the configuration is
     * its; `path` is "COMMIT:NAME". NULL: it is the work tree's. */
    const secscan_git_file *base;
    secscan_config *file;   /* its settings; NULL */
    secscan_config *policy; /* NULL: none */
    char *words;            /* values cut out of the environment */
    void *lists[8];         /* memory of lists that no flag set */
    size_t n_lists;
} cli_config;

/* `git`: the scan that it is for; NULL: it is none of a repository. 0, or the
 * exit code; what is wrong has been said. Release it in any case. */
int cli_config_open(cli_config *config, const cli_args *args,
                    const secscan_git_options *git);
int cli_config_rules(secscan_rules **out, const cli_config *config);
void cli_config_release(cli_config *config);

/* "flag", "policy FILE" ...: where a setting's value comes from. */
void cli_config_origin(const cli_config *config, const cli_option *option,
                       char *out, size_t size);
/* The value that is set, as text; empty when none is. */
void cli_option_value(const cli_args *args, const cli_option *option, char *out,
                      size_t size);
/* May it be set elsewhere than on the command line? */
int cli_option_is_setting(const cli_option *option);
/* Check a file's settings against the table of options. 0, or 2 (said). */
int cli_config_check_settings(const secscan_config *config, const char *name,
                              int is_policy);
/* Is it today that findings do not decide the exit code? */
int cli_config_is_report_only(const cli_args *args);

#endif
