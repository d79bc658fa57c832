/*
 * toml.h: a small C face over toml++: what a document holds, and where.
 * Nodes belong to the document. No exception leaves toml.cpp.
 */
#ifndef SS_TOML_H
#define SS_TOML_H

#include "base/error.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ss_toml ss_toml;
typedef struct ss_toml_node ss_toml_node;

typedef enum ss_toml_kind {
    SS_TOML_TABLE,
    SS_TOML_ARRAY,
    SS_TOML_STRING,
    SS_TOML_INTEGER,
    SS_TOML_FLOAT,
    SS_TOML_BOOL,
    SS_TOML_TIME
} ss_toml_kind;

/* 1-based; columns count code points. */
typedef struct ss_toml_place {
    uint32_t line, column;
} ss_toml_place;

typedef struct ss_toml_key {
    const char *text; /* not NUL-terminated */
    size_t len;
    ss_toml_place place;
} ss_toml_key;

/* `name` is what errors call the text: "name:line:column: ...". */
int ss_toml_parse(ss_toml **out, const char *text, size_t len, const char *name,
                  secscan_error *err);
void ss_toml_free(ss_toml *toml);

const ss_toml_node *ss_toml_root(const ss_toml *toml); /* a table */
ss_toml_kind ss_toml_kind_of(const ss_toml_node *node);
ss_toml_place ss_toml_place_of(const ss_toml_node *node);

/* Entries of a table or items of an array; 0 for anything else. */
size_t ss_toml_count(const ss_toml_node *node);
const ss_toml_node *ss_toml_item(const ss_toml_node *array, size_t index);
/* In order of keys. `key` may be NULL. */
const ss_toml_node *ss_toml_entry(const ss_toml_node *table, size_t index,
                                  ss_toml_key *key);
/* ASCII case ignored, as gitleaks reads keys; NULL when absent. */
const ss_toml_node *ss_toml_get(const ss_toml_node *table, const char *key);

/* Each returns 1 when the node is of the kind, else 0. A string is followed by
 * a NUL. An integer passes as a float. */
int ss_toml_string(const ss_toml_node *node, const char **text, size_t *len);
int ss_toml_integer(const ss_toml_node *node, int64_t *value);
int ss_toml_float(const ss_toml_node *node, double *value);
int ss_toml_bool(const ss_toml_node *node, int *value);

#ifdef __cplusplus
}
#endif
#endif
