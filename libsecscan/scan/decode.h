/*
 * decode.h: the table of decoders: text inside of a unit to what it hides.
 *
 * Each decoder is one file and one row. It finds the encoded text around a
 * place that caught the eye of find.c, decodes it, and says where in it a
 * decoded byte comes from. Pure functions: bytes in, bytes out.
 */
#ifndef SS_DECODE_H
#define SS_DECODE_H

#include "base/buf.h"
#include "base/encoding.h"
#include "scan/sight.h"

/* Encoded text goes no further: what is longer is decoded in pieces. */
#define SS_MAX_ENCODED ((size_t)16 << 20)

/* No, by bytes that may be anywhere. */
#define SS_DECODE_FAR (-1)
#define SS_DECODE_NEAR ((size_t)256)

typedef struct ss_region {
    size_t from, to; /* in the text */
} ss_region;

typedef struct ss_decoder {
    ss_encoding encoding;
    /* The encoded text that begins at or before `at` and is worth decoding: 1
     * with *out, else 0, or SS_DECODE_FAR. Nothing before `low` (<= at) may be
     * taken. It starts and ends with something encoded; the plain text around
     * it is the caller's. At most SS_MAX_ENCODED bytes, cut where decoding can
     * go on. out->to == text.len: more text might make it longer. Depends on
     * text.data[low - 1] on and on nothing before it; on nothing that is
     * further than SS_SIGHT_REACH in front of `at`, or its row's reach behind
     * the region; 0 depends on nothing further than SS_SIGHT_REACH from `at`.
     */
    int (*find)(ss_bytes text, size_t low, size_t at, ss_region *out);
    /* Append what `in`, a region, decodes to; plain bytes in it are copied.
     * Never more than 4 bytes for a byte. 0, or -1 when `out` is full. */
    int (*decode)(ss_bytes in, ss_buf *out);
    /* Where in `in` the text of the decoded byte `at` starts; of the byte one
     * past the last: where it ends. Never falls as `at` rises. */
    size_t (*locate)(ss_bytes in, size_t at);
} ss_decoder;

/* No, since [from, to) is not worth it. */
static inline int ss_decode_no(size_t from, size_t to)
{
    return to - from > SS_DECODE_NEAR ? SS_DECODE_FAR : 0;
}

extern const ss_decoder ss_decoder_base64, ss_decoder_hex, ss_decoder_percent,
    ss_decoder_escape, ss_decoder_entity, ss_decoder_quoted_printable,
    ss_decoder_concatenation, ss_decoder_continuation, ss_decoder_utf16,
    ss_decoder_utf32;

/* A decoder and what makes it look. */
typedef struct ss_decoder_row {
    const ss_decoder *decoder;
    ss_sight sight;
    size_t reach; /* bytes behind a region that its end may depend on */
} ss_decoder_row;

#define SS_N_DECODERS 10u
const ss_decoder_row *ss_decoder_rows(void); /* SS_N_DECODERS of them */

#endif
