/*
 * syntax_parser.h: the state of one reading of a pattern, and the steps that
 * the files of the reader share.
 */
#ifndef SS_SYNTAX_PARSER_H
#define SS_SYNTAX_PARSER_H

#include "rules/syntax_scan.h"

#define SS_MAX_PATTERN_GROUPS 256u

typedef struct ss_syntax_options {
    uint8_t caseless, dotall, multiline, extended, no_capture;
} ss_syntax_options;

typedef struct ss_syntax_group_name {
    const uint8_t *name;
    size_t len;
    uint32_t number;
} ss_syntax_group_name;

typedef struct ss_syntax_parser {
    ss_syntax_scan scan;
    ss_arena *arena;
    ss_syntax_options now;
    uint32_t n_groups;
    ss_node *groups[SS_MAX_PATTERN_GROUPS]; /* closed ones, by number */
    ss_syntax_group_name names[SS_MAX_PATTERN_GROUPS];
    uint32_t n_names;
    int depth;
} ss_syntax_parser;

static inline uint8_t ss_syntax_peek(const ss_syntax_parser *p)
{
    return p->scan.text[p->scan.at];
}

static inline uint8_t ss_syntax_peek_at(const ss_syntax_parser *p, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (!p->scan.text[p->scan.at + k])
            return 0;
    }
    return p->scan.text[p->scan.at + i];
}

/* Nodes (syntax_node.c); `at` is their place in the pattern. */
int ss_syntax_node(ss_syntax_parser *p, ss_node **out, ss_node_kind kind,
                   size_t at);
int ss_syntax_set(ss_syntax_parser *p, ss_node **out, const ss_byte_set *set,
                  size_t at);
int ss_syntax_byte(ss_syntax_parser *p, ss_node **out, uint8_t c, size_t at);
int ss_syntax_dot(ss_syntax_parser *p, ss_node **out, size_t at);
/* A node around a child, `min` to `max` times. */
int ss_syntax_repeat(ss_syntax_parser *p, ss_node **out, ss_node *child,
                     uint32_t min, uint32_t max, size_t at);
/* An edge by its letter: b, B, A, z ... or ^ and $. */
int ss_syntax_edge(ss_syntax_parser *p, ss_node **out, ss_node_kind kind,
                   uint8_t c, size_t at);

/* Steps, each at its first byte (syntax_escape.c, syntax_group.c, syntax.c). */
int ss_syntax_parse_escape(ss_syntax_parser *p, ss_node **out);
int ss_syntax_parse_group(ss_syntax_parser *p, ss_node **out);
int ss_syntax_alternatives(ss_syntax_parser *p, ss_node **out);
/* A group's name up to `end`, and a back-reference by such a name. */
int ss_syntax_name(ss_syntax_parser *p, uint8_t end, const uint8_t **name,
                   size_t *len);
int ss_syntax_named_reference(ss_syntax_parser *p, ss_node **out, uint8_t end,
                              size_t at);

#endif
