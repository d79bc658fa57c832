/*
 * ci_reports.c: reports beside those of the command line, fed by the same scan.
 */
#include "ci_reports.h"

#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int write_some(void *ctx, const char *data, size_t len)
{
    ci_report *report = ctx;

    while (len > 0) {
        ssize_t n = write(report->fd, data, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            report->error = errno;
            return -1;
        }
        data += n;
        len -= (size_t)n;
    }
    return 0;
}

/* ---- before the scan ---------------------------------------------------- */

static int make(ci_reports *out, const cli_args *args,
                const secscan_rules *rules, const char *format,
                const char *name, const char *path)
{
    ci_report *report = &out->at[out->n];
    secscan_report_options options = {.size = sizeof(options),
                                      .format = format};
    secscan_error err = {0};
    int rc;

    *report = (ci_report){.name = name, .path = path, .fd = -1};
    for (size_t i = 0; i < args->n_reports; i++) {
        if (args->reports[i].format &&
            strcmp(args->reports[i].format, format) == 0)
            return 0;
    }
    if (args->shows_secrets)
        options.flags |= SECSCAN_REPORT_SHOW_SECRETS;
    rc = secscan_report_new(&report->report, rules, &options, write_some,
                            report, &err);
    if (rc == SECSCAN_ERR_ARG)
        return 0; /* a library that has no such format */
    if (rc)
        return cli_fail(&err, rc);
    out->n++;
    return 0;
}

int ci_reports_make(ci_reports *out, const ci_event *event,
                    const cli_args *args, const secscan_rules *rules,
                    int has_log)
{
    int code = 0;

    if (event->summary)
        code = make(out, args, rules, "markdown", "the job's summary",
                    event->summary);
    if (!code && event->has_annotations && has_log)
        code = make(out, args, rules, "github", "remarks on the lines", NULL);
    return code;
}

/* ---- during the scan ---------------------------------------------------- */

int ci_reports_finding(ci_reports *reports, const secscan_finding *finding)
{
    int rc = 0;

    for (size_t i = 0; i < reports->n; i++) {
        const secscan_sink *sink = secscan_report_sink(reports->at[i].report);

        rc |= sink->finding(sink->ctx, finding);
    }
    return rc;
}

int ci_reports_skipped(ci_reports *reports, const secscan_skip *skip)
{
    int rc = 0;

    for (size_t i = 0; i < reports->n; i++) {
        const secscan_sink *sink = secscan_report_sink(reports->at[i].report);

        rc |= sink->skipped(sink->ctx, skip);
    }
    return rc;
}

/* ---- behind the scan ---------------------------------------------------- */

/* Other steps may have written to the summary before: it is added to. */
static int open_report(ci_report *report)
{
    if (!report->path) {
        report->fd = STDOUT_FILENO;
        return 0;
    }
    report->fd =
        open(report->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (report->fd < 0)
        report->error = errno;
    return report->fd < 0 ? -1 : 0;
}

static int finish(ci_report *report, const secscan_coverage *coverage,
                  int exit_code)
{
    secscan_error err = {0};
    int rc = open_report(report);

    if (!rc)
        rc = secscan_report_finish(report->report, coverage, exit_code, &err);
    if (report->path && report->fd >= 0 && close(report->fd) && !report->error)
        report->error = errno;
    if (report->error == EPIPE)
        return 0;
    if (report->error) {
        fprintf(stderr, "secscan: %s cannot be written: %s\n",
                report->path ? report->path : "standard output",
                strerror(report->error));
        return CLI_EXIT_INTERNAL;
    }
    return rc ? cli_fail(&err, rc) : 0;
}

int ci_reports_finish(ci_reports *reports, const secscan_coverage *coverage,
                      int exit_code)
{
    int code = 0;

    for (size_t i = 0; i < reports->n; i++) {
        int failed = finish(&reports->at[i], coverage, exit_code);

        code = code ? code : failed;
    }
    return code;
}

void ci_reports_free(ci_reports *reports)
{
    for (size_t i = 0; i < reports->n; i++)
        secscan_report_free(reports->at[i].report);
}
