/*
 * check_hash.c: hashes of passwords: which, and how slow to search.
 */
#include "scan/check_family.h"

#include <stdio.h>

typedef struct kind {
    const char *mark, *reason;
} kind;

static const kind kinds[] = {
    {"$1$", "an MD5-crypt hash: fast to search"},
    {"$apr1$", "an Apache MD5 hash: fast to search"},
    {"$5$", "a SHA-256-crypt hash"},
    {"$6$", "a SHA-512-crypt hash"},
    {"$7$", "an scrypt hash"},
    {"$y$", "a yescrypt hash: slow to search"},
    {"$gy$", "a gost-yescrypt hash: slow to search"},
    {"{SHA}", "a SHA-1 hash without salt: very fast to search"},
};

/* The text as it would stand without compose's doubled dollars. */
static ss_bytes single_dollars(uint8_t *out, size_t cap, ss_bytes s)
{
    size_t len = 0;

    for (size_t i = 0; i < s.len && len < cap; i++) {
        out[len++] = s.data[i];
        if (s.data[i] == '$' && i + 1 < s.len && s.data[i + 1] == '$')
            i++;
    }
    return (ss_bytes){out, len};
}

/* $2y$10$, 22 characters of 16 bytes, 31 of 23: the last of either has spare
 * bits, which some libraries leave set. */
static void judge_bcrypt(ss_bytes s, ss_check_result *result)
{
    char reason[60];

    if (s.len != 60 || !ss_is_digit(s.data[4]) || !ss_is_digit(s.data[5])) {
        ss_check_unsure(result, "not the length of a bcrypt hash");
        return;
    }
    snprintf(reason, sizeof(reason), "a bcrypt hash, cost %c%c", s.data[4],
             s.data[5]);
    if (memchr(".Oeu", s.data[28], 4) &&
        memchr(".CGKOSWaeimquy26", s.data[59], 16))
        ss_check_pass(result, SECSCAN_STRUCTURE, reason);
    else
        ss_check_unsure(result, "a bcrypt hash with spare bits set, or a "
                                "made-up one");
}

void ss_check_hash(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    uint8_t single[SS_CHECK_SHORT];
    ss_bytes s = single_dollars(single, sizeof(single), secret);

    (void)match;
    if (ss_bytes_starts(s, "$2")) {
        judge_bcrypt(s, result);
        return;
    }
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (ss_bytes_starts(s, kinds[i].mark)) {
            ss_check_pass(result, SECSCAN_PATTERN, kinds[i].reason);
            return;
        }
    }
    ss_check_unsure(result, "");
}
