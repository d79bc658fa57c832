/*
 * check_json.h: JSON objects in base64, for the checks.
 */
#ifndef SS_CHECK_JSON_H
#define SS_CHECK_JSON_H

#include "base/bytes.h"

#include <jansson.h>

/* The object that `base64` decodes to, or NULL. json_decref when done. */
json_t *ss_check_object(ss_bytes base64);

#endif
