/*
 * filter.c: decide from the bytes alone whether a match is noise, and from an
 * origin whether somebody allowed it. Patterns of allowlists are compiled when
 * they are first asked, once a thread.
 */
#include "scan/filter.h"

#include "base/alloc.h"
#include "scan/verdict.h"

/* What a pattern said, beside 0 and 1. */
#define NO_ANSWER (-1)

/* The patterns of one allowlist, in its order. */
typedef struct list_code {
    ss_regex **regexes;
    ss_regex **paths;
} list_code;

typedef struct rule_code {
    ss_regex *path;
    list_code *lists; /* one for each allowlist of the rule */
} rule_code;

struct ss_filter {
    const ss_rule_set *set;
    rule_code *rules;   /* by rule number */
    list_code *globals; /* by place in the set */
};

int ss_filter_new(ss_filter **out, const ss_rule_set *set, secscan_error *err)
{
    ss_filter *filter = ss_calloc(1, sizeof(*filter));

    if (!filter)
        return ss_fail_nomem(err);
    filter->set = set;
    filter->rules = ss_calloc(set->n_rules, sizeof(*filter->rules));
    filter->globals = ss_calloc(set->n_allowlists, sizeof(*filter->globals));
    if (!filter->rules || !filter->globals) {
        ss_filter_free(filter);
        return ss_fail_nomem(err);
    }
    *out = filter;
    return 0;
}

static void free_codes(ss_regex **codes, size_t n)
{
    for (size_t i = 0; codes && i < n; i++)
        ss_regex_free(codes[i]);
    ss_free(codes);
}

static void free_lists(list_code *code, const ss_allowlist *lists, size_t n)
{
    for (size_t i = 0; code && i < n; i++) {
        free_codes(code[i].regexes, lists[i].n_regexes);
        free_codes(code[i].paths, lists[i].n_paths);
    }
    ss_free(code);
}

void ss_filter_free(ss_filter *filter)
{
    if (!filter)
        return;
    for (size_t i = 0; filter->rules && i < filter->set->n_rules; i++) {
        const ss_rule *rule = filter->set->rules[i];

        ss_regex_free(filter->rules[i].path);
        free_lists(filter->rules[i].lists, rule->allowlists,
                   rule->n_allowlists);
    }
    ss_free(filter->rules);
    free_lists(filter->globals, filter->set->allowlists,
               filter->set->n_allowlists);
    ss_free(filter);
}

/* 1, 0 or NO_ANSWER. */
static int test_pattern(ss_regex **code, const char *pattern, ss_bytes subject)
{
    int rc;

    if (!*code) {
        rc = ss_regex_new(code, pattern, 0, NULL);
        if (rc)
            return NO_ANSWER;
    }
    rc = ss_regex_test(*code, subject);
    return rc == 0 || rc == 1 ? rc : NO_ANSWER;
}

static int test_any(ss_regex ***codes, const char *const *patterns, size_t n,
                    ss_bytes subject)
{
    int is_answered = 1;

    if (!*codes)
        *codes = ss_calloc(n, sizeof(**codes));
    if (!*codes)
        return NO_ANSWER;
    for (size_t i = 0; i < n; i++) {
        int rc = test_pattern(&(*codes)[i], patterns[i], subject);

        if (rc == 1)
            return 1;
        if (rc == NO_ANSWER)
            is_answered = 0;
    }
    return is_answered ? 0 : NO_ANSWER;
}

static int has_stopword(const char *const *words, size_t n, ss_bytes secret)
{
    for (size_t i = 0; i < n; i++) {
        if (ss_bytes_find_nocase(secret, ss_bytes_str(words[i])) != SIZE_MAX)
            return 1;
    }
    return 0;
}

static int has_text(const char *const *texts, size_t n, const char *text)
{
    for (size_t i = 0; text && i < n; i++) {
        if (!strcmp(texts[i], text))
            return 1;
    }
    return 0;
}

static ss_bytes target_of(const ss_allowlist *list, const ss_match *match)
{
    switch (list->target) {
    case SS_TARGET_MATCH:
        return ss_match_whole(match);
    case SS_TARGET_LINE:
        return match->line;
    default:
        return ss_match_secret(match);
    }
}

/* The criteria of a list, cheapest first. */
enum { BY_STOPWORD, BY_COMMIT, BY_PATH, BY_REGEX, N_CRITERIA };

typedef struct question {
    const ss_allowlist *list;
    list_code *code;
    const ss_match *match;
    const char *path;
    const char *commit;
} question;

static int is_given(const ss_allowlist *list, int criterion)
{
    switch (criterion) {
    case BY_STOPWORD:
        return list->n_stopwords > 0;
    case BY_COMMIT:
        return list->n_commits > 0;
    case BY_PATH:
        return list->n_paths > 0;
    default:
        return list->n_regexes > 0;
    }
}

static int holds(const question *q, int criterion)
{
    const ss_allowlist *list = q->list;

    switch (criterion) {
    case BY_STOPWORD:
        return has_stopword(list->stopwords, list->n_stopwords,
                            ss_match_secret(q->match));
    case BY_COMMIT:
        return has_text(list->commits, list->n_commits, q->commit);
    case BY_PATH:
        return q->path ? test_any(&q->code->paths, list->paths, list->n_paths,
                                  ss_bytes_str(q->path))
                       : 0;
    default:
        return test_any(&q->code->regexes, list->regexes, list->n_regexes,
                        target_of(list, q->match));
    }
}

/* Does the list allow the match? 1, 0 or NO_ANSWER. What decides without an
 * unanswered criterion is not held up by it. */
static int is_allowed(const question *q)
{
    int n_given = 0;
    int is_answered = 1;

    for (int c = 0; c < N_CRITERIA; c++) {
        int rc;

        if (!is_given(q->list, c))
            continue;
        n_given++;
        rc = holds(q, c);
        if (rc == NO_ANSWER)
            is_answered = 0;
        else if (rc != q->list->is_and)
            return rc;
    }
    if (!is_answered)
        return NO_ANSWER;
    return n_given > 0 && q->list->is_and;
}

static int is_about_origin(const ss_allowlist *list)
{
    return list->n_paths > 0 || list->n_commits > 0;
}

static int has_target(const ss_allowlist *list, const ss_rule *rule)
{
    if (!list->n_target_rules ||
        has_text(list->target_rules, list->n_target_rules, rule->id))
        return 1;
    for (size_t i = 0; i < rule->n_aliases; i++) {
        if (has_text(list->target_rules, list->n_target_rules,
                     rule->aliases[i]))
            return 1;
    }
    return 0;
}

/* Ask each list that is (or is not) about an origin. */
static ss_verdict ask_lists(question q, const ss_allowlist *lists,
                            list_code *codes, size_t n, int about_origin)
{
    ss_verdict verdict = SS_KEEP;

    for (size_t i = 0; i < n; i++) {
        int rc;

        if (is_about_origin(&lists[i]) != about_origin ||
            !has_target(&lists[i], q.match->rule))
            continue;
        q.list = &lists[i];
        q.code = &codes[i];
        rc = is_allowed(&q);
        if (rc == 1)
            return SS_SUPPRESS;
        if (rc == NO_ANSWER)
            verdict = SS_NO_VERDICT;
    }
    return verdict;
}

static ss_verdict ask_all_lists(ss_filter *filter, question q, int about_origin)
{
    const ss_rule *rule = q.match->rule;
    const ss_rule_set *set = filter->set;
    rule_code *code = &filter->rules[q.match->rule_number];
    ss_verdict own = SS_KEEP;
    ss_verdict global;

    if (rule->n_allowlists && !code->lists)
        code->lists = ss_calloc(rule->n_allowlists, sizeof(*code->lists));
    if (rule->n_allowlists && !code->lists)
        return SS_NO_VERDICT;
    own = ask_lists(q, rule->allowlists, code->lists, rule->n_allowlists,
                    about_origin);
    if (own == SS_SUPPRESS)
        return own;
    global = ask_lists(q, set->allowlists, filter->globals, set->n_allowlists,
                       about_origin);
    return global == SS_KEEP ? own : global;
}

/* A secret that starts with its vendor's mark is no name of anything. */
#define MARK_LEN 3u

static int is_stand_in(const ss_match *match)
{
    ss_bytes secret = ss_match_secret(match);

    if (match->rule->keep_placeholders)
        return 0;
    return ss_is_placeholder(secret) ||
           (match->rule->public_prefix < MARK_LEN &&
            ss_is_read(match->line, match->secret_at, secret.len));
}

static int has_any(ss_bytes text, const ss_rule *rule)
{
    for (size_t i = 0; i < rule->n_keywords; i++) {
        if (ss_bytes_find_nocase(text, ss_bytes_str(rule->keywords[i])) !=
            SIZE_MAX)
            return 1;
    }
    return 0;
}

/* What gitleaks asks of the file, or of the lines added, is asked of so many
 * bytes around. */
static int has_keyword(const ss_match *match)
{
    size_t from = (size_t)(match->from - match->around_offset);
    size_t to = (size_t)(match->to - match->around_offset);
    ss_bytes near = match->around;

    if (has_any(match->line, match->rule))
        return 1;
    if (near.len - to > SS_KEYWORD_REACH)
        near.len = to + SS_KEYWORD_REACH;
    if (from > SS_KEYWORD_REACH) {
        near.data += from - SS_KEYWORD_REACH;
        near.len -= from - SS_KEYWORD_REACH;
    }
    return has_any(near, match->rule);
}

static int is_noise(const ss_match *match)
{
    const ss_rule *rule = match->rule;
    ss_bytes secret = ss_match_secret(match);

    if (rule->asks_keyword && !has_keyword(match))
        return 1;
    if (rule->entropy > 0 && ss_entropy(secret) <= rule->entropy)
        return 1;
    if (has_stopword(rule->stopwords, rule->n_stopwords, secret))
        return 1;
    if (is_stand_in(match))
        return 1;
    return rule->is_generic && ss_score(match->line, match->secret_at,
                                        secret.len, NULL) < SS_LEAST_SCORE;
}

ss_verdict ss_filter_content(ss_filter *filter, const ss_match *match)
{
    const question q = {.match = match};

    if (is_noise(match))
        return SS_DROP;
    return ask_all_lists(filter, q, 0);
}

/* 1, 0 or NO_ANSWER. */
static int test_rule_path(ss_filter *filter, uint32_t number, const char *path)
{
    const char *pattern = filter->set->rules[number]->path;

    if (!pattern)
        return 1;
    return path ? test_pattern(&filter->rules[number].path, pattern,
                               ss_bytes_str(path))
                : 0;
}

int ss_filter_is_at(ss_filter *filter, uint32_t rule_number, const char *path)
{
    return test_rule_path(filter, rule_number, path) == 1;
}

ss_verdict ss_filter_origin(ss_filter *filter, const ss_match *match,
                            const char *path, const char *commit)
{
    const question q = {.match = match, .path = path, .commit = commit};
    int rc = test_rule_path(filter, match->rule_number, path);

    if (rc == NO_ANSWER)
        return SS_NO_VERDICT;
    if (rc == 0)
        return SS_DROP;
    return ask_all_lists(filter, q, 1);
}
