/*
 * run_stream.c: a stream is scanned as it comes, and what is found plainly is
 * delivered at once; what is found in encodings waits for the end, for it may
 * yet be found plainly. A container is collected first.
 */
#include "run/run_stream.h"

#include "base/alloc.h"
#include "base/map.h"
#include "run/watch.h"

/* Enough for the heads of all kinds: an ISO image has its own at 32 KiB. */
#define HEAD ((size_t)40 << 10)
#define MAX_COLLECTED ((size_t)256 << 20)

typedef enum stream_state { AT_HEAD, IN_BYTES, IN_CONTAINER } stream_state;

struct ss_stream {
    secscan_scanner *handle;
    ss_unpacker unpacker;
    ss_watch watch; /* its size is what was fed */
    stream_state state;
    ss_buf collected; /* the head, or all of a container */
    int is_failed;
    ss_results results;  /* of the last feed */
    ss_results encoded;  /* wait for the end */
    ss_map plain;        /* fingerprints of what was delivered */
    ss_arena arena;      /* of the map */
    size_t n_nested;     /* of the results, that waits_from knows */
    uint64_t waits_from; /* where the first of what waits for the end stands */
    uint64_t settled;    /* before the last feed, and what it brought is out */
};

ss_origin ss_stream_origin(const secscan_scanner *handle)
{
    ss_origin origin = {NULL, NULL, SECSCAN_SOURCE_BUFFER};

    if (handle->stream_name.len)
        origin.path = (const char *)handle->stream_name.data;
    return origin;
}

void ss_stream_free(ss_stream *s)
{
    if (!s)
        return;
    ss_unpacker_release(&s->unpacker);
    ss_buf_release(&s->collected);
    ss_results_release(&s->results);
    ss_results_release(&s->encoded);
    ss_map_release(&s->plain);
    ss_arena_release(&s->arena);
    ss_free(s);
}

/* ---- what was found --------------------------------------------------- */

/* Was it, or is it now, found plainly? Negative: out of memory. */
static int is_plain_secret(ss_stream *s, const ss_match *m, int is_plain)
{
    char text[SS_FINGERPRINT_TEXT];
    ss_map_entry *entry;
    int is_new;

    ss_fingerprint(text, &s->handle->key, ss_match_secret(m));
    if (!is_plain)
        return ss_map_get(&s->plain, ss_bytes_str(text)) != NULL;
    entry = ss_map_put(&s->plain, ss_bytes_str(text), &is_new);
    if (!entry)
        return SECSCAN_ERR_NOMEM;
    if (is_new)
        entry->key.data = ss_arena_copy(&s->arena, text, entry->key.len);
    return entry->key.data ? 1 : SECSCAN_ERR_NOMEM;
}

static int deliver(ss_stream *s, const ss_match *m)
{
    const ss_origin origin = ss_stream_origin(s->handle);

    return ss_deliver_match(s->handle, &origin, m, &s->handle->stream_sink);
}

/* Its end, or that of the stream, is far. */
static void wait_for_end(ss_stream *s, const ss_match *m)
{
    if (m->offset < s->waits_from)
        s->waits_from = m->offset;
    for (size_t i = 0; i < m->n_parts; i++) {
        if (m->parts[i].offset < s->waits_from)
            s->waits_from = m->parts[i].offset;
    }
}

static int take_match(ss_stream *s, const ss_match *m)
{
    int rc;

    if (s->handle->options.flags &
        (SECSCAN_SCAN_NO_DECODE | SECSCAN_SCAN_EVERY_PLACE))
        return deliver(s, m);
    if (m->encodings.n > m->n_of_unit) {
        wait_for_end(s, m);
        return ss_results_add(&s->encoded, m);
    }
    rc = is_plain_secret(s, m, 1);
    return rc < 0 ? rc : deliver(s, m);
}

/* What the last bytes brought; containers that wait keep their memory. */
static int flush(ss_stream *s)
{
    const ss_origin origin = ss_stream_origin(s->handle);
    ss_results *r = &s->results;
    int rc = ss_results_deliver_skips(r, s->handle, &origin,
                                      &s->handle->stream_sink);

    for (size_t i = 0; !rc && i < r->matches.len; i++)
        rc = take_match(s, &r->matches.at[i]);
    r->matches.len = 0;
    r->skips.len = 0;
    for (; s->n_nested < r->nested.len; s->n_nested++)
        wait_for_end(s, &r->nested.at[s->n_nested].at);
    if (!r->nested.len)
        ss_results_reset(r);
    return rc;
}

static int deliver_encoded(ss_stream *s)
{
    int rc = 0;

    for (size_t i = 0; !rc && i < s->encoded.matches.len; i++) {
        const ss_match *m = &s->encoded.matches.at[i];

        if (!is_plain_secret(s, m, 0))
            rc = deliver(s, m);
    }
    return rc;
}

/* ---- bytes ------------------------------------------------------------ */

/* Of UTF-16 the scanner only knows what is settled at least, and that falls
 * while it waits; what was settled stays so. */
static void settle(ss_stream *s)
{
    uint64_t settled = ss_scanner_settled(s->handle->scanner);

    if (settled > s->waits_from)
        settled = s->waits_from;
    if (settled > s->settled)
        s->settled = settled;
}

static int feed_bytes(ss_stream *s, ss_bytes bytes, secscan_error *err)
{
    int rc = ss_scanner_feed(s->handle->scanner, bytes, err);

    if (!rc)
        rc = flush(s);
    if (!rc)
        settle(s);
    return rc;
}

/* What has been collected, and all that follows, are bytes. */
static int start_bytes(ss_stream *s, secscan_error *err)
{
    const ss_match_sink sink = ss_results_sink(&s->results);
    int rc = ss_scanner_begin(s->handle->scanner, &sink, err);

    if (rc)
        return rc;
    s->state = IN_BYTES;
    rc = s->collected.len ? feed_bytes(s, ss_buf_bytes(&s->collected), err) : 0;
    ss_buf_release(&s->collected);
    return rc;
}

static int collect(ss_stream *s, ss_bytes bytes, secscan_error *err)
{
    return ss_buf_add(&s->collected, bytes.data, bytes.len) ? ss_fail_nomem(err)
                                                            : 0;
}

/* What is too large to be held is the bytes it is. */
static int feed_container(ss_stream *s, ss_bytes bytes, secscan_error *err)
{
    int rc;

    if (bytes.len <= MAX_COLLECTED - s->collected.len)
        return collect(s, bytes, err);
    if (ss_results_add_skip(&s->results, "member-limit",
                            "not opened: a container in a stream, of more than "
                            "256 MiB"))
        return ss_fail_nomem(err);
    rc = start_bytes(s, err);
    return rc ? rc : feed_bytes(s, bytes, err);
}

static int settle_head(ss_stream *s, secscan_error *err)
{
    if (s->collected.len < HEAD)
        return 0;
    if (!ss_unpack_detect(&s->unpacker, ss_buf_bytes(&s->collected)))
        return start_bytes(s, err);
    s->state = IN_CONTAINER;
    return 0;
}

/* First what completes the head. */
static ss_bytes take_head(ss_stream *s, ss_bytes *bytes)
{
    size_t len = HEAD - s->collected.len;
    ss_bytes head = *bytes;

    head.len = len < head.len ? len : head.len;
    bytes->data += head.len;
    bytes->len -= head.len;
    return head;
}

static int feed(ss_stream *s, ss_bytes bytes, secscan_error *err)
{
    int rc = 0;

    if (s->state == AT_HEAD) {
        rc = collect(s, take_head(s, &bytes), err);
        if (!rc)
            rc = settle_head(s, err);
    }
    if (rc || !bytes.len)
        return rc;
    return s->state == IN_BYTES ? feed_bytes(s, bytes, err)
                                : feed_container(s, bytes, err);
}

int ss_stream_begin(ss_stream **out, secscan_scanner *handle,
                    secscan_error *err)
{
    ss_stream *s = ss_calloc(1, sizeof(*s));
    int rc = 0;

    if (!s)
        return ss_fail_nomem(err);
    s->handle = handle;
    s->waits_from = UINT64_MAX;
    s->collected = (ss_buf)SS_BUF_INIT(MAX_COLLECTED);
    ss_unpacker_init(&s->unpacker, handle, handle->scanner);
    ss_watch_init(&s->watch, &handle->stream_sink, handle->scanner);
    s->unpacker.on_read = ss_watch_on_read(&s->watch);
    s->unpacker.ctx = &s->watch;
    if (!ss_handle_opens(handle))
        rc = start_bytes(s, err);
    if (rc) {
        ss_stream_free(s);
        return rc;
    }
    *out = s;
    return 0;
}

int ss_stream_feed(ss_stream *s, ss_bytes bytes, secscan_error *err)
{
    int rc;

    s->watch.size += bytes.len;
    rc = feed(s, bytes, err);
    s->is_failed |= rc != 0;
    return rc == SECSCAN_ERR_NOMEM ? ss_fail_nomem(err) : rc;
}

uint64_t ss_stream_settled(const ss_stream *s)
{
    return s->is_failed ? 0 : s->settled;
}

static int finish(ss_stream *s, secscan_error *err)
{
    int rc;

    if (s->state == IN_BYTES)
        rc = ss_unpack_end(&s->unpacker, &s->results, 0, err);
    else
        rc = ss_unpack_scan(&s->unpacker, ss_buf_bytes(&s->collected),
                            &s->results, err);
    if (!rc)
        rc = flush(s);
    return rc ? rc : deliver_encoded(s);
}

int ss_stream_end(ss_stream *s, secscan_error *err)
{
    int rc = 0;

    s->watch.state.bytes_total = s->watch.size;
    if (s->is_failed)
        ss_scanner_drop(s->handle->scanner);
    else if (s->state == IN_BYTES)
        rc = ss_scanner_end(s->handle->scanner, err);
    if (!rc && !s->is_failed)
        rc = finish(s, err);
    ss_stream_free(s);
    return rc == SECSCAN_ERR_NOMEM ? ss_fail_nomem(err) : rc;
}

int ss_run_buffer(secscan_scanner *handle, ss_bytes bytes, secscan_error *err)
{
    const ss_origin origin = ss_stream_origin(handle);
    ss_results results = SS_RESULTS_INIT;
    ss_unpacker unpacker;
    ss_watch watch;
    int rc;

    ss_watch_init(&watch, &handle->stream_sink, handle->scanner);
    watch.size = watch.state.bytes_total = bytes.len;
    ss_unpacker_init(&unpacker, handle, handle->scanner);
    unpacker.on_read = ss_watch_on_read(&watch);
    unpacker.ctx = &watch;
    rc = ss_unpack_scan(&unpacker, bytes, &results, err);
    if (!rc)
        rc =
            ss_results_deliver(&results, handle, &origin, &handle->stream_sink);
    ss_unpacker_release(&unpacker);
    ss_results_release(&results);
    return rc == SECSCAN_ERR_NOMEM ? ss_fail_nomem(err) : rc;
}
