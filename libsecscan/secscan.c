/*
 * secscan.c: public entry points: check arguments, copy options, one internal
 * call each.
 */
#include <secscan.h>

const char *secscan_version(void)
{
    return SECSCAN_VERSION;
}
