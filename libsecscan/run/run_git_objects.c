/*
 * run_git_objects.c: jobs over objects, in the order of the packs.
 * A worker reads and scans; the calling thread takes what came of it into the
 * history. Order of delivery follows the packs and decides nothing.
 */
#include "run_git_objects.h"

#include "base/alloc.h"
#include "run/pool.h"
#include "run/results.h"
#include "source/git_store.h"

#define JOB_BYTES ((uint64_t)1 << 20)
#define JOB_OBJECTS 512u
#define MAX_OBJECT ((uint64_t)512 << 20)

/* Where the matches of one unit lie in a job's results. */
typedef struct unit {
    uint32_t object;
    secscan_source source;
    size_t n_matches, n_skips; /* counts at its end */
} unit;

typedef struct parsed {
    uint32_t object;
    ss_oid target;        /* a tag's */
    ss_git_commit commit; /* a commit's; bytes in the results' arena */
    int is_tag;
} parsed;

typedef struct failure {
    uint32_t object;
    const char *reason, *detail;
} failure;

typedef struct tree_part {
    uint32_t tree;
    size_t n_entries; /* count at its end */
} tree_part;

typedef struct job {
    const uint32_t *objects;
    size_t n;
    uint64_t bytes;
    int is_trees;
    ss_results results;
    SS_VEC(unit) units;
    SS_VEC(parsed) parsed;
    SS_VEC(failure) failures;
    SS_VEC(tree_part) trees;
    SS_VEC(ss_attr_entry) entries;
    SS_VEC(ss_git_gap) gaps;
    int rc;
} job;

/* Entries of the tree read before: most of the next one's are the same. */
typedef struct last_tree {
    ss_git_data data;
    SS_VEC(uint32_t) numbers; /* number << 1 | kept, of each entry */
} last_tree;

typedef struct worker {
    ss_scanner *scanner;
    last_tree last;
    SS_VEC(uint32_t) numbers;
} worker;

static void release_last(worker *w)
{
    ss_git_data_release(&w->last.data);
    w->last.numbers.len = 0;
}

static void worker_free(void *ctx, void *state)
{
    ss_git_history *h = ctx;
    worker *w = state;

    if (!w)
        return;
    if (w->scanner && !h->is_range)
        ss_coverage_add(h->scan->handle, ss_scanner_counts(w->scanner));
    release_last(w);
    SS_VEC_RELEASE(&w->last.numbers);
    SS_VEC_RELEASE(&w->numbers);
    ss_scanner_free(w->scanner);
    ss_free(w);
}

static void *worker_new(void *ctx, secscan_error *err)
{
    ss_git_history *h = ctx;
    const secscan_scanner *handle = h->scan->handle;
    worker *w = ss_calloc(1, sizeof(*w));

    if (!w) {
        ss_fail_nomem(err);
        return NULL;
    }
    if (ss_scanner_new(&w->scanner, handle->set, handle->options.chunk_core,
                       err)) {
        worker_free(ctx, w);
        return NULL;
    }
    return w;
}

static void job_free(void *ctx, void *state)
{
    job *j = state;

    (void)ctx;
    ss_results_release(&j->results);
    SS_VEC_RELEASE(&j->units);
    SS_VEC_RELEASE(&j->parsed);
    SS_VEC_RELEASE(&j->failures);
    SS_VEC_RELEASE(&j->trees);
    SS_VEC_RELEASE(&j->entries);
    SS_VEC_RELEASE(&j->gaps);
    ss_free(j);
}

/* ---- on a worker: text ------------------------------------------------ */

static int scan_unit(worker *w, job *j, uint32_t object, secscan_source source,
                     ss_bytes bytes)
{
    ss_match_sink sink = ss_results_sink(&j->results);
    unit u = {object, source, 0, 0};
    int rc;

    if (!bytes.len)
        return 0;
    rc = ss_scanner_scan(w->scanner, bytes, &sink, NULL);
    u.n_matches = j->results.matches.len;
    u.n_skips = j->results.skips.len;
    if (rc)
        return rc;
    return SS_VEC_PUSH(&j->units, u) ? SECSCAN_ERR_NOMEM : 0;
}

static int copy_bytes(job *j, ss_bytes *bytes)
{
    bytes->data = ss_arena_copy(&j->results.arena, bytes->data, bytes->len);
    return bytes->data ? 0 : SECSCAN_ERR_NOMEM;
}

static int scan_commit(const ss_git_history *h, worker *w, job *j,
                       uint32_t object, ss_bytes bytes)
{
    parsed p = {.object = object};
    ss_git_commit *c = &p.commit;
    int rc;

    rc = ss_git_commit_parse(c, bytes, h->id_len);
    if (rc)
        return rc;
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

static int scan_tag(const ss_git_history *h, worker *w, job *j, uint32_t object,
                    ss_bytes bytes)
{
    parsed p = {.object = object, .is_tag = 1};
    ss_git_tag tag;
    int rc;

    rc = ss_git_tag_parse(&tag, bytes, h->id_len);
    if (rc)
        return rc;
    p.target = tag.target;
    rc = scan_unit(w, j, object, SECSCAN_SOURCE_TAGGER, tag.tagger.whole);
    if (!rc)
        rc = scan_unit(w, j, object, SECSCAN_SOURCE_TAG_MESSAGE, tag.message);
    if (rc)
        return rc;
    return SS_VEC_PUSH(&j->parsed, p) ? SECSCAN_ERR_NOMEM : 0;
}

static uint64_t object_limit(const ss_git_history *h)
{
    uint64_t limit = h->scan->handle->options.max_object_size;

    return limit ? limit : MAX_OBJECT;
}

static int fail_object(job *j, uint32_t object, int rc)
{
    failure f = {object, "corrupt", "the object cannot be read"};

    if (rc == SECSCAN_ERR_NOMEM)
        return rc;
    if (rc == SECSCAN_ERR_GIT) {
        f.reason = "missing";
        f.detail = "the object is not there";
    }
    return SS_VEC_PUSH(&j->failures, f) ? SECSCAN_ERR_NOMEM : 0;
}

/* Larger than the caller allowed is noted; than the default, incomplete. */
static int fail_size(const ss_git_history *h, job *j, uint32_t object)
{
    failure f = {object, "too-large", "larger than max_object_size"};

    if (!h->scan->handle->options.max_object_size) {
        f.reason = "unsupported";
        f.detail = "larger than 512 MiB";
    }
    return SS_VEC_PUSH(&j->failures, f) ? SECSCAN_ERR_NOMEM : 0;
}

static int scan_object(const ss_git_history *h, worker *w, job *j,
                       uint32_t number)
{
    const ss_git_object *o = &h->objects.list.at[number];
    ss_git_data data;
    int rc;

    if (o->size > object_limit(h))
        return fail_size(h, j, number);
    rc = ss_git_object_read(&data, h->git, &o->id, 0, NULL);
    if (rc)
        return fail_object(j, number, rc);
    if (data.kind == SS_GIT_BLOB)
        rc = scan_unit(w, j, number, SECSCAN_SOURCE_BLOB, data.bytes);
    else if (data.kind == SS_GIT_COMMIT)
        rc = scan_commit(h, w, j, number, data.bytes);
    else if (data.kind == SS_GIT_TAG)
        rc = scan_tag(h, w, j, number, data.bytes);
    ss_git_data_release(&data);
    return rc ? fail_object(j, number, rc) : 0;
}

/* ---- on a worker: trees ----------------------------------------------- */

/* Whether a rule about paths alone may match a path that ends in `name`. */
static int is_wanted_name(const ss_git_history *h, worker *w, ss_bytes name)
{
    const ss_rule_set *set = h->scan->handle->set;
    char path[1024];
    int is_wanted = 0;

    if (h->needs_all_names || name.len >= sizeof(path))
        return 1;
    memcpy(path, name.data, name.len);
    path[name.len] = '\0';
    for (size_t i = 0; i < set->n_rules && !is_wanted; i++) {
        ss_match match = {.rule = set->rules[i], .rule_number = (uint32_t)i};

        if (match.rule->regex)
            continue;
        match.line = ss_bytes_str("");
        match.reason = "";
        is_wanted = ss_filter_origin(ss_scanner_filter(w->scanner), &match,
                                     path, NULL) != SS_DROP;
    }
    return is_wanted;
}

/* The entry's number and whether it is kept; SS_NO_OBJECT << 1 is a gap. */
static uint64_t judge_entry(const ss_git_history *h, worker *w,
                            const ss_git_entry *e)
{
    uint32_t type = e->mode & 0170000u, number;
    uint64_t kept;

    if (type == 0160000u)
        return UINT64_MAX;
    number = ss_git_objects_find(&h->objects, e->id, h->id_len);
    if (number == SS_NO_OBJECT)
        return (uint64_t)SS_NO_OBJECT << 1;
    kept = type == 0040000u || h->wanted[number] ||
           (h->has_path_rules && is_wanted_name(h, w, e->name));
    return (uint64_t)number << 1 | kept;
}

static int keep_entry(job *j, const ss_git_entry *e, uint64_t judged)
{
    ss_attr_entry entry = {e->name, (uint32_t)(judged >> 1),
                           (e->mode & 0170000u) == 0040000u};

    if (judged == UINT64_MAX || !(judged & 1))
        return 0;
    entry.name.data =
        ss_arena_copy(&j->results.arena, e->name.data, e->name.len);
    if (!entry.name.data || SS_VEC_PUSH(&j->entries, entry))
        return SECSCAN_ERR_NOMEM;
    return 0;
}

static int note_gap(const ss_git_history *h, job *j, uint32_t tree,
                    const ss_git_entry *e, uint64_t judged)
{
    ss_git_gap gap = {tree, ss_oid_of(e->id, h->id_len)};

    if (judged != (uint64_t)SS_NO_OBJECT << 1)
        return 0;
    return SS_VEC_PUSH(&j->gaps, gap) ? SECSCAN_ERR_NOMEM : 0;
}

/* The verdict on an equal entry of the tree before, or none. `last` moves to
 * the first entry whose name is not smaller. */
typedef struct cursor {
    ss_bytes rest;
    ss_git_entry entry;
    size_t at;
    int is_valid;
} cursor;

static void cursor_next(cursor *c, size_t id_len)
{
    c->at++;
    c->is_valid = ss_git_entry_next(&c->entry, &c->rest, id_len) > 0;
}

static int find_same(cursor *c, const ss_git_entry *e, size_t id_len)
{
    while (c->is_valid && ss_bytes_compare(c->entry.name, e->name) < 0)
        cursor_next(c, id_len);
    return c->is_valid && c->entry.mode == e->mode &&
           ss_bytes_equal(c->entry.name, e->name) &&
           memcmp(c->entry.id, e->id, id_len) == 0;
}

static int read_entries(const ss_git_history *h, worker *w, job *j,
                        uint32_t tree, ss_bytes rest)
{
    cursor last = {.rest = w->last.data.bytes, .at = SIZE_MAX};
    ss_git_entry e;
    int rc;

    cursor_next(&last, h->id_len);
    for (;;) {
        uint64_t judged;
        uint32_t kept;

        rc = ss_git_entry_next(&e, &rest, h->id_len);
        if (rc <= 0)
            return rc;
        if (find_same(&last, &e, h->id_len) &&
            w->last.numbers.at[last.at] != UINT32_MAX)
            judged = w->last.numbers.at[last.at];
        else
            judged = judge_entry(h, w, &e);
        kept = judged < UINT32_MAX ? (uint32_t)judged : UINT32_MAX;
        if (SS_VEC_PUSH(&w->numbers, kept) || keep_entry(j, &e, judged) ||
            note_gap(h, j, tree, &e, judged))
            return SECSCAN_ERR_NOMEM;
    }
}

static int read_tree(const ss_git_history *h, worker *w, job *j,
                     uint32_t number)
{
    const ss_git_object *o = &h->objects.list.at[number];
    size_t n_entries = j->entries.len, n_gaps = j->gaps.len;
    tree_part part = {number, 0};
    ss_git_data data;
    int rc;

    rc = ss_git_object_read(&data, h->git, &o->id, 0, NULL);
    if (rc)
        return fail_object(j, number, rc);
    w->numbers.len = 0;
    rc = read_entries(h, w, j, number, data.bytes);
    if (rc) {
        ss_git_data_release(&data);
        j->entries.len = n_entries;
        j->gaps.len = n_gaps;
        return fail_object(j, number, rc);
    }
    release_last(w);
    w->last.data = data;
    for (size_t i = 0; i < w->numbers.len; i++) {
        if (SS_VEC_PUSH(&w->last.numbers, w->numbers.at[i]))
            return SECSCAN_ERR_NOMEM;
    }
    part.n_entries = j->entries.len;
    return SS_VEC_PUSH(&j->trees, part) ? SECSCAN_ERR_NOMEM : 0;
}

static void work(void *ctx, void *state, void *item)
{
    const ss_git_history *h = ctx;
    job *j = item;

    for (size_t i = 0; i < j->n && !j->rc; i++) {
        if (j->is_trees)
            j->rc = read_tree(h, state, j, j->objects[i]);
        else
            j->rc = scan_object(h, state, j, j->objects[i]);
    }
}

/* ---- on the calling thread -------------------------------------------- */

int ss_git_skip_object(ss_git_history *h, uint32_t object, const char *reason,
                       const char *detail)
{
    char id[SS_OID_TEXT];
    ss_origin origin = {NULL, id, SECSCAN_SOURCE_BLOB};

    if (h->is_range)
        return 0;
    ss_oid_write(id, &h->objects.list.at[object].id, h->id_len);
    return ss_deliver_skip(h->scan->handle, &origin, reason, detail,
                           &h->scan->sink);
}

static int deliver_units(ss_git_history *h, const job *j)
{
    size_t match = 0, skip = 0;
    int rc = 0;

    for (size_t i = 0; i < j->units.len; i++) {
        const unit *u = &j->units.at[i];

        for (; !rc && match < u->n_matches; match++)
            rc = ss_git_store_add(&h->store, &j->results.matches.at[match],
                                  u->object, u->source, NULL);
        for (; !rc && skip < u->n_skips; skip++)
            rc = ss_git_skip_object(h, u->object,
                                    j->results.skips.at[skip].reason,
                                    j->results.skips.at[skip].detail);
    }
    return rc;
}

static int deliver_parsed(ss_git_history *h, const job *j)
{
    for (size_t i = 0; i < j->parsed.len; i++) {
        const parsed *p = &j->parsed.at[i];

        if (p->is_tag)
            h->targets[p->object] =
                ss_git_objects_find(&h->objects, p->target.id, h->id_len);
        else if (ss_git_walk_add(&h->walk, &h->objects, p->object, &p->commit,
                                 h->id_len))
            return ss_fail_nomem(h->err);
    }
    return 0;
}

static int deliver_trees(ss_git_history *h, const job *j)
{
    size_t at = 0;
    int rc = 0;

    for (size_t i = 0; !rc && i < j->trees.len; i++) {
        const tree_part *part = &j->trees.at[i];

        rc = ss_attr_add_tree(h->attr, part->tree,
                              at < part->n_entries ? &j->entries.at[at] : NULL,
                              part->n_entries - at, h->err);
        at = part->n_entries;
    }
    for (size_t i = 0; !rc && i < j->gaps.len; i++) {
        if (SS_VEC_PUSH(&h->gaps, j->gaps.at[i]))
            rc = ss_fail_nomem(h->err);
    }
    return rc;
}

static int report_progress(ss_git_history *h, const job *j)
{
    const secscan_sink *sink = &h->scan->sink;

    h->progress.units_done += j->n;
    h->progress.bytes_done += j->bytes;
    return sink->progress ? sink->progress(sink->ctx, &h->progress) : 0;
}

static int deliver(void *ctx, void *item)
{
    ss_git_history *h = ctx;
    job *j = item;
    int rc = j->rc;

    if (rc)
        return rc == SECSCAN_ERR_NOMEM ? ss_fail_nomem(h->err) : rc;
    for (size_t i = 0; !rc && i < j->failures.len; i++)
        rc = ss_git_skip_object(h, j->failures.at[i].object,
                                j->failures.at[i].reason,
                                j->failures.at[i].detail);
    if (!rc)
        rc = deliver_units(h, j);
    if (!rc)
        rc = deliver_parsed(h, j);
    if (!rc)
        rc = deliver_trees(h, j);
    return rc ? rc : report_progress(h, j);
}

static int submit(ss_pool *pool, const uint32_t *objects, size_t n,
                  uint64_t bytes, int is_trees, secscan_error *err)
{
    job *j;

    if (!n)
        return 0;
    j = ss_calloc(1, sizeof(*j));
    if (!j)
        return ss_fail_nomem(err);
    j->objects = objects;
    j->n = n;
    j->bytes = bytes;
    j->is_trees = is_trees;
    return ss_pool_submit(pool, j, err);
}

/* Numbers of the objects wanted, in the order of reading. */
static int choose(ss_git_history *h, uint32_t **out, size_t *n, int is_trees)
{
    uint32_t *order = NULL;
    int rc = ss_git_store_order(&order, &h->objects, h->err);

    *n = 0;
    for (size_t i = 0; !rc && i < h->objects.list.len; i++) {
        int is_tree = h->objects.list.at[order[i]].kind == SS_GIT_TREE;

        if (is_tree == is_trees)
            order[(*n)++] = order[i];
    }
    *out = order;
    return rc;
}

static int submit_all(ss_git_history *h, ss_pool *pool, const uint32_t *order,
                      size_t n, int is_trees)
{
    size_t from = 0;
    uint64_t bytes = 0;
    int rc = 0;

    for (size_t i = 0; !rc && i < n; i++) {
        bytes += h->objects.list.at[order[i]].size;
        if (bytes < JOB_BYTES && i + 1 - from < JOB_OBJECTS)
            continue;
        rc = submit(pool, order + from, i + 1 - from, bytes, is_trees, h->err);
        from = i + 1;
        bytes = 0;
    }
    if (!rc)
        rc = submit(pool, order + from, n - from, bytes, is_trees, h->err);
    return rc ? rc : ss_pool_drain(pool, h->err);
}

static int run_jobs(ss_git_history *h, int is_trees)
{
    const ss_pool_ops ops = {h,    worker_new, worker_free,
                             work, deliver,    job_free};
    ss_pool *pool = NULL;
    uint32_t *order = NULL;
    size_t n = 0;
    int rc;

    rc = choose(h, &order, &n, is_trees);
    if (rc)
        return rc;
    rc = ss_pool_new(&pool, &ops, h->scan->handle->options.threads, h->err);
    if (!rc)
        rc = submit_all(h, pool, order, n, is_trees);
    ss_pool_free(pool);
    ss_free(order);
    return rc;
}

int ss_git_scan_texts(ss_git_history *h)
{
    size_t n = h->objects.list.len;

    h->targets = ss_alloc(n * sizeof(*h->targets));
    if (!h->targets)
        return ss_fail_nomem(h->err);
    memset(h->targets, 0xff, n * sizeof(*h->targets));
    h->progress.phase = "scanning";
    h->progress.units_total = n - h->objects.n_kind[SS_GIT_TREE];
    h->progress.bytes_total = h->objects.n_bytes;
    return run_jobs(h, 0);
}

int ss_git_read_trees(ss_git_history *h)
{
    size_t n = h->objects.list.len;
    int rc;

    h->wanted = ss_calloc(n, 1);
    if (!h->wanted)
        return ss_fail_nomem(h->err);
    for (size_t i = 0; i < h->store.hits.len; i++) {
        const ss_git_hit *hit = &h->store.hits.at[i];

        if (hit->source == SECSCAN_SOURCE_BLOB)
            h->wanted[hit->object] = 1;
    }
    rc = ss_attr_new(&h->attr, &h->walk, n, h->err);
    if (rc)
        return rc;
    h->progress = (secscan_progress){0};
    h->progress.phase = "attributing";
    h->progress.units_total = h->objects.n_kind[SS_GIT_TREE];
    return run_jobs(h, 1);
}

void ss_git_history_release(ss_git_history *h)
{
    ss_attr_free(h->attr);
    ss_git_walk_release(&h->walk);
    ss_git_store_release(&h->store);
    ss_git_refs_release(&h->refs);
    ss_git_objects_release(&h->objects);
    SS_VEC_RELEASE(&h->gaps);
    ss_free(h->targets);
    ss_free(h->wanted);
}
