/*
 * setting.c: the assignment around a value, read backwards from it.
 */
#include "scan/setting.h"

#include "scan/word.h"

static int is_quote(uint8_t c)
{
    return c == '"' || c == '\'' || c == '`';
}

static int is_space(uint8_t c)
{
    return c == ' ' || c == '\t';
}

static int is_name_byte(uint8_t c)
{
    return ss_is_alnum(c) || c == '_' || c == '-' || c == '$' || c == '@';
}

/* `to` is an end: the byte that counts stands before it. */
static size_t skip_spaces_back(ss_bytes line, size_t to)
{
    while (to > 0 && is_space(line.data[to - 1]))
        to--;
    return to;
}

/* Quotes may stand escaped in a string in a string. */
static size_t skip_quote_back(ss_setting *s, size_t to)
{
    if (to == 0 || !is_quote(s->line.data[to - 1]))
        return to;
    s->quote = s->line.data[to - 1];
    while (to > 0 && is_quote(s->line.data[to - 1]))
        to--;
    while (to > 0 && s->line.data[to - 1] == '\\')
        to--;
    return to;
}

/* b"", r"", f"", u"", L"", @"", $"": one or two marks of a literal. */
static size_t skip_marks_back(ss_bytes line, size_t to)
{
    size_t from = to;

    while (from > 0 && to - from < 2 &&
           memchr("bBrRuUfFL@$&", line.data[from - 1], 12))
        from--;
    if (from > 0 && is_name_byte(line.data[from - 1]))
        return to;
    return from;
}

static size_t name_start(ss_bytes line, size_t to)
{
    while (to > 0 && is_name_byte(line.data[to - 1]))
        to--;
    return to;
}

/* The part of a name that ends at `to`, brackets and quotes around it skipped:
 * password, "password", ["password"], :password, <password>. */
static size_t take_name(ss_setting *s, size_t to)
{
    size_t from;

    to = skip_spaces_back(s->line, to);
    while (to > 0 &&
           (is_quote(s->line.data[to - 1]) || s->line.data[to - 1] == ']' ||
            s->line.data[to - 1] == '\\' || s->line.data[to - 1] == '?'))
        to--;
    from = name_start(s->line, to);
    s->name = (ss_bytes){s->line.data + from, to - from};
    return from;
}

static void take_owner(ss_setting *s, size_t to)
{
    size_t from = to;

    while (from > 0 && (is_name_byte(s->line.data[from - 1]) ||
                        memchr(".:>\"'[", s->line.data[from - 1], 6)))
        from--;
    s->owner = (ss_bytes){s->line.data + from, to - from};
}

/* The type between a name and its value: `name: str = `, `name: &'static str =
 * `; not the word before in `config:set NAME=`. */
static int is_type_behind_colon(ss_bytes line, size_t from, size_t *colon)
{
    size_t at = from;

    while (at > 0 && (memchr("&'[]<>|?,.", line.data[at - 1], 10) ||
                      is_name_byte(line.data[at - 1])))
        at--;
    at = skip_spaces_back(line, at);
    if (at >= 8 && !memcmp(line.data + at - 8, "&'static", 8))
        at = skip_spaces_back(line, at - 8);
    if (at < 2 || line.data[at - 1] != ':' || line.data[at - 2] == ':')
        return 0;
    *colon = at - 1;
    /* PowerShell's $env:NAME = is a scope and a name, not a type. */
    return is_name_byte(line.data[at - 2]) &&
           line.data[name_start(line, at - 1)] != '$';
}

/* What stands before the operator, given its first byte's place. */
static void take_names(ss_setting *s, size_t to)
{
    size_t from = take_name(s, to);
    size_t colon;

    if (s->op == '=' && is_type_behind_colon(s->line, from, &colon))
        from = take_name(s, colon);
    take_owner(s, from);
}

/* = := => ?= ||= += -> are assignments, == != === comparisons. */
static size_t take_operator(ss_setting *s, size_t to)
{
    const uint8_t *d = s->line.data;
    uint8_t last = to > 0 ? d[to - 1] : 0;
    size_t from = to;

    while (from > 0 && memchr("=:!?|+<>~", d[from - 1], 9))
        from--;
    if (from == to && to >= 2 && last == '-' && d[to - 2] == ':') {
        s->op = '='; /* ${NAME:-value} */
        return to - 2;
    }
    if (from == to) {
        s->op = last == '(' || last == '[' || last == ',' ? last : 0;
        return to;
    }
    if (last == '=' && to - from >= 2 && memchr("=!<>~", d[to - 2], 5))
        s->op = 'c';
    else if (last == '>' && d[to - 2 < to ? to - 2 : 0] != '=')
        s->op = '>';
    else
        s->op = last == ':' && to - from == 1 ? ':' : '=';
    return from;
}

/* f(x, "value"): the name of f, and whether there are others before. */
static void take_call(ss_setting *s, size_t to)
{
    size_t depth = 0, from;

    s->is_first_argument = s->op == '(' || s->op == '[';
    for (; to > 0; to--) {
        uint8_t c = s->line.data[to - 1];

        if (c == ')' || c == ']')
            depth++;
        else if ((c == '(' || c == '[') && depth-- == 0)
            break;
    }
    if (to == 0)
        return;
    to = skip_spaces_back(s->line, to - 1);
    from = to;
    while (from > 0 && (is_name_byte(s->line.data[from - 1]) ||
                        memchr(".:>!?", s->line.data[from - 1], 5)))
        from--;
    s->call = (ss_bytes){s->line.data + from, to - from};
}

/* password = Some("value"): the call is between the operator and the value. */
static void take_name_of_call(ss_setting *s)
{
    size_t to = (size_t)(s->call.data - s->line.data);
    uint8_t op = s->op;

    if (!s->call.len)
        return;
    if (to >= 2 && !memcmp(s->line.data + to - 2, "[]", 2))
        to -= 2; /* Go's []byte("value") */
    to = skip_spaces_back(s->line, to);
    to = take_operator(s, to);
    if (s->op == '=' || s->op == ':')
        take_names(s, to);
    s->op = op;
}

/* #define NAME value, ENV NAME value: the word before a name that has no
 * operator behind it. */
static int is_defined(ss_bytes line, size_t from)
{
    static const char *const words[] = {"define", "env", "setenv", "setx"};
    size_t to = skip_spaces_back(line, from);
    size_t at = name_start(line, to);

    return to < from && ss_word_in((ss_bytes){line.data + at, to - at}, words,
                                   sizeof(words) / sizeof(words[0]));
}

/* --password value, -p value: the option is the name. */
static void take_option(ss_setting *s, size_t to)
{
    size_t from = name_start(s->line, to);

    if (from == to ||
        (s->line.data[from] != '-' && !is_defined(s->line, from)) ||
        to == (size_t)(s->value.data - s->line.data))
        return;
    s->op = ' ';
    s->name = (ss_bytes){s->line.data + from, to - from};
}

/* "the password is value", "password was: value": prose. */
static int take_prose(ss_setting *s, size_t to)
{
    static const char *const verbs[] = {"is", "was"};
    size_t verb_to, verb, name_to;

    while (to > 0 && memchr(" \t:`\"'", s->line.data[to - 1], 6))
        to--;
    verb_to = to;
    verb = name_start(s->line, to);
    name_to = skip_spaces_back(s->line, verb);
    if (name_to == verb ||
        !ss_word_in((ss_bytes){s->line.data + verb, verb_to - verb}, verbs, 2))
        return 0;
    s->op = 'p';
    s->quote = 0;
    take_name(s, name_to);
    return 1;
}

static uint8_t byte_behind(const ss_setting *s, size_t to)
{
    while (to < s->line.len && s->line.data[to] == '\\')
        to++;
    if (s->quote && to < s->line.len && s->line.data[to] == s->quote)
        to++;
    while (to < s->line.len && is_space(s->line.data[to]))
        to++;
    return to < s->line.len ? s->line.data[to] : 0;
}

ss_setting ss_setting_at(ss_bytes line, size_t value_at, size_t value_len)
{
    ss_setting s = {.line = line, .value = {line.data + value_at, value_len}};
    size_t to = skip_quote_back(&s, value_at);

    if (s.quote)
        to = skip_marks_back(line, to);
    to = skip_spaces_back(line, to);
    s.before = to > 0 ? line.data[to - 1] : 0;
    s.after = byte_behind(&s, value_at + value_len);
    if (take_prose(&s, to))
        return s;
    to = take_operator(&s, to);
    if (s.op == '(' || s.op == '[' || s.op == ',')
        take_call(&s, to);
    if (s.is_first_argument)
        take_name_of_call(&s);
    else if (s.op == ',') /* set("db.password", "value"): the one before */
        take_names(&s, to - 1);
    else if (s.op)
        take_names(&s, to);
    else
        take_option(&s, to);
    return s;
}
