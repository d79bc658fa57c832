/*
 * syntax_scan.h: the reading position that syntax.c and syntax_set.c share.
 */
#ifndef SS_SYNTAX_SCAN_H
#define SS_SYNTAX_SCAN_H

#include "rules/syntax.h"

typedef struct ss_syntax_scan {
    const uint8_t *text; /* NUL-terminated */
    size_t at;
    secscan_error *err;
} ss_syntax_scan;

/* SECSCAN_ERR_RULE at a place of the pattern. */
int ss_syntax_fail(ss_syntax_scan *scan, size_t at, const char *what);
/* A class, the position just past its `[`. */
int ss_syntax_class(ss_syntax_scan *scan, ss_byte_set *out, int is_caseless);
/* An escape that stands for one byte, the position just past its backslash. The
 * set of \d and the like; *is_known is 0 when it is none of these. */
int ss_syntax_escape(ss_syntax_scan *scan, ss_byte_set *out, int *is_known);
void ss_byte_set_fold(ss_byte_set *set);
void ss_byte_set_all(ss_byte_set *set);

#endif
