/*
 * origin.h: where a unit's bytes come from.
 */
#ifndef SS_ORIGIN_H
#define SS_ORIGIN_H

#include "base/bytes.h"

#include <secscan.h>

#define SS_OID_MAX 32u /* SHA-256 */

typedef struct ss_oid {
    uint8_t id[SS_OID_MAX]; /* the bytes past the repository's length are 0 */
} ss_oid;

#define SS_OID_TEXT (2 * SS_OID_MAX + 1)

typedef struct ss_origin {
    const char *path;   /* NUL-terminated; NULL when there is none */
    const char *object; /* hex id; NULL outside git */
    secscan_source source;
} ss_origin;

#endif
