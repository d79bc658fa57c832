/*
 * fuzz_object.c: a text, then versions of it that the bytes describe: scanned
 * along the deltas, with the built-in rules and decoding, each gives what it
 * gives when it is scanned whole.
 *
 * The last byte is the number of steps, four bytes each, that stand in front of
 * it: copy a stretch of the version before; insert a stretch of the text as
 * new; or end the version. What stands in front of the steps is the text.
 */
#include "fuzz.h"

#include "base/buf.h"
#include "scan/object.h"

#include <stdlib.h>

#define MAX_RUNS 64u
#define MAX_TEXT ((size_t)1 << 16)
#define MAX_VERSIONS 8u

typedef struct version {
    ss_buf text;
    ss_run runs[MAX_RUNS];
    size_t n;
    ss_trace trace;
} version;

static int on_match(void *ctx, const ss_match *m)
{
    uint64_t values[] = {
        m->rule_number, m->from,        m->to,
        m->secret_from, m->secret_to,   m->offset,
        m->line_start,  m->line_end,    m->column_start,
        m->column_end,  m->evidence,    m->severity,
        m->confidence,  m->is_hygiene,  m->n_also,
        m->n_parts,     m->encodings.n, m->whole ? m->whole->offset : 0};
    int rc = ss_buf_add(ctx, values, sizeof(values));

    return rc | ss_buf_add(ctx, m->line.data, m->line.len);
}

static int on_skip(void *ctx, const char *reason, uint64_t offset)
{
    (void)reason;
    return ss_buf_add(ctx, &offset, sizeof(offset));
}

static void check(ss_scanner *s, version *v, const ss_trace *base)
{
    ss_buf whole = SS_BUF_INIT(SIZE_MAX / 4), delta = SS_BUF_INIT(SIZE_MAX / 4);
    ss_match_sink to_whole = {&whole, on_match, on_skip};
    ss_match_sink to_delta = {&delta, on_match, on_skip};
    ss_bytes text = ss_buf_bytes(&v->text);

    ss_trace_reset(&v->trace);
    if (!text.len) /* nobody scans that */
        return;
    if (ss_scanner_scan(s, text, &to_whole, NULL) ||
        ss_object_scan(s, text, base, v->runs, v->n, &v->trace, &to_delta,
                       NULL))
        abort();
    if (!ss_bytes_equal(ss_buf_bytes(&whole), ss_buf_bytes(&delta)))
        abort();
    ss_buf_release(&whole);
    ss_buf_release(&delta);
}

static void copy(version *v, ss_bytes base, size_t from, size_t len)
{
    ss_run *last = v->n ? &v->runs[v->n - 1] : NULL;

    from = from < base.len ? from : base.len;
    len = len < base.len - from ? len : base.len - from;
    if (!len || v->n == MAX_RUNS || v->text.len + len > MAX_TEXT)
        return;
    if (last && last->base + last->len == from &&
        last->from + last->len == v->text.len)
        last->len += len;
    else
        v->runs[v->n++] = (ss_run){from, v->text.len, len};
    ss_buf_add(&v->text, base.data + from, len);
}

/* Steps up to the end of a version; what is left of them. */
static ss_bytes make_version(version *v, ss_bytes base, ss_bytes text,
                             ss_bytes steps)
{
    v->n = 0;
    ss_buf_reset(&v->text);
    while (steps.len >= 4) {
        const uint8_t *p = steps.data;
        size_t from = (size_t)(p[1] & 15) << 8 | p[2];
        size_t len = (size_t)(p[1] >> 4) << 8 | p[3];

        steps.data += 4;
        steps.len -= 4;
        if (p[0] % 8 == 0)
            break;
        if (p[0] % 8 < 5)
            copy(v, base, from, p[0] & 128 ? base.len : len);
        else if (from < text.len && v->text.len < MAX_TEXT)
            ss_buf_add(&v->text, text.data + from,
                       len < text.len - from ? len : text.len - from);
    }
    return steps;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const ss_decode_options decoding = {.max_depth = 4};
    static secscan_rules *rules;
    static ss_scanner *s;
    version v[2] = {{.text = SS_BUF_INIT(2 * MAX_TEXT)},
                    {.text = SS_BUF_INIT(2 * MAX_TEXT)}};
    ss_bytes text, steps;
    size_t n;

    if (!rules && (secscan_rules_load(&rules, NULL, 0, NULL, NULL) ||
                   ss_scanner_new(&s, ss_rules_set(rules), 0, NULL)))
        abort();
    ss_scanner_ask_decoding(s, decoding);
    if (!len)
        return 0;
    n = (size_t)4 * (data[len - 1] % 64);
    n = n < len - 1 ? n : len - 1;
    text = ss_bytes_of(data, len - 1 - n);
    steps = ss_bytes_of(data + text.len, n);
    ss_buf_add(&v[0].text, text.data, text.len);
    check(s, &v[0], NULL);
    for (size_t i = 1; steps.len && i < MAX_VERSIONS; i++) {
        version *base = &v[(i - 1) % 2], *next = &v[i % 2];

        steps = make_version(next, ss_buf_bytes(&base->text), text, steps);
        check(s, next, &base->trace);
    }
    for (size_t i = 0; i < 2; i++) {
        ss_buf_release(&v[i].text);
        ss_trace_release(&v[i].trace);
    }
    return 0;
}
