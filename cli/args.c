/*
 * args.c: a table of options and the loop that reads them. Own code instead of
 * getopt_long, which accepts abbreviations that a later option breaks, prints
 * what it likes and cannot name the option that was meant.
 */
#include "args.h"

#include "command.h"

#include <secscan.h>

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define MAX_THREADS 256 /* what the library takes */
#define MAX_PASSWORD_LENGTH 128
#define MAX_TIME ((uint64_t)7 * 24 * 3600 * 1000)
#define MAX_DEPTH 16 /* what the library takes */
#define MAX_BUDGET INT_MAX

#define AT(member) offsetof(cli_args, member)
#define HEADING(text)                                                          \
    {                                                                          \
        NULL, NULL, text, 0, CLI_FLAG, 0, 0                                    \
    }

const cli_option cli_options[] = {
    HEADING("What to scan (default: the files below PATH, default \".\")"),
    {"history", NULL, "the whole history of the repository at PATH", AT(mode),
     CLI_MODE, CLI_HISTORY, 0},
    {"no-submodules", NULL, "with --history: not the submodules on disk",
     AT(has_no_submodules), CLI_FLAG, 0, 0},
    {"range", "A..B", "what the commits of a range introduce", AT(range),
     CLI_MODE, CLI_RANGE, 0},
    {"since-commit", "REV", "what the commits since then introduce",
     AT(since_commit), CLI_MODE, CLI_RANGE, 0},
    {"branch", "BRANCH",
     "all that one branch reaches (with --since-commit: "
     "its end instead of HEAD)",
     AT(branch), CLI_MODE, CLI_RANGE, 0},
    {"staged", NULL, "what the index adds to HEAD: for a pre-commit hook",
     AT(mode), CLI_MODE, CLI_STAGED, 0},
    {"stdin", NULL, "standard input (also: a PATH of \"-\")", AT(mode),
     CLI_MODE, CLI_STDIN, 0},
    {"name", "PATH", "the path that standard input is given in reports",
     AT(name), CLI_TEXT, 0, 0},
    {"no-gitignore", NULL, "files that git ignores, too", AT(has_no_gitignore),
     CLI_FLAG, 0, 0},
    {"follow-symlinks", NULL, "what symbolic links point to, too",
     AT(follows_symlinks), CLI_FLAG, 0, 0},
    {"max-file-size", "SIZE", "skip larger files (bytes, or with k, M, G)",
     AT(max_file_size), CLI_SIZE, 0, 0},

    HEADING("Encodings and containers (secscan help containers)"),
    {"no-decode", NULL, "do not look into base64, hex, escapes and the like",
     AT(has_no_decode), CLI_FLAG, 0, 0},
    {"no-containers", NULL,
     "do not open archives, databases, documents: scan their bytes as they are",
     AT(has_no_containers), CLI_FLAG, 0, 0},
    {"max-depth", "N", "encodings and containers in each other (8)",
     AT(max_depth), CLI_LIMIT, MAX_DEPTH, 0},
    {"max-decoded", "SIZE",
     "bytes decoded of one file (256M and 16 times its size)", AT(max_decoded),
     CLI_SIZE, 1, 0},
    {"max-entries", "N", "members of a container, all depths (1000000)",
     AT(max_entries), CLI_LIMIT, MAX_BUDGET, 0},
    {"max-member", "SIZE", "bytes of one member (4G)", AT(max_member), CLI_SIZE,
     1, 0},
    {"max-unpacked", "SIZE", "bytes of a container's members, all depths (64G)",
     AT(max_unpacked), CLI_SIZE, 1, 0},
    {"max-ratio", "N",
     "bytes out for a byte in, of what unpacks to more than 16M (250)",
     AT(max_ratio), CLI_LIMIT, MAX_BUDGET, 0},
    {"container-timeout", "TIME", "time for one container, all depths (5m)",
     AT(container_timeout), CLI_TIME, 0, 0},

    HEADING("What to look for"),
    {"config", "FILE",
     "rules and settings from FILE instead of the built-in "
     "rules, unless it extends them",
     AT(files), CLI_LIST, 0, 'c'},
    {"rules", "FILE", "the same, may be repeated; all files are joined",
     AT(files), CLI_LIST, 0, 'r'},
    {"profile", "PROFILE",
     "what gates: report (default: all that is worth a look), block (what "
     "may stop a commit) or strict (hygiene, too)",
     AT(profile), CLI_TEXT, 0, 0},
    {"min-password-length", "N",
     "shorter passwords of databases are hygiene (strict: 20)",
     AT(min_password_length), CLI_COUNT, MAX_PASSWORD_LENGTH, 0},
    {"gate-unreachable", NULL,
     "findings in objects that no ref reaches "
     "decide the exit code, too",
     AT(gates_unreachable), CLI_FLAG, 0, 0},

    HEADING("Configuration (docs/configuration.md)"),
    {"policy", "FILE", "the operator's settings and rules, which may be locked",
     AT(policy), CLI_TEXT, 0, 0},
    {"no-repo-config", NULL,
     "read no configuration from the repository that is scanned",
     AT(has_no_repo_config), CLI_FLAG, 0, 0},
    {"report-only-until", "DATE",
     "until the end of that day (YYYY-MM-DD, UTC) findings do not decide the "
     "exit code",
     AT(report_only_until), CLI_TEXT, 0, 0},
    HEADING("What decides the exit code (the rest is listed all the same)"),
    {"gate-severity", "SEVERITY", "only findings of at least that severity",
     AT(gate_severity), CLI_TEXT, 0, 0},
    {"gate-evidence", "EVIDENCE", "only findings of at least that evidence",
     AT(gate_evidence), CLI_TEXT, 0, 0},
    {"gate-ref", "REF",
     "with --history: only what REF reaches, or the commits of A..B introduce",
     AT(gate_ref), CLI_TEXT, 0, 0},
    {"new-only", NULL,
     "with a range or --gate-ref: do not even list what was there before",
     AT(is_new_only), CLI_FLAG, 0, 0},
    {"acknowledge", "FILE",
     "objects that cannot be read, and need not be until a day",
     AT(acknowledged), CLI_TEXT, 0, 0},
    {"exit-code", "N", "exit N instead of 1 when secrets are found",
     AT(exit_code), CLI_COUNT, 255, 0},

    HEADING("What to list (the rest is counted and does not gate)"),
    {"min-severity", "SEVERITY", "info, low, medium, high or critical",
     AT(min_severity), CLI_TEXT, 0, 0},
    {"min-evidence", "EVIDENCE", "context, pattern, structure or checksum",
     AT(min_evidence), CLI_TEXT, 0, 0},
    {"min-confidence", "N", "0 to 100: how sure it has to be",
     AT(min_confidence), CLI_COUNT, 100, 0},
    {"category", "CATEGORY",
     "only token, key, password, connection, webhook, generic or hygiene; may "
     "be repeated",
     AT(categories), CLI_LIST, 0, 0},
    {"not-category", "CATEGORY", "all but that; may be repeated",
     AT(not_categories), CLI_LIST, 0, 0},

    HEADING("What hides findings"),
    {"baseline", "FILE",
     "also known: a baseline, or a JSON report of gitleaks; may be repeated",
     AT(baselines), CLI_LIST, 0, 'b'},
    {"baseline-path", "FILE", "", AT(baselines), CLI_LIST, 0, 0},
    {"gitleaks-ignore-path", "PATH",
     "a .gitleaksignore, or the directory of one", AT(gitleaks_ignore),
     CLI_TEXT, 0, 'i'},
    {"no-inline", NULL, "marks in lines hide nothing", AT(has_no_inline),
     CLI_FLAG, 0, 0},
    {"ignore-gitleaks-allow", NULL, "gitleaks:allow hides nothing",
     AT(ignores_gitleaks_allow), CLI_FLAG, 0, 0},
    {"no-suppress", NULL,
     "list and gate what is hidden, and say what would hide it",
     AT(has_no_suppress), CLI_FLAG, 0, 0},
    {"adopt", NULL,
     "with --staged or a range: configuration, ignore files and baseline as "
     "the change has them, not its base",
     AT(adopts), CLI_FLAG, 0, 0},
    {"path", "PATH", "allow: where the secret is no news", AT(entry_path),
     CLI_TEXT, 0, 0},
    {"everywhere", NULL, "allow: wherever it stands", AT(is_everywhere),
     CLI_FLAG, 0, 0},
    {"reason", "TEXT", "allow: why", AT(reason), CLI_TEXT, 0, 0},
    {"until", "DAY", "allow: its last day, as 2027-01-31", AT(until), CLI_TEXT,
     0, 0},

    HEADING("What to say"),
    {"format", "FORMAT",
     "text (default), json, jsonl, sarif, html, markdown, github, gitlab, "
     "junit, csv, gitleaks, or hook (few words); may be repeated, each with "
     "its --output",
     AT(format), CLI_REPORT, 0, 'f'},
    {"output", "FILE", "write the report to FILE, whole or not at all",
     AT(output), CLI_REPORT, 1, 'o'},
    {"show-secrets", NULL, "do not mask them", AT(shows_secrets), CLI_FLAG, 0,
     0},
    {"quiet", NULL, "findings only: no summary, no progress", AT(is_quiet),
     CLI_FLAG, 0, 'q'},
    {"no-color", NULL, "no colours (also: NO_COLOR)", AT(has_no_color),
     CLI_FLAG, 0, 0},
    {"exit-zero", NULL, "exit 0 when secrets are found (3 when incomplete)",
     AT(is_exit_zero), CLI_FLAG, 0, 0},

    HEADING("Hooks (secscan hook install sets them up)"),
    {"pre-commit", NULL, "--staged, in few words", AT(mode), CLI_MODE,
     CLI_PRE_COMMIT, 0},
    {"pre-push", NULL,
     "what a push would publish: [REMOTE [URL]], refs on standard input",
     AT(mode), CLI_MODE, CLI_PRE_PUSH, 0},
    {"pre-receive", NULL, "the same where it arrives", AT(mode), CLI_MODE,
     CLI_PRE_RECEIVE, 0},
    {"deadline", "TIME",
     "begin no other commit after TIME (500ms, 5s, 2m); the newest come first",
     AT(deadline), CLI_TIME, 0, 0},
    {"deadline-open", NULL, "what is left then does not stop a push",
     AT(is_deadline_open), CLI_FLAG, 0, 0},
    {"deadline-closed", NULL, "it does (default)", AT(is_deadline_closed),
     CLI_FLAG, 0, 0},
    {"deadline-list", "FILE",
     "write what is left to FILE (default: below secscan/ of the repository)",
     AT(deadline_list), CLI_TEXT, 0, 0},
    {"work-list", "FILE", "scan what such a FILE lists", AT(work_list),
     CLI_MODE, CLI_WORK_LIST, 0},
    {"skippable-categories", "LIST",
     "with --pre-receive: what a push option may skip, by commas, or none "
     "(default: all)",
     AT(skippable), CLI_TEXT, 0, 0},
    {"audit", "FILE",
     "record what is skipped in FILE (default: secscan/audit.jsonl of the "
     "repository)",
     AT(audit), CLI_TEXT, 0, 0},
    {"template", NULL, "hook install: into init.templateDir, for new clones",
     AT(is_template), CLI_FLAG, 0, 0},
    {"force", NULL, "hook install: instead of a hook that is there",
     AT(is_forced), CLI_FLAG, 0, 0},

    HEADING("More"),
    {"timeout", "TIME", "end after TIME, incomplete", AT(timeout), CLI_TIME, 0,
     0},
    {"cache", "DIR",
     "with --history: read what an earlier scan found clean only once; kept in "
     "DIR",
     AT(cache), CLI_TEXT, 0, 0},
    {"cache-key", "FILE", "seal the cache with what FILE holds", AT(cache_key),
     CLI_TEXT, 0, 0},
    {"threads", "N", "use N threads (default: one a processor)", AT(threads),
     CLI_COUNT, MAX_THREADS, 'j'},
    {"on", "PATH", "rules bench: measure on the files at and below PATH",
     AT(on), CLI_TEXT, 0, 0},
    {"by-name", NULL, "", AT(is_by_name), CLI_FLAG, 0, 0},
    {"help", NULL, "this", AT(mode), CLI_MODE, CLI_HELP, 'h'},
    {"version", NULL, "the version", AT(mode), CLI_MODE, CLI_VERSION, 'V'},
    {NULL, NULL, NULL, 0, CLI_FLAG, 0, 0},
};

/* ---- the option that was meant ----------------------------------------- */

#define MAX_WORD 32u

static size_t least(size_t a, size_t b, size_t c)
{
    size_t m = a < b ? a : b;

    return m < c ? m : c;
}

/* Edits (insert, remove, replace) between two words. */
static size_t distance(const char *a, const char *b)
{
    size_t row[MAX_WORD + 1];
    size_t len = strlen(b);

    if (strlen(a) > MAX_WORD || len > MAX_WORD)
        return SIZE_MAX;
    for (size_t j = 0; j <= len; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t corner = row[0];

        row[0] = i;
        for (size_t j = 1; j <= len; j++) {
            size_t above = row[j];

            row[j] = least(above + 1, row[j - 1] + 1,
                           corner + (a[i - 1] != b[j - 1]));
            corner = above;
        }
    }
    return row[len];
}

const char *cli_nearest_name(const char *word, const char *const *names)
{
    const char *nearest = NULL;
    size_t best = strlen(word) / 3 + 2;

    for (; *names; names++) {
        size_t d = strncmp(word, *names, strlen(word)) == 0
                       ? 1 /* an abbreviation */
                       : distance(word, *names);

        if (d < best) {
            best = d;
            nearest = *names;
        }
    }
    return nearest;
}

static void say_unknown(const char *word, size_t len)
{
    const char *names[sizeof(cli_options) / sizeof(cli_options[0]) + 1];
    char copy[MAX_WORD + 1] = {0};
    const char *nearest;
    size_t n = 0;

    for (size_t i = 0; cli_options[i].help; i++) {
        if (cli_options[i].name)
            names[n++] = cli_options[i].name;
    }
    names[n] = NULL;
    memcpy(copy, word, len < MAX_WORD ? len : MAX_WORD);
    nearest = cli_nearest_name(copy, names);
    fprintf(stderr, "secscan: unknown option --%.*s", (int)len, word);
    if (nearest)
        fprintf(stderr, "; did you mean --%s?", nearest);
    fputs("\n", stderr);
}

/* ---- values ------------------------------------------------------------- */

static int parse_number(uint64_t *out, const char *text, const char **end)
{
    char *rest;

    if (*text < '0' || *text > '9')
        return -1;
    errno = 0;
    *out = strtoull(text, &rest, 10);
    *end = rest;
    return errno ? -1 : 0;
}

static int parse_count(uint64_t *out, const char *text, int min, int max)
{
    const char *end;

    if (parse_number(out, text, &end) || *end || *out < (uint64_t)min ||
        *out > (uint64_t)max)
        return -1;
    return 0;
}

static int parse_size(uint64_t *out, const char *text)
{
    static const char units[] = "kMGT";
    const char *end, *unit;
    unsigned shift;

    if (parse_number(out, text, &end))
        return -1;
    if (!*end)
        return 0;
    unit = strchr(units, *end == 'K' ? 'k' : *end);
    shift = unit ? 10 * (unsigned)(unit - units + 1) : 64;
    if (!unit || end[1] || *out > UINT64_MAX >> shift)
        return -1;
    *out <<= shift;
    return 0;
}

/* Seconds, unless a unit says otherwise. */
static int parse_time(uint64_t *out, const char *text)
{
    static const struct {
        const char *name;
        uint64_t ms;
    } units[] = {{"", 1000}, {"ms", 1}, {"s", 1000}, {"m", 60000}};
    const char *end;

    if (parse_number(out, text, &end) || !*out)
        return -1;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(end, units[i].name) != 0)
            continue;
        if (*out > MAX_TIME / units[i].ms)
            return -1;
        *out *= units[i].ms;
        return 0;
    }
    return -1;
}

static int set_mode(cli_args *args, const cli_option *option)
{
    if (args->mode >= CLI_HELP)
        return 0; /* --help and --version win */
    if (option->value < CLI_HELP && args->mode != CLI_TREE &&
        args->mode != option->value) {
        fputs("secscan: --history, a range, --staged, --stdin and the hooks "
              "exclude each other\n",
              stderr);
        return 2;
    }
    args->mode = option->value;
    return 0;
}

static int bad_value(const cli_option *option, const char *what)
{
    fprintf(stderr, "secscan: --%s takes %s\n", option->name, what);
    return 2;
}

static int bad_count(const cli_option *option)
{
    char what[40];

    snprintf(what, sizeof(what), "a number from %d to %d",
             option->kind == CLI_LIMIT, option->value);
    return bad_value(option, what);
}

static int set_count(uint64_t *out, const cli_option *option, const char *value)
{
    int min = option->kind == CLI_LIMIT;

    return parse_count(out, value, min, option->value) ? bad_count(option) : 0;
}

static int set_size(uint64_t *out, const cli_option *option, const char *value)
{
    if (parse_size(out, value) || *out < (uint64_t)option->value)
        return bad_value(option, "bytes, as 500000, 500k, 10M or 2G");
    return 0;
}

/* Each list has room for every word of the command line. */
static void push(cli_list *list, const char *value)
{
    list->at[list->n++] = value;
}

/* Of the command line, to be paired at its end; else of a setting, when no flag
 * has asked for a report. */
static void set_report(cli_args *args, const char *value, int is_output)
{
    if (args->n_reports && is_output)
        args->reports[0].output = value;
    else if (args->n_reports)
        args->reports[0].format = value;
    else if (args->report_words)
        args->report_words[args->n_report_words++] =
            (cli_report_word){value, is_output};
}

int cli_option_set(cli_args *args, const cli_option *option, const char *value,
                   cli_origin origin)
{
    char *member = (char *)args + option->member;

    args->origins[option - cli_options] = (uint8_t)origin;
    switch (option->kind) {
    case CLI_FLAG:
        *(int *)(void *)member = 1;
        return 0;
    case CLI_MODE:
        if (value)
            *(const char **)(void *)member = value;
        return set_mode(args, option);
    case CLI_TEXT:
        *(const char **)(void *)member = value;
        return 0;
    case CLI_COUNT:
    case CLI_LIMIT:
        return set_count((uint64_t *)(void *)member, option, value);
    case CLI_SIZE:
        return set_size((uint64_t *)(void *)member, option, value);
    case CLI_TIME:
        if (parse_time((uint64_t *)(void *)member, value))
            return bad_value(option, "a time, as 500ms, 5s or 2m");
        return 0;
    case CLI_REPORT:
        *(const char **)(void *)member = value;
        set_report(args, value, option->value);
        return 0;
    case CLI_LIST:
        push((cli_list *)(void *)member, value);
        return 0;
    }
    return 2;
}

/* ---- the loop ----------------------------------------------------------- */

_Static_assert(sizeof(cli_options) / sizeof(cli_options[0]) < CLI_MAX_OPTIONS,
               "cli_args.origins has no room for all options");

cli_origin cli_option_origin(const cli_args *args, const cli_option *option)
{
    return (cli_origin)args->origins[option - cli_options];
}

const cli_option *cli_option_find(const char *name, size_t len)
{
    for (const cli_option *o = cli_options; o->help; o++) {
        if (o->name && strlen(o->name) == len && !memcmp(o->name, name, len))
            return o;
    }
    return NULL;
}

static const cli_option *find_letter(char letter)
{
    for (const cli_option *o = cli_options; o->help; o++) {
        if (o->name && o->letter == letter)
            return o;
    }
    return NULL;
}

/* `attached` is the value in the same word, NULL when there is none. */
static int take(cli_args *args, const cli_option *option, const char *attached,
                char ***next)
{
    const char *value = attached;

    if (!option->argument && attached) {
        fprintf(stderr, "secscan: --%s takes no value\n", option->name);
        return 2;
    }
    if (option->argument && !value) {
        value = **next;
        if (!value) {
            fprintf(stderr, "secscan: --%s needs %s\n", option->name,
                    option->argument);
            return 2;
        }
        (*next)++;
    }
    return cli_option_set(args, option, value, CLI_FROM_FLAG);
}

static int take_long(cli_args *args, const char *word, char ***next)
{
    size_t len = strcspn(word, "=");
    const cli_option *option = cli_option_find(word, len);

    if (!option) {
        say_unknown(word, len);
        return 2;
    }
    return take(args, option, word[len] ? word + len + 1 : NULL, next);
}

static int take_letters(cli_args *args, const char *word, char ***next)
{
    for (; *word; word++) {
        const cli_option *option = find_letter(*word);
        const char *rest;

        if (!option) {
            fprintf(stderr, "secscan: unknown option -%c\n", *word);
            return 2;
        }
        rest = option->argument && word[1] ? word + 1 : NULL;
        if (take(args, option, rest, next))
            return 2;
        if (rest)
            break;
    }
    return 0;
}

static int take_word(cli_args *args, char ***next)
{
    const char *word = *(*next)++;

    if (strcmp(word, "--") == 0) {
        while (**next)
            args->operands[args->n_operands++] = *(*next)++;
        return 0;
    }
    if (word[0] == '-' && word[1] == '-')
        return take_long(args, word + 2, next);
    if (word[0] == '-' && word[1])
        return take_letters(args, word + 1, next);
    args->operands[args->n_operands++] = word;
    return 0;
}

int cli_args_is_hook(const cli_args *args)
{
    return args->mode == CLI_PRE_COMMIT || args->mode == CLI_PRE_PUSH ||
           args->mode == CLI_PRE_RECEIVE;
}

/* What the table cannot say. Commands judge for themselves. */
static int check(cli_args *args)
{
    if (args->mode >= CLI_HELP)
        return 0;
    if (cli_args_pair_reports(args))
        return 2;
    return args->command ? 0 : cli_args_check(args);
}

int cli_args_is_stdin(const cli_args *args)
{
    return args->mode == CLI_STDIN ||
           (args->mode == CLI_TREE && args->n_operands == 1 &&
            strcmp(args->operands[0], "-") == 0);
}

static int make_lists(cli_args *args, size_t n)
{
    cli_list *const lists[] = {&args->files, &args->categories,
                               &args->not_categories, &args->baselines};

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        lists[i]->at = calloc(n, sizeof(*lists[i]->at));
        if (!lists[i]->at)
            return -1;
    }
    return 0;
}

int cli_args_parse(cli_args *args, int argc, char **argv)
{
    size_t n = argc > 0 ? (size_t)argc : 1;
    char **next = argc > 0 ? argv + 1 : argv;
    int rc = 0;

    memset(args, 0, sizeof(*args));
    args->operands = calloc(n + 1, sizeof(*args->operands));
    args->report_words = calloc(n, sizeof(*args->report_words));
    args->reports = calloc(n + 1, sizeof(*args->reports));
    if (!args->operands || !args->report_words || !args->reports ||
        make_lists(args, n)) {
        fputs("secscan: out of memory\n", stderr);
        return 4;
    }
    args->exit_code = 1;
    args->command = *next ? cli_command_find(*next) : NULL;
    if (args->command)
        next++;
    while (rc == 0 && *next)
        rc = take_word(args, &next);
    if (rc == 0)
        rc = check(args);
    if (rc == 2)
        fputs("Try secscan --help.\n", stderr);
    return rc;
}

void cli_args_release(cli_args *args)
{
    free(args->files.at);
    free(args->categories.at);
    free(args->not_categories.at);
    free(args->baselines.at);
    free(args->operands);
    free(args->report_words);
    free(args->reports);
}
