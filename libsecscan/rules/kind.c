/*
 * kind.c: the table of the words that kinds are named by.
 */
#include "rules/kind.h"

#include <stdlib.h>

/* A word of one kind, on its way to the table. */
typedef struct entry {
    const char *text;
    uint16_t kind;
    uint8_t is_phrase;
} entry;

/* ---- the table ---- */

static size_t count_entries(const ss_rule_set *set)
{
    size_t n = 0;

    for (size_t i = 0; i < set->n_rules; i++)
        n += set->rules[i]->n_near;
    return n;
}

/* The word, a phrase without its spaces; returns its length. */
static size_t join_word(char out[SS_MAX_KIND_WORD + 1], const char *word)
{
    size_t len = 0;

    for (; *word; word++) {
        if (*word != ' ')
            out[len++] = *word;
    }
    out[len] = '\0';
    return len;
}

static int add_entry(entry *out, const char *word, size_t kind, ss_arena *arena)
{
    char text[SS_MAX_KIND_WORD + 1];
    size_t len = join_word(text, word);

    *out = (entry){ss_arena_str(arena, text, len), (uint16_t)kind,
                   strchr(word, ' ') != NULL};
    return out->text ? 0 : -1;
}

static int add_entries(const ss_rule_set *set, entry *out, ss_arena *arena)
{
    for (size_t i = 0; i < set->n_rules; i++) {
        const ss_rule *rule = set->rules[i];

        for (size_t k = 0; k < rule->n_near; k++) {
            if (add_entry(out++, rule->near[k], i, arena))
                return -1;
        }
    }
    return 0;
}

static int by_text(const void *pa, const void *pb)
{
    const entry *a = pa;
    const entry *b = pb;
    int order = strcmp(a->text, b->text);

    return order ? order : (a->kind > b->kind) - (a->kind < b->kind);
}

/* Sorted entries to words, each with the kinds that have it. */
static size_t fill_words(ss_kind_word *words, uint16_t *kinds,
                         const entry *entries, size_t n)
{
    size_t n_words = 0;

    for (size_t i = 0; i < n; i++) {
        ss_kind_word *word;

        if (!i || strcmp(entries[i - 1].text, entries[i].text) != 0)
            words[n_words++] =
                (ss_kind_word){entries[i].text, (uint32_t)i, 0,
                               (uint8_t)strlen(entries[i].text), 0};
        word = &words[n_words - 1];
        word->n_kinds++;
        word->is_phrase |= entries[i].is_phrase;
        kinds[i] = entries[i].kind;
    }
    return n_words;
}

static void fill_starts(uint16_t *starts, const ss_kind_word *words, size_t n)
{
    size_t at = 0;

    for (unsigned pair = 0; pair < SS_KIND_PAIRS; pair++) {
        starts[pair] = (uint16_t)at;
        while (at < n && ss_kind_pair((uint8_t)words[at].text[0],
                                      (uint8_t)words[at].text[1]) == pair)
            at++;
    }
    starts[SS_KIND_PAIRS] = (uint16_t)at;
}

static void measure_values(const ss_rule_set *set, ss_kind_index *index)
{
    index->min_len = UINT32_MAX;
    for (size_t i = 0; i < set->n_rules; i++) {
        const ss_rule *rule = set->rules[i];

        if (!ss_rule_is_kind(rule))
            continue;
        if (rule->prefix_min < index->min_len)
            index->min_len = rule->prefix_min;
        if (rule->width > index->max_len)
            index->max_len = rule->width;
    }
}

/* Digits come before letters in a sorted table, behind them in the pairs. */
static int by_pair(const void *pa, const void *pb)
{
    const ss_kind_word *a = pa;
    const ss_kind_word *b = pb;
    unsigned x = ss_kind_pair((uint8_t)a->text[0], (uint8_t)a->text[1]);
    unsigned y = ss_kind_pair((uint8_t)b->text[0], (uint8_t)b->text[1]);

    return x != y ? (x > y) - (x < y) : strcmp(a->text, b->text);
}

int ss_kind_index_make(ss_rule_set *set, ss_arena *arena, secscan_error *err)
{
    size_t n = count_entries(set);
    entry *entries = ss_arena_alloc(arena, n * sizeof(*entries));
    ss_kind_word *words = ss_arena_alloc(arena, n * sizeof(*words));
    uint16_t *kinds = ss_arena_alloc(arena, n * sizeof(*kinds));
    uint16_t *starts =
        ss_arena_alloc(arena, (SS_KIND_PAIRS + 1) * sizeof(*starts));

    if (!entries || !words || !kinds || !starts ||
        add_entries(set, entries, arena))
        return ss_fail_nomem(err);
    qsort(entries, n, sizeof(*entries), by_text);
    set->kinds.n_words = fill_words(words, kinds, entries, n);
    if (set->kinds.n_words > UINT16_MAX)
        return ss_fail(err, SECSCAN_ERR_RULE, "too many words in 'near'");
    qsort(words, set->kinds.n_words, sizeof(*words), by_pair);
    fill_starts(starts, words, set->kinds.n_words);
    set->kinds.words = words;
    set->kinds.kinds = kinds;
    set->kinds.n_kinds = n;
    set->kinds.starts = starts;
    measure_values(set, &set->kinds);
    return 0;
}

/* ---- the rule of their values ---- */

int ss_kind_rule_make(ss_rule_set *set, ss_arena *arena, secscan_error *err)
{
    static const ss_rule rule = {.id = "~value",
                                 .description = "What words may name",
                                 .category = "generic",
                                 .grants = "",
                                 .advice = "",
                                 .prefix_min = SS_KIND_PREFIX,
                                 .prefix_max = SS_KIND_PREFIX,
                                 .before = 1,
                                 .after = SS_KIND_TAIL + 3,
                                 .is_builtin = 1,
                                 .is_carrier = 1,
                                 .is_hidden = 1,
                                 .is_value = 1};
    ss_rule *own = ss_arena_copy(arena, &rule, sizeof(rule));

    if (!own)
        return ss_fail_nomem(err);
    own->width = set->kinds.max_len + 1;
    set->kinds.rule = (uint32_t)set->n_rules;
    set->rules[set->n_rules++] = own;
    set->n_hidden++;
    return 0;
}
