/*
 * export.h: a set of rules as text.
 */
#ifndef SS_EXPORT_H
#define SS_EXPORT_H

#include "base/buf.h"
#include "rules/rule.h"

/* Append a TOML file that is the whole set. 0, or -1 when memory or the maximum
 * of `out` ends. */
int ss_rule_set_export(const ss_rule_set *set, ss_buf *out);

#endif
