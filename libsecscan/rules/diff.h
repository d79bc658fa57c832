/*
 * diff.h: what one set of rules says that another does not.
 */
#ifndef SS_DIFF_H
#define SS_DIFF_H

#include "rules/rule.h"

typedef int (*ss_change_fn)(void *ctx, const secscan_rule_change *change);

/* Tell the changes in order of the rules' ids; nonzero from `change` stops with
 * SECSCAN_STOPPED. */
int ss_rule_set_diff(const ss_rule_set *before, const ss_rule_set *after,
                     ss_change_fn change, void *ctx, secscan_error *err);

#endif
