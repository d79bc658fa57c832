/*
 * syntax_escape.c: escapes outside classes: edges, back-references, \R, and
 * what stands for one byte.
 */
#include "rules/syntax_parser.h"

static int new_reference(ss_syntax_parser *p, ss_node **out, uint32_t number,
                         size_t at)
{
    const ss_node *group =
        number < SS_MAX_PATTERN_GROUPS ? p->groups[number] : NULL;
    ss_byte_set set;
    ss_node *any;
    int rc;

    ss_byte_set_all(&set);
    rc = ss_syntax_set(p, &any, &set, at);
    if (rc)
        return rc;
    return ss_syntax_repeat(p, out, any, group ? group->width_min : 0,
                            group ? group->width_max : SS_REPEAT_FOREVER, at);
}

int ss_syntax_name(ss_syntax_parser *p, uint8_t end, const uint8_t **name,
                   size_t *len)
{
    size_t start = p->scan.at;

    while (ss_is_alnum(ss_syntax_peek(p)) || ss_syntax_peek(p) == '_')
        p->scan.at++;
    *name = p->scan.text + start;
    *len = p->scan.at - start;
    if (*len == 0 || ss_syntax_peek(p) != end)
        return ss_syntax_fail(&p->scan, start, "a group's name is not closed");
    p->scan.at++;
    return 0;
}

int ss_syntax_named_reference(ss_syntax_parser *p, ss_node **out, uint8_t end,
                              size_t at)
{
    const uint8_t *name;
    size_t len;
    int rc = ss_syntax_name(p, end, &name, &len);

    if (rc)
        return rc;
    for (uint32_t i = 0; i < p->n_names; i++) {
        if (p->names[i].len == len && !memcmp(p->names[i].name, name, len))
            return new_reference(p, out, p->names[i].number, at);
    }
    return ss_syntax_fail(&p->scan, at,
                          "a back-reference to a group that is not before it");
}

/* \g1, \g{1}, \g{-1}, \g{name}; \g<...> would be recursion. */
static int g_reference(ss_syntax_parser *p, ss_node **out, size_t at)
{
    int in_braces = ss_syntax_peek(p) == '{';
    int is_relative;
    uint32_t number = 0;

    p->scan.at += (size_t)in_braces;
    is_relative = ss_syntax_peek(p) == '-';
    p->scan.at += (size_t)is_relative;
    if (in_braces && !is_relative && !ss_is_digit(ss_syntax_peek(p)))
        return ss_syntax_named_reference(p, out, '}', at);
    if (!ss_is_digit(ss_syntax_peek(p)))
        return ss_syntax_fail(&p->scan, at,
                              "this form of \\g is not supported");
    while (ss_is_digit(ss_syntax_peek(p)) && number < SS_MAX_PATTERN_GROUPS)
        number = number * 10 + (uint32_t)(p->scan.text[p->scan.at++] - '0');
    if (in_braces && p->scan.text[p->scan.at++] != '}')
        return ss_syntax_fail(&p->scan, at, "\\g{ has no end");
    if (is_relative)
        number = number <= p->n_groups ? p->n_groups + 1 - number
                                       : SS_MAX_PATTERN_GROUPS;
    return new_reference(p, out, number, at);
}

static int k_reference(ss_syntax_parser *p, ss_node **out, size_t at)
{
    uint8_t open = ss_syntax_peek(p);

    if (open != '<' && open != '{' && open != '\'')
        return ss_syntax_fail(&p->scan, at, "\\k needs a name");
    p->scan.at++;
    return ss_syntax_named_reference(p, out,
                                     open == '<'   ? '>'
                                     : open == '{' ? '}'
                                                   : open,
                                     at);
}

/* \1 to \9, and more digits when there are so many groups; else octal. */
static int is_reference(const ss_syntax_parser *p, uint32_t *number,
                        size_t *n_digits)
{
    uint32_t value = 0;
    size_t n = 0;

    if (ss_syntax_peek(p) == '0' || !ss_is_digit(ss_syntax_peek(p)))
        return 0;
    while (ss_is_digit(p->scan.text[p->scan.at + n]) && n < 4) {
        value = value * 10 + (uint32_t)(p->scan.text[p->scan.at + n] - '0');
        n++;
    }
    if (value > 9 && value > p->n_groups && ss_syntax_peek(p) < '8')
        return 0;
    *number = value;
    *n_digits = n;
    return 1;
}

/* ---- escapes ----------------------------------------------------------- */

static int edge_kind(uint8_t c, ss_node_kind *kind)
{
    switch (c) {
    case 'b':
    case 'B':
        *kind = SS_NODE_WORD;
        return 1;
    case 'A':
    case 'G':
        *kind = SS_NODE_START;
        return 1;
    case 'z':
    case 'Z':
        *kind = SS_NODE_END;
        return 1;
    default:
        return 0;
    }
}

/* \R: CR LF, or one byte that ends a line. */
static int new_line_end(ss_syntax_parser *p, ss_node **out, size_t at)
{
    ss_byte_set set = {{0}};
    ss_node *one;
    int rc;

    for (unsigned c = '\n'; c <= '\r'; c++)
        ss_byte_set_add(&set, c);
    ss_byte_set_add(&set, 0x85);
    rc = ss_syntax_set(p, &one, &set, at);
    if (rc)
        return rc;
    return ss_syntax_repeat(p, out, one, 1, 2, at);
}

static int parse_reference(ss_syntax_parser *p, ss_node **out, size_t at)
{
    if (ss_syntax_peek(p) == 'k') {
        p->scan.at++;
        return k_reference(p, out, at);
    }
    if (ss_syntax_peek_at(p, 1) == '<' || ss_syntax_peek_at(p, 1) == '\'')
        return ss_syntax_fail(&p->scan, at, "recursion is not supported");
    p->scan.at++;
    return g_reference(p, out, at);
}

int ss_syntax_parse_escape(ss_syntax_parser *p, ss_node **out)
{
    size_t at = p->scan.at++;
    uint8_t c = ss_syntax_peek(p);
    ss_byte_set set;
    ss_node_kind kind;
    uint32_t number;
    size_t n_digits;
    int is_known;
    int rc;

    if (edge_kind(c, &kind)) {
        p->scan.at++;
        return ss_syntax_edge(p, out, kind, c, at);
    }
    if (is_reference(p, &number, &n_digits)) {
        p->scan.at += n_digits;
        return new_reference(p, out, number, at);
    }
    if (c == 'k' || c == 'g')
        return parse_reference(p, out, at);
    if (c == 'R') {
        p->scan.at++;
        return new_line_end(p, out, at);
    }
    rc = ss_syntax_escape(&p->scan, &set, &is_known);
    if (rc)
        return rc;
    if (!is_known)
        return ss_syntax_fail(&p->scan, at,
                              "this escape is unknown or not supported");
    if (p->now.caseless)
        ss_byte_set_fold(&set);
    return ss_syntax_set(p, out, &set, at);
}
