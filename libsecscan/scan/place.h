/*
 * place.h: offset to line and column, counted forward as chunks retire.
 */
#ifndef SS_PLACE_H
#define SS_PLACE_H

#include "base/bytes.h"

/* Position in a text: 0-based counts of what lies before. */
typedef struct ss_place {
    uint64_t offset; /* bytes */
    uint64_t line;   /* newlines */
    uint64_t column; /* code points since the last newline */
    uint64_t utf16;  /* UTF-16 code units; counted when has_utf16 */
    int has_utf16;   /* the unit was decoded from it */
} ss_place;

/* Move `place` over `bytes`. */
void ss_place_advance(ss_place *place, ss_bytes bytes);

/* Back over the bytes in front of it, among which is no newline. */
void ss_place_retreat(ss_place *place, ss_bytes bytes);

#endif
