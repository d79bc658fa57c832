/*
 * run_member.c: one member of a container: its name, its bytes, and, when it is
 * a container itself, how it is opened: from its bytes in order, or held in
 * memory.
 */
#include "run/run_walk.h"

#include "run/member.h"
#include "scan/digest.h"

#define MAX_NAME 4096u
#define MAX_KEPT ((size_t)1 << 20)

/* ---- its name --------------------------------------------------------- */

static void add_name(ss_buf *path, const ss_level *l, const ss_member *m)
{
    size_t len = strlen(m->name);

    if (l->is_stream)
        ss_buf_printf(path, "%c%s", SS_MEMBER_STREAM, l->kind->name);
    else if (!len)
        ss_buf_printf(path, "member %llu", (unsigned long long)l->n_members);
    else
        ss_buf_add(path, m->name, len < MAX_NAME ? len : MAX_NAME);
}

static int compose(ss_level *l, const ss_member *m)
{
    ss_buf *path = &l->path;

    ss_buf_reset(path);
    if (l->outer->member) {
        ss_buf_puts(path, l->outer->member);
        ss_buf_putc(path, '!');
    }
    add_name(path, l, m);
    ss_buf_putc(path, '\0');
    if (path->failed)
        return SECSCAN_ERR_NOMEM;
    l->at.member = (const char *)path->data;
    return 0;
}

/* A stream that stands encoded is one more encoding of the same place. */
static int start_member(ss_level *l, const ss_member *m)
{
    const ss_unit *outer = l->outer;
    ss_encodings *encodings = &l->at.encodings;

    l->is_stream = m->is_stream;
    l->is_cut = 0;
    l->n_read = 0;
    l->at = (ss_unit){.member = outer->member,
                      .encodings = outer->encodings,
                      .level = l,
                      .depth = outer->depth + 1};
    if (l->is_stream && outer->at) {
        l->at.at = outer->at;
        if (encodings->n < SS_MAX_ENCODINGS && l->kind->encoding >= 0)
            encodings->at[encodings->n++] = (uint8_t)l->kind->encoding;
        return 0;
    }
    if (l->kind->opens == SS_OPENS_KEYSTORE && !*m->name)
        return 0;
    return compose(l, m);
}

/* ---- findings without a secret ---------------------------------------- */

/* The same of the same bytes at the same place, whatever is around it. */
static int fill_identity(ss_level *l, ss_bytes content)
{
    uint8_t sum[SS_SHA256_LEN];
    ss_buf *out = &l->identity;

    ss_sha256(sum, content);
    ss_buf_reset(out);
    for (size_t i = 0; i < sizeof(sum); i++)
        ss_buf_printf(out, "%02x", sum[i]);
    ss_buf_putc(out, '\n');
    ss_buf_puts(out, l->at.member ? l->at.member : "");
    return out->failed ? SECSCAN_ERR_NOMEM : 0;
}

static int add_alone(ss_level *l, ss_match match, ss_bytes content)
{
    if (fill_identity(l, content))
        return SECSCAN_ERR_NOMEM;
    match.identity = ss_buf_bytes(&l->identity);
    return ss_results_add(l->walk->results, &match);
}

/* What the opener itself says of it. */
static int add_rule(ss_level *l, const ss_member *m)
{
    const secscan_scanner *handle = l->walk->u->handle;
    const ss_rule_set *set = handle->set;
    const char *reason = m->reason ? m->reason : "";

    for (uint32_t i = 0; i < set->n_rules; i++) {
        if (!strcmp(set->rules[i]->id, m->rule))
            return add_alone(l, ss_rule_match(handle, i, reason),
                             l->input->memory);
    }
    return 0;
}

/* Rules about paths alone. Where the container is, nobody knows here: they are
 * asked again with the whole path. */
static int add_path_rules(ss_level *l, ss_bytes content)
{
    const secscan_scanner *handle = l->walk->u->handle;
    ss_filter *filter = ss_scanner_filter(l->walk->u->scanner);
    ss_arena arena = SS_ARENA_INIT;
    const char *path = NULL;
    int rc = 0;

    /* What has no name of its own has been asked of around it. */
    if (!handle->n_path_rules || !l->at.member ||
        l->at.member == l->outer->member)
        return 0;
    path = ss_member_judged(&arena, NULL, l->at.member);
    if (!path)
        return SECSCAN_ERR_NOMEM;
    for (size_t i = 0; !rc && i < handle->n_path_rules; i++) {
        ss_match match = ss_path_match(handle, i);

        if (ss_filter_origin(filter, &match, path, NULL) != SS_DROP)
            rc = add_alone(l, match, content);
    }
    ss_arena_release(&arena);
    return rc;
}

/* ---- its bytes -------------------------------------------------------- */

/* Some of them; 0 at their end; -1 when there are no more to be had. */
static ptrdiff_t read_some(ss_level *l, void *to, size_t len)
{
    ss_walk *w = l->walk;
    ss_container_fault fault = {"corrupt", ""};
    ptrdiff_t n;
    ss_limit limit;

    if (l->is_cut || w->rc)
        return -1;
    n = w->opener->read(l->container, to, len, &fault);
    if (n == SECSCAN_ERR_NOMEM)
        w->rc = (int)n;
    if (n < 0) {
        ss_walk_fault(l, l->at.member, &fault);
        l->is_cut = 1;
    }
    if (n <= 0)
        return n < 0 ? -1 : 0;
    l->is_fruitful = 1;
    limit = ss_budget_bytes(w->budget, (uint64_t)n, &l->n_read);
    if (limit) {
        l->is_cut = 1;
        ss_walk_tell(w, l->at.member, limit);
    }
    if (!w->rc && w->u->on_read)
        w->rc = w->u->on_read(w->u->ctx, 0);
    return n;
}

/* What has been read of it so far: head, then more. */
typedef struct source {
    ss_level *l;
    ss_bytes head; /* in the level's buffer */
    ss_buf more;
    int is_all;            /* there is nothing behind it */
    size_t at;             /* of the head, handed out */
    const ss_level *inner; /* that reads from it; NULL: none */
} source;

static void read_head(source *s)
{
    ss_level *l = s->l;
    size_t len = 0;

    while (!s->is_all && len < SS_PIECE) {
        ptrdiff_t n = read_some(l, l->buffer + len, SS_PIECE - len);

        s->is_all = n <= 0;
        len += n > 0 ? (size_t)n : 0;
    }
    s->head = ss_bytes_of(l->buffer, len);
}

/* All of it into memory, behind each other. Nonzero: it is too much. */
static int hold(source *s, uint64_t size)
{
    ss_walk *w = s->l->walk;
    size_t room = SS_MAX_HELD - w->held;

    if (s->is_all)
        return 0;
    if (room < SS_PIECE || (size != UINT64_MAX && size > room))
        return -1;
    s->more.max = room;
    if (ss_buf_add(&s->more, s->head.data, s->head.len))
        return w->rc = SECSCAN_ERR_NOMEM;
    s->head.len = 0;
    while (!s->is_all && room - s->more.len >= SS_PIECE) {
        ptrdiff_t n = read_some(s->l, s->l->buffer, SS_PIECE);

        s->is_all = n <= 0;
        if (n > 0 && ss_buf_add(&s->more, s->l->buffer, (size_t)n))
            return w->rc = SECSCAN_ERR_NOMEM;
    }
    return s->is_all ? 0 : -1;
}

/* What is handed out is kept until it is clear that it is a container: else it
 * is scanned as the bytes it is. */
static void keep(source *s, const void *bytes, size_t len)
{
    if (s->inner->is_fruitful || len > MAX_KEPT - s->more.len)
        return;
    ss_buf_add(&s->more, bytes, len);
}

static ptrdiff_t feed(void *ctx, void *to, size_t len)
{
    source *s = ctx;
    ptrdiff_t n;

    if (s->at < s->head.len) {
        if (len > s->head.len - s->at)
            len = s->head.len - s->at;
        memcpy(to, s->head.data + s->at, len);
        s->at += len;
        return (ptrdiff_t)len;
    }
    n = read_some(s->l, to, len);
    if (n > 0)
        keep(s, to, (size_t)n);
    return n;
}

static int scan_rest(source *s)
{
    ss_unpacker *u = s->l->walk->u;
    secscan_error *err = s->l->walk->err;
    int rc = 0;

    while (!rc && !s->is_all) {
        ptrdiff_t n = read_some(s->l, s->l->buffer, SS_PIECE);

        s->is_all = n <= 0;
        if (n > 0)
            rc = ss_scanner_feed(u->scanner,
                                 ss_bytes_of(s->l->buffer, (size_t)n), err);
    }
    return rc;
}

static int scan_pieces(source *s, const ss_match_sink *sink)
{
    ss_scanner *scanner = s->l->walk->u->scanner;
    secscan_error *err = s->l->walk->err;
    int rc = ss_scanner_begin(scanner, sink, err);

    if (rc)
        return rc;
    if (s->head.len)
        rc = ss_scanner_feed(scanner, s->head, err);
    if (!rc && s->more.len)
        rc = ss_scanner_feed(scanner, ss_buf_bytes(&s->more), err);
    if (!rc)
        rc = scan_rest(s);
    return ss_scanner_finish(scanner, rc, err);
}

static int scan_plain(source *s)
{
    ss_walk *w = s->l->walk;
    ss_match_sink sink = ss_results_sink(w->results);

    ss_walk_place(w, &s->l->at);
    ss_handle_ask_decoding(w->u->handle, w->u->scanner, s->l->at.depth);
    if (s->is_all && !s->more.len)
        return ss_scanner_scan(w->u->scanner, s->head, &sink, w->err);
    if (s->is_all && !s->head.len)
        return ss_scanner_scan(w->u->scanner, ss_buf_bytes(&s->more), &sink,
                               w->err);
    return scan_pieces(s, &sink);
}

/* ---- a container in it ------------------------------------------------ */

static int open_memory(source *s, const ss_container_kind *kind, int *is_plain)
{
    ss_level *l = s->l, inner;
    ss_input input = {.memory = s->head};
    int rc;

    if (s->more.len)
        input.memory = ss_buf_bytes(&s->more);
    input.size = input.memory.len;
    l->walk->held += s->more.len;
    rc = ss_walk_open(l->walk, &inner, &l->at, l->number + 1, kind, &input,
                      is_plain);
    l->walk->held -= s->more.len;
    return rc;
}

/* Read in order, straight from the member. */
static int open_stream(source *s, const ss_container_kind *kind, int *is_plain)
{
    ss_level *l = s->l, inner = {0};
    const ss_input input = {.ctx = s, .read = feed};
    int rc;

    s->inner = &inner;
    s->more.max = MAX_KEPT;
    rc = ss_walk_open(l->walk, &inner, &l->at, l->number + 1, kind, &input,
                      is_plain);
    /* What has been passed by cannot be scanned again. */
    if (inner.is_fruitful)
        *is_plain = 0;
    s->inner = NULL;
    return rc;
}

static int open_inner(source *s, const ss_container_kind *kind, uint64_t size,
                      int *is_plain)
{
    ss_walk *w = s->l->walk;

    if (ss_walk_is_too_deep(w, &s->l->at))
        return w->rc;
    if (!kind->needs_all && !kind->is_text && !s->is_all)
        return open_stream(s, kind, is_plain);
    if (!hold(s, size))
        return open_memory(s, kind, is_plain);
    return w->rc ? w->rc : ss_walk_tell(w, s->l->at.member, SS_LIMIT_HELD);
}

static const ss_container_kind *detect(const source *s, int *is_plain)
{
    const ss_unpacker *u = s->l->walk->u;
    const ss_container_kind *kind = ss_unpack_detect(u, s->head);

    *is_plain = !kind;
    if (!kind && s->is_all)
        kind = ss_unpack_detect_tail(u, s->head);
    return kind;
}

static int scan_member(ss_level *l, const ss_member *m)
{
    ss_walk *w = l->walk;
    source s = {.l = l, .more = SS_BUF_INIT(MAX_KEPT)};
    ss_span span = ss_walk_begin(w);
    const ss_container_kind *kind;
    int is_polyglot, is_plain = 1, rc;

    read_head(&s);
    rc = w->rc ? w->rc : add_path_rules(l, s.head);
    if (rc)
        return rc;
    kind = detect(&s, &is_polyglot);
    if (kind)
        rc = open_inner(&s, kind, m->size, &is_plain);
    span.own = w->results->matches.len;
    if (!rc && (is_plain || is_polyglot))
        rc = scan_plain(&s);
    ss_buf_release(&s.more);
    if (!rc)
        rc = w->rc;
    return rc ? rc : ss_walk_end(w, &l->at, l->number + 1, &span);
}

int ss_member_take(ss_level *l, const ss_member *m)
{
    const ss_container_fault encrypted = {"encrypted", ""};
    int rc = start_member(l, m);

    ss_walk_place(l->walk, &l->at);
    if (!rc && m->rule)
        rc = add_rule(l, m);
    if (rc)
        return rc;
    if (!m->is_encrypted)
        return scan_member(l, m);
    ss_walk_fault(l, l->at.member, &encrypted);
    return add_path_rules(l, ss_bytes_of("", 0));
}
