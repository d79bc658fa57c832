/*
 * secscan_config.c: what a configuration file says beside its rules: the table
 * [settings], as text, key by key, and which of them are locked. What a key
 * means is the program's.
 */
#include "base/alloc.h"
#include "base/arena.h"
#include "base/buf.h"
#include "os/file.h"
#include "rules/toml.h"
#include "scan/fingerprint.h"

#include <inttypes.h>
#include <stdio.h>

#define MAX_FILE ((size_t)16 << 20)
#define MAX_SETTINGS 200u
#define MAX_VALUES 1000u

struct secscan_config {
    ss_arena arena;
    const char *name;
    secscan_setting *settings;
    size_t n_settings;
    const char **locked;
    size_t n_locked;
    int has_rules;
    char digest[17];
};

typedef struct reader {
    secscan_config *config;
    secscan_error *err;
} reader;

static int fail(const reader *r, ss_toml_place place, const char *what,
                const char *key)
{
    return ss_fail_at(r->err, SECSCAN_ERR_RULE, r->config->name, place.line,
                      place.column, "'%.60s' %s", key, what);
}

static const char *keep(reader *r, const char *text, size_t len)
{
    const char *copy = ss_arena_str(&r->config->arena, text, len);

    if (!copy)
        ss_fail_nomem(r->err);
    return copy;
}

/* Text, a number or a truth, as text. */
static int read_value(reader *r, const ss_toml_node *node, const char *key,
                      const char **out)
{
    char number[24];
    const char *text = number;
    int64_t whole;
    size_t len;
    int is_true;

    if (ss_toml_bool(node, &is_true))
        text = is_true ? "true" : "false";
    else if (ss_toml_integer(node, &whole) && whole >= 0)
        snprintf(number, sizeof(number), "%" PRId64, whole);
    else if (!ss_toml_string(node, &text, &len) || strlen(text) != len)
        return fail(r, ss_toml_place_of(node),
                    "takes text in quotes, a number, true or false, or a list "
                    "of these",
                    key);
    *out = keep(r, text, strlen(text));
    return *out ? 0 : SECSCAN_ERR_NOMEM;
}

static int read_values(reader *r, const ss_toml_node *node, const char *key,
                       const char ***out, size_t *n)
{
    int is_list = ss_toml_kind_of(node) == SS_TOML_ARRAY;
    int rc = 0;

    *n = is_list ? ss_toml_count(node) : 1;
    if (*n > MAX_VALUES)
        return fail(r, ss_toml_place_of(node), "has more than 1000 values",
                    key);
    *out = ss_arena_alloc(&r->config->arena, (*n + 1) * sizeof(**out));
    if (!*out)
        return ss_fail_nomem(r->err);
    for (size_t i = 0; !rc && i < *n; i++)
        rc = read_value(r, is_list ? ss_toml_item(node, i) : node, key,
                        &(*out)[i]);
    return rc;
}

static int read_setting(reader *r, const ss_toml_node *table, size_t i)
{
    secscan_setting *setting = &r->config->settings[i];
    ss_toml_key key;
    const ss_toml_node *node = ss_toml_entry(table, i, &key);
    const char **values = NULL;
    int rc;

    memset(setting, 0, sizeof(*setting));
    setting->name = keep(r, key.text, key.len);
    if (!setting->name)
        return SECSCAN_ERR_NOMEM;
    setting->line = key.place.line;
    setting->column = key.place.column;
    rc = read_values(r, node, setting->name, &values, &setting->n_values);
    setting->values = values;
    return rc;
}

static int read_settings(reader *r, const ss_toml_node *table)
{
    size_t n = ss_toml_count(table);
    int rc = 0;

    if (ss_toml_kind_of(table) != SS_TOML_TABLE || n > MAX_SETTINGS)
        return fail(r, ss_toml_place_of(table),
                    "has to be a table, of 200 keys at most", "settings");
    r->config->settings =
        ss_arena_alloc(&r->config->arena, (n + 1) * sizeof(secscan_setting));
    if (!r->config->settings)
        return ss_fail_nomem(r->err);
    for (size_t i = 0; !rc && i < n; i++)
        rc = read_setting(r, table, i);
    r->config->n_settings = n;
    return rc;
}

/* What a file without any of these says nothing about. */
static int has_rules(const ss_toml_node *root)
{
    static const char *const keys[] = {"rules", "extend", "allowlist",
                                       "allowlists", "fingerprintSalt"};

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (ss_toml_get(root, keys[i]))
            return 1;
    }
    return 0;
}

static int read_root(reader *r, const ss_toml_node *root)
{
    const ss_toml_node *settings = ss_toml_get(root, "settings");
    const ss_toml_node *locked = ss_toml_get(root, "locked");
    int rc = 0;

    r->config->has_rules = has_rules(root);
    if (settings)
        rc = read_settings(r, settings);
    if (!rc && locked)
        rc = read_values(r, locked, "locked", &r->config->locked,
                         &r->config->n_locked);
    for (size_t i = 0; !rc && i < r->config->n_settings; i++)
        r->config->settings[i].is_locked = (uint32_t)secscan_config_locks(
            r->config, r->config->settings[i].name);
    return rc;
}

int secscan_config_parse(secscan_config **out, const char *toml, size_t len,
                         const char *name, secscan_error *err)
{
    secscan_config *config;
    reader r = {NULL, err};
    ss_toml *parsed = NULL;
    int rc;

    if (!out || !toml || !name)
        return ss_fail(err, SECSCAN_ERR_ARG, "no text, no name, or no place");
    config = ss_calloc(1, sizeof(*config));
    if (!config)
        return ss_fail_nomem(err);
    r.config = config;
    ss_digest16(config->digest, ss_bytes_of(toml, len));
    config->name = keep(&r, name, strlen(name));
    rc = config->name ? ss_toml_parse(&parsed, toml, len, config->name, err)
                      : SECSCAN_ERR_NOMEM;
    if (!rc)
        rc = read_root(&r, ss_toml_root(parsed));
    ss_toml_free(parsed);
    if (rc) {
        secscan_config_free(config);
        return rc;
    }
    *out = config;
    return 0;
}

int secscan_config_read(secscan_config **out, const char *path,
                        secscan_error *err)
{
    ss_buf text = SS_BUF_INIT(MAX_FILE);
    int rc;

    if (!out || !path)
        return ss_fail(err, SECSCAN_ERR_ARG, "no file, or no place");
    rc = ss_file_read(&text, path, MAX_FILE, err);
    if (!rc)
        rc = secscan_config_parse(out, text.len ? (const char *)text.data : "",
                                  text.len, path, err);
    ss_buf_release(&text);
    return rc;
}

void secscan_config_free(secscan_config *config)
{
    if (!config)
        return;
    ss_arena_release(&config->arena);
    ss_free(config);
}

/* ---- looking ---- */

int secscan_config_at(const secscan_config *config, size_t index,
                      secscan_setting *out)
{
    if (!config || !out || index >= config->n_settings)
        return SECSCAN_ERR_ARG;
    *out = config->settings[index];
    return 0;
}

int secscan_config_locks(const secscan_config *config, const char *name)
{
    for (size_t i = 0; config && i < config->n_locked; i++) {
        if (strcmp(config->locked[i], name) == 0)
            return 1;
    }
    return 0;
}

const char *secscan_config_locked_at(const secscan_config *config, size_t index)
{
    return config && index < config->n_locked ? config->locked[index] : NULL;
}

int secscan_config_has_rules(const secscan_config *config)
{
    return config && config->has_rules;
}

const char *secscan_config_digest(const secscan_config *config)
{
    return config->digest;
}
