/*
 * gate.h: what decides the exit code: which findings gate, and which skips make
 * a scan incomplete. docs/exit-codes.md says the same to people.
 */
#ifndef SS_GATE_H
#define SS_GATE_H

#include "rules/rule.h"

/* Does a finding of `rule` gate? Hygiene (a weak value, a tracked .env) and
 * rules whose precision nobody has measured only report. */
int ss_gate_finding(const ss_rule *rule, int is_hygiene);

/* Does this skip leave something unscanned that was asked for? Not: exclusions
 * of the caller's, and what has no content of its own. */
int ss_gate_skip(const char *reason);

#endif
