/*
 * opener.c: a module of its own, which containers.c loads. It is linked with
 * libsecscan-containers and says where that library's own libraries stand, by
 * an RPATH that counts for all of them: one of the addon does not reach what is
 * loaded later.
 */
#include <secscan_containers.h>

SECSCAN_API const secscan_opener *secscan_node_opener(void);

const secscan_opener *secscan_node_opener(void)
{
    return secscan_containers(NULL);
}
