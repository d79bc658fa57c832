/*
 * re2.h: patterns as gitleaks writes them (Go's regexp, which is RE2) as PCRE2
 * patterns over bytes that mean the same.
 */
#ifndef SS_RE2_H
#define SS_RE2_H

#include "base/arena.h"
#include "base/error.h"

/* *out is `pattern` itself when nothing in it differs; else in the arena. What
 * has no translation is SECSCAN_ERR_RULE; err->column is the 1-based byte. */
int ss_re2_translate(const char **out, const char *pattern, ss_arena *arena,
                     secscan_error *err);

#endif
