/*
 * dead.c: ask an allowlist whether anything, or everything, can match it.
 */
#include "rules/dead.h"

#include "rules/regex.h"
#include "rules/shape.h"

#include <stdio.h>

/* What has nothing in common is matched by what matches all. */
static const char *const samples[] = {"a", "Q7/z_-.x+=", "0x/9 b.C", NULL};

/* 1, 0 or a status. */
static int matches_all(const char *pattern)
{
    ss_regex *regex = NULL;
    int rc = ss_regex_new(&regex, pattern, 0, NULL);
    int all = 1;

    if (rc)
        return rc == SECSCAN_ERR_NOMEM ? rc : 0;
    for (size_t i = 0; samples[i] && all; i++)
        all = ss_regex_test(regex, ss_bytes_str(samples[i])) == 1;
    ss_regex_free(regex);
    return all;
}

static int find_too_wide(char out[160], const char *what,
                         const char *const *patterns, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int rc = matches_all(patterns[i]);

        if (rc > 0)
            snprintf(out, 160, "too wide: '%.60s' of its %s matches everything",
                     patterns[i], what);
        if (rc)
            return rc;
    }
    return 0;
}

static int is_commit(const char *id)
{
    size_t len = strspn(id, "0123456789abcdef");

    return !id[len] && (len == 40 || len == 64);
}

static int find_short_commit(char out[160], const ss_allowlist *list)
{
    for (size_t i = 0; i < list->n_commits; i++) {
        if (is_commit(list->commits[i]))
            continue;
        snprintf(out, 160,
                 "dead: '%.70s' is no commit: give all of its 40 hex digits",
                 list->commits[i]);
        return 1;
    }
    return 0;
}

static int find_stopword(char out[160], const ss_allowlist *list,
                         const ss_rule *rule)
{
    for (size_t i = 0; i < list->n_stopwords; i++) {
        const char *word = list->stopwords[i];

        if (!*word)
            snprintf(out, 160,
                     "too wide: an empty stopword is in every secret");
        else if (rule && rule->regex && strlen(word) > rule->width)
            snprintf(out, 160,
                     "dead: '%.60s' is longer than any secret of the rule",
                     word);
        else
            continue;
        return 1;
    }
    return 0;
}

/* Expressions on the secret or the match that need more than there can be. */
static int find_too_long(char out[160], const ss_allowlist *list,
                         const ss_rule *rule, ss_arena *arena)
{
    if (!rule || !rule->regex || list->target == SS_TARGET_LINE)
        return 0;
    for (size_t i = 0; i < list->n_regexes; i++) {
        ss_shape shape;
        int rc = ss_shape_of(&shape, list->regexes[i], 0, arena, NULL);

        if (rc == SECSCAN_ERR_NOMEM)
            return rc;
        if (rc || shape.min_width <= rule->width)
            continue;
        snprintf(out, 160, "dead: '%.60s' is longer than any match of the rule",
                 list->regexes[i]);
        return 1;
    }
    return 0;
}

int ss_dead_find(char out[160], const ss_allowlist *list, const ss_rule *rule,
                 ss_arena *arena)
{
    int rc = find_short_commit(out, list);

    if (!rc)
        rc = find_stopword(out, list, rule);
    if (!rc)
        rc = find_too_long(out, list, rule, arena);
    if (rc || list->is_and) /* the other criteria narrow it */
        return rc;
    rc = find_too_wide(out, "regexes", list->regexes, list->n_regexes);
    return rc ? rc : find_too_wide(out, "paths", list->paths, list->n_paths);
}
