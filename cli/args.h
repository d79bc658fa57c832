/*
 * args.h: what the command line says.
 */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef enum cli_mode {
    CLI_TREE = 0,
    CLI_HISTORY,
    CLI_RANGE,
    CLI_STAGED,
    CLI_STDIN,
    CLI_PRE_COMMIT,
    CLI_PRE_PUSH,
    CLI_PRE_RECEIVE,
    CLI_WORK_LIST,
    CLI_HELP,
    CLI_VERSION
} cli_mode;

typedef struct cli_list {
    const char **at;
    size_t n;
} cli_list;

/* A report: its --format and its --output. */
typedef struct cli_report_args {
    const char *format; /* NULL: text */
    const char *output; /* NULL: standard output */
} cli_report_args;

/* --format and --output in the order of the command line. */
typedef struct cli_report_word {
    const char *value;
    int is_output;
} cli_report_word;

struct cli_command;
struct cli_watch;

/* Who said what an option is, weakest first. */
typedef enum cli_origin {
    CLI_FROM_DEFAULT = 0,
    CLI_FROM_POLICY,
    CLI_FROM_FILE,
    CLI_FROM_ENVIRONMENT,
    CLI_FROM_FLAG
} cli_origin;

#define CLI_MAX_OPTIONS 160 /* rows of the table */

/* Strings and operands are those of argv. */
typedef struct cli_args {
    int mode; /* cli_mode */
    /* `secscan COMMAND ...`: operands are what follows; NULL: a scan */
    const struct cli_command *command;
    const struct cli_watch *watch; /* who has more to say of it; NULL */
    const char *range;             /* --range */
    const char *since_commit, *branch;
    const char *name;              /* --name */
    const char *format;            /* the last --format; NULL: text */
    const char *cache, *cache_key; /* a directory; a file */
    const char *on;                /* --on, of rules bench */
    const char *output;            /* the last --output; NULL: none */
    cli_report_word *report_words;
    size_t n_report_words;
    cli_report_args *reports; /* at least one */
    size_t n_reports;
    cli_list files; /* --config and --rules, in order */
    cli_list categories, not_categories;
    const char *profile, *min_severity, *min_evidence; /* NULL: the lowest */
    uint64_t min_confidence;
    cli_list baselines;          /* --baseline */
    const char *gitleaks_ignore; /* --gitleaks-ignore-path */
    int has_no_inline, ignores_gitleaks_allow, has_no_suppress, adopts;
    const char *entry_path, *reason, *until; /* of allow */
    int is_everywhere;
    uint64_t min_password_length; /* 0: the profile's */
    const char **operands;
    size_t n_operands;
    uint64_t threads;       /* 0: one a processor */
    uint64_t max_file_size; /* 0: none */
    /* Encodings and containers; 0: the library's. */
    int has_no_decode, has_no_containers;
    uint64_t max_depth, max_entries, max_ratio;
    uint64_t max_decoded, max_member, max_unpacked;
    uint64_t container_timeout; /* milliseconds */
    /* What decides the exit code; exit_code is that of findings. */
    const char *gate_severity, *gate_evidence, *gate_ref, *acknowledged;
    uint64_t exit_code;
    int is_new_only;
    int shows_secrets, is_exit_zero, is_quiet, has_no_color;
    int has_no_gitignore, follows_symlinks, gates_unreachable,
        has_no_submodules, is_by_name;
    /* Hooks; times in milliseconds, 0: none. */
    uint64_t deadline, timeout;
    const char *deadline_list, *work_list, *skippable, *audit;
    int is_deadline_open, is_deadline_closed, is_template, is_forced;
    const char *policy;            /* --policy, a file */
    const char *report_only_until; /* YYYY-MM-DD */
    int has_no_repo_config;
    uint8_t origins[CLI_MAX_OPTIONS]; /* cli_origin, by row of the table */
} cli_args;

typedef enum cli_option_kind {
    CLI_FLAG,  /* sets an int to 1 */
    CLI_MODE,  /* sets the mode to `value` */
    CLI_TEXT,  /* takes text */
    CLI_COUNT, /* takes a number, at most `value` */
    CLI_LIMIT, /* takes a number, at least 1 and at most `value` */
    CLI_SIZE,  /* takes a number with k, M or G, at least `value` */
    CLI_TIME,  /* takes a number with ms, s or m: milliseconds */
    CLI_LIST,  /* takes text, may be given several times */
    CLI_REPORT /* --format (value 0) and --output (1): text, the last one, and
                  report_words */
} cli_option_kind;

typedef struct cli_option {
    const char *name;     /* without the dashes */
    const char *argument; /* its name in the help; NULL: takes none */
    const char *help;
    size_t member; /* offset in cli_args */
    cli_option_kind kind;
    int value;
    char letter; /* 0: none */
} cli_option;

/* The table; ends with a row without a name. A row whose name is NULL and whose
 * help is not is a heading; one whose help is empty is not shown. */
extern const cli_option cli_options[];

/* Which --output is whose --format. 0, or 2 (said). */
int cli_args_pair_reports(cli_args *args);
/* 0, or 2 when the command line is wrong (said on standard error). Memory is
 * released with cli_args_release, also after a failure. */
int cli_args_parse(cli_args *args, int argc, char **argv);
void cli_args_release(cli_args *args);
/* Does all of it go together, as a scan? 0, or 2 (said). */
int cli_args_check(const cli_args *args);

/* Whether one of git's hooks has called. */
int cli_args_is_hook(const cli_args *args);
/* The row of that name; NULL: there is none. */
const cli_option *cli_option_find(const char *name, size_t len);
/* What the command line would set, from elsewhere. Lists need room. 0, or 2
 * when the value is wrong (said). */
int cli_option_set(cli_args *args, const cli_option *option, const char *value,
                   cli_origin origin);
cli_origin cli_option_origin(const cli_args *args, const cli_option *option);

/* Whether standard input is what to scan. */
int cli_args_is_stdin(const cli_args *args);

void cli_help(FILE *out);
/* `secscan COMMAND --help`. */
void cli_help_command(FILE *out, const char *command);

/* The name that is nearest to `word`; NULL when none is near. `names` ends with
 * NULL. */
const char *cli_nearest_name(const char *word, const char *const *names);

#endif
