/*
 * config_find.h: which configuration a scan goes by.
 */
#ifndef CLI_CONFIG_FIND_H
#define CLI_CONFIG_FIND_H

#include "config.h"

/* Fill source, path, root, text and base from config->args, the environment,
 * and what judges the scan `git`. 0, or the exit code (said). */
int cli_config_find(cli_config *config, const secscan_git_options *git);

#endif
