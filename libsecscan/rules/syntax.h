/*
 * syntax.h: the text of a PCRE2 regular expression as a tree, in bytes. Flags
 * are folded in: a leaf is the set of bytes it takes, whatever the spelling.
 */
#ifndef SS_SYNTAX_H
#define SS_SYNTAX_H

#include "base/arena.h"
#include "base/error.h"

#define SS_REPEAT_FOREVER UINT32_MAX

typedef struct ss_byte_set {
    uint64_t bits[4];
} ss_byte_set;

static inline int ss_byte_set_has(const ss_byte_set *set, unsigned c)
{
    return (int)(set->bits[c >> 6 & 3] >> (c & 63) & 1);
}
static inline void ss_byte_set_add(ss_byte_set *set, unsigned c)
{
    set->bits[c >> 6 & 3] |= (uint64_t)1 << (c & 63);
}

typedef enum ss_node_kind {
    SS_NODE_SET,    /* one byte of `set` */
    SS_NODE_SEQ,    /* the children one after the other; none: empty */
    SS_NODE_ALT,    /* one of the children */
    SS_NODE_REPEAT, /* the child, `min` to `max` times */
    SS_NODE_GROUP,  /* the child, captured as `group` */
    SS_NODE_AHEAD,  /* look-ahead at the child, width 0 */
    SS_NODE_BEHIND, /* look-behind */
    SS_NODE_WORD,   /* \b and \B (`is_negated`) */
    SS_NODE_START,  /* ^ \A \G */
    SS_NODE_END     /* $ \z \Z */
} ss_node_kind;

typedef struct ss_node ss_node;
struct ss_node {
    ss_node_kind kind;
    uint32_t at;                   /* offset in the pattern */
    uint32_t min, max;             /* of SS_NODE_REPEAT */
    uint32_t width_min, width_max; /* bytes; UINT32_MAX: no bound */
    uint32_t group;
    uint8_t is_negated;
    uint8_t is_caseless; /* the set was folded under (?i) */
    ss_byte_set set;
    ss_node *child; /* first */
    ss_node *next;  /* sibling */
};

typedef struct ss_syntax {
    ss_node *root;
    uint32_t n_groups;
} ss_syntax;

/* The tree is in the arena. A pattern that cannot be understood is
 * SECSCAN_ERR_RULE; err->column is the 1-based byte of the pattern. */
int ss_syntax_parse(ss_syntax *out, const char *pattern, uint32_t flags,
                    ss_arena *arena, secscan_error *err);

/* The one byte of a set; -1 when it has none or several. */
int ss_byte_set_single(const ss_byte_set *set);
/* Widths saturate at UINT32_MAX, which means no bound. */
uint32_t ss_width_add(uint32_t a, uint32_t b);
uint32_t ss_width_mul(uint32_t a, uint32_t n);

#endif
