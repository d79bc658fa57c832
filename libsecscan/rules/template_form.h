/*
 * template_form.h: made-up values with a structure of their own, for
 * template.c.
 */
#ifndef SS_TEMPLATE_FORM_H
#define SS_TEMPLATE_FORM_H

#include "base/buf.h"

/* splitmix64: not for secrets, but the same everywhere. */
typedef struct ss_prng {
    uint64_t state;
} ss_prng;

uint32_t ss_prng_below(ss_prng *prng, uint32_t n);

/* `url`: the URL-safe alphabet, no padding. */
void ss_form_base64(ss_buf *out, ss_bytes data, int url);
void ss_form_uuid(ss_buf *out, ss_prng *prng);
void ss_form_jwt(ss_buf *out, ss_prng *prng);
/* 0 when there is no such kind of block. */
int ss_form_pem(ss_buf *out, ss_prng *prng, ss_bytes kind);

#endif
