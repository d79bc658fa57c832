/*
 * container_kind.c: what begins a container. One row a kind.
 */
#include "source/container.h"

const ss_container_kind *ss_container_detect(ss_bytes head)
{
    (void)head;
    return NULL;
}

const ss_container_kind *ss_container_detect_tail(ss_bytes tail)
{
    (void)tail;
    return NULL;
}
