/*
 * decode.c: the table of decoders.
 */
#include "decode.h"

#define REACH SS_SIGHT_REACH
/* A line, literal or element behind the region is looked at. */
#define LONG_REACH 8192u

/* One row a decoder: add yours here. */
static const ss_decoder_row rows[] = {
    {&ss_decoder_base64, SS_SIGHT_TOKEN, LONG_REACH},
    {&ss_decoder_hex, SS_SIGHT_HEX, REACH},
    {&ss_decoder_percent, SS_SIGHT_HUNDRED, REACH},
    {&ss_decoder_escape, SS_SIGHT_SLASH, REACH},
    {&ss_decoder_entity, SS_SIGHT_AMPERSAND, LONG_REACH},
    {&ss_decoder_quoted_printable, SS_SIGHT_EQUALS, REACH},
    {&ss_decoder_concatenation, SS_SIGHT_JOINT, LONG_REACH},
    {&ss_decoder_continuation, SS_SIGHT_LINE, LONG_REACH},
    {&ss_decoder_utf16, SS_SIGHT_WIDE16, REACH},
    {&ss_decoder_utf32, SS_SIGHT_WIDE32, REACH},
};

_Static_assert(sizeof(rows) / sizeof(*rows) == SS_N_DECODERS, "count them");

const ss_decoder_row *ss_decoder_rows(void)
{
    return rows;
}
