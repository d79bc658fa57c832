/*
 * budget.h: what may be spent on one outermost container: depth, members,
 * bytes, time. Counts; what to do about it is the caller's.
 */
#ifndef SS_BUDGET_H
#define SS_BUDGET_H

#include "base/buf.h"

#include <secscan.h>

#include <stdint.h>

typedef enum ss_limit {
    SS_LIMIT_NONE = 0,
    SS_LIMIT_DEPTH,  /* one container is not opened */
    SS_LIMIT_MEMBER, /* the rest of one member is left */
    SS_LIMIT_HELD,   /* one container cannot be held in memory: not opened */
    /* The rest of all is left. */
    SS_LIMIT_TIME,
    SS_LIMIT_RATIO,
    SS_LIMIT_ENTRY,
    SS_LIMIT_UNPACKED,
    SS_N_LIMITS
} ss_limit;

typedef struct ss_budget {
    /* Of the options, without zeros. */
    uint32_t max_depth, max_seconds, max_ratio, max_entries;
    uint64_t max_member, max_unpacked;
    uint64_t in;       /* bytes of the outermost container */
    uint64_t unpacked; /* bytes of members, at all depths */
    uint64_t entries;
    uint64_t started; /* of ss_clock_ms */
    ss_limit over;    /* SS_LIMIT_TIME or above: that one was reached */
    uint32_t told;    /* bits, by ss_limit */
} ss_budget;

/* A container that waits in memory, and all that wait together. */
#define SS_MAX_HELD ((size_t)128 << 20)

void ss_budget_start(ss_budget *budget, const secscan_scan_options *options,
                     uint64_t in);
/* Zeros are the defaults: what the options mean, for who compares them. */
void ss_budget_limits(ss_budget *budget, const secscan_scan_options *options);

/* `n` more bytes of a member, which had `*n_member` until now; one more member;
 * time goes by. What is reached by it. */
ss_limit ss_budget_bytes(ss_budget *budget, uint64_t n, uint64_t *n_member);
ss_limit ss_budget_entry(ss_budget *budget);
ss_limit ss_budget_time(ss_budget *budget);

/* 1: it has not been told yet. */
int ss_budget_tell(ss_budget *budget, ss_limit limit);
/* A word of secscan_skip; and one line with the limit and its option. */
const char *ss_limit_reason(ss_limit limit);
int ss_budget_detail(ss_buf *out, const ss_budget *budget, ss_limit limit);

#endif
