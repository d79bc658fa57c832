/*
 * scan_command.c: one scan: rules, scanner, report, exit code.
 */
#include "clock.h"
#include "command.h"
#include "config.h"
#include "containers.h"
#include "object_dirs.h"
#include "policy.h"
#include "progress.h"
#include "reports.h"
#include "skip.h"
#include "stop.h"
#include "terminal.h"
#include "updates.h"
#include "work_list.h"

#include <secscan_git.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define READ_SIZE ((size_t)1 << 20)

typedef struct scan {
    const cli_args *args;
    cli_config config;
    secscan_rules *rules;
    secscan_policy *policy;
    char *range; /* NULL: none is asked for */
    secscan_scanner *scanner;
    cli_reports reports;
    secscan_sink sink;
    cli_progress progress;
    secscan_progress last; /* how far it got */
    secscan_error err;
    char why[160];
    int64_t start; /* milliseconds */
    cli_skips skips;
    cli_updates updates; /* of a push */
    cli_object_dirs object_dirs;
    char remote[256];     /* as it is shown */
    cli_work_list listed; /* to be scanned */
    cli_work_list list;   /* what a deadline has left */
} scan;

/* ---- the sink: the reports', which an interrupt stops -------------------- */

static int on_finding(void *ctx, const secscan_finding *finding)
{
    scan *s = ctx;

    const cli_watch *watch = s->args->watch;

    finding = cli_skips_take(&s->skips, finding);
    if (watch && watch->finding(watch->ctx, finding))
        return 1;
    return s->reports.sink.finding(&s->reports, finding) || cli_stop_is_asked();
}

static int on_skipped(void *ctx, const secscan_skip *skip)
{
    scan *s = ctx;

    const cli_watch *watch = s->args->watch;

    if (watch && watch->skipped(watch->ctx, skip))
        return 1;
    if (strcmp(skip->reason, "deadline") == 0 &&
        cli_work_list_add(&s->list, skip->object))
        return SECSCAN_ERR_NOMEM;
    return s->reports.sink.skipped(&s->reports, skip) || cli_stop_is_asked();
}

static int on_progress(void *ctx, const secscan_progress *state)
{
    scan *s = ctx;

    s->last = *state;
    cli_progress_show(&s->progress, state);
    return cli_stop_is_asked();
}

/* ---- set up ---------------------------------------------------------------
 */

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
    options->min_password_length = (uint32_t)args->min_password_length;
    options->categories = args->categories.at;
    options->n_categories = args->categories.n;
    options->not_categories = args->not_categories.at;
    options->n_not_categories = args->not_categories.n;
    return rc;
}

static int make_scanner(scan *s)
{
    secscan_scan_options options = {.size = sizeof(options)};
    char today[CLI_DAY];
    int rc = choose_findings(s, &options);

    if (rc)
        return rc;
    options.acknowledged = s->args->acknowledged;
    options.today = cli_clock_today(today);

    if (s->config.policy)
        options.policy_digest = secscan_config_digest(s->config.policy);
    options.threads = (uint32_t)s->args->threads;
    options.max_file_size = s->args->max_file_size;
    options.max_object_size = s->args->max_file_size;
    options.policy = s->policy;
    cli_containers_choose(s->args, &options);
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

static const char *event_of(const cli_args *args)
{
    if (args->mode == CLI_PRE_RECEIVE)
        return "receive";
    return args->mode == CLI_PRE_PUSH ? "push" : "commit";
}

static int make_reports(scan *s)
{
    const cli_report_about about = {
        cli_args_is_hook(s->args) ? NULL : target_of(s->args),
        event_of(s->args), s->remote[0] ? s->remote : NULL};

    s->sink =
        (secscan_sink){sizeof(s->sink), s, on_finding, on_skipped, on_progress};
    return cli_reports_make(&s->reports, s->args, s->rules, &about, &s->err);
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

/* What comes in is kept apart until the hooks have agreed. */
static void set_push(const scan *s, secscan_git_options *options)
{
    options->updates = s->updates.at;
    options->n_updates = s->updates.n;
    if (s->args->mode == CLI_PRE_RECEIVE)
        options->flags |= SECSCAN_GIT_RECEIVE;
    else
        options->remote = s->args->n_operands ? s->args->operands[0] : NULL;
    options->object_dirs = (const char *const *)s->object_dirs.at;
    options->n_object_dirs = s->object_dirs.n;
}

/* What is asked of the repository; NULL: the mode is none of git's. */
static const secscan_git_options *git_options(scan *s,
                                              secscan_git_options *options)
{
    static const struct {
        int is_git;
        uint32_t mode;
    } modes[] = {
        [CLI_HISTORY] = {1, SECSCAN_GIT_HISTORY},
        [CLI_RANGE] = {1, SECSCAN_GIT_RANGE},
        [CLI_STAGED] = {1, SECSCAN_GIT_STAGED},
        [CLI_PRE_COMMIT] = {1, SECSCAN_GIT_STAGED},
        [CLI_PRE_PUSH] = {1, SECSCAN_GIT_PUSH},
        [CLI_PRE_RECEIVE] = {1, SECSCAN_GIT_PUSH},
        [CLI_WORK_LIST] = {1, SECSCAN_GIT_RANGE},
    };
    const int mode = s->args->mode;

    *options = (secscan_git_options){.size = sizeof(*options)};
    if (!modes[mode].is_git)
        return NULL;
    options->mode = modes[mode].mode;
    options->flags = SECSCAN_GIT_OWNS_LIBGIT2;
    options->range = s->range;
    options->commits = (const char *const *)s->listed.ids;
    options->n_commits = s->listed.n;
    options->gate_ref = s->args->gate_ref;
    if (options->mode == SECSCAN_GIT_STAGED)
        options->index = hook_index();
    if (options->mode == SECSCAN_GIT_PUSH)
        set_push(s, options);
    return options;
}

static int make_policy(scan *s)
{
    secscan_git_options options;

    return cli_policy(&s->policy, s->args, git_options(s, &options), &s->err);
}

/* 0, or the exit code. */
static int set_up(scan *s)
{
    const cli_watch *watch = s->args->watch;
    int code, rc;

    code = cli_config_rules(&s->rules, &s->config);
    if (code)
        return code;
    rc = make_policy(s);
    if (rc == 0)
        rc = make_scanner(s);
    if (rc == 0)
        rc = make_reports(s);
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

    if (cli_stop_is_asked())
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
        while (rc == 1 && !cli_stop_is_asked());
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
    const char *path = cli_repository(s->args);
    secscan_git_options options;
    char key[MAX_KEY];

    git_options(s, &options);
    if (s->args->gates_unreachable)
        options.flags |= SECSCAN_GIT_GATE_UNREACHABLE;
    if (s->args->is_by_name)
        options.flags |= SECSCAN_GIT_BY_NAME;
    if (s->args->has_no_submodules)
        options.flags |= SECSCAN_GIT_NO_SUBMODULES;
    options.deadline = s->args->deadline;
    options.cache = s->args->cache;
    if (s->args->cache_key) {
        if (read_key(s, key, &options.cache_key_len))
            return s->err.code;
        options.cache_key = key;
    }
    return secscan_scan_git(s->scanner, path, &options, &s->sink, &s->err);
}

/* Git tells its hooks where the repository is. */
const char *cli_repository(const cli_args *args)
{
    const char *dir = getenv("GIT_DIR");

    if (cli_args_is_hook(args))
        return dir && *dir ? dir : ".";
    return args->n_operands ? args->operands[0] : ".";
}

static int run_scan(scan *s)
{
    if (cli_args_is_stdin(s->args))
        return scan_stdin(s);
    switch (s->args->mode) {
    case CLI_HISTORY:
    case CLI_RANGE:
    case CLI_WORK_LIST:
    case CLI_STAGED:
    case CLI_PRE_COMMIT:
    case CLI_PRE_PUSH:
    case CLI_PRE_RECEIVE:
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

    if (cli_stop_is_interrupt())
        return CLI_EXIT_INTERRUPTED;
    if (rc == SECSCAN_ERR_NOMEM || rc == SECSCAN_ERR_INTERNAL ||
        rc == SECSCAN_ERR_BUSY)
        return CLI_EXIT_INTERNAL;
    if (code != CLI_EXIT_FOUND)
        return code;
    if (s->args->is_exit_zero || cli_config_is_report_only(s->args))
        return coverage->is_complete ? CLI_EXIT_CLEAN : CLI_EXIT_INCOMPLETE;
    if (s->args->exit_code)
        return (int)s->args->exit_code;
    return coverage->is_complete ? CLI_EXIT_CLEAN : CLI_EXIT_INCOMPLETE;
}

/* A person needs no report of nothing; a program gets one that says so. */
static int is_mute(const scan *s, const secscan_coverage *coverage, int rc)
{
    return rc < 0 && coverage->units == 0 && coverage->findings == 0 &&
           cli_reports_is_plain(&s->reports);
}

/* Why the report ends early, in it and on standard error. */
static const char *why_incomplete(scan *s, int rc)
{
    if (cli_stop_is_interrupt() && s->args->mode == CLI_HISTORY) {
        snprintf(s->why, sizeof(s->why),
                 "interrupted while %s, after %" PRIu64 " of %" PRIu64
                 " objects: a history's secrets are known when all of it is "
                 "read",
                 s->last.phase ? s->last.phase : "listing", s->last.units_done,
                 s->last.units_total);
        return s->why;
    }
    if (cli_stop_is_interrupt())
        return "interrupted: this is what was found so far";
    if (cli_stop_is_timeout()) {
        snprintf(s->why, sizeof(s->why), "timed out after %" PRIu64 " ms%s",
                 s->args->timeout,
                 s->args->mode == CLI_HISTORY
                     ? ": a history's secrets are known when all of it is read"
                     : ": this is what was found so far");
        return s->why;
    }
    return rc && rc != SECSCAN_STOPPED ? s->err.message : NULL;
}

/* Nothing is known: what waits for an answer does not get a good one. */
static int fail(const scan *s, int rc)
{
    static const char *const ways[] = {
        [CLI_PRE_COMMIT] = "commit BLOCKED: nothing was checked (once: git "
                           "commit --no-verify)",
        [CLI_PRE_PUSH] = "push BLOCKED: nothing was checked (once: git push "
                         "--no-verify)",
        [CLI_PRE_RECEIVE] = "push BLOCKED: nothing was checked",
    };
    int code = cli_fail(&s->err, rc);

    if (cli_args_is_hook(s->args))
        fprintf(stderr, "secscan: %s\n", ways[s->args->mode]);
    return code;
}

/* All that is missing is what came too late. */
static int is_only_late(const secscan_coverage *coverage)
{
    for (size_t i = 0; i < coverage->n_skips; i++) {
        if (coverage->skips[i].is_incomplete &&
            strcmp(coverage->skips[i].reason, "deadline") != 0)
            return 0;
    }
    return 1;
}

/* Whoever pushes to a server need not know its paths. */
static void tell_left(const scan *s, const char *path)
{
    const char *what = s->list.n == 1 ? "commit" : "commits";

    if (s->args->mode == CLI_PRE_RECEIVE)
        fprintf(stderr,
                "secscan: %zu %s left by the deadline, to be read later\n",
                s->list.n, what);
    else
        fprintf(stderr,
                "secscan: %zu %s left by the deadline: secscan --work-list %s "
                "reads %s\n",
                s->list.n, what, path, s->list.n == 1 ? "it" : "them");
}

/* 0, or -1: it is not written. Of a push that is turned away nothing stays. */
static int write_list(const scan *s, int code)
{
    const char *given = s->args->deadline_list;
    char name[64], *own = NULL;
    int rc;

    if (!s->list.n || (s->args->mode == CLI_PRE_RECEIVE && code))
        return 0;
    snprintf(name, sizeof(name), "left-%" PRId64 "-%ld.list",
             (int64_t)time(NULL), (long)getpid());
    own = given ? NULL : cli_git_file(s->args, name);
    if (!given && !own)
        return -1;
    rc = cli_work_list_write(&s->list, given ? given : own);
    if (!rc)
        tell_left(s, given ? given : own);
    free(own);
    return rc;
}

/* The exit code, with what is let through on the record. */
static int settle(scan *s, const secscan_coverage *coverage, int rc)
{
    int code = exit_code_of(s, coverage, rc);

    if (code == CLI_EXIT_INCOMPLETE && s->args->is_deadline_open && !rc &&
        !cli_stop_is_asked() && is_only_late(coverage))
        code = CLI_EXIT_CLEAN;
    if (write_list(s, code) && code == CLI_EXIT_CLEAN)
        code = CLI_EXIT_INCOMPLETE;
    return cli_skips_end(&s->skips, code, (int)coverage->is_complete);
}

static int finish(scan *s, int rc)
{
    const cli_watch *watch = s->args->watch;
    secscan_coverage coverage = *secscan_scanner_coverage(s->scanner);
    const char *why = why_incomplete(s, rc);
    int code, failed;

    if (is_mute(s, &coverage, rc))
        return fail(s, rc);
    if (rc || cli_stop_is_asked())
        coverage.is_complete = 0;
    if (why)
        coverage.warning = why;
    coverage.milliseconds = (uint64_t)(cli_clock_ms() - s->start);
    coverage.gating -= s->skips.n_skipped;
    code = settle(s, &coverage, rc);
    failed = cli_reports_finish(&s->reports, &coverage, code);
    if (failed)
        return failed;
    cli_progress_time(&s->progress);
    if (coverage.gating && cli_config_is_report_only(s->args))
        fprintf(stderr,
                "secscan: report-only until %s: findings do not decide the "
                "exit code\n",
                s->args->report_only_until);
    if (why)
        fprintf(stderr, "secscan: %s\n", why);
    else if (!coverage.is_complete && s->args->is_quiet)
        fputs("secscan: incomplete: not everything was read\n", stderr);
    return watch ? watch->end(watch->ctx, &coverage, code) : code;
}

/* What to scan, as the command line, standard input, a file and git's
 * environment say. */
static int read_input(scan *s)
{
    const cli_args *args = s->args;
    int is_receive = args->mode == CLI_PRE_RECEIVE;
    int code = 0;

    if (args->mode == CLI_WORK_LIST)
        code = cli_work_list_read(&s->listed, args->work_list);
    if (!code && (is_receive || args->mode == CLI_PRE_PUSH))
        code = cli_updates_read(&s->updates, is_receive);
    if (!code && cli_object_dirs_read(&s->object_dirs))
        code = CLI_EXIT_INTERNAL;
    if (!code && args->mode == CLI_RANGE) {
        s->range = range_of(args);
        code = s->range ? 0 : CLI_EXIT_INTERNAL;
    }
    return code;
}

/* What may be let through, and what is to be written of it. */
static int begin_skips(scan *s)
{
    const cli_args *args = s->args;
    int code = cli_skips_begin(&s->skips, args);

    if (code)
        return code;
    s->skips.audit.updates = s->updates.at;
    s->skips.audit.n_updates = s->updates.n;
    if (args->mode == CLI_PRE_PUSH && args->n_operands) {
        cli_remote_show(s->remote, sizeof(s->remote), args->operands[0]);
        s->skips.audit.remote = s->remote;
    }
    return 0;
}

/* By what judges the scan, so that what it is of comes first. */
static int configure(scan *s)
{
    secscan_git_options options;
    const secscan_git_options *git;
    int code = read_input(s);

    if (code)
        return code;
    git = git_options(s, &options);
    code = cli_config_open(&s->config, s->args, git);
    s->args = &s->config.args;
    return code;
}

static int scan_and_report(scan *s)
{
    int rc;

    rc = cli_reports_open(&s->reports, s->args);
    if (rc)
        return rc;
    rc = begin_skips(s);
    if (rc)
        return rc;
    rc = set_up(s);
    if (rc)
        return rc;
    cli_progress_start(&s->progress, s->args->is_quiet);
    cli_stop_after(s->args->timeout);
    rc = run_scan(s);
    cli_stop_after(0);
    cli_progress_end(&s->progress);
    if (rc == SECSCAN_ERR_ARG || rc == SECSCAN_ERR_RULE)
        return fail(s, rc);
    return finish(s, rc);
}

/* A path that is not there is a mistake, not something to skip. */
static int check_paths(const cli_args *args)
{
    const char *near;
    struct stat st;

    if (cli_args_is_stdin(args) || cli_args_is_hook(args))
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
    scan s = {.args = args, .start = cli_clock_ms()};
    int code;

    code = check_paths(args);
    if (code)
        return code;
    cli_stop_catch();
    code = configure(&s);
    if (!code)
        code = scan_and_report(&s);
    secscan_scanner_free(s.scanner);
    secscan_policy_free(s.policy);
    free(s.range);
    secscan_rules_free(s.rules);
    cli_skips_release(&s.skips);
    cli_updates_release(&s.updates);
    cli_object_dirs_release(&s.object_dirs);
    cli_work_list_release(&s.listed);
    cli_work_list_release(&s.list);
    cli_reports_close(&s.reports);
    cli_config_release(&s.config);
    return code;
}
