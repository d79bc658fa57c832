/*
 * rule.h: one credential kind, immutable, and the set of them.
 *
 * Built-in rules are const data made at build time by tools/embed from
 * patterns/; user rules are the same structs in the set's arena. Nothing here
 * is ever written after the set has been made.
 */
#ifndef SS_RULE_H
#define SS_RULE_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/error.h"

/* Widths of what a rule may read, in bytes. */
#define SS_MAX_BEFORE 64u        /* look-behind */
#define SS_MAX_PREFIX_WIDTH 512u /* of what Hyperscan matches */
/* The same where nothing stands in it but what may be missing in front. */
#define SS_MAX_LEAD_WIDTH 4608u
#define SS_MAX_WIDTH 65536u /* of a match */
#define SS_MAX_AFTER 512u   /* look-ahead */
#define SS_MIN_SALT 16u     /* bytes of a fingerprint's key */
#define SS_MAX_SALT 64u
#define SS_MAX_RULES 65535u
/* How far a part may stand from its whole, start to start. */
#define SS_MAX_PARTS 16u         /* of a rule */
#define SS_PART_REACH 4096u      /* by default */
#define SS_REQUIRED_REACH 65536u /* of parts that have to be there; at most */
#define SS_KEYWORD_REACH 65536u  /* of a keyword from the match, each way */

/* The words of ss_rule.category; ends with NULL. */
extern const char *const ss_categories[];

typedef enum ss_target {
    SS_TARGET_SECRET,
    SS_TARGET_MATCH,
    SS_TARGET_LINE
} ss_target;

/* An allowlist as gitleaks has it. Patterns are PCRE2 sources. */
typedef struct ss_allowlist {
    const char *description;
    const char *const *regexes;
    const char *const *paths;
    const char *const *commits;      /* full hex ids, lower case */
    const char *const *stopwords;    /* lower case, substrings of the secret */
    const char *const *target_rules; /* global lists only; empty: every rule */
    uint16_t n_regexes, n_paths, n_commits, n_stopwords, n_target_rules;
    uint8_t is_and; /* every criterion given has to hold */
    uint8_t target; /* ss_target of `regexes` */
} ss_allowlist;

/* What is one finding with a match of the rule when it stands near: a key's id,
 * a password's user. */
typedef struct ss_rule_part {
    const char *const *ids;                /* rules, any of them */
    const char *role;                      /* "access key id"; may be empty */
    uint32_t within_lines, within_columns; /* of its start; UINT32_MAX: any */
    uint32_t reach;                        /* bytes */
    uint16_t n_ids;
    uint8_t is_required; /* without it there is no finding */
    uint8_t is_public;   /* a host, a user: reports may show it */
} ss_rule_part;

typedef struct ss_rule {
    const char *id;
    const char *description;
    const char *category;
    const char *file;        /* its rule file's name, without folder and end */
    const char *topic;       /* that file's title; NULL: none */
    const char *grants;      /* what a stranger can do with it */
    const char *advice;      /* how to revoke and rotate */
    const char *regex;       /* PCRE2; NULL: a rule about paths alone, or a kind
                                that only context gives a meaning */
    const char *search;      /* what PCRE2 runs where that is not `regex`: with
                                a stated prefilter, both have to match */
    const char *prefilter;   /* what Hyperscan looks for; NULL when no regex */
    const char *path;        /* PCRE2 on the path; NULL: any */
    const char *check;       /* name in scan/check.c; NULL: none */
    const char *value;       /* PCRE2 of a kind's value as a whole; else NULL */
    const char *const *near; /* a kind's words and phrases, lower case: one of
                                them stands around the value */
    const char *const *names; /* the same, in the value's own name; none: any
                                 name will do */
    const char *const *keywords;
    const char *const *stopwords; /* lower case, substrings of the secret */
    const char *const *references;
    const char *const *aliases;
    const char *const *match;  /* templates */
    const char *const *reject; /* templates */
    const ss_allowlist *allowlists;
    const ss_rule_part *parts;
    double entropy;  /* the secret's, bits a byte, has to be above; 0: any */
    uint32_t before; /* bytes of look-behind */
    uint32_t prefix_min, prefix_max; /* width of what Hyperscan matches */
    uint32_t width;                  /* greatest width of a match */
    /* Bytes of look-ahead behind a match. A match that starts at s follows from
     * [s - before, s + width + after): a path that failed beyond the end of the
     * match counts as well. */
    uint32_t after;
    uint32_t cost;        /* of the prefilter, as it is read from a file */
    uint32_t regex_flags; /* SS_REGEX_* */
    uint32_t hs_flags;    /* HS_FLAG_* of the prefilter */
    uint16_t n_keywords, n_stopwords, n_references, n_aliases;
    uint16_t n_match, n_reject, n_allowlists, n_parts;
    uint16_t n_near, n_names;
    uint16_t secret_group;  /* 0: first group that took part, else the match */
    uint16_t public_prefix; /* leading bytes of the secret that are public */
    uint8_t severity, evidence;
    uint8_t confidence;  /* 0 to 100, before a check or a verdict changes it */
    uint8_t specificity; /* 0 to 255: the higher wins where rules overlap */
    uint8_t database;    /* which of the set's databases holds it */
    uint8_t is_builtin;
    uint8_t keep_placeholders; /* do not drop placeholders and reads */
    uint8_t is_generic;        /* filters for values of no known format apply */
    uint8_t is_preview;        /* listed, never gating */
    uint8_t is_carrier;        /* its values may be of a kind */
    uint8_t is_hidden;         /* a carrier that reports nothing of its own */
    uint8_t is_value;          /* found by scan/value.c, not by a pattern */
    uint8_t is_part_only;      /* no finding by itself */
    uint8_t is_reader;         /* found by what opens a container, by no
                                  pattern and no path */
    uint8_t is_gitleaks;       /* as gitleaks has it: newlines at its ends are
                                  not the match's, and ... */
    uint8_t asks_keyword;      /* ... one of the keywords has to stand near */
} ss_rule;

/* A word that kinds are named by. */
typedef struct ss_kind_word {
    const char *text; /* lower case; a phrase without its spaces */
    uint32_t first;   /* of its kinds, in ss_kind_index.kinds */
    uint16_t n_kinds;
    uint8_t len;
    uint8_t is_phrase;
} ss_kind_word;

#define SS_MAX_KIND_WORD 40u      /* bytes */
#define SS_KIND_PAIRS (36u * 36u) /* of two letters or digits */

typedef struct ss_kind_index {
    const ss_kind_word *words; /* sorted: by ss_kind_pair, then by text */
    const uint16_t *kinds;     /* numbers of rules */
    const uint16_t *starts;    /* SS_KIND_PAIRS + 1: the first word of a pair */
    size_t n_words, n_kinds;
    uint32_t rule;             /* number of the one that is_value */
    uint32_t min_len, max_len; /* of a kind's value */
} ss_kind_index;

#define SS_MAX_DATABASES 4u

/* What PCRE2 runs. */
static inline const char *ss_rule_search(const ss_rule *rule)
{
    return rule->search ? rule->search : rule->regex;
}

/* A kind has no pattern of its own: the words around a value give it its name.
 */
static inline int ss_rule_is_kind(const ss_rule *rule)
{
    return rule->value != NULL;
}

/* The existence of a file is the finding. */
static inline int ss_rule_is_path(const ss_rule *rule)
{
    return !rule->regex && !rule->value && !rule->is_value && !rule->is_reader;
}

struct hs_database;

typedef struct ss_rule_set {
    const ss_rule **rules; /* sorted by id; the index is the rule's number */
    size_t n_rules;
    const ss_allowlist *allowlists; /* global ones */
    size_t n_allowlists;
    struct hs_database *databases[SS_MAX_DATABASES];
    size_t n_databases;
    char version[17]; /* digest of the rules */
    uint32_t max_before, max_prefix, max_width, max_after;
    size_t n_hidden;        /* of the rules, the last ones: nobody's to see */
    ss_kind_index kinds;    /* n_words is 0: none */
    uint32_t part_reach;    /* greatest of all parts; 0: no rule has any */
    size_t n_path_rules;    /* rules about paths alone */
    uint32_t keyword_reach; /* 0: no rule asks for a keyword near */
    const char *salt;       /* key of the fingerprints; NULL: the public one */
} ss_rule_set;

/* Rules that people see. */
static inline size_t ss_rule_set_count(const ss_rule_set *set)
{
    return set->n_rules - set->n_hidden;
}

/* The set behind the public handle. */
const ss_rule_set *ss_rules_set(const secscan_rules *rules);

#endif
