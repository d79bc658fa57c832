/*
 * run_git_text.c: on a worker, what of an object is text: blobs, and what is in
 * them, messages, people, the rest of headers. Matches go into the job.
 */
#include "run/run_git_job.h"

#include "base/alloc.h"
#include "source/git_header.h"

/* The unit's matches are those from `first` on. */
static int end_unit(ss_git_worker *w, ss_git_job *j, uint32_t object,
                    secscan_source source, size_t first)
{
    int rc = ss_unpack_end(&w->unpacker, &j->results, first, NULL);
    uint64_t n_suppressed = ss_scanner_counts(w->scanner)->suppressed;
    ss_git_unit u = {object, source, j->results.matches.len,
                     j->results.skips.len, n_suppressed != w->n_suppressed};

    w->n_suppressed = n_suppressed;
    if (rc)
        return rc;
    return SS_VEC_PUSH(&j->units, u) ? SECSCAN_ERR_NOMEM : 0;
}

static int scan_unit(ss_git_worker *w, ss_git_job *j, uint32_t object,
                     secscan_source source, ss_bytes bytes)
{
    ss_match_sink sink = ss_results_sink(&j->results);
    size_t first = j->results.matches.len;
    int rc;

    if (!bytes.len)
        return 0;
    rc = ss_scanner_scan(w->scanner, bytes, &sink, NULL);
    return rc ? rc : end_unit(w, j, object, source, first);
}

/* The bytes of a blob, if they are what is to be scanned. A delta of what is
 * not inherits nothing. */
static int scan_bytes(ss_git_worker *w, ss_git_job *j, ss_bytes bytes,
                      const ss_git_descent *d, int is_plain)
{
    ss_match_sink sink = ss_results_sink(&j->results);

    if (is_plain && d)
        return ss_object_scan(w->scanner, bytes, d->base, d->runs, d->n_runs,
                              d->out, &sink, NULL);
    if (is_plain)
        return ss_scanner_scan(w->scanner, bytes, &sink, NULL);
    if (d) {
        ss_trace_reset(d->out);
        d->out->is_lost = 1;
    }
    return 0;
}

static int scan_blob(ss_git_worker *w, ss_git_job *j, uint32_t object,
                     ss_bytes bytes, const ss_git_descent *d)
{
    ss_git_pointer pointer = {.object = object};
    size_t first = j->results.matches.len;
    int is_plain, rc;

    if (ss_lfs_pointer_read(&pointer.id, bytes) &&
        SS_VEC_PUSH(&j->pointers, pointer))
        return SECSCAN_ERR_NOMEM;
    if (!bytes.len)
        return 0;
    rc = ss_unpack_memory(&w->unpacker, bytes, &j->results, &is_plain, NULL);
    if (!rc)
        rc = scan_bytes(w, j, bytes, d, is_plain);
    return rc ? rc : end_unit(w, j, object, SECSCAN_SOURCE_BLOB, first);
}

/* ---- a blob in pieces ---- */

static int begin_scanner(ss_git_worker *w, ss_git_job *j)
{
    ss_match_sink sink = ss_results_sink(&j->results);

    return ss_scanner_begin(w->scanner, &sink, NULL);
}

static int begin_pieces(ss_git_worker *w, ss_git_job *j, ss_bytes head)
{
    w->n_matches = j->results.matches.len;
    w->n_skips = j->results.skips.len;
    w->is_streaming = 1;
    w->is_collecting = ss_unpack_detect(&w->unpacker, head) != NULL;
    return w->is_collecting ? 0 : begin_scanner(w, j);
}

/* What is too large to be held is the bytes it is. */
static int stop_collecting(ss_git_worker *w, ss_git_job *j)
{
    int rc = ss_results_add_skip(&j->results, "member-limit",
                                 "not opened: a container of more than 256 MiB "
                                 "that is read in pieces");

    w->is_collecting = 0;
    if (!rc)
        rc = begin_scanner(w, j);
    if (!rc)
        rc = ss_scanner_feed(w->scanner, ss_buf_bytes(&w->collected), NULL);
    ss_buf_release(&w->collected);
    return rc;
}

static int add_piece(ss_git_worker *w, ss_git_job *j, ss_bytes bytes)
{
    int rc = 0;

    if (w->is_collecting &&
        bytes.len <= SS_GIT_MAX_COLLECTED - w->collected.len)
        return ss_buf_add(&w->collected, bytes.data, bytes.len)
                   ? SECSCAN_ERR_NOMEM
                   : 0;
    if (w->is_collecting)
        rc = stop_collecting(w, j);
    return rc ? rc : ss_scanner_feed(w->scanner, bytes, NULL);
}

static int end_collecting(ss_git_worker *w, ss_git_job *j, int is_lost)
{
    ss_bytes bytes = ss_buf_bytes(&w->collected);
    int is_plain = 0, rc = 0;

    if (!is_lost)
        rc =
            ss_unpack_memory(&w->unpacker, bytes, &j->results, &is_plain, NULL);
    if (!rc && is_plain)
        rc = scan_bytes(w, j, bytes, NULL, 1);
    ss_buf_release(&w->collected);
    w->is_collecting = 0;
    return rc;
}

static int end_pieces(ss_git_worker *w, ss_git_job *j, uint32_t number,
                      int is_lost)
{
    int rc = 0;

    if (w->is_collecting)
        rc = end_collecting(w, j, is_lost);
    else if (w->is_streaming)
        rc = ss_scanner_end(w->scanner, NULL);
    w->is_streaming = 0;
    if (is_lost) {
        ss_results_drop_nested(&j->results, 0);
        j->results.matches.len = w->n_matches;
        j->results.skips.len = w->n_skips;
    }
    if (rc || is_lost)
        return rc;
    return end_unit(w, j, number, SECSCAN_SOURCE_BLOB, w->n_matches);
}

int ss_git_job_take_piece(ss_git_worker *w, ss_git_job *j, uint32_t number,
                          ss_bytes bytes, int is_lost)
{
    int rc = 0;

    if (!bytes.len)
        return end_pieces(w, j, number, is_lost);
    if (!w->is_streaming)
        rc = begin_pieces(w, j, bytes);
    return rc ? rc : add_piece(w, j, bytes);
}

/* Whatever else the header holds, or all of an object that is damaged. */
static int scan_header(const ss_git_history *h, ss_git_worker *w, ss_git_job *j,
                       uint32_t object, secscan_source source, ss_bytes bytes,
                       int is_damaged)
{
    ss_buf rest = SS_BUF_INIT(SIZE_MAX / 4);
    int rc;

    if (is_damaged)
        return scan_unit(w, j, object, source, bytes);
    rc = ss_git_header_rest(&rest, bytes, h->id_len);
    if (!rc)
        rc = scan_unit(w, j, object, source, ss_buf_bytes(&rest));
    ss_buf_release(&rest);
    return rc;
}

static int copy_bytes(ss_git_job *j, ss_bytes *bytes)
{
    bytes->data = ss_arena_copy(&j->results.arena, bytes->data, bytes->len);
    return bytes->data ? 0 : SECSCAN_ERR_NOMEM;
}

static int scan_commit(const ss_git_history *h, ss_git_worker *w, ss_git_job *j,
                       uint32_t object, ss_bytes bytes)
{
    ss_git_parsed p = {.object = object};
    ss_git_commit *c = &p.commit;
    int damage = ss_git_commit_parse(c, bytes, h->id_len), rc;

    rc = scan_header(h, w, j, object, SECSCAN_SOURCE_COMMIT_HEADER, bytes,
                     damage);
    if (rc || damage)
        return rc ? rc : damage;
    rc = scan_unit(w, j, object, SECSCAN_SOURCE_AUTHOR, c->author.whole);
    if (!rc && !ss_bytes_equal(c->author.whole, c->committer.whole))
        rc = scan_unit(w, j, object, SECSCAN_SOURCE_COMMITTER,
                       c->committer.whole);
    if (!rc)
        rc = scan_unit(w, j, object, SECSCAN_SOURCE_COMMIT_MESSAGE, c->message);
    if (!rc)
        rc = copy_bytes(j, &c->parents);
    if (rc)
        return rc;
    return SS_VEC_PUSH(&j->parsed, p) ? SECSCAN_ERR_NOMEM : 0;
}

static int scan_tag(const ss_git_history *h, ss_git_worker *w, ss_git_job *j,
                    uint32_t object, ss_bytes bytes)
{
    ss_git_parsed p = {.object = object, .is_tag = 1};
    ss_git_tag tag;
    int damage = ss_git_tag_parse(&tag, bytes, h->id_len), rc;

    rc = scan_header(h, w, j, object, SECSCAN_SOURCE_TAG_HEADER, bytes, damage);
    if (rc || damage)
        return rc ? rc : damage;
    p.target = tag.target;
    rc = scan_unit(w, j, object, SECSCAN_SOURCE_TAGGER, tag.tagger.whole);
    if (!rc)
        rc = scan_unit(w, j, object, SECSCAN_SOURCE_TAG_MESSAGE, tag.message);
    if (rc)
        return rc;
    return SS_VEC_PUSH(&j->parsed, p) ? SECSCAN_ERR_NOMEM : 0;
}

int ss_git_job_take_text(const ss_git_history *h, ss_git_worker *w,
                         ss_git_job *j, uint32_t number, ss_git_kind kind,
                         ss_bytes bytes, const ss_git_descent *descent)
{
    switch (kind) {
    case SS_GIT_BLOB:
        return scan_blob(w, j, number, bytes, descent);
    case SS_GIT_COMMIT:
        return scan_commit(h, w, j, number, bytes);
    case SS_GIT_TAG:
        return scan_tag(h, w, j, number, bytes);
    default:
        return 0;
    }
}
