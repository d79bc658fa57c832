/*
 * help.c: --help, from the table of options, and `secscan help TOPIC`.
 */
#include "command.h"
#include "terminal.h"

#include <secscan.h>

#include <string.h>
#include <unistd.h>

#define COLUMN 29
#define WIDTH 79   /* of a file, and at most: wider lines are hard to read */
#define NARROW 60u /* below, the text goes under its option */

static const char usage[] =
    "secscan " SECSCAN_VERSION ": finds credentials that were committed\n"
    "\n"
    "  secscan [PATH...]             files (inside git: what git would track)\n"
    "  secscan --history [REPO]      every object of a repository\n"
    "  secscan --range A..B [REPO]   what a range of commits introduces\n"
    "  secscan --staged [REPO]       what is about to be committed\n"
    "  secscan hook install | uninstall | status\n"
    "  secscan ci [REPO]             what a CI job is about: its push or "
    "change\n"
    "  secscan allow ID --path PATH --reason TEXT [--until DAY]\n"
    "  secscan baseline create | update | prune | audit [PATH]\n"
    "  secscan purge-list -o FILE [REPO]\n"
    "                                a history's secrets, for git filter-repo\n"
    "  secscan rules list | show ID | count | check FILE | test | docs | "
    "export |\n"
    "                diff OLD NEW | bench\n"
    "  secscan config show [PATH] | check FILE\n"
    "  secscan policy check FILE\n"
    "  secscan help [TOPIC]          one thing at a time\n";

static const char exit_codes[] =
    "Exit codes\n"
    "  0  nothing found that gates, and everything asked for was read\n"
    "  1  secrets found        2  usage or configuration\n"
    "  3  incomplete: something could not be read\n"
    "  4  internal error     130  interrupted\n";

static const char files_note[] =
    "\n"
    "A file of --config or --rules stands alone, unless it says\n"
    "`[extend] useDefault = true`.\n";

static const char more_note[] = "\nMore: secscan help, man secscan\n";

/* ---- topics ------------------------------------------------------------- */

/* `headings` are beginnings of those of the table of options: theirs are listed
 * behind `text`. */
typedef struct help_topic {
    const char *name;
    const char *what;
    const char *text;
    const char *headings[2];
} help_topic;

static const char ci_text[] =
    "secscan ci [--history | --range A..B] [OPTION...] [REPO]\n"
    "\n"
    "Finds out from the environment of GitHub, GitLab and others what the job\n"
    "is about: a push, a pull or merge request, a merge queue. What that "
    "brings\n"
    "in gates. In schedules and other jobs the whole history is read, and "
    "what\n"
    "the commit reaches gates.\n"
    "\n"
    "  --history      read the whole history in any case, and list all of it;\n"
    "                 what the change does not bring in does not gate\n"
    "  --range A..B   a range of your own\n"
    "\n"
    "A clone that is too shallow is exit 3, with the lines that fetch the "
    "rest.\n"
    "All options of a scan can be given, too.\n";

static const char pre_commit_text[] =
    "secscan pre-commit-run [OPTION...] [--] [FILE...]\n"
    "\n"
    "The hook of pre-commit, the framework (https://pre-commit.com): a commit "
    "is\n"
    "scanned as the index, a push as its commits, other runs as the files "
    "that\n"
    "are named. Uses --profile block unless told otherwise.\n";

static const char rules_text[] =
    "secscan rules VERB [OPTION...]\n"
    "\n"
    "  list                 all rules: id, severity, category, description\n"
    "  show ID              one rule, and how to rotate what it finds\n"
    "  count [FILE...]      how many rules and kinds there are\n"
    "  check FILE           what is wrong with a rule file\n"
    "  test [FILE]          run the examples inside the rules\n"
    "  docs [FILE...]       the reference as Markdown (--output DIR: pages)\n"
    "  export [FILE...]     all rules as one file\n"
    "  diff OLD NEW         what an upgrade changes (`builtin`: those inside)\n"
    "  bench [FILE...]      what the rules cost (--on PATH: on these files)\n";

static const char allow_text[] =
    "secscan allow ID --path PATH --reason TEXT [--until DAY]\n"
    "\n"
    "Writes an entry of .secscanignore. docs/suppression.md\n";

static const char baseline_text[] =
    "secscan baseline create | update | prune | audit [PATH]\n"
    "\n"
    "What is known stands in .secscan-baseline. docs/suppression.md\n";

static const char hook_text[] =
    "secscan hook install | uninstall pre-commit | pre-push | pre-receive\n"
    "secscan hook status\n"
    "\n"
    "Git's hooks, where git looks for them; what is there already is kept and\n"
    "runs as well. docs/hooks.md\n";

static const char config_text[] =
    "secscan config show [PATH] | check FILE\n"
    "\n"
    "  show [PATH]   every setting, its value, and who said so\n"
    "  check FILE    what a configuration does, and what is wrong with it\n"
    "\n"
    "A flag is stronger than the environment (SECSCAN_MIN_SEVERITY ...), that\n"
    "than .secscan.toml, that than an operator's policy, unless it locks a\n"
    "setting. docs/configuration.md, docs/gitleaks.md\n";

static const char policy_text[] =
    "secscan policy check FILE\n"
    "\n"
    "What an operator's file says, and locks. docs/configuration.md\n";

static const char purge_text[] =
    "secscan purge-list --output FILE [REPO]\n"
    "\n"
    "The secrets of a history, as git filter-repo --replace-text reads them.\n"
    "docs/remediation.md says what comes before and after.\n";

static const char containers_text[] =
    "What is encoded, and what stands in a container, is scanned as well; both "
    "are\n"
    "known by their bytes, not by names. A place in a container reads\n"
    "outer.zip!inner/file:LINE:COLUMN; that of an encoded secret is followed "
    "by\n"
    "how it is written there, outermost first: (base64 > gzip).\n"
    "\n"
    "What a limit leaves out is reported, and the scan is incomplete.\n"
    "docs/encodings-and-containers.md\n";

static const char environment_text[] =
    "Environment\n"
    "  NO_COLOR                    no colours\n"
    "  TERM                        `dumb` or not set: no colours, no progress\n"
    "  COLUMNS                     the width of text\n"
    "  LC_ALL, LC_CTYPE, LANG      without UTF-8 in them text is ASCII\n"
    "  XDG_CACHE_HOME, HOME        where compiled rules are kept\n"
    "  GIT_INDEX_FILE              --staged: the index that git prepared\n"
    "  GITHUB_*, GITLAB_CI, CI_*   secscan ci: what the job is about\n"
    "  PRE_COMMIT_*                secscan pre-commit-run: the same\n";

static const help_topic topics[] = {
    {"scan", "what can be scanned", usage, {"What to scan"}},
    {"containers",
     "encodings, archives, databases, and their limits",
     containers_text,
     {"Encodings and containers"}},
    {"rules", "the rules, and your own", rules_text, {"What to look for"}},
    {"gates",
     "what decides the exit code",
     exit_codes,
     {"What decides the exit code"}},
    {"list", "what is listed, and what only counted", "", {"What to list"}},
    {"reports", "forms and files of reports", "", {"What to say"}},
    {"ci", "in CI: GitHub, GitLab and others", ci_text, {NULL}},
    {"pre-commit-run",
     "the hook of pre-commit, the framework",
     pre_commit_text,
     {NULL}},
    {"allow", "say that a finding is no secret", allow_text, {"What hides"}},
    {"baseline", "what is known and accepted", baseline_text, {"What hides"}},
    {"hook", "git's hooks, and their options", hook_text, {"Hooks"}},
    {"config",
     "settings: of flags, environment, files",
     config_text,
     {"Configuration"}},
    {"policy", "an operator's settings", policy_text, {"Configuration"}},
    {"purge-list", "take secrets out of a history", purge_text, {NULL}},
    {"environment",
     "what it hears from the environment",
     environment_text,
     {NULL}},
    {"more", "threads, the cache", "", {"More"}},
};

#define N_TOPICS (sizeof(topics) / sizeof(topics[0]))

/* ---- options ------------------------------------------------------------ */

static int put_option(FILE *out, const cli_option *option)
{
    int len;

    if (option->letter)
        len = fprintf(out, "  -%c, --%s", option->letter, option->name);
    else
        len = fprintf(out, "      --%s", option->name);
    if (option->argument)
        len += fprintf(out, " %s", option->argument);
    return len;
}

/* Behind what stands at `column`, wrapped; lines begin at `indent`. */
static void put_text(FILE *out, const char *text, int indent, int width)
{
    int column = indent;

    while (*text) {
        int len = (int)strcspn(text, " ");

        if (column > indent && column + 1 + len > width) {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
        }
        if (column > indent)
            column += fprintf(out, " ");
        column += fprintf(out, "%.*s", len, text);
        text += len;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

static int width_of(FILE *out)
{
    unsigned width = cli_terminal_width(fileno(out));

    return width > WIDTH ? WIDTH : (int)width;
}

static void put_row(FILE *out, const cli_option *option)
{
    int width = width_of(out);
    int len = put_option(out, option);

    if (width < (int)NARROW) {
        fprintf(out, "\n%8s", "");
        put_text(out, option->help, 8, width);
        return;
    }
    if (len > COLUMN)
        len = fprintf(out, "\n") - 1;
    fprintf(out, "%*s  ", COLUMN - len, "");
    put_text(out, option->help, COLUMN + 2, width);
}

/* Those below headings that begin with `heading`; NULL: all. */
static void put_options(FILE *out, const char *heading)
{
    int is_wanted = 0;

    for (const cli_option *o = cli_options; o->help; o++) {
        if (!o->name)
            is_wanted =
                !heading || strncmp(o->help, heading, strlen(heading)) == 0;
        if (!is_wanted || !*o->help)
            continue;
        if (o->name)
            put_row(out, o);
        else
            fprintf(out, "\n%s\n", o->help);
    }
}

void cli_help(FILE *out)
{
    fputs(usage, out);
    put_options(out, NULL);
    fputc('\n', out);
    fputs(exit_codes, out);
    fputs(files_note, out);
    fputs(more_note, out);
}

/* ---- secscan help ------------------------------------------------------- */

static const help_topic *find_topic(const char *name)
{
    for (size_t i = 0; i < N_TOPICS; i++) {
        if (strcmp(topics[i].name, name) == 0)
            return &topics[i];
    }
    return NULL;
}

static void put_topic(FILE *out, const help_topic *topic)
{
    fputs(topic->text, out);
    for (size_t i = 0; i < 2 && topic->headings[i]; i++)
        put_options(out, topic->headings[i]);
}

static void put_topics(FILE *out)
{
    fputs("secscan help TOPIC\n\n", out);
    for (size_t i = 0; i < N_TOPICS; i++) {
        int len = fprintf(out, "  %s", topics[i].name);

        fprintf(out, "%*s", len < 18 ? 18 - len : 1, "");
        put_text(out, topics[i].what, 18, width_of(out));
    }
    fputs("\nsecscan --help shows all options, man secscan explains them.\n",
          out);
}

static int say_no_topic(const char *name)
{
    const char *names[N_TOPICS + 1] = {NULL};
    const char *nearest;

    for (size_t i = 0; i < N_TOPICS; i++)
        names[i] = topics[i].name;
    nearest = cli_nearest_name(name, names);
    fprintf(stderr, "secscan: there is no topic %s", name);
    if (nearest)
        fprintf(stderr, "; did you mean %s?", nearest);
    fputs("\n`secscan help` lists them.\n", stderr);
    return CLI_EXIT_USAGE;
}

int cli_help_topic(const cli_args *args)
{
    const help_topic *topic;

    if (args->n_operands == 0) {
        put_topics(stdout);
        return CLI_EXIT_CLEAN;
    }
    if (args->n_operands > 1) {
        fputs("usage: secscan help [TOPIC]\n", stderr);
        return CLI_EXIT_USAGE;
    }
    topic = find_topic(args->operands[0]);
    if (!topic)
        return say_no_topic(args->operands[0]);
    put_topic(stdout, topic);
    return CLI_EXIT_CLEAN;
}

void cli_help_command(FILE *out, const char *command)
{
    const help_topic *topic = find_topic(command);

    if (strcmp(command, "help") == 0)
        put_topics(out);
    else if (topic)
        put_topic(out, topic);
    else
        cli_help(out);
}
