/*
 * scanner.c: the pipeline itself, over one unit.
 *
 * Bytes are gathered until a chunk (context, core, context) is complete; each
 * core goes through engine, extract, filter and check; what is left waits until
 * no later match can overlap it, and is then delivered in order. Knows nothing
 * of where bytes come from.
 */
#include "pipeline.h"

#include "scan/object.h"

#include "base/alloc.h"

#define DEFAULT_CORE ((size_t)256 << 10)
#define MAX_CORE ((size_t)256 << 20)
#define MAX_CANDIDATES ((size_t)16 << 10)
#define RAW_ROOM ((size_t)64 << 10) /* undecoded bytes read at once */
#define MARK_LEN 4u                 /* bytes that tell the encoding */

int ss_scanner_new(ss_scanner **out, const ss_rule_set *set, size_t chunk_core,
                   secscan_error *err)
{
    ss_scanner *s = ss_calloc(1, sizeof(*s));
    int rc;

    if (!s)
        return ss_fail_nomem(err);
    s->set = set;
    s->core = chunk_core ? chunk_core : DEFAULT_CORE;
    s->core = s->core < MAX_CORE ? s->core : MAX_CORE;
    s->reach = ss_reach_of(set);
    ss_object_measure(s);
    s->raw = (ss_buf)SS_BUF_INIT(SIZE_MAX / 4);
    s->bytes = (ss_buf)SS_BUF_INIT(SIZE_MAX / 4);
    s->gathered = (ss_buf)SS_BUF_INIT(SIZE_MAX / 4);
    rc = ss_engine_new(&s->engine, set, err);
    if (rc)
        goto out;
    rc = ss_extractor_new(&s->extractor, set, err);
    if (rc)
        goto out;
    rc = ss_namer_new(&s->namer, set, err);
    if (rc)
        goto out;
    rc = ss_filter_new(&s->filter, set, err);
    if (rc)
        goto out;
    if (ss_candidates_init(&s->candidates, MAX_CANDIDATES)) {
        rc = ss_fail_nomem(err);
        goto out;
    }
    *out = s;
    s = NULL;
out:
    ss_scanner_free(s);
    return rc;
}

void ss_scanner_free(ss_scanner *s)
{
    if (!s)
        return;
    ss_scanner_free(s->as_bytes);
    ss_engine_free(s->engine);
    ss_extractor_free(s->extractor);
    ss_namer_free(s->namer);
    ss_filter_free(s->filter);
    ss_candidates_release(&s->candidates);
    ss_buf_release(&s->raw);
    ss_buf_release(&s->bytes);
    ss_buf_release(&s->gathered);
    ss_uncover_release(s);
    SS_VEC_RELEASE(&s->windows);
    SS_VEC_RELEASE(&s->pending);
    ss_arena_release(&s->arena);
    ss_free(s);
}

void ss_scanner_measure(ss_scanner *s, ss_costs *costs)
{
    s->costs = costs;
    ss_extractor_measure(s->extractor, costs);
}

void ss_scanner_watch(ss_scanner *s, int (*ask)(void *ctx), void *ctx)
{
    s->ask = ask;
    s->ask_ctx = ctx;
}

void ss_scanner_ask_length(ss_scanner *s, uint32_t min_password_len)
{
    s->min_password_len = min_password_len;
}

void ss_scanner_ask_decoding(ss_scanner *s, ss_decode_options options)
{
    s->decoding = options;
}

ss_filter *ss_scanner_filter(ss_scanner *s)
{
    return s->filter;
}

const ss_scan_counts *ss_scanner_counts(const ss_scanner *s)
{
    return &s->counts;
}

/* ---- one core ---- */

/* Nothing is found any more in front of it. */
static uint64_t settled(const ss_scanner *s, uint64_t core)
{
    if (!s->decoding.max_depth)
        return core;
    return core > SS_UNCOVER_LEFT ? core - SS_UNCOVER_LEFT : 0;
}

/* Scan the core [from, to) of `unit` and deliver what is settled by then. */
static int scan_chunk(ss_scanner *s, ss_bytes unit, uint64_t offset,
                      size_t from, size_t to, int is_last)
{
    const ss_chunk chunk = {unit, offset, from, to};
    size_t first = s->pending.len;
    int rc = ss_pipeline_core(s, unit, offset, from, to);

    if (!rc && s->decoding.max_depth)
        rc = ss_uncover_scan(s, unit, offset);
    if (rc)
        return rc;
    s->counts.bytes += to - from;
    if (s->pending.len > first)
        ss_pipeline_place(s, &chunk, first);
    if (is_last)
        return 0;
    ss_place_advance(&s->place, (ss_bytes){unit.data + from, to - from});
    if (!s->is_held)
        rc = ss_pipeline_deliver(s, settled(s, offset + to));
    return !rc && s->ask ? s->ask(s->ask_ctx) : rc;
}

/* 1: wait for more of the unit. */
static int find_encoded(ss_scanner *s, ss_bytes unit, uint64_t offset,
                        size_t from, size_t to, int is_last)
{
    if (!s->decoding.max_depth)
        return 0;
    return ss_uncover_find(s, unit, offset, from, to, is_last);
}

/* Scan all cores of `unit` that have their context; all of them when the unit
 * ends here. *from is the next core's start. */
static int scan_cores(ss_scanner *s, ss_bytes unit, uint64_t offset,
                      size_t *from, int is_last)
{
    while (*from < unit.len) {
        size_t left = unit.len - *from;
        size_t to = left < s->core ? unit.len : *from + s->core;
        int rc;

        if (!is_last && left < s->core + s->reach.right)
            return 0;
        rc = find_encoded(s, unit, offset, *from, to, is_last);
        if (rc)
            return rc < 0 ? rc : 0;
        rc = scan_chunk(s, unit, offset, *from, to, to == unit.len);
        if (rc)
            return rc;
        *from = to;
    }
    return is_last ? ss_pipeline_deliver(s, UINT64_MAX) : 0;
}

/* ---- the stream ---- */

static void reset_unit(ss_scanner *s)
{
    ss_buf_reset(&s->raw);
    s->bytes.len = 0;
    s->offset = 0;
    s->core_from = 0;
    s->encoding = UNKNOWN;
    s->utf16 = (ss_utf16){0};
    s->place = (ss_place){0};
    s->pending.len = 0;
    s->n_resolved = s->n_joined = s->n_delivered = 0;
    s->arena_kept = 0;
    s->is_held = 0;
    s->trace = NULL;
    ss_arena_reset(&s->arena);
    ss_extractor_reset(s->extractor);
    ss_uncover_reset(s);
}

int ss_pipeline_close(ss_scanner *s, int rc)
{
    if (s->as_bytes && s->as_bytes->is_open)
        ss_pipeline_close(s->as_bytes, 0);
    s->is_open = 0;
    reset_unit(s);
    return rc;
}

int ss_scanner_begin(ss_scanner *s, const ss_match_sink *sink,
                     secscan_error *err)
{
    if (s->is_open)
        return ss_fail(err, SECSCAN_ERR_BUSY, "a unit is still open");
    reset_unit(s);
    s->is_open = 1;
    s->is_failed = 0;
    s->found = (ss_extract_sink){s, ss_pipeline_judge, ss_pipeline_limit};
    s->sink = *sink;
    s->counts.units++;
    return 0;
}

/* Scan what is complete of `bytes`, then keep the context and the rest. */
static int scan_gathered(ss_scanner *s, int is_last)
{
    size_t keep_from;
    int rc = scan_cores(s, ss_buf_bytes(&s->bytes), s->offset, &s->core_from,
                        is_last);

    if (rc || s->core_from <= s->reach.left)
        return rc;
    keep_from = s->core_from - s->reach.left;
    memmove(s->bytes.data, s->bytes.data + keep_from, s->bytes.len - keep_from);
    s->bytes.len -= keep_from;
    s->offset += keep_from;
    s->core_from -= keep_from;
    return 0;
}

static int feed_plain(ss_scanner *s, ss_bytes in)
{
    if (ss_buf_add(&s->bytes, in.data, in.len))
        return ss_fail_nomem(s->err);
    return scan_gathered(s, 0);
}

static int feed_utf16(ss_scanner *s, ss_bytes in)
{
    size_t before = s->bytes.len;
    int rc;

    s->as_bytes->err = s->err;
    if (ss_utf16_decode(&s->utf16, in, &s->bytes))
        return ss_fail_nomem(s->err);
    s->counts.decoded_bytes += s->bytes.len - before;
    rc = scan_gathered(s, 0);
    return rc ? rc : feed_plain(s->as_bytes, in);
}

/* Pieces of at most RAW_ROOM, so that memory does not grow with `in`. */
static int feed_known(ss_scanner *s, ss_bytes in)
{
    int rc = 0;

    while (!rc && in.len) {
        size_t len = in.len < RAW_ROOM ? in.len : RAW_ROOM;
        ss_bytes piece = {in.data, len};

        rc = s->encoding == UTF16 ? feed_utf16(s, piece) : feed_plain(s, piece);
        in.data += len;
        in.len -= len;
    }
    return rc;
}

static int begin_as_bytes(ss_scanner *s)
{
    int rc = 0;

    if (!s->as_bytes)
        rc = ss_scanner_new(&s->as_bytes, s->set, s->core, s->err);
    if (!rc)
        rc = ss_scanner_begin(s->as_bytes, &s->sink, s->err);
    if (rc)
        return rc;
    s->as_bytes->encoding = PLAIN;
    s->as_bytes->is_held = 1;
    s->as_bytes->err = s->err;
    s->as_bytes->min_password_len = s->min_password_len;
    s->as_bytes->decoding = s->decoding;
    return 0;
}

static int end_as_bytes(ss_scanner *s)
{
    ss_scan_counts *counts = &s->as_bytes->counts;
    int rc = ss_scanner_end(s->as_bytes, s->err);

    s->counts.suppressed += counts->suppressed;
    *counts = (ss_scan_counts){0};
    return rc;
}

/* Past the mark, which belongs to the bytes and not to the text. */
static int start_utf16(ss_scanner *s, int mark, ss_bytes *head)
{
    int rc = begin_as_bytes(s);

    if (rc)
        return rc;
    rc = feed_plain(s->as_bytes, (ss_bytes){head->data, 2});
    s->utf16.is_big_endian = mark == 2;
    s->place.has_utf16 = 1;
    head->data += 2;
    head->len -= 2;
    return rc;
}

/* The head of the unit tells its encoding. */
static int settle_encoding(ss_scanner *s)
{
    ss_bytes head = ss_buf_bytes(&s->raw);
    int mark = ss_utf16_mark(head);
    int rc = 0;

    s->encoding = mark ? UTF16 : PLAIN;
    if (mark)
        rc = start_utf16(s, mark, &head);
    if (!rc)
        rc = feed_known(s, head);
    ss_buf_reset(&s->raw);
    return rc;
}

static int feed_head(ss_scanner *s, ss_bytes bytes)
{
    size_t head = MARK_LEN - s->raw.len;
    int rc;

    head = bytes.len < head ? bytes.len : head;
    if (ss_buf_add(&s->raw, bytes.data, head))
        return ss_fail_nomem(s->err);
    if (s->raw.len < MARK_LEN)
        return 0;
    rc = settle_encoding(s);
    if (rc)
        return rc;
    return feed_known(s, (ss_bytes){bytes.data + head, bytes.len - head});
}

int ss_scanner_feed(ss_scanner *s, ss_bytes bytes, secscan_error *err)
{
    int rc;

    ss_assert(s->is_open && !s->is_failed);
    s->err = err;
    if (s->encoding == UNKNOWN)
        rc = feed_head(s, bytes);
    else
        rc = feed_known(s, bytes);
    s->is_failed = rc != 0;
    return rc;
}

static int finish(ss_scanner *s)
{
    int rc = 0;

    if (s->encoding == UNKNOWN)
        rc = settle_encoding(s);
    if (rc)
        return rc;
    if (s->encoding == UTF16 && ss_utf16_finish(&s->utf16, &s->bytes))
        return ss_fail_nomem(s->err);
    rc = scan_gathered(s, 1);
    return rc || s->encoding != UTF16 ? rc : end_as_bytes(s);
}

int ss_scanner_end(ss_scanner *s, secscan_error *err)
{
    int rc = 0;

    ss_assert(s->is_open);
    s->err = err;
    if (!s->is_failed)
        rc = finish(s);
    return ss_pipeline_close(s, rc);
}

void ss_scanner_drop(ss_scanner *s)
{
    if (s->is_open)
        ss_pipeline_close(s, 0);
}

int ss_scanner_finish(ss_scanner *s, int rc, secscan_error *err)
{
    if (!rc)
        return ss_scanner_end(s, err);
    ss_scanner_drop(s);
    return rc;
}

/* The same as a place of the text. What was delivered and is kept may yet be a
 * part of a match to come. */
static uint64_t settled_text(const ss_scanner *s)
{
    uint64_t at = settled(s, s->offset + s->core_from);

    for (size_t i = 0; i < s->pending.len; i++) {
        if (s->pending.at[i].secret_from < at)
            at = s->pending.at[i].secret_from;
    }
    return at;
}

/* A byte of the text is at most one unit of UTF-16, but for the first of four,
 * which is two: it may be the last one in front of the next core, which is what
 * the place is that of. */
static uint64_t settled_utf16(const ss_scanner *s)
{
    uint64_t behind = s->offset + s->core_from - settled_text(s) + 1;
    uint64_t units = s->place.utf16 > behind ? s->place.utf16 - behind : 0;
    uint64_t as_bytes = ss_scanner_settled(s->as_bytes);

    return as_bytes < 2 + 2 * units ? as_bytes : 2 + 2 * units;
}

uint64_t ss_scanner_settled(const ss_scanner *s)
{
    if (s->encoding == UNKNOWN)
        return 0;
    return s->encoding == UTF16 ? settled_utf16(s) : settled_text(s);
}

static int scan_plain(ss_scanner *s, ss_bytes bytes)
{
    size_t from = 0;

    s->encoding = PLAIN;
    return scan_cores(s, bytes, 0, &from, 1);
}

int ss_scanner_scan(ss_scanner *s, ss_bytes bytes, const ss_match_sink *sink,
                    secscan_error *err)
{
    int rc = ss_scanner_begin(s, sink, err);
    int end_rc;

    if (rc)
        return rc;
    s->err = err;
    if (ss_utf16_mark(bytes)) {
        rc = ss_scanner_feed(s, bytes, err);
        end_rc = ss_scanner_end(s, err);
        return rc ? rc : end_rc;
    }
    return ss_pipeline_close(s, scan_plain(s, bytes));
}
