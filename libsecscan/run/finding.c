/*
 * finding.c: a match, at its origin, in the terms of the public header.
 */
#include "handle.h"

static secscan_bytes public_bytes(ss_bytes bytes)
{
    return (secscan_bytes){(const char *)bytes.data, bytes.len};
}

int ss_place_fill_encodings(secscan_place *out, const ss_encodings *encodings,
                            ss_arena *arena)
{
    const char **names;

    out->encodings = NULL;
    out->n_encodings = encodings->n;
    if (!encodings->n)
        return 0;
    names = ss_arena_alloc(arena, encodings->n * sizeof(*names));
    if (!names)
        return SECSCAN_ERR_NOMEM;
    for (size_t i = 0; i < encodings->n; i++)
        names[i] = ss_encoding_name((ss_encoding)encodings->at[i]);
    out->encodings = names;
    return 0;
}

static int fill_place(secscan_place *out, const ss_match *match,
                      const ss_origin *origin, ss_arena *arena)
{
    out->path = origin->path;
    out->object = origin->object;
    out->source = (uint32_t)origin->source;
    out->offset = match->offset;
    out->line_start = match->line_start;
    out->line_end = match->line_end;
    out->column_start = match->column_start;
    out->column_end = match->column_end;
    return ss_place_fill_encodings(out, &match->encodings, arena);
}

/* The others that found it, of those that look at files of this path. */
static int fill_also(secscan_finding *out, const secscan_scanner *handle,
                     const ss_match *match, ss_arena *arena)
{
    ss_filter *filter = ss_scanner_filter(handle->scanner);
    const char **ids;
    size_t n = 0;

    if (!match->n_also)
        return 0;
    ids = ss_arena_alloc(arena, match->n_also * sizeof(*ids));
    if (!ids)
        return SECSCAN_ERR_NOMEM;
    for (size_t i = 0; i < match->n_also; i++) {
        if (ss_filter_is_at(filter, match->also[i], out->place.path))
            ids[n++] = handle->set->rules[match->also[i]]->id;
    }
    out->also = ids;
    out->n_also = n;
    return 0;
}

/* "s1:..." in the arena; NULL when out of memory. */
static const char *
fingerprint_in(ss_arena *arena, const secscan_scanner *handle, ss_bytes secret)
{
    char *text = ss_arena_alloc(arena, SS_FINGERPRINT_TEXT);

    if (text)
        ss_fingerprint(text, &handle->key, secret);
    return text;
}

static size_t public_prefix(const ss_rule *rule, ss_bytes secret)
{
    return rule->public_prefix < secret.len ? rule->public_prefix : 0;
}

/* All of what is public, unless it is the secret once more. */
static size_t part_prefix(const ss_part *part, const ss_match *whole)
{
    if (part->is_public &&
        !ss_bytes_equal(part->secret, ss_match_secret(whole)))
        return part->secret.len;
    return public_prefix(part->rule, part->secret);
}

/* In the unit of its whole. */
static secscan_place part_place(const ss_part *part, const secscan_place *whole)
{
    secscan_place place = *whole;

    place.offset = part->offset;
    place.line_start = part->line_start;
    place.line_end = part->line_end;
    place.column_start = part->column_start;
    place.column_end = part->column_end;
    return place;
}

int ss_finding_fill_parts(secscan_finding *out, const secscan_scanner *handle,
                          const ss_match *match, const secscan_place *place,
                          ss_arena *arena)
{
    secscan_part *parts;

    if (!match->n_parts)
        return 0;
    parts = ss_arena_alloc(arena, match->n_parts * sizeof(*parts));
    if (!parts)
        return SECSCAN_ERR_NOMEM;
    for (size_t i = 0; i < match->n_parts; i++) {
        const ss_part *from = &match->parts[i];

        parts[i] = (secscan_part){
            .rule = from->rule->id,
            .description = from->rule->description,
            .role = from->role,
            .fingerprint = fingerprint_in(arena, handle, from->secret),
            .secret = public_bytes(from->secret),
            .public_prefix = part_prefix(from, match),
            .place = part_place(from, place)};
        if (!parts[i].fingerprint)
            return SECSCAN_ERR_NOMEM;
    }
    out->parts = parts;
    out->n_parts = match->n_parts;
    return 0;
}

static int part_gates(const secscan_scanner *handle, const ss_part *part,
                      const char *path)
{
    const ss_gate_match m = {part->own,      path,           part->is_hygiene,
                             part->severity, part->evidence, part->confidence};

    return part->own && ss_gate_finding(&handle->gate, &m);
}

/* A part that would gate alone does so in its whole. */
int ss_match_gates(const secscan_scanner *handle, const ss_match *match,
                   const char *path)
{
    const ss_gate_match m = {match->rule,       path,
                             match->is_hygiene, match->severity,
                             match->evidence,   match->confidence};

    int gates = ss_gate_finding(&handle->gate, &m);

    for (size_t i = 0; !gates && i < match->n_parts; i++)
        gates = part_gates(handle, &match->parts[i], path);
    return gates;
}

int ss_finding_fill(secscan_finding *out, const secscan_scanner *handle,
                    const ss_match *match, const ss_origin *origin,
                    uint32_t file_len, char fingerprint[SS_FINGERPRINT_TEXT],
                    ss_arena *arena)
{
    const ss_rule *rule = match->rule;
    ss_bytes secret = ss_match_secret(match);
    int rc;

    memset(out, 0, sizeof(*out));
    ss_fingerprint(fingerprint, &handle->key,
                   match->identity.len ? match->identity : secret);
    out->rule = rule->id;
    out->description = rule->description;
    out->category = rule->category;
    out->advice = rule->advice;
    out->fingerprint = fingerprint;
    out->reason = match->reason;
    out->severity = match->severity;
    out->evidence = match->evidence;
    out->confidence = match->confidence;
    out->gates = (uint32_t)ss_match_gates(handle, match, origin->path);
    out->secret = public_bytes(secret);
    out->match = public_bytes(ss_match_whole(match));
    out->line = public_bytes(match->line);
    out->secret_at = match->secret_at;
    out->public_prefix = public_prefix(rule, secret);
    if (match->encodings.n)
        out->encoded = public_bytes(match->encoded);
    rc = fill_place(&out->place, match, origin, arena);
    out->place.file_len = file_len;
    if (!rc)
        rc = ss_finding_fill_parts(out, handle, match, &out->place, arena);
    return rc ? rc : fill_also(out, handle, match, arena);
}
