/*
 * pipeline.c: from a match to its delivery: verdict, place, overlaps, order.
 */
#include "pipeline.h"

#include "scan/check.h"
#include "scan/overlap.h"
#include "scan/verdict.h"

#include "base/alloc.h"

#include <stdlib.h>

/* ---- verdict ---- */

#define STRUCTURE_CONFIDENCE 95u
#define CHECKSUM_CONFIDENCE 99u
#define FAILED_CONFIDENCE 30u /* at most */

static void raise_evidence(ss_match *match, uint8_t evidence)
{
    uint8_t confidence = match->confidence;

    match->evidence = evidence;
    if (evidence == SECSCAN_STRUCTURE)
        confidence = STRUCTURE_CONFIDENCE;
    if (evidence == SECSCAN_CHECKSUM)
        confidence = CHECKSUM_CONFIDENCE;
    if (confidence > match->confidence)
        match->confidence = confidence;
}

/* How likely a value of no known format is a credential, and why. */
static void score(ss_match *match, char told[SS_TOLD_LEN])
{
    size_t len = ss_match_secret(match).len;

    match->confidence =
        (uint8_t)ss_score(match->line, match->secret_at, len, told);
    match->reason = told;
}

/* What an offline check says; `result` has to outlive the match's reason. */
static void check_form(ss_match *match, ss_check_result *result)
{
    ss_check_fn check = NULL;

    if (match->rule->check)
        check = ss_check_find(match->rule->check);
    if (!check)
        return;
    check(ss_match_secret(match), ss_match_whole(match), result);
    if (result->is == SS_CHECK_PASS)
        raise_evidence(match, result->evidence);
    if (result->is == SS_CHECK_WEAK || result->is == SS_CHECK_OVER)
        match->is_hygiene = 1;
    if (result->is == SS_CHECK_OVER)
        match->severity = SECSCAN_INFO;
    if (result->is == SS_CHECK_FAIL) {
        match->evidence = SECSCAN_CONTEXT;
        match->severity = SECSCAN_LOW;
        if (match->confidence > FAILED_CONFIDENCE)
            match->confidence = FAILED_CONFIDENCE;
    }
    match->reason = result->reason;
}

void ss_pipeline_put_unit(const ss_scanner *s, ss_match *match)
{
    if (s->encoding != UTF16)
        return;
    ss_encodings_put(&match->encodings, SS_ENCODING_UTF16);
    match->n_of_unit = 1;
}

/* Copy what a match borrows of the chunk and the stack. */
static int keep(ss_scanner *s, ss_match *match)
{
    ss_pipeline_put_unit(s, match);
    match->encoded.data =
        ss_arena_copy(&s->arena, match->encoded.data, match->encoded.len);
    match->line.data =
        ss_arena_copy(&s->arena, match->line.data, match->line.len);
    match->reason =
        ss_arena_str(&s->arena, match->reason, strlen(match->reason));
    if (!match->line.data || !match->reason || !match->encoded.data ||
        SS_VEC_PUSH(&s->pending, *match))
        return ss_fail_nomem(s->err);
    return 0;
}

int ss_pipeline_skip(ss_scanner *s, const char *reason, uint64_t offset)
{
    if (s->trace)
        s->trace->is_lost = 1;
    return s->sink.skip ? s->sink.skip(s->sink.ctx, reason, offset) : 0;
}

int ss_pipeline_name(ss_scanner *s, ss_match *match, int *rc)
{
    *rc = 0;
    if (!match->rule->is_carrier)
        return 1;
    if (s->set->kinds.n_words)
        *rc = ss_namer_name(s->namer, match, s->err);
    if (*rc == SS_REGEX_LIMIT)
        *rc = ss_pipeline_skip(s, "match-limit", match->from);
    return !*rc && !match->rule->is_hidden;
}

int ss_pipeline_is_kept(ss_scanner *s, const ss_match *match, int *rc)
{
    *rc = 0;
    switch (ss_filter_content(s->filter, match)) {
    case SS_KEEP:
        return 1;
    case SS_SUPPRESS:
        s->counts.suppressed++;
        break;
    case SS_NO_VERDICT:
        *rc = ss_pipeline_skip(s, "match-limit", match->from);
        break;
    case SS_DROP:
        break;
    }
    return 0;
}

int ss_pipeline_keep(ss_scanner *s, ss_match *match)
{
    ss_check_result result = {.min_password_len = s->min_password_len};

    if (match->rule->is_generic)
        score(match, result.reason);
    check_form(match, &result);
    if (result.is == SS_CHECK_NEVER) {
        match->reason = "";
        return 0;
    }
    return keep(s, match);
}

int ss_pipeline_judge(void *ctx, ss_match *match, int *is_taken)
{
    ss_scanner *s = ctx;
    int rc;

    *is_taken = 0;
    if (!ss_pipeline_name(s, match, &rc))
        return rc;
    *is_taken = ss_pipeline_is_kept(s, match, &rc);
    if (!*is_taken)
        return rc;
    return ss_pipeline_keep(s, match);
}

int ss_pipeline_limit(void *ctx, uint64_t offset)
{
    return ss_pipeline_skip(ctx, "match-limit", offset);
}

/* ---- one core ---- */

/* Rules whose matches reach further than a window around a delta's seam. */
static int note_anchors(ss_scanner *s, const ss_candidates *list,
                        uint64_t haystack)
{
    for (size_t i = 0; i < list->len; i++) {
        ss_candidate c = list->at[i];
        ss_trace_anchor anchor = {c.rule, (uint32_t)(haystack + c.end)};

        if (ss_trace_is_wide(s->set->rules[c.rule]) &&
            SS_VEC_PUSH(&s->trace->anchors, anchor))
            return ss_fail_nomem(s->err);
    }
    return 0;
}

static int match_measured(ss_scanner *s, ss_bytes haystack)
{
    uint64_t start = s->costs->now();
    int rc = ss_engine_scan(s->engine, haystack, &s->candidates, s->err);

    s->costs->engine += s->costs->now() - start;
    return rc;
}

int ss_pipeline_match(ss_scanner *s, ss_bytes haystack)
{
    s->candidates.len = 0;
    s->candidates.overflowed = 0;
    s->counts.engine_bytes += haystack.len;
    if (s->costs)
        return match_measured(s, haystack);
    return ss_engine_scan(s->engine, haystack, &s->candidates, s->err);
}

int ss_pipeline_extract(ss_scanner *s, const ss_chunk *chunk,
                        const ss_candidates *list)
{
    int rc = 0;

    if (s->trace)
        rc = note_anchors(s, list, chunk->offset + chunk->core_from);
    if (rc)
        return rc;
    return ss_extract(s->extractor, chunk, list, &s->found, s->err);
}

int ss_pipeline_core(ss_scanner *s, ss_bytes unit, uint64_t offset, size_t from,
                     size_t to)
{
    ss_chunk chunk = ss_chunk_of(unit, offset, from, to, s->reach);
    size_t half = from + (to - from) / 2;
    int rc = ss_pipeline_match(s, ss_chunk_haystack(&chunk, s->reach));

    if (rc)
        return rc;
    if (s->candidates.overflowed && to - from == 1)
        return ss_pipeline_skip(s, "candidate-limit", offset + from);
    if (s->candidates.overflowed) {
        rc = ss_pipeline_core(s, unit, offset, from, half);
        return rc ? rc : ss_pipeline_core(s, unit, offset, half, to);
    }
    if (!s->candidates.len)
        return 0;
    ss_candidates_sort(&s->candidates);
    return ss_pipeline_extract(s, &chunk, &s->candidates);
}

/* ---- place ---- */

static int by_order(const void *a, const void *b)
{
    return ss_match_order(a, b);
}

/* Offset in the unit as it is stored. */
static uint64_t stored_offset(const ss_scanner *s, const ss_place *place)
{
    return s->encoding == UTF16 ? 2 + 2 * place->utf16 : place->offset;
}

void ss_pipeline_sort(ss_scanner *s, size_t first)
{
    qsort(s->pending.at + first, s->pending.len - first, sizeof(*s->pending.at),
          by_order);
}

/* Move `at`, whose bytes begin at data[-at->offset], to a match's start. */
static void go_to(ss_place *at, uint64_t offset, const uint8_t *start)
{
    if (offset < at->offset)
        ss_place_retreat(at, ss_bytes_of(start, (size_t)(at->offset - offset)));
    else
        ss_place_advance(at, ss_bytes_of(start - (offset - at->offset),
                                         (size_t)(offset - at->offset)));
}

/* `at` is somewhere before it, or a little behind. */
static void place_at(const ss_scanner *s, ss_match *m, ss_place *at,
                     const uint8_t *start)
{
    ss_place end;

    go_to(at, m->secret_from, start);
    m->offset = stored_offset(s, at);
    m->line_start = at->line + 1;
    m->column_start = at->column + 1;
    end = *at;
    ss_place_advance(
        &end, (ss_bytes){start, (size_t)(m->secret_to - m->secret_from)});
    m->line_end = end.line + 1;
    m->column_end = end.column + 1;
}

void ss_pipeline_place_one(const ss_scanner *s, ss_match *m, ss_bytes unit,
                           uint64_t offset)
{
    ss_place at = s->place;

    place_at(s, m, &at, unit.data + (m->secret_from - offset));
}

void ss_pipeline_place(ss_scanner *s, const ss_chunk *chunk, size_t first)
{
    ss_place at = s->place;

    ss_pipeline_sort(s, first);
    for (size_t i = first; i < s->pending.len; i++) {
        ss_match *m = &s->pending.at[i];

        place_at(s, m, &at,
                 chunk->bytes.data + (m->secret_from - chunk->offset));
    }
}
