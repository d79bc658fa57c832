/*
 * syntax.c: a recursive-descent reader of PCRE2 patterns. What it cannot bound
 * (recursion, conditions, verbs, \K, \X) is an error, never a guess.
 */
#include "rules/syntax_scan.h"

#define MAX_DEPTH 200
#define MAX_GROUPS 256u
#define MAX_REPEAT 65535u
#define MAX_STACKED 4 /* a{2}{3}{4} */

typedef struct options {
    uint8_t caseless, dotall, multiline, extended, no_capture;
} options;

typedef struct group_name {
    const uint8_t *name;
    size_t len;
    uint32_t number;
} group_name;

typedef struct parser {
    ss_syntax_scan scan;
    ss_arena *arena;
    options now;
    uint32_t n_groups;
    ss_node *groups[MAX_GROUPS]; /* closed ones, by number */
    group_name names[MAX_GROUPS];
    uint32_t n_names;
    int depth;
} parser;

static int parse_alternatives(parser *p, ss_node **out);

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

static uint8_t peek(const parser *p)
{
    return p->scan.text[p->scan.at];
}

static uint8_t peek_at(const parser *p, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (!p->scan.text[p->scan.at + k])
            return 0;
    }
    return p->scan.text[p->scan.at + i];
}

static int fail(parser *p, size_t at, const char *what)
{
    return ss_syntax_fail(&p->scan, at, what);
}

static int new_node(parser *p, ss_node **out, ss_node_kind kind, size_t at)
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

static int new_set(parser *p, ss_node **out, const ss_byte_set *set, size_t at)
{
    int rc = new_node(p, out, SS_NODE_SET, at);

    if (rc)
        return rc;
    (*out)->set = *set;
    (*out)->width_min = (*out)->width_max = 1;
    (*out)->is_caseless = p->now.caseless;
    return 0;
}

static int new_byte(parser *p, ss_node **out, uint8_t c, size_t at)
{
    ss_byte_set set = {{0}};

    ss_byte_set_add(&set, c);
    if (p->now.caseless)
        ss_byte_set_fold(&set);
    return new_set(p, out, &set, at);
}

static int new_dot(parser *p, ss_node **out, size_t at)
{
    ss_byte_set set;

    ss_byte_set_all(&set);
    if (!p->now.dotall)
        set.bits[0] &= ~((uint64_t)1 << '\n');
    return new_set(p, out, &set, at);
}

/* A node around a child, `min` to `max` times. */
static int new_repeat(parser *p, ss_node **out, ss_node *child, uint32_t min,
                      uint32_t max, size_t at)
{
    int rc = new_node(p, out, SS_NODE_REPEAT, at);

    if (rc)
        return rc;
    (*out)->child = child;
    (*out)->min = min;
    (*out)->max = max;
    (*out)->width_min = ss_width_mul(child->width_min, min);
    (*out)->width_max = ss_width_mul(child->width_max, max);
    return 0;
}

/* ---- back-references: as wide as their group, of any bytes ------------- */

static int new_reference(parser *p, ss_node **out, uint32_t number, size_t at)
{
    const ss_node *group = number < MAX_GROUPS ? p->groups[number] : NULL;
    ss_byte_set set;
    ss_node *any;
    int rc;

    ss_byte_set_all(&set);
    rc = new_set(p, &any, &set, at);
    if (rc)
        return rc;
    return new_repeat(p, out, any, group ? group->width_min : 0,
                      group ? group->width_max : SS_REPEAT_FOREVER, at);
}

static int read_name(parser *p, uint8_t end, const uint8_t **name, size_t *len)
{
    size_t start = p->scan.at;

    while (ss_is_alnum(peek(p)) || peek(p) == '_')
        p->scan.at++;
    *name = p->scan.text + start;
    *len = p->scan.at - start;
    if (*len == 0 || peek(p) != end)
        return fail(p, start, "a group's name is not closed");
    p->scan.at++;
    return 0;
}

static int named_reference(parser *p, ss_node **out, uint8_t end, size_t at)
{
    const uint8_t *name;
    size_t len;
    int rc = read_name(p, end, &name, &len);

    if (rc)
        return rc;
    for (uint32_t i = 0; i < p->n_names; i++) {
        if (p->names[i].len == len && !memcmp(p->names[i].name, name, len))
            return new_reference(p, out, p->names[i].number, at);
    }
    return fail(p, at, "a back-reference to a group that is not before it");
}

/* \g1, \g{1}, \g{-1}, \g{name}; \g<...> would be recursion. */
static int g_reference(parser *p, ss_node **out, size_t at)
{
    int in_braces = peek(p) == '{';
    int is_relative;
    uint32_t number = 0;

    p->scan.at += (size_t)in_braces;
    is_relative = peek(p) == '-';
    p->scan.at += (size_t)is_relative;
    if (in_braces && !is_relative && !ss_is_digit(peek(p)))
        return named_reference(p, out, '}', at);
    if (!ss_is_digit(peek(p)))
        return fail(p, at, "this form of \\g is not supported");
    while (ss_is_digit(peek(p)) && number < MAX_GROUPS)
        number = number * 10 + (uint32_t)(p->scan.text[p->scan.at++] - '0');
    if (in_braces && p->scan.text[p->scan.at++] != '}')
        return fail(p, at, "\\g{ has no end");
    if (is_relative)
        number = number <= p->n_groups ? p->n_groups + 1 - number : MAX_GROUPS;
    return new_reference(p, out, number, at);
}

static int k_reference(parser *p, ss_node **out, size_t at)
{
    uint8_t open = peek(p);

    if (open != '<' && open != '{' && open != '\'')
        return fail(p, at, "\\k needs a name");
    p->scan.at++;
    return named_reference(p, out,
                           open == '<'   ? '>'
                           : open == '{' ? '}'
                                         : open,
                           at);
}

/* \1 to \9, and more digits when there are so many groups; else octal. */
static int is_reference(const parser *p, uint32_t *number, size_t *n_digits)
{
    uint32_t value = 0;
    size_t n = 0;

    if (peek(p) == '0' || !ss_is_digit(peek(p)))
        return 0;
    while (ss_is_digit(p->scan.text[p->scan.at + n]) && n < 4) {
        value = value * 10 + (uint32_t)(p->scan.text[p->scan.at + n] - '0');
        n++;
    }
    if (value > 9 && value > p->n_groups && peek(p) < '8')
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

static int new_edge(parser *p, ss_node **out, ss_node_kind kind, uint8_t c,
                    size_t at)
{
    int rc = new_node(p, out, kind, at);

    if (rc)
        return rc;
    (*out)->is_negated = c == 'B';
    return 0;
}

/* \R: CR LF, or one byte that ends a line. */
static int new_line_end(parser *p, ss_node **out, size_t at)
{
    ss_byte_set set = {{0}};
    ss_node *one;
    int rc;

    for (unsigned c = '\n'; c <= '\r'; c++)
        ss_byte_set_add(&set, c);
    ss_byte_set_add(&set, 0x85);
    rc = new_set(p, &one, &set, at);
    if (rc)
        return rc;
    return new_repeat(p, out, one, 1, 2, at);
}

static int parse_reference(parser *p, ss_node **out, size_t at)
{
    if (peek(p) == 'k') {
        p->scan.at++;
        return k_reference(p, out, at);
    }
    if (peek_at(p, 1) == '<' || peek_at(p, 1) == '\'')
        return fail(p, at, "recursion is not supported");
    p->scan.at++;
    return g_reference(p, out, at);
}

static int parse_escape(parser *p, ss_node **out)
{
    size_t at = p->scan.at++;
    uint8_t c = peek(p);
    ss_byte_set set;
    ss_node_kind kind;
    uint32_t number;
    size_t n_digits;
    int is_known;
    int rc;

    if (edge_kind(c, &kind)) {
        p->scan.at++;
        return new_edge(p, out, kind, c, at);
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
        return fail(p, at, "this escape is unknown or not supported");
    if (p->now.caseless)
        ss_byte_set_fold(&set);
    return new_set(p, out, &set, at);
}

/* ---- groups ------------------------------------------------------------ */

static int set_option(parser *p, options *o, uint8_t c, uint8_t value)
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
        if (peek_at(p, 1) == 'x')
            return fail(p, p->scan.at, "(?xx) is not supported");
        return 0;
    case 'U': /* greediness and double names change no width */
    case 'J':
        return 0;
    default:
        return fail(p, p->scan.at, "this kind of group is not supported");
    }
}

/* `(?i-s)` or `(?i-s:`, the position behind the question mark. */
static int parse_options(parser *p, options *o)
{
    uint8_t value = 1;
    int rc;

    *o = p->now;
    if (peek(p) == '^') {
        memset(o, 0, sizeof(*o));
        p->scan.at++;
    }
    for (; peek(p) != ')' && peek(p) != ':'; p->scan.at++) {
        if (peek(p) == '-' && value) {
            value = 0;
            continue;
        }
        rc = set_option(p, o, peek(p), value);
        if (rc)
            return rc;
    }
    return 0;
}

static int close_group(parser *p, size_t at)
{
    if (peek(p) != ')')
        return fail(p, at, "a group is not closed");
    p->scan.at++;
    return 0;
}

/* The inside of a group up to and with its parenthesis. */
static int parse_inside(parser *p, ss_node **out, size_t at)
{
    options outer = p->now;
    int rc;

    if (p->depth >= MAX_DEPTH)
        return fail(p, at, "groups are nested too deep");
    p->depth++;
    rc = parse_alternatives(p, out);
    p->depth--;
    p->now = outer;
    if (rc)
        return rc;
    return close_group(p, at);
}

static int parse_capture(parser *p, ss_node **out, size_t at)
{
    uint32_t number = ++p->n_groups;
    int rc;

    if (number >= MAX_GROUPS)
        return fail(p, at, "too many groups");
    rc = new_node(p, out, SS_NODE_GROUP, at);
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

static int parse_named(parser *p, ss_node **out, uint8_t end, size_t at)
{
    group_name *slot = &p->names[p->n_names];
    int rc;

    if (p->n_names + 1 >= MAX_GROUPS)
        return fail(p, at, "too many groups");
    rc = read_name(p, end, &slot->name, &slot->len);
    if (rc)
        return rc;
    slot->number = p->n_groups + 1;
    p->n_names++;
    return parse_capture(p, out, at);
}

static int parse_look(parser *p, ss_node **out, ss_node_kind kind, size_t len,
                      size_t at)
{
    int rc;

    p->scan.at += len;
    rc = new_node(p, out, kind, at);
    if (rc)
        return rc;
    return parse_inside(p, &(*out)->child, at);
}

static int parse_option_group(parser *p, ss_node **out, size_t at)
{
    options inside;
    options outer = p->now;
    int rc = parse_options(p, &inside);

    if (rc)
        return rc;
    p->now = inside;
    if (p->scan.text[p->scan.at++] == ')')
        return new_node(p, out, SS_NODE_SEQ, at); /* to the group's end */
    rc = parse_inside(p, out, at);
    p->now = outer;
    return rc;
}

static int parse_comment(parser *p, ss_node **out, size_t at)
{
    while (peek(p) && peek(p) != ')')
        p->scan.at++;
    if (!peek(p))
        return fail(p, at, "a comment is not closed");
    p->scan.at++;
    return new_node(p, out, SS_NODE_SEQ, at);
}

static int parse_p_group(parser *p, ss_node **out, size_t at)
{
    uint8_t c = peek_at(p, 1);

    p->scan.at += 2;
    if (c == '<')
        return parse_named(p, out, '>', at);
    if (c == '=')
        return named_reference(p, out, ')', at);
    return fail(p, at, "recursion is not supported");
}

/* Behind `(?`. */
static int parse_special(parser *p, ss_node **out, size_t at)
{
    uint8_t c = peek(p);
    uint8_t second = c ? peek_at(p, 1) : 0;

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

static int parse_group(parser *p, ss_node **out)
{
    size_t at = p->scan.at++;

    if (peek(p) == '*')
        return fail(p, at, "verbs are not supported");
    if (peek(p) == '?') {
        p->scan.at++;
        return parse_special(p, out, at);
    }
    if (p->now.no_capture)
        return parse_inside(p, out, at);
    return parse_capture(p, out, at);
}

/* ---- atoms, repeats, sequences ----------------------------------------- */

static int parse_atom(parser *p, ss_node **out)
{
    size_t at = p->scan.at;
    uint8_t c = peek(p);
    ss_byte_set set;
    int rc;

    switch (c) {
    case '(':
        return parse_group(p, out);
    case '\\':
        return parse_escape(p, out);
    case '[':
        p->scan.at++;
        rc = ss_syntax_class(&p->scan, &set, p->now.caseless);
        return rc ? rc : new_set(p, out, &set, at);
    case '*':
    case '+':
    case '?':
        return fail(p, at, "a repeat of nothing");
    default:
        p->scan.at++;
    }
    if (c == '.')
        return new_dot(p, out, at);
    if (c == '^')
        return new_edge(p, out, SS_NODE_START, c, at);
    if (c == '$')
        return new_edge(p, out, SS_NODE_END, c, at);
    return new_byte(p, out, c, at);
}

/* White space and comments under (?x). */
static void skip_space(parser *p)
{
    while (p->now.extended) {
        uint8_t c = peek(p);

        if (c == ' ' || (c >= '\t' && c <= '\r')) {
            p->scan.at++;
        } else if (c == '#') {
            while (peek(p) && peek(p) != '\n')
                p->scan.at++;
        } else {
            return;
        }
    }
}

static int read_count(parser *p, uint32_t *out)
{
    uint32_t value = 0;

    while (ss_is_digit(peek(p))) {
        value = value * 10 + (uint32_t)(peek(p) - '0');
        if (value > MAX_REPEAT)
            return fail(p, p->scan.at, "a repeat above 65535");
        p->scan.at++;
    }
    *out = value;
    return 0;
}

/* Does a `{n}`, `{n,}` or `{n,m}` stand here? Otherwise the brace is literal.
 */
static int is_counted(const parser *p)
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

static int parse_counted(parser *p, uint32_t *min, uint32_t *max)
{
    size_t at = p->scan.at++;
    int rc = read_count(p, min);

    if (rc)
        return rc;
    *max = *min;
    if (peek(p) == ',') {
        p->scan.at++;
        *max = SS_REPEAT_FOREVER;
        if (peek(p) != '}') {
            rc = read_count(p, max);
            if (rc)
                return rc;
        }
    }
    p->scan.at++; /* is_counted saw the brace */
    if (*max < *min)
        return fail(p, at, "a repeat whose bounds are the wrong way round");
    return 0;
}

/* *found: a repeat stood here. */
static int parse_bounds(parser *p, uint32_t *min, uint32_t *max, int *found)
{
    *found = 1;
    *min = 0;
    *max = SS_REPEAT_FOREVER;
    switch (peek(p)) {
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
        if (peek_at(p, 1) == ',' && ss_is_digit(peek_at(p, 2)))
            return fail(p, p->scan.at, "{,n} is ambiguous: write {0,n}");
        *found = is_counted(p);
        return *found ? parse_counted(p, min, max) : 0;
    default:
        *found = 0;
        return 0;
    }
    p->scan.at++;
    return 0;
}

static int parse_repeat(parser *p, ss_node **node, int *found)
{
    uint32_t min, max;
    size_t at;
    int rc;

    skip_space(p);
    at = p->scan.at;
    rc = parse_bounds(p, &min, &max, found);
    if (rc || !*found)
        return rc;
    if (peek(p) == '?' || peek(p) == '+') /* lazy, possessive: same widths */
        p->scan.at++;
    return new_repeat(p, node, *node, min, max, at);
}

static int parse_repeats(parser *p, ss_node **node)
{
    int found = 1;

    for (int n = 0; found; n++) {
        int rc;

        if (n == MAX_STACKED)
            return fail(p, p->scan.at, "too many repeats of one item");
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
static int parse_quoted(parser *p, ss_node *seq, ss_node **tail)
{
    ss_node *node = NULL;
    int rc;

    p->scan.at += 2;
    while (peek(p) && !(peek(p) == '\\' && peek_at(p, 1) == 'E')) {
        if (node)
            append(seq, tail, node);
        rc = new_byte(p, &node, peek(p), p->scan.at);
        if (rc)
            return rc;
        p->scan.at++;
    }
    if (peek(p))
        p->scan.at += 2;
    if (!node)
        return 0;
    rc = parse_repeats(p, &node);
    if (rc)
        return rc;
    append(seq, tail, node);
    return 0;
}

static int parse_item(parser *p, ss_node *seq, ss_node **tail)
{
    ss_node *node;
    int rc;

    if (peek(p) == '\\' && peek_at(p, 1) == 'Q')
        return parse_quoted(p, seq, tail);
    if (peek(p) == '\\' && peek_at(p, 1) == 'E') {
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

static int parse_sequence(parser *p, ss_node **out)
{
    ss_node *tail = NULL;
    int rc = new_node(p, out, SS_NODE_SEQ, p->scan.at);

    if (rc)
        return rc;
    for (;;) {
        skip_space(p);
        if (!peek(p) || peek(p) == '|' || peek(p) == ')')
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

static int parse_alternatives(parser *p, ss_node **out)
{
    ss_node *first, *last;
    int rc = parse_sequence(p, &first);

    if (rc)
        return rc;
    if (peek(p) != '|') {
        *out = first;
        return 0;
    }
    rc = new_node(p, out, SS_NODE_ALT, first->at);
    if (rc)
        return rc;
    (*out)->child = last = first;
    (*out)->width_min = UINT32_MAX;
    widen(*out, first);
    while (peek(p) == '|') {
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
    parser *p = ss_arena_alloc(arena, sizeof(*p));
    int rc;

    if (!p)
        return ss_fail_nomem(err);
    memset(p, 0, sizeof(*p));
    p->scan.text = (const uint8_t *)pattern;
    p->scan.err = err;
    p->arena = arena;
    p->now.caseless = flags & 1u;
    rc = parse_alternatives(p, &out->root);
    if (rc)
        return rc;
    if (peek(p))
        return fail(p, p->scan.at, "a parenthesis that was not opened");
    out->n_groups = p->n_groups;
    return 0;
}
