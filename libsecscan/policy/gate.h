/*
 * gate.h: which findings are listed, which of those decide the exit code, and
 * which skips make a scan incomplete. docs/exit-codes.md says the same to
 * people.
 */
#ifndef SS_GATE_H
#define SS_GATE_H

#include "rules/rule.h"

/* What the caller asked for; zero is the default. */
typedef struct ss_gate {
    uint32_t unlisted_categories; /* bits, by index in ss_categories */
    uint8_t min_severity, min_evidence, min_confidence;
    uint8_t profile; /* secscan_profile */
    uint8_t gate_severity, gate_evidence;
    uint8_t is_new_only;
    uint32_t min_password_len; /* of databases; 0: any will do */
} ss_gate;

/* What the gate has to know of a match at one of its places. */
typedef struct ss_gate_match {
    const ss_rule *rule;
    const char *path;   /* NULL: none */
    uint8_t is_hygiene; /* weak rather than leaked */
    uint8_t severity, evidence, confidence;
} ss_gate_match;

/* Options of the caller's, checked. */
int ss_gate_init(ss_gate *out, const secscan_scan_options *options,
                 secscan_error *err);

/* Does it gate? Rules whose precision nobody has measured only report, and so
 * does hygiene (a weak value, a tracked .env), unless the profile is strict;
 * the profile may ask for more. */
int ss_gate_finding(const ss_gate *gate, const ss_gate_match *match);

/* Is it listed? What is not is counted. */
int ss_gate_lists(const ss_gate *gate, const secscan_finding *finding);

/* Does this skip leave something unscanned that was asked for? Not: exclusions
 * of the caller's, and what has no content of its own. */
int ss_gate_skip(const char *reason);

#endif
