/*
 * completeness.c: does each built-in rule say all that a person needs, and how
 * many kinds of credentials are there?
 *
 *     secscan-completeness MIN_KINDS MAX_INCOMPLETE
 *
 * Exits 1 with fewer kinds (rules and their aliases), or more rules that lack
 * something. Both numbers only ever move one way.
 */
#include "rules/rule.h"

#include <secscan.h>

#include <stdio.h>
#include <stdlib.h>

typedef struct lack {
    const char *what;
    int (*is_lacking)(const ss_rule *rule);
} lack;

static int is_empty(const char *s)
{
    return !s || !*s;
}

static int lacks_description(const ss_rule *rule)
{
    return is_empty(rule->description);
}

static int lacks_category(const ss_rule *rule)
{
    return is_empty(rule->category);
}

static int lacks_grants(const ss_rule *rule)
{
    return is_empty(rule->grants);
}

static int lacks_advice(const ss_rule *rule)
{
    return is_empty(rule->advice);
}

static int lacks_reference(const ss_rule *rule)
{
    return rule->n_references == 0;
}

static int lacks_match(const ss_rule *rule)
{
    return rule->n_match < 2 && !rule->is_reader;
}

static int lacks_reject(const ss_rule *rule)
{
    return rule->n_reject < 2 && !rule->is_reader;
}

static const lack lacks[] = {
    {"description", lacks_description}, {"category", lacks_category},
    {"grants", lacks_grants},           {"advice", lacks_advice},
    {"a reference", lacks_reference},   {"two in match", lacks_match},
    {"two in reject", lacks_reject},
};

/* Says what is missing; 1 when something is. */
static int is_incomplete(const ss_rule *rule)
{
    int n = 0;

    for (size_t i = 0; i < sizeof(lacks) / sizeof(*lacks); i++) {
        if (!lacks[i].is_lacking(rule))
            continue;
        if (n++ == 0)
            printf("%s: lacks ", rule->id);
        else
            fputs(", ", stdout);
        fputs(lacks[i].what, stdout);
    }
    if (n)
        putchar('\n');
    return n > 0;
}

int main(int argc, char **argv)
{
    secscan_rules *rules = NULL;
    const ss_rule_set *set;
    size_t n_kinds = 0, n_incomplete = 0;
    size_t min_kinds, max_incomplete;

    if (argc != 3 || secscan_rules_load(&rules, NULL, 0, NULL, NULL))
        return 2;
    min_kinds = strtoul(argv[1], NULL, 10);
    max_incomplete = strtoul(argv[2], NULL, 10);
    set = ss_rules_set(rules);
    for (size_t i = 0; i < ss_rule_set_count(set); i++) {
        n_kinds += 1u + set->rules[i]->n_aliases;
        n_incomplete += (size_t)is_incomplete(set->rules[i]);
    }
    printf("%zu rules, %zu kinds (at least %zu), %zu incomplete (at most "
           "%zu)\n",
           ss_rule_set_count(set), n_kinds, min_kinds, n_incomplete,
           max_incomplete);
    secscan_rules_free(rules);
    return n_kinds < min_kinds || n_incomplete > max_incomplete;
}
