/*
 * entry.h: one line of .secscanignore and of a baseline: a secret, by its
 * fingerprint, and where it is no news. docs/suppression.md has the grammar.
 */
#ifndef SS_ENTRY_H
#define SS_ENTRY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"

typedef enum ss_entry_status {
    SS_ENTRY_NONE = 0, /* a comment, or blank */
    SS_ENTRY_READ,
    SS_ENTRY_BAD /* *why says what is wrong: static text */
} ss_entry_status;

/* One line, without its end. Strings of *out are in the arena. An
 * ss_entry_status, or SECSCAN_ERR_NOMEM. */
int ss_entry_parse(secscan_entry *out, ss_bytes line, ss_arena *arena,
                   const char **why);
/* The line of an entry, with its end: read again, it is the same. Nonzero when
 * out of memory. */
int ss_entry_write(ss_buf *out, const secscan_entry *entry);
/* NULL, or why it would not be read again: static text. */
const char *ss_entry_check(const secscan_entry *entry);

/* "2027-01-31" as 20270131; 0: no date. */
uint32_t ss_entry_day(const char *text);

#endif
