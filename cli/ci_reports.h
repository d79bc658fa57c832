/*
 * ci_reports.h: the reports that a CI system shows by itself: a summary on the
 * job's page, remarks beside the lines of a change.
 */
#ifndef CLI_CI_REPORTS_H
#define CLI_CI_REPORTS_H

#include "ci.h"

#include <secscan.h>

#define CI_MAX_REPORTS 2

typedef struct ci_report {
    const char *name; /* for people */
    const char *path; /* added to; NULL: standard output */
    int fd, error;    /* while it is written */
    secscan_report *report;
} ci_report;

typedef struct ci_reports {
    ci_report at[CI_MAX_REPORTS];
    size_t n;
} ci_reports;

/* Those that the event's system shows and the command line does not name;
 * remarks are lines of a log, which standard output has to be (`has_log`). 0,
 * or the exit code (said on standard error). */
int ci_reports_make(ci_reports *out, const ci_event *event,
                    const cli_args *args, const secscan_rules *rules,
                    int has_log);
int ci_reports_finding(ci_reports *reports, const secscan_finding *finding);
int ci_reports_skipped(ci_reports *reports, const secscan_skip *skip);
/* Write them. 0, or the exit code of what failed (said). */
int ci_reports_finish(ci_reports *reports, const secscan_coverage *coverage,
                      int exit_code);
void ci_reports_free(ci_reports *reports);

#endif
