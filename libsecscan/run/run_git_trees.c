/*
 * run_git_trees.c: trees, on a worker: which entries may lead to hits, and what
 * is not there. Of a tree that is a delta only the entries that the delta
 * brings in are looked at; the others are as they were in its base.
 */
#include "run/run_git_job.h"

#include "base/alloc.h"
#include "run/run_git_judge.h"

#define MAX_NAMES 65536u     /* remembered by a worker */
#define MAX_DEPTH 64u        /* of trees that are like others */
#define MAX_TREE 0x7fffffffu /* bytes */

/* Whether a rule about paths alone may match a path that ends in `name`. */
static int matches_name(const ss_git_history *h, ss_git_worker *w,
                        ss_bytes name)
{
    const secscan_scanner *handle = h->scan->handle;
    char path[1024];
    int is_wanted = 0;

    if (name.len >= sizeof(path))
        return 1;
    memcpy(path, name.data, name.len);
    path[name.len] = '\0';
    for (size_t i = 0; i < handle->n_path_rules && !is_wanted; i++) {
        ss_match match = ss_path_match(handle, i);

        is_wanted = ss_filter_origin(ss_scanner_filter(w->scanner), &match,
                                     path, NULL) != SS_DROP;
    }
    return is_wanted;
}

/* The same from memory: a history's trees have few names, each many times. */
static int is_wanted_name(const ss_git_history *h, ss_git_worker *w,
                          ss_bytes name)
{
    const ss_map_entry *known = ss_map_get(&w->names, name);
    ss_map_entry *entry;
    int is_wanted;

    if (h->needs_all_names)
        return 1;
    if (known)
        return (int)known->value.num;
    is_wanted = matches_name(h, w, name);
    if (w->names.len == MAX_NAMES)
        return is_wanted;
    name.data = ss_arena_copy(&w->names_arena, name.data, name.len);
    entry = name.data ? ss_map_put(&w->names, name, NULL) : NULL;
    if (entry)
        entry->value.num = (uint64_t)is_wanted;
    return is_wanted;
}

#define GITLINK UINT64_MAX
#define GAP ((uint64_t)SS_NO_OBJECT << 1)

/* What is a directory by its entry has to be a tree: nobody would look into
 * anything else. */
static int is_other_kind(const ss_git_object *o, int is_tree)
{
    return o->kind != SS_GIT_NONE && (o->kind == SS_GIT_TREE) != is_tree;
}

/* number << 1 | whether it is kept; or one of the above. */
static uint64_t judge_entry(const ss_git_history *h, ss_git_worker *w,
                            const ss_git_entry *e)
{
    uint32_t type = e->mode & 0170000u, number;
    uint64_t kept;

    if (type == 0160000u)
        return GITLINK;
    number = ss_git_objects_find(&h->objects, e->id, h->id_len);
    if (number == SS_NO_OBJECT ||
        is_other_kind(&h->objects.list.at[number], type == 0040000u))
        return GAP;
    kept = (type == 0040000u && !h->is_quiet) || h->wanted[number] ||
           (h->has_path_rules && is_wanted_name(h, w, e->name));
    return (uint64_t)number << 1 | kept;
}

/* ---- entries ---------------------------------------------------------- */

typedef struct reading {
    const ss_git_history *h;
    ss_git_worker *w;
    ss_git_job *j;
    ss_bytes bytes;
    const ss_git_tree_descent *d;
    size_t run; /* the run that reaches past `at` */
    size_t at;  /* where the next entry begins */
    ss_git_tree_trace *out;
    size_t n_inherited;
    int is_odd; /* an item of the base stands in it twice */
} reading;

static int add_item(reading *r, ss_git_tree_item item)
{
    r->out->has_gaps |= item.number == SS_NO_OBJECT;
    r->j->has_items = 1;
    return SS_VEC_PUSH(&r->out->items, item) ? SECSCAN_ERR_NOMEM : 0;
}

/* The one copy of a name, which lives as long as the worker. */
static const ss_bytes *keep_name(ss_git_worker *w, ss_bytes name)
{
    ss_bytes *kept;
    int is_new;
    ss_map_entry *entry = ss_map_put(&w->item_names, name, &is_new);

    if (!entry)
        return NULL;
    if (!is_new)
        return entry->value.ptr;
    kept = ss_arena_alloc(&w->names_arena, sizeof(*kept));
    name.data = ss_arena_copy(&w->names_arena, name.data, name.len);
    if (!kept || !name.data)
        return NULL;
    *kept = name;
    entry->key = name;
    entry->value.ptr = kept;
    return kept;
}

static int add_new_item(reading *r, uint32_t start, uint32_t number,
                        const ss_git_entry *e)
{
    ss_git_tree_item item = {.start = start & MAX_TREE,
                             .is_tree = (e->mode & 0170000u) == 0040000u,
                             .number = number,
                             .name = keep_name(r->w, e->name)};
    uint32_t at = (uint32_t)r->out->items.len;

    if (!item.name || SS_VEC_PUSH(&r->w->added, at))
        return SECSCAN_ERR_NOMEM;
    return add_item(r, item);
}

static int read_entry(reading *r)
{
    ss_bytes rest = {r->bytes.data + r->at, r->bytes.len - r->at};
    uint32_t start = (uint32_t)r->at;
    ss_git_entry e;
    uint64_t judged;

    if (ss_git_entry_next(&e, &rest, r->h->id_len) <= 0)
        return SECSCAN_ERR_CORRUPT;
    r->at = r->bytes.len - rest.len;
    if (SS_VEC_PUSH(&r->out->starts, start))
        return SECSCAN_ERR_NOMEM;
    judged = judge_entry(r->h, r->w, &e);
    r->j->has_gitlinks |= judged == GITLINK;
    if (judged == GITLINK || (!(judged & 1) && judged != GAP))
        return 0;
    return add_new_item(r, start, (uint32_t)(judged >> 1), &e);
}

/* The first of the sorted offsets that is not smaller. */
static size_t first_from(const uint32_t *at, size_t n, size_t offset)
{
    size_t low = 0;

    while (low < n) {
        size_t mid = low + (n - low) / 2;

        if (at[mid] < offset)
            low = mid + 1;
        else
            n = mid;
    }
    return low;
}

static size_t first_item(const ss_git_tree_trace *t, size_t offset)
{
    size_t low = 0, high = t->items.len;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (t->items.at[mid].start < offset)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static int copy_starts(ss_git_tree_trace *out, const uint32_t *from, size_t n,
                       uint32_t shift)
{
    uint32_t *to;

    if (SS_VEC_RESERVE(&out->starts, n))
        return SECSCAN_ERR_NOMEM;
    to = out->starts.at + out->starts.len;
    for (size_t i = 0; i < n; i++)
        to[i] = from[i] + shift;
    out->starts.len += n;
    return 0;
}

/* Entries [from, to) of the base stand in the tree, `shift` further on. */
static int take_over(reading *r, size_t from, size_t to, uint32_t shift)
{
    const ss_git_tree_trace *base = r->d->base;
    uint32_t end = base->starts.at[to];
    size_t i = first_item(base, base->starts.at[from]);

    for (; i < base->items.len && base->items.at[i].start < end; i++) {
        ss_git_tree_item item = base->items.at[i];

        item.start = (item.start + shift) & MAX_TREE;
        if (add_item(r, item))
            return SECSCAN_ERR_NOMEM;
        r->is_odd |= r->w->taken.at[i];
        r->w->taken.at[i] = 1;
        r->n_inherited++;
    }
    r->at = end + shift;
    return copy_starts(r->out, base->starts.at + from, to - from, shift);
}

/* As many entries as the run at hand copies whole; *is_taken 0 when it begins
 * or ends within one. */
static int inherit_entries(reading *r, int *is_taken)
{
    const ss_git_tree_trace *base = r->d->base;
    const ss_run *run;
    size_t n = base->starts.len, from, to, in_base;

    *is_taken = 0;
    while (r->run < r->d->n_runs &&
           r->d->runs[r->run].from + r->d->runs[r->run].len <= r->at)
        r->run++;
    run = r->run < r->d->n_runs ? &r->d->runs[r->run] : NULL;
    if (!run || run->from > r->at)
        return 0;
    in_base = r->at - run->from + run->base;
    from = first_from(base->starts.at, n, in_base);
    to = first_from(base->starts.at, n, run->base + run->len + 1);
    if (from == n || base->starts.at[from] != in_base || to <= from + 1)
        return 0;
    *is_taken = 1;
    return take_over(r, from, to - 1, (uint32_t)(r->at - in_base));
}

static int take_nothing(ss_git_worker *w, size_t n)
{
    w->added.len = w->taken.len = 0;
    if (SS_VEC_RESERVE(&w->taken, n + 1)) /* one, so that there is a list */
        return SECSCAN_ERR_NOMEM;
    memset(w->taken.at, 0, n);
    w->taken.len = n;
    return 0;
}

static int read_entries(reading *r)
{
    int rc = take_nothing(r->w, r->d->base ? r->d->base->items.len : 0);

    while (!rc && r->at < r->bytes.len) {
        int is_taken = 0;

        if (r->d->base)
            rc = inherit_entries(r, &is_taken);
        if (!rc && !is_taken)
            rc = read_entry(r);
    }
    if (rc)
        return rc;
    return SS_VEC_PUSH(&r->out->starts, (uint32_t)r->at) ? SECSCAN_ERR_NOMEM
                                                         : 0;
}

/* ---- what becomes of them --------------------------------------------- */

static int emit_gap(reading *r, const ss_git_tree_item *item)
{
    ss_bytes rest = {r->bytes.data + item->start, r->bytes.len - item->start};
    ss_git_gap gap = {.tree = r->out->tree};
    ss_git_entry e;

    if (ss_git_entry_next(&e, &rest, r->h->id_len) <= 0)
        return SECSCAN_ERR_CORRUPT;
    gap.id = ss_oid_of(e.id, r->h->id_len);
    return SS_VEC_PUSH(&r->j->gaps, gap) ? SECSCAN_ERR_NOMEM : 0;
}

static int emit_item(reading *r, const ss_git_tree_item *item)
{
    ss_attr_entry entry = {*item->name, item->number, item->is_tree};

    if (item->number == SS_NO_OBJECT)
        return emit_gap(r, item);
    return SS_VEC_PUSH(&r->j->entries, entry) ? SECSCAN_ERR_NOMEM : 0;
}

/* What it brings, and names of the base's that it has not. */
static int emit_changes(reading *r)
{
    const ss_git_tree_trace *base = r->d->base;
    int rc = 0;

    for (size_t i = 0; !rc && i < base->items.len; i++) {
        ss_attr_entry gone = {*base->items.at[i].name, SS_NO_OBJECT, 0};

        if (!r->w->taken.at[i] && SS_VEC_PUSH(&r->j->entries, gone))
            rc = SECSCAN_ERR_NOMEM;
    }
    for (size_t i = 0; !rc && i < r->w->added.len; i++)
        rc = emit_item(r, &r->out->items.at[r->w->added.at[i]]);
    return rc;
}

static int emit_all(reading *r)
{
    int rc = 0;

    for (size_t i = 0; !rc && i < r->out->items.len; i++)
        rc = emit_item(r, &r->out->items.at[i]);
    return rc;
}

/* One or two entries are what most changes of a large directory come to. */
static int is_like_base(const reading *r)
{
    const ss_git_tree_trace *base = r->d->base;
    size_t n_changes;

    if (!base || base->tree == SS_NO_OBJECT || base->has_gaps ||
        r->out->has_gaps || r->is_odd || base->depth >= MAX_DEPTH)
        return 0;
    n_changes = base->items.len - r->n_inherited + r->w->added.len;
    return n_changes <= r->out->items.len / 2;
}

static int emit(reading *r)
{
    ss_git_tree_part part = {r->out->tree, SS_NO_OBJECT, 0};
    int is_like = is_like_base(r);
    int rc = is_like ? emit_changes(r) : emit_all(r);

    if (rc)
        return rc;
    if (is_like) {
        part.like = r->d->base->tree;
        r->out->depth = r->d->base->depth + 1;
    }
    part.n_entries = r->j->entries.len;
    return SS_VEC_PUSH(&r->j->trees, part) ? SECSCAN_ERR_NOMEM : 0;
}

static void reset(ss_git_tree_trace *trace, uint32_t tree)
{
    trace->tree = tree;
    trace->starts.len = 0;
    trace->items.len = 0;
    trace->has_gaps = 0;
    trace->depth = 0;
}

int ss_git_job_take_tree(const ss_git_history *h, ss_git_worker *w,
                         ss_git_job *j, uint32_t number, ss_bytes bytes,
                         const ss_git_tree_descent *descent)
{
    const ss_git_tree_descent none = {.out = &w->leaf_tree};
    reading r = {.h = h, .w = w, .j = j, .bytes = bytes};
    int rc;

    r.d = descent ? descent : &none;
    r.out = r.d->out;
    reset(r.out, r.d->is_again ? SS_NO_OBJECT : number);
    rc = bytes.len < MAX_TREE ? read_entries(&r) : SECSCAN_ERR_CORRUPT;
    if (!rc && !r.d->is_again)
        rc = emit(&r);
    if (rc)
        reset(r.out, SS_NO_OBJECT); /* what is built on it is read whole */
    return rc && !r.d->is_again ? ss_git_job_fail(j, number, rc) : 0;
}

void ss_git_tree_trace_release(ss_git_tree_trace *trace)
{
    SS_VEC_RELEASE(&trace->starts);
    SS_VEC_RELEASE(&trace->items);
}
