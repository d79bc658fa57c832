/*
 * object.c: scan an object whole, or only what a delta brings in.
 *
 * Around each seam of the delta a window is scanned, wide enough for every
 * match that sees the seam; windows are gathered into one buffer, since a call
 * for each costs more than it saves. The buffer only proposes: PCRE2 reads the
 * object's own bytes. What lies in one copied run is inherited, and dropped
 * when found again.
 */
#include "object.h"

#include "base/alloc.h"
#include "scan/pipeline.h"

#include <stdlib.h>

#define GATHER ((size_t)64 << 10) /* bytes scanned at once */
#define SEPARATOR "\n\0\n"
#define MAX_UNCOUNTED ((size_t)32 << 20)
#define MARGIN 2u /* a match sees one byte past its line and look-around */

typedef struct object_scan {
    ss_scanner *s;
    ss_bytes bytes;
    const ss_trace *base;         /* NULL: scan it whole */
    const ss_trace *decoded_base; /* the same, of encoded text */
    const ss_run *runs;
    size_t n_runs;
    ss_trace *out;
} object_scan;

void ss_object_measure(ss_scanner *s)
{
    s->back = s->reach.prefix;
    s->ahead = MARGIN;
    s->can_inherit = 1;
    for (size_t i = 0; i < s->set->n_rules; i++) {
        const ss_rule *rule = s->set->rules[i];
        size_t width = (size_t)rule->width + rule->after;

        s->can_inherit &= rule->is_builtin;
        if (!rule->regex || ss_trace_is_wide(rule))
            continue;
        if (width > s->back)
            s->back = width;
        if (rule->before + MARGIN > s->ahead)
            s->ahead = rule->before + MARGIN;
    }
    s->back += MARGIN;
}

/* ---- what a match sees ---- */

/* How far from its start what a match is may depend on the bytes, its line
 * aside. A greedy match ends where it does because of what follows it; a value,
 * because of its line. */
static size_t reach_of(const ss_match *m)
{
    if (m->rule->is_value)
        return (size_t)(m->to - m->from);
    return (size_t)m->rule->width + m->rule->after;
}

static void see(const object_scan *o, const ss_match *m, ss_trace_match *t)
{
    size_t line_from = (size_t)(m->line.data - o->bytes.data);
    size_t line_to = line_from + m->line.len;
    size_t above = m->rule->is_carrier ? SS_ABOVE_REACH : 0;
    size_t from = (size_t)m->from;
    size_t before = m->rule->before < from ? m->rule->before : from;
    size_t reach = reach_of(m);
    size_t left = o->bytes.len - from;
    size_t end = from + (reach < left ? reach : left);

    line_from = line_from > above ? line_from - above : 0;
    from = from - before < line_from ? from - before : line_from;
    end = end > line_to ? end : line_to;
    t->seen_from = (uint32_t)(from ? from - 1 : 0);
    t->seen_to = (uint32_t)(end < o->bytes.len ? end + 1 : end);
}

static int is_inherited(const object_scan *o, const ss_trace_match *t)
{
    return o->base && ss_run_find(o->runs, o->n_runs, t->seen_from, t->seen_to,
                                  o->base->len, o->bytes.len);
}

static int on_found(void *ctx, ss_match *match, int *is_taken)
{
    object_scan *o = ctx;
    uint64_t suppressed = o->s->counts.suppressed;
    ss_trace_match t = {.rule = match->rule_number,
                        .from = (uint32_t)match->from,
                        .to = (uint32_t)match->to,
                        .secret_from = (uint32_t)match->secret_from,
                        .secret_to = (uint32_t)match->secret_to};
    int is_kept, rc;

    *is_taken = 0; /* overlaps are decided on the complete list */
    see(o, match, &t);
    if (is_inherited(o, &t))
        return 0;
    if (!ss_pipeline_name(o->s, match, &rc))
        return rc;
    t.named = match->rule_number;
    is_kept = ss_pipeline_is_kept(o->s, match, &rc);
    t.is_suppressed = o->s->counts.suppressed != suppressed;
    o->s->counts.suppressed = suppressed; /* counted at delivery */
    if (rc || (!is_kept && !t.is_suppressed))
        return rc;
    return SS_VEC_PUSH(&o->out->matches, t) ? ss_fail_nomem(o->s->err) : 0;
}

static int on_object_limit(void *ctx, uint64_t offset)
{
    object_scan *o = ctx;

    return ss_pipeline_limit(o->s, offset);
}

/* ---- windows ---- */

/* The start of the line at `at`, not further than SS_LINE_REACH back. */
static size_t line_start(ss_bytes bytes, size_t at)
{
    size_t low = at > SS_LINE_REACH ? at - SS_LINE_REACH : 0;
    const uint8_t *newline = memrchr(bytes.data + low, '\n', at - low);

    return newline ? (size_t)(newline - bytes.data) + 1 : low;
}

static size_t line_end(ss_bytes bytes, size_t at)
{
    size_t left = bytes.len - at;
    size_t len = left < SS_LINE_REACH ? left : SS_LINE_REACH;
    const uint8_t *newline = memchr(bytes.data + at, '\n', len);

    return newline ? (size_t)(newline - bytes.data) : at + len;
}

/* Windows arrive in any order; [from, to) are starts of matches. */
static int add_window(object_scan *o, size_t from, size_t to)
{
    ss_object_window window = {from, to, 0, 0};

    if (to > o->bytes.len)
        window.to = o->bytes.len;
    if (window.from >= window.to)
        return 0;
    return SS_VEC_PUSH(&o->s->windows, window) ? ss_fail_nomem(o->s->err) : 0;
}

/* All starts of matches that see [from, to], of which `to` may be `from`. */
static int add_seam(object_scan *o, size_t from, size_t to)
{
    size_t low = from > MARGIN ? from - MARGIN : 0;
    size_t high = o->bytes.len - to > MARGIN ? to + MARGIN : o->bytes.len;

    low = line_start(o->bytes, low);
    high = line_end(o->bytes, high);
    low = low > o->s->back ? low - o->s->back : 0;
    return add_window(o, low, high + o->s->ahead + 1);
}

static int is_whole_start(const ss_run *run)
{
    return run->from == 0 && run->base == 0;
}

static int is_whole_end(const object_scan *o, const ss_run *run)
{
    return run->from + run->len == o->bytes.len &&
           run->base + run->len == o->base->len;
}

/* What lies between the runs, and the runs' borders. */
static int add_seams(object_scan *o)
{
    size_t end = 0; /* of the run before */
    int rc = 0;

    for (size_t i = 0; !rc && i < o->n_runs; i++) {
        const ss_run *run = &o->runs[i];

        if (i || !is_whole_start(run))
            rc = add_seam(o, end, run->from);
        end = run->from + run->len;
    }
    if (!rc && (!o->n_runs || !is_whole_end(o, &o->runs[o->n_runs - 1])))
        rc = add_seam(o, end, o->bytes.len);
    return rc;
}

/* A value does not go on behind the end of its line, and is named by nothing
 * behind it. */
static void narrow_to_line(const object_scan *o, size_t at, size_t *low,
                           size_t *high)
{
    size_t start = line_start(o->bytes, at);
    const uint8_t *newline = memchr(o->bytes.data + at, '\n', *high - at);

    if (start > SS_ABOVE_REACH + MARGIN &&
        start - SS_ABOVE_REACH - MARGIN > *low)
        *low = start - SS_ABOVE_REACH - MARGIN;
    if (newline && (size_t)(newline - o->bytes.data) + MARGIN < *high)
        *high = (size_t)(newline - o->bytes.data) + MARGIN;
}

/* Seams and anchors are both in order, nearly: `*at` is the seams' window that
 * the last anchor did not leave behind. One window more does no harm. */
static int is_at_seam(const object_scan *o, size_t *at, size_t n_seams,
                      size_t from, size_t to)
{
    const ss_object_window *seams = o->s->windows.at;

    while (*at < n_seams && seams[*at].to < to)
        (*at)++;
    return *at < n_seams && seams[*at].from <= from;
}

/* Matches of wide rules that may see a seam are looked for at their anchors,
 * unless the seam's window holds them. */
static int add_anchor(object_scan *o, const ss_trace_anchor *anchor,
                      size_t *seam, size_t n_seams)
{
    const ss_rule *rule = o->s->set->rules[anchor->rule];
    size_t end = anchor->end;
    size_t from = end > rule->prefix_max ? end - rule->prefix_max : 0;
    size_t to = end - rule->prefix_min;
    size_t back = (size_t)rule->before + SS_LINE_REACH + MARGIN +
                  (rule->is_carrier ? SS_ABOVE_REACH : 0);
    size_t ahead = (size_t)rule->width + rule->after + SS_LINE_REACH + MARGIN;
    size_t low = from > back ? from - back : 0;
    size_t high = o->bytes.len - to > ahead ? to + ahead : o->bytes.len;

    if (is_at_seam(o, seam, n_seams, from, to + 1))
        return 0;
    if (rule->is_value)
        narrow_to_line(o, from, &low, &high);
    if (ss_run_find(o->runs, o->n_runs, low, high, o->base->len, o->bytes.len))
        return 0;
    return add_window(o, from, to + 1);
}

static int by_from(const void *pa, const void *pb)
{
    const ss_object_window *a = pa;
    const ss_object_window *b = pb;

    return (a->from > b->from) - (a->from < b->from);
}

/* The seams come in order; anchors may not. */
static void sort_windows(ss_scanner *s)
{
    const ss_object_window *at = s->windows.at;

    for (size_t i = 1; i < s->windows.len; i++) {
        if (at[i].from < at[i - 1].from) {
            qsort(s->windows.at, s->windows.len, sizeof(*at), by_from);
            return;
        }
    }
}

/* Sorted, and joined where they meet; returns the number of starts. */
static size_t join_windows(object_scan *o)
{
    ss_object_window *at = o->s->windows.at;
    size_t kept = 0, total = 0;

    sort_windows(o->s);
    for (size_t i = 0; i < o->s->windows.len; i++) {
        if (kept && at[i].from <= at[kept - 1].to) {
            if (at[i].to > at[kept - 1].to)
                at[kept - 1].to = at[i].to;
            continue;
        }
        at[kept++] = at[i];
    }
    o->s->windows.len = kept;
    for (size_t i = 0; i < kept; i++)
        total += at[i].to - at[i].from + o->s->reach.prefix;
    return total;
}

static int make_windows(object_scan *o, size_t *total)
{
    size_t seam = 0, n_seams;
    int rc;

    if (ss_trace_inherit_anchors(o->out, o->base, o->runs, o->n_runs,
                                 o->s->set->rules))
        return ss_fail_nomem(o->s->err);
    rc = add_seams(o);
    n_seams = o->s->windows.len;
    for (size_t i = 0; !rc && i < o->out->anchors.len; i++)
        rc = add_anchor(o, &o->out->anchors.at[i], &seam, n_seams);
    *total = join_windows(o);
    return rc;
}

/* ---- scanning them ---- */

/* Take the window's candidates off the front of `list`; ends then count from
 * its start. What ends in a separator is nothing. */
static ss_candidates take_candidates(ss_candidates *list,
                                     const ss_object_window *w)
{
    ss_candidates own;

    while (list->len && list->at->end <= w->gathered) {
        list->at++;
        list->len--;
    }
    own = *list;
    own.len = 0;
    while (list->len && list->at->end <= w->gathered + w->len) {
        list->at->end -= (uint32_t)w->gathered;
        list->at++;
        list->len--;
        own.len++;
    }
    return own;
}

static int extract_windows(object_scan *o, const ss_object_window *first,
                           const ss_object_window *last)
{
    ss_candidates list = o->s->candidates;
    int rc = 0;

    ss_candidates_sort_by_end(&list);
    for (; !rc && first < last; first++) {
        ss_candidates own = take_candidates(&list, first);
        ss_chunk chunk;

        if (!own.len)
            continue;
        ss_candidates_sort(&own);
        chunk = ss_chunk_of(o->bytes, 0, first->from, first->to, o->s->reach);
        rc = ss_pipeline_extract(o->s, &chunk, &own);
    }
    return rc;
}

/* Each by itself: there were more candidates than the list holds. */
static int scan_each_window(object_scan *o, const ss_object_window *first,
                            const ss_object_window *last)
{
    int rc = 0;

    for (; !rc && first < last; first++)
        rc = ss_pipeline_core(o->s, o->bytes, 0, first->from, first->to);
    return rc;
}

static int scan_gathered(object_scan *o, const ss_object_window *first,
                         const ss_object_window *last)
{
    ss_scanner *s = o->s;
    int rc;

    rc = ss_pipeline_match(s, ss_buf_bytes(&o->s->gathered));
    if (rc)
        return rc;
    if (s->candidates.overflowed)
        return scan_each_window(o, first, last);
    return s->candidates.len ? extract_windows(o, first, last) : 0;
}

static int gather(object_scan *o, ss_object_window *w)
{
    size_t end = w->to;

    if (o->s->reach.prefix < o->bytes.len - end)
        end += o->s->reach.prefix;
    else
        end = o->bytes.len;
    w->gathered = o->s->gathered.len;
    w->len = end - w->from;
    if (ss_buf_add(&o->s->gathered, o->bytes.data + w->from, w->len) ||
        ss_buf_add(&o->s->gathered, SEPARATOR, sizeof(SEPARATOR) - 1))
        return ss_fail_nomem(o->s->err);
    return 0;
}

static int scan_windows(object_scan *o)
{
    ss_object_window *first = o->s->windows.at, *end;
    int rc = 0;

    if (!o->s->windows.len) /* a copy, end to end: there is no list at all */
        return 0;
    end = first + o->s->windows.len;
    for (ss_object_window *w = first; !rc && w < end; w++) {
        rc = gather(o, w);
        if (rc || (o->s->gathered.len < GATHER && w + 1 < end))
            continue;
        rc = scan_gathered(o, first, w + 1);
        o->s->gathered.len = 0;
        first = w + 1;
    }
    return rc;
}

static int scan_whole(object_scan *o)
{
    size_t core = o->s->core;
    int rc = 0;

    o->base = NULL;
    for (size_t from = 0; !rc && from < o->bytes.len; from += core) {
        size_t left = o->bytes.len - from;

        rc = ss_pipeline_core(o->s, o->bytes, 0, from,
                              from + (left < core ? left : core));
    }
    return rc;
}

static int scan_delta(object_scan *o)
{
    size_t total = 0;
    int rc = make_windows(o, &total);

    if (rc)
        return rc;
    if (total > o->bytes.len / 4 * 3) {
        o->out->anchors.len = 0;
        return scan_whole(o);
    }
    if (ss_trace_inherit(o->out, o->base, o->runs, o->n_runs, o->bytes.len))
        return ss_fail_nomem(o->s->err);
    return scan_windows(o);
}

/* ---- delivery ---- */

static int keep_match(object_scan *o, const ss_trace_match *t)
{
    const ss_rule *rule = o->s->set->rules[t->named];
    int is_named = t->named != t->rule;
    ss_match m = {.rule = rule,
                  .rule_number = t->named,
                  .from = is_named ? t->secret_from : t->from,
                  .to = is_named ? t->secret_to : t->to,
                  .secret_from = t->secret_from,
                  .secret_to = t->secret_to,
                  .secret_len = t->secret_to - t->secret_from,
                  .evidence = rule->evidence,
                  .severity = rule->severity,
                  .confidence = rule->confidence,
                  .reason = ""};

    m.match_len = (size_t)(m.to - m.from);
    m.line = ss_extract_line(o->bytes, m.from, m.to);
    m.match_at = (size_t)m.from - (size_t)(m.line.data - o->bytes.data);
    m.secret_at = m.match_at + (size_t)(m.secret_from - m.from);
    return ss_pipeline_keep(o->s, &m);
}

static int by_rule_then_from(const void *pa, const void *pb)
{
    const ss_trace_match *a = pa;
    const ss_trace_match *b = pb;

    if (a->rule != b->rule)
        return a->rule < b->rule ? -1 : 1;
    return (a->from > b->from) - (a->from < b->from);
}

/* Of a rule's matches that overlap, the leftmost: as in a stream. */
static int keep_leftmost(object_scan *o)
{
    ss_trace_match *at = o->out->matches.at;
    uint32_t rule = UINT32_MAX, taken = 0;
    int rc = 0;

    qsort(at, o->out->matches.len, sizeof(*at), by_rule_then_from);
    for (size_t i = 0; !rc && i < o->out->matches.len; i++) {
        if (at[i].rule == rule && at[i].from < taken)
            continue;
        if (at[i].is_suppressed) {
            o->s->counts.suppressed++;
            continue;
        }
        rule = at[i].rule;
        taken = at[i].to;
        rc = keep_match(o, &at[i]);
    }
    return rc;
}

/* A budget that might end is counted over the whole object. */
static int uncover(const object_scan *o)
{
    int is_bounded =
        o->bytes.len <= MAX_UNCOUNTED && !o->s->decoding.max_decoded;
    const ss_object_delta delta = {.base = is_bounded ? o->decoded_base : NULL,
                                   .runs = o->runs,
                                   .n_runs = o->n_runs,
                                   .out = is_bounded ? o->out : NULL};

    return ss_uncover_object(o->s, o->bytes, &delta);
}

static int deliver_all(object_scan *o)
{
    ss_chunk chunk = {o->bytes, 0, 0, o->bytes.len};
    int rc = 0;

    if (o->out->matches.len)
        rc = keep_leftmost(o);
    ss_trace_sort(o->out);
    if (!rc && o->s->decoding.max_depth)
        rc = uncover(o);
    if (rc || !o->s->pending.len)
        return rc;
    ss_pipeline_place(o->s, &chunk, 0);
    return ss_pipeline_deliver(o->s, UINT64_MAX);
}

static int scan_object(object_scan *o)
{
    ss_scanner *s = o->s;
    int rc;

    s->encoding = PLAIN;
    s->trace = o->out;
    s->found = (ss_extract_sink){o, on_found, on_object_limit};
    s->counts.bytes += o->bytes.len;
    o->out->len = o->bytes.len;
    if (o->base && o->base->is_lost)
        o->base = NULL;
    o->decoded_base = o->base;
    rc = o->base ? scan_delta(o) : scan_whole(o);
    if (rc)
        return rc;
    return deliver_all(o);
}

int ss_object_scan(ss_scanner *s, ss_bytes bytes, const ss_trace *base,
                   const ss_run *runs, size_t n_runs, ss_trace *out,
                   const ss_match_sink *sink, secscan_error *err)
{
    object_scan o = {.s = s,
                     .bytes = bytes,
                     .base = base,
                     .runs = runs,
                     .n_runs = n_runs,
                     .out = out};
    int rc;

    ss_trace_reset(out);
    if (!bytes.len)
        return ss_scanner_scan(s, bytes, sink, err);
    if (!s->can_inherit || ss_utf16_mark(bytes) || bytes.len > UINT32_MAX) {
        out->is_lost = 1;
        return ss_scanner_scan(s, bytes, sink, err);
    }
    rc = ss_scanner_begin(s, sink, err);
    if (rc)
        return rc;
    s->err = err;
    s->windows.len = 0;
    s->gathered.len = 0;
    rc = scan_object(&o);
    return ss_pipeline_close(s, rc);
}

static int ignore_match(void *ctx, const ss_match *match)
{
    (void)ctx;
    (void)match;
    return 0;
}

int ss_object_trace(ss_scanner *s, ss_bytes bytes, ss_trace *out,
                    secscan_error *err)
{
    const ss_match_sink deaf = {NULL, ignore_match, NULL};
    ss_scan_counts counts = s->counts;
    int rc = ss_object_scan(s, bytes, NULL, NULL, 0, out, &deaf, err);

    s->counts = counts;
    return rc;
}
