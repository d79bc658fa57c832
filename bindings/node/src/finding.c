/*
 * finding.c: a finding and a coverage record as objects of JavaScript. The
 * names are those of secscan.h in camel case; lib/finding.js gives a finding
 * its class.
 */
#include "addon.h"

static void set_text(napi_env env, napi_value object, const char *key,
                     const char *text)
{
    js_set(env, object, key, js_string(env, text));
}

static void set_number(napi_env env, napi_value object, const char *key,
                       double value)
{
    js_set(env, object, key, js_number(env, value));
}

static void set_bool(napi_env env, napi_value object, const char *key, int is)
{
    js_set(env, object, key, js_bool(env, is != 0));
}

/* Bytes that are secret, or may be. */
static void set_bytes(napi_env env, napi_value object, const char *key,
                      secscan_bytes bytes)
{
    js_hide(env, object, key, js_buffer(env, bytes));
}

/* A container that has no name has no bytes of its path either. */
static int is_member(const secscan_place *place)
{
    return place->file_len || (place->source == SECSCAN_SOURCE_BUFFER &&
                               place->path && place->path[0] == '!');
}

static napi_value place_value(napi_env env, const void *element)
{
    const secscan_place *place = element;
    napi_value out = js_object(env);

    set_text(env, out, "path", place->path);
    set_text(env, out, "object", place->object);
    set_number(env, out, "offset", (double)place->offset);
    set_number(env, out, "lineStart", (double)place->line_start);
    set_number(env, out, "lineEnd", (double)place->line_end);
    set_number(env, out, "columnStart", (double)place->column_start);
    set_number(env, out, "columnEnd", (double)place->column_end);
    set_text(env, out, "source", secscan_source_name((int)place->source));
    set_bool(env, out, "isMember", is_member(place));
    js_set(env, out, "encodings",
           js_strings(env, place->encodings, place->n_encodings));
    return out;
}

static napi_value commit_value(napi_env env, const void *element)
{
    const secscan_commit *commit = element;
    napi_value out = js_object(env);

    set_text(env, out, "id", commit->id);
    set_text(env, out, "authorName", commit->author_name);
    set_text(env, out, "authorEmail", commit->author_email);
    set_text(env, out, "subject", commit->subject);
    set_number(env, out, "authorTime", (double)commit->author_time);
    set_number(env, out, "authorOffset", commit->author_offset);
    set_number(env, out, "commitTime", (double)commit->commit_time);
    return out;
}

static napi_value introduction_value(napi_env env, const void *element)
{
    const secscan_introduction *introduction = element;
    napi_value out = js_object(env);

    js_set(env, out, "commit", commit_value(env, &introduction->commit));
    js_set(env, out, "place", place_value(env, &introduction->place));
    set_text(env, out, "reach", secscan_reach_name((int)introduction->reach));
    set_bool(env, out, "isBoundary", (int)introduction->is_boundary);
    return out;
}

static napi_value part_value(napi_env env, const void *element)
{
    const secscan_part *part = element;
    napi_value out = js_object(env);

    set_text(env, out, "rule", part->rule);
    set_text(env, out, "description", part->description);
    set_text(env, out, "role", part->role);
    set_text(env, out, "fingerprint", part->fingerprint);
    set_bytes(env, out, "secret", part->secret);
    set_number(env, out, "publicPrefix", (double)part->public_prefix);
    js_set(env, out, "place", place_value(env, &part->place));
    return out;
}

/* An array of what `value` makes of each element. */
#define VALUES(env, list, n, value) values(env, list, n, sizeof(*(list)), value)

static napi_value values(napi_env env, const void *list, size_t n, size_t size,
                         napi_value (*value)(napi_env, const void *))
{
    napi_value out = js_array(env, n);

    for (size_t i = 0; i < n; i++)
        js_put(env, out, i, value(env, (const char *)list + i * size));
    return out;
}

static void set_verdict(napi_env env, napi_value out, const secscan_finding *f)
{
    set_text(env, out, "rule", f->rule);
    set_text(env, out, "description", f->description);
    set_text(env, out, "category", f->category);
    set_text(env, out, "severity", secscan_severity_name((int)f->severity));
    set_text(env, out, "evidence", secscan_evidence_name((int)f->evidence));
    set_number(env, out, "confidence", f->confidence);
    set_bool(env, out, "gates", (int)f->gates);
    set_text(env, out, "fingerprint", f->fingerprint);
    set_text(env, out, "reason", f->reason);
    set_text(env, out, "advice", f->advice);
    js_set(env, out, "also", js_strings(env, f->also, f->n_also));
    set_text(env, out, "suppressedBy", f->suppressed_by);
    set_text(env, out, "suppressedReason", f->suppressed_reason);
}

static void set_secret(napi_env env, napi_value out, const secscan_finding *f)
{
    set_bytes(env, out, "secret", f->secret);
    set_number(env, out, "publicPrefix", (double)f->public_prefix);
    set_bytes(env, out, "match", f->match);
    set_bytes(env, out, "encoded", f->encoded);
    set_bytes(env, out, "line", f->line);
    set_number(env, out, "secretAt", (double)f->secret_at);
}

static void set_history(napi_env env, napi_value out, const secscan_finding *f)
{
    set_text(env, out, "reach",
             f->reach ? secscan_reach_name((int)f->reach) : NULL);
    js_set(
        env, out, "introductions",
        VALUES(env, f->introductions, f->n_introductions, introduction_value));
    js_set(env, out, "removals",
           VALUES(env, f->removals, f->n_removals, commit_value));
    set_number(env, out, "commitCount", (double)f->n_commits);
    set_number(env, out, "pathCount", (double)f->n_paths);
    set_bool(env, out, "inHead", (int)f->in_head);
    set_bool(env, out, "isKnown", (int)f->is_known);
    set_text(env, out, "knownPath", f->known_path);
    set_text(env, out, "submodule", f->submodule);
    js_set(env, out, "refs", js_strings(env, f->refs, f->n_refs_listed));
    set_number(env, out, "refCount", (double)f->n_refs);
}

napi_value finding_value(napi_env env, const secscan_finding *f)
{
    napi_value out = js_object(env);

    set_verdict(env, out, f);
    set_secret(env, out, f);
    js_set(env, out, "place", place_value(env, &f->place));
    js_set(env, out, "places",
           VALUES(env, f->places, f->n_places, place_value));
    js_set(env, out, "parts", VALUES(env, f->parts, f->n_parts, part_value));
    set_history(env, out, f);
    return out;
}

/* ---- coverage --------------------------------------------------------- */

static napi_value skip_count_value(napi_env env, const void *element)
{
    const secscan_skip_count *skip = element;
    napi_value out = js_object(env);

    set_text(env, out, "reason", skip->reason);
    set_number(env, out, "count", (double)skip->count);
    set_bool(env, out, "isIncomplete", (int)skip->is_incomplete);
    return out;
}

static napi_value note_value(napi_env env, const void *element)
{
    const secscan_note *note = element;
    napi_value out = js_object(env);

    set_text(env, out, "kind", note->kind);
    set_text(env, out, "file", note->file);
    set_number(env, out, "line", (double)note->line);
    set_text(env, out, "text", note->text);
    return out;
}

static void set_counts(napi_env env, napi_value out, const secscan_coverage *c)
{
    set_number(env, out, "units", (double)c->units);
    set_number(env, out, "bytes", (double)c->bytes);
    set_number(env, out, "decodedBytes", (double)c->decoded_bytes);
    set_number(env, out, "files", (double)c->files);
    set_number(env, out, "blobs", (double)c->blobs);
    set_number(env, out, "commits", (double)c->commits);
    set_number(env, out, "trees", (double)c->trees);
    set_number(env, out, "tags", (double)c->tags);
    set_number(env, out, "refs", (double)c->refs);
    set_number(env, out, "objects", (double)c->objects);
    set_number(env, out, "containers", (double)c->containers);
    set_number(env, out, "members", (double)c->members);
    set_number(env, out, "cached", (double)c->cached);
    set_number(env, out, "findings", (double)c->findings);
    set_number(env, out, "gating", (double)c->gating);
    set_number(env, out, "suppressed", (double)c->suppressed);
    set_number(env, out, "unlisted", (double)c->unlisted);
}

napi_value coverage_value(napi_env env, const secscan_coverage *c)
{
    napi_value out = js_object(env);

    set_text(env, out, "mode", c->mode);
    set_bool(env, out, "isComplete", (int)c->is_complete);
    set_bool(env, out, "isShallow", (int)c->is_shallow);
    set_bool(env, out, "isPartial", (int)c->is_partial);
    set_counts(env, out, c);
    js_set(env, out, "skips",
           VALUES(env, c->skips, c->n_skips, skip_count_value));
    js_set(env, out, "notes", VALUES(env, c->notes, c->n_notes, note_value));
    set_text(env, out, "warning", c->warning);
    set_text(env, out, "rulesVersion", c->rules_version);
    set_number(env, out, "exitCode", secscan_coverage_exit_code(c));
    return out;
}
