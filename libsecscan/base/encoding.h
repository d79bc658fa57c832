/*
 * encoding.h: the names of what bytes were decoded from, and chains of them.
 */
#ifndef SS_ENCODING_H
#define SS_ENCODING_H

#include <stddef.h>
#include <stdint.h>

#define SS_MAX_ENCODINGS 16u /* the largest max_depth */

typedef enum ss_encoding {
    SS_ENCODING_BASE64,
    SS_ENCODING_HEX,
    SS_ENCODING_PERCENT,
    SS_ENCODING_ESCAPE, /* \u, \x, octal */
    SS_ENCODING_ENTITY,
    SS_ENCODING_QUOTED_PRINTABLE,
    SS_ENCODING_CONCATENATION,
    SS_ENCODING_UTF16,
    SS_ENCODING_UTF32,
    /* Streams: the encoding of an ss_container_kind. */
    SS_ENCODING_GZIP,
    SS_ENCODING_ZLIB,
    SS_ENCODING_BZIP2,
    SS_ENCODING_XZ,
    SS_ENCODING_ZSTD,
    SS_ENCODING_LZ4,
    SS_ENCODING_LZMA,
    SS_ENCODING_LZIP,
    SS_ENCODING_COMPRESS,
    SS_N_ENCODINGS
} ss_encoding;

/* Outermost first. */
typedef struct ss_encodings {
    uint8_t n;
    uint8_t at[SS_MAX_ENCODINGS];
} ss_encodings;

/* One more, around all. */
void ss_encodings_put(ss_encodings *encodings, ss_encoding outermost);

/* "base64", "quoted-printable" ...; static. */
const char *ss_encoding_name(ss_encoding encoding);

#endif
