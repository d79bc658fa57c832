/*
 * engine.h: run bytes through the Hyperscan databases of a rule set.
 */
#ifndef SS_ENGINE_H
#define SS_ENGINE_H

#include "rules/rule.h"
#include "scan/candidate.h"

typedef struct ss_engine ss_engine; /* one thread at a time */

int ss_engine_new(ss_engine **out, const ss_rule_set *set, secscan_error *err);
void ss_engine_free(ss_engine *engine);

/* Append what the databases say of `bytes`. A full list is not a failure: it
 * returns 0 with candidates->overflowed set. */
int ss_engine_scan(ss_engine *engine, ss_bytes bytes, ss_candidates *candidates,
                   secscan_error *err);

#endif
