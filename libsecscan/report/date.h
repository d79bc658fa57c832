/*
 * date.h: a commit's time as text, in its author's own zone.
 */
#ifndef SS_DATE_H
#define SS_DATE_H

#include <stdint.h>

#define SS_DATE_TEXT 32u

/* RFC 3339, "2026-11-21T10:02:00+01:00"; -1 when the year is not 0-9999. */
int ss_date_rfc3339(char out[SS_DATE_TEXT], int64_t time, int32_t offset);

#endif
