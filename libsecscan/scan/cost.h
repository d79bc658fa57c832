/*
 * cost.h: what a scan costs, rule by rule, for who asks (secscan rules bench).
 * Counting changes no result.
 */
#ifndef SS_COST_H
#define SS_COST_H

#include <secscan.h>

typedef struct ss_costs {
    uint64_t (*now)(void);    /* nanoseconds of this thread's processor */
    uint64_t engine;          /* nanoseconds in Hyperscan */
    secscan_rule_cost *rules; /* by number; `rule` is set */
} ss_costs;

#endif
