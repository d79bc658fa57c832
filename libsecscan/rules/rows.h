/*
 * rows.h: a TOML table into a C struct, one row a key. Unknown keys are errors
 * with a suggestion; what is not of a key's kind says what would be.
 */
#ifndef SS_ROWS_H
#define SS_ROWS_H

#include "base/arena.h"
#include "rules/note.h"
#include "rules/toml.h"

typedef enum ss_row_kind {
    SS_ROW_STRING,     /* const char * */
    SS_ROW_REGEX,      /* const char *, compiled by PCRE2 once to check it */
    SS_ROW_LIST,       /* const char *const *, and its uint16_t count */
    SS_ROW_LOWER_LIST, /* the same in lower case */
    SS_ROW_REGEX_LIST,
    SS_ROW_NUMBER,  /* uint32_t, at most `max` */
    SS_ROW_REAL,    /* double, at most `max` */
    SS_ROW_BOOL,    /* uint8_t */
    SS_ROW_WORD,    /* uint8_t: the index in `words` */
    SS_ROW_NESTED,  /* read by the caller */
    SS_ROW_IGNORED, /* known, means nothing here */
    SS_ROW_REFUSED  /* known, and not supported: an error */
} ss_row_kind;

typedef struct ss_row {
    const char *key;
    ss_row_kind kind;
    size_t offset;
    size_t count_offset;      /* of lists */
    uint32_t max;             /* of numbers */
    const char *const *words; /* ends with NULL */
} ss_row;

/* Where a string's text starts, and whether the bytes in the file are those of
 * the string, so that an offset in it is a place in the file. */
typedef struct ss_text_place {
    ss_toml_place start;
    int is_plain;
} ss_text_place;

typedef struct ss_rows_reader {
    ss_arena *arena;
    const char *file;
    ss_bytes text; /* of the file */
    uint32_t line; /* 0-based, of the place asked for last; it starts at: */
    size_t line_at;
    secscan_error *err;
    const ss_toml_node *fragments; /* a table; NULL: the file has none */
    ss_notes *notes;
    /* As gitleaks reads its files: patterns are RE2, what is unknown or has no
     * effect there is passed over with a note. */
    int is_gitleaks;
} ss_rows_reader;

/* Read `table` into `target`. at[i], if not NULL, is set for rows that were
 * there (the place of the value) and left alone for others. `what` names the
 * table in errors. */
int ss_rows_read(ss_rows_reader *reader, const ss_toml_node *table,
                 const char *what, const ss_row *rows, size_t n_rows,
                 void *target, ss_text_place *at);

/* The names in {{NAME}} that regular expressions of the file may use: texts
 * that take their place, before anything else reads them. */
int ss_rows_fragments(ss_rows_reader *reader, const ss_toml_node *table);

int ss_rows_fail(ss_rows_reader *reader, ss_toml_place place,
                 const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The place of byte `offset` of a string. */
ss_toml_place ss_text_place_at(const ss_text_place *place, const char *string,
                               size_t offset);

#endif
