/*
 * run_git_lfs.c: objects and pointers, both sorted by id, go side by side.
 */
#include "run_git_lfs.h"

#include "base/alloc.h"
#include "run/run_file.h"

#include <stdlib.h>

typedef struct lfs {
    ss_git_history *h;
    ss_lfs_ids on_disk;
    ss_file_worker worker;
    size_t next;   /* of the pointers: the first not looked at */
    int sink_said; /* what stopped the scan */
} lfs;

static int compare_pointers(const void *left, const void *right)
{
    const ss_git_pointer *a = left, *b = right;
    int order = strcmp(a->id.hex, b->id.hex);

    if (order)
        return order;
    return a->object < b->object ? -1 : a->object > b->object;
}

static int tell(void *ctx, size_t len)
{
    lfs *l = ctx;
    const secscan_sink *sink = &l->h->scan->sink;

    (void)len;
    l->sink_said =
        sink->progress ? sink->progress(sink->ctx, &l->h->progress) : 0;
    return l->sink_said != 0;
}

static int skip(lfs *l, const ss_lfs_id *id, const char *reason,
                const char *detail)
{
    ss_origin origin = {NULL, id->hex, SECSCAN_SOURCE_LFS};

    return ss_deliver_skip(l->h->scan->handle, &origin, reason, detail,
                           &l->h->scan->sink);
}

/* Hits of one object, at each of its pointers `from` .. `to`. */
static int add_hits(lfs *l, const ss_lfs_id *id, const ss_match *match,
                    size_t from, size_t to)
{
    ss_git_store *store = &l->h->store;
    const char *hex = ss_arena_str(&store->arena, id->hex, SS_LFS_TEXT - 1);
    int rc = hex ? 0 : SECSCAN_ERR_NOMEM;

    if (!rc && from == to)
        rc = ss_git_store_add(store, match, SS_NO_OBJECT, SECSCAN_SOURCE_LFS,
                              hex);
    for (size_t i = from; !rc && i < to; i++)
        rc = ss_git_store_add(store, match, l->h->pointers.at[i].object,
                              SECSCAN_SOURCE_LFS, hex);
    return rc ? ss_fail_nomem(l->h->err) : 0;
}

static int scan_object(lfs *l, const ss_lfs_id *id, size_t from, size_t to)
{
    ss_results results = {0};
    const ss_origin origin = {NULL, id->hex, SECSCAN_SOURCE_LFS};
    ss_file_outcome outcome;
    ss_arena arena = SS_ARENA_INIT;
    const char *path = ss_lfs_path(&arena, ss_git_common_dir(l->h->git), id);
    uint64_t len;
    int rc;

    rc = path ? ss_run_file(&l->worker, path, 0, &results, &outcome, &len,
                            l->h->err)
              : ss_fail_nomem(l->h->err);
    if (rc > 0)
        rc = l->sink_said;
    for (size_t i = 0; !rc && i < results.matches.len; i++)
        rc = add_hits(l, id, &results.matches.at[i], from, to);
    if (!rc)
        rc = ss_results_deliver_skips(&results, l->h->scan->handle, &origin,
                                      &l->h->scan->sink);
    if (!rc && outcome == SS_FILE_SCANNED)
        l->h->scan->handle->coverage.files++;
    if (!rc && outcome == SS_FILE_VANISHED && from < to)
        rc = skip(l, id, "lfs", "deleted while it was to be scanned");
    ss_results_release(&results);
    ss_arena_release(&arena);
    return rc;
}

/* Pointers in front of `id` have no object here; each is told once. */
static int note_absent(lfs *l, const ss_lfs_id *id)
{
    int rc = 0;

    while (!rc && l->next < l->h->pointers.len) {
        const ss_lfs_id *at = &l->h->pointers.at[l->next].id;

        if (id && strcmp(at->hex, id->hex) >= 0)
            break;
        if (!l->next ||
            strcmp(at[0].hex, l->h->pointers.at[l->next - 1].id.hex) != 0)
            rc = skip(l, at, "lfs", "not fetched");
        l->next++;
    }
    return rc;
}

static int scan_all(lfs *l)
{
    int rc = 0;

    for (size_t i = 0; !rc && i < l->on_disk.list.len; i++) {
        const ss_lfs_id *id = &l->on_disk.list.at[i];
        size_t from;

        rc = note_absent(l, id);
        from = l->next;
        while (l->next < l->h->pointers.len &&
               strcmp(l->h->pointers.at[l->next].id.hex, id->hex) == 0)
            l->next++;
        if (!rc)
            rc = scan_object(l, id, from, l->next);
    }
    return rc ? rc : note_absent(l, NULL);
}

int ss_git_scan_lfs(ss_git_history *h)
{
    lfs l = {.h = h};
    const ss_origin origin = {"lfs/objects", NULL, SECSCAN_SOURCE_LFS};
    secscan_scanner *handle = h->scan->handle;
    int rc = ss_lfs_list(&l.on_disk, ss_git_common_dir(h->git), h->err);

    if (!rc && l.on_disk.n_closed)
        rc = ss_deliver_skip(handle, &origin, "unreadable",
                             "a directory of LFS objects", &h->scan->sink);
    if (rc || (!l.on_disk.list.len && !h->pointers.len))
        goto out;
    if (h->pointers.len)
        qsort(h->pointers.at, h->pointers.len, sizeof(*h->pointers.at),
              compare_pointers);
    rc = ss_file_worker_init(&l.worker, handle, handle->scanner, h->err);
    if (rc)
        goto out;
    l.worker.on_read = tell;
    l.worker.ctx = &l;
    rc = scan_all(&l);
    ss_file_worker_release(&l.worker);
out:
    SS_VEC_RELEASE(&l.on_disk.list);
    return rc;
}
