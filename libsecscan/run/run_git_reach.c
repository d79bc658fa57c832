/*
 * run_git_reach.c: one bit a secret, 64 at a time, handed on from each commit
 * to its children: what holds a secret has a commit below it, or is one, that
 * introduces it.
 */
#include "run/run_git_reach.h"

#include "base/alloc.h"

#include <stdlib.h>

#define BATCH 64u
#define MAX_TAGS 64 /* of a tag of a tag ...: a damaged store may say more */

typedef struct finder {
    ss_git_reach *out;
    const ss_git_history *h;
    const ss_git_root **refs; /* by name */
    size_t n_refs;
    uint64_t *below;   /* by commit: secrets of the batch that it leads to */
    size_t from, to;   /* the batch: numbers of secrets */
    const char **list; /* names found for each secret of the batch */
} finder;

static int by_name(const void *left, const void *right)
{
    const ss_git_root *const *a = left, *const *b = right;

    return strcmp((*a)->name, (*b)->name);
}

static int list_refs(finder *f)
{
    const ss_git_refs *refs = &f->h->refs;

    f->refs = ss_alloc(refs->roots.len * sizeof(const ss_git_root *));
    if (!f->refs)
        return ss_fail_nomem(f->h->err);
    for (size_t i = 0; i < refs->roots.len; i++) {
        if (strncmp(refs->roots.at[i].name, "refs/", 5) == 0)
            f->refs[f->n_refs++] = &refs->roots.at[i];
    }
    if (f->n_refs)
        qsort(f->refs, f->n_refs, sizeof(const ss_git_root *), by_name);
    return 0;
}

static void mark_commits(finder *f)
{
    const ss_git_walk *walk = &f->h->walk;

    memset(f->below, 0, walk->commits.len * sizeof(*f->below));
    for (size_t i = f->from; i < f->to; i++) {
        const ss_attr_secret *s = ss_attr_get(f->h->attr, (uint32_t)i);

        for (size_t k = 0; k < s->intros.len; k++)
            f->below[s->intros.at[k].commit] |= (uint64_t)1 << (i - f->from);
    }
    /* Parents stand before their children. */
    for (size_t i = 0; i < walk->commits.len; i++) {
        const ss_walk_commit *c = &walk->commits.at[i];

        for (uint32_t k = 0; k < c->n_parents; k++) {
            uint32_t parent = walk->parents.at[c->first_parent + k];

            if (parent != SS_NO_COMMIT)
                f->below[i] |= f->below[parent];
        }
    }
}

/* Of a tag's own text, or of a blob that a ref names. */
static uint64_t secrets_of(const finder *f, uint32_t object)
{
    uint64_t found = 0;
    size_t n;
    const ss_git_hit *hits = ss_git_store_hits(&f->h->store, object, &n);

    for (size_t i = 0; i < n; i++) {
        size_t secret = f->h->store.forms.at[hits[i].form].secret;

        if (secret >= f->from && secret < f->to)
            found |= (uint64_t)1 << (secret - f->from);
    }
    return found;
}

static uint64_t secrets_below(const finder *f, const ss_git_root *ref)
{
    const ss_git_history *h = f->h;
    uint32_t object = ss_git_objects_find(&h->objects, ref->id.id, h->id_len);
    uint64_t found = 0;

    for (int i = 0; object != SS_NO_OBJECT && i < MAX_TAGS; i++) {
        uint32_t commit = h->walk.by_object[object];

        if (commit != SS_NO_COMMIT)
            return found | f->below[commit];
        found |= secrets_of(f, object);
        object = h->targets[object];
    }
    return found;
}

static void add_ref(finder *f, const ss_git_root *ref, size_t secret)
{
    ss_git_ref_list *list = &f->out->of[secret];

    list->n_all++;
    if (list->n < SS_MAX_REFS)
        f->list[(secret - f->from) * SS_MAX_REFS + list->n++] = ref->name;
}

static int keep_lists(finder *f)
{
    for (size_t i = f->from; i < f->to; i++) {
        ss_git_ref_list *list = &f->out->of[i];

        if (!list->n)
            continue;
        list->names =
            ss_arena_copy(&f->out->arena, &f->list[(i - f->from) * SS_MAX_REFS],
                          list->n * sizeof(const char *));
        if (!list->names)
            return ss_fail_nomem(f->h->err);
    }
    return 0;
}

static int find_batch(finder *f)
{
    mark_commits(f);
    for (size_t i = 0; i < f->n_refs; i++) {
        uint64_t found = secrets_below(f, f->refs[i]);

        for (size_t s = f->from; found; s++, found >>= 1) {
            if (found & 1)
                add_ref(f, f->refs[i], s);
        }
    }
    return keep_lists(f);
}

static int find_all(finder *f, size_t n)
{
    int rc = 0;

    for (f->from = 0; !rc && f->from < n; f->from = f->to) {
        f->to = n - f->from < BATCH ? n : f->from + BATCH;
        rc = find_batch(f);
    }
    return rc;
}

int ss_git_reach_find(ss_git_reach *out, const ss_git_history *h)
{
    size_t n = ss_git_store_n_secrets(&h->store);
    finder f = {.out = out, .h = h};
    int rc;

    if (!n)
        return 0;
    out->of = ss_calloc(n, sizeof(*out->of));
    out->n = out->of ? n : 0;
    f.below = ss_alloc(h->walk.commits.len * sizeof(*f.below));
    f.list = ss_alloc(BATCH * SS_MAX_REFS * sizeof(const char *));
    if (!out->of || !f.below || !f.list)
        rc = ss_fail_nomem(h->err);
    else
        rc = list_refs(&f);
    if (!rc && f.n_refs)
        rc = find_all(&f, n);
    ss_free(f.refs);
    ss_free(f.below);
    ss_free(f.list);
    return rc;
}

void ss_git_reach_release(ss_git_reach *reach)
{
    ss_free(reach->of);
    ss_arena_release(&reach->arena);
}
