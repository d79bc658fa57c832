/*
 * baseline_command.c: secscan baseline create | update | prune | audit: keep
 * the list of what is known. In a repository it is about the whole history,
 * else about all files.
 */
#include "command.h"
#include "containers.h"
#include "entries.h"
#include "policy.h"
#include "terminal.h"

#include <secscan_git.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BASELINE 1u /* of secscan_policy_file */

static const char head[] =
    "# What secscan found before and reports no more: docs/suppression.md.\n"
    "# `secscan baseline update`, `prune` and `audit` keep it; in "
    ".gitattributes"
    ":\n"
    "# .secscan-baseline merge=union\n"
    "\n";

typedef struct baseline {
    const cli_args *args;
    char *root;
    char *file;
    cli_entries entries;
    secscan_rules *rules;
    secscan_findings *findings;
    secscan_scanner *scanner;
    secscan_policy *policy;
    secscan_error err;
} baseline;

/* ---- the scan ---- */

static int is_repository(const char *root)
{
    char *git = cli_path_in(root, ".git");
    int is_one = git && access(git, F_OK) == 0;

    free(git);
    return is_one;
}

static int make_policy(baseline *b, const secscan_git_options *git)
{
    const char *operands[] = {b->root};
    cli_args args = *b->args;

    args.operands = operands;
    args.n_operands = 1;
    if (args.baselines.n && access(args.baselines.at[0], F_OK))
        args.baselines.n = 0; /* it is to be made */
    return cli_policy(&b->policy, &args, git, &b->err);
}

/* All findings, the hidden ones too. */
static int scan(baseline *b)
{
    const secscan_git_options git = {.size = sizeof(git),
                                     .flags = SECSCAN_GIT_OWNS_LIBGIT2};
    secscan_scan_options options = {.size = sizeof(options),
                                    .flags = SECSCAN_SCAN_SHOW_SUPPRESSED};
    const char *const paths[] = {b->root};
    int is_git = is_repository(b->root);
    int rc = make_policy(b, is_git ? &git : NULL);

    options.policy = b->policy;
    options.threads = (uint32_t)b->args->threads;
    cli_containers_choose(b->args, &options);
    if (!rc)
        rc = secscan_scanner_new(&b->scanner, b->rules, &options, &b->err);
    if (!rc)
        rc = secscan_findings_new(&b->findings, &b->err);
    if (rc)
        return rc;
    if (is_git)
        return secscan_scan_git(b->scanner, b->root, &git,
                                secscan_findings_sink(b->findings), &b->err);
    return secscan_scan_tree(b->scanner, paths, 1, NULL,
                             secscan_findings_sink(b->findings), &b->err);
}

/* 0 or 3: what has been done is about what could be read. */
static int end_code(const baseline *b)
{
    if (secscan_scanner_coverage(b->scanner)->is_complete)
        return CLI_EXIT_CLEAN;
    fputs("secscan: incomplete: not everything was read\n", stderr);
    return CLI_EXIT_INCOMPLETE;
}

/* ---- entries of findings ---- */

/* Files of a directory are found under its name. */
static const char *path_of(const baseline *b, const secscan_place *place)
{
    size_t len = strlen(b->root);

    if (place->path && place->source == SECSCAN_SOURCE_FILE &&
        strncmp(place->path, b->root, len) == 0 && place->path[len] == '/')
        return place->path + len + 1;
    return place->path;
}

static secscan_entry entry_at(const baseline *b, const secscan_finding *f,
                              const secscan_place *place)
{
    secscan_entry entry = {.fingerprint = f->fingerprint, .reason = f->rule};

    entry.path = path_of(b, place);
    if (!entry.path)
        entry.source = secscan_source_name((int)place->source);
    return entry;
}

/* A reflog is this clone's: it counts when nothing else has the secret. */
static int counts(const secscan_finding *f, const secscan_place *place)
{
    return place->source != SECSCAN_SOURCE_REFLOG ||
           f->reach == SECSCAN_REACH_REFLOG;
}

static int put_new(baseline *b, const secscan_entry *entry)
{
    if (secscan_entries_find(b->entries.list, entry) != SIZE_MAX)
        return 0;
    return secscan_entries_put(b->entries.list, entry, &b->err);
}

static int put_finding(baseline *b, const secscan_finding *f)
{
    size_t before = secscan_entries_count(b->entries.list);
    int rc = 0;

    for (size_t i = 0; !rc && i < f->n_places; i++) {
        const secscan_entry entry = entry_at(b, f, &f->places[i]);

        if (counts(f, &f->places[i]))
            rc = put_new(b, &entry);
    }
    /* Not all of its places are told. */
    if (!rc && f->n_paths > f->n_places &&
        secscan_entries_count(b->entries.list) > before) {
        const secscan_entry entry = {.fingerprint = f->fingerprint,
                                     .is_everywhere = 1,
                                     .reason = f->rule};

        rc = put_new(b, &entry);
    }
    return rc;
}

/* What nothing hides yet; the number of secrets in *n. */
static int put_findings(baseline *b, size_t *n)
{
    int rc = 0;

    *n = 0;
    for (size_t i = 0; !rc && i < secscan_findings_count(b->findings); i++) {
        const secscan_finding *f = secscan_findings_at(b->findings, i);

        if (f->suppressed_by)
            continue;
        ++*n;
        rc = put_finding(b, f);
    }
    return rc;
}

/* ---- create, update, prune ---- */

static int add(baseline *b)
{
    size_t before = secscan_entries_count(b->entries.list), n;
    int rc = put_findings(b, &n), code;

    if (rc)
        return cli_fail(&b->err, rc);
    code = cli_entries_save(&b->entries);
    if (code)
        return code;
    printf("%s: %zu new %s, %zu new %s\n", b->file, n,
           n == 1 ? "finding" : "findings",
           secscan_entries_count(b->entries.list) - before,
           secscan_entries_count(b->entries.list) - before == 1 ? "line"
                                                                : "lines");
    return end_code(b);
}

static int create(baseline *b)
{
    if (b->entries.is_new)
        return add(b);
    fprintf(stderr,
            "secscan: %s is there: `secscan baseline update` adds to it\n",
            b->file);
    return CLI_EXIT_USAGE;
}

static int is_ours(const baseline *b, const secscan_note *note)
{
    return !strcmp(note->kind, "stale") &&
           !strcmp(note->file, b->args->baselines.n
                                   ? b->args->baselines.at[0]
                                   : secscan_policy_file(BASELINE));
}

static size_t index_of_line(const baseline *b, uint64_t line)
{
    for (size_t i = 0; i < secscan_entries_count(b->entries.list); i++) {
        const secscan_entry *e = secscan_entries_at(b->entries.list, i);

        if (e && e->line == line)
            return i;
    }
    return SIZE_MAX;
}

/* Entries that hide nothing go; those of other files are a person's to remove.
 */
static int prune(baseline *b)
{
    const secscan_coverage *coverage = secscan_scanner_coverage(b->scanner);
    size_t n = 0;
    int code;

    for (size_t i = 0; i < coverage->n_notes; i++) {
        const secscan_note *note = &coverage->notes[i];

        if (is_ours(b, note)) {
            secscan_entries_remove(b->entries.list,
                                   index_of_line(b, note->line));
            n++;
        } else if (strcmp(note->kind, "stale") == 0) {
            printf("%s:%llu: %s\n", note->file, (unsigned long long)note->line,
                   note->text);
        }
    }
    code = n ? cli_entries_save(&b->entries) : 0;
    if (code)
        return code;
    printf("%s: %zu %s removed\n", b->file, n, n == 1 ? "line" : "lines");
    return end_code(b);
}

/* ---- audit ---- */

static int write_out(void *ctx, const char *data, size_t len)
{
    (void)ctx;
    return fwrite(data, 1, len, stdout) == len ? 0 : -1;
}

static int show(baseline *b, const secscan_finding *f)
{
    secscan_report_options options = {.size = sizeof(options),
                                      .flags = SECSCAN_REPORT_QUIET,
                                      .width =
                                          cli_terminal_width(STDOUT_FILENO)};
    secscan_report *report = NULL;
    int rc;

    if (!cli_terminal_is_utf8())
        options.flags |= SECSCAN_REPORT_ASCII;
    if (b->args->shows_secrets)
        options.flags |= SECSCAN_REPORT_SHOW_SECRETS;
    if (!b->args->has_no_color && cli_terminal_has_color(STDOUT_FILENO))
        options.flags |= SECSCAN_REPORT_COLOR;
    rc = secscan_report_new(&report, b->rules, &options, write_out, NULL,
                            &b->err);
    if (!rc) {
        const secscan_sink *sink = secscan_report_sink(report);

        rc = sink->finding(sink->ctx, f);
    }
    if (!rc)
        rc = secscan_report_finish(report, secscan_scanner_coverage(b->scanner),
                                   0, &b->err);
    secscan_report_free(report);
    return rc;
}

/* The first letter of the answer; 'q' at the end of the input. */
static int ask(void)
{
    char line[64];

    for (;;) {
        printf("[r]eal, [f]alse alarm, [t]est value, [s]kip, [q]uit? ");
        fflush(stdout);
        if (!fgets(line, sizeof(line), stdin)) {
            putchar('\n');
            return 'q';
        }
        if (line[0] && strchr("rftsq", line[0]))
            return line[0];
    }
}

static const char *verdict_of(int answer)
{
    return answer == 'r' ? "real" : answer == 'f' ? "false" : "test";
}

/* Has the finding an entry that nobody has judged? */
static int is_open(const baseline *b, const secscan_finding *f)
{
    for (size_t i = 0; i < f->n_places; i++) {
        const secscan_entry wanted = entry_at(b, f, &f->places[i]);
        size_t at = secscan_entries_find(b->entries.list, &wanted);
        const secscan_entry *e = secscan_entries_at(b->entries.list, at);

        if (e && !e->verdict)
            return 1;
    }
    return 0;
}

/* Of a secret one thing is true, wherever it stands. */
static int judge(baseline *b, const char *fingerprint, const char *verdict)
{
    size_t n = secscan_entries_count(b->entries.list);
    int rc = 0;

    for (size_t i = 0; !rc && i < n; i++) {
        const secscan_entry *e = secscan_entries_at(b->entries.list, i);
        secscan_entry changed;

        if (!e || strcmp(e->fingerprint, fingerprint) != 0)
            continue;
        changed = *e;
        changed.verdict = verdict;
        rc = secscan_entries_put(b->entries.list, &changed, &b->err);
    }
    return rc;
}

static int audit(baseline *b)
{
    size_t n = 0, n_open = 0;
    int answer = 0, rc = 0, code;

    for (size_t i = 0; !rc && i < secscan_findings_count(b->findings); i++) {
        const secscan_finding *f = secscan_findings_at(b->findings, i);

        if (!is_open(b, f))
            continue;
        if (answer != 'q') {
            rc = show(b, f);
            answer = rc ? 'q' : ask();
        }
        if (answer == 'q' || answer == 's') {
            n_open++;
            continue;
        }
        rc = judge(b, f->fingerprint, verdict_of(answer));
        n++;
    }
    if (rc)
        return cli_fail(&b->err, rc);
    code = n ? cli_entries_save(&b->entries) : 0;
    if (code)
        return code;
    printf("%s: %zu judged, %zu left\n", b->file, n, n_open);
    return end_code(b);
}

/* ---- the command line ---- */

typedef struct baseline_verb {
    const char *name;
    int (*run)(baseline *b);
} baseline_verb;

static const baseline_verb verbs[] = {
    {"create", create}, {"update", add}, {"prune", prune}, {"audit", audit}};

static const baseline_verb *find_verb(const cli_args *args)
{
    for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
        if (args->n_operands && args->n_operands <= 2 &&
            strcmp(args->operands[0], verbs[i].name) == 0)
            return &verbs[i];
    }
    return NULL;
}

/* The list, and all that is found now. */
static int prepare(baseline *b)
{
    const char *path = b->args->n_operands > 1 ? b->args->operands[1] : ".";
    int code, rc;

    b->root = cli_root_of(path);
    if (!b->root) {
        fprintf(stderr, "secscan: %s: there is no such path\n", path);
        return CLI_EXIT_USAGE;
    }
    b->file = b->args->baselines.n
                  ? strdup(b->args->baselines.at[0])
                  : cli_path_in(b->root, secscan_policy_file(BASELINE));
    if (!b->file)
        return CLI_EXIT_INTERNAL;
    code = cli_entries_open(&b->entries, b->file, head);
    if (!code)
        code = cli_load_rules(&b->rules, b->args);
    if (code)
        return code;
    rc = scan(b);
    return rc ? cli_fail(&b->err, rc) : 0;
}

int cli_baseline(const cli_args *args)
{
    const baseline_verb *verb = find_verb(args);
    baseline b = {.args = args};
    int code;

    if (args->mode != CLI_TREE || args->format || args->output ||
        args->entry_path || args->is_everywhere || args->reason ||
        args->until) {
        fputs("secscan: baseline takes no mode, and no options of reports or "
              "of allow: it is about all that is found\n",
              stderr);
        return CLI_EXIT_USAGE;
    }
    if (!verb || args->baselines.n > 1) {
        fputs("usage: secscan baseline create | update | prune | audit "
              "[--baseline FILE] [PATH]\n",
              stderr);
        return CLI_EXIT_USAGE;
    }
    code = prepare(&b);
    if (!code)
        code = verb->run(&b);
    cli_entries_close(&b.entries);
    secscan_scanner_free(b.scanner);
    secscan_policy_free(b.policy);
    secscan_findings_free(b.findings);
    secscan_rules_free(b.rules);
    free(b.root);
    free(b.file);
    return code;
}
