/*
 * builtin.h: the table that tools/embed makes of patterns/ at build time. All
 * of it is const data; nothing is read or computed at start.
 */
#ifndef SS_BUILTIN_H
#define SS_BUILTIN_H

#include "rules/rule.h"

extern const ss_rule ss_builtin_rules[]; /* sorted by id */
extern const size_t ss_builtin_n_rules;
extern const size_t ss_builtin_n_hidden; /* the last ones */
extern const ss_kind_index ss_builtin_kinds;
extern const ss_allowlist ss_builtin_allowlists[];
extern const size_t ss_builtin_n_allowlists;
extern const char ss_builtin_version[17];
/* Serialized Hyperscan databases, in the order of ss_rule_set.databases. */
extern const ss_bytes ss_builtin_databases[];
extern const size_t ss_builtin_n_databases;

#endif
