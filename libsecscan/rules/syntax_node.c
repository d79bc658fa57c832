/*
 * syntax_node.c: the nodes of a pattern's tree, and widths that do not wrap.
 */
#include "rules/syntax_parser.h"

uint32_t ss_width_add(uint32_t a, uint32_t b)
{
    return b > UINT32_MAX - a ? UINT32_MAX : a + b;
}

uint32_t ss_width_mul(uint32_t a, uint32_t n)
{
    uint64_t product = (uint64_t)a * n;

    if (a == 0 || n == 0)
        return 0;
    if (a == UINT32_MAX || n == UINT32_MAX || product > UINT32_MAX)
        return UINT32_MAX;
    return (uint32_t)product;
}

int ss_syntax_node(ss_syntax_parser *p, ss_node **out, ss_node_kind kind,
                   size_t at)
{
    ss_node *node = ss_arena_alloc(p->arena, sizeof(*node));

    if (!node)
        return ss_fail_nomem(p->scan.err);
    memset(node, 0, sizeof(*node));
    node->kind = kind;
    node->at = (uint32_t)at;
    *out = node;
    return 0;
}

int ss_syntax_set(ss_syntax_parser *p, ss_node **out, const ss_byte_set *set,
                  size_t at)
{
    int rc = ss_syntax_node(p, out, SS_NODE_SET, at);

    if (rc)
        return rc;
    (*out)->set = *set;
    (*out)->width_min = (*out)->width_max = 1;
    (*out)->is_caseless = p->now.caseless;
    return 0;
}

int ss_syntax_byte(ss_syntax_parser *p, ss_node **out, uint8_t c, size_t at)
{
    ss_byte_set set = {{0}};

    ss_byte_set_add(&set, c);
    if (p->now.caseless)
        ss_byte_set_fold(&set);
    return ss_syntax_set(p, out, &set, at);
}

int ss_syntax_dot(ss_syntax_parser *p, ss_node **out, size_t at)
{
    ss_byte_set set;

    ss_byte_set_all(&set);
    if (!p->now.dotall)
        set.bits[0] &= ~((uint64_t)1 << '\n');
    return ss_syntax_set(p, out, &set, at);
}

/* A node around a child, `min` to `max` times. */
int ss_syntax_repeat(ss_syntax_parser *p, ss_node **out, ss_node *child,
                     uint32_t min, uint32_t max, size_t at)
{
    int rc = ss_syntax_node(p, out, SS_NODE_REPEAT, at);

    if (rc)
        return rc;
    (*out)->child = child;
    (*out)->min = min;
    (*out)->max = max;
    (*out)->width_min = ss_width_mul(child->width_min, min);
    (*out)->width_max = ss_width_mul(child->width_max, max);
    return 0;
}

int ss_syntax_edge(ss_syntax_parser *p, ss_node **out, ss_node_kind kind,
                   uint8_t c, size_t at)
{
    int rc = ss_syntax_node(p, out, kind, at);

    if (rc)
        return rc;
    (*out)->is_negated = c == 'B';
    return 0;
}
