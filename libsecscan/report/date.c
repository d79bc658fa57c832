/*
 * date.c: seconds since 1970 to RFC 3339. Times in commits may be any number.
 */
#include "date.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MAX_TIME INT64_C(253402300799) /* end of the year 9999 */
#define MAX_OFFSET (24 * 60)

int ss_date_rfc3339(char out[SS_DATE_TEXT], int64_t time, int32_t offset)
{
    int minutes = offset > -MAX_OFFSET && offset < MAX_OFFSET ? offset : 0;
    struct tm tm;
    time_t local;
    size_t len;

    if (time < -MAX_TIME || time > MAX_TIME)
        return -1;
    local = (time_t)(time + (int64_t)minutes * 60);
    if (!gmtime_r(&local, &tm) || tm.tm_year < -1900 || tm.tm_year > 8099)
        return -1;
    len = strftime(out, SS_DATE_TEXT, "%Y-%m-%dT%H:%M:%S", &tm);
    if (minutes == 0)
        snprintf(out + len, SS_DATE_TEXT - len, "Z");
    else
        snprintf(out + len, SS_DATE_TEXT - len, "%c%02d:%02d",
                 minutes < 0 ? '-' : '+', abs(minutes) / 60, abs(minutes) % 60);
    return 0;
}
