/*
 * secscan_git.h: scan git repositories: whole histories, ranges, pushes, the
 * index.
 *
 * Never runs `git`, and never executes anything that a repository names. Link
 * libsecscan-git. libgit2 is initialised (it counts) for SECSCAN_GIT_BY_NAME
 * only.
 */
#ifndef SECSCAN_GIT_H
#define SECSCAN_GIT_H

#include "secscan.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum secscan_git_mode {
    SECSCAN_GIT_HISTORY = 0, /* every object, all refs, submodules on disk */
    SECSCAN_GIT_RANGE = 1,   /* what the commits of a range introduce */
    SECSCAN_GIT_STAGED = 2,  /* what the index adds to HEAD (and MERGE_HEAD) */
    SECSCAN_GIT_PUSH = 3     /* what changes of refs would publish */
} secscan_git_mode;

/* libgit2 is secscan's alone in this process: its process-wide options may be
 * set. Matters with SECSCAN_GIT_BY_NAME only. */
#define SECSCAN_GIT_OWNS_LIBGIT2 0x1u
/* Findings that only unreachable objects hold gate too. */
#define SECSCAN_GIT_GATE_UNREACHABLE 0x2u
/* Histories: leave out the submodules that are on disk. */
#define SECSCAN_GIT_NO_SUBMODULES 0x8u
/* Every object by name through libgit2's object database: slower, the same
 * findings; for comparison. SHA-1 only. */
#define SECSCAN_GIT_BY_NAME 0x4u
/* SECSCAN_GIT_PUSH: the push comes in, so that all that the refs here lead to
 * is known, and each `old_id` has to be here. */
#define SECSCAN_GIT_RECEIVE 0x10u

/* One ref of a push, as git's hooks name it. Ids are hex; zeros: there is none,
 * the ref is made or deleted. */
typedef struct secscan_git_update {
    const char *ref; /* its name at the other side: "refs/heads/main" */
    const char *old_id;
    const char *new_id;
} secscan_git_update;

typedef struct secscan_git_options {
    size_t size;
    uint32_t mode;  /* secscan_git_mode */
    uint32_t flags; /* SECSCAN_GIT_* */
    /* SECSCAN_GIT_RANGE: "A..B", "A...B", or "B" for all that B reaches; the
     * zero id as A for what no other branch reaches. A name that does not exist
     * is SECSCAN_ERR_ARG, a commit that is not here SECSCAN_ERR_GIT. */
    const char *range;
    /* SECSCAN_GIT_STAGED: the index file; NULL: the repository's own. Git gives
     * hooks another one in GIT_INDEX_FILE (`git commit -a`). */
    const char *index;
    /* SECSCAN_GIT_HISTORY: a directory for what a scan found to be clean, so
     * that the next one of the same repository with the same rules need not
     * read it again. Made if it is missing, with mode 0700; not used when it is
     * open to others. NULL: none. Whoever can write there can hide a secret:
     * `cache_key` (any bytes, the same each time; NULL: none) seals the file.
     */
    const char *cache;
    const void *cache_key;
    size_t cache_key_len;
    /* SECSCAN_GIT_PUSH: the refs, and the remote by name or URL: what its
     * tracking branches lead to is known there, as are the old ids. With none
     * of them here all of the history would be published. */
    const secscan_git_update *updates;
    size_t n_updates;
    const char *remote;
    /* More directories of objects: git keeps what a push brings in apart until
     * the hooks have agreed. */
    const char *const *object_dirs;
    size_t n_object_dirs;
    /* SECSCAN_GIT_RANGE: instead of `range`, what these commits introduce. */
    const char *const *commits;
    size_t n_commits;
    /* SECSCAN_GIT_RANGE and _PUSH: milliseconds after which no other commit is
     * begun; 0: none. The newest come first. Each that is left is a skip of the
     * reason "deadline", with its id. */
    uint64_t deadline;
    /* SECSCAN_GIT_HISTORY: "B" or "A..B": of what the repository itself holds,
     * only what that ref reaches, or those commits introduce, gates. The rest
     * is delivered, too, unless SECSCAN_SCAN_NEW_ONLY is set. NULL: all. */
    const char *gate_ref;
} secscan_git_options;

#define SECSCAN_GIT_ID_SIZE 65 /* of a hex id with its NUL */

/* What there is, without a scan. */
typedef struct secscan_git_look {
    char id[SECSCAN_GIT_ID_SIZE]; /* of the commit; empty: it is not here */
    char reserved[3];
    uint32_t is_shallow; /* the repository is a shallow clone */
} secscan_git_look;

/* Look up the commit that `revision` names in the repository at or above
 * `path`. A revision that names none is no failure. */
SECSCAN_API int secscan_git_find(secscan_git_look *out, const char *path,
                                 const char *revision, secscan_error *err);

/*
 * Scan the repository at or above `path`. Findings arrive when the scan has
 * been attributed, one for each secret (history, range, push) or each place
 * (staged).
 * `options` may be NULL for the whole history.
 */
SECSCAN_API int secscan_scan_git(secscan_scanner *scanner, const char *path,
                                 const secscan_git_options *options,
                                 const secscan_sink *sink, secscan_error *err);

/*
 * The policy for such a scan: as secscan_policy_find, but what is judged cannot
 * hide itself. A range is judged by the files of its left end (of the zero id:
 * of the newest commit before it), what is staged by those of HEAD; with
 * SECSCAN_POLICY_ADOPT by those of its right end, and of the index. A range
 * without a left end is judged by its own files; a history by those in the work
 * tree, or, if there is none, by those of HEAD; but one whose `gate_ref` is
 * "A..B" as that range.
 */
SECSCAN_API int secscan_git_policy(secscan_policy **out, const char *path,
                                   const secscan_git_options *git,
                                   const secscan_policy_options *options,
                                   secscan_error *err);

/* A file of what judges a scan. */
typedef struct secscan_git_file {
    const char *name; /* the one that is there; NULL: none is */
    const char *text; /* with a NUL behind it; NULL */
    size_t len;
    /* The commit that was looked at; empty: the index, or none. */
    char commit[SECSCAN_GIT_ID_SIZE];
    char reserved[3];
    uint32_t is_work_tree; /* its files count: nothing was read */
} secscan_git_file;

/*
 * The first of the files `names` (NULL ends them; they have to outlive *out)
 * that stands at the root of what secscan_git_policy would read from; for a
 * configuration. `flags`: SECSCAN_POLICY_ADOPT, or 0. That none is there is no
 * failure; SECSCAN_ERR_RULE says that one is, and cannot be read: it is no
 * file, has more than 1 MiB, or is missing. *out is the caller's
 * (secscan_git_file_free).
 */
SECSCAN_API int secscan_git_base_file(const secscan_git_file **out,
                                      const char *path,
                                      const char *const *names,
                                      const secscan_git_options *git,
                                      uint32_t flags, secscan_error *err);
/* NULL is fine. */
SECSCAN_API void secscan_git_file_free(const secscan_git_file *file);

/* ---- hooks ------------------------------------------------------------ */

/* Where a repository is, and where git looks for its hooks. Directories end
 * with a slash, but for the work tree. */
typedef struct secscan_git_location {
    const char *git_dir;    /* of this work tree */
    const char *common_dir; /* what all work trees share */
    const char *work_dir;   /* NULL: none */
    const char *hooks_dir;
    /* The configuration that sets core.hooksPath; NULL: it is not set. */
    const char *hooks_file;
    const char *template_dir; /* init.templateDir; NULL: not set */
} secscan_git_location;

/*
 * Find the repository at or above `path` (NULL: only `template_dir`, which
 * needs none). Reads the configuration of the system and the user, as HOME,
 * XDG_* and GIT_CONFIG_* name it. *out belongs to the caller
 * (secscan_git_location_free).
 */
SECSCAN_API int secscan_git_locate(const secscan_git_location **out,
                                   const char *path, secscan_error *err);
SECSCAN_API void
secscan_git_location_free(const secscan_git_location *location);

#ifdef __cplusplus
}
#endif
#endif
