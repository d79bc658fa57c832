/*
 * run_container.c: the walk through containers: members of one after the other,
 * what decoding brought up after each, and what of it all is said.
 */
#include "run/run_container.h"

#include "base/alloc.h"
#include "base/sort.h"
#include "run/run_walk.h"
#include "source/input_at.h"

#define MAX_TEXT ((size_t)1 << 20)

static int ask(void *ctx)
{
    const ss_unpacker *u = ctx;

    return u->on_read ? u->on_read(u->ctx, 0) : 0;
}

void ss_unpacker_init(ss_unpacker *u, secscan_scanner *handle,
                      ss_scanner *scanner)
{
    memset(u, 0, sizeof(*u));
    u->handle = handle;
    u->scanner = scanner;
    ss_scanner_watch(scanner, ask, u);
}

void ss_unpacker_release(ss_unpacker *u)
{
    for (size_t i = 0; i < SS_MAX_LEVELS; i++) {
        if (u->buffers[i])
            ss_free_wiped(u->buffers[i], SS_PIECE);
        u->buffers[i] = NULL;
    }
    if (u->handle) {
        u->handle->coverage.containers += u->n_containers;
        u->handle->coverage.members += u->n_members;
    }
    u->n_containers = u->n_members = 0;
    if (u->scanner)
        ss_scanner_watch(u->scanner, NULL, NULL);
}

const ss_container_kind *ss_unpack_detect(const ss_unpacker *u, ss_bytes head)
{
    return ss_handle_opens(u->handle) ? ss_container_detect(head) : NULL;
}

const ss_container_kind *ss_unpack_detect_tail(const ss_unpacker *u,
                                               ss_bytes tail)
{
    if (!ss_handle_opens(u->handle))
        return NULL;
    if (tail.len > SS_CONTAINER_TAIL) {
        tail.data += tail.len - SS_CONTAINER_TAIL;
        tail.len = SS_CONTAINER_TAIL;
    }
    return ss_container_detect_tail(tail);
}

/* ---- where a match is ---- */

/* Its row, where the container knows one. */
static const char *member_at(const ss_unit *unit, const ss_match *m)
{
    ss_level *l = unit->level;
    const char *row;

    if (!l || l->is_stream || m->identity.len || !l->walk->opener->name_at)
        return unit->member;
    row = l->walk->opener->name_at(l->container, m->offset);
    if (!row)
        return unit->member;
    ss_buf_reset(&l->row);
    if (l->outer->member) {
        ss_buf_puts(&l->row, l->outer->member);
        ss_buf_putc(&l->row, '!');
    }
    ss_buf_puts(&l->row, row);
    ss_buf_putc(&l->row, '\0');
    return l->row.failed ? unit->member : (const char *)l->row.data;
}

static void add_encodings(ss_encodings *out, const ss_encodings *inner)
{
    for (size_t i = 0; i < inner->n && out->n < SS_MAX_ENCODINGS; i++)
        out->at[out->n++] = inner->at[i];
}

static int move_parts(ss_match *m, const ss_match *to, ss_arena *arena)
{
    ss_part *parts =
        ss_arena_copy(arena, m->parts, m->n_parts * sizeof(*parts));

    if (!parts)
        return SECSCAN_ERR_NOMEM;
    for (size_t i = 0; i < m->n_parts; i++) {
        parts[i].offset = to->offset;
        parts[i].line_start = to->line_start;
        parts[i].line_end = to->line_end;
        parts[i].column_start = to->column_start;
        parts[i].column_end = to->column_end;
    }
    m->parts = parts;
    return 0;
}

/* What stands encoded stands where its encoded text does. */
static int move_match(ss_match *m, const ss_match *to, ss_arena *arena)
{
    m->offset = to->offset;
    m->line_start = to->line_start;
    m->line_end = to->line_end;
    m->column_start = to->column_start;
    m->column_end = to->column_end;
    m->encoded = to->encoded;
    return m->n_parts ? move_parts(m, to, arena) : 0;
}

static int place_match(void *ctx, ss_match *m, ss_arena *arena)
{
    const ss_unit *unit = ctx;
    ss_encodings encodings = unit->encodings;

    m->member = member_at(unit, m);
    add_encodings(&encodings, &m->encodings);
    m->encodings = encodings;
    return unit->at ? move_match(m, unit->at, arena) : 0;
}

void ss_walk_place(ss_walk *w, const ss_unit *unit)
{
    w->results->place = place_match;
    w->results->place_ctx = (void *)(uintptr_t)unit;
}

/* ---- what is said ---- */

int ss_walk_tell(ss_walk *w, const char *member, ss_limit limit)
{
    ss_buf detail = SS_BUF_INIT(256);
    int rc = 0;

    if (!ss_budget_tell(w->budget, limit))
        return 0;
    ss_budget_detail(&detail, w->budget, limit);
    ss_buf_putc(&detail, '\0');
    rc = detail.failed ? SECSCAN_ERR_NOMEM
                       : ss_results_add_member_skip(w->results, member,
                                                    ss_limit_reason(limit),
                                                    (const char *)detail.data);
    ss_buf_release(&detail);
    if (rc)
        w->rc = rc;
    return rc;
}

/* Its bytes are not what they should be because of what was told of others. */
static int is_starved(const ss_level *l)
{
    const ss_level *around = l->outer->level;

    return l->walk->rc || l->walk->budget->over || (around && around->is_cut);
}

void ss_walk_fault(ss_level *l, const char *member,
                   const ss_container_fault *fault)
{
    ss_results *r = l->walk->results;
    ss_tally *t = l->tallies;

    if (is_starved(l))
        return;
    l->is_damaged |= strcmp(fault->reason, "corrupt") == 0;
    while (t < l->tallies + l->n_tallies && strcmp(t->reason, fault->reason))
        t++;
    if (t < l->tallies + l->n_tallies) {
        t->count++;
        return;
    }
    if (l->n_tallies == SS_MAX_TALLIES)
        return; /* there are fewer words than that */
    l->n_tallies++;
    *t = (ss_tally){fault->reason, fault->detail ? fault->detail : "", NULL, 1};
    if (!member)
        return;
    t->member = ss_arena_str(&r->arena, member, strlen(member));
    if (!t->member)
        l->walk->rc = SECSCAN_ERR_NOMEM;
}

static int tell_fault(ss_walk *w, const ss_tally *t)
{
    ss_buf detail = SS_BUF_INIT(1024);
    int rc;

    ss_buf_puts(&detail, t->detail);
    if (t->count > 1)
        ss_buf_printf(&detail, "%sand %llu more of its container",
                      *t->detail ? ", " : "", (unsigned long long)t->count - 1);
    ss_buf_putc(&detail, '\0');
    rc = detail.failed
             ? SECSCAN_ERR_NOMEM
             : ss_results_add_member_skip(w->results, t->member, t->reason,
                                          (const char *)detail.data);
    ss_buf_release(&detail);
    return rc;
}

static void tell_all(ss_level *l)
{
    ss_walk *w = l->walk;
    const char *member = l->at.member ? l->at.member : l->outer->member;

    if (!w->rc && w->budget->over)
        ss_walk_tell(w, member, w->budget->over);
    for (size_t i = 0; !w->rc && i < l->n_tallies; i++)
        w->rc = tell_fault(w, &l->tallies[i]);
}

int ss_walk_is_too_deep(ss_walk *w, const ss_unit *unit)
{
    if (unit->depth < w->budget->max_depth)
        return 0;
    ss_walk_tell(w, unit->member, SS_LIMIT_DEPTH);
    return 1;
}

/* Nonzero: it is over, by time, or by what on_read said. */
static int should_stop(void *walk)
{
    ss_walk *w = walk;

    if (!w->rc && w->u->on_read)
        w->rc = w->u->on_read(w->u->ctx, 0);
    return w->rc || ss_budget_time(w->budget);
}

/* ---- members, one after the other ---- */

static int is_over(const ss_walk *w)
{
    return w->rc || w->budget->over;
}

/* 1: there is one. */
static int next_member(ss_level *l, ss_member *m)
{
    ss_walk *w = l->walk;
    ss_container_fault fault = {"corrupt", ""};
    int rc;

    if (is_over(w))
        return 0;
    l->at.member = NULL;
    rc = w->opener->next(l->container, m, &fault);
    if (rc == SECSCAN_ERR_NOMEM)
        w->rc = rc;
    else if (rc < 0)
        ss_walk_fault(l, l->outer->member, &fault);
    return rc > 0;
}

static void take_members(ss_level *l)
{
    ss_walk *w = l->walk;
    ss_member m = {0};

    while (next_member(l, &m)) {
        if (ss_budget_entry(w->budget))
            return;
        l->n_members++;
        w->u->n_members++;
        w->rc = ss_member_take(l, &m);
        if (!l->is_cut)
            l->is_fruitful = 1;
    }
}

static void open_level(ss_level *l)
{
    ss_walk *w = l->walk;
    ss_container_fault fault = {"corrupt", ""};
    int rc = w->opener->open(&l->container, l->kind, l->input, should_stop, w,
                             &fault);

    if (rc == SECSCAN_ERR_NOMEM)
        w->rc = rc;
    else if (rc)
        ss_walk_fault(l, l->outer->member, &fault);
    if (rc)
        return;
    w->u->n_containers++;
    take_members(l);
    w->opener->close(l->container);
}

static uint8_t *buffer_of(ss_unpacker *u, unsigned number)
{
    ss_assert(number < SS_MAX_LEVELS);
    if (!u->buffers[number])
        u->buffers[number] = ss_alloc(SS_PIECE);
    return u->buffers[number];
}

/* What is read in order has passed by. */
static int is_before_text(const ss_container_kind *kind, const ss_input *in)
{
    uint8_t end[SS_CONTAINER_END];
    uint64_t size = ss_input_size(in);

    return (in->memory.data || in->read_at) && size >= sizeof(end) &&
           ss_input_at(in, end, sizeof(end), size - sizeof(end)) ==
               (ptrdiff_t)sizeof(end) &&
           ss_container_is_before_text(kind, ss_bytes_of(end, sizeof(end)));
}

int ss_walk_open(ss_walk *w, ss_level *l, const ss_unit *outer, unsigned number,
                 const ss_container_kind *kind, const ss_input *input,
                 int *is_plain)
{
    *l = (ss_level){.walk = w,
                    .outer = outer,
                    .kind = kind,
                    .input = input,
                    .number = number,
                    .buffer = buffer_of(w->u, number),
                    .path = SS_BUF_INIT(MAX_TEXT),
                    .row = SS_BUF_INIT(MAX_TEXT),
                    .identity = SS_BUF_INIT(MAX_TEXT)};
    if (!l->buffer)
        return w->rc = SECSCAN_ERR_NOMEM;
    open_level(l);
    tell_all(l);
    *is_plain = kind->is_text || !l->is_fruitful || l->is_damaged ||
                is_before_text(kind, input);
    ss_buf_release(&l->path);
    ss_buf_release(&l->row);
    ss_buf_release(&l->identity);
    return w->rc;
}

/* ---- what decoding brings up ---- */

static int scan_decoded(ss_walk *w, const ss_unit *unit, ss_bytes bytes)
{
    ss_match_sink sink = ss_results_sink(w->results);

    ss_walk_place(w, unit);
    ss_handle_ask_decoding(w->u->handle, w->u->scanner, unit->depth);
    return w->rc = ss_scanner_scan(w->u->scanner, bytes, &sink, w->err);
}

/* A few bytes that begin like a container, in a program about containers. When
 * nothing comes of them they are text; when something does, they are scanned as
 * the text they are, too, and that they are damaged is only noted. */
#define MAX_FRAGMENT 4096u

static void forgive(ss_results *r, size_t first, const ss_level *l)
{
    size_t n = first;

    for (size_t i = first; i < r->skips.len; i++) {
        ss_result_skip skip = r->skips.at[i];

        if (strcmp(skip.reason, "corrupt") == 0) {
            if (!l->is_fruitful)
                continue;
            skip.reason = "fragment";
        }
        r->skips.at[n++] = skip;
    }
    r->skips.len = n;
}

static int open_nested(ss_walk *w, const ss_unit *around, unsigned number,
                       const ss_result_nested *n)
{
    const ss_unit unit = {.member = n->at.member,
                          .encodings = n->at.encodings,
                          .at = &n->at,
                          .depth = around->depth + n->at.encodings.n -
                                   around->encodings.n};
    const ss_input input = {.memory = {n->bytes, n->len}, .size = n->len};
    const ss_container_kind *kind = ss_container_detect(input.memory);
    ss_span span = ss_walk_begin(w);
    size_t n_skips = w->results->skips.len;
    ss_level level;
    int is_plain = 1;

    if (kind && !ss_walk_is_too_deep(w, &unit)) {
        ss_walk_open(w, &level, &unit, number, kind, &input, &is_plain);
        if (n->len <= MAX_FRAGMENT)
            forgive(w->results, n_skips, &level);
    }
    span.own = w->results->matches.len;
    if (!w->rc && is_plain)
        scan_decoded(w, &unit, input.memory);
    return ss_walk_end(w, &unit, number, &span);
}

/* Outside of containers each is an outermost one. */
static void start_budget(ss_walk *w, const ss_unit *around, size_t in)
{
    if (!around->depth)
        ss_budget_start(w->budget, &w->u->handle->options, in);
}

ss_span ss_walk_begin(const ss_walk *w)
{
    size_t first = w->results->matches.len;

    return (ss_span){first, first, w->results->nested.len};
}

/* Of what waits from `first` on; a scanner finds it decoder by decoder in each
 * core. The caller's to free; NULL when out of memory. */
static ss_keyed *order_by_place(const ss_results *r, size_t first)
{
    size_t n = r->nested.len - first;
    ss_keyed *order = ss_calloc(n, sizeof(*order));

    for (size_t i = 0; order && i < n; i++)
        order[i] = (ss_keyed){r->nested.at[first + i].at.offset, (uint32_t)i};
    if (order && ss_keyed_sort(order, n)) {
        ss_free(order);
        order = NULL;
    }
    return order;
}

static void open_all_nested(ss_walk *w, const ss_unit *unit, unsigned number,
                            size_t first)
{
    size_t n = w->results->nested.len - first;
    ss_keyed *order = n ? order_by_place(w->results, first) : NULL;

    if (n && !order)
        w->rc = SECSCAN_ERR_NOMEM;
    for (size_t i = 0; !w->rc && i < n; i++) {
        /* The array may move. */
        ss_result_nested item = w->results->nested.at[first + order[i].number];

        start_budget(w, unit, item.len);
        if (!is_over(w))
            open_nested(w, unit, number, &item);
    }
    ss_free(order);
}

int ss_walk_end(ss_walk *w, const ss_unit *unit, unsigned number,
                const ss_span *span)
{
    ss_results *r = w->results;

    if (!w->rc)
        open_all_nested(w, unit, number, span->nested);
    ss_results_drop_nested(r, span->nested);
    if (!w->rc)
        w->rc = ss_results_settle(r, span->first, span->own, unit->encodings.n,
                                  ss_handle_wants_every(w->u->handle));
    return w->rc;
}

/* ---- outermost ---- */

static const ss_unit outermost = {0};

/* A stop is not said again; lack of memory is, in the caller's words. */
static int finish(ss_walk *w)
{
    w->results->place = NULL;
    ss_handle_ask_decoding(w->u->handle, w->u->scanner, 0);
    return w->rc == SECSCAN_ERR_NOMEM ? ss_fail_nomem(w->err) : w->rc;
}

static int tell_absent(ss_results *results)
{
    return ss_results_add_member_skip(results, NULL, "unsupported",
                                      "libsecscan-containers is not there");
}

int ss_unpack(ss_unpacker *u, const ss_container_kind *kind,
              const ss_input *input, ss_results *results, int *is_plain,
              secscan_error *err)
{
    ss_budget budget;
    ss_walk w = {.u = u,
                 .opener = ss_handle_opener(u->handle),
                 .results = results,
                 .budget = &budget,
                 .err = err};
    ss_level level;

    *is_plain = 1;
    if (!w.opener)
        return tell_absent(results);
    ss_budget_start(&budget, &u->handle->options,
                    input->memory.data ? input->memory.len : input->size);
    ss_walk_open(&w, &level, &outermost, 0, kind, input, is_plain);
    if (!w.rc)
        u->n_opened = results->matches.len;
    return finish(&w);
}

int ss_unpack_end(ss_unpacker *u, ss_results *results, size_t first,
                  secscan_error *err)
{
    ss_budget budget;
    ss_walk w = {.u = u, .results = results, .budget = &budget, .err = err};
    const ss_span span = {first, u->n_opened > first ? u->n_opened : first, 0};

    u->n_opened = 0;
    if (results->matches.len == first && !results->nested.len)
        return 0;
    if (results->nested.len) {
        w.opener = ss_handle_opener(u->handle);
        if (!w.opener) {
            ss_results_drop_nested(results, 0);
            w.rc = tell_absent(results);
        }
    }
    if (!w.rc)
        ss_walk_end(&w, &outermost, 0, &span);
    return finish(&w);
}

int ss_unpack_memory(ss_unpacker *u, ss_bytes bytes, ss_results *results,
                     int *is_plain, secscan_error *err)
{
    const ss_input input = {.memory = bytes, .size = bytes.len};
    const ss_container_kind *kind = ss_unpack_detect(u, bytes);
    int is_head = kind != NULL, rc;

    *is_plain = 1;
    if (!kind)
        kind = ss_unpack_detect_tail(u, bytes);
    if (!kind)
        return 0;
    rc = ss_unpack(u, kind, &input, results, is_plain, err);
    *is_plain |= !is_head;
    return rc;
}

int ss_unpack_scan(ss_unpacker *u, ss_bytes bytes, ss_results *results,
                   secscan_error *err)
{
    ss_match_sink sink = ss_results_sink(results);
    size_t first = results->matches.len;
    int is_plain;
    int rc = ss_unpack_memory(u, bytes, results, &is_plain, err);

    if (!rc && is_plain)
        rc = ss_scanner_scan(u->scanner, bytes, &sink, err);
    return rc ? rc : ss_unpack_end(u, results, first, err);
}
