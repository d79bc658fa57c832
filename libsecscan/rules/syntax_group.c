/*
 * syntax_group.c: everything that starts with a parenthesis.
 */
#include "rules/syntax_parser.h"

#define MAX_DEPTH 200

static int set_option(ss_syntax_parser *p, ss_syntax_options *o, uint8_t c,
                      uint8_t value)
{
    switch (c) {
    case 'i':
        o->caseless = value;
        return 0;
    case 's':
        o->dotall = value;
        return 0;
    case 'm':
        o->multiline = value;
        return 0;
    case 'n':
        o->no_capture = value;
        return 0;
    case 'x':
        o->extended = value;
        if (ss_syntax_peek_at(p, 1) == 'x')
            return ss_syntax_fail(&p->scan, p->scan.at,
                                  "(?xx) is not supported");
        return 0;
    case 'U': /* greediness and double names change no width */
    case 'J':
        return 0;
    default:
        return ss_syntax_fail(&p->scan, p->scan.at,
                              "this kind of group is not supported");
    }
}

/* `(?i-s)` or `(?i-s:`, the position behind the question mark. */
static int parse_options(ss_syntax_parser *p, ss_syntax_options *o)
{
    uint8_t value = 1;
    int rc;

    *o = p->now;
    if (ss_syntax_peek(p) == '^') {
        memset(o, 0, sizeof(*o));
        p->scan.at++;
    }
    for (; ss_syntax_peek(p) != ')' && ss_syntax_peek(p) != ':'; p->scan.at++) {
        if (ss_syntax_peek(p) == '-' && value) {
            value = 0;
            continue;
        }
        rc = set_option(p, o, ss_syntax_peek(p), value);
        if (rc)
            return rc;
    }
    return 0;
}

static int close_group(ss_syntax_parser *p, size_t at)
{
    if (ss_syntax_peek(p) != ')')
        return ss_syntax_fail(&p->scan, at, "a group is not closed");
    p->scan.at++;
    return 0;
}

/* The inside of a group up to and with its parenthesis. */
static int parse_inside(ss_syntax_parser *p, ss_node **out, size_t at)
{
    ss_syntax_options outer = p->now;
    int rc;

    if (p->depth >= MAX_DEPTH)
        return ss_syntax_fail(&p->scan, at, "groups are nested too deep");
    p->depth++;
    rc = ss_syntax_alternatives(p, out);
    p->depth--;
    p->now = outer;
    if (rc)
        return rc;
    return close_group(p, at);
}

static int parse_capture(ss_syntax_parser *p, ss_node **out, size_t at)
{
    uint32_t number = ++p->n_groups;
    int rc;

    if (number >= SS_MAX_PATTERN_GROUPS)
        return ss_syntax_fail(&p->scan, at, "too many groups");
    rc = ss_syntax_node(p, out, SS_NODE_GROUP, at);
    if (rc)
        return rc;
    rc = parse_inside(p, &(*out)->child, at);
    if (rc)
        return rc;
    (*out)->group = number;
    (*out)->width_min = (*out)->child->width_min;
    (*out)->width_max = (*out)->child->width_max;
    p->groups[number] = *out;
    return 0;
}

static int parse_named(ss_syntax_parser *p, ss_node **out, uint8_t end,
                       size_t at)
{
    ss_syntax_group_name *slot = &p->names[p->n_names];
    int rc;

    if (p->n_names + 1 >= SS_MAX_PATTERN_GROUPS)
        return ss_syntax_fail(&p->scan, at, "too many groups");
    rc = ss_syntax_name(p, end, &slot->name, &slot->len);
    if (rc)
        return rc;
    slot->number = p->n_groups + 1;
    p->n_names++;
    return parse_capture(p, out, at);
}

static int parse_look(ss_syntax_parser *p, ss_node **out, ss_node_kind kind,
                      size_t len, size_t at)
{
    int rc;

    p->scan.at += len;
    rc = ss_syntax_node(p, out, kind, at);
    if (rc)
        return rc;
    return parse_inside(p, &(*out)->child, at);
}

static int parse_option_group(ss_syntax_parser *p, ss_node **out, size_t at)
{
    ss_syntax_options inside;
    ss_syntax_options outer = p->now;
    int rc = parse_options(p, &inside);

    if (rc)
        return rc;
    p->now = inside;
    if (p->scan.text[p->scan.at++] == ')')
        return ss_syntax_node(p, out, SS_NODE_SEQ, at); /* to the group's end */
    rc = parse_inside(p, out, at);
    p->now = outer;
    return rc;
}

static int parse_comment(ss_syntax_parser *p, ss_node **out, size_t at)
{
    while (ss_syntax_peek(p) && ss_syntax_peek(p) != ')')
        p->scan.at++;
    if (!ss_syntax_peek(p))
        return ss_syntax_fail(&p->scan, at, "a comment is not closed");
    p->scan.at++;
    return ss_syntax_node(p, out, SS_NODE_SEQ, at);
}

static int parse_p_group(ss_syntax_parser *p, ss_node **out, size_t at)
{
    uint8_t c = ss_syntax_peek_at(p, 1);

    p->scan.at += 2;
    if (c == '<')
        return parse_named(p, out, '>', at);
    if (c == '=')
        return ss_syntax_named_reference(p, out, ')', at);
    return ss_syntax_fail(&p->scan, at, "recursion is not supported");
}

/* Behind `(?`. */
static int parse_special(ss_syntax_parser *p, ss_node **out, size_t at)
{
    uint8_t c = ss_syntax_peek(p);
    uint8_t second = c ? ss_syntax_peek_at(p, 1) : 0;

    if (c == ':' || c == '>') {
        p->scan.at++;
        return parse_inside(p, out, at);
    }
    if (c == '=' || c == '!')
        return parse_look(p, out, SS_NODE_AHEAD, 1, at);
    if (c == '<' && (second == '=' || second == '!'))
        return parse_look(p, out, SS_NODE_BEHIND, 2, at);
    if (c == '<' || c == '\'') {
        p->scan.at++;
        return parse_named(p, out, c == '<' ? '>' : '\'', at);
    }
    if (c == 'P' && second)
        return parse_p_group(p, out, at);
    if (c == '#')
        return parse_comment(p, out, at);
    return parse_option_group(p, out, at);
}

int ss_syntax_parse_group(ss_syntax_parser *p, ss_node **out)
{
    size_t at = p->scan.at++;

    if (ss_syntax_peek(p) == '*')
        return ss_syntax_fail(&p->scan, at, "verbs are not supported");
    if (ss_syntax_peek(p) == '?') {
        p->scan.at++;
        return parse_special(p, out, at);
    }
    if (p->now.no_capture)
        return parse_inside(p, out, at);
    return parse_capture(p, out, at);
}
