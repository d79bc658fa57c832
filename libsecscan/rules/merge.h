/*
 * merge.h: rules of several origins (built in, extended files, the file itself)
 * to one set. Origins come from the bottom up.
 */
#ifndef SS_MERGE_H
#define SS_MERGE_H

#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "rules/rule_file.h"

typedef struct ss_global_allowlist {
    ss_allowlist list;
    const char *file;
    ss_toml_place place;
    /* Rules of gitleaks' own that are not here may be its targets. */
    int has_foreign;
} ss_global_allowlist;

typedef struct ss_merge {
    ss_arena *arena; /* outlives the set that is made */
    secscan_error *err;
    SS_VEC(ss_draft *) drafts; /* NULL: disabled */
    SS_VEC(ss_global_allowlist) allowlists;
    ss_map names;     /* ids and aliases: index in `drafts`, plus one */
    const char *salt; /* the last one stated */
    ss_notes notes;
} ss_merge;

void ss_merge_init(ss_merge *merge, ss_arena *arena, secscan_error *err);
void ss_merge_release(ss_merge *merge);

/* Rules that are whole already; what comes later may change them. */
int ss_merge_add_builtin(ss_merge *merge, const ss_rule *rules, size_t n,
                         const ss_allowlist *allowlists, size_t n_allowlists);
/* Whether any of the rules is a kind that only context tells. */
int ss_merge_has_kinds(const ss_merge *merge);
/* Of rules that are whole already, the carriers that are not there yet: hidden,
 * they serve the kinds alone. */
int ss_merge_add_carriers(ss_merge *merge, const ss_rule *rules, size_t n);
/* A file. Rules numbered `first` and up, and built-in ones, are what it
 * extends; disabledRules are taken from these. */
int ss_merge_add_file(ss_merge *merge, const ss_rule_file *file, size_t first);
/* Take out the rules of these ids or aliases. */
int ss_merge_leave_out(ss_merge *merge, const char *const *ids, size_t n);
/* The set, without databases and version. */
int ss_merge_finish(ss_merge *merge, ss_rule_set *set);

/* Largest widths and the count of path rules. */
void ss_rule_set_measure(ss_rule_set *set);
/* Everything that a rule says, as bytes of one form. */
void ss_rule_describe(const ss_rule *rule, ss_buf *out);
/* Everything the rules say, as bytes of one form: what versions are made of. */
int ss_rule_set_describe(const ss_rule_set *set, ss_buf *out);

#endif
