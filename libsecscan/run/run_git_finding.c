/*
 * run_git_finding.c: what is known of a secret becomes one finding.
 * In: hits, forms, attribution. Out: findings in the order of the introducing
 * commit, path, offset and rule.
 */
#include "run_git_finding.h"

#include "base/alloc.h"
#include "run/member.h"
#include "run_git_hide.h"
#include "run_git_judge.h"
#include "run_git_reach.h"
#include "run_git_repeat.h"

#include <stdlib.h>

/* What a finding lists at most; n_paths and n_commits are always whole. */
#define MAX_PLACES 1000u
#define MAX_INTROS 1000u

/* One place of one secret: a hit, and where the hit stands. */
typedef struct spot {
    uint32_t secret;
    uint32_t form;
    uint32_t object;   /* number, or SS_NO_OBJECT */
    uint32_t place;    /* of the attribution, or SS_NO_PLACE */
    uint32_t hit;      /* position in the store, or UINT32_MAX: the path */
    uint32_t whole;    /* form of the finding it is a part of; SS_NO_FORM */
    const char *path;  /* NULL: none */
    uint32_t file_len; /* as in secscan_place */
    uint8_t source, reach;
} spot;

typedef struct draft {
    uint32_t secret;
    uint32_t form;  /* of the strongest rule */
    uint32_t first; /* spots of the secret: first .. first + n */
    uint32_t n;
    uint32_t lead;  /* the spot shown: of the introducing commit */
    uint32_t order; /* introducing commit, SS_NO_COMMIT at the end */
    uint8_t reach;
    uint8_t confidence;       /* the highest over its places */
    size_t repeat, n_repeats; /* in the builder's: it was there before */
} draft;

typedef struct builder {
    ss_git_history *h;
    SS_VEC(spot) spots;
    SS_VEC(draft) drafts;
    ss_git_repeats repeats; /* of a range */
    ss_git_reach reach;     /* of a history and of a push: refs */
    ss_map commits;         /* ids to secscan_commit, in the arena */
    ss_map paths;           /* of members, each once; in kept */
    ss_arena arena, kept;   /* of one finding; of all */
} builder;

static const ss_git_hit *hit_of(const builder *b, const spot *s)
{
    return s->hit == UINT32_MAX ? NULL : &b->h->store.hits.at[s->hit];
}

static uint64_t offset_of(const builder *b, const spot *s)
{
    const ss_git_hit *hit = hit_of(b, s);

    return hit ? hit->offset : 0;
}

static int add_spot(builder *b, spot s)
{
    s.secret = b->h->store.forms.at[s.form].secret;
    return SS_VEC_PUSH(&b->spots, s) ? ss_fail_nomem(b->h->err) : 0;
}

/* ---- spots ------------------------------------------------------------ */

static int add_path_spots(builder *b, spot s)
{
    secscan_scanner *handle = b->h->scan->handle;
    int rc = 0;

    for (size_t i = 0; !rc && i < handle->n_path_rules; i++) {
        ss_match match = ss_path_match(handle, i);

        if (ss_filter_origin(ss_scanner_filter(handle->scanner), &match, s.path,
                             NULL) != SS_KEEP)
            continue;
        rc = ss_git_store_add_path(&b->h->store, &match, s.path, &s.form);
        s.hit = UINT32_MAX;
        s.whole = SS_NO_FORM;
        if (!rc)
            rc = add_spot(b, s);
    }
    return rc;
}

static uint8_t place_source(const ss_attr_place *place, uint8_t source)
{
    return source == SECSCAN_SOURCE_BLOB && place->is_note ? SECSCAN_SOURCE_NOTE
                                                           : source;
}

/* What the hit is a part of, if that counts at the path. */
static uint32_t whole_at(const ss_git_history *h, const ss_git_hit *hit,
                         const char *path)
{
    if (hit->whole == SS_NO_FORM ||
        !ss_git_judge_form(h, hit->whole, path, hit->member))
        return SS_NO_FORM;
    return hit->whole;
}

/* The path of a hit in what has this path. Equal ones are the same pointer. */
static int set_path(builder *b, spot *s, const char *path,
                    const ss_git_hit *hit)
{
    ss_map_entry *entry;
    int is_new;

    s->path = path;
    s->file_len = ss_member_file_len(path, hit->member);
    if (!hit->member)
        return 0;
    s->path = ss_member_path(&b->kept, path, hit->member);
    if (!s->path)
        return ss_fail_nomem(b->h->err);
    entry = ss_map_put(&b->paths, ss_bytes_str(s->path), &is_new);
    if (!entry)
        return ss_fail_nomem(b->h->err);
    s->path = (const char *)entry->key.data;
    return 0;
}

/* A blob at a path that commits have. */
static int add_place_spots(builder *b, uint32_t at)
{
    ss_git_history *h = b->h;
    const ss_attr_place *place = ss_attr_place_at(h->attr, at);
    spot s = {.object = place->blob, .place = at};
    size_t n, n_secrets;
    const ss_git_hit *hits = ss_git_store_hits(&h->store, place->blob, &n);
    const char *path;
    int rc = 0;

    ss_attr_place_secrets(h->attr, at, &n_secrets);
    if (!n_secrets || !place->reach)
        return 0;
    path = ss_attr_path(h->attr, place->path);
    s.reach = place->reach;
    for (size_t i = 0; !rc && i < n; i++) {
        if (!ss_git_judge_form(h, hits[i].form, path, hits[i].member))
            continue;
        rc = set_path(b, &s, path, &hits[i]);
        s.source = place_source(place, hits[i].source);
        s.hit = (uint32_t)(&hits[i] - h->store.hits.at);
        s.form = hits[i].form;
        s.whole = whole_at(h, &hits[i], path);
        if (!rc)
            rc = add_spot(b, s);
    }
    s.path = path;
    s.file_len = 0;
    s.source = place_source(place, SECSCAN_SOURCE_BLOB);
    return rc || !h->has_path_rules ? rc : add_path_spots(b, s);
}

static uint8_t reach_of(const ss_git_history *h, const ss_git_hit *hit)
{
    uint32_t commit;

    if (hit->source == SECSCAN_SOURCE_REF)
        return SECSCAN_REACH_REF;
    if (hit->source == SECSCAN_SOURCE_REFLOG)
        return SECSCAN_REACH_REFLOG;
    if (hit->object == SS_NO_OBJECT)
        return SECSCAN_REACH_UNREACHABLE;
    commit = h->walk.by_object[hit->object];
    if (commit != SS_NO_COMMIT)
        return h->walk.commits.at[commit].reach;
    return h->walk.reached[hit->object] ? h->walk.reached[hit->object]
                                        : SECSCAN_REACH_UNREACHABLE;
}

static int is_in_tree(const ss_git_history *h, const ss_git_hit *hit)
{
    return hit->object != SS_NO_OBJECT &&
           ss_attr_has_blob(h->attr, hit->object);
}

/* Everything without a path in a tree: messages, names, logs, and blobs that
 * no commit has. */
static int add_other_spots(builder *b)
{
    ss_git_history *h = b->h;
    int rc = 0;

    for (size_t i = 0; !rc && i < h->store.hits.len; i++) {
        const ss_git_hit *hit = &h->store.hits.at[i];
        spot s = {.form = hit->form, .object = hit->object};
        const char *path = hit->source == SECSCAN_SOURCE_LFS ? NULL : hit->path;

        if (is_in_tree(h, hit))
            continue;
        if (!ss_git_judge_counted(h, hit, NULL, &rc))
            continue;
        s.place = SS_NO_PLACE;
        s.hit = (uint32_t)i;
        s.whole = whole_at(h, hit, NULL);
        s.source = hit->source;
        s.reach = reach_of(h, hit);
        rc = set_path(b, &s, path, hit);
        if (!rc && s.reach)
            rc = add_spot(b, s);
    }
    return rc;
}

/* ---- order ------------------------------------------------------------ */

static const char *rule_of(const builder *b, uint32_t form)
{
    return b->h->store.forms.at[form].match.rule->id;
}

static int compare_paths(const char *a, const char *b)
{
    if (!a || !b)
        return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

static int compare_spots(const void *left, const void *right, void *ctx)
{
    const spot *a = left, *b = right;
    const builder *bd = ctx;
    uint64_t at_a = offset_of(bd, a), at_b = offset_of(bd, b);
    int order;

    if (a->secret != b->secret)
        return a->secret < b->secret ? -1 : 1;
    if (a->reach != b->reach)
        return (int)a->reach - (int)b->reach;
    order = compare_paths(a->path, b->path);
    if (order)
        return order;
    if (a->object != b->object)
        return a->object < b->object ? -1 : 1;
    if (a->source != b->source)
        return (int)a->source - (int)b->source;
    if (at_a != at_b)
        return at_a < at_b ? -1 : 1;
    return strcmp(rule_of(bd, a->form), rule_of(bd, b->form));
}

/* The strongest evidence, then the most specific rule, then the id. */
static int is_stronger(const builder *b, uint32_t left, uint32_t right)
{
    const ss_match *x = &b->h->store.forms.at[left].match;
    const ss_match *y = &b->h->store.forms.at[right].match;

    if (x->evidence != y->evidence)
        return x->evidence > y->evidence;
    if (x->rule->specificity != y->rule->specificity)
        return x->rule->specificity > y->rule->specificity;
    if (x->rule != y->rule)
        return strcmp(x->rule->id, y->rule->id) < 0;
    if (x->is_hygiene != y->is_hygiene)
        return x->is_hygiene < y->is_hygiene;
    return x->severity > y->severity;
}

/* Who brought it in; of a secret that was there before, who put it where it was
 * not. */
static const ss_attr_intro *intro_at(const builder *b, const draft *d, size_t i)
{
    if (d->n_repeats)
        return &b->repeats.list.at[d->repeat + i].at;
    return &ss_attr_get(b->h->attr, d->secret)->intros.at[i];
}

static size_t count_intros(const builder *b, const draft *d)
{
    return d->n_repeats ? d->n_repeats
                        : ss_attr_get(b->h->attr, d->secret)->intros.len;
}

/* The spot of an introduction: same place or same commit's text. */
static uint32_t find_spot(const builder *b, const draft *d,
                          const ss_attr_intro *intro)
{
    uint32_t object = b->h->walk.commits.at[intro->commit].object;

    for (uint32_t i = d->first; i < d->first + d->n; i++) {
        const spot *s = &b->spots.at[i];

        if (intro->place == SS_NO_PLACE
                ? s->place == SS_NO_PLACE && s->object == object
                : s->place == intro->place)
            return i;
    }
    return d->first;
}

static void choose_form(const builder *b, draft *d)
{
    for (uint32_t i = d->first; i < d->first + d->n; i++) {
        uint32_t form = b->spots.at[i].form;
        uint8_t confidence = b->h->store.forms.at[form].match.confidence;

        if (is_stronger(b, form, d->form))
            d->form = form;
        if (confidence > d->confidence)
            d->confidence = confidence;
    }
}

/* A push sends it with no commit: in a tag's text, or below a ref that names a
 * tree or a blob. */
static int is_named(const builder *b, uint32_t first, uint32_t n)
{
    const ss_git_history *h = b->h;

    for (uint32_t i = first; i < first + n; i++) {
        const spot *s = &b->spots.at[i];

        if (s->object != SS_NO_OBJECT && s->reach == SECSCAN_REACH_REF &&
            (s->place == SS_NO_PLACE ? h->walk.reached[s->object]
                                     : h->has_named_tree))
            return 1;
    }
    return 0;
}

static int add_draft(builder *b, uint32_t first, uint32_t n)
{
    const spot *s = &b->spots.at[first];
    const ss_attr_secret *known = ss_attr_get(b->h->attr, s->secret);
    draft d = {.secret = s->secret,
               .form = s->form,
               .first = first,
               .n = n,
               .lead = first,
               .order = SS_NO_COMMIT,
               .reach = s->reach};

    if (b->h->is_range && !known->intros.len) {
        d.repeat = ss_git_repeats_of(&b->repeats, s->secret, &d.n_repeats);
        if (!d.n_repeats && !is_named(b, first, n))
            return 0;
    } else if (!known->intros.len && known->n_excluded) {
        b->h->scan->handle->coverage.suppressed++;
        return 0;
    }
    choose_form(b, &d);
    if (count_intros(b, &d)) {
        d.lead = find_spot(b, &d, intro_at(b, &d, 0));
        d.order = intro_at(b, &d, 0)->commit;
    }
    return SS_VEC_PUSH(&b->drafts, d) ? ss_fail_nomem(b->h->err) : 0;
}

static int make_drafts(builder *b)
{
    size_t from = 0;
    int rc = 0;

    if (b->spots.len)
        qsort_r(b->spots.at, b->spots.len, sizeof(spot), compare_spots, b);
    for (size_t i = 1; !rc && i <= b->spots.len; i++) {
        if (i < b->spots.len &&
            b->spots.at[i].secret == b->spots.at[from].secret)
            continue;
        rc = add_draft(b, (uint32_t)from, (uint32_t)(i - from));
        from = i;
    }
    return rc;
}

/* ---- parts of other findings ---- */

/* Wherever the secret stands it is a part of a finding that is delivered. */
static int is_covered(const builder *b, const draft *d,
                      const uint8_t *has_draft)
{
    for (uint32_t i = d->first; i < d->first + d->n; i++) {
        uint32_t whole = b->spots.at[i].whole;

        if (whole == SS_NO_FORM ||
            !has_draft[b->h->store.forms.at[whole].secret])
            return 0;
    }
    return 1;
}

static int drop_covered(builder *b)
{
    uint8_t *has_draft = ss_calloc(ss_git_store_n_secrets(&b->h->store), 1);
    size_t n = 0;

    if (!has_draft)
        return ss_fail_nomem(b->h->err);
    for (size_t i = 0; i < b->drafts.len; i++)
        has_draft[b->drafts.at[i].secret] = 1;
    for (size_t i = 0; i < b->drafts.len; i++) {
        if (!is_covered(b, &b->drafts.at[i], has_draft))
            b->drafts.at[n++] = b->drafts.at[i];
    }
    b->drafts.len = n;
    ss_free(has_draft);
    return 0;
}

static int compare_drafts(const void *left, const void *right, void *ctx)
{
    const draft *a = left, *b = right;
    const builder *bd = ctx;
    const spot *x = &bd->spots.at[a->lead], *y = &bd->spots.at[b->lead];
    uint64_t at_x = offset_of(bd, x), at_y = offset_of(bd, y);
    const ss_map_entry *secrets = bd->h->store.secrets.entries;
    int order;

    if (a->order != b->order)
        return a->order < b->order ? -1 : 1;
    order = compare_paths(x->path, y->path);
    if (order)
        return order;
    if (x->object != y->object)
        return x->object < y->object ? -1 : 1;
    if (at_x != at_y)
        return at_x < at_y ? -1 : 1;
    order = strcmp(rule_of(bd, a->form), rule_of(bd, b->form));
    return order ? order
                 : ss_bytes_compare(secrets[a->secret].key,
                                    secrets[b->secret].key);
}

/* ---- pieces of a finding ---------------------------------------------- */

static const char *keep_str(builder *b, ss_bytes s)
{
    return ss_arena_str(&b->kept, (const char *)s.data, s.len);
}

static const char *hex_of(builder *b, ss_arena *arena, uint32_t object)
{
    char id[SS_OID_TEXT];

    ss_oid_write(id, &b->h->objects.list.at[object].id, b->h->id_len);
    return ss_arena_str(arena, id, 2 * b->h->id_len);
}

static int read_commit(builder *b, secscan_commit *out, uint32_t object)
{
    ss_git_data data;
    ss_git_commit c;
    int rc;

    rc = ss_git_object_read(&data, b->h->git, &b->h->objects.list.at[object].id,
                            0, b->h->err);
    if (rc)
        return rc;
    rc = ss_git_commit_parse(&c, data.bytes, b->h->id_len);
    if (!rc) {
        out->id = hex_of(b, &b->kept, object);
        out->author_name = keep_str(b, c.author.name);
        out->author_email = keep_str(b, c.author.email);
        out->subject = keep_str(b, ss_git_subject(c.message));
        out->author_time = c.author.time;
        out->commit_time = c.committer.time;
        out->author_offset = c.author.offset;
        if (!out->id || !out->author_name || !out->author_email ||
            !out->subject)
            rc = ss_fail_nomem(b->h->err);
    }
    ss_git_data_release(&data);
    return rc;
}

/* Many secrets come in with one commit: it is read once. */
static int fill_commit(builder *b, secscan_commit *out, uint32_t object)
{
    const ss_oid *id = &b->h->objects.list.at[object].id;
    ss_map_entry *entry;
    int is_new, rc;

    entry =
        ss_map_put(&b->commits, ss_bytes_of(id->id, sizeof(id->id)), &is_new);
    if (!entry)
        return ss_fail_nomem(b->h->err);
    if (is_new) {
        secscan_commit *made = ss_arena_alloc(&b->kept, sizeof(*made));

        if (!made)
            return ss_fail_nomem(b->h->err);
        memset(made, 0, sizeof(*made));
        rc = read_commit(b, made, object);
        if (rc)
            return rc;
        entry->value.ptr = made;
    }
    *out = *(const secscan_commit *)entry->value.ptr;
    return 0;
}

static int fill_place(builder *b, secscan_place *out, const spot *s)
{
    const ss_git_hit *hit = hit_of(b, s);

    memset(out, 0, sizeof(*out));
    out->path = s->path;
    out->file_len = s->file_len;
    out->source = s->source;
    if (s->source == SECSCAN_SOURCE_LFS) {
        out->object = hit->path;
    } else if (s->object != SS_NO_OBJECT) {
        out->object = hex_of(b, &b->arena, s->object);
        if (!out->object)
            return ss_fail_nomem(b->h->err);
    }
    if (!hit)
        return 0;
    out->offset = hit->offset;
    out->line_start = hit->line_start;
    out->line_end = hit->line_end;
    out->column_start = hit->column_start;
    out->column_end = hit->column_end;
    if (hit->encodings &&
        ss_place_fill_encodings(out, hit->encodings, &b->arena))
        return ss_fail_nomem(b->h->err);
    return 0;
}

/* The same bytes found by two rules are one place. */
static int is_same_place(const builder *b, const spot *x, const spot *y)
{
    return x->path == y->path && x->object == y->object &&
           x->source == y->source && offset_of(b, x) == offset_of(b, y);
}

/* Is the path among the spots of that reach? They are sorted by both. */
static int has_path(const spot *at, size_t n, int reach, const char *path)
{
    while (n) {
        size_t half = n / 2;
        int order = (int)at[half].reach - reach;

        if (!order)
            order = compare_paths(at[half].path, path);
        if (!order)
            return 1;
        if (order < 0) {
            at += half + 1;
            n -= half + 1;
        } else {
            n = half;
        }
    }
    return 0;
}

/* A file's path that no spot before `i` has. */
static int is_new_path(const builder *b, const draft *d, uint32_t i)
{
    const spot *first = &b->spots.at[d->first], *s = first + i;

    if (s->place == SS_NO_PLACE)
        return 0;
    if (i && s[-1].place != SS_NO_PLACE && s[-1].reach == s->reach &&
        !strcmp(s[-1].path, s->path))
        return 0;
    for (int reach = 0; reach < (int)s->reach; reach++) {
        if (has_path(first, i, reach, s->path))
            return 0;
    }
    return 1;
}

static int fill_places(builder *b, secscan_finding *f, const draft *d)
{
    uint32_t max = d->n < MAX_PLACES ? d->n : MAX_PLACES;
    secscan_place *places = ss_arena_alloc(&b->arena, max * sizeof(*places));
    const spot *last = NULL, *lead = &b->spots.at[d->lead];
    size_t n = 0;
    int rc;

    if (!places)
        return ss_fail_nomem(b->h->err);
    rc = fill_place(b, &places[n++], lead);
    for (uint32_t i = 0; !rc && i < d->n; i++) {
        const spot *s = &b->spots.at[d->first + i];

        f->n_paths += (uint64_t)is_new_path(b, d, i);
        if (n < max && !is_same_place(b, s, lead) &&
            !(last && is_same_place(b, s, last)))
            rc = fill_place(b, &places[n++], s);
        last = s;
    }
    f->places = places;
    f->n_places = n;
    f->place = places[0];
    return rc;
}

static int fill_intros(builder *b, secscan_finding *f, const draft *d)
{
    const ss_git_history *h = b->h;
    const ss_attr_secret *known = ss_attr_get(h->attr, d->secret);
    size_t all = count_intros(b, d);
    size_t n = all < MAX_INTROS ? all : MAX_INTROS;
    secscan_introduction *intros =
        ss_arena_alloc(&b->arena, n * sizeof(*intros));
    int rc = 0;

    if (!intros)
        return ss_fail_nomem(h->err);
    memset(intros, 0, n * sizeof(*intros));
    for (size_t i = 0; !rc && i < n; i++) {
        const ss_attr_intro *from = intro_at(b, d, i);
        const ss_walk_commit *c = &h->walk.commits.at[from->commit];

        intros[i].reach = c->reach;
        intros[i].is_boundary = c->is_boundary || c->has_missing;
        rc = fill_place(b, &intros[i].place,
                        &b->spots.at[find_spot(b, d, from)]);
        if (!rc)
            rc = fill_commit(b, &intros[i].commit, c->object);
    }
    f->introductions = intros;
    f->n_introductions = n;
    f->n_commits = known->n_commits;
    f->in_head = known->in_head;
    return rc;
}

/* Commits that took it out. */
static int fill_removals(builder *b, secscan_finding *f, const draft *d)
{
    const ss_git_history *h = b->h;
    const ss_attr_secret *known = ss_attr_get(h->attr, d->secret);
    size_t all = known->removals.len;
    size_t n = all < MAX_INTROS ? all : MAX_INTROS;
    secscan_commit *commits = ss_arena_alloc(&b->arena, n * sizeof(*commits));
    int rc = 0;

    if (!commits)
        return ss_fail_nomem(h->err);
    for (size_t i = 0; !rc && i < n; i++) {
        uint32_t commit = known->removals.at[i];

        rc = fill_commit(b, &commits[i], h->walk.commits.at[commit].object);
    }
    f->removals = n ? commits : NULL;
    f->n_removals = n;
    return rc;
}

static int add_also(const char **ids, size_t *n, const char *id,
                    const char *own)
{
    if (strcmp(id, own) == 0)
        return 0;
    for (size_t i = 0; i < *n; i++) {
        if (strcmp(ids[i], id) == 0)
            return 0;
    }
    ids[(*n)++] = id;
    return 0;
}

static int compare_ids(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Every other rule that found it anywhere, and looks at files of its path. */
static int fill_also(builder *b, secscan_finding *f, const draft *d)
{
    const ss_rule_set *set = b->h->scan->handle->set;
    ss_filter *filter = ss_scanner_filter(b->h->scan->handle->scanner);
    const char **ids = ss_arena_alloc(&b->arena, set->n_rules * sizeof(*ids));
    uint32_t last = UINT32_MAX;
    size_t n = 0;

    if (!ids)
        return ss_fail_nomem(b->h->err);
    for (uint32_t i = d->first; i < d->first + d->n; i++) {
        uint32_t form = b->spots.at[i].form;
        const ss_match *m = &b->h->store.forms.at[form].match;

        if (form == last)
            continue;
        last = form;
        add_also(ids, &n, m->rule->id, f->rule);
        for (size_t k = 0; k < m->n_also; k++) {
            if (ss_filter_is_at(filter, m->also[k], f->place.path))
                add_also(ids, &n, set->rules[m->also[k]]->id, f->rule);
        }
    }
    if (n)
        qsort(ids, n, sizeof(*ids), compare_ids);
    f->also = n ? ids : NULL;
    f->n_also = n;
    return 0;
}

/* The verdict of the strongest rule, the bytes of the leading place. */
static ss_match lead_match(const builder *b, const draft *d)
{
    const ss_match *best = &b->h->store.forms.at[d->form].match;
    ss_match m = b->h->store.forms.at[b->spots.at[d->lead].form].match;
    const ss_git_hit *hit = hit_of(b, &b->spots.at[d->lead]);

    m.rule = best->rule;
    m.rule_number = best->rule_number;
    m.evidence = best->evidence;
    m.severity = best->severity;
    m.confidence = d->confidence;
    m.is_hygiene = best->is_hygiene;
    m.reason = best->reason;
    m.encodings = (ss_encodings){0};
    if (hit && hit->encodings)
        m.encodings = *hit->encodings;
    m.also = NULL;
    m.n_also = 0;
    m.parts = NULL; /* their places: fill_parts */
    m.n_parts = 0;
    return m;
}

static size_t n_parts_at(const builder *b, uint32_t i)
{
    return b->h->store.forms.at[b->spots.at[i].form].match.n_parts;
}

/* The leading place, or if none is near that, the one with the most parts. */
static const spot *find_parts(const builder *b, const draft *d)
{
    uint32_t best = d->lead;

    for (uint32_t i = d->first; !n_parts_at(b, d->lead) && i < d->first + d->n;
         i++) {
        if (n_parts_at(b, i) > n_parts_at(b, best))
            best = i;
    }
    return n_parts_at(b, best) ? &b->spots.at[best] : NULL;
}

static int fill_parts(builder *b, secscan_finding *f, const draft *d)
{
    const spot *s = find_parts(b, d);
    ss_match m;
    ss_part *parts;
    secscan_place place;
    int rc;

    if (!s)
        return 0;
    m = b->h->store.forms.at[s->form].match;
    parts = ss_arena_copy(&b->arena, m.parts, m.n_parts * sizeof(*parts));
    rc = parts ? fill_place(b, &place, s) : ss_fail_nomem(b->h->err);
    if (rc)
        return rc;
    for (size_t i = 0; i < m.n_parts; i++) {
        parts[i].offset += place.offset;
        parts[i].line_start += place.line_start;
        parts[i].line_end += place.line_start;
    }
    m.parts = parts;
    return ss_finding_fill_parts(f, b->h->scan->handle, &m, &place, &b->arena)
               ? ss_fail_nomem(b->h->err)
               : 0;
}

/* Not where only unreachable objects are. */
static int gates_at(const builder *b, const spot *s)
{
    const ss_git_scan *scan = b->h->scan;

    if (s->reach == SECSCAN_REACH_UNREACHABLE &&
        !(scan->options.flags & SECSCAN_GIT_GATE_UNREACHABLE))
        return 0;
    return ss_match_gates(scan->handle, &b->h->store.forms.at[s->form].match,
                          s->path);
}

/* At one of its places. */
static int gates(const builder *b, const draft *d)
{
    for (uint32_t i = d->first; i < d->first + d->n; i++) {
        if (gates_at(b, &b->spots.at[i]))
            return 1;
    }
    return 0;
}

static int is_intro(const builder *b, const draft *d, const spot *s)
{
    for (size_t i = 0; i < count_intros(b, d); i++) {
        if (intro_at(b, d, i)->place == s->place)
            return 1;
    }
    return 0;
}

/* Every place where it gates, or, of what gates nowhere, every place. What else
 * a reflog of this clone still has is the same secret once more. */
static int counts_at(const builder *b, const secscan_finding *f, const draft *d,
                     const spot *s)
{
    if (s->reach == SECSCAN_REACH_REFLOG && d->reach < SECSCAN_REACH_REFLOG)
        return 0;
    return !f->gates || gates_at(b, s);
}

/* The path that its commits have, member or not. */
static const char *file_of(const builder *b, const spot *s)
{
    const ss_attr *attr = b->h->attr;

    return ss_attr_path(attr, ss_attr_place_at(attr, s->place)->path);
}

/* It is hidden when every place that counts is. */
static int hide(builder *b, secscan_finding *f, const draft *d)
{
    ss_git_hide hide = {
        .h = b->h, .fingerprint = f->fingerprint, .arena = &b->arena};
    const secscan_policy *policy = b->h->scan->handle->hide.policy;
    int has_positions = policy && policy->positions.len;
    int rc = 0;

    if (!policy)
        return 0;
    for (uint32_t i = d->first; !rc && i < d->first + d->n; i++) {
        const spot *s = &b->spots.at[i];
        const ss_git_hit *hit = hit_of(b, s);
        const ss_git_hide_place place = {
            .match = &b->h->store.forms.at[s->form].match,
            .path = s->path,
            .file = s->place == SS_NO_PLACE ? NULL : file_of(b, s),
            .source = secscan_source_name(s->source),
            .object = s->object,
            .line = hit ? hit->line_start : 0,
            .is_intro = has_positions && is_intro(b, d, s)};

        rc = ss_git_hide_add(&hide, &place, counts_at(b, f, d, s));
    }
    if (!rc)
        rc = ss_git_hide_end(&hide, f, &b->h->store.forms.at[d->form].match);
    ss_git_hide_release(&hide);
    return rc ? ss_fail_nomem(b->h->err) : 0;
}

/* Of a secret that was there before: where. */
static void fill_known(const builder *b, secscan_finding *f, const draft *d)
{
    uint32_t before;

    if (!d->n_repeats)
        return;
    f->is_known = 1;
    f->gates = 0;
    before = b->repeats.list.at[d->repeat].before;
    if (before != SS_NO_PLACE)
        f->known_path = ss_attr_path(
            b->h->attr, ss_attr_place_at(b->h->attr, before)->path);
}

static void fill_refs(const builder *b, secscan_finding *f, const draft *d)
{
    const ss_git_ref_list *list;

    if (d->secret >= b->reach.n)
        return;
    list = &b->reach.of[d->secret];
    f->refs = list->names;
    f->n_refs_listed = list->n;
    f->n_refs = list->n_all;
}

static int deliver_draft(builder *b, const draft *d)
{
    ss_git_history *h = b->h;
    char fingerprint[SS_FINGERPRINT_TEXT];
    const ss_origin origin = {NULL, NULL, SECSCAN_SOURCE_BLOB};
    ss_match m = lead_match(b, d);
    secscan_finding f;
    int rc;

    rc = ss_finding_fill(&f, h->scan->handle, &m, &origin, 0, fingerprint,
                         &b->arena);
    if (rc)
        return ss_fail_nomem(h->err);
    memcpy(fingerprint, h->store.secrets.entries[d->secret].key.data,
           sizeof(fingerprint));
    rc = fill_places(b, &f, d);
    if (!rc)
        rc = fill_intros(b, &f, d);
    if (!rc)
        rc = fill_removals(b, &f, d);
    if (!rc)
        rc = fill_also(b, &f, d);
    if (!rc)
        rc = fill_parts(b, &f, d);
    if (rc)
        return rc;
    f.reach = d->reach;
    fill_refs(b, &f, d);
    f.gates = (uint32_t)gates(b, d);
    rc = hide(b, &f, d);
    if (rc)
        return rc;
    fill_known(b, &f, d);
    if (!ss_git_gate_holds(&h->gate, &f)) {
        f.gates = 0;
        if (h->scan->handle->gate.is_new_only) {
            h->scan->handle->coverage.unlisted++;
            return 0;
        }
    }
    return ss_deliver_finding(h->scan->handle, &f, &h->scan->sink);
}

static int deliver_all(builder *b)
{
    int rc = 0;

    if (b->drafts.len)
        qsort_r(b->drafts.at, b->drafts.len, sizeof(draft), compare_drafts, b);
    for (size_t i = 0; !rc && i < b->drafts.len; i++) {
        rc = deliver_draft(b, &b->drafts.at[i]);
        ss_arena_reset(&b->arena);
    }
    return rc;
}

static int has_commit_lists(const ss_rule_set *set)
{
    for (size_t i = 0; i < set->n_allowlists; i++) {
        if (set->allowlists[i].n_commits)
            return 1;
    }
    for (size_t i = 0; i < set->n_rules; i++) {
        for (size_t k = 0; k < set->rules[i]->n_allowlists; k++) {
            if (set->rules[i]->allowlists[k].n_commits)
                return 1;
        }
    }
    return 0;
}

static int add_texts(ss_git_history *h)
{
    int rc = 0;

    for (size_t i = 0; !rc && i < h->store.hits.len; i++) {
        const ss_git_hit *hit = &h->store.hits.at[i];
        uint32_t commit;

        if (hit->object == SS_NO_OBJECT)
            continue;
        commit = h->walk.by_object[hit->object];
        if (commit != SS_NO_COMMIT &&
            ss_git_judge_form(h, hit->form, NULL, hit->member))
            rc = ss_attr_add_text(h->attr, commit,
                                  h->store.forms.at[hit->form].secret, h->err);
    }
    return rc;
}

static int tell_cut(ss_git_history *h)
{
    const ss_origin origin = {NULL, NULL, SECSCAN_SOURCE_BLOB};

    return ss_deliver_skip(h->scan->handle, &origin, "unsupported",
                           "trees too deep, or too many places of findings",
                           &h->scan->sink);
}

static int attribute(ss_git_history *h)
{
    ss_attr_ops ops = {h, ss_git_judge_at, NULL};
    int rc = add_texts(h);

    if (has_commit_lists(h->scan->handle->set))
        ops.is_excluded = ss_git_judge_excluded;
    if (!rc)
        rc = ss_attr_run(h->attr, ss_git_store_n_secrets(&h->store), &ops,
                         h->err);
    return rc || !ss_attr_is_cut(h->attr) ? rc : tell_cut(h);
}

int ss_git_deliver_findings(ss_git_history *h)
{
    builder b = {.h = h};
    int rc;

    rc = attribute(h);
    if (!rc && h->is_range)
        rc = ss_git_repeats_find(&b.repeats, h);
    if (!rc && (!h->is_range || h->refs.roots.len))
        rc = ss_git_reach_find(&b.reach, h);
    for (uint32_t i = 0; !rc && i < ss_attr_n_places(h->attr); i++)
        rc = add_place_spots(&b, i);
    if (!rc)
        rc = add_other_spots(&b);
    if (!rc)
        rc = make_drafts(&b);
    if (!rc && b.drafts.len)
        rc = drop_covered(&b);
    if (!rc)
        rc = deliver_all(&b);
    ss_git_repeats_release(&b.repeats);
    ss_git_reach_release(&b.reach);
    SS_VEC_RELEASE(&b.spots);
    SS_VEC_RELEASE(&b.drafts);
    ss_map_release(&b.commits);
    ss_map_release(&b.paths);
    ss_arena_release(&b.arena);
    ss_arena_release(&b.kept);
    return rc;
}
