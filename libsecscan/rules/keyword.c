/*
 * keyword.c: follow what a pattern's tree surely spells, and look for the
 * keywords in it.
 */
#include "rules/keyword.h"

#include "rules/syntax.h"

#define MAX_RUN 64u

typedef struct speller {
    const char *const *keywords;
    size_t n;
    char run[MAX_RUN]; /* the letters that surely stand before here */
    size_t len;
    int found;
} speller;

/* The one character of a set, its case aside; -1 when there are several. */
static int letter_of(const ss_byte_set *set)
{
    int one = ss_byte_set_single(set);
    int letter = -1;

    if (one >= 0)
        return ss_lower((uint8_t)one);
    for (unsigned c = 0; c < 256; c++) {
        int lower = ss_lower((uint8_t)c);

        if (!ss_byte_set_has(set, c))
            continue;
        if (letter >= 0 && letter != lower)
            return -1;
        letter = lower;
    }
    return letter;
}

static void look_back(speller *s)
{
    for (size_t i = 0; i < s->n && !s->found; i++) {
        size_t len = strlen(s->keywords[i]);

        s->found = len <= s->len &&
                   !memcmp(s->run + s->len - len, s->keywords[i], len);
    }
}

static void spell(speller *s, int letter)
{
    if (letter < 0) {
        s->len = 0;
        return;
    }
    if (s->len == MAX_RUN) {
        memmove(s->run, s->run + 1, MAX_RUN - 1);
        s->len--;
    }
    s->run[s->len++] = (char)letter;
    look_back(s);
}

static void walk(speller *s, const ss_node *node);

/* All branches have to hold one, each by itself. */
static void walk_alt(speller *s, const ss_node *alt)
{
    int all = 1;

    for (const ss_node *n = alt->child; n && all; n = n->next) {
        speller own = *s;

        own.len = 0;
        own.found = 0;
        walk(&own, n);
        all = own.found;
    }
    s->found |= all;
    s->len = 0;
}

static void walk_repeat(speller *s, const ss_node *node)
{
    if (node->min == 1 && node->max == 1) {
        walk(s, node->child);
        return;
    }
    s->len = 0;
    if (node->min)
        walk(s, node->child);
    s->len = 0;
}

static void walk(speller *s, const ss_node *node)
{
    switch (node->kind) {
    case SS_NODE_SET:
        spell(s, letter_of(&node->set));
        return;
    case SS_NODE_SEQ:
    case SS_NODE_GROUP:
        for (const ss_node *n = node->child; n && !s->found; n = n->next)
            walk(s, n);
        return;
    case SS_NODE_ALT:
        walk_alt(s, node);
        return;
    case SS_NODE_REPEAT:
        walk_repeat(s, node);
        return;
    default: /* no width: look-around, edges */
        return;
    }
}

int ss_keyword_is_sure(const char *pattern, const char *const *keywords,
                       size_t n, ss_arena *arena, secscan_error *err)
{
    speller s = {.keywords = keywords, .n = n};
    ss_syntax syntax;
    int rc = ss_syntax_parse(&syntax, pattern, 0, arena, err);

    if (rc)
        return rc;
    walk(&s, syntax.root);
    return s.found;
}
