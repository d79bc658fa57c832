/*
 * syntaxes.c: is each rule's credential found wherever credentials stand?
 *
 *     secscan-syntaxes [--matrix] SYNTAXES EXCEPTIONS [RULES.toml...]
 *
 * The values that a rule reports in its own `match` examples are put into every
 * syntax (syntax.h) that can hold them, and have to be reported there, by that
 * rule or with it in `also`. A value that is recognised by itself gets a name
 * from the rule's id; that of a kind gets the first words of its `near` and
 * `name`; another that needs a name gets that of its example, and any rule may
 * find it; one whose form is its own line (a .netrc entry) is not
 * tried. EXCEPTIONS says what may be missed, one a line: rule and syntax (both
 * may have a *), and why; (named) is every rule whose values need a name,
 * (kinds) every kind. One that excuses nothing is a mistake, too.
 */
#include "syntax.h"

#include "os/file.h"
#include "rules/rule.h"
#include "rules/template.h"

#include <secscan.h>

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_EXAMPLE ((size_t)1 << 20)
#define MAX_EXCEPTIONS 4096
#define MAX_TOLD 400u /* bytes of a text */

/* What a value needs to be found. */
typedef enum need {
    NEEDS_NOTHING,
    NEEDS_WORDS, /* a kind that only context tells */
    NEEDS_NAME,
    NEEDS_OWN_LINE,
    N_NEEDS
} need;

typedef struct value {
    ss_bytes text;   /* what stands in a syntax */
    ss_bytes secret; /* what is found of it; empty: any */
    spelling name;
    need need;
} value;

typedef struct exception {
    char rule[80], syntax[40];
    unsigned n_used;
} exception;

typedef struct tally {
    unsigned n, n_missed, n_excused;
} tally;

/* What a scan is to find, and what it found. */
typedef struct wanted {
    const ss_rule *rule;
    ss_bytes secret; /* empty: any */
    int is_found;
    int is_found_otherwise;           /* by another rule */
    ss_buf found_secret, found_whole; /* of the rule's finding */
    spelling name;                    /* that the text gives it */
    int has_name;
} wanted;

typedef struct trial {
    secscan_scanner *scanner;
    syntaxes syntaxes;
    exception exceptions[MAX_EXCEPTIONS];
    size_t n_exceptions;
    tally per_syntax[MAX_SYNTAXES];
    tally of_rule[MAX_SYNTAXES];
    unsigned n_needs[N_NEEDS]; /* values, by need */
    unsigned n_pairs, n_missed;
    int has_matrix;
    wanted wanted;
    ss_buf example, text;
    secscan_error err;
} trial;

/* ---- scanning ------------------------------------------------------------ */

static int is_by_rule(const secscan_finding *f, const ss_rule *rule)
{
    int is_by = strcmp(f->rule, rule->id) == 0;

    for (size_t i = 0; i < f->n_also; i++)
        is_by |= strcmp(f->also[i], rule->id) == 0;
    return is_by;
}

static int holds(secscan_bytes outer, ss_bytes inner)
{
    return inner.len == 0 ||
           memmem(outer.data, outer.len, inner.data, inner.len) != NULL;
}

/* Does a name say that its value is a credential? */
static int is_telling(const spelling *name)
{
    static const char *const words[] = {"key",  "token", "secret",
                                        "pass", "pwd",   "auth",
                                        "pat",  "salt",  "credential"};

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (strstr(name->vendor, words[i]) || strstr(name->key, words[i]))
            return 1;
    }
    return 0;
}

/* `acme_key = "`: the identifier before what stands before the value. */
static int take_name(spelling *out, ss_bytes before)
{
    size_t to, from;
    int is_assigned = 0;

    for (to = before.len; to > 0; to--) {
        int c = before.data[to - 1];

        if (!strchr("=:> \t\"'`\\[])", c))
            break;
        is_assigned |= strchr("=:>", c) != NULL;
    }
    for (from = to; from > 0; from--) {
        uint8_t c = before.data[from - 1];

        if (!ss_is_alnum(c) && !strchr("_-.", c))
            break;
    }
    return is_assigned &&
           spelling_of_name(out, ss_bytes_of(before.data + from, to - from)) &&
           is_telling(out);
}

/* What stands around a secret up to blanks and quotes: a URL. */
static ss_bytes whole_around(ss_bytes line, size_t from, size_t to)
{
    while (from > 0 && !strchr(" \t\r\n\"'`<>", line.data[from - 1]))
        from--;
    while (to < line.len && !strchr(" \t\r\n\"'`<>", line.data[to]))
        to++;
    return ss_bytes_of(line.data + from, to - from);
}

static void keep_finding(wanted *w, const secscan_finding *f)
{
    ss_bytes line = ss_bytes_of(f->line.data, f->line.len);
    size_t end = f->secret_at + f->secret.len;
    ss_bytes whole =
        whole_around(line, f->secret_at, end < line.len ? end : line.len);

    ss_buf_reset(&w->found_secret);
    ss_buf_reset(&w->found_whole);
    (void)ss_buf_add(&w->found_secret, f->secret.data, f->secret.len);
    (void)ss_buf_add(&w->found_whole, whole.data, whole.len);
    w->has_name = take_name(&w->name, ss_bytes_of(f->line.data, f->secret_at));
}

static int on_finding(void *ctx, const secscan_finding *f)
{
    wanted *w = ctx;

    if (w->is_found || !holds(f->secret, w->secret))
        return 0;
    w->is_found = is_by_rule(f, w->rule);
    w->is_found_otherwise = 1;
    if (w->is_found)
        keep_finding(w, f);
    return 0;
}

/* Does the rule find `secret` in a text? */
static int finds(trial *t, ss_bytes text, ss_bytes secret)
{
    const secscan_sink sink = {sizeof(sink), &t->wanted, on_finding, NULL,
                               NULL};

    t->wanted.is_found = 0;
    t->wanted.is_found_otherwise = 0;
    t->wanted.secret = secret;
    if (secscan_scan_buffer(t->scanner, NULL, text.data, text.len, &sink,
                            &t->err)) {
        fprintf(stderr, "%s\n", t->err.message);
        exit(2);
    }
    return t->wanted.is_found;
}

static int is_found_alone(trial *t, ss_bytes text, ss_bytes secret)
{
    ss_buf_reset(&t->text);
    (void)ss_buf_add(&t->text, text.data, text.len);
    (void)ss_buf_putc(&t->text, '\n');
    return finds(t, ss_buf_bytes(&t->text), secret);
}

/* ---- a value in all syntaxes ----------------------------------------------
 */

static exception *find_exception(trial *t, const char *place, need what)
{
    for (size_t i = 0; i < t->n_exceptions; i++) {
        exception *e = &t->exceptions[i];
        int is_rule = fnmatch(e->rule, t->wanted.rule->id, 0) == 0 ||
                      (what == NEEDS_NAME && !strcmp(e->rule, "(named)")) ||
                      (what == NEEDS_WORDS && !strcmp(e->rule, "(kinds)"));

        if (is_rule && fnmatch(e->syntax, place, 0) == 0)
            return e;
    }
    return NULL;
}

/* The rule itself has to say it, unless only the name makes it a secret. */
static int is_found_in(trial *t, const syntax *s, const value *v)
{
    ss_buf_reset(&t->text);
    syntax_put(&t->text, s, &v->name, v->text);
    if (finds(t, ss_buf_bytes(&t->text), v->secret))
        return 1;
    return v->need == NEEDS_NAME && t->wanted.is_found_otherwise;
}

/* The start of a long text is enough. */
static void tell_missed(const trial *t, const syntax *s)
{
    size_t len = t->text.len < MAX_TOLD ? t->text.len - 1 : MAX_TOLD;

    printf("%s: not found in %s: %.*s\n", t->wanted.rule->id, s->name, (int)len,
           (const char *)t->text.data);
}

static void try_syntax(trial *t, size_t i, const value *v)
{
    const syntax *s = &t->syntaxes.at[i];
    exception *e;

    t->of_rule[i].n++;
    if (is_found_in(t, s, v))
        return;
    e = find_exception(t, s->name, v->need);
    if (e)
        e->n_used++;
    t->of_rule[i].n_excused += e != NULL;
    t->of_rule[i].n_missed += e == NULL;
    if (!e && !t->has_matrix)
        tell_missed(t, s);
}

static void try_value(trial *t, const value *v)
{
    int needs_key = v->need == NEEDS_WORDS && t->wanted.rule->n_names > 0;

    for (size_t i = 0; i < t->syntaxes.len; i++) {
        if (needs_key && !syntax_names_key(&t->syntaxes.at[i]))
            continue;
        if (syntax_takes(&t->syntaxes.at[i], v->text, v->need == NEEDS_NOTHING))
            try_syntax(t, i, v);
    }
}

/* ---- a rule ---------------------------------------------------------------
 */

/* What a value of an example needs, and what of it can stand elsewhere: the
 * secret, or the URL around it. */
static void judge(trial *t, value *v, ss_bytes whole, int has_name)
{
    int has_lines = memchr(v->secret.data, '\n', v->secret.len) != NULL;

    v->text = v->secret;
    v->need = has_name && !has_lines ? NEEDS_NAME : NEEDS_OWN_LINE;
    if (ss_rule_is_kind(t->wanted.rule)) {
        v->need = NEEDS_WORDS;
    } else if (t->wanted.rule->path) {
        v->need = NEEDS_OWN_LINE;
    } else if (is_found_alone(t, v->secret, v->secret)) {
        v->need = NEEDS_NOTHING;
    } else if (memmem(whole.data, whole.len, "://", 3)) {
        v->text = whole;
        v->need = is_found_alone(t, whole, v->secret) ? NEEDS_NOTHING
                                                      : NEEDS_OWN_LINE;
    }
    /* What is written on several lines is not the same bytes everywhere. */
    if (has_lines)
        v->secret.len = 0;
}

/* A name may hold the vendor's already: "acme token" near "acme". */
static void name_kind(spelling *out, const ss_rule *rule)
{
    const char *vendor = rule->near[0];
    const char *key = rule->n_names ? rule->names[0] : "api key";
    size_t len = strlen(vendor);

    if (!strncmp(key, vendor, len) && key[len] == ' ')
        key += len + 1;
    spelling_of_words(out, vendor, key);
}

static void try_found(trial *t)
{
    wanted *w = &t->wanted;
    ss_buf secret = SS_BUF_INIT(MAX_EXAMPLE), whole = SS_BUF_INIT(MAX_EXAMPLE);
    value v = {.name = w->name};
    int has_name = w->has_name;

    (void)ss_buf_add(&secret, w->found_secret.data, w->found_secret.len);
    (void)ss_buf_add(&whole, w->found_whole.data, w->found_whole.len);
    v.secret = ss_buf_bytes(&secret);
    judge(t, &v, ss_buf_bytes(&whole), has_name);
    if (v.need == NEEDS_NOTHING)
        (void)spelling_of_name(&v.name, ss_bytes_str(w->rule->id));
    if (v.need == NEEDS_WORDS)
        name_kind(&v.name, w->rule);
    t->n_needs[v.need]++;
    if (v.need != NEEDS_OWN_LINE)
        try_value(t, &v);
    ss_buf_release(&secret);
    ss_buf_release(&whole);
}

static void try_example(trial *t, const char *example)
{
    ss_buf_reset(&t->example);
    if (ss_template_expand(&t->example, ss_bytes_str(example),
                           ss_bytes_hash(ss_bytes_str(example)))) {
        fputs("out of memory\n", stderr);
        exit(2);
    }
    if (finds(t, ss_buf_bytes(&t->example), ss_bytes_str("")))
        try_found(t);
}

static void print_row(const trial *t)
{
    printf("%-36s ", t->wanted.rule->id);
    for (size_t i = 0; i < t->syntaxes.len; i++) {
        const tally *of = &t->of_rule[i];

        putchar(of->n_missed ? 'X' : of->n_excused ? 'e' : of->n ? '.' : ' ');
    }
    putchar('\n');
}

static void try_rule(trial *t, const ss_rule *rule)
{
    t->wanted.rule = rule;
    memset(t->of_rule, 0, sizeof(t->of_rule));
    for (size_t i = 0; i < rule->n_match; i++)
        try_example(t, rule->match[i]);
    if (t->has_matrix)
        print_row(t);
    for (size_t i = 0; i < t->syntaxes.len; i++) {
        t->n_pairs += t->of_rule[i].n > 0;
        t->n_missed += t->of_rule[i].n_missed > 0;
        t->per_syntax[i].n += t->of_rule[i].n > 0;
        t->per_syntax[i].n_missed += t->of_rule[i].n_missed > 0;
        t->per_syntax[i].n_excused += t->of_rule[i].n_excused > 0;
    }
}

/* ---- what comes out -------------------------------------------------------
 */

static void print_syntaxes(const trial *t)
{
    printf("\n%-24s %6s %7s %8s\n", "syntax", "rules", "missed", "excused");
    for (size_t i = 0; i < t->syntaxes.len; i++) {
        const tally *of = &t->per_syntax[i];

        printf("%-24s %6u %7u %8u\n", t->syntaxes.at[i].name, of->n,
               of->n_missed, of->n_excused);
    }
}

static unsigned count_idle(const trial *t)
{
    unsigned n = 0;

    for (size_t i = 0; i < t->n_exceptions; i++) {
        const exception *e = &t->exceptions[i];

        if (e->n_used)
            continue;
        n++;
        printf("%s %s: an exception that is not needed\n", e->rule, e->syntax);
    }
    return n;
}

static int conclude(const trial *t)
{
    unsigned n_idle = count_idle(t);

    print_syntaxes(t);
    printf(
        "\nvalues: %u need nothing, %u words around, %u a name, %u their own "
        "line\n"
        "rules and syntaxes: %u pairs, %u missed, %zu exceptions\n",
        t->n_needs[NEEDS_NOTHING], t->n_needs[NEEDS_WORDS],
        t->n_needs[NEEDS_NAME], t->n_needs[NEEDS_OWN_LINE], t->n_pairs,
        t->n_missed, t->n_exceptions);
    return t->n_pairs == 0 || t->n_missed || n_idle;
}

/* ---- what goes in ---------------------------------------------------------
 */

static int read_exceptions(trial *t, const char *path)
{
    ss_buf file = SS_BUF_INIT(MAX_EXAMPLE);
    ss_bytes rest, line;
    int rc = ss_file_read(&file, path, MAX_EXAMPLE, &t->err);

    if (rc)
        fprintf(stderr, "%s\n", t->err.message);
    rest = ss_buf_bytes(&file);
    while (!rc && ss_bytes_line(&line, &rest)) {
        exception *e = &t->exceptions[t->n_exceptions];
        char text[400] = "", why[2];

        if (line.len == 0 || line.data[0] == '#')
            continue;
        memcpy(text, line.data, line.len < 399 ? line.len : 399);
        e->n_used = 0;
        if (t->n_exceptions == MAX_EXCEPTIONS - 1 ||
            sscanf(text, "%79s %39s %1s", e->rule, e->syntax, why) != 3) {
            fprintf(stderr, "%s: rule, syntax, and why: %s\n", path, text);
            rc = -1;
        }
        t->n_exceptions++;
    }
    ss_buf_release(&file);
    return rc;
}

static int load(trial *t, secscan_rules **rules, char **argv)
{
    const secscan_rules_options options = {.size = sizeof(options),
                                           .flags = SECSCAN_RULES_NO_CACHE};
    size_t n = 0;
    int rc;

    while (argv[2 + n])
        n++;
    if (syntaxes_read(&t->syntaxes, argv[0]) || read_exceptions(t, argv[1]))
        return -1;
    rc = secscan_rules_load(rules, (const char *const *)argv + 2, n, &options,
                            &t->err);
    if (!rc)
        rc = secscan_scanner_new(&t->scanner, *rules, NULL, &t->err);
    if (rc)
        fprintf(stderr, "%s\n", t->err.message);
    return rc;
}

int main(int argc, char **argv)
{
    static trial t = {.example = SS_BUF_INIT(MAX_EXAMPLE),
                      .text = SS_BUF_INIT(MAX_EXAMPLE),
                      .wanted = {.found_secret = SS_BUF_INIT(MAX_EXAMPLE),
                                 .found_whole = SS_BUF_INIT(MAX_EXAMPLE)}};
    secscan_rules *rules = NULL;
    int rc = 2;

    t.has_matrix = argc > 1 && !strcmp(argv[1], "--matrix");
    if (argc < 3 + t.has_matrix) {
        fputs("usage: secscan-syntaxes [--matrix] SYNTAXES EXCEPTIONS "
              "[RULES.toml...]\n",
              stderr);
        return 2;
    }
    if (load(&t, &rules, argv + 1 + t.has_matrix))
        goto out;
    for (size_t i = 0; i < ss_rule_set_count(ss_rules_set(rules)); i++)
        try_rule(&t, ss_rules_set(rules)->rules[i]);
    rc = conclude(&t);
out:
    secscan_scanner_free(t.scanner);
    secscan_rules_free(rules);
    syntaxes_release(&t.syntaxes);
    ss_buf_release(&t.example);
    ss_buf_release(&t.text);
    ss_buf_release(&t.wanted.found_secret);
    ss_buf_release(&t.wanted.found_whole);
    return rc;
}
