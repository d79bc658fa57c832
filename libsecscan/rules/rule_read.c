/*
 * rule_read.c: the text of a rule file to drafts. What keys there are and what
 * kind each is; what they have to be together is rule_check.c's.
 */
#include "rules/rule_file.h"

#include <stdlib.h>
#include <strings.h>

/* What gitleaks counts: another rule of the same place wins. */
#define GENERIC_SPECIFICITY 10u
#define CARRIER_ONLY 2u /* the index in `carriers` */

#define RULE(member) offsetof(ss_draft, rule.member)
#define LIST_OF(member) RULE(member), RULE(n_##member), 0, NULL

const char *const ss_categories[] = {"token",      "key",     "password",
                                     "connection", "webhook", "generic",
                                     "hygiene",    NULL};

static const char *const severities[] = {"info", "low",      "medium",
                                         "high", "critical", NULL};
/* A check raises the evidence above these; no rule can claim it. */
static const char *const evidences[] = {"context", "pattern", NULL};
static const char *const carriers[] = {"no", "yes", "only", NULL};
static const char *const placeholders[] = {"drop", "keep", NULL};
static const char *const conditions[] = {"OR", "AND", "||", "&&", NULL};
static const char *const targets[] = {"secret", "match", "line", NULL};

static const ss_row rule_rows[SS_KEY_COUNT] = {
    [SS_KEY_ID] = {"id", SS_ROW_STRING, RULE(id), 0, 0, NULL},
    [SS_KEY_REGEX] = {"regex", SS_ROW_REGEX, RULE(regex), 0, 0, NULL},
    [SS_KEY_PREFILTER] = {"prefilter", SS_ROW_REGEX,
                          offsetof(ss_draft, prefilter), 0, 0, NULL},
    [SS_KEY_PATH] = {"path", SS_ROW_REGEX, RULE(path), 0, 0, NULL},
    [SS_KEY_SECRET_GROUP] = {"secretGroup", SS_ROW_NUMBER,
                             offsetof(ss_draft, secret_group), 0, 31, NULL},
    [SS_KEY_WIDTH] = {"width", SS_ROW_NUMBER, offsetof(ss_draft, width), 0,
                      SS_MAX_WIDTH, NULL},
    [SS_KEY_CATEGORY] = {"category", SS_ROW_WORD, offsetof(ss_draft, category),
                         0, 0, ss_categories},
    [SS_KEY_SEVERITY] = {"severity", SS_ROW_WORD, RULE(severity), 0, 0,
                         severities},
    [SS_KEY_EVIDENCE] = {"evidence", SS_ROW_WORD, RULE(evidence), 0, 0,
                         evidences},
    [SS_KEY_CONFIDENCE] = {"confidence", SS_ROW_NUMBER,
                           offsetof(ss_draft, confidence), 0, 100, NULL},
    [SS_KEY_SPECIFICITY] = {"specificity", SS_ROW_NUMBER,
                            offsetof(ss_draft, specificity), 0, 255, NULL},
    [SS_KEY_CHECK] = {"check", SS_ROW_STRING, RULE(check), 0, 0, NULL},
    [SS_KEY_NEAR] = {"near", SS_ROW_LOWER_LIST, LIST_OF(near)},
    [SS_KEY_NAME] = {"name", SS_ROW_LOWER_LIST, LIST_OF(names)},
    [SS_KEY_VALUE] = {"value", SS_ROW_REGEX, RULE(value), 0, 0, NULL},
    [SS_KEY_DESCRIPTION] = {"description", SS_ROW_STRING, RULE(description), 0,
                            0, NULL},
    [SS_KEY_GRANTS] = {"grants", SS_ROW_STRING, RULE(grants), 0, 0, NULL},
    [SS_KEY_ADVICE] = {"advice", SS_ROW_STRING, RULE(advice), 0, 0, NULL},
    [SS_KEY_ENTROPY] = {"entropy", SS_ROW_REAL, RULE(entropy), 0, 8, NULL},
    [SS_KEY_GENERIC] = {"generic", SS_ROW_BOOL, RULE(is_generic), 0, 0, NULL},
    [SS_KEY_CARRIER] = {"carrier", SS_ROW_WORD, RULE(is_carrier), 0, 0,
                        carriers},
    [SS_KEY_PLACEHOLDERS] = {"placeholders", SS_ROW_WORD,
                             RULE(keep_placeholders), 0, 0, placeholders},
    [SS_KEY_PREVIEW] = {"preview", SS_ROW_BOOL, RULE(is_preview), 0, 0, NULL},
    [SS_KEY_KEYWORDS] = {"keywords", SS_ROW_LOWER_LIST, LIST_OF(keywords)},
    [SS_KEY_STOPWORDS] = {"stopwords", SS_ROW_LOWER_LIST, LIST_OF(stopwords)},
    [SS_KEY_REFERENCES] = {"references", SS_ROW_LIST, LIST_OF(references)},
    [SS_KEY_ALIASES] = {"aliases", SS_ROW_LIST, LIST_OF(aliases)},
    [SS_KEY_MATCH] = {"match", SS_ROW_LIST, LIST_OF(match)},
    [SS_KEY_REJECT] = {"reject", SS_ROW_LIST, LIST_OF(reject)},
    [SS_KEY_TAGS] = {"tags", SS_ROW_IGNORED, 0, 0, 0, NULL},
    [SS_KEY_ALLOWLIST] = {"allowlist", SS_ROW_NESTED, 0, 0, 0, NULL},
    [SS_KEY_ALLOWLISTS] = {"allowlists", SS_ROW_NESTED, 0, 0, 0, NULL},
    [SS_KEY_REQUIRED] = {"required", SS_ROW_NESTED, 0, 0, 0, NULL},
    [SS_KEY_PARTS] = {"parts", SS_ROW_NESTED, 0, 0, 0, NULL},
    [SS_KEY_SKIP_REPORT] = {"skipReport", SS_ROW_BOOL, RULE(is_part_only), 0, 0,
                            NULL},
    [SS_KEY_READER] = {"reader", SS_ROW_BOOL, RULE(is_reader), 0, 0, NULL},
    [SS_KEY_LIKE_GITLEAKS] = {"likeGitleaks", SS_ROW_BOOL, RULE(is_gitleaks), 0,
                              0, NULL},
    /* betterleaks' */
    [SS_KEY_FILTER] = {"filter", SS_ROW_IGNORED, 0, 0, 0, NULL},
    [SS_KEY_VALIDATE] = {"validate", SS_ROW_IGNORED, 0, 0, 0, NULL},
    [SS_KEY_TOKEN_EFFICIENCY] = {"tokenEfficiency", SS_ROW_IGNORED, 0, 0, 0,
                                 NULL},
};

#define ALLOW(member) offsetof(ss_allowlist, member)
#define ALLOW_LIST(member) ALLOW(member), ALLOW(n_##member), 0, NULL

static const ss_row allowlist_rows[] = {
    {"description", SS_ROW_STRING, ALLOW(description), 0, 0, NULL},
    {"condition", SS_ROW_WORD, ALLOW(is_and), 0, 0, conditions},
    {"regexTarget", SS_ROW_WORD, ALLOW(target), 0, 0, targets},
    {"regexes", SS_ROW_REGEX_LIST, ALLOW_LIST(regexes)},
    {"paths", SS_ROW_REGEX_LIST, ALLOW_LIST(paths)},
    {"commits", SS_ROW_LOWER_LIST, ALLOW_LIST(commits)},
    {"stopwords", SS_ROW_LOWER_LIST, ALLOW_LIST(stopwords)},
    {"targetRules", SS_ROW_LIST, ALLOW_LIST(target_rules)},
};
#define N_ALLOWLIST_ROWS (sizeof(allowlist_rows) / sizeof(*allowlist_rows))

typedef struct part_draft {
    ss_rule_part part;
    const char *id;
} part_draft;

#define PART(member) offsetof(part_draft, part.member)
#define MAX_WITHIN 1000000u

enum {
    PART_ID,
    PART_IDS,
    PART_ROLE,
    PART_LINES,
    PART_COLUMNS,
    PART_BYTES,
    PART_PUBLIC,
    N_PART_KEYS
};

static const ss_row part_rows[N_PART_KEYS] = {
    [PART_ID] = {"id", SS_ROW_STRING, offsetof(part_draft, id), 0, 0, NULL},
    [PART_IDS] = {"ids", SS_ROW_LIST, PART(ids), PART(n_ids), 0, NULL},
    [PART_ROLE] = {"role", SS_ROW_STRING, PART(role), 0, 0, NULL},
    [PART_LINES] = {"withinLines", SS_ROW_NUMBER, PART(within_lines), 0,
                    MAX_WITHIN, NULL},
    [PART_COLUMNS] = {"withinColumns", SS_ROW_NUMBER, PART(within_columns), 0,
                      MAX_WITHIN, NULL},
    [PART_BYTES] = {"withinBytes", SS_ROW_NUMBER, PART(reach), 0,
                    SS_REQUIRED_REACH, NULL},
    [PART_PUBLIC] = {"public", SS_ROW_BOOL, PART(is_public), 0, 0, NULL},
};

#define EXTEND(member) offsetof(ss_rule_file, extend.member)

static const ss_row extend_rows[] = {
    {"path", SS_ROW_STRING, EXTEND(path), 0, 0, NULL},
    {"useDefault", SS_ROW_BOOL, EXTEND(use_default), 0, 0, NULL},
    {"disabledRules", SS_ROW_LIST, EXTEND(disabled), EXTEND(n_disabled), 0,
     NULL},
    {"url", SS_ROW_REFUSED, 0, 0, 0, NULL},
};

#define DIALECT_GITLEAKS 1
static const char *const dialects[] = {"secscan", "gitleaks", NULL};

static const ss_row file_rows[] = {
    {"title", SS_ROW_STRING, offsetof(ss_rule_file, title), 0, 0, NULL},
    {"description", SS_ROW_IGNORED, 0, 0, 0, NULL},
    {"minVersion", SS_ROW_STRING, offsetof(ss_rule_file, min_version), 0, 0,
     NULL},
    {"dialect", SS_ROW_WORD, offsetof(ss_rule_file, dialect), 0, 0, dialects},
    {"settings", SS_ROW_NESTED, 0, 0, 0, NULL},
    {"locked", SS_ROW_IGNORED, 0, 0, 0, NULL},
    {"fingerprintSalt", SS_ROW_STRING, offsetof(ss_rule_file, salt), 0, 0,
     NULL},
    {"extend", SS_ROW_NESTED, 0, 0, 0, NULL},
    {"fragments", SS_ROW_NESTED, 0, 0, 0, NULL},
    {"rules", SS_ROW_NESTED, 0, 0, 0, NULL},
    {"allowlist", SS_ROW_NESTED, 0, 0, 0, NULL},
    {"allowlists", SS_ROW_NESTED, 0, 0, 0, NULL},
};

typedef struct allowlists {
    ss_allowlist *at;
    ss_toml_place *places;
    size_t n;
} allowlists;

static int check_allowlist(ss_rows_reader *reader, const ss_allowlist *list,
                           ss_toml_place place, int is_global)
{
    if (!list->n_regexes && !list->n_paths && !list->n_commits &&
        !list->n_stopwords)
        return ss_rows_fail(reader, place,
                            "an empty allowlist: give it regexes, paths, "
                            "commits or stopwords");
    if (list->n_target_rules && !is_global)
        return ss_rows_fail(reader, place,
                            "'targetRules' belongs to a global allowlist");
    return 0;
}

static int read_allowlist(ss_rows_reader *reader, allowlists *lists,
                          const ss_toml_node *node, int is_global)
{
    ss_allowlist *list = &lists->at[lists->n];
    int rc;

    memset(list, 0, sizeof(*list));
    lists->places[lists->n] = ss_toml_place_of(node);
    rc = ss_rows_read(reader, node, "an allowlist", allowlist_rows,
                      N_ALLOWLIST_ROWS, list, NULL);
    if (rc)
        return rc;
    list->is_and &= 1u; /* of the four words the odd ones */
    lists->n++;
    return check_allowlist(reader, list, ss_toml_place_of(node), is_global);
}

static int make_room(ss_rows_reader *reader, allowlists *lists, size_t n)
{
    lists->n = 0;
    lists->at = ss_arena_alloc(reader->arena, n * sizeof(*lists->at));
    lists->places = ss_arena_alloc(reader->arena, n * sizeof(*lists->places));
    if (!lists->at || !lists->places)
        return ss_fail_nomem(reader->err);
    return 0;
}

/* [allowlist] or [[allowlists]] of a table, not both. */
static int read_allowlists(ss_rows_reader *reader, allowlists *lists,
                           const ss_toml_node *table, int is_global)
{
    const ss_toml_node *one = ss_toml_get(table, "allowlist");
    const ss_toml_node *many = ss_toml_get(table, "allowlists");
    size_t n = many ? ss_toml_count(many) : 1;
    int rc;

    if (one && many)
        return ss_rows_fail(reader, ss_toml_place_of(one),
                            "[allowlist] beside [[allowlists]]: make it one "
                            "of these");
    if (many && ss_toml_kind_of(many) != SS_TOML_ARRAY)
        return ss_rows_fail(reader, ss_toml_place_of(many),
                            "'allowlists' has to be an array of tables");
    if (!one && !many)
        return 0;
    rc = make_room(reader, lists, n);
    if (rc)
        return rc;
    for (size_t i = 0; i < n && !rc; i++)
        rc = read_allowlist(reader, lists, one ? one : ss_toml_item(many, i),
                            is_global);
    return rc;
}

/* ---- parts ---- */

/* Lines around a match in which a part may stand that is not required. */
#define DEFAULT_WITHIN 10u

static int finish_part(ss_rows_reader *reader, part_draft *draft,
                       ss_toml_place place)
{
    ss_rule_part *part = &draft->part;
    const char **ids = ss_arena_alloc(reader->arena, sizeof(*ids));

    if (!ids)
        return ss_fail_nomem(reader->err);
    if (!draft->id == !part->n_ids)
        return ss_rows_fail(reader, place,
                            "a part takes 'id', or 'ids' for any of several");
    if (draft->id) {
        *ids = draft->id;
        part->ids = ids;
        part->n_ids = 1;
    }
    return 0;
}

static int read_part(ss_rows_reader *reader, ss_rule_part *out,
                     const ss_toml_node *node, int is_required)
{
    part_draft draft = {
        {NULL, "", UINT32_MAX, UINT32_MAX, SS_PART_REACH, 0, 0, 0}, NULL};
    ss_toml_place place = ss_toml_place_of(node);
    int rc;

    draft.part.is_required = (uint8_t)is_required;
    if (is_required)
        draft.part.reach = SS_REQUIRED_REACH;
    else
        draft.part.within_lines = DEFAULT_WITHIN;
    rc = ss_rows_read(reader, node, "a part", part_rows, N_PART_KEYS, &draft,
                      NULL);
    if (!rc)
        rc = finish_part(reader, &draft, place);
    *out = draft.part;
    return rc;
}

/* An array of tables, behind the `n` parts that are there. */
static int read_parts(ss_rows_reader *reader, ss_rule_part *parts, size_t *n,
                      const ss_toml_node *rule, const char *key,
                      int is_required)
{
    const ss_toml_node *list = ss_toml_get(rule, key);
    size_t more = list ? ss_toml_count(list) : 0;
    int rc = 0;

    if (list && ss_toml_kind_of(list) != SS_TOML_ARRAY)
        return ss_rows_fail(reader, ss_toml_place_of(list),
                            "'%s' has to be an array of tables", key);
    if (more > SS_MAX_PARTS - *n)
        return ss_rows_fail(reader, ss_toml_place_of(list),
                            "more than %u parts", SS_MAX_PARTS);
    for (size_t i = 0; i < more && !rc; i++)
        rc = read_part(reader, &parts[(*n)++], ss_toml_item(list, i),
                       is_required);
    return rc;
}

static int read_all_parts(ss_rows_reader *reader, const ss_toml_node *node,
                          ss_rule *rule)
{
    ss_rule_part parts[SS_MAX_PARTS];
    size_t n = 0;
    int rc = read_parts(reader, parts, &n, node, "required", 1);

    if (!rc)
        rc = read_parts(reader, parts, &n, node, "parts", 0);
    if (rc || !n)
        return rc;
    rule->parts = ss_arena_copy(reader->arena, parts, n * sizeof(*parts));
    rule->n_parts = (uint16_t)n;
    return rule->parts ? 0 : ss_fail_nomem(reader->err);
}

static int has_word(const char *text, const char *word)
{
    return ss_bytes_find_nocase(ss_bytes_str(text), ss_bytes_str(word)) !=
           SIZE_MAX;
}

/* Keys of betterleaks that would drop findings, or call somebody. */
static void note_opaque(ss_rows_reader *reader, const ss_draft *draft)
{
    if (ss_draft_has(draft, SS_KEY_FILTER) ||
        ss_draft_has(draft, SS_KEY_TOKEN_EFFICIENCY))
        ss_note_add(reader->notes, reader->arena, reader->file,
                    ss_draft_has(draft, SS_KEY_FILTER)
                        ? draft->at[SS_KEY_FILTER].start
                        : draft->at[SS_KEY_TOKEN_EFFICIENCY].start,
                    "betterleaks' filters are not run: rule %.60s finds what "
                    "they would drop",
                    draft->rule.id);
    if (ss_draft_has(draft, SS_KEY_VALIDATE))
        ss_note_add(reader->notes, reader->arena, reader->file,
                    draft->at[SS_KEY_VALIDATE].start,
                    "'validate' is not run: secscan asks no server");
}

/* What gitleaks finds is reported as it is, whatever it looks like. */
static void mean_like_gitleaks(ss_rows_reader *reader, ss_draft *draft)
{
    draft->rule.is_gitleaks = 1;
    draft->rule.keep_placeholders = 1;
    if (!ss_draft_has(draft, SS_KEY_SPECIFICITY) &&
        has_word(draft->rule.id, "generic")) {
        draft->specificity = GENERIC_SPECIFICITY;
        draft->rule.specificity = GENERIC_SPECIFICITY;
        draft->at[SS_KEY_SPECIFICITY].start = draft->place;
    }
    note_opaque(reader, draft);
}

static int read_rule(ss_rows_reader *reader, const ss_toml_node *node,
                     ss_draft *draft)
{
    allowlists lists = {NULL, NULL, 0};
    int rc;

    memset(draft, 0, sizeof(*draft));
    draft->file = reader->file;
    draft->place = ss_toml_place_of(node);
    rc = ss_rows_read(reader, node, "a rule", rule_rows, SS_KEY_COUNT, draft,
                      draft->at);
    if (rc)
        return rc;
    rc = read_allowlists(reader, &lists, node, 0);
    if (!rc)
        rc = read_all_parts(reader, node, &draft->rule);
    if (rc)
        return rc;
    if (!draft->rule.id || !*draft->rule.id)
        return ss_rows_fail(reader, draft->place, "a rule needs an 'id'");
    draft->rule.allowlists = lists.at;
    draft->rule.n_allowlists = (uint16_t)lists.n;
    draft->rule.secret_group = (uint16_t)draft->secret_group;
    draft->rule.specificity = (uint8_t)draft->specificity;
    draft->rule.confidence = (uint8_t)draft->confidence;
    draft->rule.is_hidden = draft->rule.is_carrier == CARRIER_ONLY;
    if (reader->is_gitleaks)
        mean_like_gitleaks(reader, draft);
    return 0;
}

static int read_rules(ss_rows_reader *reader, const ss_toml_node *node,
                      ss_rule_file *file)
{
    size_t n = ss_toml_count(node);
    int rc = 0;

    if (ss_toml_kind_of(node) != SS_TOML_ARRAY)
        return ss_rows_fail(reader, ss_toml_place_of(node),
                            "'rules' has to be an array of tables: [[rules]]");
    if (n > SS_MAX_RULES)
        return ss_rows_fail(reader, ss_toml_place_of(node), "too many rules");
    file->drafts = ss_arena_alloc(reader->arena, n * sizeof(*file->drafts));
    if (!file->drafts)
        return ss_fail_nomem(reader->err);
    for (size_t i = 0; i < n && !rc; i++) {
        rc = read_rule(reader, ss_toml_item(node, i), &file->drafts[i]);
        file->drafts[i].rule.file = file->stem;
        file->drafts[i].rule.topic = file->title;
    }
    file->n_drafts = n;
    return rc;
}

static int read_extend(ss_rows_reader *reader, const ss_toml_node *node,
                       ss_rule_file *file)
{
    int rc;

    file->extend.place = ss_toml_place_of(node);
    rc = ss_rows_read(reader, node, "[extend]", extend_rows,
                      sizeof(extend_rows) / sizeof(*extend_rows), file, NULL);
    if (rc)
        return rc;
    if (file->extend.path && !*file->extend.path)
        file->extend.path = NULL;
    if (file->extend.path && file->extend.use_default)
        return ss_rows_fail(reader, file->extend.place,
                            "[extend] takes 'path' or 'useDefault', not both");
    return 0;
}

static int check_salt(ss_rows_reader *reader, const ss_toml_node *root,
                      const ss_rule_file *file)
{
    size_t len = file->salt ? strlen(file->salt) : 0;

    if (!file->salt || (len >= SS_MIN_SALT && len <= SS_MAX_SALT))
        return 0;
    return ss_rows_fail(
        reader, ss_toml_place_of(ss_toml_get(root, "fingerprintSalt")),
        "'fingerprintSalt' has %zu bytes: give it %u to %u random ones", len,
        SS_MIN_SALT, SS_MAX_SALT);
}

static int read_root(ss_rows_reader *reader, const ss_toml_node *root,
                     ss_rule_file *file)
{
    const ss_toml_node *extend = ss_toml_get(root, "extend");
    const ss_toml_node *fragments = ss_toml_get(root, "fragments");
    const ss_toml_node *rules = ss_toml_get(root, "rules");
    allowlists lists = {NULL, NULL, 0};
    int rc;

    rc = ss_rows_read(reader, root, "a rule file", file_rows,
                      sizeof(file_rows) / sizeof(*file_rows), file, NULL);
    file->has_settings = ss_toml_get(root, "settings") != NULL;
    if (!rc)
        rc = check_salt(reader, root, file);
    if (!rc && fragments)
        rc = ss_rows_fragments(reader, fragments);
    if (rc)
        return rc;
    if (extend) {
        rc = read_extend(reader, extend, file);
        if (rc)
            return rc;
    }
    if (rules) {
        rc = read_rules(reader, rules, file);
        if (rc)
            return rc;
    }
    rc = read_allowlists(reader, &lists, root, 1);
    file->allowlists = lists.at;
    file->allowlist_places = lists.places;
    file->n_allowlists = lists.n;
    return rc;
}

/* "patterns/slack.toml" is "slack". */
static const char *stem_of(ss_arena *arena, const char *name)
{
    const char *slash = strrchr(name, '/');
    const char *stem = slash ? slash + 1 : name;
    size_t len = strlen(stem);

    if (len > 5 && strcmp(stem + len - 5, ".toml") == 0)
        len -= 5;
    return ss_arena_str(arena, stem, len);
}

/* ---- whose file it is ---- */

static const char *string_at(const ss_toml_node *root, const char *key)
{
    const ss_toml_node *node = ss_toml_get(root, key);
    const char *text = "";
    size_t len;

    if (node)
        (void)ss_toml_string(node, &text, &len);
    return text;
}

/* It says so; else its name or its title does, or a key that only these have.
 */
static int is_gitleaks_file(const ss_toml_node *root, const char *name)
{
    const char *slash = strrchr(name, '/');
    const char *dialect = string_at(root, "dialect");
    const char *file = slash ? slash + 1 : name;

    if (*dialect)
        return strcasecmp(dialect, dialects[DIALECT_GITLEAKS]) == 0;
    return has_word(file, "gitleaks") || has_word(file, "betterleaks") ||
           has_word(string_at(root, "title"), "gitleaks") ||
           has_word(string_at(root, "title"), "betterleaks") ||
           ss_toml_get(root, "minVersion") ||
           ss_toml_get(root, "betterleaksMinVersion");
}

/* What of gitleaks' files this secscan knows. */
#define KNOWN_GITLEAKS "8.30.1"

static int is_newer(const char *version)
{
    const char *known = KNOWN_GITLEAKS;

    version += *version == 'v';
    for (;;) {
        char *v_end, *k_end;
        long v = strtol(version, &v_end, 10), k = strtol(known, &k_end, 10);

        if (v != k)
            return v > k;
        if (*v_end != '.' || *k_end != '.')
            return 0;
        version = v_end + 1;
        known = k_end + 1;
    }
}

static void note_version(ss_rows_reader *reader, const ss_toml_node *root,
                         const ss_rule_file *file)
{
    if (file->min_version && is_newer(file->min_version))
        ss_note_add(reader->notes, reader->arena, reader->file,
                    ss_toml_place_of(ss_toml_get(root, "minVersion")),
                    "written for gitleaks %.20s: what is newer than "
                    "%s may be missing",
                    file->min_version, KNOWN_GITLEAKS);
}

static int read_parsed(ss_rows_reader *reader, const ss_toml_node *root,
                       const ss_rule_file_options *options, ss_rule_file *out)
{
    int rc;

    reader->is_gitleaks =
        options->is_gitleaks || is_gitleaks_file(root, out->name);
    out->is_gitleaks = reader->is_gitleaks;
    rc = read_root(reader, root, out);
    if (!rc)
        note_version(reader, root, out);
    return rc;
}

int ss_rule_file_read(ss_rule_file *out, ss_bytes text, const char *name,
                      const ss_rule_file_options *options, ss_arena *arena,
                      secscan_error *err)
{
    ss_rows_reader reader = {
        .arena = arena, .text = text, .err = err, .notes = options->notes};
    ss_toml *toml = NULL;
    int rc;

    memset(out, 0, sizeof(*out));
    out->name = ss_arena_str(arena, name, strlen(name));
    out->stem = stem_of(arena, name);
    if (!out->name || !out->stem)
        return ss_fail_nomem(err);
    reader.file = out->name;
    rc =
        ss_toml_parse(&toml, (const char *)text.data, text.len, out->name, err);
    if (rc)
        return rc;
    rc = read_parsed(&reader, ss_toml_root(toml), options, out);
    ss_toml_free(toml);
    return rc;
}
