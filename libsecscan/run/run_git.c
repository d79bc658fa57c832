/*
 * run_git.c: scan the whole history of a repository.
 * list -> scan texts -> walk -> read trees -> attribute -> deliver; what is
 * missing on the way is said, never passed over.
 */
#include "run_git.h"

#include "base/alloc.h"
#include "run/run_container.h"
#include "run_git_cache.h"
#include "run_git_finding.h"
#include "run_git_gaps.h"
#include "run_git_judge.h"
#include "run_git_lfs.h"
#include "run_git_modules.h"

static int deliver_problems(ss_git_history *h)
{
    int rc = 0;

    for (size_t i = 0; !rc && i < h->objects.problems.len; i++) {
        const ss_git_problem *p = &h->objects.problems.at[i];
        ss_origin origin = {p->path, NULL, SECSCAN_SOURCE_BLOB};

        rc = ss_deliver_skip(h->scan->handle, &origin, p->reason, p->detail,
                             &h->scan->sink);
    }
    return rc;
}

/* When all have been read: a scan that was stopped has not read them. */
static void count_objects(const ss_git_history *h)
{
    secscan_coverage *c = &h->scan->handle->coverage;

    c->objects += h->objects.list.len;
    c->commits += h->objects.n_kind[SS_GIT_COMMIT];
    c->trees += h->objects.n_kind[SS_GIT_TREE];
    c->blobs += h->objects.n_kind[SS_GIT_BLOB];
    c->tags += h->objects.n_kind[SS_GIT_TAG];
}

static int open_history(ss_git_history *h)
{
    const ss_git_scan *scan = h->scan;
    const secscan_sink *sink = &scan->sink;
    int rc;

    rc = ss_git_open(&h->git, scan->path, scan->options.flags, h->err);
    if (rc)
        return rc;
    h->id_len = ss_git_id_len(h->git);
    h->progress.phase = "listing";
    rc = sink->progress ? sink->progress(sink->ctx, &h->progress) : 0;
    if (!rc)
        rc = ss_git_refs_read(&h->refs, h->git, h->err);
    if (!rc)
        rc = ss_git_gate_read(&h->gate, scan, h->git, &h->refs, h->err);
    if (!rc)
        rc = ss_git_objects_list(&h->objects, h->git, h->err);
    if (rc)
        return rc;
    rc = ss_git_cache_open(h);
    if (rc)
        return rc;
    h->scan->handle->coverage.refs += h->refs.n_refs;
    return deliver_problems(h);
}

/* ---- text that no object holds ---------------------------------------- */

typedef struct named_text {
    ss_git_history *h;
    secscan_source source;
    const char *path; /* of a log; NULL: lines are names of refs */
    const char *const *names;
} named_text;

static int add_match(named_text *t, const ss_match *match)
{
    const char *path = t->path;

    if (!path)
        path = t->names[match->line_start - 1];
    return ss_git_store_add(&t->h->store, match, SS_NO_OBJECT, t->source, path);
}

static int scan_named(named_text *t, ss_bytes bytes)
{
    secscan_scanner *handle = t->h->scan->handle;
    const ss_origin origin = {t->path, NULL, t->source};
    ss_results results = SS_RESULTS_INIT;
    const ss_match_sink sink = ss_results_sink(&results);
    ss_unpacker unpacker;
    int rc = ss_scanner_scan(handle->scanner, bytes, &sink, t->h->err);

    ss_unpacker_init(&unpacker, handle, handle->scanner);
    if (!rc)
        rc = ss_unpack_end(&unpacker, &results, 0, t->h->err);
    if (!rc)
        rc = ss_results_deliver_skips(&results, handle, &origin,
                                      &t->h->scan->sink);
    for (size_t i = 0; !rc && i < results.matches.len; i++)
        rc = add_match(t, &results.matches.at[i]);
    ss_unpacker_release(&unpacker);
    ss_results_release(&results);
    return rc;
}

/* All names in one unit, one a line. */
static int scan_ref_names(ss_git_history *h)
{
    ss_buf text = SS_BUF_INIT(SIZE_MAX / 4);
    SS_VEC(const char *) names = {0};
    named_text t = {.h = h, .source = SECSCAN_SOURCE_REF};
    int rc = 0;

    for (size_t i = 0; i < h->refs.roots.len; i++) {
        const ss_git_root *root = &h->refs.roots.at[i];

        if (root->kind == SS_ROOT_REFLOG || strncmp(root->name, "refs/", 5))
            continue;
        ss_buf_puts(&text, root->name);
        ss_buf_putc(&text, '\n');
        if (text.failed || SS_VEC_PUSH(&names, root->name)) {
            rc = ss_fail_nomem(h->err);
            goto out;
        }
    }
    t.names = names.at;
    if (text.len)
        rc = scan_named(&t, ss_buf_bytes(&text));
out:
    SS_VEC_RELEASE(&names);
    ss_buf_release(&text);
    return rc;
}

static int scan_logs(ss_git_history *h)
{
    int rc = 0;

    for (size_t i = 0; !rc && i < h->refs.logs.len; i++) {
        named_text t = {.h = h,
                        .source = SECSCAN_SOURCE_REFLOG,
                        .path = h->refs.logs.at[i].path};

        if (h->refs.logs.at[i].messages.len)
            rc = scan_named(&t, h->refs.logs.at[i].messages);
    }
    return rc;
}

static uint32_t tag_target(void *ctx, uint32_t object)
{
    const ss_git_history *h = ctx;

    return h->targets[object];
}

static int scan_history(ss_git_history *h)
{
    int rc = open_history(h);

    if (!rc)
        rc = ss_git_scan_texts(h);
    if (!rc)
        rc = ss_git_scan_lfs(h);
    if (!rc)
        rc = scan_ref_names(h);
    if (!rc)
        rc = scan_logs(h);
    if (!rc)
        rc = ss_git_walk_finish(&h->walk, &h->objects, &h->refs, tag_target, h,
                                h->id_len, h->err);
    if (!rc && ss_git_store_sort_hits(&h->store, h->objects.list.len))
        rc = ss_fail_nomem(h->err);
    if (!rc)
        rc = ss_git_read_trees(h);
    if (!rc) {
        count_objects(h);
        rc = ss_git_deliver_gaps(h);
    }
    if (!rc)
        rc = ss_git_deliver_findings(h);
    if (!rc)
        ss_git_cache_save(h);
    return rc;
}

static int tell_where(const ss_git_history *h)
{
    ss_git_below *below = h->below;
    const char *git_dir = ss_git_dir(h->git);
    const char *common_dir = ss_git_common_dir(h->git);

    if (!below)
        return 0;
    below->id_len = h->id_len;
    below->git_dir = ss_arena_str(&below->arena, git_dir, strlen(git_dir));
    below->common_dir =
        ss_arena_str(&below->arena, common_dir, strlen(common_dir));
    return below->git_dir && below->common_dir ? 0 : ss_fail_nomem(h->err);
}

int ss_run_git_alone(const ss_git_scan *scan, ss_git_below *below,
                     secscan_error *err)
{
    ss_git_history h = {.scan = scan, .below = below, .err = err};
    int rc;

    ss_git_store_init(&h.store, scan->handle);
    ss_git_judge_prepare(&h);
    rc = scan_history(&h);
    if (!rc)
        rc = tell_where(&h);
    ss_git_history_release(&h);
    ss_git_free(h.git);
    return rc;
}
