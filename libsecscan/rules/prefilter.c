/*
 * prefilter.c: copy a pattern's tree without what Hyperscan cannot or need not
 * see, cut it to a width, trim its edges, print it.
 *
 * Every step only widens: a look-around dropped, a tail dropped, a repeat at
 * the tail cut to its minimum (one end instead of many). What is dropped at the
 * front stays in the widths, so that a match's start can still be found.
 */
#include "rules/prefilter.h"

#include "base/buf.h"

#define MAX_TEXT ((size_t)256 << 10)

/* Hyperscan spells out what it can, "key" and 0 to 4 blanks and a colon as 31
 * literals; a longer run it leaves to an automaton behind one literal. */
#define LOOSE_RUN 8u
/* Behind a longer run at the end it forgets the literals in front of it. */
#define MAX_END_RUN 24u

typedef struct cutter {
    ss_arena *arena;
    int is_cut; /* the width ran out: nothing more behind this */
    int no_memory;
} cutter;

static ss_node *copy_node(cutter *c, const ss_node *node, ss_node_kind kind)
{
    ss_node *copy = ss_arena_copy(c->arena, node, sizeof(*node));

    if (!copy) {
        c->no_memory = 1;
        c->is_cut = 1;
        return NULL;
    }
    copy->kind = kind;
    copy->next = NULL;
    return copy;
}

static ss_node *copy_empty(cutter *c, const ss_node *node)
{
    ss_node *copy = copy_node(c, node, SS_NODE_SEQ);

    if (copy) {
        copy->child = NULL;
        copy->width_min = copy->width_max = 0;
    }
    return copy;
}

static ss_node *cut(cutter *c, const ss_node *node, uint32_t budget);

static ss_node *cut_seq(cutter *c, const ss_node *node, uint32_t budget)
{
    ss_node *copy = copy_empty(c, node);
    ss_node **tail = copy ? &copy->child : NULL;

    for (const ss_node *n = node->child; n && !c->is_cut; n = n->next) {
        ss_node *item = cut(c, n, budget - copy->width_max);

        if (!item)
            return NULL;
        *tail = item;
        tail = &item->next;
        copy->width_min = ss_width_add(copy->width_min, item->width_min);
        copy->width_max += item->width_max;
    }
    return copy;
}

static ss_node *cut_alt(cutter *c, const ss_node *node, uint32_t budget)
{
    ss_node *copy = copy_empty(c, node);
    ss_node **tail = copy ? &copy->child : NULL;
    int any_cut = 0;

    if (!copy)
        return NULL;
    copy->kind = SS_NODE_ALT;
    copy->width_min = UINT32_MAX;
    for (const ss_node *n = node->child; n; n = n->next) {
        ss_node *branch;

        c->is_cut = 0;
        branch = cut(c, n, budget);
        if (!branch)
            return NULL;
        any_cut |= c->is_cut;
        *tail = branch;
        tail = &branch->next;
        if (branch->width_min < copy->width_min)
            copy->width_min = branch->width_min;
        if (branch->width_max > copy->width_max)
            copy->width_max = branch->width_max;
    }
    c->is_cut = any_cut;
    return copy;
}

static ss_node *repeat_of(cutter *c, const ss_node *node, ss_node *child,
                          uint32_t min, uint32_t max)
{
    ss_node *copy = copy_node(c, node, SS_NODE_REPEAT);

    if (!copy || !child)
        return NULL;
    copy->child = child;
    copy->min = min;
    copy->max = max;
    copy->width_min = ss_width_mul(child->width_min, min);
    copy->width_max = ss_width_mul(child->width_max, max);
    return copy;
}

static uint32_t loose_max(const ss_node *node, uint32_t budget)
{
    int is_run = node->child->kind == SS_NODE_SET &&
                 ss_byte_set_single(&node->child->set) < 0;

    if (is_run && node->max > node->min && node->max > 1 &&
        node->max < LOOSE_RUN && budget >= LOOSE_RUN)
        return LOOSE_RUN;
    return node->max;
}

static ss_node *cut_repeat(cutter *c, const ss_node *node, uint32_t budget)
{
    uint32_t one = node->child->width_max;
    uint32_t times;

    if (one == 0 || node->max == 0)
        return copy_empty(c, node);
    if (node->width_max <= budget)
        return repeat_of(c, node, cut(c, node->child, budget), node->min,
                         loose_max(node, budget));
    times = budget / one < node->min ? budget / one : node->min;
    if (times) {
        ss_node *child = cut(c, node->child, budget);

        c->is_cut = 1;
        return repeat_of(c, node, child, times, times);
    }
    if (node->min) {
        ss_node *child = cut(c, node->child, budget);

        c->is_cut = 1;
        return child;
    }
    c->is_cut = 1;
    return copy_empty(c, node);
}

/* A copy of at most `budget` bytes, without look-around and anchors. */
static ss_node *cut(cutter *c, const ss_node *node, uint32_t budget)
{
    switch (node->kind) {
    case SS_NODE_SET:
        if (budget)
            return copy_node(c, node, SS_NODE_SET);
        c->is_cut = 1;
        return copy_empty(c, node);
    case SS_NODE_SEQ:
        return cut_seq(c, node, budget);
    case SS_NODE_ALT:
        return cut_alt(c, node, budget);
    case SS_NODE_REPEAT:
        return cut_repeat(c, node, budget);
    case SS_NODE_GROUP:
        return cut(c, node->child, budget);
    case SS_NODE_WORD:
        return copy_node(c, node, SS_NODE_WORD);
    default:
        return copy_empty(c, node);
    }
}

/* ---- edges -------------------------------------------------------------- */

static ss_node **last_link(ss_node *seq)
{
    ss_node **link = &seq->child;

    while (*link && (*link)->next)
        link = &(*link)->next;
    return link;
}

/* Trim the tail in place. 0: nothing is left of the node. */
static int trim_tail(ss_node *node)
{
    int is_left = 1;

    switch (node->kind) {
    case SS_NODE_SET:
        return 1;
    case SS_NODE_SEQ:
        for (;;) {
            ss_node **last = last_link(node);

            if (!*last || trim_tail(*last))
                return *last != NULL;
            *last = NULL;
        }
    case SS_NODE_ALT:
        for (ss_node *n = node->child; n; n = n->next)
            is_left &= trim_tail(n);
        return is_left;
    case SS_NODE_REPEAT:
        if (node->min > MAX_END_RUN && node->child->kind == SS_NODE_SET)
            node->min = MAX_END_RUN;
        node->max = node->min;
        if (node->min == 1)
            return trim_tail(node->child);
        return node->min > 0;
    default:
        return 0;
    }
}

static void measure(ss_node *node)
{
    uint32_t min = 0, max = 0;

    if (node->kind == SS_NODE_SET || node->kind == SS_NODE_WORD)
        return;
    if (node->kind == SS_NODE_ALT)
        min = UINT32_MAX;
    for (ss_node *n = node->child; n; n = n->next) {
        measure(n);
        if (node->kind == SS_NODE_ALT) {
            min = n->width_min < min ? n->width_min : min;
            max = n->width_max > max ? n->width_max : max;
        } else {
            min = ss_width_add(min, n->width_min);
            max = ss_width_add(max, n->width_max);
        }
    }
    if (node->kind == SS_NODE_REPEAT) {
        min = ss_width_mul(min, node->min);
        max = ss_width_mul(max, node->max);
    }
    node->width_min = min;
    node->width_max = max;
}

/* Drop what is optional at the front: Hyperscan then starts at the first thing
 * that has to be there. The widths are already measured. */
static void trim_front(ss_node *node)
{
    switch (node->kind) {
    case SS_NODE_SEQ:
        while (node->child && node->child->width_min == 0)
            node->child = node->child->next;
        if (node->child)
            trim_front(node->child);
        return;
    case SS_NODE_ALT:
        for (ss_node *n = node->child; n; n = n->next)
            trim_front(n);
        return;
    case SS_NODE_REPEAT:
        node->max = node->min;
        if (node->min == 1)
            trim_front(node->child);
        return;
    default:
        return;
    }
}

/* ---- text --------------------------------------------------------------- */

typedef struct printer {
    ss_buf text;
    int is_caseless; /* the whole text stands behind (?i) */
} printer;

static int has_letter(const ss_byte_set *set)
{
    for (unsigned c = 'a'; c <= 'z'; c++) {
        if (ss_byte_set_has(set, c) || ss_byte_set_has(set, c - 32))
            return 1;
    }
    return 0;
}

/* Bit 0: a letter that has a case; bit 1: one whose case does not matter. */
static int case_kinds(const ss_node *node)
{
    int kinds = 0;

    if (node->kind == SS_NODE_SET)
        return has_letter(&node->set) ? (node->is_caseless ? 2 : 1) : 0;
    for (const ss_node *n = node->child; n; n = n->next)
        kinds |= case_kinds(n);
    return kinds;
}

static void print_byte(printer *p, unsigned c)
{
    if (ss_is_alnum((uint8_t)c) || c == '_')
        (void)ss_buf_putc(&p->text, (char)c);
    else if (c > ' ' && c < 127)
        (void)ss_buf_printf(&p->text, "\\%c", (char)c);
    else
        (void)ss_buf_printf(&p->text, "\\x%02x", c);
}

static void print_ranges(printer *p, const ss_byte_set *set, int wanted)
{
    unsigned c = 0;

    while (c < 256) {
        unsigned to = c;

        if (ss_byte_set_has(set, c) != wanted) {
            c++;
            continue;
        }
        while (to < 255 && ss_byte_set_has(set, to + 1) == wanted)
            to++;
        print_byte(p, c);
        if (to > c + 1)
            (void)ss_buf_putc(&p->text, '-');
        if (to > c)
            print_byte(p, to);
        c = to + 1;
    }
}

static unsigned count_bytes(const ss_byte_set *set)
{
    unsigned n = 0;

    for (size_t i = 0; i < 4; i++)
        n += (unsigned)__builtin_popcountll(set->bits[i]);
    return n;
}

static void print_set(printer *p, ss_byte_set set)
{
    unsigned n;
    int is_outside;

    if (p->is_caseless) {
        for (unsigned c = 'A'; c <= 'Z'; c++) {
            if (ss_byte_set_has(&set, c) && ss_byte_set_has(&set, c + 32))
                set.bits[1] &= ~((uint64_t)1 << (c & 63));
        }
    }
    n = count_bytes(&set);
    if (n == 1) {
        print_byte(p, (unsigned)ss_byte_set_single(&set));
        return;
    }
    /* Under (?i) a complement would take its letters' other case away. */
    is_outside = n > 128 && n < 256 && !p->is_caseless;
    (void)ss_buf_puts(&p->text, is_outside ? "[^" : "[");
    print_ranges(p, &set, !is_outside);
    (void)ss_buf_putc(&p->text, ']');
}

static void print_bounds(printer *p, uint32_t min, uint32_t max)
{
    if (min == max)
        (void)ss_buf_printf(&p->text, "{%u}", min);
    else if (min == 0 && max == 1)
        (void)ss_buf_putc(&p->text, '?');
    else
        (void)ss_buf_printf(&p->text, "{%u,%u}", min, max);
}

static void print_node(printer *p, const ss_node *node)
{
    const ss_node *n = node->child;

    switch (node->kind) {
    case SS_NODE_SET:
        print_set(p, node->set);
        return;
    case SS_NODE_WORD:
        (void)ss_buf_puts(&p->text, node->is_negated ? "\\B" : "\\b");
        return;
    case SS_NODE_SEQ:
        for (; n; n = n->next)
            print_node(p, n);
        return;
    case SS_NODE_ALT:
        (void)ss_buf_puts(&p->text, "(?:");
        for (; n; n = n->next) {
            print_node(p, n);
            (void)ss_buf_puts(&p->text, n->next ? "|" : ")");
        }
        return;
    default:
        break;
    }
    if (node->min == 1 && node->max == 1) {
        print_node(p, n);
        return;
    }
    if (n->kind != SS_NODE_SET)
        (void)ss_buf_puts(&p->text, "(?:");
    print_node(p, n);
    if (n->kind != SS_NODE_SET)
        (void)ss_buf_putc(&p->text, ')');
    print_bounds(p, node->min, node->max);
}

static int print_text(ss_prefilter *out, const ss_node *root, ss_arena *arena,
                      secscan_error *err)
{
    printer p = {SS_BUF_INIT(MAX_TEXT), case_kinds(root) == 2};
    int rc = 0;

    if (p.is_caseless)
        (void)ss_buf_puts(&p.text, "(?i)");
    print_node(&p, root);
    if (p.text.failed)
        rc = ss_fail_nomem(err);
    else
        out->text = ss_arena_str(arena, (const char *)p.text.data, p.text.len);
    if (!rc && !out->text)
        rc = ss_fail_nomem(err);
    ss_buf_release(&p.text);
    return rc;
}

/* Literals cost next to nothing; what may be there costs each time. */
static uint32_t cost_of(const ss_node *node)
{
    uint32_t cost = node->kind == SS_NODE_SET &&
                    ss_byte_set_single(&node->set) < 0 && !node->is_caseless;

    for (const ss_node *n = node->child; n; n = n->next)
        cost = ss_width_add(cost, cost_of(n));
    if (node->kind == SS_NODE_REPEAT)
        cost = ss_width_mul(cost ? cost : 1, node->max);
    return cost;
}

/* What starts with anything starts everywhere. */
static int starts_literal(const ss_node *node)
{
    int all = 1;

    switch (node->kind) {
    case SS_NODE_SET:
        return node->is_caseless || ss_byte_set_single(&node->set) >= 0;
    case SS_NODE_ALT:
        for (const ss_node *n = node->child; n; n = n->next)
            all &= starts_literal(n);
        return all;
    default:
        return node->child && starts_literal(node->child);
    }
}

static int prefilter_of(ss_prefilter *out, const ss_node *root,
                        uint32_t max_width, ss_arena *arena, secscan_error *err)
{
    cutter c = {arena, 0, 0};
    ss_node *copy = cut(&c, root, max_width);

    memset(out, 0, sizeof(*out));
    if (!copy)
        return ss_fail_nomem(err);
    if (!trim_tail(copy))
        return 0;
    measure(copy);
    out->width_min = copy->width_min;
    out->width_max = copy->width_max;
    if (copy->width_min == 0)
        return 0;
    trim_front(copy);
    out->cost = cost_of(copy);
    out->is_open = !starts_literal(copy);
    return print_text(out, copy, arena, err);
}

int ss_prefilter_of(ss_prefilter *out, const ss_node *root, uint32_t max_width,
                    ss_arena *arena, secscan_error *err)
{
    ss_prefilter narrow;
    int rc = prefilter_of(out, root, max_width, arena, err);

    if (rc || out->cost <= SS_PREFILTER_MAX_COST)
        return rc;
    rc = prefilter_of(&narrow, root, SS_PREFILTER_NARROW, arena, err);
    if (!rc && narrow.text)
        *out = narrow;
    return rc;
}
