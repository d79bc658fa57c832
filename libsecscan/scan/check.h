/*
 * check.h: offline proofs of form: checksums and structure, by name.
 * A check that fails demotes (shared/checksums.md says which may), and never
 * drops silently unless the vendor's format makes the bytes impossible.
 */
#ifndef SS_CHECK_H
#define SS_CHECK_H

#include "base/bytes.h"

typedef struct ss_check_result {
    uint32_t min_password_len; /* asked for by the caller; 0: nothing is */
    enum {
        SS_CHECK_UNSURE,
        SS_CHECK_PASS,
        SS_CHECK_FAIL,
        SS_CHECK_WEAK,
        SS_CHECK_OVER,  /* it was one: only worth knowing of */
        SS_CHECK_NEVER, /* no credential of this kind can have these bytes */
        SS_CHECK_LAST = SS_CHECK_NEVER
    } is;
    uint8_t evidence; /* secscan_evidence when it passes */
    char reason[120]; /* one line, no scanned bytes beyond public facts */
} ss_check_result;

typedef void (*ss_check_fn)(ss_bytes secret, ss_bytes match,
                            ss_check_result *result);

/* NULL when no check has that name. `result` comes zeroed, but for what the
 * caller asks for. */
ss_check_fn ss_check_find(const char *name);
/* The i-th name in their order, NULL behind the last. */
const char *ss_check_name(size_t i);

/* CRC-32 (IEEE 802.3), as every family of checksums.md uses it. */
uint32_t ss_crc32(ss_bytes s);
/* `n` digits of `value` in base62 (0-9A-Za-z), most significant first. */
void ss_base62(char *out, size_t n, uint32_t value);

#endif
