/*
 * cache.h: compiled databases kept between runs, in a directory that only this
 * user can write. Its content is checked before it is used, and a cache that is
 * not usable costs time, never a result.
 */
#ifndef SS_CACHE_H
#define SS_CACHE_H

#include "base/buf.h"
#include "rules/rule.h"

/* 16 hex digits of bytes (scan/fingerprint.h has one; rules/ does not see it).
 */
typedef void (*ss_digest_fn)(char out[17], ss_bytes data);

typedef struct ss_cache {
    const char *dir; /* NULL: chosen from XDG_CACHE_HOME and HOME */
    ss_digest_fn digest;
} ss_cache;

/* Fill the databases of a set whose rules are complete. 0, or -1: compile them.
 */
int ss_cache_load(const ss_cache *cache, ss_rule_set *set);
/* Keep them; what does not work out is not told. */
void ss_cache_store(const ss_cache *cache, const ss_rule_set *set);

/* Fill the databases of a set in the cheapest way that works: from `databases`
 * (bytes that Hyperscan may refuse: another version, another machine), else
 * from the cache, else by compiling, which the cache then keeps. `cache` may be
 * NULL, `n` 0. */
int ss_cache_open(const ss_cache *cache, ss_rule_set *set,
                  const ss_bytes *databases, size_t n, secscan_error *err);

#endif
