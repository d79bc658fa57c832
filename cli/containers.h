/*
 * containers.h: what is opened and decoded, of a scan.
 */
#ifndef CLI_CONTAINERS_H
#define CLI_CONTAINERS_H

#include "args.h"

#include <secscan.h>

/* The opener and the budgets. */
void cli_containers_choose(const cli_args *args, secscan_scan_options *options);

#endif
