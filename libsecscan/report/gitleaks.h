/*
 * gitleaks.h: a finding as gitleaks' reports have it.
 */
#ifndef SS_GITLEAKS_H
#define SS_GITLEAKS_H

#include <secscan.h>

/* The introducing commit; one of empty strings when there is none. */
const secscan_commit *ss_gitleaks_commit(const secscan_finding *finding);
/* Of the last character, not of the one behind it. */
uint64_t ss_gitleaks_end_column(const secscan_place *place);

#endif
