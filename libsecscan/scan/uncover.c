/*
 * uncover.c: find encoded text, decode it, scan that.
 *
 * Regions belong to the core that they start in. Their layers are gathered in
 * one buffer, since a call of the engine for each costs more than it saves; the
 * buffer only proposes, and PCRE2 reads the part by itself. A match counts if
 * it could not be seen in the text that its part stands in.
 */
#include "scan/pipeline.h"

#include "base/alloc.h"

#include <stdlib.h>

#define GATHER ((size_t)64 << 10) /* bytes scanned at once */
/* A region's end is known when so much text stands behind it. */
#define LOOK_AHEAD SS_SIGHT_REACH
/* Parts have no place in the unit that a match could start at. */
#define NOWHERE ((uint64_t)1 << 62)

#define DECODED_MIN ((uint64_t)256 << 20)
#define DECODED_RATIO 16u

void ss_uncover_reset(ss_scanner *s)
{
    ss_uncover *u = &s->uncover;

    ss_layer_reset(&u->layer);
    u->progress = (ss_uncover_progress){{0}, {0}};
    u->regions.len = 0;
    u->n_decoded = 0;
    u->wait_for = 0;
    u->has_told_limit = u->has_told_depth = 0;
}

void ss_uncover_release(ss_scanner *s)
{
    ss_uncover *u = &s->uncover;

    ss_layer_release(&u->layer);
    ss_sights_release(&u->sights);
    SS_VEC_RELEASE(&u->regions);
    SS_VEC_RELEASE(&u->matches);
    SS_VEC_RELEASE(&u->copies);
}

/* ---- find ---- */

typedef struct finding {
    ss_scanner *s;
    ss_bytes unit;
    uint64_t offset;
    size_t from, to;
    int is_last;
} finding;

/* 1: a region that may go on behind the text; 0; or a status. */
static int look_at(finding *f, uint32_t row, size_t at)
{
    ss_uncover *u = &f->s->uncover;
    ss_uncover_region r = {.row = row};
    uint64_t low =
        u->progress.low[row] > f->offset ? u->progress.low[row] - f->offset : 0;
    size_t len;

    if (ss_decoder_rows()[row].decoder->find(f->unit, (size_t)low, at, &r.at) <=
        0)
        return 0;
    len = r.at.to - r.at.from;
    if (!f->is_last && len < SS_MAX_ENCODED &&
        f->unit.len - r.at.to < LOOK_AHEAD) {
        u->missing = len; /* most end soon; a long one is looked at seldom */
        return 1;
    }
    u->progress.low[row] = f->offset + r.at.to;
    u->progress.goes_on[row] = len >= SS_MAX_ENCODED;
    return SS_VEC_PUSH(&u->regions, r) ? ss_fail_nomem(f->s->err) : 0;
}

/* Text that was cut goes on where it was, as often as it is in the core. */
static int go_on(finding *f, uint32_t row)
{
    ss_uncover_progress *p = &f->s->uncover.progress;
    int rc = 0;

    while (!rc && p->goes_on[row] && p->low[row] - f->offset < f->to) {
        p->goes_on[row] = 0;
        rc = look_at(f, row, (size_t)(p->low[row] - f->offset));
    }
    return rc;
}

static int find_all(finding *f, uint32_t row)
{
    const ss_uncover *u = &f->s->uncover;
    const ss_sight_places *places = &u->sights.of[ss_decoder_rows()[row].sight];
    int rc = go_on(f, row);

    for (size_t i = 0; !rc && i < places->len; i++) {
        if (f->offset + places->at[i] < u->progress.low[row])
            continue;
        rc = look_at(f, row, places->at[i]);
        if (!rc)
            rc = go_on(f, row);
    }
    return rc;
}

/* What is read as UTF-16 is not decoded from it once more. */
static int is_asked(const ss_scanner *s, uint32_t row)
{
    ss_sight sight = ss_decoder_rows()[row].sight;

    return !s->is_held ||
           (sight != SS_SIGHT_WIDE16 && sight != SS_SIGHT_WIDE32);
}

int ss_uncover_find(ss_scanner *s, ss_bytes unit, uint64_t offset, size_t from,
                    size_t to, int is_last)
{
    finding f = {s, unit, offset, from, to, is_last};
    ss_uncover *u = &s->uncover;
    const ss_uncover_progress before = u->progress;
    int rc = 0;

    if (!is_last && unit.len < u->wait_for)
        return 1;
    u->regions.len = 0;
    if (ss_sights_take(&u->sights, unit, from, to))
        return ss_fail_nomem(s->err);
    for (uint32_t row = 0; !rc && row < SS_N_DECODERS; row++)
        rc = is_asked(s, row) ? find_all(&f, row) : 0;
    if (rc > 0) {
        u->progress = before;
        u->wait_for = unit.len + u->missing;
    } else {
        u->wait_for = 0;
    }
    return rc;
}

/* ---- matches of a part ---- */

static int on_match(void *ctx, ss_match *match, int *is_taken)
{
    ss_scanner *s = ctx;
    ss_uncover *u = &s->uncover;
    ss_region at = {(size_t)(match->from - NOWHERE),
                    (size_t)(match->to - NOWHERE)};
    ss_uncover_match m = {.rule = match->rule_number};
    uint64_t suppressed = s->counts.suppressed;
    int rc, is_kept;

    *is_taken = 0; /* overlaps are decided on the part's list */
    if (!ss_layer_is_new(&u->layer, u->part, at))
        return 0;
    is_kept =
        ss_pipeline_name(s, match, &rc) && ss_pipeline_is_kept(s, match, &rc);
    u->n_found += s->counts.suppressed - suppressed;
    if (!is_kept)
        return rc;
    m.match = *match;
    u->n_found++;
    return SS_VEC_PUSH(&u->matches, m) ? ss_fail_nomem(s->err) : 0;
}

static int on_limit(void *ctx, uint64_t offset)
{
    ss_scanner *s = ctx;
    ss_uncover *u = &s->uncover;
    ss_region at = {(size_t)(offset - NOWHERE), (size_t)(offset - NOWHERE)};

    u->n_found++;
    at = ss_layer_place(&u->layer, u->part, at);
    return ss_pipeline_limit(s, at.from);
}

static int by_rule_then_from(const void *pa, const void *pb)
{
    const ss_uncover_match *a = pa, *b = pb;

    if (a->rule != b->rule)
        return a->rule < b->rule ? -1 : 1;
    return (a->match.from > b->match.from) - (a->match.from < b->match.from);
}

static void move(const ss_uncover *u, uint64_t offset, uint64_t *from,
                 uint64_t *to)
{
    ss_region at = {(size_t)(*from - NOWHERE), (size_t)(*to - NOWHERE)};

    at = ss_layer_place(&u->layer, u->part, at);
    *from = offset + at.from;
    *to = offset + at.to;
}

/* Its place is that of the encoded text from here on. */
static int keep(ss_scanner *s, ss_match *m, uint64_t offset)
{
    const ss_uncover *u = &s->uncover;

    move(u, offset, &m->from, &m->to);
    move(u, offset, &m->secret_from, &m->secret_to);
    m->encodings = ss_layer_encodings(&u->layer, u->part);
    m->encoded.data = u->layer.unit.data + (m->secret_from - offset);
    m->encoded.len = (size_t)(m->secret_to - m->secret_from);
    return ss_pipeline_keep(s, m);
}

static int keep_leftmost(ss_scanner *s, uint64_t offset)
{
    ss_uncover *u = &s->uncover;
    uint32_t rule = UINT32_MAX;
    uint64_t taken = 0;
    int rc = 0;

    if (u->matches.len > 1)
        qsort(u->matches.at, u->matches.len, sizeof(*u->matches.at),
              by_rule_then_from);
    for (size_t i = 0; !rc && i < u->matches.len; i++) {
        ss_uncover_match *m = &u->matches.at[i];

        if (m->rule == rule && m->match.from < taken)
            continue;
        rule = m->rule;
        taken = m->match.to;
        rc = keep(s, &m->match, offset);
    }
    u->matches.len = 0;
    return rc;
}

/* ---- parts ---- */

/* What ends further behind the decoded bytes begins there, and is not new. */
static size_t last_end(const ss_scanner *s, const ss_layer_part *part)
{
    size_t end = part->left + part->body_len + s->reach.prefix;

    return part->at + (end < part->len ? end : part->len);
}

/* The candidates that end in the part, counted from its start. */
static ss_candidates take_candidates(const ss_scanner *s, ss_candidates *list,
                                     const ss_layer_part *part)
{
    size_t end = last_end(s, part);

    ss_candidates own;

    while (list->len && list->at->end <= part->at) {
        list->at++;
        list->len--;
    }
    own = *list;
    own.len = 0;
    while (list->len && list->at->end <= end) {
        list->at->end -= (uint32_t)part->at;
        list->at++;
        list->len--;
        own.len++;
    }
    return own;
}

static int extract_part(ss_scanner *s, ss_candidates *list)
{
    const ss_layer_part *part = s->uncover.part;
    ss_candidates own = take_candidates(s, list, part);
    ss_bytes text = ss_layer_text(&s->uncover.layer, part);
    ss_chunk chunk;

    if (!own.len || part->is_container)
        return 0;
    ss_candidates_sort(&own);
    chunk = ss_chunk_of(text, NOWHERE, 0, text.len, s->reach);
    return ss_pipeline_extract(s, &chunk, &own);
}

/* There were more candidates than the list holds. */
static int scan_part(ss_scanner *s)
{
    const ss_layer_part *part = s->uncover.part;
    ss_bytes text = ss_layer_text(&s->uncover.layer, part);

    if (part->is_container || !text.len)
        return 0;
    return ss_pipeline_core(s, text, NOWHERE, 0, text.len);
}

static int scan_parts(ss_scanner *s, uint64_t offset)
{
    ss_uncover *u = &s->uncover;
    ss_candidates list;
    int is_full, rc = ss_pipeline_match(s, ss_buf_bytes(&u->layer.bytes));

    if (rc)
        return rc;
    list = s->candidates;
    is_full = list.overflowed;
    if (!is_full && list.len > 1)
        ss_candidates_sort_by_end(&list);
    for (size_t i = 0; !rc && i < u->layer.parts.len; i++) {
        u->part = &u->layer.parts.at[i];
        rc = is_full ? scan_part(s) : extract_part(s, &list);
        if (!rc && u->matches.len)
            rc = keep_leftmost(s, offset);
    }
    return rc;
}

/* ---- containers ---- */

static int hand_over(ss_scanner *s, const ss_layer_part *part, uint64_t offset)
{
    const ss_uncover *u = &s->uncover;
    ss_region at = {part->left, part->left + part->body_len};
    ss_bytes text = ss_layer_text(&u->layer, part);
    ss_match m = {.reason = ""};

    at = ss_layer_place(&u->layer, part, at);
    m.from = m.secret_from = offset + at.from;
    m.to = m.secret_to = offset + at.to;
    m.encoded.data = u->layer.unit.data + at.from;
    m.encoded.len = at.to - at.from;
    m.encodings = ss_layer_encodings(&u->layer, part);
    ss_pipeline_put_unit(s, &m);
    ss_pipeline_place_one(s, &m, u->layer.unit, offset);
    return s->decoding.container(
        s->sink.ctx, ss_bytes_of(text.data + part->left, part->body_len), &m);
}

static int hand_over_containers(ss_scanner *s, uint64_t offset)
{
    const ss_layer *layer = &s->uncover.layer;
    int rc = 0;

    for (size_t i = 0; !rc && i < layer->parts.len; i++) {
        if (!layer->parts.at[i].is_container)
            continue;
        s->uncover.n_found++;
        rc = hand_over(s, &layer->parts.at[i], offset);
    }
    return rc;
}

/* ---- regions ---- */

static int flush(ss_scanner *s, uint64_t offset)
{
    ss_extract_sink found = s->found;
    ss_trace *trace = s->trace;
    int rc;

    if (!s->uncover.layer.parts.len)
        return 0;
    s->found = (ss_extract_sink){s, on_match, on_limit};
    s->trace = NULL; /* anchors are of the object itself */
    rc = scan_parts(s, offset);
    s->found = found;
    s->trace = trace;
    if (!rc)
        rc = hand_over_containers(s, offset);
    ss_layer_reset(&s->uncover.layer);
    return rc;
}

static uint64_t most_decoded(const ss_scanner *s, uint64_t at)
{
    if (s->decoding.max_decoded)
        return s->decoding.max_decoded;
    return DECODED_MIN + DECODED_RATIO * at;
}

static int tell_once(ss_scanner *s, int *has_told, const char *reason,
                     uint64_t at)
{
    s->uncover.n_found++;
    if (*has_told)
        return 0;
    *has_told = 1;
    return ss_pipeline_skip(s, reason, at);
}

/* Decode one region into the layer. */
static int fill(ss_scanner *s, ss_bytes unit, uint64_t offset,
                const ss_uncover_region *r)
{
    ss_uncover *u = &s->uncover;
    ss_layer *layer = &u->layer;
    uint64_t most = most_decoded(s, offset + r->at.from);
    size_t before = layer->bytes.len;
    int rc = 0;

    layer->is_cut = 0;
    layer->max_depth = s->decoding.max_depth;
    layer->is_container = s->decoding.is_container;
    layer->bytes.max = before;
    layer->bytes.failed = 0;
    if (most > u->n_decoded)
        layer->bytes.max += (size_t)(most - u->n_decoded);
    if (ss_layer_fill(layer, unit, ss_decoder_rows()[r->row].decoder, r->at))
        return ss_fail_nomem(s->err);
    u->n_decoded += layer->bytes.len - before;
    s->counts.decoded_bytes += layer->bytes.len - before;
    if (layer->is_full)
        rc = tell_once(s, &u->has_told_limit, "decode-limit",
                       offset + r->at.from);
    if (!rc && layer->is_cut)
        rc = tell_once(s, &u->has_told_depth, "depth-limit",
                       offset + r->at.from);
    return rc;
}

int ss_uncover_scan(ss_scanner *s, ss_bytes unit, uint64_t offset)
{
    ss_uncover *u = &s->uncover;
    int rc = 0;

    for (size_t i = 0; !rc && i < u->regions.len; i++) {
        rc = fill(s, unit, offset, &u->regions.at[i]);
        if (!rc && u->layer.bytes.len >= GATHER)
            rc = flush(s, offset);
    }
    return rc ? rc : flush(s, offset);
}

int ss_uncover_one(ss_scanner *s, ss_bytes unit,
                   const ss_uncover_region *region)
{
    int rc = fill(s, unit, 0, region);

    return rc ? rc : flush(s, 0);
}
