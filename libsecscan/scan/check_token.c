/*
 * check_token.c: tokens of one vendor that decode to something known.
 */
#include "scan/check_family.h"

#include "scan/digest.h"
#include "scan/known.h"

#include <stdio.h>

/* A macaroon of version 2, field by field. */
typedef struct macaroon {
    ss_bytes rest;
    int is_bad;
} macaroon;

/* One field: its type, and its length (a varint) in *len. 0 ends a section. */
static unsigned read_field(macaroon *m, size_t *len)
{
    unsigned type;
    unsigned shift = 0;
    uint8_t byte = 0x80;

    *len = 0;
    if (!m->rest.len) {
        m->is_bad = 1;
        return 0;
    }
    type = m->rest.data[0];
    m->rest = ss_cut(m->rest, 1, SIZE_MAX);
    for (; type && byte & 0x80 && shift < 21; shift += 7) {
        if (!m->rest.len)
            break;
        byte = m->rest.data[0];
        *len |= (size_t)(byte & 0x7f) << shift;
        m->rest = ss_cut(m->rest, 1, SIZE_MAX);
    }
    if (type && (byte & 0x80 || *len > m->rest.len))
        m->is_bad = 1;
    m->rest = ss_cut(m->rest, *len, SIZE_MAX);
    return m->is_bad ? 0 : type;
}

/* Location, identifier, end; caveats, each ended; end; signature. */
static int is_pypi_macaroon(ss_bytes raw)
{
    macaroon m = {ss_cut(raw, 1, SIZE_MAX), 0};
    size_t len;
    unsigned type;

    if (!raw.len || raw.data[0] != 2)
        return 0;
    if (read_field(&m, &len) != 1 || (len != 8 && len != 13))
        return 0;
    if (read_field(&m, &len) != 2 || len != 36 || read_field(&m, &len) != 0)
        return 0;
    for (type = read_field(&m, &len); type == 2 && !m.is_bad;) {
        if (read_field(&m, &len) != 0)
            return 0;
        type = read_field(&m, &len);
    }
    if (m.is_bad || type != 0 || read_field(&m, &len) != 6)
        return 0;
    return len == 32 && !m.rest.len;
}

void ss_check_pypi(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    uint8_t raw[2 * SS_CHECK_SHORT];
    size_t len;

    (void)match;
    len = ss_unbase64(raw, sizeof(raw), ss_cut(secret, 5, SIZE_MAX));
    if (len == SIZE_MAX)
        ss_check_unsure(result, "not base64, or too long to decode");
    else if (is_pypi_macaroon((ss_bytes){raw, len}))
        ss_check_pass(result, SECSCAN_STRUCTURE, "it decodes to a macaroon");
    else
        ss_check_fail(result, "it does not decode to a macaroon");
}

/* 20 characters: "v4" and ten bytes that are not zero; 26: 16 bytes. */
void ss_check_nuget(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    uint8_t raw[13];
    int is_right;

    (void)match;
    if (secret.len != 46 ||
        ss_unbase32(raw, sizeof(raw), ss_cut(secret, 0, 20)) != 12) {
        ss_check_unsure(result, "not the form that decodes");
        return;
    }
    is_right = raw[0] == 'v' && raw[1] == '4' && !memchr(raw + 2, 0, 10) &&
               memchr("aq", secret.data[19], 2) &&
               memchr("aeimquy4", secret.data[45], 8);
    if (is_right)
        ss_check_pass(result, SECSCAN_STRUCTURE, "it decodes to a v4 key");
    else
        ss_check_fail(result, "it does not decode to a v4 key");
}

static int is_decimal(ss_bytes s, size_t min, size_t max)
{
    for (size_t i = 0; i < s.len; i++) {
        if (!ss_is_digit(s.data[i]))
            return 0;
    }
    return s.len >= min && s.len <= max;
}

/* The first part is the bot's id, in decimal, in base64; the second a time of
 * 32 bits. */
void ss_check_discord(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    size_t dot = ss_find_byte(secret, '.');
    uint8_t id[24];
    size_t len;

    (void)match;
    if (dot == SIZE_MAX) {
        ss_check_unsure(result, "not the form that decodes");
        return;
    }
    len = ss_unbase64(id, sizeof(id), ss_cut(secret, 0, dot));
    if (len != SIZE_MAX && is_decimal((ss_bytes){id, len}, 17, 20))
        ss_check_pass(result, SECSCAN_STRUCTURE,
                      "its first part decodes to an id");
    else
        ss_check_fail(result, "its first part does not decode to an id");
}

void ss_check_telegram(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    size_t colon = ss_find_byte(secret, ':');

    (void)match;
    if (colon != SIZE_MAX && secret.len - colon == 36 &&
        is_decimal(ss_cut(secret, 0, colon), 8, 10) &&
        ss_bytes_starts(ss_cut(secret, colon + 1, 2), "AA"))
        ss_check_pass(result, SECSCAN_STRUCTURE,
                      "an id and a body that starts as real ones do");
    else
        ss_check_unsure(result, "real ones have AA behind the colon");
}

/* A mark that the vendor writes into the body. */
static void check_mark(ss_bytes secret, const char *mark,
                       ss_check_result *result)
{
    size_t len = strlen(mark);

    for (size_t i = 0; i + len <= secret.len; i++) {
        if (!memcmp(secret.data + i, mark, len)) {
            ss_check_pass(result, SECSCAN_STRUCTURE,
                          "the vendor's mark is in it");
            return;
        }
    }
    ss_check_unsure(result, "the vendor's mark is not in it");
}

void ss_check_openai(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    (void)match;
    check_mark(secret, "T3BlbkFJ", result);
}

void ss_check_groq(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    (void)match;
    check_mark(secret, "WGdyb3FY", result);
}

void ss_check_anthropic(ss_bytes secret, ss_bytes match,
                        ss_check_result *result)
{
    (void)match;
    if (secret.len > 2 && !memcmp(secret.data + secret.len - 2, "AA", 2))
        ss_check_pass(result, SECSCAN_STRUCTURE, "it ends as real ones do");
    else
        ss_check_unsure(result, "real ones end in AA");
}

void ss_check_vault(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    (void)match;
    if (ss_bytes_starts(secret, "hvs.CAESI") ||
        ss_bytes_starts(secret, "hvb.AAAAAQ"))
        ss_check_pass(result, SECSCAN_STRUCTURE, "it starts as real ones do");
    else
        ss_check_unsure(result, "");
}

/* reftkn:NN:<ten digits>:<random> */
void ss_check_jfrog(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    uint8_t raw[128];
    size_t len = ss_unbase64(raw, sizeof(raw), secret);
    ss_bytes text = {raw, len};

    (void)match;
    if (len == SIZE_MAX)
        ss_check_unsure(result, "not base64");
    else if (len > 20 && ss_bytes_starts(text, "reftkn:") && raw[9] == ':' &&
             is_decimal(ss_cut(text, 10, 10), 10, 10) && raw[20] == ':')
        ss_check_pass(result, SECSCAN_STRUCTURE,
                      "it decodes to a reference token");
    else
        ss_check_fail(result, "it does not decode to a reference token");
}

/* <decimal id>:<20 random bytes> */
void ss_check_atlassian_dc(ss_bytes secret, ss_bytes match,
                           ss_check_result *result)
{
    uint8_t raw[64];
    size_t len = ss_unbase64(raw, sizeof(raw), secret);
    ss_bytes text = {raw, len};
    size_t colon;

    (void)match;
    if (len == SIZE_MAX) {
        ss_check_unsure(result, "not base64");
        return;
    }
    colon = ss_find_byte(text, ':');
    if (colon != SIZE_MAX && len - colon == 21 &&
        is_decimal(ss_cut(text, 0, colon), 6, 16))
        ss_check_pass(result, SECSCAN_STRUCTURE,
                      "it decodes to an id and 20 bytes");
    else
        ss_check_fail(result, "it does not decode to an id and 20 bytes");
}

/* ---- Supabase ---- */

#define SUPABASE_SUM 8u

/* The sum is of the project's name, too, and that is not in the key: of those
 * who run Supabase themselves it is always the same. */
void ss_check_supabase(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrs"
                                 "tuvwxyz0123456789-_";
    uint8_t sum[SS_SHA256_LEN];
    uint8_t raw[SUPABASE_SUM];
    char text[80];
    size_t len = secret.len > SUPABASE_SUM ? secret.len - SUPABASE_SUM - 1 : 0;
    int n;

    (void)match;
    ss_check_unsure(result, "");
    if (!len || len > 40)
        return;
    n = snprintf(text, sizeof(text), "supabase-self-hosted|%.*s", (int)len,
                 (const char *)secret.data);
    ss_sha256(sum, ss_bytes_of(text, (size_t)n));
    for (size_t i = 0, bits = 0; i < SUPABASE_SUM; i++, bits += 6) {
        unsigned two = (unsigned)sum[bits / 8] << 8 | sum[bits / 8 + 1];

        raw[i] = (uint8_t)digits[two >> (10 - bits % 8) & 63];
    }
    if (!memcmp(raw, secret.data + len + 1, SUPABASE_SUM))
        ss_check_pass(result, SECSCAN_CHECKSUM,
                      "its checksum is right; self-hosted");
}

/* ---- UUIDs ---- */

#define VERSION_AT 14u
#define VARIANT_AT 19u

/* RFC 9562: a version from 1 to 8, and the variant 8 to b. Those of times and
 * places are ids more often than keys; nothing says that one is a key. */
void ss_check_uuid(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    char reason[60];
    int version;

    (void)match;
    ss_check_unsure(result, "");
    if (!ss_is_uuid(secret))
        return;
    version = secret.data[VERSION_AT] - '0';
    if (version < 1 || version > 8 ||
        !memchr("89abAB", secret.data[VARIANT_AT], 6)) {
        ss_check_fail(result, "no UUID has this version and variant");
        return;
    }
    snprintf(reason, sizeof(reason), "a UUID, version %d%s", version,
             version == 4 ? ": random" : "");
    ss_check_unsure(result, reason);
}
