/*
 * results.c: copies of one unit's matches and skips, for delivery later.
 */
#include "results.h"

#include "base/alloc.h"
#include "base/map.h"
#include "run/member.h"

#define MAX_NESTED ((size_t)128 << 20) /* bytes of containers that wait */

int ss_results_add(ss_results *r, const ss_match *match)
{
    ss_match m = *match, copy;

    if (r->place && r->place(r->place_ctx, &m, &r->arena))
        return SECSCAN_ERR_NOMEM;
    if (ss_match_copy(&copy, &m, &r->arena) || SS_VEC_PUSH(&r->matches, copy))
        return SECSCAN_ERR_NOMEM;
    return 0;
}

static int add_match(void *ctx, const ss_match *match)
{
    return ss_results_add(ctx, match);
}

int ss_results_add_member_skip(ss_results *r, const char *member,
                               const char *reason, const char *detail)
{
    ss_result_skip skip = {reason, NULL, NULL};

    skip.detail = ss_arena_str(&r->arena, detail, strlen(detail));
    if (member)
        skip.member = ss_arena_str(&r->arena, member, strlen(member));
    if (!skip.detail || (member && !skip.member) ||
        SS_VEC_PUSH(&r->skips, skip))
        return SECSCAN_ERR_NOMEM;
    return 0;
}

/* Of what is being scanned. */
static int add_skip_at(ss_results *r, const char *reason, const char *detail,
                       uint64_t offset)
{
    ss_match probe = {.offset = offset};

    if (r->place && r->place(r->place_ctx, &probe, &r->arena))
        return SECSCAN_ERR_NOMEM;
    return ss_results_add_member_skip(r, probe.member, reason, detail);
}

int ss_results_add_skip(ss_results *r, const char *reason, const char *detail)
{
    return add_skip_at(r, reason, detail, 0);
}

/* The detail is the place: what was not scanned begins there. */
static int add_skip(void *ctx, const char *reason, uint64_t offset)
{
    char detail[32];
    ss_buf text = SS_BUF_INIT(sizeof(detail));
    int rc;

    rc = ss_buf_printf(&text, "at byte %llu", (unsigned long long)offset);
    if (!rc)
        rc = ss_buf_putc(&text, '\0');
    rc = rc ? SECSCAN_ERR_NOMEM
            : add_skip_at(ctx, reason, (const char *)text.data, offset);
    ss_buf_release(&text);
    return rc;
}

ss_match_sink ss_results_sink(ss_results *results)
{
    return (ss_match_sink){results, add_match, add_skip};
}

/* ---- containers that were decoded ---- */

static int copy_place(ss_results *r, ss_match *out, const ss_match *at)
{
    ss_match m = *at;

    if (!m.reason)
        m.reason = "";
    if (r->place && r->place(r->place_ctx, &m, &r->arena))
        return SECSCAN_ERR_NOMEM;
    return ss_match_copy(out, &m, &r->arena) ? SECSCAN_ERR_NOMEM : 0;
}

int ss_results_add_nested(void *ctx, ss_bytes bytes, const ss_match *at)
{
    ss_results *r = ctx;
    ss_result_nested nested = {.len = bytes.len};

    if (!r || !bytes.len)
        return 0;
    if (bytes.len > MAX_NESTED - r->nested_len)
        return add_skip_at(r, "decode-limit",
                           "more than 128 MiB of encoded containers",
                           at->offset);
    if (copy_place(r, &nested.at, at))
        return SECSCAN_ERR_NOMEM;
    nested.bytes = ss_alloc(bytes.len);
    if (!nested.bytes)
        return SECSCAN_ERR_NOMEM;
    memcpy(nested.bytes, bytes.data, bytes.len);
    if (SS_VEC_PUSH(&r->nested, nested)) {
        ss_free_wiped(nested.bytes, nested.len);
        return SECSCAN_ERR_NOMEM;
    }
    r->nested_len += bytes.len;
    return 0;
}

void ss_results_drop_nested(ss_results *r, size_t from)
{
    while (r->nested.len > from) {
        ss_result_nested *last = &r->nested.at[--r->nested.len];

        r->nested_len -= last->len;
        ss_free_wiped(last->bytes, last->len);
    }
}

/* ---- the same secret twice ---- */

static int is_encoded(const ss_match *m, size_t n_plain)
{
    return m->encodings.n - m->n_of_unit > (int)n_plain;
}

typedef struct unit_part {
    size_t first, own; /* matches; the first that is not one of a member */
    size_t n_plain;
} unit_part;

/* By secret: where the first match of it is, + 1. */
typedef struct found {
    ss_map plain, encoded;
} found;

static int put(ss_map *map, const ss_match *m, size_t at)
{
    ss_map_entry *entry = ss_map_put(map, ss_match_secret(m), NULL);

    if (!entry)
        return SECSCAN_ERR_NOMEM;
    entry->value.num = at + 1;
    return 0;
}

static const ss_match *get(const ss_map *map, const ss_results *r,
                           const ss_match *m)
{
    const ss_map_entry *entry = ss_map_get(map, ss_match_secret(m));

    return entry ? &r->matches.at[entry->value.num - 1] : NULL;
}

/* Encoded text that a container breaks up may give a piece of what the member
 * gives whole. */
#define MAX_PIECES 64u

static int is_piece(const ss_results *r, const ss_match *m, const unit_part *u)
{
    ss_bytes secret = ss_match_secret(m);

    if (!is_encoded(m, u->n_plain) || u->own - u->first > MAX_PIECES)
        return 0;
    for (size_t i = u->first; i < u->own; i++) {
        ss_bytes whole = ss_match_secret(&r->matches.at[i]);

        if (memmem(whole.data, whole.len, secret.data, secret.len))
            return 1;
    }
    return 0;
}

/* In the unit itself and in a member of it: it is the member's. */
static int drop_members(ss_results *r, const unit_part *u)
{
    ss_map known = SS_MAP_INIT;
    size_t n = u->own;
    int rc = 0;

    for (size_t i = u->first; !rc && i < u->own; i++) {
        if (r->matches.at[i].secret_len)
            rc = put(&known, &r->matches.at[i], i);
    }
    for (size_t i = u->own; !rc && i < r->matches.len; i++) {
        const ss_match *m = &r->matches.at[i];

        if (!m->secret_len || (!get(&known, r, m) && !is_piece(r, m, u)))
            r->matches.at[n++] = *m;
    }
    if (!rc)
        r->matches.len = n;
    ss_map_release(&known);
    return rc;
}

static int is_near(const ss_match *a, const ss_match *b)
{
    if (!a->member || !b->member)
        return a->member == b->member && a->line_start <= b->line_end &&
               b->line_start <= a->line_end;
    return strcmp(a->member, b->member) == 0;
}

/* The chain of `m` is that of `other` with more in between: what decodes in one
 * way is often text that decodes in another. */
static int is_longer_way(const ss_match *m, const ss_match *other)
{
    const ss_encodings *a = &m->encodings, *b = &other->encodings;
    size_t n = 0;

    for (size_t i = 0; i < a->n && n < b->n; i++)
        n += a->at[i] == b->at[n];
    return a->n > b->n && n == b->n && is_near(m, other);
}

static int note_all(found *f, const ss_results *r, const unit_part *u)
{
    int rc = 0;

    for (size_t i = u->first; !rc && i < r->matches.len; i++) {
        const ss_match *m = &r->matches.at[i], *other;

        if (!m->secret_len)
            continue;
        other = get(&f->encoded, r, m);
        if (!is_encoded(m, u->n_plain))
            rc = put(&f->plain, m, i);
        else if (!other || is_longer_way(other, m))
            rc = put(&f->encoded, m, i);
    }
    return rc;
}

static int is_double(const found *f, const ss_results *r, const ss_match *m,
                     const unit_part *u)
{
    const ss_match *other;

    if (!m->secret_len || !is_encoded(m, u->n_plain))
        return 0;
    if (get(&f->plain, r, m))
        return 1;
    other = get(&f->encoded, r, m);
    return other && is_longer_way(m, other);
}

/* In order, but for the encoded ones, which go to the end. */
static int sort_out(ss_results *r, const found *f, const unit_part *u)
{
    SS_VEC(ss_match) kept = {0}, encoded = {0};
    int rc = 0;

    for (size_t i = u->first; !rc && i < r->matches.len; i++) {
        const ss_match *m = &r->matches.at[i];

        if (is_double(f, r, m, u))
            continue;
        rc = is_encoded(m, u->n_plain) ? SS_VEC_PUSH(&encoded, *m)
                                       : SS_VEC_PUSH(&kept, *m);
    }
    if (!rc) {
        size_t n = u->first;

        for (size_t i = 0; i < kept.len; i++)
            r->matches.at[n++] = kept.at[i];
        for (size_t i = 0; i < encoded.len; i++)
            r->matches.at[n++] = encoded.at[i];
        r->matches.len = n;
    }
    SS_VEC_RELEASE(&kept);
    SS_VEC_RELEASE(&encoded);
    return rc ? SECSCAN_ERR_NOMEM : 0;
}

static int has_encoded(const ss_results *r, const unit_part *u)
{
    for (size_t i = u->first; i < r->matches.len; i++) {
        if (is_encoded(&r->matches.at[i], u->n_plain))
            return 1;
    }
    return 0;
}

int ss_results_settle(ss_results *r, size_t first, size_t own, size_t n_plain,
                      int every_place)
{
    const unit_part u = {first, own, n_plain};
    found f = {SS_MAP_INIT, SS_MAP_INIT};
    int rc = 0;

    if (own > first && own < r->matches.len)
        rc = drop_members(r, &u);
    if (!rc && !every_place && has_encoded(r, &u)) {
        rc = note_all(&f, r, &u);
        if (!rc)
            rc = sort_out(r, &f, &u);
    }
    ss_map_release(&f.plain);
    ss_map_release(&f.encoded);
    return rc;
}

/* ---- delivery ---- */

int ss_result_skip_deliver(const ss_result_skip *skip, secscan_scanner *handle,
                           const ss_origin *origin, const secscan_sink *sink)
{
    ss_arena arena = SS_ARENA_INIT;
    ss_origin at = *origin;
    int rc = SECSCAN_ERR_NOMEM;

    at.path = ss_member_path(&arena, origin->path, skip->member);
    if (at.path || !skip->member)
        rc = ss_deliver_member_skip(
            handle, &at, ss_member_file_len(origin->path, skip->member),
            skip->reason, skip->detail, sink);
    ss_arena_release(&arena);
    return rc;
}

int ss_results_deliver_skips(const ss_results *r, secscan_scanner *handle,
                             const ss_origin *origin, const secscan_sink *sink)
{
    int rc = 0;

    for (size_t i = 0; !rc && i < r->skips.len; i++)
        rc = ss_result_skip_deliver(&r->skips.at[i], handle, origin, sink);
    return rc;
}

int ss_results_deliver(const ss_results *r, secscan_scanner *handle,
                       const ss_origin *origin, const secscan_sink *sink)
{
    int rc = ss_results_deliver_skips(r, handle, origin, sink);

    for (size_t i = 0; !rc && i < r->matches.len; i++)
        rc = ss_deliver_match(handle, origin, &r->matches.at[i], sink);
    return rc;
}

void ss_results_reset(ss_results *r)
{
    ss_results_drop_nested(r, 0);
    r->matches.len = 0;
    r->skips.len = 0;
    ss_arena_reset(&r->arena);
}

void ss_results_release(ss_results *r)
{
    ss_results_drop_nested(r, 0);
    SS_VEC_RELEASE(&r->matches);
    SS_VEC_RELEASE(&r->skips);
    SS_VEC_RELEASE(&r->nested);
    ss_arena_release(&r->arena);
}
