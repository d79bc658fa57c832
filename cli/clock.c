/*
 * clock.c: the time, as commands ask for it; the library has none of its own.
 */
#include "clock.h"

#include <time.h>

int64_t cli_clock_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

const char *cli_clock_today(char out[CLI_DAY])
{
    time_t now = time(NULL);
    struct tm day = {0};

    gmtime_r(&now, &day);
    strftime(out, CLI_DAY, "%Y-%m-%d", &day);
    return out;
}
