/*
 * template.h: examples of credentials as templates, expanded with made-up
 * values: `ghp_{base62:30}{crc32}`. No ready-made credential has to stand in a
 * file.
 *
 *   {base62:N} {alnum:N} {base64:N} {base64url:N} {hex:N} {HEX:N} {digits:N}
 *   {lower:N} {upper:N} {upperalnum:N} {loweralnum:N} {base32:N}
 *   {base32lower:N}   N characters of that set
 *   {pass:N}          a password: both cases, digits, one of !@%^*-_
 *   {words:N}         N words
 *   {uuid}            version 4
 *   {repeat:C:N}      N times C
 *   {crc32}           6 base62 digits: CRC-32 of the expansion right before
 *   {crc32hex}        8 hex digits of it; {grafana-crc} little-endian, of
 *                     "glsa_" and it
 *   {jwt}             signed with HS256
 *   {pem:rsa} {pem:ec} {pem:pkcs8} {pem:openssh} {pem:pgp}  key blocks
 *   {b64:TEXT}        base64 of TEXT, which may hold placeholders
 *
 * `{{` is a brace; any other `{...}` is literal.
 */
#ifndef SS_TEMPLATE_H
#define SS_TEMPLATE_H

#include "base/buf.h"

/* Append the expansion. The same seed gives the same bytes. 0, or -1 when
 * memory or the maximum of `out` ends. */
int ss_template_expand(ss_buf *out, ss_bytes text, uint64_t seed);

#endif
