/*
 * run_git_modules.c: scan a repository, find those below it, scan them.
 * Each is scanned once, however many paths lead to it; what it yields passes a
 * sink that puts its path in front.
 */
#include "run_git_modules.h"

#include "base/alloc.h"
#include "source/git_dirs.h"

#define MAX_DEPTH 64

typedef struct identity {
    uint64_t device, inode;
} identity;

typedef struct modules {
    const ss_git_scan *scan;
    SS_VEC(identity) seen;
    int sink_said; /* what the caller's sink stopped the scan with */
    secscan_error *err;
} modules;

static void release_below(ss_git_below *below)
{
    SS_VEC_RELEASE(&below->links);
    ss_arena_release(&below->arena);
}

/* "dir/path"; NULL: out of memory. */
static char *join(ss_arena *arena, const char *dir, const char *path)
{
    size_t len = strlen(dir);
    char *whole = ss_arena_alloc(arena, len + strlen(path) + 2);

    if (!whole)
        return NULL;
    memcpy(whole, dir, len);
    whole[len] = '/';
    memcpy(whole + len + 1, path, strlen(path) + 1);
    return whole;
}

/* ---- the sink of a submodule ------------------------------------------- */

typedef struct prefixer {
    modules *m;
    const char *prefix; /* the submodule's path */
    ss_arena arena;     /* of one finding */
    int is_out_of_memory;
} prefixer;

static const char *put_before(prefixer *p, const char *path)
{
    const char *whole;

    if (!path)
        return NULL;
    whole = join(&p->arena, p->prefix, path);
    p->is_out_of_memory |= !whole;
    return whole;
}

/* "prefix/" comes before a member's file, too. */
static uint32_t move_file_len(const prefixer *p, uint32_t file_len)
{
    return file_len ? file_len + (uint32_t)strlen(p->prefix) + 1 : 0;
}

/* Names of refs and logs are no paths in the work tree, but they too are the
 * submodule's. */
static void move_place(prefixer *p, secscan_place *place)
{
    place->path = put_before(p, place->path);
    place->file_len = move_file_len(p, place->file_len);
}

static void *copy(prefixer *p, const void *data, size_t size)
{
    void *copied = ss_arena_copy(&p->arena, data, size);

    p->is_out_of_memory |= !copied;
    return copied;
}

static void move_lists(prefixer *p, secscan_finding *f)
{
    secscan_place *places = NULL;
    secscan_introduction *intros = NULL;
    secscan_part *parts = NULL;

    if (f->n_parts)
        parts = copy(p, f->parts, f->n_parts * sizeof(*parts));
    if (f->n_places)
        places = copy(p, f->places, f->n_places * sizeof(*places));
    if (f->n_introductions)
        intros =
            copy(p, f->introductions, f->n_introductions * sizeof(*intros));
    for (size_t i = 0; places && i < f->n_places; i++)
        move_place(p, &places[i]);
    for (size_t i = 0; intros && i < f->n_introductions; i++)
        move_place(p, &intros[i].place);
    for (size_t i = 0; parts && i < f->n_parts; i++)
        move_place(p, &parts[i].place);
    f->parts = parts;
    f->places = places;
    f->introductions = intros;
}

static int on_finding(void *ctx, const secscan_finding *finding)
{
    prefixer *p = ctx;
    const secscan_sink *sink = &p->m->scan->sink;
    secscan_finding f = *finding;

    f.submodule = p->prefix;
    move_place(p, &f.place);
    move_lists(p, &f);
    if (p->is_out_of_memory)
        return SECSCAN_ERR_NOMEM;
    p->m->sink_said = sink->finding ? sink->finding(sink->ctx, &f) : 0;
    ss_arena_reset(&p->arena);
    return p->m->sink_said;
}

static int on_skipped(void *ctx, const secscan_skip *skip)
{
    prefixer *p = ctx;
    const secscan_sink *sink = &p->m->scan->sink;
    secscan_skip s = *skip;

    s.path = skip->path ? put_before(p, skip->path) : p->prefix;
    s.file_len = move_file_len(p, skip->file_len);
    if (p->is_out_of_memory)
        return SECSCAN_ERR_NOMEM;
    p->m->sink_said = sink->skipped ? sink->skipped(sink->ctx, &s) : 0;
    ss_arena_reset(&p->arena);
    return p->m->sink_said;
}

static int on_progress(void *ctx, const secscan_progress *progress)
{
    prefixer *p = ctx;
    const secscan_sink *sink = &p->m->scan->sink;

    p->m->sink_said = sink->progress ? sink->progress(sink->ctx, progress) : 0;
    return p->m->sink_said;
}

/* ---- which ones --------------------------------------------------------- */

static int is_seen(const modules *m, const ss_git_place *place)
{
    for (size_t i = 0; i < m->seen.len; i++) {
        if (m->seen.at[i].device == place->device &&
            m->seen.at[i].inode == place->inode)
            return 1;
    }
    return 0;
}

static int mark_seen(modules *m, const ss_git_place *place)
{
    identity id = {place->device, place->inode};

    return SS_VEC_PUSH(&m->seen, id) ? ss_fail_nomem(m->err) : 0;
}

static int add_link(modules *m, ss_git_places *places, const char *work_dir,
                    const char *path)
{
    const char *dir = join(&places->arena, work_dir, path);
    ss_git_place place = {0};
    int is_found, rc;

    if (!dir)
        return ss_fail_nomem(m->err);
    rc = ss_git_place_of_tree(&place, &places->arena, dir, &is_found, m->err);
    if (rc || !is_found)
        return rc;
    place.path = path;
    return SS_VEC_PUSH(&places->list, place) ? ss_fail_nomem(m->err) : 0;
}

static int has_path(const ss_git_places *places, const char *path)
{
    for (size_t i = 0; i < places->list.len; i++) {
        if (strcmp(places->list.at[i].path, path) == 0)
            return 1;
    }
    return 0;
}

/* Gitlinks that lead to nothing on this disk are noted. */
static int note_absent(const modules *m, const ss_git_below *below,
                       const ss_git_places *places, const secscan_sink *sink)
{
    int rc = 0;

    for (size_t i = 0; !rc && i < below->links.len; i++) {
        const ss_git_link *link = &below->links.at[i];
        char id[SS_OID_TEXT];
        ss_origin origin = {link->path, id, SECSCAN_SOURCE_BLOB};

        ss_oid_write(id, &link->id, below->id_len);
        if (!has_path(places, link->path))
            rc = ss_deliver_skip(m->scan->handle, &origin, "submodule",
                                 "not on disk", sink);
    }
    return rc;
}

/* First those in the work tree, whose paths are known; then all that git keeps,
 * checked out or not. */
static int find_below(modules *m, ss_git_places *places,
                      const ss_git_below *below, const char *work_dir,
                      const secscan_sink *sink)
{
    int rc = 0;

    for (size_t i = 0; work_dir && !rc && i < below->links.len; i++)
        rc = add_link(m, places, work_dir, below->links.at[i].path);
    if (!rc)
        rc = ss_git_places_add_modules(places, below->common_dir, m->err);
    if (!rc)
        rc = note_absent(m, below, places, sink);
    ss_git_places_sort(places);
    return rc;
}

/* ---- the scans ---------------------------------------------------------- */

static int run_at(modules *m, const ss_git_place *place, const char *path,
                  int depth);

static int run_below(modules *m, const ss_git_below *below,
                     const char *work_dir, const char *prefix,
                     const secscan_sink *sink, int depth)
{
    ss_git_places places = {.arena = SS_ARENA_INIT};
    int rc = find_below(m, &places, below, work_dir, sink);

    for (size_t i = 0; !rc && i < places.list.len; i++) {
        const ss_git_place *place = &places.list.at[i];
        const char *path = prefix && *prefix
                               ? join(&places.arena, prefix, place->path)
                               : place->path;

        rc = path ? run_at(m, place, path, depth) : ss_fail_nomem(m->err);
    }
    SS_VEC_RELEASE(&places.list);
    ss_arena_release(&places.arena);
    return rc;
}

/* A submodule that cannot be scanned is said, and the others still are. What
 * the sink answered, and what is wrong with secscan, ends the scan. */
static int forgive(modules *m, const char *path, int rc,
                   const secscan_error *err)
{
    const ss_origin origin = {path, NULL, SECSCAN_SOURCE_BLOB};

    if (m->sink_said || rc > 0 || rc == SECSCAN_ERR_NOMEM ||
        rc == SECSCAN_ERR_INTERNAL) {
        if (m->err)
            *m->err = *err;
        return rc;
    }
    return ss_deliver_skip(m->scan->handle, &origin, "unreadable", err->message,
                           &m->scan->sink);
}

static int run_repository(modules *m, const ss_git_place *place,
                          const char *path, int depth)
{
    prefixer p = {.m = m, .prefix = path, .arena = SS_ARENA_INIT};
    secscan_sink sink = {sizeof(sink), &p, on_finding, on_skipped, on_progress};
    ss_git_below below = {.arena = SS_ARENA_INIT};
    ss_git_scan scan = *m->scan;
    secscan_error err = {0};
    int rc;

    scan.path = place->git_dir;
    scan.sink = sink;
    scan.is_submodule = 1;
    scan.prefix = path;
    rc = ss_run_git_alone(&scan, &below, &err);
    if (rc)
        rc = forgive(m, path, rc, &err);
    else
        rc = run_below(m, &below, place->work_dir, path, &sink, depth + 1);
    release_below(&below);
    ss_arena_release(&p.arena);
    return rc;
}

static int run_at(modules *m, const ss_git_place *place, const char *path,
                  int depth)
{
    const ss_origin origin = {path, NULL, SECSCAN_SOURCE_BLOB};
    int rc;

    if (!place->is_valid)
        return ss_deliver_skip(m->scan->handle, &origin, "unreadable",
                               "no git repository", &m->scan->sink);
    if (is_seen(m, place))
        return 0;
    if (depth > MAX_DEPTH)
        return ss_deliver_skip(m->scan->handle, &origin, "unsupported",
                               "submodules too deep", &m->scan->sink);
    rc = mark_seen(m, place);
    return rc ? rc : run_repository(m, place, path, depth);
}

static int run_all(modules *m, ss_git_below *below)
{
    ss_git_place top = {0};
    const char *work_dir;
    int rc = ss_git_place_of_dir(&top, &below->arena, below->git_dir, m->err);

    if (!rc)
        rc = mark_seen(m, &top);
    if (!rc)
        rc = ss_git_find_work_dir(&work_dir, &below->arena, m->scan->path,
                                  below->git_dir, m->err);
    return rc ? rc : run_below(m, below, work_dir, NULL, &m->scan->sink, 0);
}

int ss_run_git_history(const ss_git_scan *scan, secscan_error *err)
{
    modules m = {.scan = scan, .err = err};
    ss_git_below below = {.arena = SS_ARENA_INIT};
    int rc;

    if (scan->options.flags & SECSCAN_GIT_NO_SUBMODULES)
        return ss_run_git_alone(scan, NULL, err);
    rc = ss_run_git_alone(scan, &below, err);
    if (!rc)
        rc = run_all(&m, &below);
    if (!rc && scan->handle->coverage.is_complete &&
        ss_hide_note_stale(&scan->handle->hide))
        rc = ss_fail_nomem(err);
    SS_VEC_RELEASE(&m.seen);
    release_below(&below);
    return rc;
}
