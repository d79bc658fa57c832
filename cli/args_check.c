/*
 * args_check.c: what the table of options cannot say: options that exclude each
 * other, or that the mode would ignore, and which --output is whose --format.
 */
#include "args.h"

#include <secscan.h>

#include <string.h>

/* Parts of a range that say different things. */
static const char *find_clash(const cli_args *args)
{
    if (args->range && (args->since_commit || args->branch))
        return "--range has both ends: it excludes --since-commit and "
               "--branch";
    if (args->since_commit &&
        (!*args->since_commit || strstr(args->since_commit, "..")))
        return "--since-commit takes one commit; --range takes A..B";
    if (args->branch && (!*args->branch || strstr(args->branch, "..")))
        return "--branch takes one branch; --range takes A..B";
    if (args->range && !*args->range)
        return "--range takes A..B, A...B or B";
    return NULL;
}

/* An exit code that says something else: nobody could tell which. */
static const char *find_taken_code(const cli_args *args)
{
    uint64_t code = args->exit_code;

    if ((code >= 2 && code <= 4) || code == 130)
        return "--exit-code: 2 says that the command line is wrong, 3 that "
               "the scan is incomplete, 4 internal error, 130 interrupted; "
               "choose another";
    if (code != 1 && args->is_exit_zero)
        return "--exit-code excludes --exit-zero";
    return NULL;
}

/* An option that the mode would ignore: what was meant is not done. */
static const char *find_idle(const cli_args *args)
{
    int is_stdin = cli_args_is_stdin(args);
    int is_tree = args->mode == CLI_TREE && !is_stdin;

    if (args->adopts && args->mode != CLI_RANGE && args->mode != CLI_STAGED &&
        !(args->gate_ref && strstr(args->gate_ref, "..")))
        return "--adopt goes with --staged, a range, or --gate-ref A..B";
    if (args->entry_path || args->is_everywhere || args->reason || args->until)
        return "--path, --everywhere, --reason and --until go with allow";
    if (args->on)
        return "--on goes with rules bench";
    if (args->name && !is_stdin)
        return "--name goes with --stdin";
    if (args->cache && args->mode != CLI_HISTORY)
        return "--cache goes with --history";
    if (args->cache_key && !args->cache)
        return "--cache-key goes with --cache";
    if (args->has_no_gitignore && !is_tree)
        return "--no-gitignore is for the scan of files";
    if (args->follows_symlinks && !is_tree)
        return "--follow-symlinks is for the scan of files";
    if (args->gate_ref && args->mode != CLI_HISTORY)
        return "--gate-ref goes with --history; a range gates only what it "
               "introduces";
    if (args->is_new_only && args->mode != CLI_RANGE && !args->gate_ref)
        return "--new-only goes with --range, --since-commit, --branch, or "
               "with --history and --gate-ref";
    if (args->gates_unreachable && args->mode != CLI_HISTORY)
        return "--gate-unreachable goes with --history";
    if (args->has_no_submodules && args->mode != CLI_HISTORY)
        return "--no-submodules goes with --history";
    if (args->is_by_name && args->mode != CLI_HISTORY)
        return "--by-name goes with --history";
    return NULL;
}

/* Budgets of what is not looked into. */
static const char *find_idle_budget(const cli_args *args)
{
    if (args->has_no_decode && args->max_decoded)
        return "--max-decoded excludes --no-decode";
    if (args->has_no_decode && args->has_no_containers && args->max_depth)
        return "--max-depth goes with encodings or containers";
    if (args->has_no_containers &&
        (args->max_entries || args->max_member || args->max_unpacked ||
         args->max_ratio || args->container_timeout))
        return "--no-containers excludes --max-entries, --max-member, "
               "--max-unpacked, --max-ratio and --container-timeout";
    return NULL;
}

static int is_range(const cli_args *args)
{
    return args->mode == CLI_RANGE || args->mode == CLI_WORK_LIST ||
           args->mode == CLI_PRE_PUSH || args->mode == CLI_PRE_RECEIVE;
}

/* The same of hooks. */
static const char *find_idle_hook(const cli_args *args)
{
    if (args->deadline && !is_range(args))
        return "--deadline goes with a range, --pre-push and --pre-receive";
    if (!args->deadline && (args->is_deadline_open || args->is_deadline_closed))
        return "--deadline-open and --deadline-closed go with --deadline";
    if (args->is_deadline_open && args->is_deadline_closed)
        return "--deadline-open and --deadline-closed exclude each other";
    if (args->deadline_list && !args->deadline)
        return "--deadline-list goes with --deadline";
    if (args->skippable && args->mode != CLI_PRE_RECEIVE)
        return "--skippable-categories goes with --pre-receive";
    if (args->audit && !cli_args_is_hook(args))
        return "--audit goes with --pre-commit, --pre-push and --pre-receive";
    if (args->format && strcmp(args->format, "hook") == 0 &&
        !cli_args_is_hook(args) && args->mode != CLI_STAGED)
        return "--format hook goes with --staged and the hooks";
    if (args->is_template || args->is_forced)
        return "--template and --force go with hook install";
    return NULL;
}

static size_t max_operands(const cli_args *args)
{
    switch (args->mode) {
    case CLI_TREE:
        return SIZE_MAX;
    case CLI_PRE_PUSH:
        return 2; /* REMOTE URL */
    case CLI_PRE_RECEIVE:
        return 0;
    default:
        return 1;
    }
}

/* ---- reports --------------------------------------------------------------
 */

static size_t count_words(const cli_args *args, int is_output)
{
    size_t n = 0;

    for (size_t i = 0; i < args->n_report_words; i++)
        n += args->report_words[i].is_output == is_output;
    return n;
}

/* As many files as formats: the first with the first, and so on. */
static void pair_in_order(cli_args *args)
{
    size_t at[2] = {0, 0};

    for (size_t i = 0; i < args->n_report_words; i++) {
        const cli_report_word *word = &args->report_words[i];
        cli_report_args *report = &args->reports[at[word->is_output]++];

        if (word->is_output)
            report->output = word->value;
        else
            report->format = word->value;
    }
    args->n_reports = at[0] > at[1] ? at[0] : at[1];
}

/* Else a file belongs to the format that stands before it. */
static int pair_with_last(cli_args *args)
{
    for (size_t i = 0; i < args->n_report_words; i++) {
        const cli_report_word *word = &args->report_words[i];
        cli_report_args *last = &args->reports[args->n_reports];

        if (!word->is_output) {
            args->reports[args->n_reports++].format = word->value;
        } else if (!args->n_reports || last[-1].output) {
            fprintf(stderr,
                    "secscan: --output %s: say its --format before "
                    "it, once\n",
                    word->value);
            return 2;
        } else {
            last[-1].output = word->value;
        }
    }
    return 0;
}

/* One report without options: text on standard output. */
static int pair_reports(cli_args *args)
{
    size_t n_formats = count_words(args, 0), n_outputs = count_words(args, 1);

    if (n_formats == n_outputs || (n_formats <= 1 && n_outputs <= 1)) {
        pair_in_order(args);
        args->n_reports += args->n_reports == 0;
        return 0;
    }
    return pair_with_last(args);
}

static int is_stdout(const cli_report_args *report)
{
    return !report->output || strcmp(report->output, "-") == 0;
}

/* Two reports in one place are none. */
static int check_outputs(const cli_args *args)
{
    for (size_t i = 0; i < args->n_reports; i++) {
        const cli_report_args *a = &args->reports[i];

        if (a->output && !*a->output) {
            fputs("secscan: --output takes the name of a file\n", stderr);
            return 2;
        }
        for (size_t k = 0; k < i; k++) {
            const cli_report_args *b = &args->reports[k];

            if (is_stdout(a) && is_stdout(b)) {
                fputs("secscan: one report can go to standard output: give the "
                      "others an --output each\n",
                      stderr);
                return 2;
            }
            if (!is_stdout(a) && !is_stdout(b) &&
                strcmp(a->output, b->output) == 0) {
                fprintf(stderr, "secscan: --output %s is given twice\n",
                        a->output);
                return 2;
            }
        }
    }
    return 0;
}

int cli_args_pair_reports(cli_args *args)
{
    return pair_reports(args) || check_outputs(args) ? 2 : 0;
}

static int is_format(const char *word)
{
    const char *name;

    for (size_t i = 0; (name = secscan_report_format_name(i)); i++) {
        if (strcmp(name, word) == 0)
            return 1;
    }
    return 0;
}

static int check_formats(const cli_args *args)
{
    const char *name;

    for (size_t i = 0; i < args->n_reports; i++) {
        if (!args->reports[i].format || is_format(args->reports[i].format))
            continue;
        fputs("secscan: --format takes one of:", stderr);
        for (size_t k = 0; (name = secscan_report_format_name(k)); k++)
            fprintf(stderr, "%s %s", k ? "," : "", name);
        fputs("\n", stderr);
        return 2;
    }
    return 0;
}

int cli_args_check(const cli_args *args)
{
    const char *idle;

    if (check_formats(args))
        return 2;
    if (args->n_operands > max_operands(args)) {
        fputs(args->mode == CLI_PRE_RECEIVE
                  ? "secscan: --pre-receive takes no path: git calls it in the "
                    "repository\n"
                  : "secscan: only the scan of files takes several paths\n",
              stderr);
        return 2;
    }
    if (args->mode == CLI_STDIN && args->n_operands) {
        fputs("secscan: --stdin takes no path; --name names the input\n",
              stderr);
        return 2;
    }
    idle = find_clash(args);
    if (!idle)
        idle = find_taken_code(args);
    if (!idle)
        idle = find_idle(args);
    if (!idle)
        idle = find_idle_budget(args);
    if (!idle)
        idle = find_idle_hook(args);
    if (idle)
        fprintf(stderr, "secscan: %s\n", idle);
    return idle ? 2 : 0;
}
