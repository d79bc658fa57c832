/*
 * check_date.c: days of the calendar, from and to seconds since 1970.
 */
#include "scan/check_date.h"

#include <stdio.h>

#define LAST_SECOND INT64_C(253402300799)
#define DAY 86400

/* By the 400-year cycles of the calendar; years begin in March. */
int ss_day_text(char out[SS_DAY_TEXT], int64_t seconds)
{
    int64_t z, era, day, year, of_year, month, of_month;

    if (seconds < 0 || seconds > LAST_SECOND)
        return -1;
    z = seconds / DAY + 719468;
    era = z / 146097;
    day = z % 146097;
    year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    of_year = day - (365 * year + year / 4 - year / 100);
    month = (5 * of_year + 2) / 153;
    of_month = of_year - (153 * month + 2) / 5 + 1;
    month = month < 10 ? month + 3 : month - 9;
    year += era * 400 + (month <= 2);
    snprintf(out, SS_DAY_TEXT, "%04u-%02u-%02u", (unsigned)(year % 10000),
             (unsigned)(month % 100), (unsigned)(of_month % 100));
    return 0;
}

static int64_t seconds_of(int64_t year, int64_t month, int64_t day)
{
    int64_t of_year;

    year -= month <= 2;
    month = month > 2 ? month - 3 : month + 9;
    of_year = (153 * month + 2) / 5 + day - 1;
    return (year * 365 + year / 4 - year / 100 + year / 400 + of_year -
            719468) *
           DAY;
}

/* Digits alone, in `out`; other marks of a date are skipped. */
static size_t take_digits(uint8_t out[14], ss_bytes text)
{
    size_t n = 0;

    for (size_t i = 0; i < text.len && n < 14; i++) {
        if (i + 2 < text.len && text.data[i] == '%')
            i += 2; /* %3A */
        else if (ss_is_digit(text.data[i]))
            out[n++] = (uint8_t)(text.data[i] - '0');
        else if (!memchr("-:TZ", text.data[i], 4))
            return 0;
    }
    return n;
}

static int64_t number(const uint8_t *digits, size_t n)
{
    int64_t value = 0;

    for (size_t i = 0; i < n; i++)
        value = value * 10 + digits[i];
    return value;
}

int ss_day_parse(int64_t *out, ss_bytes text)
{
    uint8_t digits[14] = {0};
    size_t n = take_digits(digits, text);
    int64_t year = number(digits, 4), month = number(digits + 4, 2),
            day = number(digits + 6, 2);

    if (n < 8 || n % 2 || year < 1970 || month < 1 || month > 12 || day < 1 ||
        day > 31)
        return -1;
    *out = seconds_of(year, month, day) + number(digits + 8, 2) * 3600 +
           number(digits + 10, 2) * 60 + number(digits + 12, 2);
    return 0;
}
