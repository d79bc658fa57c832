/*
 * encoding.c: names.
 */
#include "encoding.h"

#include "base/error.h"

#include <string.h>

const char *ss_encoding_name(ss_encoding encoding)
{
    static const char *const names[SS_N_ENCODINGS] = {"base64",
                                                      "hex",
                                                      "percent",
                                                      "escape",
                                                      "entity",
                                                      "quoted-printable",
                                                      "concatenation",
                                                      "utf-16",
                                                      "utf-32",
                                                      "gzip",
                                                      "zlib",
                                                      "bzip2",
                                                      "xz",
                                                      "zstd",
                                                      "lz4",
                                                      "lzma",
                                                      "lzip",
                                                      "compress"};

    ss_assert(encoding < SS_N_ENCODINGS);
    return names[encoding];
}

void ss_encodings_put(ss_encodings *encodings, ss_encoding outermost)
{
    size_t n =
        encodings->n < SS_MAX_ENCODINGS ? encodings->n : SS_MAX_ENCODINGS - 1;

    memmove(encodings->at + 1, encodings->at, n);
    encodings->at[0] = (uint8_t)outermost;
    encodings->n = (uint8_t)(n + 1);
}
