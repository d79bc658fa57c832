/*
 * clock.h: how long it takes, and which day it is.
 */
#ifndef CLI_CLOCK_H
#define CLI_CLOCK_H

#include <stdint.h>

/* Milliseconds since some moment; never goes back. */
int64_t cli_clock_ms(void);

#define CLI_DAY sizeof("2026-11-25")

/* In UTC: the same wherever it runs. Returns `out`. */
const char *cli_clock_today(char out[CLI_DAY]);

#endif
