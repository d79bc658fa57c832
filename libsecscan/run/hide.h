/*
 * hide.h: what hides a scanner's findings: verdicts of its policy, counts by
 * what hides, notes for people.
 */
#ifndef SS_HIDE_H
#define SS_HIDE_H

#include "policy/policy.h"
#include "scan/match.h"

#define SS_N_HIDERS 5u /* the allowlists of rules, and four of the policy */

typedef struct ss_hide {
    secscan_policy *policy; /* NULL: none */
    const ss_rule_set *set;
    uint8_t *used; /* by row of the policy: it has hidden something */
    secscan_suppressed_count counts[SS_N_HIDERS]; /* sorted by name */
    uint64_t n_told; /* of the coverage's `suppressed`: not by allowlists */
    SS_VEC(secscan_note) notes;
    ss_arena arena; /* of the notes */
} ss_hide;

/* `policy` may be NULL, and is kept alive. */
int ss_hide_init(ss_hide *hide, secscan_policy *policy, const ss_rule_set *set,
                 secscan_error *err);
void ss_hide_release(ss_hide *hide);

/* The verdict on a match at a place, whose secret, rule and line are filled in
 * from the match; out->reason may be in `arena`. Nonzero when out of memory. */
int ss_hide_ask(ss_hider *out, ss_hide *hide, const ss_match *match,
                ss_policy_place *place, ss_arena *arena);
/* Say of a finding that is not hidden that its line has a mark that does not
 * count. */
int ss_hide_note_idle(ss_hide *hide, const ss_match *match,
                      const secscan_place *place);

/* Count a hidden finding. */
void ss_hide_count(ss_hide *hide, const char *by);
/* What is judged has this path; a file of the policy, or a configuration, is
 * noted. */
int ss_hide_note_change(ss_hide *hide, const char *path);
/* All was scanned: rows that have hidden nothing are noted. */
int ss_hide_note_stale(ss_hide *hide);

/* Into the coverage, whose `suppressed` others count allowlists' in. */
void ss_hide_tell(ss_hide *hide, secscan_coverage *coverage);

#endif
