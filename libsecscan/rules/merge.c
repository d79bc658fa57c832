/*
 * merge.c: rules of several origins to one set, as gitleaks does it: a rule
 * above overrides what it states, lists of keywords and allowlists are
 * appended.
 */
#include "rules/merge.h"

#include "base/alloc.h"
#include "rules/kind.h"

#include <stdlib.h>

void ss_merge_init(ss_merge *merge, ss_arena *arena, secscan_error *err)
{
    memset(merge, 0, sizeof(*merge));
    merge->arena = arena;
    merge->err = err;
}

void ss_merge_release(ss_merge *merge)
{
    SS_VEC_RELEASE(&merge->drafts);
    SS_VEC_RELEASE(&merge->allowlists);
    ss_map_release(&merge->names);
}

/* The live rule of that id or alias; NULL when there is none. */
static ss_draft **find(const ss_merge *merge, const char *name)
{
    ss_map_entry *entry = ss_map_get(&merge->names, ss_bytes_str(name));
    ss_draft **slot;

    if (!entry || !entry->value.num)
        return NULL;
    slot = &merge->drafts.at[entry->value.num - 1];
    return *slot ? slot : NULL;
}

static int add_name(ss_merge *merge, const char *name, const ss_draft *draft)
{
    ss_map_entry *entry;

    if (find(merge, name))
        return ss_draft_fail(draft, SS_KEY_ID, merge->err,
                             "'%.60s' is the id or alias of two rules", name);
    entry = ss_map_put(&merge->names, ss_bytes_str(name), NULL);
    if (!entry)
        return ss_fail_nomem(merge->err);
    entry->value.num = merge->drafts.len;
    return 0;
}

static int add_draft(ss_merge *merge, ss_draft *draft)
{
    int rc;

    if (merge->drafts.len >= SS_MAX_RULES)
        return ss_draft_fail(draft, SS_KEY_ID, merge->err, "too many rules");
    if (SS_VEC_PUSH(&merge->drafts, NULL))
        return ss_fail_nomem(merge->err);
    rc = add_name(merge, draft->rule.id, draft);
    for (size_t i = 0; i < draft->rule.n_aliases && !rc; i++)
        rc = add_name(merge, draft->rule.aliases[i], draft);
    merge->drafts.at[merge->drafts.len - 1] = draft;
    return rc;
}

static void state_all(ss_draft *draft, ss_toml_place place)
{
    for (size_t i = 0; i < SS_KEY_COUNT; i++)
        draft->at[i] = (ss_text_place){place, 0};
}

static uint8_t category_of(const char *name)
{
    uint8_t i = 0;

    while (ss_categories[i] && strcmp(ss_categories[i], name) != 0)
        i++;
    return i;
}

static void draft_of(ss_draft *draft, const ss_rule *rule)
{
    memset(draft, 0, sizeof(*draft));
    draft->rule = *rule;
    draft->secret_group = rule->secret_group;
    draft->specificity = rule->specificity;
    draft->width = rule->width;
    draft->category = category_of(rule->category);
    draft->file = "(built in)";
    draft->is_extended = 1;
    draft->is_finished = 1;
    state_all(draft, (ss_toml_place){1, 1});
}

int ss_merge_add_builtin(ss_merge *merge, const ss_rule *rules, size_t n,
                         const ss_allowlist *allowlists, size_t n_allowlists)
{
    ss_draft *drafts = ss_arena_alloc(merge->arena, n * sizeof(*drafts));
    int rc = 0;

    if (!drafts)
        return ss_fail_nomem(merge->err);
    for (size_t i = 0; i < n && !rc; i++) {
        if (rules[i].is_value) /* made again, of all that there will be */
            continue;
        draft_of(&drafts[i], &rules[i]);
        rc = add_draft(merge, &drafts[i]);
    }
    for (size_t i = 0; i < n_allowlists && !rc; i++) {
        ss_global_allowlist global = {allowlists[i], "(built in)", {1, 1}, 0};

        if (SS_VEC_PUSH(&merge->allowlists, global))
            rc = ss_fail_nomem(merge->err);
    }
    return rc;
}

int ss_merge_has_kinds(const ss_merge *merge)
{
    for (size_t i = 0; i < merge->drafts.len; i++) {
        if (merge->drafts.at[i] && merge->drafts.at[i]->rule.value)
            return 1;
    }
    return 0;
}

int ss_merge_add_carriers(ss_merge *merge, const ss_rule *rules, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ss_draft *draft;
        int rc;

        if (!rules[i].is_carrier || rules[i].is_value ||
            find(merge, rules[i].id))
            continue;
        draft = ss_arena_alloc(merge->arena, sizeof(*draft));
        if (!draft)
            return ss_fail_nomem(merge->err);
        draft_of(draft, &rules[i]);
        draft->rule.n_aliases = 0;
        draft->rule.n_parts = 0; /* rules that may not be here */
        draft->rule.is_hidden = 1;
        rc = add_draft(merge, draft);
        if (rc)
            return rc;
    }
    return 0;
}

/* ---- one rule over another
 * --------------------------------------------------- */

static int join_lists(ss_merge *merge, const char *const **list, uint16_t *n,
                      const char *const *more, uint16_t n_more)
{
    size_t total = (size_t)*n + n_more;
    const char **joined;

    if (n_more == 0)
        return 0;
    joined = ss_arena_alloc(merge->arena, total * sizeof(*joined));
    if (!joined || total > UINT16_MAX)
        return ss_fail_nomem(merge->err);
    if (*n)
        memcpy(joined, *list, *n * sizeof(*joined));
    memcpy(joined + *n, more, n_more * sizeof(*joined));
    *list = joined;
    *n = (uint16_t)total;
    return 0;
}

static int join_allowlists(ss_merge *merge, ss_rule *rule, const ss_rule *over)
{
    size_t total = (size_t)rule->n_allowlists + over->n_allowlists;
    ss_allowlist *joined;

    if (over->n_allowlists == 0)
        return 0;
    joined = ss_arena_alloc(merge->arena, total * sizeof(*joined));
    if (!joined || total > UINT16_MAX)
        return ss_fail_nomem(merge->err);
    if (rule->n_allowlists)
        memcpy(joined, rule->allowlists, rule->n_allowlists * sizeof(*joined));
    memcpy(joined + rule->n_allowlists, over->allowlists,
           over->n_allowlists * sizeof(*joined));
    rule->allowlists = joined;
    rule->n_allowlists = (uint16_t)total;
    return 0;
}

static int changes_pattern(const ss_draft *over)
{
    return ss_draft_has(over, SS_KEY_REGEX) ||
           ss_draft_has(over, SS_KEY_PREFILTER) ||
           ss_draft_has(over, SS_KEY_WIDTH);
}

static void override_pattern(ss_draft *draft, const ss_draft *over)
{
    if (changes_pattern(over)) {
        draft->is_finished = 0;
        draft->rule.prefilter = NULL;
        draft->rule.search = NULL;
    }
    if (ss_draft_has(over, SS_KEY_REGEX)) {
        draft->rule.regex = over->rule.regex;
        draft->rule.is_gitleaks = over->rule.is_gitleaks;
        draft->prefilter = NULL; /* the old regex's */
        draft->width = 0;
    }
    if (ss_draft_has(over, SS_KEY_PREFILTER))
        draft->prefilter = over->prefilter;
    if (ss_draft_has(over, SS_KEY_WIDTH))
        draft->width = over->width;
    /* As gitleaks has it: 0 does not take a group away. */
    if (over->secret_group) {
        draft->secret_group = over->secret_group;
        draft->rule.secret_group = over->rule.secret_group;
    }
}

#define OVERRIDE(key, member)                                                  \
    do {                                                                       \
        if (ss_draft_has(over, key))                                           \
            draft->member = over->member;                                      \
    } while (0)
#define OVERRIDE_LIST(key, member)                                             \
    do {                                                                       \
        OVERRIDE(key, rule.member);                                            \
        OVERRIDE(key, rule.n_##member);                                        \
    } while (0)

static void override_rest(ss_draft *draft, const ss_draft *over)
{
    OVERRIDE(SS_KEY_PATH, rule.path);
    OVERRIDE(SS_KEY_CATEGORY, category);
    OVERRIDE(SS_KEY_SEVERITY, rule.severity);
    OVERRIDE(SS_KEY_EVIDENCE, rule.evidence);
    OVERRIDE(SS_KEY_CONFIDENCE, rule.confidence);
    OVERRIDE(SS_KEY_SPECIFICITY, rule.specificity);
    OVERRIDE(SS_KEY_CHECK, rule.check);
    OVERRIDE(SS_KEY_VALUE, rule.value);
    OVERRIDE(SS_KEY_DESCRIPTION, rule.description);
    OVERRIDE(SS_KEY_GRANTS, rule.grants);
    OVERRIDE(SS_KEY_ADVICE, rule.advice);
    OVERRIDE(SS_KEY_GENERIC, rule.is_generic);
    OVERRIDE(SS_KEY_CARRIER, rule.is_carrier);
    OVERRIDE(SS_KEY_CARRIER, rule.is_hidden);
    OVERRIDE(SS_KEY_PLACEHOLDERS, rule.keep_placeholders);
    OVERRIDE(SS_KEY_PREVIEW, rule.is_preview);
    OVERRIDE(SS_KEY_READER, rule.is_reader);
    OVERRIDE_LIST(SS_KEY_NEAR, near);
    OVERRIDE_LIST(SS_KEY_NAME, names);
    OVERRIDE_LIST(SS_KEY_REFERENCES, references);
    OVERRIDE_LIST(SS_KEY_MATCH, match);
    OVERRIDE_LIST(SS_KEY_REJECT, reject);
}

/* gitleaks keeps what the rule below requires, and takes 0 for nothing said. */
static void override_by_dialect(ss_draft *draft, const ss_draft *over)
{
    if (over->rule.is_gitleaks) {
        if (over->rule.entropy > 0)
            draft->rule.entropy = over->rule.entropy;
        return;
    }
    OVERRIDE(SS_KEY_ENTROPY, rule.entropy);
    OVERRIDE(SS_KEY_SKIP_REPORT, rule.is_part_only);
    OVERRIDE_LIST(SS_KEY_REQUIRED, parts);
    OVERRIDE_LIST(SS_KEY_PARTS, parts);
}

/* Errors are about the file above from here on. */
static void move_places(ss_draft *draft, const ss_draft *over)
{
    for (size_t i = 0; i < SS_KEY_COUNT; i++) {
        if (over->at[i].start.line)
            draft->at[i] = over->at[i];
        else if (draft->at[i].start.line)
            draft->at[i] = (ss_text_place){over->place, 0};
    }
    draft->file = over->file;
    draft->place = over->place;
}

static int override(ss_merge *merge, ss_draft **slot, const ss_draft *over)
{
    ss_draft *draft = ss_arena_copy(merge->arena, *slot, sizeof(*draft));
    int rc;

    if (!draft)
        return ss_fail_nomem(merge->err);
    override_pattern(draft, over);
    override_rest(draft, over);
    override_by_dialect(draft, over);
    move_places(draft, over);
    draft->rule.is_builtin = 0;
    draft->is_extended = 0;
    rc = join_lists(merge, &draft->rule.keywords, &draft->rule.n_keywords,
                    over->rule.keywords, over->rule.n_keywords);
    if (rc)
        return rc;
    rc = join_lists(merge, &draft->rule.stopwords, &draft->rule.n_stopwords,
                    over->rule.stopwords, over->rule.n_stopwords);
    if (rc)
        return rc;
    *slot = draft;
    return join_allowlists(merge, &draft->rule, &over->rule);
}

/* ---- files
 * --------------------------------------------------------------------- */

#define note(merge, file, place, ...)                                          \
    ss_note_add(&(merge)->notes, (merge)->arena, file, place, __VA_ARGS__)

static int disable(ss_merge *merge, const ss_rule_file *file)
{
    for (size_t i = 0; i < file->extend.n_disabled; i++) {
        ss_draft **slot = find(merge, file->extend.disabled[i]);

        if (!slot && file->is_gitleaks) {
            note(merge, file->name, file->extend.place,
                 "disabledRules: there is no rule '%.60s' here",
                 file->extend.disabled[i]);
            continue;
        }
        if (!slot || !(*slot)->is_extended)
            return ss_fail_at(merge->err, SECSCAN_ERR_RULE, file->name,
                              file->extend.place.line,
                              file->extend.place.column,
                              "disabledRules: there is no rule '%.60s' to "
                              "disable",
                              file->extend.disabled[i]);
        *slot = NULL;
    }
    return 0;
}

int ss_merge_leave_out(ss_merge *merge, const char *const *ids, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ss_draft **slot = find(merge, ids[i]);

        if (!slot)
            return ss_fail(merge->err, SECSCAN_ERR_ARG,
                           "there is no rule '%.60s' to leave out", ids[i]);
        *slot = NULL;
    }
    return 0;
}

/* A rule of gitleaks' own that secscan has not, and that a file changes. */
static int is_foreign(const ss_rule_file *file, const ss_draft *draft)
{
    return file->is_gitleaks && file->extend.use_default &&
           !ss_draft_has(draft, SS_KEY_REGEX) &&
           !ss_draft_has(draft, SS_KEY_PATH);
}

static int add_rule(ss_merge *merge, const ss_rule_file *file, ss_draft *draft)
{
    ss_draft **slot = find(merge, draft->rule.id);

    if (!slot && is_foreign(file, draft)) {
        note(merge, draft->file, draft->place,
             "there is no rule '%.60s' to change here: it is left out",
             draft->rule.id);
        return 0;
    }
    if (!slot)
        return add_draft(merge, draft);
    if ((*slot)->is_extended)
        return override(merge, slot, draft);
    if (file->is_gitleaks) {
        note(merge, draft->file, draft->place,
             "'%.60s' is there twice: this one counts, not that of line %u",
             draft->rule.id, (*slot)->place.line);
        *slot = draft;
        return 0;
    }
    return ss_draft_fail(draft, SS_KEY_ID, merge->err,
                         "the id '%.60s' is taken by a rule at %.60s:%u",
                         draft->rule.id, (*slot)->file, (*slot)->place.line);
}

static int add_allowlists(ss_merge *merge, const ss_rule_file *file)
{
    for (size_t i = 0; i < file->n_allowlists; i++) {
        ss_global_allowlist global = {
            file->allowlists[i], file->name, file->allowlist_places[i],
            file->is_gitleaks && file->extend.use_default};

        if (SS_VEC_PUSH(&merge->allowlists, global))
            return ss_fail_nomem(merge->err);
    }
    return 0;
}

int ss_merge_add_file(ss_merge *merge, const ss_rule_file *file, size_t first)
{
    int rc;

    if (file->salt)
        merge->salt = file->salt;
    for (size_t i = first; i < merge->drafts.len; i++) {
        if (merge->drafts.at[i])
            merge->drafts.at[i]->is_extended = 1;
    }
    rc = disable(merge, file);
    if (rc)
        return rc;
    for (size_t i = 0; i < file->n_drafts; i++) {
        rc = add_rule(merge, file, &file->drafts[i]);
        if (rc)
            return rc;
    }
    return add_allowlists(merge, file);
}

/* ---- the set
 * -------------------------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
    const ss_rule *const *x = a, *const *y = b;

    if ((*x)->is_hidden != (*y)->is_hidden)
        return (*x)->is_hidden ? 1 : -1;
    return strcmp((*x)->id, (*y)->id);
}

static int finish_rules(ss_merge *merge, ss_rule_set *set)
{
    size_t n = merge->drafts.len;

    /* One more: the rule of the values that words may name. */
    set->rules = ss_arena_alloc(merge->arena, (n + 1) * sizeof(*set->rules));
    if (!set->rules)
        return ss_fail_nomem(merge->err);
    for (size_t i = 0; i < n; i++) {
        ss_draft *draft = merge->drafts.at[i];
        int rc;

        if (!draft)
            continue;
        rc = ss_draft_finish(draft, merge->arena, merge->err);
        if (rc)
            return rc;
        set->rules[set->n_rules++] = &draft->rule;
        set->n_hidden += draft->rule.is_hidden;
    }
    if (set->n_rules == 0)
        return ss_fail(merge->err, SECSCAN_ERR_RULE,
                       "no rules are left: write [[rules]], or [extend] "
                       "useDefault = true");
    qsort(set->rules, set->n_rules, sizeof(*set->rules), by_id);
    return 0;
}

static int finish_kinds(ss_merge *merge, ss_rule_set *set)
{
    int rc;

    if (!ss_merge_has_kinds(merge))
        return 0;
    rc = ss_kind_index_make(set, merge->arena, merge->err);
    return rc ? rc : ss_kind_rule_make(set, merge->arena, merge->err);
}

static int check_targets(ss_merge *merge, const ss_global_allowlist *global)
{
    for (size_t i = 0; i < global->list.n_target_rules; i++) {
        if (find(merge, global->list.target_rules[i]))
            continue;
        if (global->has_foreign)
            note(merge, global->file, global->place,
                 "targetRules: there is no rule '%.60s' here",
                 global->list.target_rules[i]);
        else
            return ss_fail_at(merge->err, SECSCAN_ERR_RULE, global->file,
                              global->place.line, global->place.column,
                              "targetRules: there is no rule '%.60s'",
                              global->list.target_rules[i]);
    }
    return 0;
}

/* Targets by alias become ids: what filters compare. None left of some: the
 * list is about no rule. */
static int resolve_targets(ss_merge *merge, ss_global_allowlist *global)
{
    size_t n = global->list.n_target_rules;
    const char **ids = ss_arena_alloc(merge->arena, n * sizeof(*ids));

    if (!ids)
        return ss_fail_nomem(merge->err);
    global->list.n_target_rules = 0;
    for (size_t i = 0; i < n; i++) {
        ss_draft **slot = find(merge, global->list.target_rules[i]);

        if (slot)
            ids[global->list.n_target_rules++] = (*slot)->rule.id;
    }
    global->list.target_rules = ids;
    return 0;
}

static int finish_allowlists(ss_merge *merge, ss_rule_set *set)
{
    size_t n = merge->allowlists.len;
    ss_allowlist *lists = ss_arena_alloc(merge->arena, n * sizeof(*lists));

    if (!lists)
        return ss_fail_nomem(merge->err);
    for (size_t i = 0; i < n; i++) {
        ss_global_allowlist *global = &merge->allowlists.at[i];
        int has_targets = global->list.n_target_rules > 0;
        int rc = check_targets(merge, global);

        if (!rc)
            rc = resolve_targets(merge, global);
        if (rc)
            return rc;
        if (global->list.n_target_rules > 0 || !has_targets)
            lists[set->n_allowlists++] = global->list;
    }
    set->allowlists = lists;
    set->salt = merge->salt;
    return 0;
}

/* The ids of a part as they are in the set. A name that was disabled stays and
 * is never found, unless the part is required. */
static int resolve_part(ss_merge *merge, const ss_draft *draft,
                        ss_rule_part *part)
{
    ss_rule_key key = part->is_required ? SS_KEY_REQUIRED : SS_KEY_PARTS;
    const char **ids =
        ss_arena_copy(merge->arena, part->ids, part->n_ids * sizeof(*ids));
    int is_live = 0;

    if (!ids)
        return ss_fail_nomem(merge->err);
    for (size_t i = 0; i < part->n_ids; i++) {
        ss_draft **slot = find(merge, ids[i]);

        if (!slot && !ss_map_get(&merge->names, ss_bytes_str(ids[i])))
            return ss_draft_fail(draft, key, merge->err,
                                 "a part: there is no rule '%.60s'", ids[i]);
        if (!slot)
            continue;
        ids[i] = (*slot)->rule.id;
        is_live = 1;
        if (*slot == draft)
            return ss_draft_fail(draft, key, merge->err,
                                 "a rule cannot be a part of itself");
    }
    part->ids = ids;
    if (part->is_required && !is_live)
        return ss_draft_fail(draft, key, merge->err,
                             "what the rule requires is disabled: disable it, "
                             "too");
    return 0;
}

static int resolve_parts(ss_merge *merge, ss_draft *draft)
{
    size_t n = draft->rule.n_parts;
    ss_rule_part *parts =
        ss_arena_copy(merge->arena, draft->rule.parts, n * sizeof(*parts));
    int rc = 0;

    if (!parts)
        return ss_fail_nomem(merge->err);
    for (size_t i = 0; i < n && !rc; i++)
        rc = resolve_part(merge, draft, &parts[i]);
    draft->rule.parts = parts;
    return rc;
}

static int finish_parts(ss_merge *merge)
{
    int rc = 0;

    for (size_t i = 0; i < merge->drafts.len && !rc; i++) {
        ss_draft *draft = merge->drafts.at[i];

        if (draft && draft->rule.n_parts)
            rc = resolve_parts(merge, draft);
    }
    return rc;
}

static uint32_t max_of(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* What is found and how, of the rules that find something by themselves. */
static void measure_rule(ss_rule_set *set, const ss_rule *rule)
{
    set->max_before = max_of(set->max_before, rule->before);
    set->max_prefix = max_of(set->max_prefix,
                             rule->is_value ? SS_KIND_LOOK : rule->prefix_max);
    set->max_width = max_of(set->max_width, rule->width);
    set->max_after = max_of(set->max_after, rule->after);
    if (rule->asks_keyword)
        set->keyword_reach = SS_KEYWORD_REACH;
}

void ss_rule_set_measure(ss_rule_set *set)
{
    for (size_t i = 0; i < set->n_rules; i++) {
        const ss_rule *rule = set->rules[i];

        if (ss_rule_is_path(rule))
            set->n_path_rules++;
        else if (!ss_rule_is_kind(rule))
            measure_rule(set, rule);
        for (size_t k = 0; k < rule->n_parts; k++)
            set->part_reach = max_of(set->part_reach, rule->parts[k].reach);
    }
}

int ss_merge_finish(ss_merge *merge, ss_rule_set *set)
{
    int rc;

    memset(set, 0, sizeof(*set));
    rc = finish_rules(merge, set);
    if (!rc)
        rc = finish_parts(merge);
    if (rc)
        return rc;
    rc = finish_kinds(merge, set);
    if (rc)
        return rc;
    rc = finish_allowlists(merge, set);
    if (rc)
        return rc;
    ss_rule_set_measure(set);
    return 0;
}
