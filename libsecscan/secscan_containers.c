/*
 * secscan_containers.c: public entry point of libsecscan-containers.
 */
#include <secscan_containers.h>

#include "source/open_container.h"

const secscan_opener *secscan_containers(void *ctx)
{
    (void)ctx;
    return (const secscan_opener *)ss_open_container();
}
