/*
 * stop.h: what ends a scan early: SIGINT, SIGTERM, and --timeout.
 */
#ifndef CLI_STOP_H
#define CLI_STOP_H

#include <stdint.h>

void cli_stop_catch(void);
/* 0 milliseconds: not any more. */
void cli_stop_after(uint64_t ms);

/* Whether the scan is to end, and by which of them. */
int cli_stop_is_asked(void);
int cli_stop_is_interrupt(void);
int cli_stop_is_timeout(void);

#endif
