/*
 * run_git_repeat.c: compare the places of each commit's tree with those of its
 * parents'.
 */
#include "run_git_repeat.h"

#include "base/alloc.h"
#include "run_git_judge.h"

#include <stdlib.h>

typedef struct candidate {
    uint32_t place, secret;
} candidate;

typedef struct finder {
    ss_git_history *h;
    ss_git_repeats *out;
    SS_VEC(uint32_t)
    seen; /* by place: number of the commit whose parents have
             it, + 1 */
    SS_VEC(candidate) candidates;
} finder;

typedef struct places {
    const uint32_t *at;
    size_t n;
} places;

static int read_places(finder *f, uint32_t commit, places *out)
{
    static const uint32_t none = 0;
    int rc =
        ss_attr_commit_places(f->h->attr, commit, &out->at, &out->n, f->h->err);

    while (!rc && f->seen.len < ss_attr_n_places(f->h->attr)) {
        if (SS_VEC_PUSH(&f->seen, none))
            rc = ss_fail_nomem(f->h->err);
    }
    return rc;
}

static uint32_t parent_of(const finder *f, uint32_t commit, uint32_t k)
{
    const ss_git_walk *walk = &f->h->walk;

    return walk->parents.at[walk->commits.at[commit].first_parent + k];
}

static int is_new(const finder *f, uint32_t secret)
{
    return ss_attr_get(f->h->attr, secret)->intros.len != 0;
}

static int has_secret(const finder *f, uint32_t place, uint32_t secret)
{
    size_t n;
    const uint32_t *secrets = ss_attr_place_secrets(f->h->attr, place, &n);

    for (size_t i = 0; i < n; i++) {
        if (secrets[i] == secret)
            return 1;
    }
    return 0;
}

static uint32_t path_of(const finder *f, uint32_t place)
{
    return ss_attr_place_at(f->h->attr, place)->path;
}

/* Where the parents have the secret. *is_same: one of them has it at the very
 * path, so that it only stayed. */
static int find_before(finder *f, uint32_t commit, const candidate *c,
                       uint32_t *before, int *is_same)
{
    *before = SS_NO_PLACE;
    *is_same = 0;
    for (uint32_t k = 0; k < f->h->walk.commits.at[commit].n_parents; k++) {
        uint32_t parent = parent_of(f, commit, k);
        places p = {NULL, 0};
        int rc = parent == SS_NO_COMMIT ? 0 : read_places(f, parent, &p);

        if (rc)
            return rc;
        for (size_t i = 0; i < p.n; i++) {
            if (!has_secret(f, p.at[i], c->secret))
                continue;
            if (*before == SS_NO_PLACE)
                *before = p.at[i];
            *is_same |= c->place != SS_NO_PLACE &&
                        path_of(f, p.at[i]) == path_of(f, c->place);
        }
    }
    return 0;
}

/* The list grows commit by commit: the last ones are those of this commit. */
static int is_listed(const finder *f, uint32_t commit, uint32_t secret)
{
    const ss_git_repeat *at = f->out->list.at;

    for (size_t i = f->out->list.len; i-- > 0 && at[i].at.commit == commit;) {
        if (at[i].secret == secret)
            return 1;
    }
    return 0;
}

static int consider(finder *f, uint32_t commit, const candidate *c)
{
    ss_git_repeat repeat = {.secret = c->secret, .at = {commit, c->place}};
    int is_same, rc;

    if (is_new(f, c->secret) || is_listed(f, commit, c->secret) ||
        ss_git_judge_excluded(f->h, c->secret, commit, c->place))
        return 0;
    rc = find_before(f, commit, c, &repeat.before, &is_same);
    if (rc || is_same)
        return rc;
    return SS_VEC_PUSH(&f->out->list, repeat) ? ss_fail_nomem(f->h->err) : 0;
}

/* Places that no parent has, with their secrets. */
static int collect(finder *f, uint32_t commit)
{
    places own = {NULL, 0};
    int rc = 0;

    f->candidates.len = 0;
    for (uint32_t k = 0; !rc && k < f->h->walk.commits.at[commit].n_parents;
         k++) {
        uint32_t parent = parent_of(f, commit, k);
        places p = {NULL, 0};

        if (parent != SS_NO_COMMIT)
            rc = read_places(f, parent, &p);
        for (size_t i = 0; !rc && i < p.n; i++)
            f->seen.at[p.at[i]] = commit + 1;
    }
    if (!rc)
        rc = read_places(f, commit, &own);
    for (size_t i = 0; !rc && i < own.n; i++) {
        candidate c = {.place = own.at[i]};
        size_t n;
        const uint32_t *secrets =
            ss_attr_place_secrets(f->h->attr, own.at[i], &n);

        if (f->seen.at[own.at[i]] == commit + 1)
            continue;
        for (size_t k = 0; !rc && k < n; k++) {
            c.secret = secrets[k];
            if (SS_VEC_PUSH(&f->candidates, c))
                rc = ss_fail_nomem(f->h->err);
        }
    }
    return rc;
}

static int find_in_trees(finder *f)
{
    int rc = 0;

    for (uint32_t i = 0; !rc && i < f->h->walk.commits.len; i++) {
        if (!f->h->walk.commits.at[i].reach)
            continue;
        rc = collect(f, i);
        for (size_t k = 0; !rc && k < f->candidates.len; k++)
            rc = consider(f, i, &f->candidates.at[k]);
    }
    return rc;
}

/* ---- a commit's own text ---------------------------------------------- */

static int has_repeat(const finder *f, uint32_t commit, uint32_t secret)
{
    for (size_t i = 0; i < f->out->list.len; i++) {
        if (f->out->list.at[i].secret == secret &&
            f->out->list.at[i].at.commit == commit)
            return 1;
    }
    return 0;
}

static int find_in_texts(finder *f)
{
    const ss_git_store *store = &f->h->store;
    int rc = 0;

    for (size_t i = 0; !rc && i < store->hits.len; i++) {
        const ss_git_hit *hit = &store->hits.at[i];
        candidate c = {SS_NO_PLACE, store->forms.at[hit->form].secret};
        uint32_t commit = hit->object == SS_NO_OBJECT
                              ? SS_NO_COMMIT
                              : f->h->walk.by_object[hit->object];

        if (commit == SS_NO_COMMIT || !f->h->walk.commits.at[commit].reach ||
            !ss_git_judge_form(f->h, hit->form, NULL, hit->member) ||
            has_repeat(f, commit, c.secret))
            continue;
        rc = consider(f, commit, &c);
    }
    return rc;
}

/* ---- all of them ------------------------------------------------------ */

static int compare_repeats(const void *left, const void *right)
{
    const ss_git_repeat *a = left, *b = right;

    if (a->secret != b->secret)
        return a->secret < b->secret ? -1 : 1;
    return a->at.commit < b->at.commit ? -1 : a->at.commit > b->at.commit;
}

/* Without a commit outside the range there is no before. */
static int has_base(const ss_git_history *h)
{
    for (size_t i = 0; i < h->walk.commits.len; i++) {
        if (!h->walk.commits.at[i].reach)
            return 1;
    }
    return 0;
}

int ss_git_repeats_find(ss_git_repeats *out, ss_git_history *h)
{
    finder f = {.h = h, .out = out};
    int rc;

    if (!has_base(h))
        return 0;
    rc = find_in_trees(&f);

    if (!rc)
        rc = find_in_texts(&f);
    if (out->list.len)
        qsort(out->list.at, out->list.len, sizeof(*out->list.at),
              compare_repeats);
    SS_VEC_RELEASE(&f.seen);
    SS_VEC_RELEASE(&f.candidates);
    return rc;
}

size_t ss_git_repeats_of(const ss_git_repeats *repeats, uint32_t secret,
                         size_t *n)
{
    size_t from = 0, to = repeats->list.len;

    while (from < to) {
        size_t middle = from + (to - from) / 2;

        if (repeats->list.at[middle].secret < secret)
            from = middle + 1;
        else
            to = middle;
    }
    for (to = from; to < repeats->list.len; to++) {
        if (repeats->list.at[to].secret != secret)
            break;
    }
    *n = to - from;
    return from;
}

void ss_git_repeats_release(ss_git_repeats *repeats)
{
    SS_VEC_RELEASE(&repeats->list);
}
