/*
 * rules_command.h: the verbs of `secscan rules` that have a file of their own;
 * each returns its exit code.
 */
#ifndef CLI_RULES_COMMAND_H
#define CLI_RULES_COMMAND_H

#include "command.h"

int cli_rules_docs(const cli_args *args, secscan_rules *rules);
int cli_rules_bench(const cli_args *args, secscan_rules *none);
int cli_rules_diff(const cli_args *args, secscan_rules *none);

#endif
