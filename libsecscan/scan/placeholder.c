/*
 * placeholder.c: stand-ins for a value.
 */
#include "scan/filter.h"

int ss_is_placeholder(ss_bytes secret)
{
    return ss_bytes_starts(secret, "<") || ss_bytes_starts(secret, "$") ||
           ss_bytes_starts(secret, "{{") ||
           ss_bytes_starts_nocase(secret, "xxxx") ||
           ss_bytes_starts_nocase(secret, "changeme");
}
