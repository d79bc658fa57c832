/*
 * pack_walk.c: build objects along the delta trees.
 *
 * A base is let go as soon as its last delta has been applied, so that a chain
 * holds two objects. Over the budget the oldest bases are let go too, and built
 * again from the root when their next delta comes.
 */
#include "pack_walk.h"

#include "base/alloc.h"
#include "base/vec.h"
#include "source/delta.h"
#include "source/inflate_stream.h"
#include "source/pack_window.h"

#define MAX_SPARE ((size_t)4 << 20)
#define MAX_WASTE 4u /* how much larger than the object its buffer may be */
#define STREAM_PIECE ((size_t)256 << 10)

typedef struct frame {
    uint32_t entry;
    uint32_t next_child; /* SS_PACK_NONE: no more */
    uint32_t last_child; /* of the base of a part; else SS_PACK_NONE */
    uint8_t *data;       /* NULL: let go */
    size_t len, cap;
    void *kept; /* the sink's, for the deltas of it */
} frame;

struct ss_pack_walker {
    const ss_pack *pack;
    ss_inflater *inflater;
    const ss_pack_sink *sink;
    secscan_error *err;
    ss_pack_limits limits;
    uint64_t held;  /* bytes of all frames */
    uint8_t *spare; /* the buffer let go last, for the next object */
    size_t n_spare;
    size_t oldest;         /* frames below it have been let go */
    ss_object_kind kind;   /* of the tree at hand */
    ss_pack_window window; /* entries as stored */
    ss_buf delta;          /* one entry, inflated */
    ss_delta opened;       /* the delta in `delta` */
    SS_VEC(frame) stack;
    SS_VEC(uint32_t) path; /* of a rebuild */
};

int ss_pack_walker_new(ss_pack_walker **out, const ss_pack *pack,
                       ss_pack_limits limits, secscan_error *err)
{
    ss_pack_walker *w = ss_calloc(1, sizeof(*w));
    int rc;

    if (!w)
        return ss_fail_nomem(err);
    w->pack = pack;
    w->limits = limits;
    w->delta = (ss_buf)SS_BUF_INIT(SIZE_MAX / 4);
    rc = ss_inflater_new(&w->inflater, err);
    if (rc) {
        ss_pack_walker_free(w);
        return rc;
    }
    *out = w;
    return 0;
}

/* Most objects are as large as the one before: its buffer serves again, which
 * spares the system's clearing of fresh pages. */
static void let_go(ss_pack_walker *w, frame *f)
{
    if (!f->data)
        return;
    w->held -= f->len;
    if (f->cap > w->n_spare && f->cap <= MAX_SPARE) {
        ss_free(w->spare);
        w->spare = f->data;
        w->n_spare = f->cap;
    } else {
        ss_free(f->data);
    }
    f->data = NULL;
}

static void release_kept(ss_pack_walker *w, void *kept)
{
    if (kept && w->sink->release)
        w->sink->release(w->sink->ctx, kept);
}

static void clear_stack(ss_pack_walker *w)
{
    for (size_t i = 0; i < w->stack.len; i++) {
        let_go(w, &w->stack.at[i]);
        release_kept(w, w->stack.at[i].kept);
    }
    w->stack.len = 0;
    w->oldest = 0;
}

void ss_pack_walker_free(ss_pack_walker *w)
{
    if (!w)
        return;
    clear_stack(w);
    SS_VEC_RELEASE(&w->stack);
    SS_VEC_RELEASE(&w->path);
    ss_inflater_free(w->inflater);
    ss_pack_window_release(&w->window);
    ss_buf_release(&w->delta);
    ss_free(w->spare);
    ss_free(w);
}

/* ---- one entry ---- */

/* An entry as stored, header included, its CRC checked. */
static int read_packed(ss_pack_walker *w, uint32_t entry, ss_bytes *out)
{
    const ss_pack *pack = w->pack;
    const ss_pack_entry *e = &pack->entries[entry];
    size_t len = (size_t)(ss_pack_entry_end(pack, entry) - e->offset);
    uint32_t crc;
    int rc =
        ss_pack_window_look(&w->window, pack->fd, e->offset, len, out, w->err);

    if (rc)
        return rc;
    if (out->len < len || e->header > len)
        return ss_fail(w->err, SECSCAN_ERR_CORRUPT, "the pack ends early");
    if (!ss_pack_index_crc(&pack->index, e->at, &crc) &&
        crc != ss_inflate_crc32(*out))
        return ss_fail(w->err, SECSCAN_ERR_CORRUPT, "wrong CRC in the pack");
    return 0;
}

/* The entry's own bytes (an object or a delta) into out[entry.size]. */
static int inflate_entry(ss_pack_walker *w, uint32_t entry, uint8_t *out)
{
    const ss_pack_entry *e = &w->pack->entries[entry];
    ss_bytes packed;
    int rc = read_packed(w, entry, &packed);

    if (rc)
        return rc;
    packed.data += e->header;
    packed.len -= e->header;
    return ss_inflate(w->inflater, packed, out, (size_t)e->size, NULL, w->err);
}

static int new_object(ss_pack_walker *w, uint64_t len, frame *out)
{
    if (len > w->limits.max_object)
        return ss_fail(w->err, SECSCAN_ERR_LIMIT, "object too large");
    out->len = out->cap = (size_t)len;
    if (w->spare && w->n_spare >= len && w->n_spare / MAX_WASTE <= len) {
        out->data = w->spare;
        out->cap = w->n_spare;
        w->spare = NULL;
        w->n_spare = 0;
    } else {
        out->data = ss_alloc(out->len);
    }
    if (!out->data)
        return ss_fail_nomem(w->err);
    w->held += out->len;
    return 0;
}

static int build_plain(ss_pack_walker *w, uint32_t entry, frame *out)
{
    int rc = new_object(w, w->pack->entries[entry].size, out);

    return rc ? rc : inflate_entry(w, entry, out->data);
}

static int build_delta(ss_pack_walker *w, uint32_t entry, ss_bytes base,
                       frame *out)
{
    uint64_t size = w->pack->entries[entry].size;
    int rc;

    if (size > w->limits.max_object)
        return ss_fail(w->err, SECSCAN_ERR_LIMIT, "delta too large");
    w->delta.len = 0;
    if (ss_buf_reserve(&w->delta, (size_t)size))
        return ss_fail_nomem(w->err);
    rc = inflate_entry(w, entry, w->delta.data);
    if (rc)
        return rc;
    rc = ss_delta_open(&w->opened, ss_bytes_of(w->delta.data, (size_t)size),
                       w->err);
    if (rc)
        return rc;
    rc = new_object(w, w->opened.result_len, out);
    return rc ? rc : ss_delta_apply(w->opened, base, out->data, w->err);
}

/* A root that is a delta itself: its base is in another pack. */
static int build_outside(ss_pack_walker *w, uint32_t entry, frame *out)
{
    size_t id_len = w->pack->index.id_len;
    ss_buf base = SS_BUF_INIT((size_t)w->limits.max_object);
    uint8_t id[SS_OID_MAX];
    ss_bytes packed;
    int rc = read_packed(w, entry, &packed);

    if (rc)
        return rc;
    memcpy(id, packed.data + w->pack->entries[entry].header - id_len, id_len);
    if (!w->sink->base || w->sink->base(w->sink->ctx, id, &base, &w->kind))
        rc = ss_fail(w->err, SECSCAN_ERR_GIT, "the base of a delta is missing");
    else
        rc = build_delta(w, entry, ss_buf_bytes(&base), out);
    ss_buf_release(&base);
    return rc;
}

static int build_root(ss_pack_walker *w, uint32_t entry, frame *out)
{
    return w->pack->entries[entry].is_delta ? build_outside(w, entry, out)
                                            : build_plain(w, entry, out);
}

/* ---- bases that were let go ---- */

/* The entries from `entry` up to its tree's root. */
static int list_path(ss_pack_walker *w, uint32_t entry)
{
    w->path.len = 0;
    for (; entry != SS_PACK_NONE; entry = w->pack->entries[entry].base) {
        if (SS_VEC_PUSH(&w->path, entry))
            return ss_fail_nomem(w->err);
    }
    return 0;
}

/* Build a frame's object again, two objects at a time. */
static int rebuild(ss_pack_walker *w, frame *f)
{
    frame object = {0};
    size_t i;
    int rc = list_path(w, f->entry);

    if (rc)
        return rc;
    i = w->path.len - 1;
    rc = build_root(w, w->path.at[i], &object);
    while (!rc && i-- > 0) {
        frame next = {0};

        rc = build_delta(w, w->path.at[i], ss_bytes_of(object.data, object.len),
                         &next);
        let_go(w, &object);
        object = next;
    }
    if (rc)
        let_go(w, &object);
    f->data = object.data;
    f->len = object.len;
    f->cap = object.cap;
    return rc;
}

/* ---- the walk ---- */

static const char *reason_of(int rc)
{
    switch (rc) {
    case SECSCAN_ERR_CORRUPT:
        return "corrupt";
    case SECSCAN_ERR_LIMIT:
        return "object-limit";
    case SECSCAN_ERR_GIT:
        return "missing";
    default:
        return NULL; /* not this object's: memory, I/O */
    }
}

/* `child` or the next of its kind that is no part's. */
static uint32_t skip_parts(const ss_pack *pack, uint32_t child)
{
    while (child != SS_PACK_NONE && pack->entries[child].is_split)
        child = pack->entries[child].next;
    return child;
}

/* The object at `entry` cannot be read, so neither can what is built on it:
 * which may be small where its base is too large. */
static int say_damaged(ss_pack_walker *w, uint32_t entry, const char *reason)
{
    const ss_pack_entry *entries = w->pack->entries;
    uint32_t at = entry;

    for (;;) {
        uint32_t child = skip_parts(w->pack, entries[at].child);
        int rc =
            w->sink->damaged(w->sink->ctx, ss_pack_id(w->pack, at),
                             entries[at].label, at == entry ? reason : "base");

        if (rc)
            return rc;
        while (at != entry && child == SS_PACK_NONE) {
            child = skip_parts(w->pack, entries[at].next);
            at = entries[at].base;
        }
        if (child == SS_PACK_NONE)
            return 0;
        at = child;
    }
}

/* Keep the bytes within the budget: the bases at the bottom wait longest. */
static void trim(ss_pack_walker *w)
{
    while (w->held > w->limits.budget && w->oldest + 1 < w->stack.len)
        let_go(w, &w->stack.at[w->oldest++]);
}

static int hand_over(ss_pack_walker *w, frame *object, void *base)
{
    const ss_pack_entry *e = &w->pack->entries[object->entry];
    ss_pack_object o = {.id = ss_pack_id(w->pack, object->entry),
                        .label = e->label,
                        .kind = w->kind,
                        .bytes = ss_bytes_of(object->data, object->len),
                        .base = base,
                        .has_deltas = object->next_child != SS_PACK_NONE,
                        .is_again = object->last_child != SS_PACK_NONE};

    if (e->base != SS_PACK_NONE && !o.is_again)
        o.delta = &w->opened;
    return w->sink->object(w->sink->ctx, &o, &object->kept);
}

/* Hand an object that has been built to the sink, and wait for its deltas. */
static int enter(ss_pack_walker *w, frame *object, void *base)
{
    int rc = hand_over(w, object, base);

    if (!rc && object->next_child != SS_PACK_NONE) {
        if (!SS_VEC_PUSH(&w->stack, *object)) {
            trim(w);
            return 0;
        }
        rc = ss_fail_nomem(w->err);
    }
    let_go(w, object);
    release_kept(w, object->kept);
    return rc;
}

static void pop(ss_pack_walker *w)
{
    let_go(w, &w->stack.at[--w->stack.len]);
    if (w->oldest > w->stack.len)
        w->oldest = w->stack.len;
}

/* What building `entry` came to: on to its deltas, or they are lost with it. */
static int settle(ss_pack_walker *w, uint32_t entry, frame *object, void *base,
                  int rc)
{
    object->entry = entry;
    object->next_child = skip_parts(w->pack, w->pack->entries[entry].child);
    object->last_child = SS_PACK_NONE;
    if (!rc)
        return enter(w, object, base);
    let_go(w, object);
    return reason_of(rc) ? say_damaged(w, entry, reason_of(rc)) : rc;
}

/* The child behind the next one. */
static uint32_t child_after(const ss_pack_walker *w, const frame *base)
{
    const ss_pack_entry *child = &w->pack->entries[base->next_child];

    if (base->last_child == SS_PACK_NONE)
        return skip_parts(w->pack, child->next);
    return base->next_child == base->last_child ? SS_PACK_NONE : child->next;
}

/* The next delta of the base on top of the stack. */
static int step(ss_pack_walker *w)
{
    frame *base = &w->stack.at[w->stack.len - 1];
    void *kept = base->kept;
    uint32_t entry = base->next_child;
    frame object = {0};
    int is_last, rc = 0;

    base->next_child = child_after(w, base);
    is_last = base->next_child == SS_PACK_NONE;
    if (!base->data)
        rc = rebuild(w, base);
    if (!rc)
        rc = build_delta(w, entry, ss_bytes_of(base->data, base->len), &object);
    if (is_last)
        pop(w);
    rc = settle(w, entry, &object, kept, rc);
    if (is_last)
        release_kept(w, kept);
    return rc;
}

/* Without its base a part is lost. */
static int lose_part(ss_pack_walker *w, const ss_pack_root *part, int rc)
{
    uint32_t at = part->from;

    if (!reason_of(rc))
        return rc;
    for (;; at = w->pack->entries[at].next) {
        rc = say_damaged(w, at, "base");
        if (rc || at == part->to)
            return rc;
    }
}

static int begin_part(ss_pack_walker *w, const ss_pack_root *part)
{
    frame base = {
        .entry = part->entry, .next_child = part->from, .last_child = part->to};
    int rc = rebuild(w, &base);

    return rc ? lose_part(w, part, rc) : enter(w, &base, NULL);
}

/* ---- objects too large to hold ---- */

typedef struct streaming {
    ss_pack_walker *w;
    ss_inflate_stream *stream;
    ss_pack_object object;
    uint64_t at, end; /* in the file: what has not been read */
    uint64_t left;    /* bytes of the object to come */
    uint32_t crc;
    uint8_t *out;
} streaming;

static int is_streamed(const ss_pack_walker *w, uint32_t entry)
{
    const ss_pack_entry *e = &w->pack->entries[entry];

    return w->sink->piece && !e->is_delta && e->child == SS_PACK_NONE &&
           e->kind == SS_OBJECT_BLOB && e->size > SS_PACK_STREAM;
}

/* The next bytes of the entry as stored; its header is cut off the first. */
static int read_more(streaming *s, ss_bytes *in, size_t header)
{
    const ss_pack_walker *w = s->w;
    uint64_t left = s->end - s->at;
    size_t len = left < STREAM_PIECE ? (size_t)left : STREAM_PIECE;
    int rc =
        ss_pack_window_look(&s->w->window, w->pack->fd, s->at, len, in, w->err);

    if (rc)
        return rc;
    if (!len || in->len < len || header > len)
        return ss_fail(w->err, SECSCAN_ERR_CORRUPT, "the pack ends early");
    s->crc = ss_inflate_crc32_more(s->crc, *in);
    s->at += len;
    in->data += header;
    in->len -= header;
    return 0;
}

static int give_piece(streaming *s, size_t len)
{
    const ss_pack_sink *sink = s->w->sink;

    if (len > s->left)
        return ss_fail(s->w->err, SECSCAN_ERR_CORRUPT, "an object is too long");
    s->left -= len;
    s->object.bytes = ss_bytes_of(s->out, len);
    return len ? sink->piece(sink->ctx, &s->object, SS_PIECE_NEXT) : 0;
}

/* What stands behind the stream belongs to the entry's CRC all the same. */
static int check_stream(streaming *s, uint32_t entry)
{
    const ss_pack_walker *w = s->w;
    ss_bytes rest;
    uint32_t crc;
    int rc = 0;

    while (!rc && s->at < s->end)
        rc = read_more(s, &rest, 0);
    if (rc)
        return rc;
    if (s->left)
        return ss_fail(w->err, SECSCAN_ERR_CORRUPT, "an object is too short");
    if (!ss_pack_index_crc(&w->pack->index, w->pack->entries[entry].at, &crc) &&
        crc != s->crc)
        return ss_fail(w->err, SECSCAN_ERR_CORRUPT, "wrong CRC in the pack");
    return 0;
}

static int stream_pieces(streaming *s, uint32_t entry)
{
    size_t header = s->w->pack->entries[entry].header;
    ss_bytes in = {NULL, 0};
    int is_end = 0, rc = 0;
    size_t got;

    while (!rc && !is_end) {
        if (!in.len)
            rc = read_more(s, &in, header);
        header = 0;
        if (!rc)
            rc = ss_inflate_stream_read(s->stream, &in, s->out, STREAM_PIECE,
                                        &got, &is_end, s->w->err);
        if (!rc)
            rc = give_piece(s, got);
    }
    return rc ? rc : check_stream(s, entry);
}

static int open_streaming(streaming *s, uint32_t entry)
{
    const ss_pack *pack = s->w->pack;
    const ss_pack_entry *e = &pack->entries[entry];

    if (e->size > s->w->limits.max_streamed)
        return ss_fail(s->w->err, SECSCAN_ERR_LIMIT, "object too large");
    s->object = (ss_pack_object){.id = ss_pack_id(pack, entry),
                                 .label = e->label,
                                 .kind = SS_OBJECT_BLOB};
    s->at = e->offset;
    s->end = ss_pack_entry_end(pack, entry);
    s->left = e->size;
    s->out = ss_alloc(STREAM_PIECE);
    if (!s->out)
        return ss_fail_nomem(s->w->err);
    return ss_inflate_stream_new(&s->stream, s->w->err);
}

static int stream_blob(ss_pack_walker *w, uint32_t entry)
{
    streaming s = {.w = w};
    int rc = open_streaming(&s, entry);
    int is_open = !rc, end;

    if (!rc)
        rc = stream_pieces(&s, entry);
    s.object.bytes = (ss_bytes){NULL, 0};
    if (is_open) {
        end = w->sink->piece(w->sink->ctx, &s.object,
                             rc ? SS_PIECE_LOST : SS_PIECE_END);
        rc = rc ? rc : end;
    }
    ss_inflate_stream_free(s.stream);
    ss_free(s.out);
    return reason_of(rc) ? say_damaged(w, entry, reason_of(rc)) : rc;
}

/* ---- */

static int begin_tree(ss_pack_walker *w, uint32_t root)
{
    frame object = {0};
    int rc;

    if (is_streamed(w, root))
        return stream_blob(w, root);
    rc = build_root(w, root, &object);
    return settle(w, root, &object, NULL, rc);
}

int ss_pack_walk(ss_pack_walker *w, const ss_pack_root *root,
                 const ss_pack_sink *sink, secscan_error *err)
{
    int rc;

    w->sink = sink;
    w->err = err;
    w->kind = (ss_object_kind)w->pack->entries[root->entry].kind;
    rc = root->from == SS_PACK_NONE ? begin_tree(w, root->entry)
                                    : begin_part(w, root);
    while (!rc && w->stack.len)
        rc = step(w);
    clear_stack(w);
    return rc;
}
