/*
 * check_date.h: dates inside credentials. There is no clock: what a scan says
 * may not change from one day to the next. A credential is over when it ended
 * before the day that this version states.
 */
#ifndef SS_CHECK_DATE_H
#define SS_CHECK_DATE_H

#include "base/bytes.h"

/* 2026-11-01: moved on with a release. docs/rules.md names it. */
#define SS_AS_OF INT64_C(1793491200)

#define SS_DAY_TEXT 12u

/* "2026-11-01"; -1 for what is not of the years 1970 to 9999. */
int ss_day_text(char out[SS_DAY_TEXT], int64_t seconds);
/* 20261101T123000Z, 2026-11-01T12:30:00Z or 2026-11-01, colons as %3A, too;
 * -1 for anything else. What is not stated is 0. */
int ss_day_parse(int64_t *out, ss_bytes text);

#endif
