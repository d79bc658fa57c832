/*
 * known.h: forms of values that are something else than a credential: paths,
 * names, versions, addresses, public keys, digests. From the value alone.
 */
#ifndef SS_KNOWN_H
#define SS_KNOWN_H

#include "base/bytes.h"

int ss_is_known_form(ss_bytes value);
/* Made of words, as names are: most letters are in wordlike runs. */
int ss_is_wordy(ss_bytes value);
/* The printable text that `value` is base64 of: its length, or SIZE_MAX when it
 * is none or does not fit. */
#define SS_BASE64_TEXT 96u
size_t ss_text_in_base64(uint8_t out[SS_BASE64_TEXT], ss_bytes value);
int ss_is_uuid(ss_bytes value);
int ss_is_hex(ss_bytes value);

#endif
