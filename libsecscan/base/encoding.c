/*
 * encoding.c: names.
 */
#include "encoding.h"

#include "base/error.h"

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
