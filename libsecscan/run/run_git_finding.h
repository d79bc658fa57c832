/*
 * run_git_finding.h: one finding for each secret of a history.
 */
#ifndef SS_RUN_GIT_FINDING_H
#define SS_RUN_GIT_FINDING_H

#include "run/run_git_objects.h"

/* Attribute and deliver, in order. Everything has been read. */
int ss_git_deliver_findings(ss_git_history *h);

#endif
