/*
 * check_url.c: URLs that are signed until a date: AWS (version 4 and 2), Google
 * Cloud, Azure. The date is read from what the pattern matched around the
 * signature; where it stands elsewhere nothing is said.
 */
#include "scan/check_family.h"

#include "scan/check_date.h"

#include <stdio.h>

/* The value of a parameter; empty when it is not there. */
static ss_bytes parameter(ss_bytes url, const char *name)
{
    size_t at = ss_bytes_find_nocase(url, ss_bytes_str(name));
    size_t len = 0;
    ss_bytes value;

    if (at == SIZE_MAX)
        return (ss_bytes){url.data, 0};
    value = ss_cut(url, at + strlen(name), SIZE_MAX);
    while (len < value.len && value.data[len] != '&')
        len++;
    return ss_cut(value, 0, len);
}

/* Up to twelve digits; -1 for anything else. */
static int64_t number_of(ss_bytes text)
{
    int64_t value = 0;

    if (!text.len || text.len > 12)
        return -1;
    for (size_t i = 0; i < text.len; i++) {
        if (!ss_is_digit(text.data[i]))
            return -1;
        value = value * 10 + text.data[i] - '0';
    }
    return value;
}

/* A date and seconds from there. */
static int add_up(int64_t *out, ss_bytes date, ss_bytes seconds)
{
    int64_t n = number_of(seconds);

    if (n < 0 || ss_day_parse(out, date))
        return -1;
    *out += n;
    return 0;
}

static int end_of(int64_t *out, ss_bytes url)
{
    ss_bytes epoch = parameter(url, "&Expires=");

    if (!add_up(out, parameter(url, "X-Amz-Date="),
                parameter(url, "X-Amz-Expires=")) ||
        !add_up(out, parameter(url, "X-Goog-Date="),
                parameter(url, "X-Goog-Expires=")) ||
        !ss_day_parse(out, parameter(url, "se=")))
        return 0;
    *out = number_of(epoch);
    return *out < 0 ? -1 : 0;
}

void ss_check_signed_url(ss_bytes secret, ss_bytes match,
                         ss_check_result *result)
{
    char day[SS_DAY_TEXT], reason[40];
    int64_t end;

    (void)secret;
    if (end_of(&end, match) || ss_day_text(day, end)) {
        ss_check_unsure(result, "");
        return;
    }
    snprintf(reason, sizeof(reason), "%s %s",
             end < SS_AS_OF ? "expired" : "signed until", day);
    if (end < SS_AS_OF)
        ss_check_over(result, reason);
    else
        ss_check_pass(result, SECSCAN_PATTERN, reason);
}
