/*
 * scan_command.c: one scan: rules, scanner, report, exit code.
 */
#include "command.h"
#include "output.h"
#include "policy.h"
#include "progress.h"
#include "terminal.h"

#include <secscan_git.h>

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define READ_SIZE ((size_t)1 << 20)

typedef struct scan {
    const cli_args *args;
    secscan_rules *rules;
    secscan_policy *policy;
    char *range; /* NULL: none is asked for */
    secscan_scanner *scanner;
    secscan_report *report;
    const secscan_sink *report_sink;
    secscan_sink sink;
    cli_output output;
    cli_progress progress;
    secscan_progress last; /* how far it got */
    secscan_error err;
    char why[160];
} scan;

static volatile sig_atomic_t is_interrupted;

/* The second one ends the program at once: SA_RESETHAND. */
static void on_interrupt(int number)
{
    (void)number;
    is_interrupted = 1;
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_interrupt,
                               .sa_flags = (int)SA_RESETHAND};

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    action.sa_handler = SIG_IGN;
    action.sa_flags = 0;
    sigaction(SIGPIPE, &action, NULL);
}

/* ---- the sink: the report's, which an interrupt stops -------------------- */

static int on_finding(void *ctx, const secscan_finding *finding)
{
    scan *s = ctx;

    const cli_watch *watch = s->args->watch;

    if (watch && watch->finding(watch->ctx, finding))
        return 1;
    return s->report_sink->finding(s->report_sink->ctx, finding) ||
           is_interrupted;
}

static int on_skipped(void *ctx, const secscan_skip *skip)
{
    scan *s = ctx;

    const cli_watch *watch = s->args->watch;

    if (watch && watch->skipped(watch->ctx, skip))
        return 1;
    return s->report_sink->skipped(s->report_sink->ctx, skip) || is_interrupted;
}

static int on_progress(void *ctx, const secscan_progress *state)
{
    scan *s = ctx;

    s->last = *state;
    cli_progress_show(&s->progress, state);
    return is_interrupted;
}

/* ---- set up ---------------------------------------------------------------
 */

/* In UTC: the same wherever it runs. */
static const char *write_today(char out[sizeof("2026-11-25")])
{
    time_t now = time(NULL);
    struct tm day = {0};

    gmtime_r(&now, &day);
    strftime(out, sizeof("2026-11-25"), "%Y-%m-%d", &day);
    return out;
}

/* The place of `word` among the names of an enumeration; NULL is the first. */
static int choose(scan *s, const char *option, const char *word,
                  const char *(*name)(int), uint32_t *out)
{
    char known[80] = "";
    size_t len = 0;

    *out = 0;
    if (!word)
        return 0;
    for (int i = 0; strcmp(name(i), "unknown") != 0; i++) {
        if (strcmp(name(i), word) == 0) {
            *out = (uint32_t)i;
            return 0;
        }
        len += (size_t)snprintf(known + len, sizeof(known) - len, "%s%s",
                                i ? ", " : "", name(i));
    }
    snprintf(s->err.message, sizeof(s->err.message), "--%s takes one of: %s",
             option, known);
    return s->err.code = SECSCAN_ERR_ARG;
}

/* What is listed, and what gates. */
static int choose_findings(scan *s, secscan_scan_options *options)
{
    const cli_args *args = s->args;
    int rc;

    rc = choose(s, "profile", args->profile, secscan_profile_name,
                &options->profile);
    if (!rc)
        rc = choose(s, "min-severity", args->min_severity,
                    secscan_severity_name, &options->min_severity);
    if (!rc)
        rc = choose(s, "min-evidence", args->min_evidence,
                    secscan_evidence_name, &options->min_evidence);
    if (!rc)
        rc = choose(s, "gate-severity", args->gate_severity,
                    secscan_severity_name, &options->gate_severity);
    if (!rc)
        rc = choose(s, "gate-evidence", args->gate_evidence,
                    secscan_evidence_name, &options->gate_evidence);
    if (args->is_new_only)
        options->flags |= SECSCAN_SCAN_NEW_ONLY;
    options->min_confidence = (uint32_t)args->min_confidence;
    options->categories = args->categories.at;
    options->n_categories = args->categories.n;
    options->not_categories = args->not_categories.at;
    options->n_not_categories = args->not_categories.n;
    return rc;
}

static int make_scanner(scan *s)
{
    secscan_scan_options options = {.size = sizeof(options)};
    char today[sizeof("2026-11-25")];
    int rc = choose_findings(s, &options);

    if (rc)
        return rc;
    options.acknowledged = s->args->acknowledged;
    options.today = write_today(today);

    options.threads = (uint32_t)s->args->threads;
    options.max_file_size = s->args->max_file_size;
    options.max_object_size = s->args->max_file_size;
    options.policy = s->policy;
    if (s->args->has_no_suppress)
        options.flags |= SECSCAN_SCAN_NO_SUPPRESS;
    return secscan_scanner_new(&s->scanner, s->rules, &options, &s->err);
}

/* What was scanned, if it has one name. */
static const char *target_of(const cli_args *args)
{
    if (cli_args_is_stdin(args))
        return args->name;
    if (args->n_operands > 1)
        return NULL;
    return args->n_operands ? args->operands[0] : ".";
}

static int make_report(scan *s)
{
    const cli_args *args = s->args;
    int is_file = s->output.path != NULL;
    secscan_report_options options = {.size = sizeof(options)};
    int rc;

    options.format = args->format;
    options.target = target_of(args);
    options.width = is_file ? 100 : cli_terminal_width(STDOUT_FILENO);
    if (args->shows_secrets)
        options.flags |= SECSCAN_REPORT_SHOW_SECRETS;
    if (args->is_quiet)
        options.flags |= SECSCAN_REPORT_QUIET;
    if (args->watch)
        options.flags |= SECSCAN_REPORT_NO_VERDICT;
    if (!cli_terminal_is_utf8())
        options.flags |= SECSCAN_REPORT_ASCII;
    if (!is_file && !args->has_no_color &&
        cli_terminal_has_color(STDOUT_FILENO))
        options.flags |= SECSCAN_REPORT_COLOR;
    rc = secscan_report_new(&s->report, s->rules, &options, cli_output_write,
                            &s->output, &s->err);
    if (rc)
        return rc;
    s->report_sink = secscan_report_sink(s->report);
    s->sink =
        (secscan_sink){sizeof(s->sink), s, on_finding, on_skipped, on_progress};
    return 0;
}

/* In a hook, git may have prepared another index than the repository's. */
static const char *hook_index(void)
{
    const char *path = getenv("GIT_INDEX_FILE");

    return path && *path ? path : NULL;
}

/* --range as it is; --since-commit C is C..HEAD, --branch B all of B. The
 * caller frees it. */
static char *range_of(const cli_args *args)
{
    const char *since = args->since_commit ? args->since_commit : "";
    const char *to = args->branch ? args->branch : "HEAD";
    size_t size;
    char *range;

    if (args->range)
        return strdup(args->range);
    size = strlen(since) + strlen(to) + sizeof("..");
    range = malloc(size);
    if (range)
        snprintf(range, size, "%s%s%s", since, *since ? ".." : "", to);
    return range;
}

static const secscan_git_options *git_options(scan *s,
                                              secscan_git_options *options)
{
    static const uint32_t modes[] = {[CLI_HISTORY] = SECSCAN_GIT_HISTORY,
                                     [CLI_RANGE] = SECSCAN_GIT_RANGE,
                                     [CLI_STAGED] = SECSCAN_GIT_STAGED};
    int mode = s->args->mode;

    *options = (secscan_git_options){.size = sizeof(*options)};
    if (mode != CLI_HISTORY && mode != CLI_RANGE && mode != CLI_STAGED)
        return NULL;
    options->mode = modes[mode];
    options->flags = SECSCAN_GIT_OWNS_LIBGIT2;
    options->range = s->range;
    if (mode == CLI_STAGED)
        options->index = hook_index();
    return options;
}

static int make_policy(scan *s)
{
    secscan_git_options options;

    if (s->args->mode == CLI_RANGE) {
        s->range = range_of(s->args);
        if (!s->range)
            return SECSCAN_ERR_NOMEM;
    }
    return cli_policy(&s->policy, s->args, git_options(s, &options), &s->err);
}

/* 0, or the exit code. */
static int set_up(scan *s)
{
    const cli_watch *watch = s->args->watch;
    int code, rc;

    code = cli_load_rules(&s->rules, s->args);
    if (code)
        return code;
    rc = make_policy(s);
    if (rc == 0)
        rc = make_scanner(s);
    if (rc == 0)
        rc = make_report(s);
    if (rc)
        return cli_fail(&s->err, rc);
    return watch ? watch->begin(watch->ctx, s->rules) : 0;
}

/* ---- the scans --------------------------------------------------------------
 */

/* Of a read, fed to the stream: 0 at the end, 1 for more, or a status. */
static int feed_some(scan *s, char *data)
{
    ssize_t n = read(STDIN_FILENO, data, READ_SIZE);

    if (is_interrupted)
        return 0;
    if (n < 0 && errno == EINTR)
        return 1;
    if (n < 0) {
        s->err = (secscan_error){.code = SECSCAN_ERR_IO};
        snprintf(s->err.message, sizeof(s->err.message),
                 "standard input cannot be read: %s", strerror(errno));
        return SECSCAN_ERR_IO;
    }
    if (n == 0)
        return 0;
    n = secscan_stream_feed(s->scanner, data, (size_t)n, &s->err);
    return n ? (int)n : 1;
}

static int scan_stdin(scan *s)
{
    char *data = malloc(READ_SIZE);
    int rc, rc_end;

    if (!data)
        return SECSCAN_ERR_NOMEM;
    rc = secscan_stream_begin(s->scanner, s->args->name, &s->sink, &s->err);
    if (rc == 0) {
        do
            rc = feed_some(s, data);
        while (rc == 1 && !is_interrupted);
        rc_end = secscan_stream_end(s->scanner, rc < 0 ? NULL : &s->err);
        rc = rc < 0 ? rc : rc_end;
    }
    explicit_bzero(data, READ_SIZE);
    free(data);
    return rc;
}

static int scan_tree(scan *s)
{
    static const char *const here[] = {"."};
    secscan_tree_options options = {.size = sizeof(options)};
    size_t n = s->args->n_operands;

    if (s->args->has_no_gitignore)
        options.flags |= SECSCAN_TREE_NO_GITIGNORE;
    if (s->args->follows_symlinks)
        options.flags |= SECSCAN_TREE_FOLLOW_SYMLINKS;
    return secscan_scan_tree(s->scanner, n ? s->args->operands : here,
                             n ? n : 1, &options, &s->sink, &s->err);
}

/* At most so many bytes: a key, not a document. */
#define MAX_KEY 4096

/* The key that seals the cache; an empty one would seal nothing. */
static int read_key(scan *s, char *out, size_t *len)
{
    const char *path = s->args->cache_key;
    FILE *file = fopen(path, "rb");

    *len = file ? fread(out, 1, MAX_KEY, file) : 0;
    if (file)
        fclose(file);
    if (*len && *len < MAX_KEY)
        return 0;
    snprintf(s->err.message, sizeof(s->err.message),
             "%.150s cannot be read, is empty, or is no key", path);
    return s->err.code = SECSCAN_ERR_ARG;
}

static int scan_git(scan *s)
{
    const char *path = s->args->n_operands ? s->args->operands[0] : ".";
    secscan_git_options options;
    char key[MAX_KEY];

    git_options(s, &options);
    if (s->args->gates_unreachable)
        options.flags |= SECSCAN_GIT_GATE_UNREACHABLE;
    if (s->args->is_by_name)
        options.flags |= SECSCAN_GIT_BY_NAME;
    if (s->args->has_no_submodules)
        options.flags |= SECSCAN_GIT_NO_SUBMODULES;
    options.gate_ref = s->args->gate_ref;
    options.cache = s->args->cache;
    if (s->args->cache_key) {
        if (read_key(s, key, &options.cache_key_len))
            return s->err.code;
        options.cache_key = key;
    }
    return secscan_scan_git(s->scanner, path, &options, &s->sink, &s->err);
}

static int run_scan(scan *s)
{
    if (cli_args_is_stdin(s->args))
        return scan_stdin(s);
    switch (s->args->mode) {
    case CLI_HISTORY:
    case CLI_RANGE:
    case CLI_STAGED:
        return scan_git(s);
    default:
        return scan_tree(s);
    }
}

/* ---- the end
 * ------------------------------------------------------------------ */

static int exit_code_of(const scan *s, const secscan_coverage *coverage, int rc)
{
    int code = secscan_coverage_exit_code(coverage);

    if (is_interrupted)
        return CLI_EXIT_INTERRUPTED;
    if (rc == SECSCAN_ERR_NOMEM || rc == SECSCAN_ERR_INTERNAL ||
        rc == SECSCAN_ERR_BUSY)
        return CLI_EXIT_INTERNAL;
    if (code != CLI_EXIT_FOUND)
        return code;
    if (!s->args->is_exit_zero && s->args->exit_code)
        return (int)s->args->exit_code;
    return coverage->is_complete ? CLI_EXIT_CLEAN : CLI_EXIT_INCOMPLETE;
}

/* A person needs no report of nothing; a program gets one that says so. */
static int is_mute(const scan *s, const secscan_coverage *coverage, int rc)
{
    const char *format = s->args->format;

    return rc < 0 && coverage->units == 0 && coverage->findings == 0 &&
           (!format || strcmp(format, "text") == 0);
}

/* Why the report ends early, in it and on standard error. */
static const char *why_incomplete(scan *s, int rc)
{
    if (is_interrupted && s->args->mode == CLI_HISTORY) {
        snprintf(s->why, sizeof(s->why),
                 "interrupted while %s, after %" PRIu64 " of %" PRIu64
                 " objects: a history's secrets are known when all of it is "
                 "read",
                 s->last.phase ? s->last.phase : "listing", s->last.units_done,
                 s->last.units_total);
        return s->why;
    }
    if (is_interrupted)
        return "interrupted: this is what was found so far";
    return rc && rc != SECSCAN_STOPPED ? s->err.message : NULL;
}

static int finish(scan *s, int rc)
{
    const cli_watch *watch = s->args->watch;
    secscan_coverage coverage = *secscan_scanner_coverage(s->scanner);
    const char *why = why_incomplete(s, rc);
    int code, rc_report;

    if (is_mute(s, &coverage, rc))
        return cli_fail(&s->err, rc);
    if (rc || is_interrupted)
        coverage.is_complete = 0;
    if (why)
        coverage.warning = why;
    code = exit_code_of(s, &coverage, rc);
    rc_report = secscan_report_finish(s->report, &coverage, code, &s->err);
    if (rc_report && !s->output.error)
        return cli_fail(&s->err, rc_report);
    if (cli_output_commit(&s->output))
        return CLI_EXIT_INTERNAL;
    cli_progress_time(&s->progress);
    if (why)
        fprintf(stderr, "secscan: %s\n", why);
    else if (!coverage.is_complete && s->args->is_quiet)
        fputs("secscan: incomplete: not everything was read\n", stderr);
    return watch ? watch->end(watch->ctx, &coverage, code) : code;
}

static int scan_and_report(scan *s)
{
    int rc;

    rc = cli_output_open(&s->output, s->args->output, s->args->shows_secrets);
    if (rc)
        return rc;
    rc = set_up(s);
    if (rc)
        return rc;
    cli_progress_start(&s->progress, s->args->is_quiet);
    rc = run_scan(s);
    cli_progress_end(&s->progress);
    if (rc == SECSCAN_ERR_ARG || rc == SECSCAN_ERR_RULE)
        return cli_fail(&s->err, rc);
    return finish(s, rc);
}

/* A path that is not there is a mistake, not something to skip. */
static int check_paths(const cli_args *args)
{
    const char *near;
    struct stat st;

    if (cli_args_is_stdin(args))
        return 0;
    for (size_t i = 0; i < args->n_operands; i++) {
        if (lstat(args->operands[i], &st) == 0)
            continue;
        fprintf(stderr, "secscan: %s: %s", args->operands[i], strerror(errno));
        near = i ? NULL : cli_command_near(args->operands[i]);
        if (near)
            fprintf(stderr, "; did you mean `secscan %s`?", near);
        fputs("\n", stderr);
        return CLI_EXIT_USAGE;
    }
    return 0;
}

int cli_scan(const cli_args *args)
{
    scan s = {.args = args};
    int code;

    code = check_paths(args);
    if (code)
        return code;
    catch_signals();
    code = scan_and_report(&s);
    secscan_report_free(s.report);
    secscan_scanner_free(s.scanner);
    secscan_policy_free(s.policy);
    free(s.range);
    secscan_rules_free(s.rules);
    cli_output_close(&s.output);
    return code;
}
