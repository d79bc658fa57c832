/*
 * sight.h: places in a text that look as if something encoded began there. One
 * fast pass; decoders then take a closer look.
 */
#ifndef SS_SIGHT_H
#define SS_SIGHT_H

#include "base/bytes.h"
#include "base/vec.h"

typedef enum ss_sight {
    /* First of 16 or more of [A-Za-z0-9+/_=-], or of those behind = or /, that
     * may begin base64. */
    SS_SIGHT_TOKEN,
    SS_SIGHT_HEX,       /* the same, with as many digits as hex of text has */
    SS_SIGHT_SLASH,     /* a backslash and one of uUxX015 */
    SS_SIGHT_HUNDRED,   /* a percent sign and two hex digits */
    SS_SIGHT_AMPERSAND, /* & and # or a letter */
    SS_SIGHT_EQUALS,    /* = and two of 0-9A-F, or a line end */
    /* A quote behind a letter, digit or one of + / _ = -, and, over blanks and
     * operators, another one with no blank behind it. */
    SS_SIGHT_JOINT,
    SS_SIGHT_LINE,   /* a backslash between a token byte and a line end */
    SS_SIGHT_WIDE16, /* first of 8 or more ASCII characters of two bytes */
    SS_SIGHT_WIDE32, /* of 6 or more of four bytes */
    SS_N_SIGHTS
} ss_sight;

typedef SS_VEC(size_t) ss_sight_places;

typedef struct ss_sights {
    /* In order; of wide characters that may be read in two ways, the likelier
     * one first. */
    ss_sight_places of[SS_N_SIGHTS];
    int has_zeros; /* wide characters are seen where their text begins, which
                      may be anywhere */
} ss_sights;

/* How far behind a place it is looked at. */
#define SS_SIGHT_REACH 1024u

/* See the places in [from, to), too. Depends on the bytes from SS_SIGHT_REACH
 * before `from` to SS_SIGHT_REACH behind `to` and nothing else. 0, or -1 when
 * out of memory. */
int ss_sights_add(ss_sights *sights, ss_bytes text, size_t from, size_t to);
/* Those, and no others any more. */
int ss_sights_take(ss_sights *sights, ss_bytes text, size_t from, size_t to);
void ss_sights_release(ss_sights *sights);

#endif
