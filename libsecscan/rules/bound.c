/*
 * bound.c: share the widest match there may be among a pattern's repeats
 * without a bound, and write them as {n,m}. Those in front of the first thing
 * that is literal get little: a match's start is looked for that far before it.
 */
#include "rules/bound.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/vec.h"
#include "rules/rule.h"
#include "rules/shape.h"
#include "rules/syntax.h"

#include <stdlib.h>

#define MAX_TEXT ((size_t)1 << 20)
#define MAX_REPEAT 65535u /* PCRE2's */
#define LEAD 256u         /* bytes in front of the first literal */
#define NESTED 32u        /* of a repeat with others without bound in it */
#define LEAST_GROUP 8u    /* repeats of a group, however large */
#define MAX_GROUP_CODE                                                         \
    8192u /* PCRE2 writes a group out as often as it may be */

typedef struct edit {
    uint32_t at, min, max;
} edit;

typedef struct bounder {
    const char *text;
    SS_VEC(edit) edits;
    int no_memory;
} bounder;

/* ---- what a pattern holds ---- */

static int is_literal(const ss_byte_set *set)
{
    unsigned n = 0, letters = 0;

    for (unsigned c = 0; c < 256; c++) {
        n += (unsigned)ss_byte_set_has(set, c);
        letters +=
            (unsigned)(ss_is_alpha((uint8_t)c) && c < 'a' &&
                       ss_byte_set_has(set, c) && ss_byte_set_has(set, c + 32));
    }
    return n == 1 || (n == 2 && letters == 1);
}

/* Does every match hold something literal of it? */
static int holds_literal(const ss_node *node)
{
    int all = 1, any = 0;

    switch (node->kind) {
    case SS_NODE_SET:
        return is_literal(&node->set);
    case SS_NODE_REPEAT:
        return node->min > 0 && holds_literal(node->child);
    case SS_NODE_SEQ:
    case SS_NODE_GROUP:
    case SS_NODE_ALT:
        break;
    default:
        return 0;
    }
    for (const ss_node *n = node->child; n; n = n->next) {
        int is = holds_literal(n);

        all &= is;
        any |= is;
    }
    return node->kind == SS_NODE_ALT ? all && any : any;
}

/* About how many bytes PCRE2 makes of it. */
static uint32_t code_of(const ss_node *node)
{
    uint32_t code =
        node->kind == SS_NODE_SET ? (is_literal(&node->set) ? 2u : 34u) : 8u;

    for (const ss_node *n = node->child; n; n = n->next)
        code = ss_width_add(code, code_of(n));
    if (node->kind == SS_NODE_REPEAT && node->child->kind != SS_NODE_SET &&
        node->max != SS_REPEAT_FOREVER)
        code = ss_width_mul(code, node->max ? node->max : 1);
    return code;
}

static int is_unbounded(const ss_node *node)
{
    return node->width_max == SS_WIDTH_UNBOUNDED;
}

/* ---- sharing ---- */

static void bound(bounder *b, const ss_node *node, uint32_t budget,
                  int is_front);

/* The first child that is literal: what stands before it is in front. */
static const ss_node *first_literal(const ss_node *seq)
{
    const ss_node *n = seq->child;

    while (n && !holds_literal(n))
        n = n->next;
    return n;
}

/* What the unbounded ones of [from, to) have of `budget`, each. */
static uint32_t share(const ss_node *from, const ss_node *to, uint32_t budget)
{
    uint32_t n_open = 0, fixed = 0;

    for (const ss_node *n = from; n != to; n = n->next) {
        if (is_unbounded(n))
            n_open++;
        else
            fixed = ss_width_add(fixed, n->width_max);
    }
    if (!n_open)
        return 0;
    return fixed < budget ? (budget - fixed) / n_open : 1;
}

static void bound_seq(bounder *b, const ss_node *seq, uint32_t budget,
                      int is_front)
{
    const ss_node *literal = is_front ? first_literal(seq) : NULL;
    uint32_t lead = LEAD < budget / 2 ? LEAD : budget / 2;
    uint32_t each = share(seq->child, literal, literal ? lead : budget);

    for (const ss_node *n = seq->child; n != literal; n = n->next)
        bound(b, n, each, is_front);
    if (!literal)
        return;
    each = share(literal, NULL, budget - lead);
    bound(b, literal, each, 1);
    for (const ss_node *n = literal->next; n; n = n->next)
        bound(b, n, each, 0);
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static void bound_forever(bounder *b, const ss_node *node, uint32_t budget,
                          int is_front)
{
    const ss_node *child = node->child;
    uint32_t width = child->width_max ? child->width_max : 1;
    uint32_t max = budget / width, most;
    edit e = {node->at, node->min, 0};

    if (is_unbounded(child)) {
        max = smaller(NESTED, budget);
        bound(b, child, budget / (max ? max : 1), is_front);
    }
    most = MAX_GROUP_CODE / code_of(child);
    if (child->kind != SS_NODE_SET)
        max = smaller(max, most > LEAST_GROUP ? most : LEAST_GROUP);
    e.max = smaller(max > node->min ? max : node->min, MAX_REPEAT);
    e.max = e.max ? e.max : 1;
    /* A back-reference is a repeat in the tree and none in the text. */
    if (strchr("*+{", b->text[node->at]) && SS_VEC_PUSH(&b->edits, e))
        b->no_memory = 1;
}

static void bound(bounder *b, const ss_node *node, uint32_t budget,
                  int is_front)
{
    if (!is_unbounded(node) && node->kind != SS_NODE_AHEAD)
        return;
    if (node->kind == SS_NODE_SEQ) {
        bound_seq(b, node, budget, is_front);
        return;
    }
    if (node->kind == SS_NODE_REPEAT && node->max == SS_REPEAT_FOREVER) {
        bound_forever(b, node, budget, is_front);
        return;
    }
    if (node->kind == SS_NODE_REPEAT)
        budget /= node->max ? node->max : 1;
    if (node->kind == SS_NODE_AHEAD)
        budget = SS_MAX_AFTER / 2;
    for (const ss_node *n = node->child; n; n = n->next)
        bound(b, n, budget, is_front);
}

/* ---- the text ---- */

static int by_place(const void *pa, const void *pb)
{
    const edit *a = pa, *b = pb;

    return (a->at > b->at) - (a->at < b->at);
}

static int rewrite(bounder *b, const char **out, ss_arena *arena,
                   secscan_error *err)
{
    ss_buf text = SS_BUF_INIT(MAX_TEXT);
    size_t at = 0;
    int rc = 0;

    qsort(b->edits.at, b->edits.len, sizeof(*b->edits.at), by_place);
    for (size_t i = 0; i < b->edits.len; i++) {
        edit e = b->edits.at[i];

        (void)ss_buf_add(&text, b->text + at, e.at - at);
        (void)ss_buf_printf(&text, "{%u,%u}", e.min, e.max);
        at = e.at + (b->text[e.at] == '{' ? strcspn(b->text + e.at, "}") : 0);
        at++;
    }
    (void)ss_buf_puts(&text, b->text + at);
    if (text.failed)
        rc = ss_fail_nomem(err);
    else
        *out = ss_arena_str(arena, (const char *)text.data, text.len);
    ss_buf_release(&text);
    return rc || *out ? rc : ss_fail_nomem(err);
}

int ss_bound_repeats(const char **out, const char *pattern, ss_arena *arena,
                     secscan_error *err)
{
    bounder b = {.text = pattern};
    ss_syntax syntax;
    int rc = ss_syntax_parse(&syntax, pattern, 0, arena, err);

    *out = pattern;
    if (rc)
        return rc;
    bound(&b, syntax.root, SS_MAX_WIDTH, 1);
    if (b.no_memory)
        rc = ss_fail_nomem(err);
    else if (b.edits.len)
        rc = rewrite(&b, out, arena, err);
    SS_VEC_RELEASE(&b.edits);
    return rc;
}
