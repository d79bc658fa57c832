/*
 * decode.c: the table of decoders.
 */
#include "decode.h"

/* One row a decoder: add yours here. */
static const ss_decoder_row rows[] = {
    {&ss_decoder_base64, SS_SIGHT_TOKEN},
    {&ss_decoder_hex, SS_SIGHT_HEX},
    {&ss_decoder_percent, SS_SIGHT_HUNDRED},
    {&ss_decoder_escape, SS_SIGHT_SLASH},
    {&ss_decoder_entity, SS_SIGHT_AMPERSAND},
    {&ss_decoder_quoted_printable, SS_SIGHT_EQUALS},
    {&ss_decoder_concatenation, SS_SIGHT_JOINT},
    {&ss_decoder_continuation, SS_SIGHT_LINE},
    {&ss_decoder_utf16, SS_SIGHT_WIDE16},
    {&ss_decoder_utf32, SS_SIGHT_WIDE32},
};

_Static_assert(sizeof(rows) / sizeof(*rows) == SS_N_DECODERS, "count them");

const ss_decoder_row *ss_decoder_rows(void)
{
    return rows;
}
