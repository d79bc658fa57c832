/*
 * collector.c: secscan_findings, a sink that keeps deep copies: pull for
 * bindings.
 */
#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/vec.h"

struct secscan_findings {
    secscan_sink sink;
    ss_arena arena; /* everything the copies point to */
    SS_VEC(secscan_finding *) list;
    secscan_bytes encoded; /* the last copy of a finding's */
};

/* The copies below set *failed and return NULL when memory ends; NULL stays
 * NULL. */
static const char *copy_str(ss_arena *arena, const char *s, int *failed)
{
    char *copy;

    if (!s)
        return NULL;
    copy = ss_arena_str(arena, s, strlen(s));
    if (!copy)
        *failed = 1;
    return copy;
}

static void *copy_array(ss_arena *arena, const void *data, size_t size,
                        int *failed)
{
    void *copy;

    if (!data || !size)
        return NULL;
    copy = ss_arena_copy(arena, data, size);
    if (!copy)
        *failed = 1;
    return copy;
}

static void copy_bytes(ss_arena *arena, secscan_bytes *bytes, int *failed)
{
    bytes->data = copy_array(arena, bytes->data, bytes->len, failed);
}

static void copy_place(ss_arena *arena, secscan_place *place, int *failed)
{
    place->path = copy_str(arena, place->path, failed);
    place->object = copy_str(arena, place->object, failed);
    place->encodings =
        copy_array(arena, place->encodings,
                   place->n_encodings * sizeof(*place->encodings), failed);
}

static void copy_commit(ss_arena *arena, secscan_commit *commit, int *failed)
{
    commit->id = copy_str(arena, commit->id, failed);
    commit->author_name = copy_str(arena, commit->author_name, failed);
    commit->author_email = copy_str(arena, commit->author_email, failed);
    commit->subject = copy_str(arena, commit->subject, failed);
}

static void copy_part(ss_arena *arena, secscan_part *part, int *failed)
{
    part->rule = copy_str(arena, part->rule, failed);
    part->description = copy_str(arena, part->description, failed);
    part->role = copy_str(arena, part->role, failed);
    part->fingerprint = copy_str(arena, part->fingerprint, failed);
    copy_bytes(arena, &part->secret, failed);
    copy_place(arena, &part->place, failed);
}

static void copy_strings(ss_arena *arena, secscan_finding *f, int *failed)
{
    f->rule = copy_str(arena, f->rule, failed);
    f->description = copy_str(arena, f->description, failed);
    f->category = copy_str(arena, f->category, failed);
    f->advice = copy_str(arena, f->advice, failed);
    f->fingerprint = copy_str(arena, f->fingerprint, failed);
    f->reason = copy_str(arena, f->reason, failed);
    copy_bytes(arena, &f->secret, failed);
    copy_bytes(arena, &f->match, failed);
    copy_bytes(arena, &f->line, failed);
    copy_place(arena, &f->place, failed);
    f->known_path = copy_str(arena, f->known_path, failed);
    f->submodule = copy_str(arena, f->submodule, failed);
    f->suppressed_by = copy_str(arena, f->suppressed_by, failed);
    f->suppressed_reason = copy_str(arena, f->suppressed_reason, failed);
}

/* Megabytes of one encoded archive may hold a thousand secrets: their copies
 * share it. */
static void copy_encoded(secscan_findings *findings, secscan_finding *f,
                         int *failed)
{
    secscan_bytes *last = &findings->encoded;

    if (!f->encoded.len)
        f->encoded.data = NULL;
    else if (f->encoded.len == last->len &&
             memcmp(f->encoded.data, last->data, last->len) == 0)
        f->encoded.data = last->data;
    else
        copy_bytes(&findings->arena, &f->encoded, failed);
    if (f->encoded.data)
        *last = f->encoded;
}

static void copy_lists(ss_arena *arena, secscan_finding *f, int *failed)
{
    const char **also =
        copy_array(arena, f->also, f->n_also * sizeof(*f->also), failed);
    const char **refs =
        copy_array(arena, f->refs, f->n_refs_listed * sizeof(*f->refs), failed);
    secscan_place *places =
        copy_array(arena, f->places, f->n_places * sizeof(*f->places), failed);
    secscan_part *parts =
        copy_array(arena, f->parts, f->n_parts * sizeof(*f->parts), failed);
    secscan_introduction *introductions =
        copy_array(arena, f->introductions,
                   f->n_introductions * sizeof(*f->introductions), failed);
    secscan_commit *removals = copy_array(
        arena, f->removals, f->n_removals * sizeof(*f->removals), failed);

    for (size_t i = 0; also && i < f->n_also; i++)
        also[i] = copy_str(arena, also[i], failed);
    for (size_t i = 0; places && i < f->n_places; i++)
        copy_place(arena, &places[i], failed);
    for (size_t i = 0; introductions && i < f->n_introductions; i++) {
        copy_commit(arena, &introductions[i].commit, failed);
        copy_place(arena, &introductions[i].place, failed);
    }
    for (size_t i = 0; removals && i < f->n_removals; i++)
        copy_commit(arena, &removals[i], failed);
    for (size_t i = 0; parts && i < f->n_parts; i++)
        copy_part(arena, &parts[i], failed);
    for (size_t i = 0; refs && i < f->n_refs_listed; i++)
        refs[i] = copy_str(arena, refs[i], failed);
    f->parts = parts;
    f->refs = refs;
    f->also = also;
    f->places = places;
    f->introductions = introductions;
    f->removals = removals;
}

static int collect(void *ctx, const secscan_finding *finding)
{
    secscan_findings *findings = ctx;
    secscan_finding *copy =
        ss_arena_copy(&findings->arena, finding, sizeof(*finding));
    int failed = 0;

    if (!copy)
        return SECSCAN_ERR_NOMEM;
    copy_strings(&findings->arena, copy, &failed);
    copy_encoded(findings, copy, &failed);
    copy_lists(&findings->arena, copy, &failed);
    if (failed || SS_VEC_PUSH(&findings->list, copy))
        return SECSCAN_ERR_NOMEM;
    return 0;
}

int secscan_findings_new(secscan_findings **out, secscan_error *err)
{
    secscan_findings *findings;

    if (!out)
        return ss_fail(err, SECSCAN_ERR_ARG, "out is NULL");
    findings = ss_calloc(1, sizeof(*findings));
    if (!findings)
        return ss_fail_nomem(err);
    findings->sink.size = sizeof(findings->sink);
    findings->sink.ctx = findings;
    findings->sink.finding = collect;
    *out = findings;
    return 0;
}

const secscan_sink *secscan_findings_sink(secscan_findings *findings)
{
    return &findings->sink;
}

size_t secscan_findings_count(const secscan_findings *findings)
{
    return findings->list.len;
}

const secscan_finding *secscan_findings_at(const secscan_findings *findings,
                                           size_t index)
{
    return index < findings->list.len ? findings->list.at[index] : NULL;
}

void secscan_findings_free(secscan_findings *findings)
{
    if (!findings)
        return;
    SS_VEC_RELEASE(&findings->list);
    ss_arena_release(&findings->arena);
    ss_free(findings);
}
