/*
 * compile.h: rules to Hyperscan databases. One of the two includers of hs.h.
 */
#ifndef SS_COMPILE_H
#define SS_COMPILE_H

#include "rules/rule.h"

/* Compile the prefilters of a set into its databases, by ss_rule.database.
 * Pattern ids are rule numbers. */
int ss_compile(ss_rule_set *set, secscan_error *err);
void ss_compile_release(ss_rule_set *set);

/* Databases as bytes: *data is ss_alloc'd. */
int ss_compile_save(const struct hs_database *database, uint8_t **data,
                    size_t *len, secscan_error *err);
/* SECSCAN_ERR_CORRUPT when this Hyperscan refuses the bytes (another version,
 * another platform, damaged): compile instead. */
int ss_compile_load(struct hs_database **out, ss_bytes data,
                    secscan_error *err);

/* The version of Hyperscan at run time; static. */
const char *ss_compile_version(void);

#endif
