/*
 * git_range.c: paint the history from both ends of a range, newest first, until
 * nothing is left that only one end reaches.
 */
#include "git_range.h"

#include "base/alloc.h"

/* Clocks are wrong now and then: commits looked at past the point where
 * the walk could end. */
#define SLOP 1000u

#define LEFT 1u
#define RIGHT 2u

typedef struct walker {
    ss_git_range *out;
    ss_git *git;
    const ss_git_refs *refs;
    size_t id_len;
    int is_symmetric;      /* A...B */
    SS_VEC(uint32_t) heap; /* positions, the newest first */
    size_t n_open; /* of the heap: could still bring one into the range */
    secscan_error *err;
} walker;

static ss_range_commit *at(const walker *w, uint32_t i)
{
    return &w->out->commits.at[i];
}

/* Nothing below it can be in the range when both ends reach it, or, in A..B,
 * the left one does. */
static int is_open(const walker *w, const ss_range_commit *c)
{
    return w->is_symmetric ? c->sides != (LEFT | RIGHT) : !(c->sides & LEFT);
}

static int is_shallow(const walker *w, const ss_oid *id)
{
    for (size_t i = 0; i < w->refs->shallow.len; i++) {
        if (ss_oid_equal(&w->refs->shallow.at[i], id))
            return 1;
    }
    return 0;
}

/* ---- the heap --------------------------------------------------------- */

static int is_newer(const walker *w, uint32_t a, uint32_t b)
{
    const ss_range_commit *x = at(w, a), *y = at(w, b);

    if (x->time != y->time)
        return x->time > y->time;
    return memcmp(x->id.id, y->id.id, sizeof(x->id.id)) > 0;
}

static int push(walker *w, uint32_t item)
{
    size_t i = w->heap.len;

    if (at(w, item)->is_waiting)
        return 0;
    if (SS_VEC_PUSH(&w->heap, item))
        return ss_fail_nomem(w->err);
    while (i && is_newer(w, item, w->heap.at[(i - 1) / 2])) {
        w->heap.at[i] = w->heap.at[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    w->heap.at[i] = item;
    at(w, item)->is_waiting = 1;
    w->n_open += (size_t)is_open(w, at(w, item));
    return 0;
}

static uint32_t pop(walker *w)
{
    uint32_t top = w->heap.at[0], item = w->heap.at[--w->heap.len];
    size_t i = 0;

    for (;;) {
        size_t down = 2 * i + 1;

        if (down >= w->heap.len)
            break;
        if (down + 1 < w->heap.len &&
            is_newer(w, w->heap.at[down + 1], w->heap.at[down]))
            down++;
        if (!is_newer(w, w->heap.at[down], item))
            break;
        w->heap.at[i] = w->heap.at[down];
        i = down;
    }
    w->heap.at[i] = item;
    at(w, top)->is_waiting = 0;
    w->n_open -= (size_t)is_open(w, at(w, top));
    return top;
}

/* ---- commits ---------------------------------------------------------- */

/* A commit with its parents' places still as ids: they are loaded when it is
 * popped, so that a range does not read past its own border. */
static int load(walker *w, const ss_oid *id, uint32_t *out)
{
    ss_range_commit c = {.id = *id};
    ss_map_entry *entry;
    ss_git_data data;
    ss_git_commit parsed;
    int is_new, rc;

    entry = ss_map_put(&w->out->by_id, ss_bytes_of(id->id, sizeof(id->id)),
                       &is_new);
    if (!entry)
        return ss_fail_nomem(w->err);
    *out = (uint32_t)entry->value.num;
    if (!is_new)
        return 0;
    *out = (uint32_t)w->out->commits.len;
    entry->value.num = *out;
    entry->key.data = ss_arena_copy(&w->out->arena, id->id, sizeof(id->id));
    if (!entry->key.data)
        return ss_fail_nomem(w->err);
    rc = ss_git_object_read(&data, w->git, id, 0, w->err);
    if (rc)
        return rc;
    rc = ss_git_commit_parse(&parsed, data.bytes, w->id_len);
    c.tree = parsed.tree;
    c.time = parsed.committer.time;
    c.n_parents = UINT32_MAX;
    c.is_boundary = (uint8_t)is_shallow(w, id);
    ss_git_data_release(&data);
    if (rc)
        return ss_fail(w->err, SECSCAN_ERR_CORRUPT, "a commit is damaged");
    return SS_VEC_PUSH(&w->out->commits, c) ? ss_fail_nomem(w->err) : 0;
}

static int load_parents(walker *w, uint32_t i)
{
    SS_VEC(uint32_t) found = {0};
    ss_git_data data;
    ss_git_commit parsed;
    ss_oid id;
    int rc;

    if (at(w, i)->n_parents != UINT32_MAX)
        return 0;
    at(w, i)->n_parents = 0;
    if (at(w, i)->is_boundary)
        return 0;
    rc = ss_git_object_read(&data, w->git, &at(w, i)->id, 0, w->err);
    if (rc)
        return rc;
    rc = ss_git_commit_parse(&parsed, data.bytes, w->id_len);
    while (!rc && ss_git_parent_next(&id, &parsed.parents, w->id_len)) {
        uint32_t parent = 0;

        rc = load(w, &id, &parent);
        if (!rc && SS_VEC_PUSH(&found, parent))
            rc = ss_fail_nomem(w->err);
    }
    ss_git_data_release(&data);
    at(w, i)->first_parent = (uint32_t)w->out->parents.len;
    for (size_t k = 0; !rc && k < found.len; k++) {
        if (SS_VEC_PUSH(&w->out->parents, found.at[k]))
            rc = ss_fail_nomem(w->err);
        at(w, i)->n_parents++;
    }
    SS_VEC_RELEASE(&found);
    return rc;
}

/* One more end reaches it: wait for its turn, again if it has had one. */
static int reach(walker *w, uint32_t i, uint8_t sides)
{
    ss_range_commit *c = at(w, i);

    if (c->is_waiting)
        w->n_open -= (size_t)is_open(w, c);
    c->sides |= sides;
    if (c->is_waiting)
        w->n_open += (size_t)is_open(w, c);
    return push(w, i);
}

/* Hand the colours of a commit on to its parents. */
static int paint(walker *w, uint32_t i)
{
    uint8_t sides = at(w, i)->sides;
    int rc = load_parents(w, i);

    for (uint32_t k = 0; !rc && k < at(w, i)->n_parents; k++) {
        uint32_t p = w->out->parents.at[at(w, i)->first_parent + k];

        if ((at(w, p)->sides & sides) != sides)
            rc = reach(w, p, sides);
    }
    return rc;
}

static int walk(walker *w)
{
    size_t slop = 0;
    int rc = 0;

    while (!rc && w->heap.len && slop < SLOP) {
        slop = w->n_open ? 0 : slop + 1;
        rc = paint(w, pop(w));
    }
    return rc;
}

static int is_hex_id(const char *text)
{
    size_t len = strlen(text);
    ss_oid id;

    return (len == 40 || len == 64) &&
           !ss_oid_read(&id, ss_bytes_str(text), len / 2);
}

/* A ref that is there and leads to no commit: damage, not a mistake. */
static int is_ref(const walker *w, const char *text)
{
    static const char *const prefixes[] = {"", "refs/", "refs/heads/",
                                           "refs/tags/", "refs/remotes/"};
    ss_git_refs refs = {.shallow = {NULL, 0, 0}};
    int is_found = strcmp(text, "HEAD") == 0;

    if (ss_git_refs_read(&refs, w->git, NULL))
        is_found = 1; /* not knowing is no reason to blame the user */
    for (size_t i = 0; !is_found && i < refs.roots.len; i++) {
        const char *name = refs.roots.at[i].name;

        for (size_t k = 0; k < sizeof(prefixes) / sizeof(*prefixes); k++) {
            size_t len = strlen(prefixes[k]);

            is_found |= strncmp(name, prefixes[k], len) == 0 &&
                        strcmp(name + len, text) == 0;
        }
    }
    ss_git_refs_release(&refs);
    return is_found;
}

/* What is named and not here: fetched too little (SECSCAN_ERR_GIT), or a
 * mistake (SECSCAN_ERR_ARG). */
static int fail_revision(const walker *w, const char *text)
{
    if (w->refs->shallow.len)
        return ss_fail(w->err, SECSCAN_ERR_GIT,
                       "\"%.80s\" is not in this shallow clone: `git fetch "
                       "--unshallow` brings the rest",
                       text);
    if (is_hex_id(text))
        return ss_fail(w->err, SECSCAN_ERR_GIT,
                       "commit %.64s is not in this repository: `git fetch "
                       "origin %.64s` may bring it",
                       text, text);
    if (ss_git_is_partial(w->git) || is_ref(w, text))
        return ss_fail(w->err, SECSCAN_ERR_GIT,
                       "the commit that \"%.100s\" names is not here", text);
    if (strncmp(text, "origin/", 7) == 0)
        return ss_fail(w->err, SECSCAN_ERR_ARG,
                       "\"%.60s\" is not here: `git fetch origin "
                       "+refs/heads/%.53s:refs/remotes/%.60s` brings it",
                       text, text + 7, text);
    return ss_fail(w->err, SECSCAN_ERR_ARG,
                   "\"%.100s\" names no commit of this repository", text);
}

static int start_at(walker *w, const ss_oid *id, uint8_t side)
{
    uint32_t i = 0;
    int rc = load(w, id, &i);

    return rc ? rc : reach(w, i, side);
}

static int start(walker *w, const char *name, size_t len, uint8_t side)
{
    char text[1024];
    ss_oid id;
    int rc;

    if (len >= sizeof(text))
        return ss_fail(w->err, SECSCAN_ERR_ARG, "the range is too long");
    memcpy(text, name, len);
    text[len] = '\0';
    rc = ss_git_resolve(&id, w->git, len ? text : "HEAD", w->err);
    if (rc)
        return rc == SECSCAN_ERR_GIT ? fail_revision(w, len ? text : "HEAD")
                                     : rc;
    return start_at(w, &id, side);
}

/* ---- new branches: no left end ---------------------------------------- */

/* What CI systems and git's hooks say for "there was nothing before". */
static int is_zero_id(const char *text, size_t len)
{
    return (len == 40 || len == 64) && strspn(text, "0") >= len;
}

static int is_commit(const walker *w, const ss_oid *id)
{
    ss_git_data data;
    int is_one;

    if (ss_git_object_read(&data, w->git, id, 0, NULL))
        return 0;
    is_one = data.kind == SS_GIT_COMMIT;
    ss_git_data_release(&data);
    return is_one;
}

static int is_branch(const ss_git_root *root)
{
    return root->kind == SS_ROOT_REF &&
           (strncmp(root->name, "refs/heads/", 11) == 0 ||
            strncmp(root->name, "refs/remotes/", 13) == 0);
}

/* All branches but the new one, which has names of its own here and at the
 * remote. The default branch counts even where the new one begins. */
static int start_others(walker *w, const ss_oid *tip)
{
    ss_git_refs refs = {.shallow = {NULL, 0, 0}};
    ss_oid id;
    int rc = ss_git_refs_read(&refs, w->git, w->err);

    for (size_t i = 0; !rc && i < refs.roots.len; i++) {
        const ss_git_root *root = &refs.roots.at[i];

        if (is_branch(root) && !ss_oid_equal(&root->id, tip) &&
            is_commit(w, &root->id))
            rc = start_at(w, &root->id, LEFT);
    }
    if (!rc && !ss_git_resolve(&id, w->git, "refs/remotes/origin/HEAD", NULL))
        rc = start_at(w, &id, LEFT);
    ss_git_refs_release(&refs);
    return rc;
}

static int start_new_branch(walker *w, const char *right)
{
    ss_oid tip;
    int rc = start(w, right, strlen(right), RIGHT);

    if (rc)
        return rc;
    tip = at(w, w->heap.at[0])->id;
    return start_others(w, &tip);
}

static int start_both(walker *w, const char *left, size_t left_len,
                      const char *right)
{
    int rc;

    if (is_zero_id(right, strlen(right)))
        return ss_fail(w->err, SECSCAN_ERR_ARG,
                       "the range ends with the zero id: a branch that was "
                       "deleted has nothing to scan");
    if (is_zero_id(left, left_len)) {
        w->is_symmetric = 0;
        return start_new_branch(w, right);
    }
    rc = start(w, left, left_len, LEFT);
    return rc ? rc : start(w, right, strlen(right), RIGHT);
}

static int start_all(walker *w, const char *text)
{
    const char *dots = strstr(text, "..");

    if (!dots)
        return start(w, text, strlen(text), RIGHT);
    w->is_symmetric = dots[2] == '.';
    return start_both(w, text, (size_t)(dots - text),
                      dots + (w->is_symmetric ? 3 : 2));
}

/* Who is in it, and which parents stand outside. */
static int choose(walker *w, int has_left)
{
    for (uint32_t i = 0; i < w->out->commits.len; i++) {
        ss_range_commit *c = at(w, i);

        c->in_range = w->is_symmetric ? c->sides == LEFT || c->sides == RIGHT
                                      : c->sides == RIGHT;
        w->out->n_in_range += c->in_range;
        if (c->in_range && c->is_boundary && has_left)
            return ss_fail(w->err, SECSCAN_ERR_GIT,
                           "the range goes over the border of this shallow "
                           "clone: `git fetch --unshallow` brings the rest");
    }
    for (uint32_t i = 0; i < w->out->commits.len; i++) {
        const ss_range_commit *c = at(w, i);

        for (uint32_t k = 0; c->in_range && k < c->n_parents; k++) {
            ss_range_commit *p = at(w, w->out->parents.at[c->first_parent + k]);

            p->is_base = !p->in_range;
        }
    }
    return 0;
}

static walker walker_of(ss_git_range *out, ss_git *git, const ss_git_refs *refs,
                        secscan_error *err)
{
    return (walker){.out = out,
                    .git = git,
                    .refs = refs,
                    .id_len = ss_git_id_len(git),
                    .err = err};
}

int ss_git_range_read(ss_git_range *out, ss_git *git, const char *text,
                      const ss_git_refs *refs, secscan_error *err)
{
    walker w = walker_of(out, git, refs, err);
    int rc = start_all(&w, text);

    if (!rc)
        rc = walk(&w);
    if (!rc)
        rc = choose(&w, strstr(text, "..") != NULL);
    SS_VEC_RELEASE(&w.heap);
    return rc;
}

int ss_git_range_between(ss_git_range *out, ss_git *git, const ss_oid *wanted,
                         size_t n_wanted, const ss_oid *known, size_t n_known,
                         const ss_git_refs *refs, secscan_error *err)
{
    walker w = walker_of(out, git, refs, err);
    int rc = 0;

    for (size_t i = 0; !rc && i < n_wanted; i++)
        rc = start_at(&w, &wanted[i], RIGHT);
    for (size_t i = 0; !rc && i < n_known; i++)
        rc = start_at(&w, &known[i], LEFT);
    if (!rc)
        rc = walk(&w);
    if (!rc)
        rc = choose(&w, 1);
    SS_VEC_RELEASE(&w.heap);
    return rc;
}

static int take(walker *w, const char *text)
{
    uint32_t i = 0;
    ss_oid id;
    int rc;

    if (strlen(text) != 2 * w->id_len ||
        ss_oid_read(&id, ss_bytes_str(text), w->id_len))
        return ss_fail(w->err, SECSCAN_ERR_ARG, "\"%.80s\" is no commit's id",
                       text);
    rc = load(w, &id, &i);
    if (!rc)
        rc = load_parents(w, i);
    if (!rc)
        at(w, i)->sides = RIGHT;
    return rc;
}

int ss_git_range_of(ss_git_range *out, ss_git *git, const char *const *ids,
                    size_t n, const ss_git_refs *refs, secscan_error *err)
{
    walker w = walker_of(out, git, refs, err);
    int rc = 0;

    for (size_t i = 0; !rc && i < n; i++)
        rc = take(&w, ids[i]);
    return rc ? rc : choose(&w, 0);
}

void ss_git_range_release(ss_git_range *range)
{
    SS_VEC_RELEASE(&range->commits);
    SS_VEC_RELEASE(&range->parents);
    ss_map_release(&range->by_id);
    ss_arena_release(&range->arena);
}
