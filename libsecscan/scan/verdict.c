/*
 * verdict.c: the score of a value of no known format.
 */
#include "scan/verdict.h"

#include "scan/facts.h"

#include <stdio.h>

/* Of a tree in preorder: the branch of what is at most `at_most` follows its
 * node, the other one begins `right` nodes behind it. */
typedef struct ss_tree_node {
    int16_t at_most;
    int16_t value; /* thousandths; of an inner node, what its leaves come to */
    uint8_t fact;
    uint8_t right; /* 0: a leaf */
} ss_tree_node;

/* tools/verdict/cross-validate puts others in its place. */
#ifndef SS_VERDICT_TABLE
#define SS_VERDICT_TABLE "scan/verdict_table.h"
#endif
#include SS_VERDICT_TABLE

#define N_OF(table) (sizeof(table) / sizeof((table)[0]))

#define MIN_LEN 5
#define MAX_LEN 998 /* facts count no further */
#define MIN_DIGEST 16
#define MIN_COMPARED 16
#define MIN_KEY 12
#define PROMISES_KEY 1
#define PROMISES_TOKEN 2
#define PROMISES_PASSWORD 3
#define CHOSEN_SCORE 60u
#define N_TOLD 3u

/* What the name says it is not. */
static int is_named_otherwise(const ss_facts *f)
{
    return f->at[SS_FACT_NAME_IS_ABOUT] || f->at[SS_FACT_NAME_IS_PUBLIC] ||
           (f->at[SS_FACT_NAME_IS_HARMLESS] &&
            f->at[SS_FACT_NAME_PROMISE] != PROMISES_PASSWORD);
}

/* What the value itself says it is not. */
static int is_something_else(const ss_facts *f)
{
    return f->at[SS_FACT_IS_KNOWN_FORM] || f->at[SS_FACT_IS_WORDY_BASE64] ||
           f->at[SS_FACT_IS_CODE] || f->at[SS_FACT_FOREIGN] ||
           f->at[SS_FACT_IS_NUMBER] || f->at[SS_FACT_SPACES] > 1 ||
           f->at[SS_FACT_IS_NAME_AGAIN] == SS_NAME_ITSELF ||
           (f->at[SS_FACT_IS_LABEL] && !f->at[SS_FACT_DIGITS] &&
            (f->at[SS_FACT_DASHES] || f->at[SS_FACT_UNDERSCORES])) ||
           (f->at[SS_FACT_IS_HEX] && f->at[SS_FACT_LINE_DIGEST] &&
            f->at[SS_FACT_LEN] >= MIN_DIGEST);
}

/* A bare constant, and the type of a parameter: key: Name<...>. */
static int is_bare_name(const ss_facts *f)
{
    return !f->at[SS_FACT_QUOTE] &&
           (f->at[SS_FACT_IS_CONSTANT] ||
            (f->at[SS_FACT_OPERATOR] == SS_OPERATOR_COLON &&
             f->at[SS_FACT_BYTE_AFTER] == SS_AFTER_ANGLE));
}

static int best_promise(const ss_facts *f)
{
    int best = f->at[SS_FACT_NAME_PROMISE];

    if (f->at[SS_FACT_NAME_IS_KEY] && f->at[SS_FACT_NAME_HAS_KEY_WORD])
        return PROMISES_TOKEN;
    if (f->at[SS_FACT_OWNER_PROMISE] > best)
        best = f->at[SS_FACT_OWNER_PROMISE];
    return f->at[SS_FACT_CALL_PROMISE] > best ? f->at[SS_FACT_CALL_PROMISE]
                                              : best;
}

/* "key" alone is mostly the key of a map, and what is compared with a name is
 * mostly a name: both take a value that nobody would choose as one. */
static int is_weak_for_its_name(const ss_facts *f)
{
    if (f->at[SS_FACT_OPERATOR] == SS_OPERATOR_COMPARE)
        return f->at[SS_FACT_LEN] < MIN_COMPARED;
    return best_promise(f) <= PROMISES_KEY &&
           (f->at[SS_FACT_LEN] < MIN_KEY || !f->at[SS_FACT_DIGITS]);
}

static int cannot_be(const ss_facts *f)
{
    return f->at[SS_FACT_LEN] < MIN_LEN || f->at[SS_FACT_LEN] > MAX_LEN ||
           is_named_otherwise(f) || is_something_else(f) || is_bare_name(f) ||
           is_weak_for_its_name(f);
}

int ss_is_possible(ss_bytes line, size_t value_at, size_t value_len)
{
    ss_facts facts;

    ss_facts_begin(&facts, line, value_at, value_len);
    return !cannot_be(&facts);
}

/* What people choose: no letter of it is odd, and nothing tells it from a name
 * but that a password is asked for. */
static int is_chosen(const ss_facts *f)
{
    return f->at[SS_FACT_IS_WORD_AND_NUMBER] && !f->at[SS_FACT_IS_LABEL] &&
           !f->at[SS_FACT_IS_NAME_AGAIN] &&
           f->at[SS_FACT_NAME_PROMISE] == PROMISES_PASSWORD &&
           f->at[SS_FACT_OPERATOR] >= 1 && f->at[SS_FACT_OPERATOR] <= 2;
}

/* ---- the trees -------------------------------------------------------------
 */

static const ss_tree_node *next_node(const ss_tree_node *node,
                                     const ss_facts *f)
{
    return f->at[node->fact] <= node->at_most ? node + 1 : node + node->right;
}

static int margin_of(const ss_facts *f)
{
    int margin = verdict_base;

    for (size_t i = 0; i < N_OF(verdict_trees); i++) {
        const ss_tree_node *node = &verdict_nodes[verdict_trees[i]];

        while (node->right)
            node = next_node(node, f);
        margin += node->value;
    }
    return margin;
}

/* ---- why -------------------------------------------------------------------
 */

/* What each fact moved the margin by, along the paths that were taken. */
static void weigh(int weights[SS_N_FACTS], const ss_facts *f)
{
    for (size_t i = 0; i < N_OF(verdict_trees); i++) {
        const ss_tree_node *node = &verdict_nodes[verdict_trees[i]];

        while (node->right) {
            const ss_tree_node *next = next_node(node, f);

            weights[node->fact] += next->value - node->value;
            node = next;
        }
    }
}

/* The heaviest fact that can be told; it and those that are told alike are
 * taken out. NULL: none speaks for it. */
static const char *take_heaviest(int weights[SS_N_FACTS])
{
    const char *best = NULL;
    int weight = 0;

    for (ss_fact i = 0; i < SS_N_FACTS; i++) {
        if (weights[i] > weight && ss_fact_told(i)) {
            weight = weights[i];
            best = ss_fact_told(i);
        }
    }
    for (ss_fact i = 0; best && i < SS_N_FACTS; i++) {
        if (ss_fact_told(i) && !strcmp(ss_fact_told(i), best))
            weights[i] = 0;
    }
    return best;
}

static void tell(char out[SS_TOLD_LEN], const ss_facts *facts)
{
    int weights[SS_N_FACTS] = {0};
    size_t len = 0;

    weigh(weights, facts);
    out[0] = 0;
    for (unsigned i = 0; i < N_TOLD; i++) {
        const char *told = take_heaviest(weights);
        size_t room = SS_TOLD_LEN - len;

        if (!told || strlen(told) + 3 > room)
            return;
        len += (size_t)snprintf(out + len, room, "%s%s", i ? "; " : "", told);
    }
}

unsigned ss_score(ss_bytes line, size_t value_at, size_t value_len,
                  char told[SS_TOLD_LEN])
{
    ss_facts facts;
    int margin;
    unsigned score = 0;

    if (told)
        told[0] = 0;
    ss_facts_begin(&facts, line, value_at, value_len);
    if (cannot_be(&facts))
        return 0;
    ss_facts_finish(&facts);
    margin = margin_of(&facts);
    while (score < N_OF(verdict_margins) && margin >= verdict_margins[score])
        score++;
    if (score < CHOSEN_SCORE && is_chosen(&facts))
        score = CHOSEN_SCORE;
    if (told)
        tell(told, &facts);
    return score;
}
