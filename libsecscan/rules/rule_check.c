/*
 * rule_check.c: what a rule has to be, once its file (and what it extends) has
 * been read; fills what follows from the pattern: widths and prefilter.
 */
#include "rules/rule_file.h"

#include "base/buf.h"
#include "rules/bound.h"
#include "rules/keyword.h"
#include "rules/regex.h"

#include "rules/shape.h"

#include <stdarg.h>
#include <stdio.h>

#define MAX_ID 128u
#define DEFAULT_SPECIFICITY 100u
#define KIND_SPECIFICITY 50u
#define GENERIC_SPECIFICITY 10u
#define MAX_VALUE 2048u /* bytes of a kind's value */
#define MAX_WORDS 64u   /* of a kind: `near`, `name` */
#define PATTERN_CONFIDENCE 90u
#define CONTEXT_CONFIDENCE 75u
#define GENERIC_CONFIDENCE 50u
/* Literals this long give Hyperscan's fast literal matchers room: what has none
 * is kept apart, so that it cannot slow the others down. */

int ss_draft_fail(const ss_draft *draft, ss_rule_key key, secscan_error *err,
                  const char *format, ...)
{
    ss_toml_place place =
        ss_draft_has(draft, key) ? draft->at[key].start : draft->place;
    char message[200];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    return ss_fail_at(err, SECSCAN_ERR_RULE, draft->file, place.line,
                      place.column, "%s", message);
}

/* The same at a byte of an expression. */
static int fail_in_text(const ss_draft *draft, ss_rule_key key,
                        const char *text, size_t offset, secscan_error *err,
                        const char *message)
{
    ss_toml_place at = ss_text_place_at(&draft->at[key], text, offset);

    return ss_fail_at(err, SECSCAN_ERR_RULE, draft->file, at.line, at.column,
                      "%s", message);
}

static int fail_in_regex(const ss_draft *draft, size_t offset,
                         secscan_error *err, const char *message)
{
    return fail_in_text(draft, SS_KEY_REGEX, draft->rule.regex, offset, err,
                        message);
}

static int check_id(const ss_draft *draft, secscan_error *err)
{
    const char *id = draft->rule.id;

    if (strlen(id) > MAX_ID)
        return ss_draft_fail(draft, SS_KEY_ID, err,
                             "an id of more than %u bytes", MAX_ID);
    for (; *id; id++) {
        if ((uint8_t)*id <= ' ' || (uint8_t)*id >= 127)
            return ss_draft_fail(draft, SS_KEY_ID, err,
                                 "an id is of printable ASCII, no spaces");
    }
    return 0;
}

/* ---- defaults ---------------------------------------------------------------
 */

static const char *or_empty(const char *s)
{
    return s ? s : "";
}

static const char *or_null(const char *s)
{
    return s && *s ? s : NULL;
}

static void fill_category(ss_draft *draft)
{
    if (ss_draft_has(draft, SS_KEY_CATEGORY))
        draft->rule.category = ss_categories[draft->category];
    else if (!draft->rule.category)
        draft->rule.category = draft->rule.is_generic ? "generic" : "token";
}

/* A value of no known format is as likely a secret as what it scores. */
static uint8_t default_confidence(const ss_rule *rule)
{
    if (rule->evidence == SECSCAN_PATTERN)
        return PATTERN_CONFIDENCE;
    return strcmp(rule->category, "generic") == 0 ? GENERIC_CONFIDENCE
                                                  : CONTEXT_CONFIDENCE;
}

static void fill_defaults(ss_draft *draft)
{
    ss_rule *rule = &draft->rule;

    rule->regex = or_null(rule->regex);
    rule->path = or_null(rule->path);
    rule->check = or_null(rule->check);
    rule->value = or_null(rule->value);
    draft->prefilter = or_null(draft->prefilter);
    rule->description = or_empty(rule->description);
    rule->grants = or_empty(rule->grants);
    rule->advice = or_empty(rule->advice);
    fill_category(draft);
    if (!ss_draft_has(draft, SS_KEY_CARRIER))
        rule->is_carrier = rule->is_generic;
    if (!ss_draft_has(draft, SS_KEY_SEVERITY))
        rule->severity = SECSCAN_HIGH;
    if (!ss_draft_has(draft, SS_KEY_EVIDENCE))
        rule->evidence =
            rule->is_generic || rule->value ? SECSCAN_CONTEXT : SECSCAN_PATTERN;
    if (!ss_draft_has(draft, SS_KEY_CONFIDENCE))
        rule->confidence = default_confidence(rule);
    if (ss_draft_has(draft, SS_KEY_SPECIFICITY))
        return;
    rule->specificity = DEFAULT_SPECIFICITY;
    if (rule->value)
        rule->specificity = KIND_SPECIFICITY;
    if (rule->is_generic)
        rule->specificity = GENERIC_SPECIFICITY;
}

/* ---- what follows from the pattern
 * ------------------------------------------- */

static int check_group(const ss_draft *draft, const ss_shape *shape,
                       secscan_error *err)
{
    if (draft->rule.secret_group > shape->n_groups)
        return ss_draft_fail(draft, SS_KEY_SECRET_GROUP, err,
                             "group %u does not exist: the regex has %u",
                             draft->rule.secret_group, shape->n_groups);
    return 0;
}

static int fill_width(ss_draft *draft, const ss_shape *shape,
                      secscan_error *err)
{
    if (shape->min_width == 0)
        return fail_in_regex(draft, 0, err,
                             "the regex matches the empty string: make "
                             "something in it obligatory");
    draft->rule.width = shape->max_width;
    if (shape->max_width <= SS_MAX_WIDTH)
        return 0;
    if (!draft->width)
        return fail_in_regex(draft, shape->unbounded_at, err,
                             "a match has no bound of 65536 bytes or less: "
                             "write {n,m}, or state 'width', the longest "
                             "match in bytes (a file of gitleaks': dialect = "
                             "\"gitleaks\")");
    if (draft->width < shape->min_width)
        return ss_draft_fail(draft, SS_KEY_WIDTH, err,
                             "'width' is less than the shortest match, %u",
                             shape->min_width);
    draft->rule.width = draft->width;
    return 0;
}

static int fill_reach(ss_draft *draft, const ss_shape *shape,
                      secscan_error *err)
{
    if (shape->before > SS_MAX_BEFORE)
        return fail_in_regex(draft, 0, err,
                             "look-behind reads more than 64 bytes: shorten "
                             "it");
    if (shape->after > SS_MAX_AFTER)
        return fail_in_regex(draft, 0, err,
                             "look-ahead reads more than 512 bytes behind the "
                             "match: shorten it");
    draft->rule.before = shape->before;
    draft->rule.after = shape->after;
    return 0;
}

/* A stated prefilter may be narrower than the regex. Then whether a match is
 * found would depend on what else stands nearby, so both are asked for. */
static int join_patterns(ss_draft *draft, ss_arena *arena, secscan_error *err)
{
    ss_rule *rule = &draft->rule;
    ss_buf text = SS_BUF_INIT((size_t)1 << 20);
    secscan_error own;
    int rc = 0;

    ss_buf_printf(&text, "(?=%s)(?:%s)", draft->prefilter, rule->regex);
    if (!text.failed)
        rule->search = ss_arena_str(arena, (const char *)text.data, text.len);
    if (text.failed || !rule->search)
        rc = ss_fail_nomem(err);
    else if (ss_regex_check(rule->search, rule->regex_flags, &own))
        rc = ss_draft_fail(draft, SS_KEY_PREFILTER, err,
                           "the prefilter cannot be joined with the regex");
    ss_buf_release(&text);
    if (!rc && rule->prefix_max > rule->width + rule->after)
        rule->after = rule->prefix_max - rule->width;
    return rc;
}

static int fill_prefilter(ss_draft *draft, const ss_shape *shape,
                          ss_arena *arena, secscan_error *err)
{
    ss_shape stated = *shape;
    int rc;

    if (draft->prefilter) {
        rc = ss_shape_of(&stated, draft->prefilter, 0, arena, err);
        if (rc == SECSCAN_ERR_NOMEM)
            return rc;
        if (rc)
            return ss_draft_fail(draft, SS_KEY_PREFILTER, err,
                                 "the prefilter cannot be read");
    }
    if (!stated.prefilter)
        return ss_draft_fail(
            draft, draft->prefilter ? SS_KEY_PREFILTER : SS_KEY_REGEX, err,
            "nothing fixed stands before the first unbounded part: bound it "
            "({0,20} for *), 512 bytes at most");
    draft->rule.prefilter = stated.prefilter;
    draft->rule.prefix_min = stated.prefilter_min;
    draft->rule.prefix_max = stated.prefilter_max;
    draft->rule.cost = stated.prefilter_cost;
    if (draft->prefilter && stated.n_groups)
        return ss_draft_fail(draft, SS_KEY_PREFILTER, err,
                             "groups of a prefilter have to be (?:...)");
    return draft->prefilter ? join_patterns(draft, arena, err) : 0;
}

static int read_shape(const ss_draft *draft, ss_shape *shape, ss_arena *arena,
                      secscan_error *err)
{
    secscan_error own;
    int rc = ss_shape_of(shape, draft->rule.regex, draft->rule.secret_group,
                         arena, &own);

    if (rc == SECSCAN_ERR_NOMEM)
        return ss_fail_nomem(err);
    if (rc)
        return fail_in_regex(draft, own.column - 1, err, own.message);
    return 0;
}

/* Has one of its keywords to be looked for around each match? */
static int fill_keyword(ss_draft *draft, ss_arena *arena, secscan_error *err)
{
    ss_rule *rule = &draft->rule;
    int rc;

    if (!rule->is_gitleaks || !rule->n_keywords)
        return 0;
    rc = ss_keyword_is_sure(rule->regex, rule->keywords, rule->n_keywords,
                            arena, err);
    rule->asks_keyword = rc == 0;
    return rc < 0 ? rc : 0;
}

static int bound_repeats(ss_draft *draft, ss_arena *arena, secscan_error *err)
{
    secscan_error own;
    int rc;

    if (!draft->rule.is_gitleaks || draft->is_finished)
        return 0;
    rc = ss_bound_repeats(&draft->rule.regex, draft->rule.regex, arena, &own);
    if (rc == SECSCAN_ERR_NOMEM)
        return ss_fail_nomem(err);
    return rc ? fail_in_regex(draft, own.column - 1, err, own.message) : 0;
}

static int fill_pattern(ss_draft *draft, ss_arena *arena, secscan_error *err)
{
    ss_shape shape;
    int rc;

    rc = bound_repeats(draft, arena, err);
    if (!rc)
        rc = read_shape(draft, &shape, arena, err);
    if (!rc)
        rc = fill_keyword(draft, arena, err);
    if (rc)
        return rc;
    rc = check_group(draft, &shape, err);
    if (rc)
        return rc;
    draft->rule.public_prefix = (uint16_t)shape.public_prefix;
    if (draft->is_finished)
        return 0;
    rc = fill_width(draft, &shape, err);
    if (rc)
        return rc;
    rc = fill_reach(draft, &shape, err);
    if (rc)
        return rc;
    return fill_prefilter(draft, &shape, arena, err);
}

/* ---- kinds that only context gives a meaning -------------------------------
 */

static int is_kind(const ss_draft *draft)
{
    return draft->rule.value || draft->rule.n_near || draft->rule.n_names;
}

static int is_word(const char *word)
{
    size_t len = strlen(word);

    for (size_t i = 0; i < len; i++) {
        int is_gap = word[i] == ' ' && i > 0 && word[i - 1] != ' ';

        if (!ss_is_alnum((uint8_t)word[i]) && !is_gap)
            return 0;
    }
    return len > 1 && len <= SS_MAX_KIND_WORD && word[len - 1] != ' ';
}

static int check_words(const ss_draft *draft, ss_rule_key key,
                       const char *const *words, size_t n, secscan_error *err)
{
    if (n > MAX_WORDS)
        return ss_draft_fail(draft, key, err, "more than %u words", MAX_WORDS);
    for (size_t i = 0; i < n; i++) {
        if (!is_word(words[i]))
            return ss_draft_fail(draft, key, err,
                                 "'%.40s': a word is of 2 to %u letters and "
                                 "digits, a phrase of words and single spaces",
                                 words[i], SS_MAX_KIND_WORD);
    }
    return 0;
}

/* Keys of a rule that has a pattern of its own. */
static int check_no_pattern(const ss_draft *draft, secscan_error *err)
{
    static const struct {
        ss_rule_key key;
        const char *name;
    } others[] = {
        {SS_KEY_REGEX, "regex"},     {SS_KEY_PREFILTER, "prefilter"},
        {SS_KEY_PATH, "path"},       {SS_KEY_SECRET_GROUP, "secretGroup"},
        {SS_KEY_WIDTH, "width"},     {SS_KEY_GENERIC, "generic"},
        {SS_KEY_CARRIER, "carrier"},
    };
    const ss_rule *rule = &draft->rule;

    if (!rule->regex && !draft->prefilter && !rule->path &&
        !draft->secret_group && !rule->is_generic && !rule->is_carrier)
        return 0;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (!draft->is_extended && ss_draft_has(draft, others[i].key))
            return ss_draft_fail(draft, others[i].key, err,
                                 "'%s' does not go with 'near' and 'value': "
                                 "those have no pattern of their own",
                                 others[i].name);
    }
    return ss_draft_fail(draft, SS_KEY_VALUE, err,
                         "'near' and 'value' are for rules with no pattern of "
                         "their own");
}

/* What PCRE2 runs: the value as a whole. */
static int join_value(ss_draft *draft, ss_arena *arena, secscan_error *err)
{
    ss_buf text = SS_BUF_INIT((size_t)1 << 20);

    ss_buf_printf(&text, "\\A(?:%s)\\z", draft->rule.value);
    draft->rule.search =
        text.failed ? NULL
                    : ss_arena_str(arena, (const char *)text.data, text.len);
    ss_buf_release(&text);
    return draft->rule.search ? 0 : ss_fail_nomem(err);
}

static int check_value(ss_draft *draft, ss_arena *arena, secscan_error *err)
{
    const char *value = draft->rule.value;
    secscan_error own;
    ss_shape shape;
    int rc = ss_shape_of(&shape, value, 0, arena, &own);

    if (rc == SECSCAN_ERR_NOMEM)
        return ss_fail_nomem(err);
    if (rc)
        return fail_in_text(draft, SS_KEY_VALUE, value, own.column - 1, err,
                            own.message);
    if (shape.min_width == 0)
        return fail_in_text(draft, SS_KEY_VALUE, value, 0, err,
                            "the value may be the empty string: make something "
                            "in it obligatory");
    if (shape.max_width > MAX_VALUE)
        return fail_in_text(draft, SS_KEY_VALUE, value, shape.unbounded_at, err,
                            "a value has no bound of 2048 bytes or less: write "
                            "{n,m}");
    draft->rule.width = shape.max_width;
    draft->rule.prefix_min = shape.min_width;
    draft->rule.prefix_max = shape.max_width;
    draft->rule.public_prefix = (uint16_t)shape.public_prefix;
    return join_value(draft, arena, err);
}

static int check_kind(ss_draft *draft, ss_arena *arena, secscan_error *err)
{
    const ss_rule *rule = &draft->rule;
    int rc;

    if (!rule->n_near)
        return ss_draft_fail(draft, rule->value ? SS_KEY_VALUE : SS_KEY_NAME,
                             err,
                             "'near' is missing: the words that give the value "
                             "its meaning");
    if (!rule->value)
        return ss_draft_fail(draft, SS_KEY_NEAR, err,
                             "'value' is missing: the expression that the "
                             "value as a whole matches");
    rc = check_no_pattern(draft, err);
    if (!rc)
        rc = check_words(draft, SS_KEY_NEAR, rule->near, rule->n_near, err);
    if (!rc)
        rc = check_words(draft, SS_KEY_NAME, rule->names, rule->n_names, err);
    return rc ? rc : check_value(draft, arena, err);
}

static int finish_reader(ss_draft *draft, secscan_error *err)
{
    const ss_rule *rule = &draft->rule;

    if (rule->regex || rule->path || rule->n_parts || rule->is_part_only)
        return ss_draft_fail(draft, SS_KEY_READER, err,
                             "a reader's rule has no 'regex', no 'path' and no "
                             "parts");
    draft->is_finished = 1;
    return 0;
}

int ss_draft_finish(ss_draft *draft, ss_arena *arena, secscan_error *err)
{
    int rc = check_id(draft, err);

    if (rc)
        return rc;
    fill_defaults(draft);
    if (is_kind(draft)) {
        rc = check_kind(draft, arena, err);
        draft->is_finished = rc == 0;
        return rc;
    }
    if (draft->rule.is_reader)
        return finish_reader(draft, err);
    if (!draft->rule.regex && !draft->rule.path)
        return ss_draft_fail(draft, SS_KEY_ID, err,
                             "a rule needs 'regex', 'path', or 'near' and "
                             "'value'");
    if (!draft->rule.regex && (draft->rule.n_parts || draft->rule.is_part_only))
        return ss_draft_fail(draft, SS_KEY_PATH, err,
                             "a rule about paths has no parts and is none");
    if (!draft->rule.regex && draft->secret_group)
        return ss_draft_fail(draft, SS_KEY_SECRET_GROUP, err,
                             "'secretGroup' without 'regex'");
    if (draft->rule.regex) {
        rc = fill_pattern(draft, arena, err);
        if (rc)
            return rc;
    }
    draft->is_finished = 1;
    return 0;
}
