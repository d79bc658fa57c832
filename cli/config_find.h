/*
 * config_find.h: which configuration a scan goes by.
 */
#ifndef CLI_CONFIG_FIND_H
#define CLI_CONFIG_FIND_H

#include "config.h"

/* Fill source, path, root and text from config->args and the environment. */
void cli_config_find(cli_config *config);

#endif
