/*
 * run_git_range.c: what the commits of a range, or of a push, introduce.
 * First only what they bring in is scanned. When that has something, the trees
 * around the range are scanned too, and the attribution of a history decides: a
 * secret that a parent holds anywhere is not new.
 */
#include "run_git.h"

#include "base/alloc.h"
#include "os/clock.h"
#include "run/member.h"
#include "run/run_container.h"
#include "run_git_blobs.h"
#include "run_git_finding.h"
#include "run_git_judge.h"
#include "source/git_header.h"
#include "source/git_push.h"
#include "source/git_range.h"
#include "source/git_store.h"

#include <stdlib.h>

#define MANY_BLOBS                                                             \
    256u /* worth a pool; with a deadline, an answer comes sooner */
#define SOME_BLOBS 32u

typedef struct change {
    uint32_t blob;    /* position in `news` */
    const char *path; /* in the arena */
    int is_new_path;
} change;

typedef struct range_run {
    const ss_git_scan *scan;
    ss_git *git;
    size_t id_len;
    ss_git_refs refs;
    uint64_t deadline; /* of ss_clock_ms; 0: none */
    ss_git_push push;
    ss_git_range range;
    ss_git_blobs news;
    SS_VEC(uint32_t) order; /* commits of the range, the newest first */
    size_t n_done;          /* of them: all that they bring in is scanned */
    SS_VEC(change) changes;
    ss_map new_ids; /* to position in `news` */
    int has_text_match;
    ss_arena arena;
    secscan_error *err;
} range_run;

static int open_repository(range_run *r)
{
    const secscan_git_options *options = &r->scan->options;
    int rc = ss_git_open(&r->git, r->scan->path, options->flags, r->err);

    for (size_t i = 0; !rc && i < options->n_object_dirs; i++)
        rc = ss_git_add_objects(r->git, options->object_dirs[i], r->err);
    if (rc)
        return rc;
    r->id_len = ss_git_id_len(r->git);
    return ss_git_heads_read(&r->refs, r->git, r->err);
}

static int open_push(range_run *r)
{
    secscan_coverage *coverage = &r->scan->handle->coverage;
    int rc = ss_git_push_read(&r->push, r->git, &r->scan->options, r->err);

    if (rc)
        return rc;
    if (r->push.has_lost)
        coverage->warning = "What the remote has of a ref is not here: more "
                            "may have been read than the push publishes.";
    coverage->refs += r->push.refs.n_refs;
    return ss_git_range_between(&r->range, r->git, r->push.wanted.at,
                                r->push.wanted.len, r->push.known.at,
                                r->push.known.len, &r->refs, r->err);
}

static int open_range(range_run *r)
{
    const char *range = r->scan->options.range;
    int rc = open_repository(r);

    if (rc)
        return rc;
    if (r->scan->options.mode == SECSCAN_GIT_PUSH)
        return open_push(r);
    if (r->scan->options.n_commits)
        return ss_git_range_of(&r->range, r->git, r->scan->options.commits,
                               r->scan->options.n_commits, &r->refs, r->err);
    rc = ss_handle_set_range(r->scan->handle, range, r->err);
    return rc ? rc
              : ss_git_range_read(&r->range, r->git, range, &r->refs, r->err);
}

/* ---- what the commits bring in ---------------------------------------- */

static int add_change(void *ctx, const char *path, const ss_oid *blob,
                      int is_new_path)
{
    range_run *r = ctx;
    change c = {.is_new_path = is_new_path};
    ss_map_entry *entry;
    int is_new;

    if (path && ss_hide_note_change(&r->scan->handle->hide, path))
        return ss_fail_nomem(r->err);
    c.path = path ? ss_arena_str(&r->arena, path, strlen(path)) : NULL;
    entry = ss_map_put(&r->new_ids, ss_bytes_of(blob->id, sizeof(blob->id)),
                       &is_new);
    if ((path && !c.path) || !entry)
        return ss_fail_nomem(r->err);
    if (is_new) {
        entry->value.num = r->news.list.len;
        entry->key.data = ss_arena_copy(&r->arena, blob->id, sizeof(blob->id));
        if (!entry->key.data || ss_git_blobs_add(&r->news, blob, c.path))
            return ss_fail_nomem(r->err);
    }
    c.blob = (uint32_t)entry->value.num;
    return SS_VEC_PUSH(&r->changes, c) ? ss_fail_nomem(r->err) : 0;
}

static int diff_commit(range_run *r, const ss_range_commit *c)
{
    ss_oid parents[SS_MAX_DIFF_PARENTS];
    size_t n = 0;

    /* With more parents than that some changes are told that are none: the
     * attribution looks at all of them. */
    for (uint32_t k = 0; k < c->n_parents && n < SS_MAX_DIFF_PARENTS; k++) {
        uint32_t p = r->range.parents.at[c->first_parent + k];

        parents[n++] = r->range.commits.at[p].tree;
    }
    return ss_git_tree_diff(r->git, &c->tree, parents, n, add_change, r,
                            r->err);
}

static void note_match(range_run *r, const ss_match *match)
{
    ss_filter *filter = ss_scanner_filter(r->scan->handle->scanner);

    if (ss_member_verdict(filter, match, NULL, match->member, NULL) == SS_KEEP)
        r->has_text_match = 1;
}

static int scan_text(range_run *r, ss_bytes text)
{
    secscan_scanner *handle = r->scan->handle;
    ss_results results = SS_RESULTS_INIT;
    const ss_match_sink sink = ss_results_sink(&results);
    const ss_origin origin = {NULL, NULL, SECSCAN_SOURCE_COMMIT_MESSAGE};
    ss_unpacker unpacker;
    int rc;

    if (!text.len)
        return 0;
    ss_unpacker_init(&unpacker, handle, handle->scanner);
    rc = ss_scanner_scan(handle->scanner, text, &sink, r->err);
    if (!rc)
        rc = ss_unpack_end(&unpacker, &results, 0, r->err);
    if (!rc)
        rc =
            ss_results_deliver_skips(&results, handle, &origin, &r->scan->sink);
    for (size_t i = 0; i < results.matches.len; i++)
        note_match(r, &results.matches.at[i]);
    ss_unpacker_release(&unpacker);
    ss_results_release(&results);
    return rc;
}

/* What a commit or a tag carries beside its people and its message. */
static int scan_rest(range_run *r, ss_bytes object)
{
    ss_buf rest = SS_BUF_INIT(SIZE_MAX / 4);
    int rc = ss_git_header_rest(&rest, object, r->id_len)
                 ? ss_fail_nomem(r->err)
                 : scan_text(r, ss_buf_bytes(&rest));

    ss_buf_release(&rest);
    return rc;
}

static int scan_commit_text(range_run *r, const ss_range_commit *c)
{
    ss_git_data data;
    ss_git_commit parsed;
    int rc = ss_git_object_read(&data, r->git, &c->id, 0, r->err);

    if (rc)
        return rc;
    rc = ss_git_commit_parse(&parsed, data.bytes, r->id_len);
    if (!rc)
        rc = scan_text(r, parsed.author.whole);
    if (!rc)
        rc = scan_text(r, parsed.committer.whole);
    if (!rc)
        rc = scan_text(r, parsed.message);
    if (!rc)
        rc = scan_rest(r, data.bytes);
    ss_git_data_release(&data);
    return rc;
}

static int scan_tag_text(range_run *r, const ss_oid *id)
{
    ss_git_data data;
    ss_git_tag tag;
    int rc = ss_git_object_read(&data, r->git, id, 0, r->err);

    if (rc)
        return rc;
    rc = ss_git_tag_parse(&tag, data.bytes, r->id_len);
    if (!rc)
        rc = scan_text(r, tag.tagger.whole);
    if (!rc)
        rc = scan_text(r, tag.message);
    if (!rc)
        rc = scan_rest(r, data.bytes);
    ss_git_data_release(&data);
    return rc;
}

/* Tags, and files that no commit leads to. */
static int add_named(range_run *r)
{
    int rc = 0;

    for (size_t i = 0; !rc && i < r->push.named.len; i++) {
        const ss_git_named *named = &r->push.named.at[i];

        if (named->kind == SS_GIT_TAG)
            rc = scan_tag_text(r, &named->id);
        else if (named->kind == SS_GIT_TREE)
            rc = ss_git_tree_diff(r->git, &named->id, NULL, 0, add_change, r,
                                  r->err);
        else
            rc = add_change(r, NULL, &named->id, 0);
        r->scan->handle->coverage.tags += named->kind == SS_GIT_TAG;
    }
    return rc;
}

static int compare_ages(const void *left, const void *right, void *ctx)
{
    const range_run *r = ctx;
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    const ss_range_commit *x = &r->range.commits.at[a];
    const ss_range_commit *y = &r->range.commits.at[b];

    if (x->time != y->time)
        return x->time > y->time ? -1 : 1;
    return a < b ? -1 : 1; /* as they were come upon */
}

static int order_commits(range_run *r)
{
    for (uint32_t i = 0; i < r->range.commits.len; i++) {
        if (r->range.commits.at[i].in_range && SS_VEC_PUSH(&r->order, i))
            return ss_fail_nomem(r->err);
    }
    if (r->order.len)
        qsort_r(r->order.at, r->order.len, sizeof(uint32_t), compare_ages, r);
    return 0;
}

static int scan_blobs(range_run *r, size_t n_begun)
{
    int rc = ss_git_blobs_scan(&r->news, r->scan, r->git, r->err);

    if (!rc && !r->news.is_late)
        r->n_done = n_begun;
    return rc;
}

static int scan_commits(range_run *r)
{
    const size_t many = r->news.deadline ? SOME_BLOBS : MANY_BLOBS;
    size_t i;
    int rc = 0;

    for (i = 0; !rc && i < r->order.len && !r->news.is_late; i++) {
        const ss_range_commit *c = &r->range.commits.at[r->order.at[i]];

        rc = diff_commit(r, c);
        if (!rc)
            rc = scan_commit_text(r, c);
        if (!rc && r->news.list.len - r->news.n_scanned >= many)
            rc = scan_blobs(r, i + 1);
        if (r->news.deadline && ss_clock_ms() >= r->news.deadline)
            r->news.is_late = 1;
    }
    return rc || r->news.is_late ? rc : scan_blobs(r, i);
}

static int scan_news(range_run *r)
{
    secscan_coverage *coverage = &r->scan->handle->coverage;
    int rc = add_named(r);

    /* No commit stands for these when they are late. */
    if (!rc)
        rc = ss_git_blobs_scan(&r->news, r->scan, r->git, r->err);
    r->news.deadline = r->deadline;
    if (!rc)
        rc = order_commits(r);
    if (!rc)
        rc = scan_commits(r);
    coverage->commits += r->n_done;
    coverage->blobs += r->news.n_scanned;
    return rc;
}

/* Commits that were not begun, or not ended, in time. */
static int deliver_left(range_run *r)
{
    int rc = 0;

    for (size_t i = r->n_done; !rc && i < r->order.len; i++) {
        char id[SS_OID_TEXT];
        const ss_origin origin = {NULL, id, SECSCAN_SOURCE_BLOB};

        ss_oid_write(id, &r->range.commits.at[r->order.at[i]].id, r->id_len);
        rc = ss_deliver_skip(r->scan->handle, &origin, "deadline",
                             "what the commit brings in was not read in time",
                             &r->scan->sink);
    }
    return rc;
}

static int deliver_skips(range_run *r)
{
    int rc = 0;

    for (size_t i = 0; !rc && i < r->news.list.len; i++) {
        const ss_git_blob *blob = &r->news.list.at[i];
        char id[SS_OID_TEXT];
        ss_origin origin = {blob->path, id, SECSCAN_SOURCE_BLOB};

        ss_oid_write(id, &blob->id, r->id_len);
        if (blob->reason)
            rc = ss_deliver_skip(r->scan->handle, &origin, blob->reason, "",
                                 &r->scan->sink);
        if (!rc)
            rc = ss_results_deliver_skips(&blob->results, r->scan->handle,
                                          &origin, &r->scan->sink);
    }
    return rc;
}

static int has_path_match(const range_run *r, const change *c)
{
    const secscan_scanner *handle = r->scan->handle;
    ss_filter *filter = ss_scanner_filter(handle->scanner);

    for (size_t i = 0; c->is_new_path && i < handle->n_path_rules; i++) {
        ss_match match = ss_path_match(handle, i);

        if (ss_filter_origin(filter, &match, c->path, NULL) == SS_KEEP)
            return 1;
    }
    return 0;
}

/* Whether there is anything to attribute. */
static int has_candidates(const range_run *r)
{
    ss_filter *filter = ss_scanner_filter(r->scan->handle->scanner);

    if (r->has_text_match)
        return 1;
    for (size_t i = 0; i < r->changes.len; i++) {
        const change *c = &r->changes.at[i];
        const ss_results *results = &r->news.list.at[c->blob].results;

        for (size_t k = 0; k < results->matches.len; k++) {
            const ss_match *m = &results->matches.at[k];

            if (ss_member_verdict(filter, m, c->path, m->member, NULL) !=
                SS_DROP)
                return 1;
        }
        if (has_path_match(r, c))
            return 1;
    }
    return 0;
}

/* ---- attribution ------------------------------------------------------ */

typedef struct collector {
    ss_git_history *h;
    ss_map seen;
    ss_arena arena;
    SS_VEC(ss_oid) trees; /* to be read */
} collector;

static int collect(collector *c, const ss_oid *id, ss_git_kind kind)
{
    ss_git_object object = {.id = *id, .kind = kind, .place = UINT64_MAX};
    int is_new;
    ss_map_entry *entry =
        ss_map_put(&c->seen, ss_bytes_of(id->id, sizeof(id->id)), &is_new);

    if (!entry)
        return SECSCAN_ERR_NOMEM;
    if (!is_new)
        return 0;
    entry->key.data = ss_arena_copy(&c->arena, id->id, sizeof(id->id));
    if (!entry->key.data || SS_VEC_PUSH(&c->h->objects.list, object) ||
        (kind == SS_GIT_TREE && SS_VEC_PUSH(&c->trees, *id)))
        return SECSCAN_ERR_NOMEM;
    return 0;
}

static int collect_tree(collector *c, const ss_oid *id)
{
    ss_git_data data;
    ss_git_entry e;
    ss_bytes rest;
    int rc;

    /* Of the trees around the range not all have to be here. */
    rc = ss_git_object_read(&data, c->h->git, id, 0, NULL);
    if (rc)
        return rc == SECSCAN_ERR_NOMEM ? rc : 0;
    rest = data.bytes;
    while (!rc && ss_git_entry_next(&e, &rest, c->h->id_len) > 0) {
        ss_oid child = ss_oid_of(e.id, c->h->id_len);

        if ((e.mode & 0170000u) != 0160000u)
            rc = collect(c, &child,
                         (e.mode & 0170000u) == 0040000u ? SS_GIT_TREE
                                                         : SS_GIT_BLOB);
    }
    ss_git_data_release(&data);
    return rc;
}

static int collect_commit(collector *c, const ss_range_commit *commit)
{
    int rc = collect(c, &commit->id, SS_GIT_COMMIT);

    return rc ? rc : collect(c, &commit->tree, SS_GIT_TREE);
}

/* The range, its parents, and all that stands in their trees. */
static int collect_objects(ss_git_history *h, const range_run *r)
{
    collector c = {.h = h};
    int rc = 0;

    for (size_t i = 0; !rc && i < r->range.commits.len; i++) {
        const ss_range_commit *commit = &r->range.commits.at[i];

        if (commit->in_range || commit->is_base)
            rc = collect_commit(&c, commit);
    }
    for (size_t i = 0; !rc && i < r->push.named.len; i++)
        rc = collect(&c, &r->push.named.at[i].id, r->push.named.at[i].kind);
    while (!rc && c.trees.len) {
        ss_oid id = c.trees.at[--c.trees.len];

        rc = collect_tree(&c, &id);
    }
    if (!rc)
        rc = ss_git_store_sort(&h->objects, h->err);
    SS_VEC_RELEASE(&c.trees);
    ss_map_release(&c.seen);
    ss_arena_release(&c.arena);
    return rc == SECSCAN_ERR_NOMEM ? ss_fail_nomem(h->err) : rc;
}

static uint32_t tag_target(void *ctx, uint32_t object)
{
    const ss_git_history *h = ctx;

    return h->targets[object];
}

/* Commits outside the range have no reach: they hold, and introduce nothing. */
static void label(ss_git_history *h, const range_run *r)
{
    for (size_t i = 0; i < h->walk.commits.len; i++) {
        ss_walk_commit *c = &h->walk.commits.at[i];
        const ss_oid *id = &h->objects.list.at[c->object].id;
        const ss_map_entry *entry =
            ss_map_get(&r->range.by_id, ss_bytes_of(id->id, sizeof(id->id)));

        c->reach = entry && r->range.commits.at[entry->value.num].in_range
                       ? SECSCAN_REACH_REF
                       : SECSCAN_REACH_NONE;
        c->has_missing = 0;
    }
}

static int attribute(ss_git_history *h, const range_run *r)
{
    ss_git_refs heads = h->refs;
    int rc;

    heads.has_head = r->refs.has_head;
    heads.head = r->refs.head;
    heads.shallow.at = r->refs.shallow.at;
    heads.shallow.len = r->refs.shallow.len;
    rc = collect_objects(h, r);
    if (!rc)
        rc = ss_git_scan_texts(h);
    if (!rc)
        rc = ss_git_walk_finish(&h->walk, &h->objects, &heads, tag_target, h,
                                h->id_len, h->err);
    if (rc)
        return rc;
    label(h, r);
    if (ss_git_store_sort_hits(&h->store, h->objects.list.len))
        return ss_fail_nomem(h->err);
    rc = ss_git_read_trees(h);
    return rc ? rc : ss_git_deliver_findings(h);
}

static int attribute_range(range_run *r)
{
    ss_git_history h = {.scan = r->scan,
                        .git = r->git,
                        .id_len = r->id_len,
                        .is_range = 1,
                        .refs = r->push.refs,
                        .err = r->err};
    int rc;

    r->push.refs = (ss_git_refs){.shallow = {NULL, 0, 0}};

    for (size_t i = 0; i < r->push.named.len; i++)
        h.has_named_tree |= r->push.named.at[i].kind == SS_GIT_TREE;
    ss_git_store_init(&h.store, r->scan->handle);
    ss_git_judge_prepare(&h);
    rc = attribute(&h, r);
    ss_git_history_release(&h);
    return rc;
}

static int warn_shallow(range_run *r)
{
    secscan_coverage *coverage = &r->scan->handle->coverage;
    const ss_origin origin = {NULL, NULL, SECSCAN_SOURCE_BLOB};

    for (size_t i = 0; i < r->range.commits.len; i++) {
        const ss_range_commit *c = &r->range.commits.at[i];

        if (!c->in_range || !c->is_boundary)
            continue;
        coverage->is_shallow = 1;
        coverage->warning = "The clone is shallow: fetch the rest with `git "
                            "fetch --unshallow` to scan all of it.";
        return ss_deliver_skip(r->scan->handle, &origin, "shallow",
                               "older commits are not here", &r->scan->sink);
    }
    return 0;
}

int ss_run_git_range(const ss_git_scan *scan, secscan_error *err)
{
    range_run r = {.scan = scan, .err = err};
    int rc;

    if (scan->options.deadline)
        r.deadline = ss_clock_ms() + scan->options.deadline;
    rc = open_range(&r);
    if (!rc)
        rc = scan_news(&r);
    if (!rc)
        rc = warn_shallow(&r);
    if (!rc)
        rc = deliver_skips(&r);
    if (!rc)
        rc = deliver_left(&r);
    if (!rc && has_candidates(&r))
        rc = attribute_range(&r);
    ss_git_blobs_release(&r.news);
    SS_VEC_RELEASE(&r.changes);
    SS_VEC_RELEASE(&r.order);
    ss_map_release(&r.new_ids);
    ss_arena_release(&r.arena);
    ss_git_range_release(&r.range);
    ss_git_push_release(&r.push);
    ss_git_refs_release(&r.refs);
    ss_git_free(r.git);
    return rc;
}
