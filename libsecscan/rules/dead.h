/*
 * dead.h: allowlists that cannot do what they were written for.
 */
#ifndef SS_DEAD_H
#define SS_DEAD_H

#include "rules/rule.h"

/* What is wrong with a list, in `out`; 1, or 0 when nothing is. `rule` is its
 * own; NULL for a global one. A negative status when memory ends. */
int ss_dead_find(char out[160], const ss_allowlist *list, const ss_rule *rule,
                 ss_arena *arena);

#endif
