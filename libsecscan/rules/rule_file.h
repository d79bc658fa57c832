/*
 * rule_file.h: one TOML file of rules, read and not yet joined with others. A
 * draft is a rule on its way: what the file says, and where it says it.
 */
#ifndef SS_RULE_FILE_H
#define SS_RULE_FILE_H

#include "rules/rows.h"
#include "rules/rule.h"

/* The keys of a rule that later steps ask for, as indices of ss_draft.at. */
typedef enum ss_rule_key {
    SS_KEY_ID,
    SS_KEY_REGEX,
    SS_KEY_PREFILTER,
    SS_KEY_PATH,
    SS_KEY_SECRET_GROUP,
    SS_KEY_WIDTH,
    SS_KEY_CATEGORY,
    SS_KEY_SEVERITY,
    SS_KEY_EVIDENCE,
    SS_KEY_CONFIDENCE,
    SS_KEY_SPECIFICITY,
    SS_KEY_CHECK,
    SS_KEY_NEAR,
    SS_KEY_NAME,
    SS_KEY_VALUE,
    SS_KEY_DESCRIPTION,
    SS_KEY_GRANTS,
    SS_KEY_ADVICE,
    SS_KEY_ENTROPY,
    SS_KEY_GENERIC,
    SS_KEY_CARRIER,
    SS_KEY_PLACEHOLDERS,
    SS_KEY_PREVIEW,
    SS_KEY_KEYWORDS,
    SS_KEY_STOPWORDS,
    SS_KEY_REFERENCES,
    SS_KEY_ALIASES,
    SS_KEY_MATCH,
    SS_KEY_REJECT,
    SS_KEY_TAGS,
    SS_KEY_ALLOWLIST,
    SS_KEY_ALLOWLISTS,
    SS_KEY_REQUIRED,
    SS_KEY_PARTS,
    SS_KEY_SKIP_REPORT,
    SS_KEY_READER,
    SS_KEY_LIKE_GITLEAKS,
    SS_KEY_FILTER,
    SS_KEY_VALIDATE,
    SS_KEY_TOKEN_EFFICIENCY,
    SS_KEY_COUNT
} ss_rule_key;

typedef struct ss_draft {
    ss_rule rule; /* derived fields (widths, prefilter ...) are not set */
    const char *prefilter;                     /* as stated, or NULL */
    uint32_t secret_group, width, specificity; /* as stated */
    uint32_t confidence;                       /* as stated */
    uint8_t category;                          /* index in ss_categories */
    uint8_t is_extended; /* comes from below: a file above may change it */
    uint8_t is_finished; /* the derived fields are right */
    const char *file;
    ss_toml_place place;
    ss_text_place at[SS_KEY_COUNT]; /* line 0: not stated */
} ss_draft;

typedef struct ss_rule_file {
    const char *name;
    const char *stem;  /* the name without folder and ".toml" */
    const char *title; /* NULL: none stated */
    const char *salt;  /* of fingerprints; NULL: none stated */
    const char *min_version;
    int is_gitleaks;  /* it is read as gitleaks reads it */
    uint8_t dialect;  /* as stated */
    int has_settings; /* [settings], which are not read here */
    ss_draft *drafts;
    size_t n_drafts;
    ss_allowlist *allowlists; /* global ones */
    ss_toml_place *allowlist_places;
    size_t n_allowlists;
    struct {
        const char *path; /* NULL: none */
        const char *const *disabled;
        uint16_t n_disabled;
        uint8_t use_default;
        ss_toml_place place;
    } extend;
} ss_rule_file;

typedef struct ss_rule_file_options {
    int is_gitleaks; /* whatever its name and its keys say */
    ss_notes *notes;
} ss_rule_file_options;

/* Everything is in the arena; `name` is copied. */
int ss_rule_file_read(ss_rule_file *out, ss_bytes text, const char *name,
                      const ss_rule_file_options *options, ss_arena *arena,
                      secscan_error *err);

/* Fill the derived fields of a draft, whose own are complete by now. */
int ss_draft_finish(ss_draft *draft, ss_arena *arena, secscan_error *err);

/* Does the file say so? Else the default stands. */
static inline int ss_draft_has(const ss_draft *draft, ss_rule_key key)
{
    return draft->at[key].start.line != 0;
}
/* At the key when it is stated, else at the rule. */
int ss_draft_fail(const ss_draft *draft, ss_rule_key key, secscan_error *err,
                  const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
