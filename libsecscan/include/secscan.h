/*
 * secscan.h: find committed credentials in bytes, files and trees.
 *
 * In order of use: version, status and errors, rules, policy, scanner,
 * findings, sinks, scanning, coverage, reports. Git histories are in
 * secscan_git.h.
 *
 * The library has no global state: no init call, no signals, no output, no
 * locale, no chdir. Everything is safe to use from several threads, one thread
 * at a time per object; secscan_rules may be shared freely.
 *
 * Options structs are the caller's: zero them, set `size`, and zero means the
 * default for every field. An option that this library does not know is an
 * error, never ignored. Structs that the library hands out are borrowed and
 * read-only. One that is handed out by itself may grow at the end; one that
 * stands in an array or in another struct never does (docs/abi.md).
 */
#ifndef SECSCAN_H
#define SECSCAN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#define SECSCAN_API
#else
#define SECSCAN_API __attribute__((visibility("default")))
#endif

/* ---- version ---------------------------------------------------------- */

#define SECSCAN_VERSION_MAJOR 0
#define SECSCAN_VERSION_MINOR 1
#define SECSCAN_VERSION_PATCH 0
#define SECSCAN_VERSION "0.1.0"

/* The version of the library at run time, as "major.minor.patch"; static. */
SECSCAN_API const char *secscan_version(void);

/* ---- status and errors ------------------------------------------------ */

typedef enum secscan_status {
    SECSCAN_OK = 0,
    SECSCAN_STOPPED = 1,    /* a callback of the caller's asked to stop */
    SECSCAN_ERR_ARG = -1,   /* an argument or an option is wrong */
    SECSCAN_ERR_NOMEM = -2, /* out of memory */
    SECSCAN_ERR_IO = -3,    /* a file or directory could not be read */
    SECSCAN_ERR_RULE = -4,  /* a rule or configuration is wrong */
    SECSCAN_ERR_LIMIT = -5, /* a stated limit was reached */
    SECSCAN_ERR_BUSY = -6,  /* the object is in use (a call from a callback) */
    SECSCAN_ERR_GIT = -7,   /* the repository cannot be read as asked */
    SECSCAN_ERR_CORRUPT = -8, /* data is damaged */
    SECSCAN_ERR_INTERNAL = -9 /* a bug in secscan: please report it */
} secscan_status;

/*
 * What went wrong, in the caller's own struct; 256 bytes, frozen. `message` is
 * one NUL-terminated line that never quotes scanned bytes; for rule files it
 * starts with "file:line:column: ". Line and column are 1-based, 0 if unknown.
 */
typedef struct secscan_error {
    int32_t code; /* a secscan_status */
    uint32_t line;
    uint32_t column;
    uint32_t reserved;
    char message[240];
} secscan_error;

/* The name of a status, as "SECSCAN_ERR_IO"; static, never NULL. */
SECSCAN_API const char *secscan_status_name(int status);

/* ---- rules ------------------------------------------------------------ */

/* Immutable once made; shared freely between threads; reference-counted. */
typedef struct secscan_rules secscan_rules;

typedef enum secscan_severity {
    SECSCAN_INFO = 0,
    SECSCAN_LOW = 1,
    SECSCAN_MEDIUM = 2,
    SECSCAN_HIGH = 3,
    SECSCAN_CRITICAL = 4
} secscan_severity;

/* What makes a match a finding, weakest first. "checksum" says that the form is
 * right, never that the credential is alive. */
typedef enum secscan_evidence {
    SECSCAN_CONTEXT = 0,   /* the words around it */
    SECSCAN_PATTERN = 1,   /* the shape of one vendor's credential */
    SECSCAN_STRUCTURE = 2, /* it decodes to what it should */
    SECSCAN_CHECKSUM = 3   /* a checksum inside it is right */
} secscan_evidence;

SECSCAN_API const char *secscan_severity_name(int severity); /* "high" */
SECSCAN_API const char *secscan_evidence_name(int evidence); /* "pattern" */

#define SECSCAN_RULES_NO_BUILTIN 0x1u /* only what the files hold */
#define SECSCAN_RULES_NO_CACHE 0x2u   /* do not use the private cache */
/* Read all files as gitleaks does (docs/gitleaks.md), whatever their names and
 * keys say. */
#define SECSCAN_RULES_GITLEAKS 0x4u
/* The files come from who is being judged: less of everything, so that reading
 * and compiling them takes no more than a few seconds. */
#define SECSCAN_RULES_UNTRUSTED 0x8u
/* An allowlist that nothing can match, or that everything does, is an error. */
#define SECSCAN_RULES_STRICT 0x10u

typedef struct secscan_rules_options {
    size_t size;
    uint32_t flags; /* SECSCAN_RULES_* */
    uint32_t reserved;
    /* Directory of the private cache of compiled rules; NULL: chosen from
     * XDG_CACHE_HOME and HOME. */
    const char *cache_dir;
    /* The name that errors of secscan_rules_parse give the text; NULL:
     * "<text>". */
    const char *name;
    /* Ids of rules to leave out. */
    const char *const *without;
    size_t n_without;
    /* `[extend] path` has to be below this folder, links followed; NULL: it may
     * be anywhere; "": the text is from no folder, and it is an error. */
    const char *extend_root;
    /* secscan_rules_parse: files to read before the text, and to join it to.
     * They are trusted, and extend what they like. */
    const char *const *joined;
    size_t n_joined;
} secscan_rules_options;

/*
 * Load rules from TOML files (the gitleaks schema and more; docs/rules.md).
 * With no files these are the built-in rules. A file stands alone unless it
 * says
 * `[extend] useDefault = true`; several files are joined. `options` may be
 * NULL. *out belongs to the caller (secscan_rules_free).
 */
SECSCAN_API int secscan_rules_load(secscan_rules **out,
                                   const char *const *paths, size_t n_paths,
                                   const secscan_rules_options *options,
                                   secscan_error *err);

/* The same from text in memory. */
SECSCAN_API int secscan_rules_parse(secscan_rules **out, const char *toml,
                                    size_t len,
                                    const secscan_rules_options *options,
                                    secscan_error *err);

SECSCAN_API secscan_rules *secscan_rules_ref(secscan_rules *rules);
SECSCAN_API void secscan_rules_free(secscan_rules *rules); /* NULL is fine */

/* A rule as people see it. Strings are never NULL, possibly empty, and live as
 * long as the rules. */
typedef struct secscan_rule_info {
    const char *id;
    const char *description;
    const char *category; /* token, key, password, connection, webhook,
                             generic, hygiene */
    uint32_t severity;    /* secscan_severity */
    uint32_t is_builtin;
    const char *regex;  /* empty for a rule about paths alone, and for a kind
                           that has `value` */
    const char *path;   /* regular expression on paths, or empty */
    const char *grants; /* what somebody who has it can do */
    const char *advice; /* how to revoke and rotate */
    const char *check;  /* name of the offline check, or empty */
    const char *const *references;
    size_t n_references;
    const char *const *aliases;
    size_t n_aliases;
    double entropy; /* 0: none */
    /* A kind that only context gives a meaning: the expression of its value,
     * words of which one stands around it, and words of which one is in its own
     * name. Empty for other rules. */
    const char *value;
    const char *const *near;
    size_t n_near;
    const char *const *names;
    size_t n_names;
    uint32_t confidence; /* 0 to 100, of a match that no check has raised */
    uint32_t evidence;   /* secscan_evidence, when no check says more */
    const char *file;    /* the name of its rule file, without folder and end */
    const char *topic;   /* that file's title, or empty */
    uint32_t is_preview;
    uint32_t is_part_only; /* no finding by itself */
} secscan_rule_info;

SECSCAN_API size_t secscan_rules_count(const secscan_rules *rules);
SECSCAN_API int secscan_rules_at(const secscan_rules *rules, size_t index,
                                 secscan_rule_info *out);
/* By id or alias; SECSCAN_ERR_ARG when there is none. */
SECSCAN_API int secscan_rules_find(const secscan_rules *rules, const char *id,
                                   secscan_rule_info *out);
/* A digest of the rules' text, 16 hex digits; lives as long as the rules. */
SECSCAN_API const char *secscan_rules_version(const secscan_rules *rules);

/* What a person should know of the files and what is no error (keys that have
 * no effect, allowlists that match nothing), each "file:line:column: ...", in
 * the order of the files. NULL past the end; lives as long as the rules. */
SECSCAN_API const char *secscan_rules_note(const secscan_rules *rules,
                                           size_t index);

/* Write all of it as one TOML file: read again, it is the same set with the
 * same version, whatever a later secscan's built-in rules are. Nonzero from
 * `write` ends it with SECSCAN_ERR_IO. */
SECSCAN_API int secscan_rules_export(const secscan_rules *rules,
                                     int (*write)(void *ctx, const char *data,
                                                  size_t len),
                                     void *ctx, secscan_error *err);

/* One difference between two sets of rules. Strings are never NULL, and
 * borrowed until the callback returns. */
typedef struct secscan_rule_change {
    const char *kind;        /* "added", "removed", "renamed", "joined" (into
                                another rule, which has its id as an alias),
                                "changed" */
    const char *rule;        /* id; of a renamed rule the new one */
    const char *description; /* of the rule */
    const char *what;        /* changed: "severity", "pattern" ... */
    const char *before;      /* changed: the old text; renamed and joined: the
                                old id */
    const char *after;
    uint32_t severity; /* of the rule */
    uint32_t reserved;
} secscan_rule_change;

/* What `after` changes of `before`, in order of ids; `change` may return
 * nonzero to stop. */
SECSCAN_API int
secscan_rules_diff(const secscan_rules *before, const secscan_rules *after,
                   int (*change)(void *ctx, const secscan_rule_change *),
                   void *ctx, secscan_error *err);

/* Outcome of one example of a rule. `text` is the expanded example, borrowed.
 */
typedef struct secscan_example_result {
    const char *rule;
    const char *example; /* the template as the rule file has it */
    uint32_t expected;   /* 1: `match`, 0: `reject` */
    uint32_t found;
} secscan_example_result;

/* Run the `match` and `reject` examples of every rule; `result` is called for
 * each and may return nonzero to stop. */
SECSCAN_API int
secscan_rules_test(secscan_rules *rules,
                   int (*result)(void *ctx, const secscan_example_result *),
                   void *ctx, secscan_error *err);

/* ---- policy: what hides findings -------------------------------------- */

/* Ignore files, baselines and marks in lines (docs/suppression.md). Immutable
 * once made; shared freely between threads; reference-counted. */
typedef struct secscan_policy secscan_policy;

typedef enum secscan_policy_kind {
    SECSCAN_POLICY_IGNORE = 0,         /* .secscanignore */
    SECSCAN_POLICY_BASELINE = 1,       /* .secscan-baseline, or a JSON report of
                                          gitleaks */
    SECSCAN_POLICY_GITLEAKS_IGNORE = 2 /* .gitleaksignore */
} secscan_policy_kind;

typedef struct secscan_policy_text {
    const char *name; /* for messages: ".secscanignore" */
    const void *data;
    size_t len;
    uint32_t kind; /* secscan_policy_kind */
    uint32_t reserved;
} secscan_policy_text;

#define SECSCAN_POLICY_NO_INLINE 0x1u   /* marks in lines hide nothing */
#define SECSCAN_POLICY_NO_GITLEAKS 0x2u /* gitleaks:allow hides nothing */
/* secscan_policy_find, _git: no files of the repository's own. */
#define SECSCAN_POLICY_NO_FILES 0x4u
/* secscan_git_policy: from what is judged, not from its base. */
#define SECSCAN_POLICY_ADOPT 0x8u

typedef struct secscan_policy_options {
    size_t size;
    uint32_t flags; /* SECSCAN_POLICY_* */
    /* As 20270131: entries whose `until:` lies before it hide nothing. 0: none
     * has ended. There is no clock in the library. */
    uint32_t today;
    /* The directory that the paths of entries start from; NULL: they are paths
     * as findings have them. */
    const char *root;
    const secscan_policy_text *texts;
    size_t n_texts;
} secscan_policy_options;

/* From the texts alone, which are copied. A line that is no entry hides
 * nothing, and is told in the coverage of scans; JSON that is none is
 * SECSCAN_ERR_RULE. *out is the caller's (secscan_policy_free). */
SECSCAN_API int secscan_policy_new(secscan_policy **out,
                                   const secscan_policy_options *options,
                                   secscan_error *err);
/* And from the files at the root of the git work tree around `path`; outside
 * of git, in the directory `path` itself, or the one that it is in. That is the
 * root, unless the options name one. */
SECSCAN_API int secscan_policy_find(secscan_policy **out, const char *path,
                                    const secscan_policy_options *options,
                                    secscan_error *err);
SECSCAN_API secscan_policy *secscan_policy_ref(secscan_policy *policy);
SECSCAN_API void secscan_policy_free(secscan_policy *policy); /* NULL is fine */
/* NULL: it has none. Lives as long as the policy. */
SECSCAN_API const char *secscan_policy_root(const secscan_policy *policy);
/* The i-th of the files at the root that are read: ".secscanignore",
 * ".secscan-baseline", ".gitleaksignore"; NULL past the end. Static. */
SECSCAN_API const char *secscan_policy_file(size_t i);

/* A line of .secscanignore or of a baseline. */
typedef struct secscan_entry {
    const char *fingerprint; /* "s1:" and 24 hex digits */
    /* One of three: a path (or a glob as git has them, from the root), the
     * source of what has no path ("commit-message"), or everywhere. */
    const char *path;
    const char *source;
    const char *rule;    /* only findings of this rule; NULL: of any */
    const char *until;   /* "2027-01-31": its last day; NULL: none */
    const char *verdict; /* "real", "false", "test"; NULL: nobody has judged */
    const char *reason;  /* may be empty */
    uint32_t is_everywhere;
    uint32_t line; /* where it was read; 0: it has been put */
} secscan_entry;

/* The lines of such a file, to be changed. One thread at a time. */
typedef struct secscan_entries secscan_entries;

SECSCAN_API int secscan_entries_parse(secscan_entries **out, const void *text,
                                      size_t len, secscan_error *err);
SECSCAN_API void secscan_entries_free(secscan_entries *); /* NULL is fine */
/* Removed ones included: an index stays what it is. */
SECSCAN_API size_t secscan_entries_count(const secscan_entries *);
/* NULL past the end, and of one that is removed; in the order of the file, then
 * of what was put. */
SECSCAN_API const secscan_entry *secscan_entries_at(const secscan_entries *,
                                                    size_t index);
/* The index of the one with the same fingerprint, place and rule; SIZE_MAX:
 * there is none. */
SECSCAN_API size_t secscan_entries_find(const secscan_entries *,
                                        const secscan_entry *);
/* Add a copy; it replaces what secscan_entries_find finds.
 * SECSCAN_ERR_ARG says what is wrong with it. */
SECSCAN_API int secscan_entries_put(secscan_entries *, const secscan_entry *,
                                    secscan_error *err);
SECSCAN_API void secscan_entries_remove(secscan_entries *, size_t index);
/* The text: sorted, without duplicates; comments stay with the entry that they
 * stand above. */
SECSCAN_API int secscan_entries_write(const secscan_entries *,
                                      int (*write)(void *ctx, const char *data,
                                                   size_t len),
                                      void *ctx, secscan_error *err);
/* ---- settings ---------------------------------------------------------- */

/* What a configuration file says beside its rules: its table [settings], and
 * the list `locked` of settings that others may not change. What the settings
 * mean is the program's that reads them (docs/configuration.md). */
typedef struct secscan_config secscan_config;

/* Strings live as long as the configuration. */
typedef struct secscan_setting {
    const char *name;
    const char *const *values; /* as text: "true", "10", "high" */
    size_t n_values;           /* 1 unless it is a list */
    uint32_t line, column;
    uint32_t is_locked;
    uint32_t reserved;
} secscan_setting;

/* From text; errors call it `name`. *out is the caller's. */
SECSCAN_API int secscan_config_parse(secscan_config **out, const char *toml,
                                     size_t len, const char *name,
                                     secscan_error *err);
SECSCAN_API int secscan_config_read(secscan_config **out, const char *path,
                                    secscan_error *err);
SECSCAN_API void secscan_config_free(secscan_config *config); /* NULL is fine */
/* In order of names; SECSCAN_ERR_ARG past the end. */
SECSCAN_API int secscan_config_at(const secscan_config *config, size_t index,
                                  secscan_setting *out);
/* Is `name` among the locked ones? */
SECSCAN_API int secscan_config_locks(const secscan_config *config,
                                     const char *name);
SECSCAN_API const char *secscan_config_locked_at(const secscan_config *config,
                                                 size_t index);
/* Does it say anything about rules? Else secscan_rules_load is not needed. */
SECSCAN_API int secscan_config_has_rules(const secscan_config *config);
/* Of the whole text, 16 hex digits. */
SECSCAN_API const char *secscan_config_digest(const secscan_config *config);

/* ---- scanner ---------------------------------------------------------- */

/* Which findings gate: decide the exit code. The others are reported as well.
 */
typedef enum secscan_profile {
    /* All that is worth a look: everything but hygiene and previews. */
    SECSCAN_PROFILE_REPORT = 0,
    /* What may stop a person's commit or push: docs/exit-codes.md. */
    SECSCAN_PROFILE_BLOCK = 1,
    /* All of the first, and hygiene; passwords of databases have 20 characters,
     * unless min_password_length says otherwise. */
    SECSCAN_PROFILE_STRICT = 2
} secscan_profile;

SECSCAN_API const char *secscan_profile_name(int profile); /* "report" */

/* Scratch memory and settings for one thread; keeps its rules alive. */
typedef struct secscan_scanner secscan_scanner;

#define SECSCAN_SCAN_MEASURE 0x1u /* count costs: secscan_scanner_costs */
#define SECSCAN_SCAN_SHOW_SUPPRESSED 0x2u /* deliver what a mark hides, too */
/* What a mark would hide is delivered and gates, as if there were none; it says
 * what would hide it. */
#define SECSCAN_SCAN_NO_SUPPRESS 0x4u
/* Leave out what was there before: a range's known secrets, and what
 * secscan_git_options.gate_ref keeps from gating. */
#define SECSCAN_SCAN_NEW_ONLY 0x8u
#define SECSCAN_SCAN_NO_DECODE 0x10u     /* encodings are plain text */
#define SECSCAN_SCAN_NO_CONTAINERS 0x20u /* containers are plain bytes */
/* What is found plainly is delivered where it stands encoded, too, and of a
 * stream at once: for who masks. Else only what is found nowhere plainly is
 * delivered there, at the end. */
#define SECSCAN_SCAN_EVERY_PLACE 0x40u

/* Opens containers (secscan_containers.h). */
typedef struct secscan_opener secscan_opener;

typedef struct secscan_scan_options {
    size_t size;
    uint32_t threads;         /* for trees and histories; 0: one a processor */
    uint32_t flags;           /* SECSCAN_SCAN_* */
    size_t chunk_core;        /* bytes; 0: chosen. Never changes a result. */
    uint64_t max_file_size;   /* bytes; 0: none. Larger files are skipped. */
    uint64_t max_object_size; /* bytes of one git object; 0: 512 MiB, and 16 GiB
                                 for what is scanned in pieces */
    /* Key of the fingerprints, 16 to 64 bytes; NULL: the public key. */
    const void *fingerprint_key;
    size_t fingerprint_key_len;
    uint32_t profile; /* secscan_profile */
    /* Findings below these, or of other categories, are not delivered, only
     * counted (secscan_coverage.unlisted). */
    uint32_t min_severity;         /* secscan_severity */
    uint32_t min_evidence;         /* secscan_evidence */
    uint32_t min_confidence;       /* 0 to 100 */
    const char *const *categories; /* only these; none: all */
    size_t n_categories;
    const char *const *not_categories; /* all but these */
    size_t n_not_categories;
    secscan_policy *policy; /* kept alive; NULL: nothing hides findings but the
                               rules' own allowlists */
    /* Passwords of databases and brokers that have fewer characters are a
     * finding of category hygiene, whatever they are; 0: the profile's. */
    uint32_t min_password_length;
    uint32_t reserved;
    /* Digest of the operator's policy, for the coverage; kept by the caller
     * until the scanner is freed. */
    const char *policy_digest;
    /* What is below these is reported and does not gate. */
    uint32_t gate_severity; /* secscan_severity */
    uint32_t gate_evidence; /* secscan_evidence */
    /* A file of skips that do not make a scan incomplete (docs/exit-codes.md);
     * NULL: none. They end on a day, so it needs `today`, "YYYY-MM-DD". */
    const char *acknowledged;
    const char *today;
    /* What opens containers, asked when the first one appears, perhaps on
     * another thread, once; its answer may be NULL, and then containers are
     * skips, "unsupported". secscan_load_containers is such a function, and
     * secscan_containers of secscan_containers.h for who links that library.
     * NULL: containers are scanned as the bytes they are. */
    const secscan_opener *(*opener)(void *ctx);
    void *opener_ctx;
    /* Budgets; 0: the default. What they leave out is a skip, and the scan is
     * incomplete. */
    uint32_t max_depth;   /* encodings and containers in each other: 8 */
    uint32_t max_seconds; /* for one outermost container: 300 */
    uint32_t max_ratio;   /* bytes out for a byte in, of what unpacks to more
                             than 16 MiB: 250 */
    uint32_t max_entries; /* members of one outermost container: 1,000,000 */
    uint64_t max_decoded; /* bytes decoded of one unit: 256 MiB and 16 times its
                             size */
    uint64_t max_member;  /* bytes of one member: 4 GiB */
    uint64_t max_unpacked; /* bytes of one outermost container: 64 GiB */
} secscan_scan_options;

/* For `opener`: loads libsecscan-containers, which is never unloaded, so that
 * who meets no container does not bring in its libraries. `path` (opener_ctx)
 * is the file, a `const char *` that lives as long as the scanner. NULL: the
 * library of this version from beside libsecscan, or wherever the system's
 * loader looks; where libsecscan is linked statically, from where the program's
 * own run path says. NULL when it is not there. */
SECSCAN_API const secscan_opener *secscan_load_containers(void *path);

SECSCAN_API int secscan_scanner_new(secscan_scanner **out, secscan_rules *rules,
                                    const secscan_scan_options *options,
                                    secscan_error *err);
SECSCAN_API void secscan_scanner_free(secscan_scanner *scanner);

/* What a rule has cost since the scanner was made. */
typedef struct secscan_rule_cost {
    const char *rule;
    uint64_t candidates;  /* places that the engine proposed */
    uint64_t matches;     /* what the rule's expression found there */
    uint64_t nanoseconds; /* of all that follows from the candidates */
} secscan_rule_cost;

typedef struct secscan_costs {
    uint64_t bytes;              /* that the engine has read */
    uint64_t engine_nanoseconds; /* in the engine, for all rules together */
    const secscan_rule_cost *rules;
    size_t n_rules;
} secscan_costs;

/* What scans of buffers, files and streams have cost, in processor time of the
 * calling thread; borrowed until the next scan. NULL without
 * SECSCAN_SCAN_MEASURE. */
SECSCAN_API const secscan_costs *
secscan_scanner_costs(secscan_scanner *scanner);

/* ---- findings --------------------------------------------------------- */

typedef struct secscan_bytes {
    const char *data; /* not NUL-terminated */
    size_t len;
} secscan_bytes;

typedef enum secscan_source {
    SECSCAN_SOURCE_BUFFER = 0, /* memory or a stream */
    SECSCAN_SOURCE_FILE = 1,
    SECSCAN_SOURCE_BLOB = 2,
    SECSCAN_SOURCE_COMMIT_MESSAGE = 3,
    SECSCAN_SOURCE_AUTHOR = 4,
    SECSCAN_SOURCE_COMMITTER = 5,
    SECSCAN_SOURCE_TAG_MESSAGE = 6,
    SECSCAN_SOURCE_TAGGER = 7,
    SECSCAN_SOURCE_NOTE = 8,
    SECSCAN_SOURCE_REF = 9,     /* the name of a ref */
    SECSCAN_SOURCE_REFLOG = 10, /* a line of a reflog */
    /* What a commit or a tag carries beside the people and the message: merged
     * tags, signatures, unknown lines. */
    SECSCAN_SOURCE_COMMIT_HEADER = 11,
    SECSCAN_SOURCE_TAG_HEADER = 12,
    SECSCAN_SOURCE_LFS = 13 /* a Git LFS object, at the path of its pointer */
} secscan_source;

SECSCAN_API const char *secscan_source_name(int source); /* "commit-message" */

/* Where a secret stands. Lines and columns are 1-based, columns count code
 * points (every byte that does not continue a UTF-8 sequence counts), the end
 * column is one past the last; `offset` is in bytes of the unit as it is
 * stored. Of a secret that is encoded they are those of the encoded text. */
typedef struct secscan_place {
    /* NUL-terminated; NULL when there is none. A member of a container is
     * "outer.zip!inner/file", and the unit. */
    const char *path;
    const char *object; /* hex id of the blob, commit, tag or LFS object; NULL
                           outside git */
    uint64_t offset;
    uint64_t line_start, line_end;
    uint64_t column_start, column_end;
    uint32_t source; /* secscan_source */
    /* Of a member: how many bytes of `path` name the file (blob) that is there,
     * "outer.zip"; a "!" may stand in names, too. 0: `path` is that. */
    uint32_t file_len;
    /* How the secret is written there, outermost first: "base64", "gzip" ...
     * None: plainly. The strings are static. */
    const char *const *encodings;
    size_t n_encodings;
} secscan_place;

/* A commit. Strings are NUL-terminated and never NULL. */
typedef struct secscan_commit {
    const char *id;
    const char *author_name;
    const char *author_email;
    const char *subject; /* first line of the message */
    int64_t author_time; /* seconds since 1970 */
    int64_t commit_time;
    int32_t author_offset; /* minutes east of UTC */
    uint32_t reserved;
} secscan_commit;

/* How the history still reaches something, strongest first. */
typedef enum secscan_reach {
    SECSCAN_REACH_NONE = 0, /* not a history scan */
    SECSCAN_REACH_REF = 1,  /* from a ref or HEAD */
    SECSCAN_REACH_STASH = 2,
    SECSCAN_REACH_REFLOG = 3,
    SECSCAN_REACH_UNREACHABLE = 4 /* only as an object */
} secscan_reach;

SECSCAN_API const char *secscan_reach_name(int reach); /* "ref" */

typedef struct secscan_introduction {
    secscan_commit commit;
    secscan_place place;
    uint32_t reach;       /* secscan_reach of the commit */
    uint32_t is_boundary; /* shallow border: "at or before" this commit */
} secscan_introduction;

/* What stands near a secret and belongs to it: a key's id, a password's user.
 * Found by a rule of its own, and no finding of its own. */
typedef struct secscan_part {
    const char *rule;
    const char *description;
    const char *role; /* what it is to the finding; may be empty */
    const char *fingerprint;
    secscan_bytes secret; /* the raw bytes: mask before showing */
    size_t public_prefix; /* all of a host or a user may be shown */
    secscan_place place;
} secscan_part;

/*
 * One finding, borrowed until the callback returns. Trees, buffers and the
 * index deliver one for each place, in path order; histories one for each
 * secret, ordered by introducing commit, path, offset and rule.
 */
typedef struct secscan_finding {
    const char *rule;
    const char *description;
    const char *category;
    const char *advice;      /* how to revoke and rotate; may be empty */
    const char *fingerprint; /* "s1:" and 24 hex digits, of the secret alone */
    const char *reason;      /* why the evidence is what it is; may be empty */
    uint32_t severity;       /* secscan_severity */
    uint32_t evidence;       /* secscan_evidence */
    uint32_t gates;          /* 1: it decides the exit code */
    uint32_t reach;          /* secscan_reach, strongest of all its places */
    secscan_bytes secret;    /* the raw bytes: mask before showing */
    secscan_bytes match;     /* what the rule matched, secret included */
    secscan_bytes line;      /* the line(s), at most 1,024 bytes around */
    size_t secret_at;        /* offset of the secret in `line` */
    size_t public_prefix;    /* leading bytes of the secret that are the
                                vendor's mark and may be shown */
    secscan_place place;     /* the first place */
    const char *const *also; /* ids of other rules that matched here */
    size_t n_also;
    const secscan_place *places; /* every place known, the first included */
    size_t n_places;
    /* Histories: introductions[0] is the introducing commit. */
    const secscan_introduction *introductions;
    size_t n_introductions;
    uint64_t n_commits; /* commits whose tree holds it */
    uint64_t n_paths;
    uint32_t in_head;
    /* Ranges: 1: it was there before, and the introductions are the commits
     * that put it at a path where it was not. Does not gate. */
    uint32_t is_known;
    const char *known_path; /* where it was; NULL: in no file, or not known */
    const char *submodule;  /* path of the one it is in; paths start with it,
                               commits and objects are its own; NULL: in none */
    /* Histories: refs that lead to it, sorted; of n_refs at most 100 listed. */
    const char *const *refs;
    size_t n_refs_listed;
    uint64_t n_refs;
    /* How sure it is that this is a secret, 0 to 100. Severity is what it would
     * grant, evidence what says so. */
    uint32_t confidence;
    uint32_t reserved;
    /* Near places[0], or of a history near another place. Severity, evidence
     * and confidence are the highest of the finding and its parts. */
    const secscan_part *parts;
    size_t n_parts;
    /* What hides it: "inline", "ignore", "gitleaks-ignore", "baseline", and
     * what that says of it (may be empty). NULL: nothing. Hidden findings do
     * not gate, and reach the sink only with SECSCAN_SCAN_SHOW_SUPPRESSED. */
    const char *suppressed_by;
    const char *suppressed_reason;
    /* Histories: commits that have it no more while all their parents do,
     * in the order of introductions; at most 1,000. */
    const secscan_commit *removals;
    size_t n_removals;
    /* What stands at `place` when the secret is encoded there; else empty. As
     * secret as `secret`. */
    secscan_bytes encoded;
} secscan_finding;

/* Something that was not scanned, and why. Borrowed like a finding. */
typedef struct secscan_skip {
    const char *path;       /* NULL when there is none */
    const char *object;     /* hex id; NULL when there is none */
    const char *reason;     /* a fixed word: "unreadable", "too-large" (asked
                               for), "object-limit", "corrupt", "missing",
                               "deadline", "match-limit", "candidate-limit",
                               "shallow", "partial", "unsupported", "symlink",
                               "submodule", "lfs", "not-a-file", "excluded",
                               "git-index" (it could not be read: all was
                               scanned), "encrypted", "decode-limit",
                               "depth-limit", "entry-limit", "member-limit",
                               "unpacked-limit", "ratio-limit", "time-limit"
                               (budgets of secscan_scan_options), "fragment" (a
                               damaged container of a few bytes in encoded text:
                               scanned as text) */
    const char *detail;     /* one line; may be empty */
    uint32_t is_incomplete; /* 1: the scan is incomplete because of it */
    uint32_t file_len;      /* as in secscan_place */
} secscan_skip;

/* Of one buffer, file or stream, bytes_done is what was scanned, that which was
 * unpacked included, at most its size. */
typedef struct secscan_progress {
    uint64_t units_done, units_total; /* total 0: not known yet */
    uint64_t bytes_done, bytes_total; /* the same */
    const char *phase;                /* "listing", "scanning", "attributing" */
} secscan_progress;

/*
 * Where results go. All callbacks run on the thread that called, one at a time;
 * any of them may be NULL. Nonzero stops the scan: with that status if it is
 * negative (a secscan_status), else with SECSCAN_STOPPED. `progress` is the way
 * to cancel: it is asked during every kind of scan, inside of one large buffer,
 * file, piece of a stream or container as well, about every 50 ms. What is
 * small, less than two chunks, is over before that.
 */
typedef struct secscan_sink {
    size_t size;
    void *ctx;
    int (*finding)(void *ctx, const secscan_finding *);
    int (*skipped)(void *ctx, const secscan_skip *);
    int (*progress)(void *ctx, const secscan_progress *);
} secscan_sink;

/* A collector is a sink that keeps copies: pull for bindings. */
typedef struct secscan_findings secscan_findings;
SECSCAN_API int secscan_findings_new(secscan_findings **out,
                                     secscan_error *err);
SECSCAN_API const secscan_sink *secscan_findings_sink(secscan_findings *);
SECSCAN_API size_t secscan_findings_count(const secscan_findings *);
SECSCAN_API const secscan_finding *
secscan_findings_at(const secscan_findings *,
                    size_t index); /* NULL past the end */
/* Secret bytes are wiped. NULL is fine. */
SECSCAN_API void secscan_findings_free(secscan_findings *);

/* ---- scanning --------------------------------------------------------- */

/*
 * Scan one buffer. `name` is the path that findings and path rules see; it may
 * be NULL. `data` is only read during the call. Findings reach `sink` on this
 * thread. Returns 0, SECSCAN_STOPPED, or a negative status.
 */
SECSCAN_API int secscan_scan_buffer(secscan_scanner *scanner, const char *name,
                                    const void *data, size_t len,
                                    const secscan_sink *sink,
                                    secscan_error *err);

/* Scan one file, streamed: its size does not matter to memory. A file that
 * cannot be read is a skip record, not a failure. */
SECSCAN_API int secscan_scan_file(secscan_scanner *scanner, const char *path,
                                  const secscan_sink *sink, secscan_error *err);

/* The same in pieces of any size: begin, feed as often as wanted, end. Between
 * begin and end the scanner accepts nothing else (SECSCAN_ERR_BUSY). After a
 * failure of feed, end still has to be called. */
SECSCAN_API int secscan_stream_begin(secscan_scanner *scanner, const char *name,
                                     const secscan_sink *sink,
                                     secscan_error *err);
SECSCAN_API int secscan_stream_feed(secscan_scanner *scanner, const void *data,
                                    size_t len, secscan_error *err);
SECSCAN_API int secscan_stream_end(secscan_scanner *scanner,
                                   secscan_error *err);
/* How many bytes of the open stream are settled: no finding that is delivered
 * from now on has its place, or that of a part, in front of that. So who masks
 * may let them go. It never falls. It lags behind what was fed by a chunk
 * (chunk_core, or 256 KiB) and what is read around that, some 35 KiB with the
 * built-in rules; it stays at the first secret that a later one may belong to,
 * for a little, and to the end where a container stands encoded or, without
 * SECSCAN_SCAN_EVERY_PLACE, a secret. 0 while the stream is, or may be, a
 * container, when it has failed, and when none is open. */
SECSCAN_API uint64_t secscan_stream_settled(const secscan_scanner *scanner);

#define SECSCAN_TREE_NO_GITIGNORE 0x1u    /* ignored files too */
#define SECSCAN_TREE_FOLLOW_SYMLINKS 0x2u /* each file once, loops are cut */

typedef struct secscan_tree_options {
    size_t size;
    uint32_t flags; /* SECSCAN_TREE_* */
    uint32_t reserved;
} secscan_tree_options;

/*
 * Scan files and directories, in parallel, delivered in bytewise path order for
 * each of `paths`. Inside a git work tree: tracked files, and untracked ones
 * that are not ignored; `.git` is left to secscan_scan_git.
 */
SECSCAN_API int secscan_scan_tree(secscan_scanner *scanner,
                                  const char *const *paths, size_t n_paths,
                                  const secscan_tree_options *options,
                                  const secscan_sink *sink, secscan_error *err);

/* ---- coverage --------------------------------------------------------- */

typedef struct secscan_skip_count {
    const char *reason;
    uint64_t count;
    uint32_t is_incomplete;
    uint32_t reserved;
} secscan_skip_count;

typedef struct secscan_suppressed_count {
    const char *by; /* "allowlist", or as a finding's suppressed_by */
    uint64_t count;
} secscan_suppressed_count;

/* What a person should know of what hides findings. */
typedef struct secscan_note {
    /* "stale": an entry that hid nothing, though all was scanned; "ended": its
     * last day is over; "unread": a line that is no entry, or a file that is
     * not read; "changed": what is judged changes the file; "idle": a mark in a
     * line that does not count */
    const char *kind;
    const char *file;
    uint64_t line;    /* 0: the file */
    const char *text; /* one line */
} secscan_note;

/* What a scanner has read since it was made, in all its scans. */
typedef struct secscan_coverage {
    const char *mode;     /* "buffer", "tree", "history", "range", "staged",
                            "push" */
    uint32_t is_complete; /* 1: everything asked for was scanned */
    uint32_t is_shallow;
    uint32_t is_partial; /* a partial clone: blobs may be missing */
    uint32_t reserved;
    uint64_t units;         /* files, blobs, messages scanned */
    uint64_t bytes;         /* bytes scanned */
    uint64_t decoded_bytes; /* beside those, decoded from them */
    uint64_t files, blobs, commits, trees, tags, refs, objects;
    uint64_t findings, gating;
    uint64_t suppressed;             /* hidden by an allowlist or a mark */
    const secscan_skip_count *skips; /* sorted by reason */
    size_t n_skips;
    const char *rules_version;
    size_t n_rules;
    const char *warning; /* one line of advice; may be empty */
    uint64_t cached; /* objects that an earlier scan found clean (histories) */
    const char *range;   /* of the last scan, if that was a range; else NULL */
    uint64_t unlisted;   /* findings that the scanner's options leave out */
    const char *profile; /* which findings gate: "report", "block" */
    /* `suppressed`, by what hides it; sorted. */
    const secscan_suppressed_count *suppressed_by;
    size_t n_suppressed_by;
    const secscan_note *notes;
    size_t n_notes;
    /* What it took; 0: not told. Never set by a scan, for a caller's report. */
    uint64_t milliseconds;
    const char *policy_digest;    /* of an operator's policy; NULL: none */
    uint64_t containers, members; /* opened; scanned in them */
} secscan_coverage;

/* Borrowed until the next scan or secscan_scanner_free. */
SECSCAN_API const secscan_coverage *
secscan_scanner_coverage(secscan_scanner *scanner);

/* The exit code that design and docs/exit-codes.md give a coverage record: 0
 * clean and complete, 1 findings that gate, 3 incomplete. */
SECSCAN_API int secscan_coverage_exit_code(const secscan_coverage *coverage);

/* ---- reports ---------------------------------------------------------- */

typedef struct secscan_report secscan_report;

#define SECSCAN_REPORT_SHOW_SECRETS 0x1u
#define SECSCAN_REPORT_COLOR 0x2u
#define SECSCAN_REPORT_ASCII 0x4u       /* the terminal is not UTF-8 */
#define SECSCAN_REPORT_QUIET 0x8u       /* no summary */
#define SECSCAN_REPORT_NO_VERDICT 0x10u /* text: the caller ends it himself */

typedef struct secscan_report_options {
    size_t size;
    uint32_t flags;     /* SECSCAN_REPORT_* */
    uint32_t width;     /* columns of the terminal; 0: do not fit */
    const char *format; /* secscan_report_format_name; NULL: text */
    /* What was scanned, for headings and SARIF's base; may be NULL. */
    const char *target;
    /* Format "hook": what waits for the answer, "commit", "push" or "receive"
     * (NULL: "commit"), and where a push goes; may be NULL. */
    const char *event;
    const char *remote;
} secscan_report_options;

/* The names of the formats ("text", "json" ...), in the order of their table;
 * NULL past the end. One more is no report: "purge-list", the secrets as
 * `git filter-repo --replace-text` reads them; it is had with
 * SECSCAN_REPORT_SHOW_SECRETS only. */
SECSCAN_API const char *secscan_report_format_name(size_t index);

/* Bytes of the report; nonzero fails the report with SECSCAN_ERR_IO. */
typedef int (*secscan_write_fn)(void *ctx, const char *data, size_t len);

SECSCAN_API int secscan_report_new(secscan_report **out,
                                   const secscan_rules *rules,
                                   const secscan_report_options *options,
                                   secscan_write_fn write, void *ctx,
                                   secscan_error *err);
/* The sink that feeds the report. */
SECSCAN_API const secscan_sink *secscan_report_sink(secscan_report *report);
/* When the scan began and ended, in milliseconds since 1970, for the formats
 * that say it (gitlab, html); before finish. 0: not known. */
SECSCAN_API void secscan_report_set_times(secscan_report *report, int64_t began,
                                          int64_t ended);
/* Write what is left; `exit_code` is stated in the report. */
SECSCAN_API int secscan_report_finish(secscan_report *report,
                                      const secscan_coverage *coverage,
                                      int exit_code, secscan_error *err);
/* After finish: what a limit of the format left out, one line to be said
 * aloud; "" when all is in it. Lives as long as the report. */
SECSCAN_API const char *secscan_report_note(const secscan_report *report);
SECSCAN_API void secscan_report_free(secscan_report *report);

#ifdef __cplusplus
}
#endif
#endif
