/*
 * loose.h: one loose object: a file that is a zlib stream of "type size\0" and
 * the object's bytes. Bytes in, bytes out; opens nothing.
 */
#ifndef SS_LOOSE_H
#define SS_LOOSE_H

#include "source/inflate.h"
#include "source/pack.h"

#define SS_LOOSE_HEAD 64u /* more than any header has */

typedef struct ss_loose {
    ss_object_kind kind;
    uint64_t size;   /* of the object, as the header states it */
    size_t head_len; /* of the header, its NUL included */
} ss_loose;

/* The header, from the first bytes of the file (512 are enough). A wrong one is
 * SECSCAN_ERR_CORRUPT. */
int ss_loose_open(ss_loose *out, ss_bytes file, secscan_error *err);
/* How long a file that holds such an object can be. */
uint64_t ss_loose_max_file(const ss_loose *loose);
/* The object out of the whole file: out[loose.head_len + loose.size], the
 * header first. SECSCAN_ERR_CORRUPT when it is not exactly as long. */
int ss_loose_read(const ss_loose *loose, ss_inflater *inflater, ss_bytes file,
                  uint8_t *out, secscan_error *err);

#endif
