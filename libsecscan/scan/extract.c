/*
 * extract.c: exact spans and groups, with PCRE2, where Hyperscan proposed an
 * end.
 *
 * A rule's candidates give intervals of possible starts; each interval is
 * searched once. Of a rule's matches that overlap, the leftmost is taken (as
 * every find-all does); built-in patterns delimit themselves, so theirs never
 * do.
 */
#include "extract.h"

#include "scan/value.h"

#include "base/alloc.h"

struct ss_extractor {
    const ss_rule_set *set;
    ss_regex **regexes; /* compiled on a rule's first candidate */
    uint64_t *taken;    /* a rule: where its last match ended */
    uint32_t *touched;  /* rules whose `taken` is not 0 */
    size_t n_touched;
    ss_costs *costs; /* NULL: nobody asks */
};

int ss_extractor_new(ss_extractor **out, const ss_rule_set *set,
                     secscan_error *err)
{
    ss_extractor *e = ss_calloc(1, sizeof(*e));

    if (!e)
        return ss_fail_nomem(err);
    e->set = set;
    e->regexes = ss_calloc(set->n_rules, sizeof(ss_regex *));
    e->taken = ss_calloc(set->n_rules, sizeof(*e->taken));
    e->touched = ss_calloc(set->n_rules, sizeof(*e->touched));
    if (!e->regexes || !e->taken || !e->touched) {
        ss_extractor_free(e);
        return ss_fail_nomem(err);
    }
    *out = e;
    return 0;
}

void ss_extractor_free(ss_extractor *e)
{
    if (!e)
        return;
    for (size_t i = 0; e->regexes && i < e->set->n_rules; i++)
        ss_regex_free(e->regexes[i]);
    ss_free(e->regexes);
    ss_free(e->taken);
    ss_free(e->touched);
    ss_free(e);
}

void ss_extractor_measure(ss_extractor *e, ss_costs *costs)
{
    e->costs = costs;
}

void ss_extractor_reset(ss_extractor *e)
{
    for (size_t i = 0; i < e->n_touched; i++)
        e->taken[e->touched[i]] = 0;
    e->n_touched = 0;
}

static int regex_of(ss_extractor *e, uint32_t number, ss_regex **out,
                    secscan_error *err)
{
    const ss_rule *rule = e->set->rules[number];
    int rc = 0;

    if (!e->regexes[number])
        rc = ss_regex_new(&e->regexes[number], ss_rule_search(rule),
                          rule->regex_flags, err);
    *out = e->regexes[number];
    return rc;
}

ss_bytes ss_extract_line(ss_bytes bytes, size_t from, size_t to)
{
    size_t low = from > SS_LINE_REACH ? from - SS_LINE_REACH : 0;
    size_t high =
        bytes.len - to < SS_LINE_REACH ? bytes.len : to + SS_LINE_REACH;
    const uint8_t *newline = memrchr(bytes.data + low, '\n', from - low);

    if (newline)
        low = (size_t)(newline - bytes.data) + 1;
    newline = memchr(bytes.data + to, '\n', high - to);
    if (newline)
        high = (size_t)(newline - bytes.data);
    return (ss_bytes){bytes.data + low, high - low};
}

/* The group that the rule names; else the first that took part and is not
 * empty; else the match. */
static size_t secret_group(const ss_rule *rule, const ss_regex_match *m)
{
    if (rule->secret_group)
        return rule->secret_group;
    for (size_t i = 1; i < m->n_groups; i++) {
        if (m->group[i].from != SIZE_MAX && m->group[i].to > m->group[i].from)
            return i;
    }
    return 0;
}

static int has_secret(const ss_regex_match *m, size_t group)
{
    return group < m->n_groups && m->group[group].from != SIZE_MAX &&
           m->group[group].to > m->group[group].from;
}

/* gitleaks takes line ends off both ends of a match; the secret is inside. */
static void trim(const ss_chunk *chunk, size_t *from, size_t *to)
{
    while (*from < *to && chunk->bytes.data[*from] == '\n')
        ++*from;
    while (*from < *to && chunk->bytes.data[*to - 1] == '\n')
        --*to;
}

static void take(ss_extractor *e, uint32_t number, uint64_t end)
{
    if (!e->taken[number])
        e->touched[e->n_touched++] = number;
    e->taken[number] = end;
}

static int emit(ss_extractor *e, uint32_t number, const ss_chunk *chunk,
                const ss_regex_match *found, const ss_extract_sink *sink)
{
    const ss_rule *rule = e->set->rules[number];
    size_t group = secret_group(rule, found);
    size_t from = found->group[0].from;
    size_t to = found->group[0].to;
    size_t secret_from, secret_to;
    ss_match match = {0};
    int is_taken = 0;
    int rc;

    if (!has_secret(found, group))
        return 0;
    secret_from = found->group[group].from;
    secret_to = found->group[group].to;
    if (rule->is_gitleaks) {
        trim(chunk, &from, &to);
        secret_from = secret_from < from ? from : secret_from;
        secret_to = secret_to > to ? to : secret_to;
        if (secret_from >= secret_to)
            return 0;
    }
    match.rule = rule;
    match.rule_number = number;
    match.from = chunk->offset + from;
    match.to = chunk->offset + to;
    match.secret_from = chunk->offset + secret_from;
    match.secret_to = chunk->offset + secret_to;
    match.match_len = to - from;
    match.secret_len = secret_to - secret_from;
    match.line = ss_extract_line(chunk->bytes, from, to);
    match.around = chunk->bytes;
    match.around_offset = chunk->offset;
    match.match_at = from - (size_t)(match.line.data - chunk->bytes.data);
    match.secret_at = match.match_at + (secret_from - from);
    match.evidence = rule->evidence;
    match.severity = rule->severity;
    match.confidence = rule->confidence;
    match.reason = "";
    if (e->costs)
        e->costs->rules[number].matches++;
    rc = sink->match(sink->ctx, &match, &is_taken);
    if (!rc && is_taken)
        take(e, number, chunk->offset + found->group[0].to);
    return rc;
}

/* PCRE2 gave up somewhere in [from, to]: ask each start by itself, so that the
 * answer for one does not depend on its neighbours. */
static int search_each(ss_extractor *e, uint32_t number, ss_regex *regex,
                       const ss_chunk *chunk, size_t from, size_t to,
                       const ss_extract_sink *sink)
{
    ss_regex_match found;
    int rc;

    for (size_t at = from; at <= to; at++) {
        if (chunk->offset + at < e->taken[number])
            continue;
        rc = ss_regex_find(regex, chunk->bytes, at, at, &found);
        if (rc == SS_REGEX_NONE)
            continue;
        if (rc == SS_REGEX_LIMIT)
            rc = sink->limit(sink->ctx, chunk->offset + at);
        else if (!rc)
            rc = emit(e, number, chunk, &found, sink);
        if (rc)
            return rc;
    }
    return 0;
}

/* All matches of a rule that start in [from, to] of the chunk. */
static int search(ss_extractor *e, uint32_t number, ss_regex *regex,
                  const ss_chunk *chunk, size_t from, size_t to,
                  const ss_extract_sink *sink)
{
    ss_regex_match found;
    int rc;

    for (;;) {
        if (e->taken[number] > chunk->offset + from)
            from = (size_t)(e->taken[number] - chunk->offset);
        if (from > to)
            return 0;
        rc = ss_regex_find(regex, chunk->bytes, from, to, &found);
        if (rc == SS_REGEX_NONE)
            return 0;
        if (rc == SS_REGEX_LIMIT)
            return search_each(e, number, regex, chunk, from, to, sink);
        if (rc)
            return rc;
        from = found.group[0].from + 1;
        rc = emit(e, number, chunk, &found, sink);
        if (rc)
            return rc;
    }
}

/* The starts that a candidate allows, cut to the core: the last is below 0 when
 * there is none. Ends count from the core's first byte. */
static void starts_of(const ss_rule *rule, const ss_chunk *chunk,
                      ss_candidate c, size_t *from, size_t *to)
{
    size_t end = chunk->core_from + c.end;

    *from =
        c.end > rule->prefix_max ? end - rule->prefix_max : chunk->core_from;
    *to = c.end >= rule->prefix_min ? end - rule->prefix_min : chunk->core_from;
    if (*to >= chunk->core_to)
        *to = chunk->core_to - 1;
}

/* One rule's candidates, [first, last) of the list: neighbouring intervals are
 * searched as one. */
static int extract_rule(ss_extractor *e, const ss_chunk *chunk,
                        const ss_candidate *first, const ss_candidate *last,
                        const ss_extract_sink *sink, secscan_error *err)
{
    const ss_rule *rule = e->set->rules[first->rule];
    ss_regex *regex;
    int rc = regex_of(e, first->rule, &regex, err);

    while (!rc && first < last) {
        size_t from, to, next_from, next_to;

        starts_of(rule, chunk, *first, &from, &to);
        for (first++; first < last; first++) {
            starts_of(rule, chunk, *first, &next_from, &next_to);
            if (next_from > to + 1)
                break;
            to = next_to > to ? next_to : to;
        }
        if (from < chunk->core_to)
            rc = search(e, last[-1].rule, regex, chunk, from, to, sink);
    }
    return rc;
}

/* ---- values that words may name ---- */

static int emit_value(ss_extractor *e, uint32_t number, const ss_chunk *chunk,
                      ss_value_span span, const ss_extract_sink *sink)
{
    ss_regex_match found;

    found.n_groups = 1;
    found.group[0].from = span.from;
    found.group[0].to = span.to;
    return emit(e, number, chunk, &found, sink);
}

static int extract_value(ss_extractor *e, const ss_chunk *chunk, ss_candidate c,
                         const ss_extract_sink *sink)
{
    size_t from = chunk->core_from + c.end - SS_VALUE_MIN;
    ss_value_span value, wide;
    int rc;

    if (from >= chunk->core_to || chunk->offset + from < e->taken[c.rule] ||
        !ss_value_at(chunk->bytes, from, &value, &wide))
        return 0;
    rc = emit_value(e, c.rule, chunk, value, sink);
    if (!rc && wide.to && e->taken[c.rule] <= chunk->offset + from)
        rc = emit_value(e, c.rule, chunk, wide, sink);
    return rc;
}

static int extract_values(ss_extractor *e, const ss_chunk *chunk,
                          const ss_candidate *first, const ss_candidate *last,
                          const ss_extract_sink *sink)
{
    int rc = 0;

    for (; !rc && first < last; first++)
        rc = extract_value(e, chunk, *first, sink);
    return rc;
}

static int extract_any(ss_extractor *e, const ss_chunk *chunk,
                       const ss_candidate *first, const ss_candidate *last,
                       const ss_extract_sink *sink, secscan_error *err)
{
    return e->set->rules[first->rule]->is_value
               ? extract_values(e, chunk, first, last, sink)
               : extract_rule(e, chunk, first, last, sink, err);
}

static int extract_measured(ss_extractor *e, const ss_chunk *chunk,
                            const ss_candidate *first, const ss_candidate *last,
                            const ss_extract_sink *sink, secscan_error *err)
{
    secscan_rule_cost *cost = &e->costs->rules[first->rule];
    uint64_t start = e->costs->now();
    int rc = extract_any(e, chunk, first, last, sink, err);

    cost->nanoseconds += e->costs->now() - start;
    cost->candidates += (uint64_t)(last - first);
    return rc;
}

int ss_extract(ss_extractor *e, const ss_chunk *chunk,
               const ss_candidates *candidates, const ss_extract_sink *sink,
               secscan_error *err)
{
    const ss_candidate *at = candidates->at;
    const ss_candidate *end = at + candidates->len;

    while (at < end) {
        const ss_candidate *next = at;
        int rc;

        while (next < end && next->rule == at->rule)
            next++;
        if (e->costs)
            rc = extract_measured(e, chunk, at, next, sink, err);
        else
            rc = extract_any(e, chunk, at, next, sink, err);
        if (rc)
            return rc;
        at = next;
    }
    return 0;
}
