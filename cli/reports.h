/*
 * reports.h: the reports of one scan: each --format with its --output, all fed
 * by one sink.
 */
#ifndef CLI_REPORTS_H
#define CLI_REPORTS_H

#include "args.h"
#include "output.h"

#include <secscan.h>

typedef struct cli_report {
    const char *format; /* NULL: text */
    cli_output output;
    secscan_report *report;
    const secscan_sink *sink;
} cli_report;

/* What the reports are about; each may be NULL. */
typedef struct cli_report_about {
    const char *target;         /* what is scanned, if that has one name */
    const char *event, *remote; /* as in secscan_report_options */
} cli_report_about;

typedef struct cli_reports {
    cli_report *at;
    size_t n;
    int64_t began;     /* milliseconds since 1970 */
    secscan_sink sink; /* hands on to all; no progress */
} cli_reports;

/* Open the files, so that one that cannot be written is known before the scan.
 * 0, or the exit code (said on standard error). */
int cli_reports_open(cli_reports *reports, const cli_args *args);
/* 0, or a status. */
int cli_reports_make(cli_reports *reports, const cli_args *args,
                     const secscan_rules *rules, const cli_report_about *about,
                     secscan_error *err);
/* Is there nothing but text on standard output? */
int cli_reports_is_plain(const cli_reports *reports);
/* Write all of them and put the files in their places; what a format leaves out
 * is said on standard error. 0, or the exit code of what failed (said). */
int cli_reports_finish(cli_reports *reports, const secscan_coverage *coverage,
                       int exit_code);
/* Without finish the files are as they were before. */
void cli_reports_close(cli_reports *reports);

#endif
