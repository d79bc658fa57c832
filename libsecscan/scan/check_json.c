/*
 * check_json.c: tokens with a JSON object in base64 inside.
 */
#include "scan/check_json.h"

#include "scan/check_family.h"

/* Decoded: the widest rule's secrets are shorter. A check has no way to say
 * that memory has ended, so it takes none. */
#define MAX_OBJECT 16384u

json_t *ss_check_object(ss_bytes base64)
{
    uint8_t raw[MAX_OBJECT];
    json_t *object = NULL;
    size_t len = ss_unbase64(raw, sizeof(raw), base64);

    if (len == SIZE_MAX)
        return NULL;
    object = json_loadb((const char *)raw, len, 0, NULL);
    explicit_bzero(raw, len);
    if (object && !json_is_object(object)) {
        json_decref(object);
        object = NULL;
    }
    return object;
}

/* Are all the members of `names` (single spaces between) in it? */
static int has_members(const json_t *object, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!json_object_get(object, names[i]))
            return 0;
    }
    return 1;
}

/* Decode and hold against `names`: 1, 0; -1 when it is no object. */
static int object_has(ss_bytes base64, const char *const *names, size_t n)
{
    json_t *object = ss_check_object(base64);
    int has;

    if (!object)
        return -1;
    has = has_members(object, names, n);
    json_decref(object);
    return has;
}

/* sntrys_<object>_<43> */
void ss_check_sentry(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    static const char *const names[] = {"iat", "url", "org"};
    ss_bytes body = ss_cut(secret, 7, SIZE_MAX);
    size_t split = ss_find_byte(body, '_');

    (void)match;
    if (split == SIZE_MAX) {
        ss_check_unsure(result, "not the form that decodes");
        return;
    }
    if (object_has(ss_cut(body, 0, split), names, 3) == 1)
        ss_check_pass(result, SECSCAN_STRUCTURE,
                      "it decodes to an organization's token");
    else
        ss_check_fail(result, "it does not decode to an organization's token");
}

/* Links to embedded reports look like the older form and decode to others. */
void ss_check_grafana_cloud(ss_bytes secret, ss_bytes match,
                            ss_check_result *result)
{
    static const char *const names[] = {"o", "n", "k"};
    static const char *const old_names[] = {"k", "n", "id"};
    int has;

    (void)match;
    if (ss_bytes_starts(secret, "glc_"))
        has = object_has(ss_cut(secret, 4, SIZE_MAX), names, 3);
    else
        has = object_has(secret, old_names, 3);
    if (has == 1)
        ss_check_pass(result, SECSCAN_STRUCTURE, "it decodes to a token");
    else
        ss_check_fail(result, "it does not decode to a token");
}

void ss_check_mapbox(ss_bytes secret, ss_bytes match, ss_check_result *result)
{
    static const char *const names[] = {"u", "a"};
    ss_bytes body = ss_cut(secret, 3, SIZE_MAX);
    size_t dot = ss_find_byte(body, '.');

    (void)match;
    if (dot == SIZE_MAX || object_has(ss_cut(body, 0, dot), names, 2) != 1)
        ss_check_unsure(result, "its middle does not decode");
    else if (ss_bytes_starts(secret, "pk."))
        ss_check_weak(result, "a public token, meant for browsers");
    else
        ss_check_pass(result, SECSCAN_STRUCTURE, "its middle decodes");
}

/* {"auths": {host: {"auth": ...}}}; one whose password is not there comes from
 * a helper. */
static int has_login(const json_t *auths)
{
    static const char *const names[] = {"auth", "password", "identitytoken",
                                        "registrytoken"};
    const json_t *host;
    const char *name;

    json_object_foreach((json_t *)auths, name, host)
    {
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
            const char *value =
                json_string_value(json_object_get(host, names[i]));

            if (value && *value)
                return 1;
        }
    }
    return 0;
}

void ss_check_docker_config(ss_bytes secret, ss_bytes match,
                            ss_check_result *result)
{
    json_t *object = ss_check_object(secret);

    (void)match;
    if (!object)
        ss_check_unsure(result, "it does not decode to a configuration");
    else if (has_login(json_object_get(object, "auths")))
        ss_check_pass(result, SECSCAN_STRUCTURE, "it decodes to a login");
    else
        ss_check_never(result, "a configuration without a login");
    json_decref(object);
}
