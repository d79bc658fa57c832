/*
 * policy.c: what files say of secrets, in tables; and the question whether a
 * place is hidden.
 */
#include "policy.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/wildmatch.h"
#include "entry.h"
#include "os/dir.h"

static const struct {
    const char *name;
    uint32_t kind;
} files[] = {
    {".secscanignore", SECSCAN_POLICY_IGNORE},
    {".secscan-baseline", SECSCAN_POLICY_BASELINE},
    {".gitleaksignore", SECSCAN_POLICY_GITLEAKS_IGNORE},
};

#define N_FILES (sizeof(files) / sizeof(files[0]))

const char *secscan_policy_file(size_t i)
{
    return i < N_FILES ? files[i].name : NULL;
}

uint32_t ss_policy_file_kind(size_t i)
{
    return files[i].kind;
}

const char *ss_policy_is_file(const char *path)
{
    for (size_t i = 0; i < N_FILES; i++) {
        if (strcmp(path, files[i].name) == 0)
            return files[i].name;
    }
    return NULL;
}

const char *ss_policy_is_config(const char *path)
{
    static const char *const names[] = {".secscan.toml", ".gitleaks.toml"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(path, names[i]) == 0)
            return names[i];
    }
    return NULL;
}

/* ---- rows ---- */

int ss_policy_add(secscan_policy *policy, ss_map *map, ss_bytes key,
                  const ss_policy_row *row)
{
    int is_new;
    ss_map_entry *at = ss_map_put(map, key, &is_new);
    ss_policy_row own = *row;

    if (!at)
        return SECSCAN_ERR_NOMEM;
    own.next = is_new ? SS_NO_ROW : (uint32_t)at->value.num;
    at->value.num = policy->rows.len;
    return SS_VEC_PUSH(&policy->rows, own) ? SECSCAN_ERR_NOMEM : 0;
}

int ss_policy_note(secscan_policy *policy, const char *kind, const char *file,
                   uint64_t line, const char *text)
{
    const secscan_note note = {kind, file, line, text};

    return SS_VEC_PUSH(&policy->notes, note) ? SECSCAN_ERR_NOMEM : 0;
}

ss_bytes ss_policy_position(secscan_policy *policy, const char *path,
                            uint64_t line)
{
    ss_buf key = SS_BUF_INIT((size_t)1 << 24);
    ss_bytes out = {NULL, 0};

    ss_buf_printf(&key, "%s:%llu", path, (unsigned long long)line);
    if (!key.failed) {
        out.data = ss_arena_copy(&policy->arena, key.data, key.len);
        out.len = out.data ? key.len : 0;
    }
    ss_buf_release(&key);
    return out;
}

/* "false: why", with what somebody said it is. NULL: out of memory. */
static const char *reason_of(secscan_policy *policy, const secscan_entry *e)
{
    size_t len = strlen(e->reason);
    size_t verdict_len = e->verdict ? strlen(e->verdict) : 0;
    char *text;

    if (!verdict_len || !len)
        return verdict_len ? e->verdict : e->reason;
    text = ss_arena_alloc(&policy->arena, verdict_len + len + 3);
    if (!text)
        return NULL;
    memcpy(text, e->verdict, verdict_len);
    memcpy(text + verdict_len, ": ", 2);
    memcpy(text + verdict_len + 2, e->reason, len + 1);
    return text;
}

static int add_entry(secscan_policy *policy, const secscan_entry *entry,
                     const secscan_policy_text *text, const char *file,
                     uint32_t line)
{
    ss_policy_row row = {.entry = *entry,
                         .reason = reason_of(policy, entry),
                         .file = file,
                         .line = line,
                         .kind = (uint8_t)text->kind};
    int rc;

    if (!row.reason)
        return SECSCAN_ERR_NOMEM;
    row.has_ended = entry->until && ss_entry_day(entry->until) < policy->today;
    rc = ss_policy_add(policy, &policy->fingerprints,
                       ss_bytes_str(entry->fingerprint), &row);
    if (!rc && row.has_ended)
        rc = ss_policy_note(policy, "ended", file, line,
                            "this entry's last day is over");
    return rc;
}

static int read_entries(secscan_policy *policy, const secscan_policy_text *text,
                        const char *file)
{
    ss_bytes rest = ss_bytes_of(text->data, text->len), line;
    uint32_t number = 0;
    int rc = 0;

    while (!rc && ss_bytes_line(&line, &rest)) {
        const char *why = NULL;
        secscan_entry entry;
        int status = ss_entry_parse(&entry, line, &policy->arena, &why);

        number++;
        if (status < 0)
            rc = status;
        else if (status == SS_ENTRY_BAD)
            rc = ss_policy_note(policy, "unread", file, number, why);
        else if (status == SS_ENTRY_READ)
            rc = add_entry(policy, &entry, text, file, number);
    }
    return rc;
}

/* A report of gitleaks is a list. */
static int is_json(const secscan_policy_text *text)
{
    const char *data = text->data;
    size_t i = 0;

    while (i < text->len && strchr(" \t\r\n", data[i]) && data[i])
        i++;
    return i < text->len && data[i] == '[';
}

int ss_policy_read(secscan_policy *policy, const secscan_policy_text *text,
                   secscan_error *err)
{
    secscan_policy_text own = *text;
    int rc;

    if (text->kind > SECSCAN_POLICY_GITLEAKS_IGNORE || !text->name ||
        (!text->data && text->len))
        return ss_fail(err, SECSCAN_ERR_ARG, "a text of the policy is none");
    if (text->len > SS_MAX_POLICY_TEXT)
        return ss_fail(err, SECSCAN_ERR_LIMIT, "%.150s is too large",
                       text->name);
    own.name = ss_arena_str(&policy->arena, text->name, strlen(text->name));
    if (!own.name)
        return ss_fail_nomem(err);
    if (own.kind == SECSCAN_POLICY_GITLEAKS_IGNORE)
        rc = ss_gitleaks_ignore_read(policy, &own);
    else if (own.kind == SECSCAN_POLICY_BASELINE && is_json(&own))
        rc = ss_gitleaks_report_read(policy, &own, err);
    else
        rc = read_entries(policy, &own, own.name);
    return rc == SECSCAN_ERR_NOMEM ? ss_fail_nomem(err) : rc;
}

int ss_policy_new(secscan_policy **out, const secscan_policy_options *options,
                  secscan_error *err)
{
    secscan_policy *policy = ss_calloc(1, sizeof(*policy));

    if (!policy)
        return ss_fail_nomem(err);
    policy->flags = options->flags;
    policy->today = options->today;
    atomic_init(&policy->n_refs, 1);
    *out = policy;
    return 0;
}

secscan_policy *secscan_policy_ref(secscan_policy *policy)
{
    atomic_fetch_add_explicit(&policy->n_refs, 1, memory_order_relaxed);
    return policy;
}

void secscan_policy_free(secscan_policy *policy)
{
    if (!policy || atomic_fetch_sub_explicit(&policy->n_refs, 1,
                                             memory_order_acq_rel) != 1)
        return;
    SS_VEC_RELEASE(&policy->rows);
    SS_VEC_RELEASE(&policy->notes);
    ss_map_release(&policy->fingerprints);
    ss_map_release(&policy->positions);
    ss_map_release(&policy->secrets);
    ss_arena_release(&policy->arena);
    ss_free(policy->root);
    ss_free(policy);
}

const char *secscan_policy_root(const secscan_policy *policy)
{
    return policy->root;
}

/* ---- the question ---- */

static int is_rule(const ss_rule *rule, const char *id)
{
    if (!id || strcmp(rule->id, id) == 0)
        return 1;
    for (size_t i = 0; i < rule->n_aliases; i++) {
        if (strcmp(rule->aliases[i], id) == 0)
            return 1;
    }
    return 0;
}

/* The path itself, a glob that it matches, or a directory above it. */
static int is_at(const char *pattern, const char *path)
{
    size_t len;

    if (strcmp(pattern, path) == 0)
        return 1;
    if (*pattern == '/')
        pattern++;
    len = strlen(pattern);
    if (len && pattern[len - 1] == '/')
        return strncmp(pattern, path, len) == 0;
    return ss_wildmatch(ss_bytes_of(pattern, len), ss_bytes_str(path));
}

static int is_entry_at(const secscan_entry *e, const ss_policy_place *place)
{
    if (e->is_everywhere)
        return 1;
    if (e->source)
        return !place->path && strcmp(e->source, place->source) == 0;
    return place->path && is_at(e->path, place->path);
}

static int is_hidden_by(const ss_policy_row *row, const ss_policy_place *place)
{
    if (row->has_ended || !is_rule(place->rule, row->entry.rule))
        return 0;
    if (row->is_position)
        return !row->commit ||
               (place->is_in && place->is_in(place->ctx, row->commit));
    return is_entry_at(&row->entry, place);
}

static const char *name_of(const ss_policy_row *row)
{
    static const char *const names[] = {"ignore", "baseline",
                                        "gitleaks-ignore"};

    return names[row->kind];
}

/* Rows with one key: the first that hides is told, all of them are used. */
static void ask_rows(ss_hider *out, const secscan_policy *policy, uint8_t *used,
                     const ss_map *map, ss_bytes key,
                     const ss_policy_place *place)
{
    const ss_map_entry *at = map->len ? ss_map_get(map, key) : NULL;
    uint32_t i = at ? (uint32_t)at->value.num : SS_NO_ROW;

    while (i != SS_NO_ROW) {
        const ss_policy_row *row = &policy->rows.at[i];

        if (is_hidden_by(row, place)) {
            if (used)
                used[i] = 1;
            if (!out->by)
                *out = (ss_hider){name_of(row), row->reason, row->is_position};
        }
        i = row->next;
    }
}

static int ask_position(ss_hider *out, const secscan_policy *policy,
                        uint8_t *used, const ss_policy_place *place,
                        uint64_t line)
{
    ss_buf key = SS_BUF_INIT((size_t)1 << 24);
    int rc;

    ss_buf_printf(&key, "%s:%llu", place->path, (unsigned long long)line);
    rc = key.failed ? SECSCAN_ERR_NOMEM : 0;
    ask_rows(out, policy, used, &policy->positions, ss_buf_bytes(&key), place);
    ss_buf_release(&key);
    return rc;
}

int ss_policy_ask(ss_hider *out, const secscan_policy *policy, uint8_t *used,
                  const ss_policy_place *place)
{
    int rc;

    *out = (ss_hider){NULL, NULL, 0};
    ask_rows(out, policy, used, &policy->fingerprints,
             ss_bytes_str(place->fingerprint), place);
    ask_rows(out, policy, used, &policy->secrets, place->secret, place);
    if (!policy->positions.len || !place->path)
        return 0;
    rc = ask_position(out, policy, used, place, place->line);
    if (!rc && place->match_line != place->line)
        rc = ask_position(out, policy, used, place, place->match_line);
    return rc;
}

/* ---- paths ---- */

/* The real path of the directory that a file is in; NULL: there is none. */
static char *real_dir(const char *path, const char *name)
{
    char *dir =
        name > path ? ss_strndup(path, (size_t)(name - path)) : ss_strdup("./");
    char *real = NULL;

    if (dir && ss_dir_real_path(&real, dir, NULL))
        real = NULL;
    ss_free(dir);
    return real;
}

/* What is left of `dir` behind the root, with its slash; NULL: it is outside.
 */
static const char *below_root(const secscan_policy *policy, const char *dir)
{
    size_t len = strlen(policy->root);

    if (!dir || strncmp(dir, policy->root, len) != 0 ||
        (dir[len] && dir[len] != '/'))
        return NULL;
    return dir + len;
}

const char *ss_policy_path(const secscan_policy *policy, const char *path,
                           ss_arena *arena)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    char *dir = policy->root ? real_dir(path, name) : NULL;
    const char *below = policy->root ? below_root(policy, dir) : NULL;
    size_t below_len = below ? strlen(below) : 0;
    char *out;

    while (!below && strncmp(path, "./", 2) == 0)
        path += 2;
    if (!below) {
        ss_free(dir);
        return path;
    }
    out = ss_arena_alloc(arena, below_len + strlen(name) + 2);
    if (out) {
        memcpy(out, below, below_len);
        out[below_len] = '/';
        memcpy(out + below_len + 1, name, strlen(name) + 1);
    }
    ss_free(dir);
    return out ? out + 1 : NULL;
}

int ss_policy_is_all(const secscan_policy *policy, const char *path)
{
    char *real = NULL;
    int is_all;

    if (!policy || !policy->root || policy->is_in_git ||
        ss_dir_real_path(&real, path, NULL))
        return 0;
    is_all = strcmp(real, policy->root) == 0;
    ss_free(real);
    return is_all;
}
