/*
 * git_walk.c: order of commits and what reaches them.
 * In: parsed commits, refs. Out: positions; no object is read here.
 */
#include "git_walk.h"

#include "base/alloc.h"

int ss_git_walk_add(ss_git_walk *walk, const ss_git_objects *objects,
                    uint32_t object, const ss_git_commit *commit, size_t id_len)
{
    ss_walk_commit c = {.object = object, .time = commit->committer.time};
    ss_bytes parents = commit->parents;
    ss_oid id;

    c.tree = ss_git_objects_find(objects, commit->tree.id, id_len);
    c.first_parent = (uint32_t)walk->parents.len;
    while (ss_git_parent_next(&id, &parents, id_len)) {
        uint32_t parent = ss_git_objects_find(objects, id.id, id_len);

        if (SS_VEC_PUSH(&walk->parents, parent))
            return SECSCAN_ERR_NOMEM;
        c.n_parents++;
    }
    return SS_VEC_PUSH(&walk->commits, c) ? SECSCAN_ERR_NOMEM : 0;
}

int ss_git_walk_add_known(ss_git_walk *walk, uint32_t object, uint32_t tree,
                          int64_t time, uint32_t n_parents)
{
    ss_walk_commit c = {.object = object,
                        .tree = tree,
                        .first_parent = (uint32_t)walk->parents.len - n_parents,
                        .n_parents = n_parents,
                        .time = time};

    return SS_VEC_PUSH(&walk->commits, c) ? SECSCAN_ERR_NOMEM : 0;
}

/* Parents were object numbers; from here on they are positions. */
static void resolve_parents(ss_git_walk *walk)
{
    for (size_t i = 0; i < walk->commits.len; i++) {
        ss_walk_commit *c = &walk->commits.at[i];

        for (uint32_t k = 0; k < c->n_parents; k++) {
            uint32_t *p = &walk->parents.at[c->first_parent + k];

            *p = *p == SS_NO_OBJECT ? SS_NO_COMMIT : walk->by_object[*p];
            c->has_missing |= *p == SS_NO_COMMIT;
        }
    }
}

static void mark_shallow(ss_git_walk *walk, const ss_git_objects *objects,
                         const ss_git_refs *refs, size_t id_len)
{
    for (size_t i = 0; i < refs->shallow.len; i++) {
        uint32_t object =
            ss_git_objects_find(objects, refs->shallow.at[i].id, id_len);
        uint32_t at =
            object == SS_NO_OBJECT ? SS_NO_COMMIT : walk->by_object[object];

        if (at == SS_NO_COMMIT)
            continue;
        walk->commits.at[at].is_boundary = 1;
        walk->commits.at[at].has_missing = 0;
        walk->commits.at[at].n_parents = 0;
    }
}

/* ---- canonical order -------------------------------------------------- */

typedef struct heap {
    uint32_t *at; /* positions, the least first */
    size_t len;
    const ss_git_walk *walk;
} heap;

/* Objects are numbered by id, so that the number decides like the id. */
static int is_before(const heap *h, uint32_t a, uint32_t b)
{
    const ss_walk_commit *left = &h->walk->commits.at[a];
    const ss_walk_commit *right = &h->walk->commits.at[b];

    if (left->time != right->time)
        return left->time < right->time;
    return left->object < right->object;
}

static void heap_push(heap *h, uint32_t item)
{
    size_t i = h->len++;

    while (i) {
        size_t up = (i - 1) / 2;

        if (!is_before(h, item, h->at[up]))
            break;
        h->at[i] = h->at[up];
        i = up;
    }
    h->at[i] = item;
}

static uint32_t heap_pop(heap *h)
{
    uint32_t top = h->at[0], item = h->at[--h->len];
    size_t i = 0;

    for (;;) {
        size_t down = 2 * i + 1;

        if (down >= h->len)
            break;
        if (down + 1 < h->len && is_before(h, h->at[down + 1], h->at[down]))
            down++;
        if (!is_before(h, h->at[down], item))
            break;
        h->at[i] = h->at[down];
        i = down;
    }
    h->at[i] = item;
    return top;
}

typedef struct sorter {
    uint32_t *n_waiting;              /* parents not yet placed */
    uint32_t *first_child, *children; /* of commit i: first_child[i] .. [i+1] */
    uint32_t *order, *place;
    heap ready;
} sorter;

static int sorter_init(sorter *s, const ss_git_walk *walk)
{
    size_t n = walk->commits.len;

    memset(s, 0, sizeof(*s));
    s->n_waiting = ss_calloc(n, sizeof(uint32_t));
    s->first_child = ss_calloc(n + 2, sizeof(uint32_t));
    s->children = ss_calloc(walk->parents.len, sizeof(uint32_t));
    s->order = ss_calloc(n, sizeof(uint32_t));
    s->place = ss_calloc(n, sizeof(uint32_t));
    s->ready.at = ss_calloc(n, sizeof(uint32_t));
    s->ready.walk = walk;
    return s->n_waiting && s->first_child && s->children && s->order &&
                   s->place && s->ready.at
               ? 0
               : SECSCAN_ERR_NOMEM;
}

static void sorter_release(sorter *s)
{
    ss_free(s->n_waiting);
    ss_free(s->first_child);
    ss_free(s->children);
    ss_free(s->order);
    ss_free(s->place);
    ss_free(s->ready.at);
}

static uint32_t parent_of(const ss_git_walk *walk, size_t commit, uint32_t k)
{
    return walk->parents.at[walk->commits.at[commit].first_parent + k];
}

static void find_children(sorter *s, const ss_git_walk *walk)
{
    size_t n = walk->commits.len;

    for (size_t i = 0; i < n; i++) {
        for (uint32_t k = 0; k < walk->commits.at[i].n_parents; k++) {
            uint32_t p = parent_of(walk, i, k);

            if (p != SS_NO_COMMIT) {
                s->first_child[p + 2]++;
                s->n_waiting[i]++;
            }
        }
    }
    for (size_t i = 0; i < n; i++)
        s->first_child[i + 2] += s->first_child[i + 1];
    for (size_t i = 0; i < n; i++) {
        for (uint32_t k = 0; k < walk->commits.at[i].n_parents; k++) {
            uint32_t p = parent_of(walk, i, k);

            if (p != SS_NO_COMMIT)
                s->children[s->first_child[p + 1]++] = (uint32_t)i;
        }
    }
}

static size_t place_all(sorter *s, const ss_git_walk *walk)
{
    size_t n = 0;

    for (size_t i = 0; i < walk->commits.len; i++) {
        if (!s->n_waiting[i])
            heap_push(&s->ready, (uint32_t)i);
    }
    while (s->ready.len) {
        uint32_t at = heap_pop(&s->ready);

        s->place[at] = (uint32_t)n;
        s->order[n++] = at;
        for (uint32_t k = s->first_child[at]; k < s->first_child[at + 1]; k++) {
            if (--s->n_waiting[s->children[k]] == 0)
                heap_push(&s->ready, s->children[k]);
        }
    }
    return n;
}

static int reorder(ss_git_walk *walk, const sorter *s)
{
    ss_walk_commit *sorted =
        ss_alloc(walk->commits.len * sizeof(*walk->commits.at));

    if (!sorted)
        return SECSCAN_ERR_NOMEM;
    for (size_t i = 0; i < walk->commits.len; i++) {
        sorted[i] = walk->commits.at[s->order[i]];
        walk->by_object[sorted[i].object] = (uint32_t)i;
    }
    for (size_t i = 0; i < walk->parents.len; i++) {
        if (walk->parents.at[i] != SS_NO_COMMIT)
            walk->parents.at[i] = s->place[walk->parents.at[i]];
    }
    ss_free(walk->commits.at);
    walk->commits.at = sorted;
    walk->commits.cap = walk->commits.len;
    return 0;
}

static int sort(ss_git_walk *walk, secscan_error *err)
{
    sorter s;
    int rc;

    rc = sorter_init(&s, walk);
    if (rc) {
        ss_fail_nomem(err);
        goto out;
    }
    find_children(&s, walk);
    /* A hash cannot be part of what it is made of: a circle is damage. */
    if (place_all(&s, walk) != walk->commits.len) {
        rc = ss_fail(err, SECSCAN_ERR_CORRUPT, "commits form a circle");
        goto out;
    }
    rc = reorder(walk, &s);
    if (rc)
        ss_fail_nomem(err);
out:
    sorter_release(&s);
    return rc;
}

/* ---- reach ------------------------------------------------------------ */

/* Children stand behind their parents: one pass from the end is enough. */
static void spread(ss_git_walk *walk)
{
    for (size_t i = walk->commits.len; i-- > 0;) {
        const ss_walk_commit *c = &walk->commits.at[i];

        for (uint32_t k = 0; c->reach && k < c->n_parents; k++) {
            uint32_t p = parent_of(walk, i, k);
            ss_walk_commit *parent;

            if (p == SS_NO_COMMIT)
                continue;
            parent = &walk->commits.at[p];
            if (!parent->reach || c->reach < parent->reach) {
                parent->reach = c->reach;
                parent->is_note = c->is_note;
            } else if (c->reach == parent->reach && !c->is_note) {
                parent->is_note = 0;
            }
        }
    }
}

static void touch(ss_git_walk *walk, uint32_t object, uint8_t reach,
                  int is_note)
{
    uint32_t at = walk->by_object[object];
    ss_walk_commit *c;

    if (!walk->reached[object] || reach < walk->reached[object])
        walk->reached[object] = reach;
    if (at == SS_NO_COMMIT)
        return;
    c = &walk->commits.at[at];
    if (!c->reach || reach < c->reach) {
        c->reach = reach;
        c->is_note = (uint8_t)is_note;
    } else if (reach == c->reach && !is_note) {
        c->is_note = 0;
    }
}

static const uint8_t reach_of[] = {
    [SS_ROOT_REF] = SECSCAN_REACH_REF,
    [SS_ROOT_PSEUDO] = SECSCAN_REACH_REF,
    [SS_ROOT_NOTE] = SECSCAN_REACH_REF,
    [SS_ROOT_STASH] = SECSCAN_REACH_STASH,
    [SS_ROOT_REFLOG] = SECSCAN_REACH_REFLOG,
};

static void label(ss_git_walk *walk, const ss_git_objects *objects,
                  const ss_git_refs *refs, ss_tag_target_fn target, void *ctx,
                  size_t id_len)
{
    for (size_t i = 0; i < refs->roots.len; i++) {
        const ss_git_root *root = &refs->roots.at[i];
        uint32_t object = ss_git_objects_find(objects, root->id.id, id_len);

        /* Tags of tags: never a circle, but a damaged store may say so. */
        for (int k = 0; object != SS_NO_OBJECT && k < 64; k++) {
            touch(walk, object, reach_of[root->kind],
                  root->kind == SS_ROOT_NOTE);
            object = target(ctx, object);
        }
    }
    spread(walk);
    for (size_t i = 0; i < walk->commits.len; i++) {
        if (!walk->commits.at[i].reach)
            walk->commits.at[i].reach = SECSCAN_REACH_UNREACHABLE;
    }
}

int ss_git_walk_finish(ss_git_walk *walk, const ss_git_objects *objects,
                       const ss_git_refs *refs, ss_tag_target_fn target,
                       void *ctx, size_t id_len, secscan_error *err)
{
    size_t n = objects->list.len;
    uint32_t head = SS_NO_OBJECT;
    int rc;

    walk->n_objects = n;
    walk->by_object = ss_alloc(n * sizeof(uint32_t));
    walk->reached = ss_calloc(n, 1);
    if (!walk->by_object || !walk->reached)
        return ss_fail_nomem(err);
    memset(walk->by_object, 0xff, n * sizeof(uint32_t));
    for (size_t i = 0; i < walk->commits.len; i++)
        walk->by_object[walk->commits.at[i].object] = (uint32_t)i;
    resolve_parents(walk);
    mark_shallow(walk, objects, refs, id_len);
    rc = sort(walk, err);
    if (rc)
        return rc;
    label(walk, objects, refs, target, ctx, id_len);
    if (refs->has_head)
        head = ss_git_objects_find(objects, refs->head.id, id_len);
    walk->head = head == SS_NO_OBJECT ? SS_NO_COMMIT : walk->by_object[head];
    return 0;
}

void ss_git_walk_release(ss_git_walk *walk)
{
    SS_VEC_RELEASE(&walk->commits);
    SS_VEC_RELEASE(&walk->parents);
    ss_free(walk->by_object);
    ss_free(walk->reached);
    memset(walk, 0, sizeof(*walk));
}
