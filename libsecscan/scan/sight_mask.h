/*
 * sight_mask.h: 64 bytes of text to one bit a byte and class.
 */
#ifndef SS_SIGHT_MASK_H
#define SS_SIGHT_MASK_H

#include <stddef.h>
#include <stdint.h>

#define SS_SIGHT_BLOCK 64u
#define SS_SIGHT_MARGIN 2u /* bytes that are read behind the blocks */

/* Bit i: byte i is one. */
typedef struct ss_sight_mask {
    uint64_t token; /* A-Z a-z 0-9 + / _ = - */
    /* What may begin an escape, by itself and the byte behind it; a quote in
     * front of a gap and then a gap or a quote. Gaps are blanks, line ends, +
     * . and & */
    uint64_t mark;
    uint64_t zero;
} ss_sight_mask;

/* Of `n` blocks, and of SS_SIGHT_MARGIN bytes behind them. */
typedef void (*ss_sight_mask_fn)(ss_sight_mask *out, const uint8_t *text,
                                 size_t n);

/* What this processor does fastest. */
ss_sight_mask_fn ss_sight_mask_choose(void);
/* What any processor can: for the rest, and for comparison. */
void ss_sight_mask_plain(ss_sight_mask *out, const uint8_t *text, size_t n);

#endif
