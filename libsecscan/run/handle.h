/*
 * handle.h: what stands behind the public secscan_scanner, and how a match
 * becomes a finding: origin verdict, fingerprint, coverage, the caller's sink.
 */
#ifndef SS_HANDLE_H
#define SS_HANDLE_H

#include "base/arena.h"
#include "base/buf.h"
#include "os/thread.h"
#include "policy/acknowledge.h"
#include "policy/gate.h"
#include "rules/rule.h"
#include "run/hide.h"
#include "scan/fingerprint.h"
#include "scan/scanner.h"
#include "source/container.h"
#include "source/origin.h"

#include <secscan.h>

#define SS_MAX_SKIP_REASONS 40u

struct secscan_scanner {
    secscan_rules *rules;
    const ss_rule_set *set;
    secscan_scan_options options; /* threads resolved: at least 1 */
    ss_fingerprint_key key;
    ss_acknowledgements acknowledged;
    ss_gate gate;         /* what is listed, and what gates */
    ss_hide hide;         /* what hides findings */
    ss_scanner *scanner;  /* of the calling thread */
    uint32_t *path_rules; /* numbers of the rules about paths alone */
    size_t n_path_rules;
    int is_busy;
    /* secscan_stream_*: */
    int is_streaming;
    int is_feeding; /* inside feed or end: callbacks may not come back */
    int stream_rc;  /* what the failed feed returned */
    secscan_sink stream_sink;
    ss_buf stream_name;
    struct ss_stream *stream;
    ss_buf range; /* what the coverage says */
    /* Who opens containers: asked when the first one appears, by any worker. */
    ss_mutex opener_lock;
    const ss_opener *opener; /* NULL: nobody, or not asked yet */
    int has_asked, has_lock;
    /* Coverage of all scans so far. */
    secscan_coverage coverage;
    secscan_skip_count skips[SS_MAX_SKIP_REASONS];
    ss_scan_counts counted;   /* of `scanner`, already in the coverage */
    ss_costs costs;           /* of `scanner`; no rules: nobody asks */
    secscan_costs told_costs; /* the same, as the caller sees it */
};

/* Every scan starts and ends here: a scanner does one thing at a time. `mode`
 * is a word of secscan_coverage. leave turns a sink's answer into a status,
 * adds up the coverage, and returns what the public function returns. */
int ss_handle_enter(secscan_scanner *handle, const char *mode,
                    secscan_error *err);
/* The scan is one of a range: for the coverage. */
int ss_handle_set_range(secscan_scanner *handle, const char *range,
                        secscan_error *err);
int ss_handle_leave(secscan_scanner *handle, int rc, secscan_error *err);
/* Its last step: a sink's answer is a status, and an error that nobody has
 * filled since err->code was cleared names it. */
int ss_handle_status(int rc, secscan_error *err);

int ss_handle_new(secscan_scanner **out, secscan_rules *rules,
                  const secscan_scan_options *options, secscan_error *err);
void ss_handle_free(secscan_scanner *handle);
/* One more scanner, for another thread, with the same settings. */
int ss_handle_scanner(ss_scanner **out, const secscan_scanner *handle,
                      secscan_error *err);

/* How far its scanners follow encodings, below `depth` of them and of
 * containers. */
void ss_handle_ask_decoding(const secscan_scanner *handle, ss_scanner *scanner,
                            uint32_t depth);
/* Is what was found plainly delivered where it is encoded, too? */
int ss_handle_wants_every(const secscan_scanner *handle);
/* Are containers to be opened? */
int ss_handle_opens(const secscan_scanner *handle);
/* Who opens them; NULL: nobody can. From any thread. */
const ss_opener *ss_handle_opener(secscan_scanner *handle);

/* A sink of the caller's, checked and copied; missing members are NULL. */
int ss_sink_copy(secscan_sink *out, const secscan_sink *sink,
                 secscan_error *err);

/* Fill what a finding takes from its match: rule, evidence, bytes, place,
 * fingerprint (text, caller's memory), also and parts (in `arena`). Places,
 * introductions and reach are left empty. `file_len` is the place's. Does not
 * deliver. */
int ss_finding_fill(secscan_finding *out, const secscan_scanner *handle,
                    const ss_match *match, const ss_origin *origin,
                    uint32_t file_len, char fingerprint[SS_FINGERPRINT_TEXT],
                    ss_arena *arena);

/* How it is written at its place; the array is in `arena`. */
int ss_place_fill_encodings(secscan_place *out, const ss_encodings *encodings,
                            ss_arena *arena);

/* Its parts, in `arena`; the place is the whole's. Also a step of the above. */
int ss_finding_fill_parts(secscan_finding *out, const secscan_scanner *handle,
                          const ss_match *match, const secscan_place *place,
                          ss_arena *arena);

/* Does the match gate at a path (NULL: none)? */
int ss_match_gates(const secscan_scanner *handle, const ss_match *match,
                   const char *path);

/* Fill in what hides it, as `hider` says; NULL or by NULL: nothing does. */
void ss_finding_hide(secscan_finding *finding, const ss_hider *hider);

/* Count a finding in the coverage and hand it to the sink, if it is listed and
 * not hidden. */
int ss_deliver_finding(secscan_scanner *handle, secscan_finding *finding,
                       const secscan_sink *sink);

/* Judge a match at an origin, then fill and deliver. 0, or nonzero: the sink
 * asked to stop, or a negative status. */
int ss_deliver_match(secscan_scanner *handle, const ss_origin *origin,
                     const ss_match *match, const secscan_sink *sink);

/* What a rule finds that needs no secret; `reason` is static. */
ss_match ss_rule_match(const secscan_scanner *handle, uint32_t number,
                       const char *reason);
/* What the i-th rule about paths alone (handle->n_path_rules) finds, whatever
 * the path: ask ss_filter_origin. */
ss_match ss_path_match(const secscan_scanner *handle, size_t i);
/* Findings of the rules about paths alone (a tracked .env, id_rsa ...). */
int ss_deliver_path(secscan_scanner *handle, const ss_origin *origin,
                    const secscan_sink *sink);

/* Count and hand over what was not scanned. `reason` is a word of
 * secscan_skip; whether it makes the scan incomplete follows from the word. */
int ss_deliver_skip(secscan_scanner *handle, const ss_origin *origin,
                    const char *reason, const char *detail,
                    const secscan_sink *sink);
/* The same in a container: `file_len` as in secscan_place. */
int ss_deliver_member_skip(secscan_scanner *handle, const ss_origin *origin,
                           uint32_t file_len, const char *reason,
                           const char *detail, const secscan_sink *sink);

/* Add what a scanner has counted since `counts` was last zeroed. */
void ss_coverage_add(secscan_scanner *handle, const ss_scan_counts *counts);

#endif
