/*
 * deltas_test.c: deltas_test [FIRST [LAST]]: objects scanned along chains of
 * deltas, with the built-in rules and some kinds, give what each gives when it
 * is scanned whole: to the last field.
 *
 * A version is made of the examples of all rules, whole, cut, and encoded,
 * between filler of many shapes; the next one of copies of it and of new parts,
 * cut most often where something stands. What a delta leaves of encoded text
 * for the next one is compared, too. The numbers are seeds of chains.
 */
#include "pick.h"

#include "base/buf.h"
#include "rules/template.h"
#include "scan/object.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_RUNS = 64, N_VERSIONS = 6, MAX_TEXT = 1 << 24 };

/* ---- texts ---- */

typedef struct edit {
    ss_buf text;
    ss_run runs[MAX_RUNS];
    size_t n;
    size_t edges[1024]; /* where a part begins or ends */
    size_t n_edges;
} edit;

static void mark_edge(edit *e)
{
    if (e->n_edges < sizeof(e->edges) / sizeof(*e->edges))
        e->edges[e->n_edges++] = e->text.len;
}

/* ---- encodings ---- */

static void put_base64(ss_buf *out, ss_bytes text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqr"
                                 "stuvwxyz0123456789+/";
    size_t wrap = pick(3) ? SIZE_MAX : 40 + 4 * pick(10), n = 0;

    for (size_t i = 0; i < text.len; i += 3) {
        uint32_t group = 0;
        size_t have = text.len - i < 3 ? text.len - i : 3;

        for (size_t k = 0; k < 3; k++)
            group = group << 8 | (k < have ? text.data[i + k] : 0u);
        for (size_t k = 0; k < 4; k++)
            ss_buf_putc(out,
                        k > have ? '=' : digits[group >> (18 - 6 * k) & 63]);
        n += 4;
        if (n % wrap == 0)
            ss_buf_puts(out, "\n");
    }
}

static void put_each(ss_buf *out, ss_bytes text, const char *format)
{
    for (size_t i = 0; i < text.len; i++)
        ss_buf_printf(out, format, text.data[i]);
}

static void put_wide(ss_buf *out, ss_bytes text, size_t width)
{
    for (size_t i = 0; i < text.len * width; i++)
        ss_buf_putc(out, i % width ? '\0' : (char)text.data[i / width]);
}

/* Literals or lines of `len` bytes each. */
static void put_pieces(ss_buf *out, ss_bytes text, size_t len,
                       const char *joint)
{
    for (size_t i = 0; i < text.len; i++) {
        if (i && i % len == 0)
            ss_buf_puts(out, joint);
        ss_buf_putc(out, (char)text.data[i]);
    }
}

static void encode(ss_buf *out, ss_bytes text)
{
    static const char *const formats[] = {"%02x",    "%%%02X", "\\x%02x",
                                          "\\u%04x", "&#%u;",  "=%02X"};
    size_t kind = pick(16);

    if (kind < 6)
        put_each(out, text, formats[kind]);
    else if (kind < 8)
        put_pieces(out, text, 8 + pick(20), kind == 6 ? "\" + \"" : "\\\n  ");
    else if (kind < 10)
        put_pieces(out, text, 30 + pick(50), "=\n");
    else if (kind == 10)
        put_wide(out, text, pick(2) ? 2 : 4);
    else
        put_base64(out, text);
}

/* What looks as if it were encoded, and is not, or only further on. */
static void put_noise(edit *e)
{
    static const char *const noise[] = {
        "%5B",     "%5Babc",  "&lt;",       "&lt;name&gt;",
        "\\\\",    "\\",      "=\n",        "=\r\n",
        "=  ",     "\" + \"", "\"\n\"",     "&amp;",
        "&quot;",  "%",       "abc\\\ndef", "=3D",
        "\\u00",   "' . '",   "f0f",        "QUJDREVG",
        "sha512-", "  ",      "0x",         "\xff\xfe"};

    for (size_t n = 1 + pick(12); n > 0; n--)
        ss_buf_puts(&e->text, noise[pick(sizeof(noise) / sizeof(*noise))]);
    if (pick(4))
        return;
    for (size_t n = pick(1500); n > 0; n--) /* far */
        ss_buf_putc(&e->text, "0123456789abcdef"[pick(16)]);
}

static void put_example(edit *e, const ss_rule_set *set)
{
    const ss_rule *rule = set->rules[pick(set->n_rules)];
    size_t kind = pick(4 * 5);
    ss_buf text = SS_BUF_INIT(MAX_TEXT), encoded = SS_BUF_INIT(MAX_TEXT);
    size_t from = 0, to;

    /* Every fourth is of a kind. */
    if (kind < 5 && set->kinds.n_kinds)
        rule = set->rules[set->kinds.kinds[kind % set->kinds.n_kinds]];
    if (!rule->n_match)
        return;
    if (ss_template_expand(
            &text, ss_bytes_str(rule->match[pick(rule->n_match)]), pick(8)))
        abort();
    if (!pick(3)) {
        encode(&encoded, ss_buf_bytes(&text));
        ss_buf_reset(&text);
        ss_buf_add(&text, encoded.data, encoded.len);
    }
    to = text.len;
    if (to && !pick(4))
        from = pick(to);
    if (to > from && !pick(4))
        to = from + pick(to - from);
    mark_edge(e);
    ss_buf_add(&e->text, text.data + from, to - from);
    mark_edge(e);
    ss_buf_release(&text);
    ss_buf_release(&encoded);
}

static void put_glue(edit *e)
{
    static const char *const glue[] = {
        "\n",
        "\r\n",
        " ",
        "",
        "\"",
        "'",
        "\n\n",
        "x",
        "_",
        "=",
        "#",
        "\\",
        "example ",
        "password = ",
        "token: ",
        "secret",
        "\xff",
        "A",
        "-----BEGIN ",
        "-----END ",
        "-----",
        "KEY-----\n",
        "0",
        "/",
        "acmecloud:\n  ",
        "[acmecloud]\n",
        "# big acme\n",
        "key: ",
        "\n  ",
        "other:\n",
        "api_key = ",
        "ac",
        "acmecloud",
    };

    ss_buf_puts(&e->text, glue[pick(sizeof(glue) / sizeof(*glue))]);
}

/* Text; one long line; base64; zeros. */
static void put_filler(edit *e, size_t len)
{
    static const char *const alphabets[] = {
        "abc xyz =.,0123456789\n", "abc xyz 0123456789;", "ABCDEFabcdef0123+/",
        "\n ", "import os\n"};
    const char *alphabet = alphabets[pick(5)];
    size_t n = strlen(alphabet);

    for (size_t i = 0; i < len; i++)
        ss_buf_putc(&e->text, alphabet[pick(n)]);
}

static size_t pick_len(void)
{
    static const size_t most[] = {4, 40, 300, 1100, 2500};

    return pick(most[pick(5)]);
}

static void put_parts(edit *e, const ss_rule_set *set, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        switch (pick(4)) {
        case 0:
            put_glue(e);
            break;
        case 1:
            put_example(e, set);
            break;
        case 2:
            put_noise(e);
            break;
        default:
            put_filler(e, pick_len());
            break;
        }
    }
}

static void copy_run(edit *e, const edit *base, size_t from, size_t len)
{
    ss_run *last = e->n ? &e->runs[e->n - 1] : NULL;

    if (!len || e->n == MAX_RUNS)
        return;
    if (last && last->base + last->len == from &&
        last->from + last->len == e->text.len)
        last->len += len;
    else
        e->runs[e->n++] = (ss_run){from, e->text.len, len};
    for (size_t i = 0; i < base->n_edges; i++) {
        size_t edge = base->edges[i];

        if (edge < from || edge > from + len ||
            e->n_edges == sizeof(e->edges) / sizeof(*e->edges))
            continue;
        e->edges[e->n_edges++] = e->text.len + (edge - from);
    }
    ss_buf_add(&e->text, base->text.data + from, len);
}

/* A place in the base: any, or near something. */
static size_t pick_place(const edit *base, size_t low)
{
    size_t len = base->text.len, at;

    if (!base->n_edges || pick(3) == 0)
        return low + pick(len - low + 1);
    at = base->edges[pick(base->n_edges)] + pick(9);
    at = at > 4 ? at - 4 : 0;
    if (!pick(6)) /* as far off as a line is followed */
        at = at > 1028 ? at - 1028 + pick(9) : 0;
    return at < low || at > len ? low + pick(len - low + 1) : at;
}

static void make_edit(edit *e, const edit *base, const ss_rule_set *set)
{
    size_t at = pick(8) ? 0 : pick_place(base, 0);

    e->n = e->n_edges = 0;
    ss_buf_reset(&e->text);
    for (size_t step = 1 + pick(5); step > 0; step--) {
        size_t to = pick_place(base, at);

        copy_run(e, base, at, to - at);
        at = to;
        put_parts(e, set, pick(3));
        if (!pick(2)) /* skip some, or jump */
            at = pick_place(base, pick(3) ? at : 0);
    }
    if (pick(4))
        copy_run(e, base, at, base->text.len - at);
}

/* ---- scans ---- */

/* All of a match; of its line a digest. */
static int write_match(void *ctx, const ss_match *m)
{
    uint64_t line = 0xcbf29ce484222325u;
    int rc = ss_buf_printf(
        ctx,
        "%s %llu %llu-%llu in %llu-%llu at %llu:%llu-%llu:%llu %u %u %u %u %s",
        m->rule->id, (unsigned long long)m->offset,
        (unsigned long long)m->secret_from, (unsigned long long)m->secret_to,
        (unsigned long long)m->from, (unsigned long long)m->to,
        (unsigned long long)m->line_start, (unsigned long long)m->column_start,
        (unsigned long long)m->line_end, (unsigned long long)m->column_end,
        m->evidence, m->severity, m->confidence, m->is_hygiene, m->reason);

    for (uint32_t i = 0; i < m->encodings.n; i++)
        rc |= ss_buf_printf(ctx, " in %u", m->encodings.at[i]);
    for (size_t i = 0; i < m->n_also; i++)
        rc |= ss_buf_printf(ctx, " also %u", m->also[i]);
    for (size_t i = 0; i < m->n_parts; i++)
        rc |= ss_buf_printf(ctx, " with %s %llu", m->parts[i].rule->id,
                            (unsigned long long)m->parts[i].offset);
    if (m->whole)
        rc |= ss_buf_printf(ctx, " of %s %llu", m->whole->rule->id,
                            (unsigned long long)m->whole->offset);
    for (size_t i = 0; i < m->line.len; i++)
        line = (line ^ m->line.data[i]) * 0x100000001b3u;
    return rc | ss_buf_printf(ctx, " |%zu %llx\n", m->line.len,
                              (unsigned long long)line);
}

static int write_skip(void *ctx, const char *reason, uint64_t offset)
{
    return ss_buf_printf(ctx, "skip %s %llu\n", reason,
                         (unsigned long long)offset);
}

typedef struct scanners {
    const ss_rule_set *set;
    ss_scanner *whole, *delta;
    uint64_t seed;
    size_t n_matches, n_regions, n_failures;
} scanners;

static void say_difference(scanners *s, const edit *e, const ss_buf *whole,
                           const ss_buf *delta)
{
    if (s->n_failures++)
        return;
    printf("seed %llu: %zu bytes in %zu runs\n", (unsigned long long)s->seed,
           e->text.len, e->n);
    for (size_t i = 0; i < e->n; i++)
        printf("  %zu+%zu from %zu\n", e->runs[i].from, e->runs[i].len,
               e->runs[i].base);
    printf("whole:\n%.*s\nalong the delta:\n%.*s\n", (int)whole->len,
           (char *)whole->data, (int)delta->len, (char *)delta->data);
}

static void check_same(scanners *s, const edit *e, const ss_trace *base,
                       ss_trace *trace)
{
    ss_buf whole = SS_BUF_INIT(MAX_TEXT), delta = SS_BUF_INIT(MAX_TEXT);
    ss_match_sink to_whole = {&whole, write_match, write_skip};
    ss_match_sink to_delta = {&delta, write_match, write_skip};
    uint64_t whole_suppressed = ss_scanner_counts(s->whole)->suppressed;
    uint64_t delta_suppressed = ss_scanner_counts(s->delta)->suppressed;
    ss_bytes text = ss_buf_bytes(&e->text);

    if (ss_scanner_scan(s->whole, text, &to_whole, NULL) ||
        ss_object_scan(s->delta, text, base, e->runs, e->n, trace, &to_delta,
                       NULL))
        exit(2);
    whole_suppressed =
        ss_scanner_counts(s->whole)->suppressed - whole_suppressed;
    delta_suppressed =
        ss_scanner_counts(s->delta)->suppressed - delta_suppressed;
    ss_buf_printf(&whole, "%llu suppressed",
                  (unsigned long long)whole_suppressed);
    ss_buf_printf(&delta, "%llu suppressed",
                  (unsigned long long)delta_suppressed);
    if (!ss_bytes_equal(ss_buf_bytes(&whole), ss_buf_bytes(&delta)))
        say_difference(s, e, &whole, &delta);
    for (size_t i = 0; i < whole.len; i++)
        s->n_matches += whole.data[i] == '|';
    ss_buf_release(&whole);
    ss_buf_release(&delta);
}

/* What a delta leaves for its own is what a look at all of it leaves. */
static int is_same_decoding(const ss_trace_decoding *a,
                            const ss_trace_decoding *b)
{
    if (a->is_whole != b->is_whole || a->looks.len != b->looks.len ||
        a->regions.len != b->regions.len)
        return 0;
    return (!a->looks.len || !memcmp(a->looks.at, b->looks.at,
                                     a->looks.len * sizeof(*a->looks.at))) &&
           (!a->regions.len ||
            !memcmp(a->regions.at, b->regions.at,
                    a->regions.len * sizeof(*a->regions.at))) &&
           !memcmp(a->first_look, b->first_look, sizeof(a->first_look)) &&
           !memcmp(a->first_region, b->first_region, sizeof(a->first_region));
}

static void check_decoding(scanners *s, const edit *e, const ss_trace *trace)
{
    ss_trace whole = SS_TRACE_INIT;

    if (ss_object_trace(s->delta, ss_buf_bytes(&e->text), &whole, NULL))
        exit(2);
    s->n_regions += whole.decoding.regions.len;
    if (!is_same_decoding(&whole.decoding, &trace->decoding)) {
        if (!s->n_failures++)
            printf("seed %llu: other encoded text\n",
                   (unsigned long long)s->seed);
    }
    ss_trace_release(&whole);
}

/* Versions, each scanned from the trace of the one before. */
static void check_chain(scanners *s)
{
    edit versions[2] = {{.text = SS_BUF_INIT(MAX_TEXT)},
                        {.text = SS_BUF_INIT(MAX_TEXT)}};
    ss_trace traces[2] = {SS_TRACE_INIT, SS_TRACE_INIT};

    put_parts(&versions[0], s->set, 5 + pick(40));
    check_same(s, &versions[0], NULL, &traces[0]);
    for (size_t i = 1; i < N_VERSIONS; i++) {
        edit *base = &versions[(i - 1) % 2], *next = &versions[i % 2];

        make_edit(next, base, s->set);
        check_same(s, next, &traces[(i - 1) % 2], &traces[i % 2]);
        check_decoding(s, next, &traces[i % 2]);
    }
    for (size_t i = 0; i < 2; i++) {
        ss_buf_release(&versions[i].text);
        ss_trace_release(&traces[i]);
    }
}

/* User rules are not inherited along deltas; here, they are to be. */
static void make_builtin(const ss_rule_set *set)
{
    for (size_t i = 0; i < set->n_rules; i++) {
        ss_rule *rule = (ss_rule *)(uintptr_t)set->rules[i];

        if (!rule->is_builtin)
            rule->is_builtin = 1;
    }
}

int main(int argc, char **argv)
{
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
    uint64_t last = argc > 2 ? strtoull(argv[2], NULL, 10) : first + 1;
    static const size_t cores[] = {0, 64, 1000};
    static const char *const paths[] = {KINDS};
    secscan_rules *rules = NULL;
    static const ss_decode_options decoding = {.max_depth = 4};
    scanners s = {0};

    if (secscan_rules_load(&rules, paths, 1, NULL, NULL))
        return 2;
    s.set = ss_rules_set(rules);
    make_builtin(s.set);
    for (size_t core = 0; core < 3; core++) {
        if (ss_scanner_new(&s.whole, s.set, 0, NULL) ||
            ss_scanner_new(&s.delta, s.set, cores[core], NULL))
            return 2;
        ss_scanner_ask_decoding(s.whole, decoding);
        ss_scanner_ask_decoding(s.delta, decoding);
        for (uint64_t seed = first; seed < last; seed++) {
            if (seed % 3 != core)
                continue;
            s.seed = pick_state = seed;
            check_chain(&s);
        }
        ss_scanner_free(s.whole);
        ss_scanner_free(s.delta);
    }
    secscan_rules_free(rules);
    printf("%zu matches, %zu encoded texts, %zu failures\n", s.n_matches,
           s.n_regions, s.n_failures);
    return s.n_failures || !s.n_matches || (last - first > 1 && !s.n_regions);
}
