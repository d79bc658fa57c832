/*
 * filter.h: decide from the bytes alone whether a match is noise: entropy, stop
 * words, placeholders, reads, allowlists without an origin. Says nothing of
 * paths or commits. Depends only on the match and its line, so that the verdict
 * is the same wherever the bytes stand.
 */
#ifndef SS_FILTER_H
#define SS_FILTER_H

#include "rules/regex.h"
#include "scan/match.h"

/* Shannon entropy in bits a byte. */
double ss_entropy(ss_bytes s);
/* A stand-in for a value: <your-key>, xxxx, changeme, ${VAR}, {{ var }}, ... */
int ss_is_placeholder(ss_bytes secret);
/* The value is read from elsewhere (os.getenv("X"), process.env.X, vault:..)
 * or is an expression: judged from the line around the secret. */
int ss_is_read(ss_bytes line, size_t secret_at, size_t secret_len);

typedef enum ss_verdict {
    SS_KEEP = 0,
    SS_DROP,      /* noise */
    SS_SUPPRESS,  /* an allowlist took it out: counted */
    SS_NO_VERDICT /* a limit of PCRE2 was hit: the unit is not fully scanned */
} ss_verdict;

/* Compiled allowlist patterns of one thread. */
typedef struct ss_filter ss_filter;
int ss_filter_new(ss_filter **out, const ss_rule_set *set, secscan_error *err);
void ss_filter_free(ss_filter *filter);

/* The verdict of entropy, stop words, placeholders, reads and of the allowlists
 * that name neither paths nor commits. */
ss_verdict ss_filter_content(ss_filter *filter, const ss_match *match);
/* The verdict of the rule's path and of the allowlists that name paths or
 * commits, at one origin; either may be NULL. */
ss_verdict ss_filter_origin(ss_filter *filter, const ss_match *match,
                            const char *path, const char *commit);

/* Does the rule look at files of that path? */
int ss_filter_is_at(ss_filter *filter, uint32_t rule_number, const char *path);

#endif
