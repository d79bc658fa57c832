/*
 * payload.h: is what digits (base64, hex) decode to worth decoding? Only its
 * first bytes are asked.
 */
#ifndef SS_PAYLOAD_H
#define SS_PAYLOAD_H

#include "base/bytes.h"

#define SS_PAYLOAD_HEAD 12u /* decoded bytes that settle it */
#define SS_PAYLOAD_MIN 10u  /* of text that is no longer */

/* What a byte may be in text. */
typedef enum ss_text_byte {
    SS_BYTE_OTHER,
    SS_BYTE_ASCII, /* printable, tab or line end */
    SS_BYTE_LEAD,  /* the first of a character in UTF-8 */
    SS_BYTE_REST   /* another of one */
} ss_text_byte;

static inline ss_text_byte ss_text_byte_of(uint8_t c)
{
    if (c < 0x80)
        return (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\n' || c == '\r'
                   ? SS_BYTE_ASCII
                   : SS_BYTE_OTHER;
    if (c < 0xc0)
        return SS_BYTE_REST;
    return c >= 0xc2 && c < 0xf5 ? SS_BYTE_LEAD : SS_BYTE_OTHER;
}

extern const uint8_t ss_payload_starts[3][256];

/* Says no to nearly all that is neither of the two below, at once. */
static inline int ss_payload_may_start(uint8_t a, uint8_t b, uint8_t c)
{
    return ss_payload_starts[0][a] & ss_payload_starts[1][b] &
           ss_payload_starts[2][c];
}

/* Printable ASCII, tabs and line ends alone. */
int ss_payload_is_ascii(ss_bytes s);
/* The head, SS_PAYLOAD_MIN bytes or more, is of text: UTF-8, UTF-16 or 32. */
int ss_payload_is_text(ss_bytes head);
/* It is of what secrets are embedded in: an archive, a database, a key ... */
int ss_payload_is_known(ss_bytes head);

#endif
