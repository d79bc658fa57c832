/*
 * delivery.c: a match becomes a finding: the verdict of its origin, the policy,
 * coverage, the caller's sink.
 */
#include "handle.h"

#include "run/member.h"

#include <stdio.h>

#define MAX_DETAIL 400u /* of an acknowledged skip */

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
