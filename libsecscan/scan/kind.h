/*
 * kind.h: name a value that has no form of its own by the words around it: its
 * own name, what owns it, its line, the section it stands in.
 */
#ifndef SS_SCAN_KIND_H
#define SS_SCAN_KIND_H

#include "rules/regex.h"
#include "scan/match.h"

/* Expressions of values, of one thread. */
typedef struct ss_namer ss_namer;
int ss_namer_new(ss_namer **out, const ss_rule_set *set, secscan_error *err);
void ss_namer_free(ss_namer *namer);

/* Turn a match of a carrier into one of the kind that the words around name;
 * without one it stays as it is. It depends on the line and on SS_ABOVE_REACH
 * bytes above it. 0, SS_REGEX_LIMIT or a negative status. */
int ss_namer_name(ss_namer *namer, ss_match *match, secscan_error *err);

#endif
