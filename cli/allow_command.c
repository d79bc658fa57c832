/*
 * allow_command.c: secscan allow ID --path PATH --reason TEXT: write the entry
 * into .secscanignore that says why a secret is none, or no news.
 */
#include "command.h"
#include "containers.h"
#include "entries.h"
#include "policy.h"

#include <secscan_git.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ID_LEN 27u     /* "s1:" and 24 digits */
#define MIN_ID_LEN 15u /* 12 digits: what messages show */

static const char head[] =
    "# What secscan reports and somebody has judged: docs/suppression.md.\n"
    "# FINGERPRINT path:PATH|everywhere [rule:ID] [until:DAY] # reason\n"
    "\n";

typedef struct allow {
    const cli_args *args;
    char *root;
    char *path; /* from the root; NULL: everywhere */
    char id[ID_LEN + 1];
    char rule[128]; /* that found it; "": not known */
    size_t n_found; /* secrets whose id starts like this */
    char reason[512];
} allow;

/* ---- the path ---- */

static int is_there(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0;
}

/* How much of a path names what is there, of "outer.zip!inner/file" the file
 * "outer.zip"; 0: nothing is. */
static size_t there_len(const char *path)
{
    for (size_t len = strlen(path); len; len--) {
        char *file;
        int found;

        if (path[len] && path[len] != '!')
            continue;
        file = strndup(path, len);
        found = file && is_there(file);
        free(file);
        if (found)
            return len;
    }
    return 0;
}

/* "dir/name", with the directory as it is behind all links. */
static char *absolute(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *dir = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    char *real = dir ? realpath(dir, NULL) : NULL;
    char *whole = real ? cli_path_in(real, slash ? slash + 1 : path) : NULL;

    free(dir);
    free(real);
    return whole;
}

/* The same of a file that is here, or of a member in it. */
static char *absolute_there(const char *path)
{
    size_t len = there_len(path);
    char *file = len ? strndup(path, len) : NULL;
    char *whole = file ? absolute(file) : NULL;
    size_t size = whole ? strlen(whole) + strlen(path + len) + 1 : 0;
    char *out = whole ? malloc(size) : NULL;

    if (out)
        snprintf(out, size, "%s%s", whole, path + len);
    free(file);
    free(whole);
    return out;
}

/* A file that is here, as seen from the root; what is not here is a path as
 * reports have it. NULL: it lies outside. */
static char *path_from_root(const char *root, const char *path)
{
    size_t len = strlen(root);
    char *whole = absolute_there(path);
    char *out = NULL;

    if (!whole && path[0] != '/')
        return strdup(path);
    if (!whole)
        whole = strdup(path);
    if (whole && strncmp(whole, root, len) == 0 && whole[len] == '/')
        out = strdup(whole + len + 1);
    free(whole);
    return out;
}

/* ---- the id ---- */

static int is_id(const char *id)
{
    size_t len = strlen(id);

    return strncmp(id, "s1:", 3) == 0 && len >= MIN_ID_LEN && len <= ID_LEN &&
           strspn(id + 3, "0123456789abcdef") == len - 3;
}

static int on_finding(void *ctx, const secscan_finding *finding)
{
    allow *a = ctx;
    const char *wanted = a->args->operands[0];

    if (strncmp(finding->fingerprint, wanted, strlen(wanted)) != 0 ||
        (a->n_found && strcmp(finding->fingerprint, a->id) == 0))
        return 0;
    a->n_found++;
    snprintf(a->id, sizeof(a->id), "%s", finding->fingerprint);
    snprintf(a->rule, sizeof(a->rule), "%s", finding->rule);
    return 0;
}

/* In the file first; an id that is cut short may be anywhere in the history. */
static int look_up(allow *a, secscan_rules *rules)
{
    secscan_scan_options options = {.size = sizeof(options)};
    const secscan_git_options git = {.size = sizeof(git),
                                     .flags = SECSCAN_GIT_OWNS_LIBGIT2};
    const secscan_sink sink = {
        .size = sizeof(sink), .ctx = a, .finding = on_finding};
    char *file = a->path ? cli_path_in(a->root, a->path) : NULL;
    secscan_scanner *scanner = NULL;
    size_t len = file ? there_len(file) : 0;
    secscan_error err = {0};
    int rc;

    cli_containers_choose(a->args, &options);
    rc = secscan_scanner_new(&scanner, rules, &options, &err);
    if (len)
        file[len] = '\0';
    if (!rc && len)
        rc = secscan_scan_file(scanner, file, &sink, &err);
    if (!rc && !a->n_found && strlen(a->args->operands[0]) < ID_LEN)
        rc = secscan_scan_git(scanner, a->root, &git, &sink, &err);
    secscan_scanner_free(scanner);
    free(file);
    return rc ? cli_fail(&err, rc) : 0;
}

static int find_id(allow *a)
{
    const char *wanted = a->args->operands[0];
    secscan_rules *rules = NULL;
    int code = cli_load_rules(&rules, a->args);

    if (!code)
        code = look_up(a, rules);
    secscan_rules_free(rules);
    if (code)
        return code;
    if (!a->n_found && strlen(wanted) == ID_LEN) {
        snprintf(a->id, sizeof(a->id), "%s", wanted);
        return 0;
    }
    if (a->n_found == 1)
        return 0;
    fprintf(stderr,
            a->n_found ? "secscan: several secrets have an id that starts with "
                         "%s: give all of it\n"
                       : "secscan: no secret here has an id that starts with "
                         "%s\n",
            wanted);
    return CLI_EXIT_USAGE;
}

/* ---- the entry ---- */

static int write_entry(allow *a)
{
    secscan_entry entry = {.fingerprint = a->id,
                           .path = a->path,
                           .is_everywhere = !a->path,
                           .until = a->args->until,
                           .reason = a->reason};
    char *file = cli_path_in(a->root, secscan_policy_file(0));
    cli_entries entries = {.list = NULL};
    secscan_error err = {0};
    int code, rc;

    if (!file)
        return CLI_EXIT_INTERNAL;
    snprintf(a->reason, sizeof(a->reason), "%s%s%s", a->rule,
             *a->rule ? ": " : "", a->args->reason);
    code = cli_entries_open(&entries, file, head);
    if (!code) {
        rc = secscan_entries_put(entries.list, &entry, &err);
        code = rc ? cli_fail(&err, rc) : cli_entries_save(&entries);
    }
    if (!code)
        printf("%s: %s is allowed %s%s\n"
               "Commit it by itself: a change cannot hide what it brings in.\n",
               secscan_policy_file(0), a->id, a->path ? "at " : "",
               a->path ? a->path : "everywhere");
    cli_entries_close(&entries);
    free(file);
    return code;
}

/* ---- the command line ---- */

static const char *find_mistake(const cli_args *args)
{
    if (args->mode != CLI_TREE || args->format || args->output)
        return "allow takes no mode, --format or --output";
    if (args->n_operands != 1)
        return "usage: secscan allow ID --path PATH|--everywhere --reason TEXT "
               "[--until DAY]";
    if (!is_id(args->operands[0]))
        return "an id is s1: and 12 to 24 hex digits, as reports have it";
    if (!args->entry_path == !args->is_everywhere)
        return "allow takes --path or --everywhere";
    if (!args->reason || !args->reason[strspn(args->reason, " \t")])
        return "allow needs a --reason: who comes later will ask";
    return NULL;
}

static int run(allow *a)
{
    int code;

    a->root = cli_root_of(".");
    if (!a->root)
        return CLI_EXIT_INTERNAL;
    if (a->args->entry_path) {
        a->path = path_from_root(a->root, a->args->entry_path);
        if (!a->path) {
            fprintf(stderr, "secscan: %s is not below %s\n",
                    a->args->entry_path, a->root);
            return CLI_EXIT_USAGE;
        }
    }
    code = find_id(a);
    return code ? code : write_entry(a);
}

int cli_allow(const cli_args *args)
{
    const char *mistake = find_mistake(args);
    allow a = {.args = args};
    int code;

    if (mistake) {
        fprintf(stderr, "secscan: %s\n", mistake);
        return CLI_EXIT_USAGE;
    }
    code = run(&a);
    free(a.root);
    free(a.path);
    return code;
}
