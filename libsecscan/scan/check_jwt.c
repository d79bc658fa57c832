/*
 * check_jwt.c: JSON Web Tokens, decoded, and the secrets that sign them.
 */
#include "scan/check_family.h"

#include "scan/check_date.h"
#include "scan/check_json.h"

#include <stdio.h>

/* The shortest has 43 characters; half of that is a made-up or a cut one. */
#define MIN_SIGNATURE 20u
#define MAX_ISSUER 60u

typedef struct algorithm {
    const char *name;
    size_t len[3]; /* of the third part; zeros: any */
} algorithm;

static const algorithm algorithms[] = {
    {"HS256", {43}},
    {"HS384", {64}},
    {"HS512", {86}},
    {"RS256", {342, 512, 683}},
    {"RS384", {342, 512, 683}},
    {"RS512", {342, 512, 683}},
    {"PS256", {342, 512, 683}},
    {"PS384", {342, 512, 683}},
    {"PS512", {342, 512, 683}},
    {"ES256", {86}},
    {"ES256K", {86}},
    {"ES384", {128}},
    {"ES512", {176}},
    {"EdDSA", {86, 152}},
};

static const algorithm *find_algorithm(const char *name)
{
    for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++) {
        if (!strcmp(algorithms[i].name, name))
            return &algorithms[i];
    }
    return NULL;
}

static int has_length(const algorithm *a, size_t len)
{
    return len == a->len[0] || (a->len[1] && len == a->len[1]) ||
           (a->len[2] && len == a->len[2]);
}

typedef struct token {
    json_t *header, *payload;
    ss_bytes parts[3];
    size_t n_parts;
} token;

/* Five parts are an encrypted one (JWE). */
static void split_parts(token *t, ss_bytes secret)
{
    for (;;) {
        size_t dot = ss_find_byte(secret, '.');

        if (t->n_parts < 3)
            t->parts[t->n_parts] = ss_cut(secret, 0, dot);
        t->n_parts++;
        if (dot == SIZE_MAX)
            return;
        secret = ss_cut(secret, dot + 1, SIZE_MAX);
    }
}

static int has_text(const json_t *object, const char *name, const char *text)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value && !strcmp(value, text);
}

static int is_public_role(const token *t)
{
    const char *iss = json_string_value(json_object_get(t->payload, "iss"));

    return has_text(t->payload, "role", "anon") && iss &&
           !strncmp(iss, "supabase", 8);
}

/* What manuals print: John Doe's, and the one with some payload. */
static int is_sample(const token *t)
{
    return has_text(t->payload, "some", "payload") ||
           (has_text(t->payload, "sub", "1234567890") &&
            has_text(t->payload, "name", "John Doe"));
}

/* Who made it, when that is a host or a name; anything else may be private. */
static const char *issuer_of(const token *t)
{
    const char *iss = json_string_value(json_object_get(t->payload, "iss"));

    if (!iss || !*iss || strlen(iss) > MAX_ISSUER)
        return NULL;
    for (const char *c = iss; *c; c++) {
        if (!ss_is_alnum((uint8_t)*c) && !strchr(":/._-", *c))
            return NULL;
    }
    return iss;
}

/* Its alg, its issuer, its role (Supabase's says how much it may), its end. */
static void tell_claims(char *out, size_t cap, const token *t, const char *alg,
                        const char *end)
{
    const char *iss = issuer_of(t);
    const char *role = has_text(t->payload, "role", "service_role")
                           ? ", role service_role"
                           : "";

    snprintf(out, cap, "alg %s%s%s%s%s", alg, iss ? ", iss " : "",
             iss ? iss : "", role, end);
}

/* ", exp 2027-01-01" or ", expired 2024-01-01"; is it over? */
static int tell_end(char *out, size_t cap, const token *t)
{
    const json_t *exp = json_object_get(t->payload, "exp");
    double stated = json_number_value(exp); /* 0 when it is none */
    int64_t end = stated > 0 && stated < 1e12 ? (int64_t)stated : -1;
    char day[SS_DAY_TEXT];

    *out = '\0';
    if (ss_day_text(day, end))
        return 0;
    snprintf(out, cap, ", %s %s", end < SS_AS_OF ? "expired" : "exp", day);
    return end < SS_AS_OF;
}

static void judge_signed(const token *t, const algorithm *a,
                         ss_check_result *result)
{
    char end[32], reason[sizeof(result->reason)];
    int is_over = tell_end(end, sizeof(end), t);

    tell_claims(reason, sizeof(reason), t, a ? a->name : "not known", end);
    if (is_sample(t))
        ss_check_weak(result, "a sample that manuals print");
    else if (is_public_role(t))
        ss_check_weak(result, "role anon: public by design");
    else if (a && t->parts[2].len < MIN_SIGNATURE)
        ss_check_never(result, "no signature is that short");
    else if (is_over)
        ss_check_over(result, reason);
    else if (!a)
        ss_check_unsure(result, reason);
    else if (!has_length(a, t->parts[2].len))
        ss_check_unsure(result, "its signature has not the length its alg "
                                "has");
    else
        ss_check_pass(result, SECSCAN_STRUCTURE, reason);
}

static void judge_parts(const token *t, ss_check_result *result)
{
    const char *alg = json_string_value(json_object_get(t->header, "alg"));
    const char *typ = json_string_value(json_object_get(t->header, "typ"));

    if (!t->header)
        ss_check_fail(result, "its header is not JSON");
    else if (!alg && typ && !strcmp(typ, "TCV2"))
        ss_check_pass(result, SECSCAN_STRUCTURE, "a TeamCity token");
    else if (!alg)
        ss_check_fail(result, "its header has no alg");
    else if (t->n_parts != 3)
        ss_check_unsure(result, "not three parts");
    else if (!t->payload)
        ss_check_unsure(result, "its payload is not JSON");
    else if (!strcmp(alg, "none"))
        ss_check_weak(result, "alg none: anybody can write such a token");
    else
        judge_signed(t, find_algorithm(alg), result);
}

void ss_check_jwt(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    token t = {0};

    (void)match;
    split_parts(&t, secret);
    t.header = ss_check_object(t.parts[0]);
    if (t.n_parts == 3)
        t.payload = ss_check_object(t.parts[1]);
    judge_parts(&t, result);
    json_decref(t.header);
    json_decref(t.payload);
}

/* RFC 7518, 3.2: a key for HS256 has at least 256 bits. */
void ss_check_jwt_secret(ss_bytes secret, ss_bytes match,
                         ss_check_result *result)
{
    (void)match;
    if (secret.len < 32)
        ss_check_weak(result, "shorter than 32 characters: can be guessed "
                              "from any token it signed");
    else
        ss_check_unsure(result, "");
}
