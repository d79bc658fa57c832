/*
 * reports.c: several reports of one scan. A finding goes to each in turn; a
 * report that fails does not keep the others from being written.
 */
#include "reports.h"

#include "command.h"
#include "terminal.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- the sink ----------------------------------------------------------- */

static int on_finding(void *ctx, const secscan_finding *finding)
{
    cli_reports *reports = ctx;
    int rc = 0;

    for (size_t i = 0; i < reports->n; i++)
        rc |= reports->at[i].sink->finding(reports->at[i].sink->ctx, finding);
    return rc;
}

static int on_skipped(void *ctx, const secscan_skip *skip)
{
    cli_reports *reports = ctx;
    int rc = 0;

    for (size_t i = 0; i < reports->n; i++)
        rc |= reports->at[i].sink->skipped(reports->at[i].sink->ctx, skip);
    return rc;
}

/* ---- set up ------------------------------------------------------------- */

/* A hook that is asked for nothing else says few words where git shows them. */
static int is_for_git(const cli_args *args)
{
    return cli_args_is_hook(args) && !args->format;
}

static const char *format_of(const cli_args *args, size_t i)
{
    return is_for_git(args) ? "hook" : args->reports[i].format;
}

int cli_reports_open(cli_reports *reports, const cli_args *args)
{
    int rc = 0;

    reports->began = now();
    reports->at = calloc(args->n_reports, sizeof(*reports->at));
    if (!reports->at)
        return CLI_EXIT_INTERNAL;
    for (size_t i = 0; i < args->n_reports && !rc; i++) {
        reports->at[i].format = format_of(args, i);
        rc = cli_output_open(&reports->at[i].output, args->reports[i].output,
                             args->shows_secrets);
        reports->n += rc == 0;
    }
    if (!rc && is_for_git(args) && !args->reports[0].output)
        reports->at[0].output.fd = STDERR_FILENO;
    return rc;
}

static uint32_t flags_of(const cli_args *args, int is_file, int fd)
{
    uint32_t flags = 0;

    if (args->shows_secrets)
        flags |= SECSCAN_REPORT_SHOW_SECRETS;
    if (args->watch)
        flags |= SECSCAN_REPORT_NO_VERDICT;
    if (args->is_quiet)
        flags |= SECSCAN_REPORT_QUIET;
    if (!cli_terminal_is_utf8())
        flags |= SECSCAN_REPORT_ASCII;
    if (!is_file && !args->has_no_color && cli_terminal_has_color(fd))
        flags |= SECSCAN_REPORT_COLOR;
    return flags;
}

static int make_report(cli_report *report, const cli_args *args,
                       const secscan_rules *rules,
                       const cli_report_about *about, secscan_error *err)
{
    int is_file = report->output.path != NULL;
    int fd = report->output.fd;
    secscan_report_options options = {.size = sizeof(options),
                                      .flags = flags_of(args, is_file, fd),
                                      .width = is_file ? 100
                                                       : cli_terminal_width(fd),
                                      .format = report->format,
                                      .target = about->target,
                                      .event = about->event,
                                      .remote = about->remote};
    int rc;

    rc = secscan_report_new(&report->report, rules, &options, cli_output_write,
                            &report->output, err);
    if (rc == 0)
        report->sink = secscan_report_sink(report->report);
    return rc;
}

int cli_reports_make(cli_reports *reports, const cli_args *args,
                     const secscan_rules *rules, const cli_report_about *about,
                     secscan_error *err)
{
    int rc = 0;

    reports->sink = (secscan_sink){sizeof(reports->sink), reports, on_finding,
                                   on_skipped, NULL};
    for (size_t i = 0; i < reports->n && !rc; i++)
        rc = make_report(&reports->at[i], args, rules, about, err);
    return rc;
}

int cli_reports_is_plain(const cli_reports *reports)
{
    const cli_report *first = reports->at;

    return reports->n == 1 &&
           (!first->format || strcmp(first->format, "text") == 0 ||
            strcmp(first->format, "hook") == 0);
}

/* ---- the end --------------------------------------------------------------
 */

static int finish_report(cli_report *report, const secscan_coverage *coverage,
                         int exit_code)
{
    secscan_error err = {0};
    const char *note;
    int rc, code;

    rc = secscan_report_finish(report->report, coverage, exit_code, &err);
    code = cli_output_end(&report->output, rc, &err);
    if (code)
        return code;
    note = secscan_report_note(report->report);
    if (*note)
        fprintf(stderr, "secscan: %s: %s\n",
                report->output.path ? report->output.path : report->format,
                note);
    return 0;
}

int cli_reports_finish(cli_reports *reports, const secscan_coverage *coverage,
                       int exit_code)
{
    int64_t ended = now();
    int code = 0;

    for (size_t i = 0; i < reports->n; i++) {
        int failed;

        secscan_report_set_times(reports->at[i].report, reports->began, ended);
        failed = finish_report(&reports->at[i], coverage, exit_code);
        code = code ? code : failed;
    }
    return code;
}

void cli_reports_close(cli_reports *reports)
{
    for (size_t i = 0; i < reports->n; i++) {
        secscan_report_free(reports->at[i].report);
        cli_output_close(&reports->at[i].output);
    }
    free(reports->at);
}
