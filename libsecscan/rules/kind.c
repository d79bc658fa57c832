/*
 * kind.c: the table of the words that kinds are named by, and the pattern that
 * looks for them.
 */
#include "rules/kind.h"

#include "base/buf.h"

#include <stdlib.h>

#define MAX_PATTERN ((size_t)8 << 20)
#define NEAR_ID "~near"
#define NEAR_SPECIFICITY 1u

/* A word of one kind, on its way to the table. */
typedef struct entry {
    const char *text;
    uint16_t kind;
    uint8_t is_phrase;
} entry;

/* clang-format off */
/* Vendors named by a word that source code is full of: such a word names a
 * value that something else found, but is not looked for by itself. Counted in
 * 400 MB of source of ten languages: more than 12 in a MB. */
static const char *const frequent[] = {
    "access", "account", "amazon", "apache", "apple", "atlas", "azure",
    "bearer", "build", "button", "buffer", "bundle", "canvas", "chart",
    "client", "close", "cloud", "column", "confluence", "consumer", "custom",
    "direct", "discord", "docker", "elastic", "envoy", "event", "facebook",
    "flask", "float", "front", "github", "gitlab", "google", "graph",
    "guardian", "holistic", "hunter", "instantly", "integration", "jenkins",
    "linear", "magnetic", "master", "mattermost", "moderation", "mongodb",
    "nimble", "password", "polygon", "private", "privacy", "prospect",
    "protocols", "python", "quote", "refiner", "secret", "segment", "sheet",
    "slack", "square", "stage", "stripe", "token", "travis", "twitter",
    "unseal", "userflow",
};
/* clang-format on */

unsigned ss_kind_pair(uint8_t first, uint8_t second)
{
    unsigned a = ss_is_digit(first) ? 26u + first - '0' : 0u + first - 'a';
    unsigned b = ss_is_digit(second) ? 26u + second - '0' : 0u + second - 'a';

    return a < 36 && b < 36 ? a * 36 + b : SS_KIND_PAIRS;
}

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

/* ---- what is looked for ---- */

static int is_frequent(const char *word)
{
    for (size_t i = 0; i < sizeof(frequent) / sizeof(frequent[0]); i++) {
        if (strcmp(word, frequent[i]) == 0)
            return 1;
    }
    return 0;
}

/* The word without the spaces of a phrase is what counts. */
static int is_looked_for(const char *word)
{
    char text[SS_MAX_KIND_WORD + 1];
    size_t len = join_word(text, word);

    return len >= SS_KIND_LONG_WORD && !is_frequent(text);
}

/* The word, and a phrase in each way to write one: "new relic" is newrelic, new
 * relic, new_relic ... Literals alone: what is optional would cut them short.
 */
static void put_word(ss_buf *out, const char *word)
{
    static const char *const gaps[] = {"", " ", "_", "-", "\\."};
    size_t n_gaps = strchr(word, ' ') ? sizeof(gaps) / sizeof(gaps[0]) : 1;

    for (size_t i = 0; i < n_gaps; i++) {
        (void)ss_buf_putc(out, '|');
        for (const char *s = word; *s; s++) {
            if (*s == ' ')
                (void)ss_buf_puts(out, gaps[i]);
            else
                (void)ss_buf_putc(out, *s);
        }
    }
}

static int by_string(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All words that are looked for, once each; returns how many. */
static size_t list_words(const char **out, const ss_rule_set *set)
{
    size_t n = 0, kept = 0;

    for (size_t i = 0; i < set->n_rules; i++) {
        for (size_t k = 0; k < set->rules[i]->n_near; k++) {
            if (is_looked_for(set->rules[i]->near[k]))
                out[n++] = set->rules[i]->near[k];
        }
    }
    qsort(out, n, sizeof(*out), by_string);
    for (size_t i = 0; i < n; i++) {
        if (!kept || strcmp(out[kept - 1], out[i]) != 0)
            out[kept++] = out[i];
    }
    return kept;
}

static const char *pattern_of(const char *const *words, size_t n,
                              ss_arena *arena)
{
    ss_buf text = SS_BUF_INIT(MAX_PATTERN);
    const char *pattern = NULL;

    for (size_t i = 0; i < n; i++)
        put_word(&text, words[i]);
    if (!text.failed) { /* the first bar gives way to the group */
        ss_buf whole = SS_BUF_INIT(MAX_PATTERN);

        ss_buf_printf(&whole, "(?i)(?:%.*s)", (int)text.len - 1,
                      (const char *)text.data + 1);
        if (!whole.failed)
            pattern = ss_arena_str(arena, (const char *)whole.data, whole.len);
        ss_buf_release(&whole);
    }
    ss_buf_release(&text);
    return pattern;
}

static void fill_rule(ss_rule *rule, const char *pattern,
                      const ss_kind_index *index)
{
    *rule = (ss_rule){.id = NEAR_ID,
                      .description = "Words that values are named by",
                      .category = "generic",
                      .grants = "",
                      .advice = "",
                      .regex = pattern,
                      .prefilter = pattern,
                      .prefix_min = SS_KIND_LONG_WORD,
                      .prefix_max = SS_MAX_KIND_WORD,
                      .before = SS_NEAR_REACH + SS_MAX_KIND_WORD,
                      .width = SS_NEAR_REACH + index->max_len,
                      .specificity = NEAR_SPECIFICITY,
                      .is_carrier = 1,
                      .is_hidden = 1,
                      .is_near = 1};
}

int ss_kind_rule_make(const ss_rule **out, const ss_rule_set *set,
                      ss_arena *arena, secscan_error *err)
{
    const char **words =
        ss_arena_alloc(arena, set->kinds.n_kinds * sizeof(*words));
    ss_rule *rule = ss_arena_alloc(arena, sizeof(*rule));
    const char *pattern;
    size_t n;

    *out = NULL;
    if (!words || !rule)
        return ss_fail_nomem(err);
    n = list_words(words, set);
    if (n == 0)
        return 0;
    pattern = pattern_of(words, n, arena);
    if (!pattern)
        return ss_fail_nomem(err);
    fill_rule(rule, pattern, &set->kinds);
    *out = rule;
    return 0;
}
