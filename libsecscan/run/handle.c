/*
 * handle.c: a match becomes a finding: the verdict of its origin, fingerprint,
 * coverage, the caller's sink.
 */
#include "handle.h"

#include "base/alloc.h"
#include "base/options.h"
#include "os/clock.h"
#include "run/member.h"
#include "run/results.h"
#include "run/run_stream.h"

#include <stdio.h>

#define MAX_THREADS 256u
#define DEFAULT_DEPTH 8u
#define MAX_DETAIL 400u /* of an acknowledged skip */

/* The caller's key; else the configuration's salt; else the public key. */
static int set_key(secscan_scanner *handle, secscan_error *err)
{
    const void *key = handle->options.fingerprint_key;
    size_t len = handle->options.fingerprint_key_len;

    if (!key && handle->set->salt) {
        key = handle->set->salt;
        len = strlen(handle->set->salt);
    }
    if (!key)
        return 0;
    if (len < SS_MIN_SALT || len > SS_MAX_SALT)
        return ss_fail(err, SECSCAN_ERR_ARG,
                       "fingerprint_key has %zu bytes, not %u to %u", len,
                       SS_MIN_SALT, SS_MAX_SALT);
    memcpy(handle->key.bytes, key, len);
    handle->key.len = len;
    return 0;
}

/* Every file of a tree asks these rules: not all of them are gone through each
 * time. */
static int find_path_rules(secscan_scanner *handle, secscan_error *err)
{
    const ss_rule_set *set = handle->set;

    handle->path_rules = ss_calloc(set->n_rules, sizeof(uint32_t));
    if (!handle->path_rules)
        return ss_fail_nomem(err);
    for (size_t i = 0; i < set->n_rules; i++) {
        if (ss_rule_is_path(set->rules[i]))
            handle->path_rules[handle->n_path_rules++] = (uint32_t)i;
    }
    return 0;
}

static int start_measuring(secscan_scanner *handle, secscan_error *err)
{
    const ss_rule_set *set = handle->set;
    /* One more: no memory of no rules. */
    secscan_rule_cost *costs = ss_calloc(set->n_rules + 1, sizeof(*costs));

    if (!costs)
        return ss_fail_nomem(err);
    for (size_t i = 0; i < set->n_rules; i++)
        costs[i].rule = set->rules[i]->id;
    handle->costs = (ss_costs){ss_clock_cpu_ns, 0, costs};
    ss_scanner_measure(handle->scanner, &handle->costs);
    return 0;
}

int ss_handle_scanner(ss_scanner **out, const secscan_scanner *handle,
                      secscan_error *err)
{
    int rc = ss_scanner_new(out, handle->set, handle->options.chunk_core, err);

    if (rc)
        return rc;
    ss_scanner_ask_length(*out, handle->gate.min_password_len);
    ss_handle_ask_decoding(handle, *out, 0);
    return 0;
}

/* ---- encodings and containers ---- */

static int is_container(ss_bytes bytes)
{
    return ss_container_detect(bytes) != NULL;
}

/* At the deepest container one encoding is still looked into: so that what is
 * not followed is said. */
void ss_handle_ask_decoding(const secscan_scanner *handle, ss_scanner *scanner,
                            uint32_t depth)
{
    uint32_t max = handle->options.max_depth;
    ss_decode_options decoding = {.max_depth = depth < max ? max - depth : 1,
                                  .max_decoded = handle->options.max_decoded};

    if (handle->options.flags & SECSCAN_SCAN_NO_DECODE)
        return;
    if (ss_handle_opens(handle)) {
        decoding.is_container = is_container;
        decoding.container = ss_results_add_nested;
    }
    ss_scanner_ask_decoding(scanner, decoding);
}

int ss_handle_opens(const secscan_scanner *handle)
{
    return handle->options.opener &&
           !(handle->options.flags & SECSCAN_SCAN_NO_CONTAINERS);
}

const ss_opener *ss_handle_opener(secscan_scanner *handle)
{
    const ss_opener *opener;

    ss_mutex_lock(&handle->opener_lock);
    if (!handle->has_asked) {
        handle->has_asked = 1;
        opener = (const ss_opener *)handle->options.opener(
            handle->options.opener_ctx);
        if (opener && opener->version == SS_OPENER_VERSION)
            handle->opener = opener;
    }
    opener = handle->opener;
    ss_mutex_unlock(&handle->opener_lock);
    return opener;
}

/* ---- a handle ---- */

static int check_depth(secscan_scan_options *options, secscan_error *err)
{
    if (!options->max_depth)
        options->max_depth = DEFAULT_DEPTH;
    if (options->max_depth > SS_MAX_ENCODINGS)
        return ss_fail(err, SECSCAN_ERR_ARG, "max_depth: at most %u",
                       SS_MAX_ENCODINGS);
    return 0;
}

static int fill_handle(secscan_scanner *handle, secscan_rules *rules,
                       const secscan_scan_options *options, secscan_error *err)
{
    int rc = ss_options_copy(&handle->options, sizeof(handle->options), options,
                             err);

    if (rc)
        return rc;
    handle->rules = secscan_rules_ref(rules);
    handle->set = ss_rules_set(rules);
    if (handle->options.flags &
        ~(SECSCAN_SCAN_MEASURE | SECSCAN_SCAN_SHOW_SUPPRESSED |
          SECSCAN_SCAN_NO_SUPPRESS | SECSCAN_SCAN_NEW_ONLY |
          SECSCAN_SCAN_NO_DECODE | SECSCAN_SCAN_NO_CONTAINERS))
        return ss_fail(err, SECSCAN_ERR_ARG, "unknown flags in options");
    if (!handle->options.threads)
        handle->options.threads = ss_thread_processors();
    if (handle->options.threads > MAX_THREADS)
        return ss_fail(err, SECSCAN_ERR_ARG, "threads: at most %u",
                       MAX_THREADS);
    rc = check_depth(&handle->options, err);
    if (rc)
        return rc;
    if (ss_mutex_init(&handle->opener_lock))
        return ss_fail_nomem(err);
    handle->has_lock = 1;
    handle->stream_name = (ss_buf)SS_BUF_INIT(SIZE_MAX / 4);
    handle->range = (ss_buf)SS_BUF_INIT(SIZE_MAX / 4);
    handle->coverage.mode = "";
    handle->coverage.warning = "";
    handle->coverage.is_complete = 1;
    handle->coverage.skips = handle->skips;
    handle->coverage.rules_version = handle->set->version;
    handle->coverage.policy_digest = handle->options.policy_digest;
    handle->coverage.n_rules = ss_rule_set_count(handle->set);
    rc = ss_gate_init(&handle->gate, &handle->options, err);
    if (rc)
        return rc;
    handle->coverage.profile = secscan_profile_name(handle->gate.profile);
    rc = set_key(handle, err);
    if (!rc && handle->options.acknowledged)
        rc = ss_acknowledgements_read(&handle->acknowledged,
                                      handle->options.acknowledged,
                                      handle->options.today, err);
    if (!rc)
        rc = ss_hide_init(&handle->hide, handle->options.policy, handle->set,
                          err);
    if (!rc)
        rc = find_path_rules(handle, err);
    if (rc)
        return rc;
    rc = ss_handle_scanner(&handle->scanner, handle, err);
    if (!rc && handle->options.flags & SECSCAN_SCAN_MEASURE)
        rc = start_measuring(handle, err);
    return rc;
}

int ss_handle_new(secscan_scanner **out, secscan_rules *rules,
                  const secscan_scan_options *options, secscan_error *err)
{
    secscan_scanner *handle = ss_calloc(1, sizeof(*handle));
    int rc;

    if (!handle)
        return ss_fail_nomem(err);
    rc = fill_handle(handle, rules, options, err);
    if (rc) {
        ss_handle_free(handle);
        return rc;
    }
    *out = handle;
    return 0;
}

void ss_handle_free(secscan_scanner *handle)
{
    if (!handle)
        return;
    ss_stream_free(handle->stream);
    ss_scanner_free(handle->scanner);
    if (handle->has_lock)
        ss_mutex_release(&handle->opener_lock);
    ss_free(handle->path_rules);
    ss_free(handle->costs.rules);
    ss_acknowledgements_release(&handle->acknowledged);
    ss_buf_release(&handle->stream_name);
    ss_buf_release(&handle->range);
    ss_hide_release(&handle->hide);
    secscan_rules_free(handle->rules);
    ss_free_wiped(handle, sizeof(*handle));
}

int ss_handle_enter(secscan_scanner *handle, const char *mode,
                    secscan_error *err)
{
    if (handle->is_busy)
        return ss_fail(err, SECSCAN_ERR_BUSY, "the scanner is in use");
    handle->is_busy = 1;
    handle->coverage.mode = mode;
    handle->coverage.range = NULL;
    return 0;
}

int ss_handle_set_range(secscan_scanner *handle, const char *range,
                        secscan_error *err)
{
    ss_buf_reset(&handle->range);
    if (ss_buf_add(&handle->range, range, strlen(range) + 1))
        return ss_fail_nomem(err);
    handle->coverage.range = (const char *)handle->range.data;
    return 0;
}

int ss_handle_leave(secscan_scanner *handle, int rc, secscan_error *err)
{
    const ss_scan_counts *now = ss_scanner_counts(handle->scanner);
    ss_scan_counts *seen = &handle->counted;
    ss_scan_counts more = {now->units - seen->units, now->bytes - seen->bytes,
                           now->decoded_bytes - seen->decoded_bytes,
                           now->suppressed - seen->suppressed,
                           now->engine_bytes - seen->engine_bytes};

    ss_coverage_add(handle, &more);
    *seen = *now;
    ss_hide_tell(&handle->hide, &handle->coverage);
    handle->is_busy = 0;
    if (rc)
        handle->coverage.is_complete = 0;
    if (rc < 0 && err && err->code != rc)
        ss_fail(err, rc, "%s", secscan_status_name(rc));
    return rc > 0 ? SECSCAN_STOPPED : rc;
}

int ss_sink_copy(secscan_sink *out, const secscan_sink *sink,
                 secscan_error *err)
{
    return ss_options_copy(out, sizeof(*out), sink, err);
}

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

void ss_finding_hide(secscan_finding *finding, const ss_hider *hider)
{
    finding->suppressed_by = hider->by;
    finding->suppressed_reason = hider->reason;
}

/* Count it; 1: the caller wants to see it all the same. */
static int is_shown(secscan_scanner *handle, secscan_finding *finding)
{
    if (handle->options.flags & SECSCAN_SCAN_NO_SUPPRESS)
        return 1;
    ss_hide_count(&handle->hide, finding->suppressed_by);
    finding->gates = 0;
    return (handle->options.flags & SECSCAN_SCAN_SHOW_SUPPRESSED) != 0;
}

int ss_deliver_finding(secscan_scanner *handle, secscan_finding *finding,
                       const secscan_sink *sink)
{
    if (!ss_gate_lists(&handle->gate, finding)) {
        handle->coverage.unlisted++;
        return 0;
    }
    if (finding->suppressed_by && !is_shown(handle, finding))
        return 0;
    handle->coverage.findings++;
    handle->coverage.gating += finding->gates;
    return sink->finding ? sink->finding(sink->ctx, finding) : 0;
}

/* From the policy's root; NULL when out of memory. */
static const char *path_below_root(const secscan_policy *policy,
                                   const ss_origin *origin,
                                   const ss_match *match, ss_arena *arena)
{
    const char *path = ss_policy_path(policy, origin->path, arena);

    return path ? ss_member_path(arena, path, match->member) : NULL;
}

/* The policy's verdict on a finding with one place; its line's mark, if that
 * does not count, is noted. `origin` is that of the outermost container. */
static int hide(secscan_scanner *handle, secscan_finding *finding,
                const ss_origin *origin, const ss_match *match, ss_arena *arena)
{
    const secscan_policy *policy = handle->hide.policy;
    const secscan_place *at = &finding->place;
    ss_policy_place place = {.fingerprint = finding->fingerprint,
                             .path = at->path,
                             .source = secscan_source_name((int)at->source),
                             .line = at->line_start};
    ss_hider hider;

    if (!policy)
        return 0;
    if (at->source == SECSCAN_SOURCE_FILE && origin->path) {
        place.path = path_below_root(policy, origin, match, arena);
        if (!place.path)
            return SECSCAN_ERR_NOMEM;
    }
    if (ss_hide_ask(&hider, &handle->hide, match, &place, arena))
        return SECSCAN_ERR_NOMEM;
    ss_finding_hide(finding, &hider);
    return hider.by ? 0 : ss_hide_note_idle(&handle->hide, match, at);
}

/* A place of its own is every finding's first. */
static int deliver_filled(secscan_scanner *handle, secscan_finding *finding,
                          const ss_origin *origin, const ss_match *match,
                          ss_arena *arena, const secscan_sink *sink)
{
    int rc = hide(handle, finding, origin, match, arena);

    if (rc)
        return rc;
    finding->places = &finding->place;
    finding->n_places = 1;
    finding->n_paths = finding->place.path != NULL;
    return ss_deliver_finding(handle, finding, sink);
}

/* 1: deliver it; 0: not at this origin; negative: a sink's answer. */
static int is_wanted(secscan_scanner *handle, const ss_origin *origin,
                     const ss_match *match, const secscan_sink *sink, int *rc)
{
    ss_filter *filter = ss_scanner_filter(handle->scanner);

    *rc = 0;
    switch (
        ss_member_verdict(filter, match, origin->path, match->member, NULL)) {
    case SS_KEEP:
        return 1;
    case SS_SUPPRESS:
        handle->coverage.suppressed++;
        return 0;
    case SS_NO_VERDICT:
        *rc = ss_deliver_skip(handle, origin, "match-limit", "", sink);
        return 0;
    case SS_DROP:
        break;
    }
    return 0;
}

/* Part of a whole that is a finding here. */
static int is_covered(const secscan_scanner *handle, const ss_origin *origin,
                      const ss_match *match)
{
    return match->whole &&
           ss_member_verdict(ss_scanner_filter(handle->scanner), match->whole,
                             origin->path, match->member, NULL) == SS_KEEP;
}

static int fill_and_deliver(secscan_scanner *handle, const ss_origin *origin,
                            const ss_match *match, ss_arena *arena,
                            const secscan_sink *sink)
{
    char fingerprint[SS_FINGERPRINT_TEXT];
    secscan_finding finding;
    ss_origin at = *origin;
    int rc;

    at.path = ss_member_path(arena, origin->path, match->member);
    if (match->member && !at.path)
        return SECSCAN_ERR_NOMEM;
    rc = ss_finding_fill(&finding, handle, match, &at,
                         ss_member_file_len(origin->path, match->member),
                         fingerprint, arena);
    return rc ? rc
              : deliver_filled(handle, &finding, origin, match, arena, sink);
}

int ss_deliver_match(secscan_scanner *handle, const ss_origin *origin,
                     const ss_match *match, const secscan_sink *sink)
{
    ss_arena arena = SS_ARENA_INIT;
    int rc;

    if (is_covered(handle, origin, match))
        return 0;
    if (!is_wanted(handle, origin, match, sink, &rc))
        return rc;
    rc = fill_and_deliver(handle, origin, match, &arena, sink);
    ss_arena_release(&arena);
    return rc;
}

ss_match ss_rule_match(const secscan_scanner *handle, uint32_t number,
                       const char *reason)
{
    const ss_rule *rule = handle->set->rules[number];
    ss_match match = {.rule = rule,
                      .rule_number = number,
                      .severity = rule->severity,
                      .evidence = rule->evidence,
                      .confidence = rule->confidence,
                      .reason = reason};

    match.line = ss_bytes_str("");
    return match;
}

ss_match ss_path_match(const secscan_scanner *handle, size_t i)
{
    return ss_rule_match(handle, handle->path_rules[i], "the file's name");
}

/* Their fingerprint is that of the path: there is no secret to tell. */
int ss_deliver_path(secscan_scanner *handle, const ss_origin *origin,
                    const secscan_sink *sink)
{
    int rc = 0;

    for (size_t i = 0; origin->path && !rc && i < handle->n_path_rules; i++) {
        ss_match match = ss_path_match(handle, i);

        match.identity = ss_bytes_str(origin->path);
        rc = ss_deliver_match(handle, origin, &match, sink);
    }
    return rc;
}

/* The table is sorted by reason and never full: reasons are fixed words. */
static void count_skip(secscan_scanner *handle, const char *reason,
                       int is_incomplete)
{
    secscan_coverage *coverage = &handle->coverage;
    secscan_skip_count *at = handle->skips;
    secscan_skip_count *end = at + coverage->n_skips;

    while (at < end && strcmp(at->reason, reason) < 0)
        at++;
    if (at == end || strcmp(at->reason, reason) != 0) {
        ss_assert(coverage->n_skips < SS_MAX_SKIP_REASONS);
        memmove(at + 1, at, (size_t)(end - at) * sizeof(*at));
        *at = (secscan_skip_count){reason, 0, (uint32_t)is_incomplete, 0};
        coverage->n_skips++;
    }
    at->count++;
    if (is_incomplete)
        coverage->is_complete = 0;
}

/* What somebody has looked at does not make the scan incomplete, as long as
 * that holds; `text` says who says so. */
static int acknowledge(const secscan_scanner *handle, secscan_skip *skip,
                       char text[MAX_DETAIL])
{
    const ss_acknowledged *a =
        ss_acknowledgements_find(&handle->acknowledged, skip->object);

    if (!a)
        return 0;
    skip->is_incomplete = (uint32_t)a->is_over;
    snprintf(text, MAX_DETAIL,
             a->is_over ? "was acknowledged until %s, which is over: %s"
                        : "acknowledged until %s: %s",
             a->until, a->reason);
    skip->detail = text;
    return !a->is_over;
}

int ss_deliver_skip(secscan_scanner *handle, const ss_origin *origin,
                    const char *reason, const char *detail,
                    const secscan_sink *sink)
{
    return ss_deliver_member_skip(handle, origin, 0, reason, detail, sink);
}

int ss_deliver_member_skip(secscan_scanner *handle, const ss_origin *origin,
                           uint32_t file_len, const char *reason,
                           const char *detail, const secscan_sink *sink)
{
    secscan_skip skip = {.path = origin->path,
                         .file_len = file_len,
                         .object = origin->object,
                         .reason = reason,
                         .detail = detail ? detail : "",
                         .is_incomplete = (uint32_t)ss_gate_skip(reason)};
    char text[MAX_DETAIL];

    if (skip.is_incomplete && acknowledge(handle, &skip, text))
        reason = "acknowledged";
    count_skip(handle, reason, (int)skip.is_incomplete);
    return sink->skipped ? sink->skipped(sink->ctx, &skip) : 0;
}

void ss_coverage_add(secscan_scanner *handle, const ss_scan_counts *counts)
{
    secscan_coverage *coverage = &handle->coverage;

    coverage->units += counts->units;
    coverage->bytes += counts->bytes;
    coverage->decoded_bytes += counts->decoded_bytes;
    coverage->suppressed += counts->suppressed;
}
