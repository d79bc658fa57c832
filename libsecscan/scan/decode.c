/*
 * decode.c: the table of decoders.
 */
#include "decode.h"

#define NEAR SS_SIGHT_REACH
#define FAR 8192u /* a line, literal or element behind it is looked at */

/* One row a decoder: add yours here. */
static const ss_decoder_row rows[] = {
    {&ss_decoder_base64, SS_SIGHT_TOKEN, FAR},
    {&ss_decoder_hex, SS_SIGHT_HEX, NEAR},
    {&ss_decoder_percent, SS_SIGHT_HUNDRED, NEAR},
    {&ss_decoder_escape, SS_SIGHT_SLASH, NEAR},
    {&ss_decoder_entity, SS_SIGHT_AMPERSAND, FAR},
    {&ss_decoder_quoted_printable, SS_SIGHT_EQUALS, NEAR},
    {&ss_decoder_concatenation, SS_SIGHT_JOINT, FAR},
    {&ss_decoder_continuation, SS_SIGHT_LINE, FAR},
    {&ss_decoder_utf16, SS_SIGHT_WIDE16, NEAR},
    {&ss_decoder_utf32, SS_SIGHT_WIDE32, NEAR},
};

_Static_assert(sizeof(rows) / sizeof(*rows) == SS_N_DECODERS, "count them");

const ss_decoder_row *ss_decoder_rows(void)
{
    return rows;
}
