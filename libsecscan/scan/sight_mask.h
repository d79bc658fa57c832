/*
 * sight_mask.h: text to bits, one a byte, where something may begin.
 */
#ifndef SS_SIGHT_MASK_H
#define SS_SIGHT_MASK_H

#include <stddef.h>
#include <stdint.h>

#define SS_SIGHT_BLOCK 64u  /* bytes; bit i of a word is byte i of its block */
#define SS_SIGHT_BLOCKS 64u /* looked at together */
/* Bytes that are read of all: what begins in a block may end in the next. */
#define SS_SIGHT_TEXT ((SS_SIGHT_BLOCKS + 1) * SS_SIGHT_BLOCK + 1)

/* A few more, so that four can be read from any. */
#define SS_SIGHT_WORDS (SS_SIGHT_BLOCKS + 8u)

typedef struct ss_sight_masks {
    /* Classes of bytes. */
    uint64_t token[SS_SIGHT_WORDS]; /* A-Z a-z 0-9 + / _ = - */
    uint64_t glue[SS_SIGHT_WORDS];  /* = / */
    uint64_t capital[SS_SIGHT_WORDS];
    uint64_t digit[SS_SIGHT_WORDS];
    uint64_t zero[SS_SIGHT_WORDS];
    uint64_t quote[SS_SIGHT_WORDS]; /* in front of a gap */
    /* \ % & or =, in front of what may make it one of sight.h; and sometimes of
     * other bytes. */
    uint64_t mark[SS_SIGHT_WORDS];
    /* The first of 16 tokens or more, or one of those behind glue. Among the 16
     * are a capital, or three digits with a byte between each two: all others
     * are names. */
    uint64_t run[SS_SIGHT_BLOCKS];
    uint64_t digits[SS_SIGHT_BLOCKS]; /* of those: there are the three digits */
    /* A quote between a token and a gap. */
    uint64_t joint[SS_SIGHT_BLOCKS];
} ss_sight_masks;

/* Of `n` blocks, at most SS_SIGHT_BLOCKS; one block and one byte behind them
 * are read, too. `before` is the byte in front; 0: none. */
typedef void (*ss_sight_mask_fn)(ss_sight_masks *out, const uint8_t *text,
                                 size_t n, uint8_t before);

/* The i-th of the ways that this processor has, the fastest first; NULL past
 * the end. They say the same. */
ss_sight_mask_fn ss_sight_mask_at(size_t i);
/* What any processor can. */
void ss_sight_mask_plain(ss_sight_masks *out, const uint8_t *text, size_t n,
                         uint8_t before);

#endif
