/*
 * marked.h: text in which a mark (% \ & =) begins what stands for another byte
 * or character. What all such encodings share: a region reaches from one escape
 * that is worth decoding to the last that follows closely; what is between is
 * plain.
 */
#ifndef SS_MARKED_H
#define SS_MARKED_H

#include "scan/decode.h"

/* One escape; len 0: what begins with the mark is plain. */
typedef struct ss_marked {
    size_t len;       /* of its text */
    uint8_t bytes[4]; /* what it stands for */
    size_t n_bytes;
    int is_worth; /* a token could hold it: why one decodes */
} ss_marked;

typedef struct ss_marking {
    uint8_t mark;
    /* The escape at `at`, where the mark stands; *out is zero before. */
    void (*read)(ss_bytes text, size_t at, ss_marked *out);
} ss_marking;

/* A printable character other than a blank. */
static inline int ss_is_graphic(uint32_t c)
{
    return c > 0x20 && c < 0x7f;
}

/* What tokens consist of. */
static inline int ss_is_token_byte(uint8_t c)
{
    return ss_is_alnum(c) || (c > ' ' && c < 0x7f && memchr("_-+/.~", c, 6));
}

/* The number in the `n` hex digits at `at`, or UINT32_MAX: fewer are there. */
uint32_t ss_marked_hex(ss_bytes text, size_t at, size_t n);
/* Set what `out`, of `len` bytes, stands for: one byte, or a character. */
void ss_marked_set_byte(ss_marked *out, size_t len, uint8_t byte);
void ss_marked_set(ss_marked *out, size_t len, uint32_t c);

/* As ss_decoder has them; the escape at `from` is known to be worth it. */
void ss_marked_find(const ss_marking *marking, ss_bytes text, size_t from,
                    ss_region *out);
int ss_marked_decode(const ss_marking *marking, ss_bytes in, ss_buf *out);
size_t ss_marked_locate(const ss_marking *marking, ss_bytes in, size_t at);

#endif
