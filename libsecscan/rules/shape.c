/*
 * shape.c: what a pattern can reach, measured on its tree.
 */
#include "rules/shape.h"

#include "rules/prefilter.h"
#include "rules/rule.h"

/* More choices than this at one place are not a vendor's mark. */
#define MAX_MARK_CHOICES 8u
/* How much more a prefilter without a literal in front costs to compile. */
#define OPEN_WEIGHT 10u

typedef struct reach {
    uint32_t before, after;
} reach;

static uint32_t max_of(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* What of `width` lies beyond `inside` bytes that are the match's own. */
static uint32_t beyond(uint32_t width, uint32_t inside)
{
    if (width == SS_WIDTH_UNBOUNDED)
        return width;
    return width > inside ? width - inside : 0;
}

static reach reach_of(const ss_node *node, uint32_t pre, uint32_t post);

static reach join(reach a, reach b)
{
    return (reach){max_of(a.before, b.before), max_of(a.after, b.after)};
}

static uint32_t width_behind(const ss_node *node)
{
    uint32_t width = 0;

    for (const ss_node *n = node->next; n; n = n->next)
        width = ss_width_add(width, n->width_min);
    return width;
}

static reach reach_of_seq(const ss_node *node, uint32_t pre, uint32_t post)
{
    reach r = {0, 0};
    uint32_t behind = node->child ? width_behind(node->child) : 0;

    for (const ss_node *n = node->child; n; n = n->next) {
        r = join(r, reach_of(n, pre, ss_width_add(post, behind)));
        pre = ss_width_add(pre, n->width_min);
        if (n->next)
            behind -= n->next->width_min;
    }
    return r;
}

static reach reach_of_look(const ss_node *node, uint32_t pre, uint32_t post)
{
    uint32_t width = node->child->width_max;
    reach r, inner;

    if (node->kind == SS_NODE_AHEAD) {
        inner = reach_of(node->child, pre, 0);
        r.before = inner.before;
        r.after = beyond(ss_width_add(width, inner.after), post);
    } else {
        inner = reach_of(node->child, 0, post);
        r.before = beyond(ss_width_add(width, inner.before), pre);
        r.after = inner.after;
    }
    return r;
}

/* `pre` and `post` are the bytes of the match that surely stand around. */
static reach reach_of(const ss_node *node, uint32_t pre, uint32_t post)
{
    reach r = {0, 0};

    switch (node->kind) {
    case SS_NODE_SEQ:
        return reach_of_seq(node, pre, post);
    case SS_NODE_AHEAD:
    case SS_NODE_BEHIND:
        return reach_of_look(node, pre, post);
    case SS_NODE_WORD:
        return (reach){beyond(1, pre), beyond(1, post)};
    case SS_NODE_START:
        return (reach){beyond(1, pre), 0};
    case SS_NODE_END: /* `$` may stand before a last newline */
        return (reach){0, beyond(2, post)};
    case SS_NODE_SET:
        return r;
    default:
        for (const ss_node *n = node->child; n; n = n->next)
            r = join(r, reach_of(n, pre, post));
        return r;
    }
}

/* ---- the first unbounded repeat ------------------------------------------ */

static const ss_node *find_unbounded(const ss_node *node)
{
    const ss_node *found = NULL;

    if (node->width_max != SS_WIDTH_UNBOUNDED)
        return NULL;
    for (const ss_node *n = node->child; n && !found; n = n->next)
        found = find_unbounded(n);
    return found ? found : node;
}

/* ---- the public mark that a secret starts with ----------------------------
 */

typedef struct mark {
    uint32_t len;   /* bytes walked over */
    uint32_t fixed; /* of them, up to the last that is literal */
} mark;

static unsigned choices(const ss_node *set)
{
    unsigned n = 0;

    for (unsigned c = 0; c < 256; c++) {
        if (!ss_byte_set_has(&set->set, c))
            continue;
        /* Both cases of a letter are one choice. */
        n += !(c >= 'a' && c <= 'z' && ss_byte_set_has(&set->set, c - 32));
    }
    return n;
}

static int walk(mark *m, const ss_node *node);

static int walk_set(mark *m, const ss_node *node, uint32_t times)
{
    unsigned n = choices(node);

    if (n == 0 || n > MAX_MARK_CHOICES || (n > 1 && times > 1))
        return 0;
    m->len += times;
    if (n == 1)
        m->fixed = m->len;
    return 1;
}

static int walk_alt(mark *m, const ss_node *node)
{
    uint32_t least = UINT32_MAX, most = 0;
    int is_literal = node->width_min == node->width_max;

    for (const ss_node *n = node->child; n; n = n->next) {
        mark branch = {0, 0};

        is_literal &= walk(&branch, n) && branch.fixed == n->width_max;
        least = branch.fixed < least ? branch.fixed : least;
        most = max_of(most, branch.fixed);
    }
    m->len += least;
    if (least)
        m->fixed = m->len;
    return is_literal && least == most;
}

/* Walk over the mark; 0 at the first thing that is not part of it. */
static int walk(mark *m, const ss_node *node)
{
    switch (node->kind) {
    case SS_NODE_SET:
        return walk_set(m, node, 1);
    case SS_NODE_SEQ:
    case SS_NODE_GROUP:
        for (const ss_node *n = node->child; n; n = n->next) {
            if (!walk(m, n))
                return 0;
        }
        return 1;
    case SS_NODE_ALT:
        return walk_alt(m, node);
    case SS_NODE_REPEAT:
        if (node->child->kind != SS_NODE_SET || node->min != node->max)
            return 0;
        return walk_set(m, node->child, node->min);
    default:
        return 1;
    }
}

/* The least of the marks of the groups that may be the secret. */
static void find_marks(const ss_node *node, uint32_t group, uint32_t *least)
{
    if (node->kind == SS_NODE_GROUP && (!group || node->group == group)) {
        mark m = {0, 0};

        (void)walk(&m, node);
        if (m.fixed < *least)
            *least = m.fixed;
    }
    for (const ss_node *n = node->child; n; n = n->next)
        find_marks(n, group, least);
}

static uint32_t public_prefix(const ss_syntax *syntax, uint32_t group)
{
    uint32_t least = UINT32_MAX;
    mark m = {0, 0};

    if (syntax->n_groups) {
        find_marks(syntax->root, group, &least);
        return least == UINT32_MAX ? 0 : least;
    }
    (void)walk(&m, syntax->root);
    return m.fixed;
}

int ss_shape_of(ss_shape *out, const char *pattern, uint32_t secret_group,
                ss_arena *arena, secscan_error *err)
{
    ss_syntax syntax;
    ss_prefilter prefilter;
    const ss_node *unbounded;
    reach r;
    int rc;

    rc = ss_syntax_parse(&syntax, pattern, 0, arena, err);
    if (rc)
        return rc;
    rc = ss_prefilter_of(&prefilter, syntax.root, SS_MAX_PREFIX_WIDTH, arena,
                         err);
    if (!rc && !prefilter.text)
        rc = ss_prefilter_of(&prefilter, syntax.root, SS_MAX_LEAD_WIDTH, arena,
                             err);
    if (rc)
        return rc;
    memset(out, 0, sizeof(*out));
    r = reach_of(syntax.root, 0, 0);
    unbounded = find_unbounded(syntax.root);
    out->min_width = syntax.root->width_min;
    out->max_width = syntax.root->width_max;
    out->before = r.before;
    out->after = r.after;
    out->n_groups = syntax.n_groups;
    out->unbounded_at = unbounded ? unbounded->at : 0;
    out->public_prefix = public_prefix(&syntax, secret_group);
    out->prefilter = prefilter.text;
    out->prefilter_min = prefilter.width_min;
    out->prefilter_max = prefilter.width_max;
    out->prefilter_cost =
        ss_width_mul(prefilter.cost, prefilter.is_open ? OPEN_WEIGHT : 1);
    return 0;
}
