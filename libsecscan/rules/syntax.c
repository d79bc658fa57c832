/*
 * syntax.c: a recursive-descent reader of PCRE2 patterns. What it cannot bound
 * (recursion, conditions, verbs, \K, \X) is an error, never a guess.
 */
#include "rules/syntax_parser.h"

#define MAX_REPEAT 65535u
#define MAX_STACKED 4 /* a{2}{3}{4} */

static int parse_atom(ss_syntax_parser *p, ss_node **out)
{
    size_t at = p->scan.at;
    uint8_t c = ss_syntax_peek(p);
    ss_byte_set set;
    int rc;

    switch (c) {
    case '(':
        return ss_syntax_parse_group(p, out);
    case '\\':
        return ss_syntax_parse_escape(p, out);
    case '[':
        p->scan.at++;
        rc = ss_syntax_class(&p->scan, &set, p->now.caseless);
        return rc ? rc : ss_syntax_set(p, out, &set, at);
    case '*':
    case '+':
    case '?':
        return ss_syntax_fail(&p->scan, at, "a repeat of nothing");
    default:
        p->scan.at++;
    }
    if (c == '.')
        return ss_syntax_dot(p, out, at);
    if (c == '^')
        return ss_syntax_edge(p, out, SS_NODE_START, c, at);
    if (c == '$')
        return ss_syntax_edge(p, out, SS_NODE_END, c, at);
    return ss_syntax_byte(p, out, c, at);
}

/* White space and comments under (?x). */
static void skip_space(ss_syntax_parser *p)
{
    while (p->now.extended) {
        uint8_t c = ss_syntax_peek(p);

        if (c == ' ' || (c >= '\t' && c <= '\r')) {
            p->scan.at++;
        } else if (c == '#') {
            while (ss_syntax_peek(p) && ss_syntax_peek(p) != '\n')
                p->scan.at++;
        } else {
            return;
        }
    }
}

static int read_count(ss_syntax_parser *p, uint32_t *out)
{
    uint32_t value = 0;

    while (ss_is_digit(ss_syntax_peek(p))) {
        value = value * 10 + (uint32_t)(ss_syntax_peek(p) - '0');
        if (value > MAX_REPEAT)
            return ss_syntax_fail(&p->scan, p->scan.at, "a repeat above 65535");
        p->scan.at++;
    }
    *out = value;
    return 0;
}

/* Does a `{n}`, `{n,}` or `{n,m}` stand here? Otherwise the brace is literal.
 */
static int is_counted(const ss_syntax_parser *p)
{
    const uint8_t *s = p->scan.text + p->scan.at + 1;

    if (!ss_is_digit(*s))
        return 0;
    while (ss_is_digit(*s))
        s++;
    if (*s == ',')
        s++;
    while (ss_is_digit(*s))
        s++;
    return *s == '}';
}

static int parse_counted(ss_syntax_parser *p, uint32_t *min, uint32_t *max)
{
    size_t at = p->scan.at++;
    int rc = read_count(p, min);

    if (rc)
        return rc;
    *max = *min;
    if (ss_syntax_peek(p) == ',') {
        p->scan.at++;
        *max = SS_REPEAT_FOREVER;
        if (ss_syntax_peek(p) != '}') {
            rc = read_count(p, max);
            if (rc)
                return rc;
        }
    }
    p->scan.at++; /* is_counted saw the brace */
    if (*max < *min)
        return ss_syntax_fail(&p->scan, at,
                              "a repeat whose bounds are the wrong way round");
    return 0;
}

/* *found: a repeat stood here. */
static int parse_bounds(ss_syntax_parser *p, uint32_t *min, uint32_t *max,
                        int *found)
{
    *found = 1;
    *min = 0;
    *max = SS_REPEAT_FOREVER;
    switch (ss_syntax_peek(p)) {
    case '*':
        break;
    case '+':
        *min = 1;
        break;
    case '?':
        *max = 1;
        break;
    case '{':
        /* Newer PCRE2 reads {,n} as a repeat, older ones as text. */
        if (ss_syntax_peek_at(p, 1) == ',' &&
            ss_is_digit(ss_syntax_peek_at(p, 2)))
            return ss_syntax_fail(&p->scan, p->scan.at,
                                  "{,n} is ambiguous: write {0,n}");
        *found = is_counted(p);
        return *found ? parse_counted(p, min, max) : 0;
    default:
        *found = 0;
        return 0;
    }
    p->scan.at++;
    return 0;
}

static int parse_repeat(ss_syntax_parser *p, ss_node **node, int *found)
{
    uint32_t min, max;
    size_t at;
    int rc;

    skip_space(p);
    at = p->scan.at;
    rc = parse_bounds(p, &min, &max, found);
    if (rc || !*found)
        return rc;
    if (ss_syntax_peek(p) == '?' ||
        ss_syntax_peek(p) == '+') /* lazy, possessive: same widths */
        p->scan.at++;
    return ss_syntax_repeat(p, node, *node, min, max, at);
}

static int parse_repeats(ss_syntax_parser *p, ss_node **node)
{
    int found = 1;

    for (int n = 0; found; n++) {
        int rc;

        if (n == MAX_STACKED)
            return ss_syntax_fail(&p->scan, p->scan.at,
                                  "too many repeats of one item");
        rc = parse_repeat(p, node, &found);
        if (rc)
            return rc;
    }
    return 0;
}

static void append(ss_node *seq, ss_node **tail, ss_node *node)
{
    if (*tail)
        (*tail)->next = node;
    else
        seq->child = node;
    *tail = node;
    seq->width_min = ss_width_add(seq->width_min, node->width_min);
    seq->width_max = ss_width_add(seq->width_max, node->width_max);
}

/* \Q...\E: literal bytes. A repeat behind takes the last one. */
static int parse_quoted(ss_syntax_parser *p, ss_node *seq, ss_node **tail)
{
    ss_node *node = NULL;
    int rc;

    p->scan.at += 2;
    while (ss_syntax_peek(p) &&
           !(ss_syntax_peek(p) == '\\' && ss_syntax_peek_at(p, 1) == 'E')) {
        if (node)
            append(seq, tail, node);
        rc = ss_syntax_byte(p, &node, ss_syntax_peek(p), p->scan.at);
        if (rc)
            return rc;
        p->scan.at++;
    }
    if (ss_syntax_peek(p))
        p->scan.at += 2;
    if (!node)
        return 0;
    rc = parse_repeats(p, &node);
    if (rc)
        return rc;
    append(seq, tail, node);
    return 0;
}

static int parse_item(ss_syntax_parser *p, ss_node *seq, ss_node **tail)
{
    ss_node *node;
    int rc;

    if (ss_syntax_peek(p) == '\\' && ss_syntax_peek_at(p, 1) == 'Q')
        return parse_quoted(p, seq, tail);
    if (ss_syntax_peek(p) == '\\' && ss_syntax_peek_at(p, 1) == 'E') {
        p->scan.at += 2;
        return 0;
    }
    rc = parse_atom(p, &node);
    if (rc)
        return rc;
    rc = parse_repeats(p, &node);
    if (rc)
        return rc;
    append(seq, tail, node);
    return 0;
}

static int parse_sequence(ss_syntax_parser *p, ss_node **out)
{
    ss_node *tail = NULL;
    int rc = ss_syntax_node(p, out, SS_NODE_SEQ, p->scan.at);

    if (rc)
        return rc;
    for (;;) {
        skip_space(p);
        if (!ss_syntax_peek(p) || ss_syntax_peek(p) == '|' ||
            ss_syntax_peek(p) == ')')
            return 0;
        rc = parse_item(p, *out, &tail);
        if (rc)
            return rc;
    }
}

static void widen(ss_node *alt, const ss_node *branch)
{
    if (branch->width_min < alt->width_min)
        alt->width_min = branch->width_min;
    if (branch->width_max > alt->width_max)
        alt->width_max = branch->width_max;
}

int ss_syntax_alternatives(ss_syntax_parser *p, ss_node **out)
{
    ss_node *first, *last;
    int rc = parse_sequence(p, &first);

    if (rc)
        return rc;
    if (ss_syntax_peek(p) != '|') {
        *out = first;
        return 0;
    }
    rc = ss_syntax_node(p, out, SS_NODE_ALT, first->at);
    if (rc)
        return rc;
    (*out)->child = last = first;
    (*out)->width_min = UINT32_MAX;
    widen(*out, first);
    while (ss_syntax_peek(p) == '|') {
        p->scan.at++;
        rc = parse_sequence(p, &last->next);
        if (rc)
            return rc;
        last = last->next;
        widen(*out, last);
    }
    return 0;
}

int ss_syntax_parse(ss_syntax *out, const char *pattern, uint32_t flags,
                    ss_arena *arena, secscan_error *err)
{
    ss_syntax_parser *p = ss_arena_alloc(arena, sizeof(*p));
    int rc;

    if (!p)
        return ss_fail_nomem(err);
    memset(p, 0, sizeof(*p));
    p->scan.text = (const uint8_t *)pattern;
    p->scan.err = err;
    p->arena = arena;
    p->now.caseless = flags & 1u;
    rc = ss_syntax_alternatives(p, &out->root);
    if (rc)
        return rc;
    if (ss_syntax_peek(p))
        return ss_syntax_fail(&p->scan, p->scan.at,
                              "a parenthesis that was not opened");
    out->n_groups = p->n_groups;
    return 0;
}
