/*
 * engine.c: what the matcher alone costs: Hyperscan over source text in memory,
 * chunk by chunk, one core, CPU time. No files, no filters, no PCRE2.
 *
 *     bench_engine [options] PATH...          the built-in rules
 *     bench_engine --each PATH...             each of them alone, slowest first
 *     bench_engine --without PATH...          all but each of them, fastest
 * first bench_engine --anchors TABLE PATH...    crude patterns, by literal
 * length bench_engine --anchors TABLE --each PATH...
 *
 *     --pad         with one pattern more, of a single byte
 * (docs/design-notes.md)
 *     --rarer N     only anchors that occur less than N times in a MB
 *     --chunk BYTES (262144)  --repeat N (7)  --max BYTES of text (512 MiB)
 */
#include "anchors.h"
#include "corpus.h"

#include "rules/rule.h"

#include <hs.h>
#include <secscan.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_REPEAT_RUNS = 101, MAX_DATABASES = 8, N_SLOWEST = 40 };

typedef struct settings {
    const char *anchors;
    size_t chunk, max;
    int repeat, is_each, is_without, is_padded;
    double rarer;
} settings;

typedef struct patterns {
    const char **text;
    unsigned *flags, *ids;
    size_t len;
} patterns;

typedef struct engine {
    hs_database_t *databases[MAX_DATABASES];
    size_t n_databases;
    hs_scratch_t *scratch;
} engine;

typedef struct cost {
    double best, median; /* seconds of CPU over the corpus */
    unsigned long long hits;
} cost;

static void give_up(const char *what)
{
    fprintf(stderr, "bench_engine: %s\n", what);
    exit(2);
}

static double cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- one measurement --------------------------------------------------- */

static int on_hit(unsigned int id, unsigned long long from,
                  unsigned long long to, unsigned int flags, void *ctx)
{
    (void)id, (void)from, (void)to, (void)flags;
    ++*(unsigned long long *)ctx;
    return 0;
}

static void scan_once(engine *e, const corpus *c, size_t chunk,
                      unsigned long long *hits)
{
    for (size_t at = 0; at < c->len; at += chunk) {
        size_t len = c->len - at < chunk ? c->len - at : chunk;
        for (size_t i = 0; i < e->n_databases; i++)
            if (hs_scan(e->databases[i], c->data + at, (unsigned)len, 0,
                        e->scratch, on_hit, hits) != HS_SUCCESS)
                give_up("hs_scan failed");
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static cost measure(engine *e, const corpus *c, const settings *s)
{
    double seconds[MAX_REPEAT_RUNS];
    cost result = {0};

    for (int i = 0; i < s->repeat; i++) {
        double start = cpu_seconds();
        result.hits = 0;
        scan_once(e, c, s->chunk, &result.hits);
        seconds[i] = cpu_seconds() - start;
    }
    qsort(seconds, (size_t)s->repeat, sizeof(*seconds), by_value);
    result.best = seconds[0];
    result.median = seconds[s->repeat / 2];
    return result;
}

static void print_cost(const char *name, size_t n, const corpus *c, cost k)
{
    double megabytes = (double)c->len / 1e6;

    printf("%-28s %6zu %9.2f %9.2f %12.2f\n", name, n, megabytes / 1e3 / k.best,
           megabytes / 1e3 / k.median, (double)k.hits / megabytes);
    fflush(stdout);
}

static void print_heading(const corpus *c, const settings *s)
{
    printf("%.1f MB in %zu files, chunks of %zu bytes, %d runs\n\n",
           (double)c->len / 1e6, c->n_files, s->chunk, s->repeat);
    printf("%-28s %6s %9s %9s %12s\n", "", "n", "best GB/s", "median",
           "hits per MB");
}

/* ---- patterns to an engine --------------------------------------------- */

static void patterns_add(patterns *p, const char *text, unsigned flags)
{
    size_t n = p->len + 1;

    p->text = realloc(p->text, n * sizeof(*p->text));
    p->flags = realloc(p->flags, n * sizeof(*p->flags));
    p->ids = realloc(p->ids, n * sizeof(*p->ids));
    if (!p->text || !p->flags || !p->ids)
        give_up("out of memory");
    p->text[p->len] = text;
    p->flags[p->len] = flags;
    p->ids[p->len] = (unsigned)p->len;
    p->len = n;
}

static void patterns_release(patterns *p)
{
    free(p->text);
    free(p->flags);
    free(p->ids);
    memset(p, 0, sizeof(*p));
}

static void engine_compile(engine *e, const patterns *p)
{
    /* As rules/compile.c does it. */
    const hs_platform_info_t baseline = {HS_TUNE_FAMILY_GENERIC, 0, 0, 0};
    hs_compile_error_t *wrong = NULL;

    memset(e, 0, sizeof(*e));
    if (hs_compile_multi(p->text, p->flags, p->ids, (unsigned)p->len,
                         HS_MODE_BLOCK, &baseline, &e->databases[0],
                         &wrong) != HS_SUCCESS)
        give_up(wrong ? wrong->message : "hs_compile_multi failed");
    e->n_databases = 1;
    if (hs_alloc_scratch(e->databases[0], &e->scratch) != HS_SUCCESS)
        give_up("no scratch");
}

static void engine_release(engine *e)
{
    hs_free_scratch(e->scratch);
    for (size_t i = 0; i < e->n_databases; i++)
        hs_free_database(e->databases[i]);
}

static void measure_patterns(const char *name, const patterns *p,
                             const corpus *c, const settings *s)
{
    engine e;

    if (!p->len)
        return;
    engine_compile(&e, p);
    print_cost(name, p->len, c, measure(&e, c, s));
    engine_release(&e);
}

/* ---- crude anchors ----------------------------------------------------- */

/* Occurrences in a MB of the corpus. */
static double frequency(const char *literal, const corpus *c)
{
    const char *at = c->data, *end = c->data + c->len;
    size_t n = 0;

    for (;; at++, n++) {
        at = memmem(at, (size_t)(end - at), literal, strlen(literal));
        if (!at)
            return (double)n * 1e6 / (double)c->len;
    }
}

static void drop_frequent(anchors *list, const corpus *c, double rarer)
{
    size_t n = 0;

    for (size_t i = 0; i < list->len; i++)
        if (frequency(list->at[i].literal, c) < rarer)
            list->at[n++] = list->at[i];
    list->len = n;
}

static void measure_lengths(const anchors *list, size_t from, size_t to,
                            const corpus *c, const settings *s)
{
    patterns p = {0};
    char name[64];

    for (size_t i = 0; i < list->len; i++)
        if (list->at[i].literal_len >= from && list->at[i].literal_len <= to)
            patterns_add(&p, list->at[i].pattern, 0);
    if (s->is_padded)
        patterns_add(&p, "\\x01[a-z]{10}", 0);
    snprintf(name, sizeof(name),
             to > 99 ? "literals of %zu and more" : "literals of %zu to %zu",
             from, to);
    measure_patterns(name, &p, c, s);
    patterns_release(&p);
}

static void measure_anchors(const corpus *c, const settings *s)
{
    static const size_t bounds[][2] = {{1, 2}, {3, 3}, {4, 4},   {5, 5},
                                       {6, 7}, {8, 9}, {10, 999}};
    anchors list;

    anchors_read(&list, s->anchors);
    if (s->rarer > 0)
        drop_frequent(&list, c, s->rarer);
    print_heading(c, s);
    for (size_t i = 0; i < sizeof(bounds) / sizeof(*bounds); i++)
        measure_lengths(&list, bounds[i][0], bounds[i][1], c, s);
    for (size_t from = 1; from <= 7; from++)
        measure_lengths(&list, from, 999, c, s);
    anchors_release(&list);
}

/* ---- built-in rules ---------------------------------------------------- */

static const ss_rule_set *load_rules(secscan_rules **rules)
{
    secscan_error err = {0};

    if (secscan_rules_load(rules, NULL, 0, NULL, &err) != SECSCAN_OK)
        give_up(err.message);
    return ss_rules_set(*rules);
}

static void measure_all(const corpus *c, const settings *s)
{
    secscan_rules *rules = NULL;
    const ss_rule_set *set = load_rules(&rules);
    engine e = {0};

    print_heading(c, s);
    for (size_t i = 0; i < set->n_databases; i++) {
        char name[32];
        if (!set->databases[i])
            continue;
        e.databases[0] = set->databases[i];
        e.n_databases = 1;
        if (hs_alloc_scratch(e.databases[0], &e.scratch) != HS_SUCCESS)
            give_up("no scratch");
        snprintf(name, sizeof(name), "database %zu", i);
        print_cost(name, 0, c, measure(&e, c, s));
    }
    e.n_databases = 0;
    for (size_t i = 0; i < set->n_databases; i++)
        if (set->databases[i])
            e.databases[e.n_databases++] = set->databases[i];
    print_cost("all built-in rules", set->n_rules, c, measure(&e, c, s));
    hs_free_scratch(e.scratch);
    secscan_rules_free(rules);
}

typedef struct rule_cost {
    const char *id;
    cost cost;
} rule_cost;

static int slowest_first(const void *a, const void *b)
{
    const rule_cost *x = a, *y = b;

    return (x->cost.best < y->cost.best) - (x->cost.best > y->cost.best);
}

static cost measure_pattern(const char *text, unsigned flags, const corpus *c,
                            const settings *s)
{
    patterns p = {0};
    engine e;
    cost k;

    patterns_add(&p, text, flags);
    engine_compile(&e, &p);
    k = measure(&e, c, s);
    engine_release(&e);
    patterns_release(&p);
    return k;
}

static void print_slowest(rule_cost *costs, size_t n, const corpus *c,
                          const settings *s)
{
    qsort(costs, n, sizeof(*costs), slowest_first);
    print_heading(c, s);
    for (size_t i = 0; i < n && i < N_SLOWEST; i++)
        print_cost(costs[i].id, 1, c, costs[i].cost);
}

static rule_cost *costs_new(size_t n)
{
    rule_cost *costs = calloc(n + 1, sizeof(*costs));

    if (!costs)
        give_up("out of memory");
    return costs;
}

static void measure_each_rule(const corpus *c, const settings *s)
{
    secscan_rules *rules = NULL;
    const ss_rule_set *set = load_rules(&rules);
    rule_cost *costs = costs_new(set->n_rules);
    size_t n = 0;

    for (size_t i = 0; i < set->n_rules; i++) {
        const ss_rule *rule = set->rules[i];
        if (rule->prefilter)
            costs[n++] =
                (rule_cost){rule->id, measure_pattern(rule->prefilter,
                                                      rule->hs_flags, c, s)};
    }
    print_slowest(costs, n, c, s);
    free(costs);
    secscan_rules_free(rules);
}

static int fastest_first(const void *a, const void *b)
{
    return slowest_first(b, a);
}

static cost measure_without(const ss_rule_set *set, size_t without,
                            const corpus *c, const settings *s)
{
    patterns p = {0};
    engine e;
    cost k;

    for (size_t i = 0; i < set->n_rules; i++)
        if (i != without && set->rules[i]->prefilter)
            patterns_add(&p, set->rules[i]->prefilter, set->rules[i]->hs_flags);
    engine_compile(&e, &p);
    k = measure(&e, c, s);
    engine_release(&e);
    patterns_release(&p);
    return k;
}

/* What a rule costs in the company of the others. */
static void measure_without_each(const corpus *c, const settings *s)
{
    secscan_rules *rules = NULL;
    const ss_rule_set *set = load_rules(&rules);
    rule_cost *costs = costs_new(set->n_rules + 1);
    size_t n = 0;

    for (size_t i = 0; i <= set->n_rules; i++) {
        if (i < set->n_rules && !set->rules[i]->prefilter)
            continue;
        costs[n].id = i < set->n_rules ? set->rules[i]->id : "(none left out)";
        costs[n++].cost = measure_without(set, i, c, s);
    }
    qsort(costs, n, sizeof(*costs), fastest_first);
    print_heading(c, s);
    for (size_t i = 0; i < n; i++)
        if (i < N_SLOWEST || !strcmp(costs[i].id, "(none left out)"))
            print_cost(costs[i].id, n - 2, c, costs[i].cost);
    free(costs);
    secscan_rules_free(rules);
}

static void measure_each_anchor(const corpus *c, const settings *s)
{
    anchors list;
    rule_cost *costs;

    anchors_read(&list, s->anchors);
    costs = costs_new(list.len);
    for (size_t i = 0; i < list.len; i++)
        costs[i] = (rule_cost){list.at[i].pattern,
                               measure_pattern(list.at[i].pattern, 0, c, s)};
    print_slowest(costs, list.len, c, s);
    free(costs);
    anchors_release(&list);
}

/* ---- arguments --------------------------------------------------------- */

static const char *value_of(char **argv, int *i)
{
    if (!argv[*i + 1])
        give_up("an option lacks its value");
    return argv[++*i];
}

static int read_option(settings *s, char **argv, int *i)
{
    if (!strcmp(argv[*i], "--anchors"))
        s->anchors = value_of(argv, i);
    else if (!strcmp(argv[*i], "--each"))
        s->is_each = 1;
    else if (!strcmp(argv[*i], "--without"))
        s->is_without = 1;
    else if (!strcmp(argv[*i], "--pad"))
        s->is_padded = 1;
    else if (!strcmp(argv[*i], "--rarer"))
        s->rarer = strtod(value_of(argv, i), NULL);
    else if (!strcmp(argv[*i], "--chunk"))
        s->chunk = strtoul(value_of(argv, i), NULL, 10);
    else if (!strcmp(argv[*i], "--max"))
        s->max = strtoul(value_of(argv, i), NULL, 10);
    else if (!strcmp(argv[*i], "--repeat"))
        s->repeat = (int)strtol(value_of(argv, i), NULL, 10);
    else
        return 0;
    return 1;
}

int main(int argc, char **argv)
{
    settings s = {.chunk = 262144, .max = 512u << 20, .repeat = 7};
    corpus c = {0};

    (void)argc;
    for (int i = 1; argv[i]; i++)
        if (!read_option(&s, argv, &i))
            corpus_add(&c, argv[i], s.max);
    if (!c.len || !s.chunk || s.repeat < 1 || s.repeat > MAX_REPEAT_RUNS)
        give_up("usage: bench_engine [--anchors TABLE | --each | --without] "
                "[--chunk N] "
                "[--repeat N] [--max BYTES] PATH...");
    if (s.anchors && s.is_each)
        measure_each_anchor(&c, &s);
    else if (s.anchors)
        measure_anchors(&c, &s);
    else if (s.is_without)
        measure_without_each(&c, &s);
    else if (s.is_each)
        measure_each_rule(&c, &s);
    else
        measure_all(&c, &s);
    corpus_release(&c);
    return 0;
}
