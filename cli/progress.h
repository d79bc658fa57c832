/*
 * progress.h: one line on standard error while a scan takes its time.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <secscan.h>

#include <stdint.h>

typedef struct cli_progress {
    int is_on;     /* standard error is a terminal */
    int is_shown;  /* there is a line to clear */
    int64_t start; /* milliseconds */
    int64_t next;  /* when to show again */
    unsigned width;
} cli_progress;

void cli_progress_start(cli_progress *progress, int is_quiet);
void cli_progress_show(cli_progress *progress, const secscan_progress *state);
/* Clear the line. */
void cli_progress_end(cli_progress *progress);
/* Below the report: how long it took, if that is worth saying. */
void cli_progress_time(const cli_progress *progress);

#endif
