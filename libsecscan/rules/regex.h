/*
 * regex.h: PCRE2 with JIT: exact spans and groups. The only includer of pcre2.h
 * is regex.c. Bytes, not UTF; limits on every match, so that a slow pattern is
 * slow, never fatal. An ss_regex belongs to one thread.
 */
#ifndef SS_REGEX_H
#define SS_REGEX_H

#include "base/bytes.h"
#include "base/error.h"

typedef struct ss_regex ss_regex;

#define SS_REGEX_CASELESS 0x1u

/* What ss_regex_find says beside 0 (found). */
enum { SS_REGEX_NONE = 1, SS_REGEX_LIMIT = 2 };

#define SS_REGEX_MAX_GROUPS 32u

typedef struct ss_regex_match {
    size_t n_groups; /* at least 1: group 0 is the whole match */
    struct {
        size_t from, to; /* SIZE_MAX, SIZE_MAX: took no part */
    } group[SS_REGEX_MAX_GROUPS];
} ss_regex_match;

int ss_regex_new(ss_regex **out, const char *pattern, uint32_t flags,
                 secscan_error *err);
void ss_regex_free(ss_regex *regex);
/* Would ss_regex_new take it? The same errors, without what matching needs. */
int ss_regex_check(const char *pattern, uint32_t flags, secscan_error *err);

/* The first match that starts in [from, to] of `subject`; the bytes around are
 * seen by look-around. `to` may be subject.len. Returns 0, SS_REGEX_NONE,
 * SS_REGEX_LIMIT, or a negative status. */
int ss_regex_find(ss_regex *regex, ss_bytes subject, size_t from, size_t to,
                  ss_regex_match *match);
/* Does it match anywhere? 1, 0, or SS_REGEX_LIMIT / negative as above. */
int ss_regex_test(ss_regex *regex, ss_bytes subject);

#endif
