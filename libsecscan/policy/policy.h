/*
 * policy.h: all that hides findings, as one object: entries by fingerprint,
 * positions and secrets of gitleaks' files, marks in lines. Facts of a place
 * in, a verdict out; reads no git.
 */
#ifndef SS_POLICY_H
#define SS_POLICY_H

#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"
#include "rules/rule.h"

#include <stdatomic.h>

#define SS_MAX_POLICY_TEXT ((size_t)64 << 20)
#define SS_NO_ROW UINT32_MAX

/* One line of a file, or one finding of a gitleaks report. */
typedef struct ss_policy_row {
    secscan_entry entry; /* fingerprint NULL: found by position or secret */
    const char *file;    /* its name */
    const char *reason;  /* as findings tell it; never NULL */
    const char *commit;  /* only as that commit has it; NULL: any */
    uint32_t line;       /* in the file; 0: none */
    uint32_t next;       /* with the same key, or SS_NO_ROW */
    uint8_t kind;        /* secscan_policy_kind */
    uint8_t is_position; /* of gitleaks: path, rule and line */
    uint8_t has_ended;
} ss_policy_row;

struct secscan_policy {
    uint32_t flags, today;
    char *root;    /* absolute, no slash at its end; NULL: none */
    int is_in_git; /* the root is a work tree's */
    SS_VEC(ss_policy_row) rows;
    SS_VEC(secscan_note) notes; /* lines that are no entries, ended ones */
    ss_map fingerprints;        /* to the first row */
    ss_map positions;           /* "path:line" to the first row */
    ss_map secrets;             /* bytes to the first row */
    ss_arena arena;
    atomic_uint n_refs;
};

/* A place of a secret. */
typedef struct ss_policy_place {
    const char *fingerprint;
    ss_bytes secret;
    const ss_rule *rule;
    const char *path;    /* from the root; NULL: none */
    const char *source;  /* name of the secscan_source */
    uint64_t line;       /* of its start */
    uint64_t match_line; /* where the rule's match starts: gitleaks names it */
    /* Whether the place is what a commit has there; NULL: nobody knows. */
    int (*is_in)(void *ctx, const char *commit);
    void *ctx;
} ss_policy_place;

/* What hides it; `by` NULL: nothing. */
typedef struct ss_hider {
    const char *by; /* as in secscan_finding */
    const char *reason;
    int is_position; /* it names a line, which moves */
} ss_hider;

/* The files' verdict. used[row], if not NULL, is set for every row that hides
 * it. Nonzero when out of memory. */
int ss_policy_ask(ss_hider *out, const secscan_policy *policy, uint8_t *used,
                  const ss_policy_place *place);

/* The path of a file as a scan of files has it, from the root. What lies
 * outside stays as it is. NULL when out of memory. */
const char *ss_policy_path(const secscan_policy *policy, const char *path,
                           ss_arena *arena);

/* Is `path` all that entries may be about: a root outside of git? A history
 * may hold what its work tree does not. */
int ss_policy_is_all(const secscan_policy *policy, const char *path);

/* ---- for the readers of files ---- */

/* A row with its key; strings are the policy's. */
int ss_policy_add(secscan_policy *policy, ss_map *map, ss_bytes key,
                  const ss_policy_row *row);
int ss_policy_note(secscan_policy *policy, const char *kind, const char *file,
                   uint64_t line, const char *text);
/* "path:line" in the policy's arena; no data: out of memory. */
ss_bytes ss_policy_position(secscan_policy *policy, const char *path,
                            uint64_t line);

int ss_gitleaks_ignore_read(secscan_policy *policy,
                            const secscan_policy_text *text);
int ss_gitleaks_report_read(secscan_policy *policy,
                            const secscan_policy_text *text,
                            secscan_error *err);

/* An empty policy; the options, without texts and root. */
int ss_policy_new(secscan_policy **out, const secscan_policy_options *options,
                  secscan_error *err);
int ss_policy_read(secscan_policy *policy, const secscan_policy_text *text,
                   secscan_error *err);
uint32_t ss_policy_file_kind(size_t i); /* of secscan_policy_file */
/* The file's name, static, if `path` is one of those, or a configuration; else
 * NULL. */
const char *ss_policy_is_file(const char *path);
const char *ss_policy_is_config(const char *path);

/* ---- marks in lines ---- */

typedef enum ss_mark_status {
    SS_MARK_NONE = 0,
    SS_MARK_HIDES,
    SS_MARK_IDLE /* it is there and does not count */
} ss_mark_status;

typedef struct ss_mark {
    ss_mark_status status;
    ss_bytes reason; /* HIDES: in the line; may be empty */
    const char *why; /* IDLE: static */
} ss_mark;

/* The mark in the line(s) of a finding of `rule`, with this evidence. */
ss_mark ss_mark_read(const secscan_policy *policy, const ss_rule_set *set,
                     ss_bytes line, const ss_rule *rule, uint32_t evidence);

#endif
