/*
 * check_password.c: how long the password of a setting or of a URL is. The
 * whole setting is the secret there: a report masks a secret wherever it
 * stands, and should not mask a short word.
 */
#include "scan/check_family.h"

#include "scan/filter.h"

#include <stdio.h>

/* scheme://user:password@ */
static ss_bytes url_password(ss_bytes rest)
{
    ss_bytes password = ss_cut(rest, ss_find_byte(rest, ':') + 1, SIZE_MAX);

    return ss_cut(password, 0, ss_find_byte(password, '@'));
}

/* NAME=password, name: "password" */
static ss_bytes setting_password(ss_bytes setting)
{
    size_t at = 0;

    while (at < setting.len && !memchr("=:", setting.data[at], 2))
        at++;
    while (at < setting.len && memchr("=: \t\"'", setting.data[at], 6))
        at++;
    return ss_cut(setting, at, SIZE_MAX);
}

static ss_bytes password_of(ss_bytes secret)
{
    size_t at = ss_bytes_find_nocase(secret, ss_bytes_str("://"));

    return at == SIZE_MAX ? setting_password(secret)
                          : url_password(ss_cut(secret, at + 3, SIZE_MAX));
}

void ss_check_password_length(ss_bytes secret, ss_bytes match,
                              ss_check_result *result)
{
    ss_bytes password = password_of(secret);
    unsigned least = result->min_password_len;
    char reason[80];

    (void)match;
    snprintf(reason, sizeof(reason), "%zu characters; %u are asked for",
             password.len, least);
    if (password.len >= least)
        ss_check_never(result, reason);
    else if (ss_is_placeholder(password))
        ss_check_never(result, "it is a placeholder");
    else
        ss_check_weak(result, reason);
}
