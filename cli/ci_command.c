/*
 * ci_command.c: `secscan ci`: read the event, choose the commits, scan them,
 * and end the job's log with what it comes to.
 */
#include "ci_reports.h"
#include "clock.h"

#include "command.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ID_SHOWN 10 /* digits of an id */

typedef struct job {
    cli_args args; /* the scan's */
    ci_event event;
    ci_choice choice;
    ci_reports reports;
    int was_reported, is_complete; /* the scan */
    uint64_t gating;
    FILE *log; /* where a person reads: not between the bytes of a report */
    int64_t began;
} job;

/* ---- the beginning ------------------------------------------------------ */

static const char *path_of(const job *j)
{
    return j->args.n_operands ? j->args.operands[0] : ".";
}

/* A log needs something to read: text, where nothing else goes to standard
 * output. args.reports has room for one more. 1: it is text. */
static int set_reports(job *j)
{
    cli_report_args *reports = j->args.reports;

    for (size_t i = 0; i < j->args.n_reports; i++) {
        const char *format = reports[i].format;

        if (!reports[i].output || strcmp(reports[i].output, "-") == 0)
            return !format || strcmp(format, "text") == 0;
    }
    reports[j->args.n_reports++] = (cli_report_args){NULL, NULL};
    return 1;
}

/* Options that say what to scan are more than the event. */
static int check_args(const job *j)
{
    if (j->args.n_operands > 1) {
        fputs("secscan: ci takes one repository\n", stderr);
        return CLI_EXIT_USAGE;
    }
    if (j->args.mode == CLI_TREE || j->args.mode == CLI_RANGE ||
        j->args.mode == CLI_HISTORY)
        return 0;
    fputs("secscan: ci takes --history or a range, not --staged or --stdin\n",
          stderr);
    return CLI_EXIT_USAGE;
}

static void set_scan(job *j)
{
    if (j->args.mode == CLI_RANGE)
        return;
    if (j->args.mode == CLI_TREE && j->choice.is_change) {
        j->args.mode = CLI_RANGE;
        j->args.range = j->choice.range;
        return;
    }
    j->args.mode = CLI_HISTORY;
    if (!j->args.gate_ref)
        j->args.gate_ref = j->choice.range;
}

/* "1a2b3c4d5e..6f7a8b9c0d" */
static void put_range(FILE *out, const char *range)
{
    const char *dots = strstr(range, "..");

    if (dots)
        fprintf(out, "%.*s..", ID_SHOWN, range);
    fprintf(out, "%.*s", ID_SHOWN, dots ? dots + 2 : range);
}

static void put_scope(const job *j)
{
    const char *gate = j->args.gate_ref;

    if (j->args.mode == CLI_RANGE) {
        fputs("what ", j->log);
        put_range(j->log, j->choice.range);
        fputs(" brings in", j->log);
    } else {
        fputs("the whole history; what gates is what ", j->log);
        if (gate == j->choice.range)
            put_range(j->log, gate);
        else
            fputs(gate, j->log);
        fputs(strstr(gate, "..") ? " brings in" : " reaches", j->log);
    }
}

/* Which job this is, and what follows from that. */
static void tell_beginning(const job *j)
{
    if (j->args.is_quiet)
        return;
    fprintf(j->log, "secscan ci: %s", j->event.system);
    if (j->event.name)
        fprintf(j->log, ", %s", j->event.name);
    if (j->event.is_fork)
        fputs(" from a fork", j->log);
    fputs(": ", j->log);
    if (j->choice.range)
        put_scope(j);
    else
        fputs("the range that was asked for", j->log);
    if (j->choice.why)
        fprintf(j->log, " (%s)", j->choice.why);
    fputs("\n\n", j->log);
    fflush(j->log);
}

/* ---- the scan ----------------------------------------------------------- */

static int on_begin(void *ctx, const secscan_rules *rules)
{
    job *j = ctx;

    return ci_reports_make(&j->reports, &j->event, &j->args, rules,
                           j->log == stdout);
}

static int on_finding(void *ctx, const secscan_finding *finding)
{
    return ci_reports_finding(&((job *)ctx)->reports, finding);
}

static int on_skipped(void *ctx, const secscan_skip *skip)
{
    return ci_reports_skipped(&((job *)ctx)->reports, skip);
}

static int on_end(void *ctx, const secscan_coverage *coverage, int code)
{
    job *j = ctx;
    int failed;

    j->was_reported = 1;
    j->is_complete = coverage->is_complete != 0;
    j->gating = coverage->gating;
    fflush(j->log);
    failed = ci_reports_finish(&j->reports, coverage, code);
    return failed ? failed : code;
}

/* ---- the end ------------------------------------------------------------ */

static const char *word_of(int code)
{
    switch (code) {
    case CLI_EXIT_CLEAN:
        return "PASSED";
    case CLI_EXIT_INCOMPLETE:
        return "INCOMPLETE";
    case CLI_EXIT_INTERRUPTED:
        return "INTERRUPTED";
    default:
        return "FAILED";
    }
}

static void tell_reports(const job *j)
{
    const char *comma = "  reports   ";

    for (size_t i = 0; i < j->args.n_reports; i++) {
        const char *output = j->args.reports[i].output;

        if (!output || strcmp(output, "-") == 0)
            continue;
        fprintf(j->log, "%s%s", comma, output);
        comma = ", ";
    }
    for (size_t i = 0; i < j->reports.n; i++, comma = ", ")
        fprintf(j->log, "%s%s", comma, j->reports.at[i].name);
    if (*comma == ',')
        fputc('\n', j->log);
}

/* "FAILED: 1 new secret, complete, exit 1, 1.4 s" */
static void tell_verdict(const job *j, int code)
{
    double seconds = (double)(cli_clock_ms() - j->began) / 1000;
    uint64_t n = j->gating;

    fputs(word_of(code), j->log);
    if (!j->was_reported)
        fputs(": nothing was scanned", j->log);
    else if (n)
        fprintf(j->log, ": %" PRIu64 "%s secret%s", n,
                j->choice.is_change ? " new" : "", n == 1 ? "" : "s");
    if (j->was_reported)
        fputs(j->is_complete ? ", complete" : ", not everything was read",
              j->log);
    fprintf(j->log, ", exit %d, %.*f s\n", code, seconds < 0.1 ? 3 : 1,
            seconds);
}

/* The exact lines that bring what is missing. */
static void tell_fix(const char *what, const char *fix)
{
    fprintf(stderr, "secscan: %s. In the job's file:\n\n%s\n", what, fix);
}

/* GitHub shows it beside the job; the line is all there is to it. */
static void annotate(const job *j, const char *what)
{
    if (j->event.has_annotations)
        fprintf(j->log,
                "::error title=secscan::%s; the log says what to "
                "change\n",
                what);
}

static int fail_lack(const job *j)
{
    const char *what = j->choice.is_shallow
                           ? "this clone is shallow, and too little is here "
                             "to tell what the change brings in"
                           : j->choice.lack;

    tell_fix(what, j->choice.fix);
    annotate(j, what);
    tell_verdict(j, CLI_EXIT_INCOMPLETE);
    return CLI_EXIT_INCOMPLETE;
}

static int tell_end(const job *j, int code)
{
    if (j->choice.is_shallow && !j->is_complete && code != CLI_EXIT_USAGE &&
        code != CLI_EXIT_INTERRUPTED) {
        tell_fix("this clone is shallow: what is not here was not read",
                 j->event.fix_depth);
        annotate(j, "this clone is shallow: not everything was read");
    }
    if (j->args.is_quiet)
        return code;
    if (j->was_reported)
        tell_reports(j);
    tell_verdict(j, code);
    return code;
}

/* ---- the job ------------------------------------------------------------ */

static int scan(job *j)
{
    const cli_watch watch = {j, on_begin, on_finding, on_skipped, on_end};

    j->args.watch = &watch;
    set_scan(j);
    if (cli_args_check(&j->args))
        return CLI_EXIT_USAGE;
    tell_beginning(j);
    return tell_end(j, cli_scan(&j->args));
}

static int run(job *j)
{
    int code = check_args(j);

    if (!code && j->args.mode == CLI_RANGE)
        return scan(j);
    if (!code && j->event.kind == CI_DELETED) {
        fputs("secscan ci: a ref was deleted: there is nothing to scan\n",
              j->log);
        return CLI_EXIT_CLEAN;
    }
    if (!code)
        code = ci_choose(&j->choice, &j->event, path_of(j));
    if (code)
        return code;
    return j->choice.lack ? fail_lack(j) : scan(j);
}

int cli_ci(const cli_args *args)
{
    job j = {.args = *args, .began = cli_clock_ms()};
    int code;

    j.args.command = NULL;
    j.log = set_reports(&j) ? stdout : stderr;
    code = ci_event_read(&j.event);
    /* Whoever says what to scan needs no event. */
    if (code && args->mode == CLI_RANGE)
        code = 0;
    if (!code)
        code = run(&j);
    ci_reports_free(&j.reports);
    free(j.choice.range);
    ci_event_release(&j.event);
    return code;
}
