/*
 * containers.c: options about encodings and containers.
 *
 * What opens containers is loaded when the first one appears: linked, it would
 * bring libarchive, SQLite, qpdf and OpenSSL into every start of the program,
 * and most scans meet no container. It stands where the program's RUNPATH says.
 * Without it containers are skips of the scan, which is incomplete then or not
 * as the library says.
 */
#include "containers.h"

void cli_containers_choose(const cli_args *args, secscan_scan_options *options)
{
    if (args->has_no_decode)
        options->flags |= SECSCAN_SCAN_NO_DECODE;
    if (args->has_no_containers)
        options->flags |= SECSCAN_SCAN_NO_CONTAINERS;
    options->opener = secscan_load_containers;
    options->max_depth = (uint32_t)args->max_depth;
    options->max_seconds = (uint32_t)((args->container_timeout + 999) / 1000);
    options->max_ratio = (uint32_t)args->max_ratio;
    options->max_entries = (uint32_t)args->max_entries;
    options->max_decoded = args->max_decoded;
    options->max_member = args->max_member;
    options->max_unpacked = args->max_unpacked;
}
