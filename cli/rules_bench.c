/*
 * rules_bench.c: secscan rules bench: what the rules cost together, and which
 * of them slow the others down.
 *
 * The engine reads all bytes once for all rules, and alone every rule is fast:
 * what one costs shows when the others run without it. Half of the rules are
 * left out, then the other half; a half without which the rest is not faster is
 * done with, one that is guilty is halved again. What follows from candidates
 * is counted rule by rule.
 */
#include "bench_text.h"
#include "rules_command.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MADE_SIZE ((size_t)8 << 20)
#define MAX_SIZE ((size_t)256 << 20)
#define N_RUNS 5       /* the fastest counts */
#define MIN_GAIN 0.08  /* of the time of all: below it may be noise */
#define MAX_TOGETHER 4 /* rules that are told together */
#define N_COSTS 20     /* rules that are listed */
#define ID_WIDTH 34

typedef struct timing {
    double all, without; /* nanoseconds of the engine: all rules, and some */
} timing;

typedef struct bench {
    const cli_list *files; /* of rules; none: the built-in ones */
    bench_text text;
    const char **ids; /* of rules that the engine looks for */
    size_t n_ids;
    secscan_scanner *all; /* of all rules */
    size_t n_slow;
} bench;

/* ---- measuring ------------------------------------------------------------
 */

static int fail(const secscan_error *err, int rc)
{
    (void)cli_fail(err, rc);
    return -1;
}

static int scan(bench *b, secscan_scanner *scanner)
{
    const secscan_sink sink = {.size = sizeof(sink)};
    secscan_error err = {0};
    int rc = secscan_scan_buffer(scanner, NULL, b->text.data, b->text.len,
                                 &sink, &err);

    return rc ? fail(&err, rc) : 0;
}

/* The engine's nanoseconds for the text, if that is less than before. */
static int time_run(bench *b, secscan_scanner *scanner, double *fastest)
{
    uint64_t before = secscan_scanner_costs(scanner)->engine_nanoseconds;
    double run;

    if (scan(b, scanner))
        return -1;
    run = (double)(secscan_scanner_costs(scanner)->engine_nanoseconds - before);
    if (*fastest == 0 || run < *fastest)
        *fastest = run;
    return 0;
}

/* In turns with the engine of all rules: the machine may have less time for us
 * now than it had a minute ago. */
static int time_engine(bench *b, secscan_scanner *scanner, timing *out)
{
    int rc = 0;

    *out = (timing){0, 0};
    for (int i = 0; i < N_RUNS && !rc; i++) {
        rc = time_run(b, b->all, &out->all);
        if (!rc)
            rc = time_run(b, scanner, &out->without);
    }
    return rc;
}

static int open_rules(bench *b, const char *const *without, size_t n,
                      secscan_rules **rules, secscan_scanner **scanner)
{
    const secscan_rules_options options = {.size = sizeof(options),
                                           .flags = SECSCAN_RULES_NO_CACHE,
                                           .without = without,
                                           .n_without = n};
    const secscan_scan_options measured = {
        .size = sizeof(measured), .threads = 1, .flags = SECSCAN_SCAN_MEASURE};
    secscan_error err = {0};
    int rc =
        secscan_rules_load(rules, b->files->at, b->files->n, &options, &err);

    if (!rc)
        rc = secscan_scanner_new(scanner, *rules, &measured, &err);
    return rc ? fail(&err, rc) : 0;
}

static int time_without(bench *b, const char *const *ids, size_t n, timing *out)
{
    secscan_rules *rules = NULL;
    secscan_scanner *scanner = NULL;
    int rc = open_rules(b, ids, n, &rules, &scanner);

    if (!rc)
        rc = time_engine(b, scanner, out);
    secscan_scanner_free(scanner);
    secscan_rules_free(rules);
    return rc;
}

/* ---- rules that slow the others -------------------------------------------
 */

static double speed(const bench *b, double nanoseconds)
{
    return nanoseconds > 0 ? (double)b->text.len / nanoseconds : 0;
}

static double gain(const timing *t)
{
    return t->all > 0 ? 1 - t->without / t->all : 0;
}

static void tell_slow(bench *b, const char *const *ids, size_t n,
                      const timing *t)
{
    if (b->n_slow++ == 0)
        printf("\n%-*s %12s %10s\n", ID_WIDTH, "slow: without it, the engine",
               "GB/s", "less time");
    for (size_t i = 0; i + 1 < n; i++)
        printf("%s, and\n", ids[i]);
    printf("%-*s %12.2f %9.0f%%\n", ID_WIDTH, ids[n - 1], speed(b, t->without),
           100 * gain(t));
    fflush(stdout);
}

static int find_slow(bench *b, const char *const *ids, size_t n, int *is_slow);

/* Halves of which neither is slow may be so together: two rules with the same
 * frequent literal. */
static int find_in_halves(bench *b, const char *const *ids, size_t n,
                          const timing *t)
{
    size_t half = n / 2;
    int is_first = 0, is_second = 0;
    int rc = find_slow(b, ids, half, &is_first);

    if (!rc)
        rc = find_slow(b, ids + half, n - half, &is_second);
    if (!rc && !is_first && !is_second && n <= MAX_TOGETHER)
        tell_slow(b, ids, n, t);
    return rc;
}

static int find_slow(bench *b, const char *const *ids, size_t n, int *is_slow)
{
    timing t = {0, 0};
    int rc = n ? time_without(b, ids, n, &t) : 0;

    *is_slow = !rc && gain(&t) > MIN_GAIN;
    if (!*is_slow)
        return rc;
    if (n > 1)
        return find_in_halves(b, ids, n, &t);
    tell_slow(b, ids, n, &t);
    return 0;
}

static int find_all_slow(bench *b)
{
    size_t half = b->n_ids / 2;
    int is_slow;
    int rc = find_slow(b, b->ids, half, &is_slow);

    if (!rc)
        rc = find_slow(b, b->ids + half, b->n_ids - half, &is_slow);
    if (!rc && b->n_slow == 0)
        printf("\nno rule slows the engine by %.0f%%\n", 100 * MIN_GAIN);
    return rc;
}

/* ---- what follows from candidates ------------------------------------------
 */

static int dearest_first(const void *a, const void *b)
{
    const secscan_rule_cost *x = a, *y = b;

    if (x->nanoseconds != y->nanoseconds)
        return x->nanoseconds < y->nanoseconds ? 1 : -1;
    return strcmp(x->rule, y->rule);
}

static void put_cost(const bench *b, const char *name, uint64_t candidates,
                     uint64_t matches, uint64_t nanoseconds)
{
    double megabytes = (double)b->text.len / 1e6 * N_RUNS;

    printf("%-*s %12.2f %10.2f %10.1f\n", ID_WIDTH, name,
           (double)candidates / megabytes, (double)matches / megabytes,
           (double)nanoseconds / 1e3 / megabytes);
}

static int tell_costs(const bench *b, const secscan_costs *costs)
{
    secscan_rule_cost *sorted = calloc(costs->n_rules + 1, sizeof(*sorted));
    secscan_rule_cost sum = {NULL, 0, 0, 0};

    if (!sorted)
        return -1;
    memcpy(sorted, costs->rules, costs->n_rules * sizeof(*sorted));
    qsort(sorted, costs->n_rules, sizeof(*sorted), dearest_first);
    printf("\n%-*s %12s %10s %10s\n", ID_WIDTH, "behind the engine, in a MB",
           "candidates", "matches", "us");
    for (size_t i = 0; i < costs->n_rules; i++) {
        sum.candidates += sorted[i].candidates;
        sum.matches += sorted[i].matches;
        sum.nanoseconds += sorted[i].nanoseconds;
        if (i < N_COSTS && sorted[i].candidates)
            put_cost(b, sorted[i].rule, sorted[i].candidates, sorted[i].matches,
                     sorted[i].nanoseconds);
    }
    put_cost(b, "(all)", sum.candidates, sum.matches, sum.nanoseconds);
    free(sorted);
    return 0;
}

/* ---- all ------------------------------------------------------------------
 */

static int take_ids(bench *b, const secscan_rules *rules)
{
    size_t n = secscan_rules_count(rules);

    b->ids = calloc(n + 1, sizeof(*b->ids));
    for (size_t i = 0; b->ids && i < n; i++) {
        secscan_rule_info rule;

        if (secscan_rules_at(rules, i, &rule) == 0 && *rule.regex)
            b->ids[b->n_ids++] = rule.id;
    }
    return b->ids ? 0 : -1;
}

static int tell_all(bench *b, const secscan_rules *rules)
{
    double fastest = 0;
    int rc = 0;

    for (int i = 0; i < N_RUNS && !rc; i++)
        rc = time_run(b, b->all, &fastest);
    if (rc)
        return rc;
    printf("%zu rules (version %s), %.1f MB of text\n"
           "engine: %.2f GB/s\n",
           secscan_rules_count(rules), secscan_rules_version(rules),
           (double)b->text.len / 1e6, speed(b, fastest));
    rc = tell_costs(b, secscan_scanner_costs(b->all));
    fflush(stdout);
    return rc;
}

static int run(bench *b)
{
    secscan_rules *rules = NULL;
    int rc = open_rules(b, NULL, 0, &rules, &b->all);

    if (!rc)
        rc = tell_all(b, rules);
    if (!rc)
        rc = take_ids(b, rules);
    if (!rc)
        rc = find_all_slow(b);
    secscan_scanner_free(b->all);
    secscan_rules_free(rules);
    return rc;
}

int cli_rules_bench(const cli_args *args, secscan_rules *none)
{
    const cli_list operands = {&args->operands[1], args->n_operands - 1};
    bench b = {.files = operands.n ? &operands : &args->files};
    int rc;

    (void)none;
    if (args->on)
        rc = bench_text_read(&b.text, args->on, MAX_SIZE);
    else
        rc = bench_text_make(&b.text, MADE_SIZE);
    if (!rc && b.text.len == 0) {
        fprintf(stderr, "secscan: %s holds no text\n", args->on);
        rc = -1;
    }
    if (!rc)
        rc = run(&b);
    free(b.ids);
    bench_text_release(&b.text);
    return rc ? CLI_EXIT_USAGE : CLI_EXIT_CLEAN;
}
