/*
 * git.h: a repository and its objects: ids in, bytes out. How the objects are
 * stored stays behind this border.
 *
 * Nothing that a repository names is ever executed, and `git` is never run.
 */
#ifndef SS_GIT_H
#define SS_GIT_H

#include "source/git_parse.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"

typedef struct ss_git ss_git;

typedef enum ss_git_kind {
    SS_GIT_NONE = 0, /* it could not be told */
    SS_GIT_COMMIT = 1,
    SS_GIT_TREE = 2,
    SS_GIT_BLOB = 3,
    SS_GIT_TAG = 4
} ss_git_kind;

/* Open the repository at or above `path`. Of the flags, SECSCAN_GIT_BY_NAME and
 * SECSCAN_GIT_OWNS_LIBGIT2 matter. What cannot be read as it should is
 * SECSCAN_ERR_GIT. */
int ss_git_open(ss_git **out, const char *path, uint32_t flags,
                secscan_error *err);
void ss_git_free(ss_git *git);
/* Objects stand in that directory, too. */
int ss_git_add_objects(ss_git *git, const char *dir, secscan_error *err);

size_t ss_git_id_len(const ss_git *git);
const char *ss_git_dir(const ss_git *git);        /* ends with a slash */
const char *ss_git_common_dir(const ss_git *git); /* ends with a slash */
int ss_git_is_partial(const ss_git *git);
/* Where it keeps its refs: those of this work tree (`is_own`) or what all
 * share. NULL: in files. */
const struct ss_reftable *ss_git_reftable(const ss_git *git, int is_own);
/* A value of the repository's own configuration; NULL. */
const char *ss_git_config(const ss_git *git, const char *name);

/* The name of a remote that the configuration gives this URL, the first from
 * *at on; NULL. */
const char *ss_git_remote_next(const ss_git *git, const char *url, size_t *at);

/* An object's bytes, valid until released. Safe from several threads. */
typedef struct ss_git_data {
    ss_bytes bytes;
    ss_git_kind kind;
    void *handle;
    void (*release)(void *handle);
} ss_git_data;

/* 0; SECSCAN_ERR_GIT when it is not there, SECSCAN_ERR_CORRUPT when it cannot
 * be read, SECSCAN_ERR_LIMIT over max_size (0: none). */
int ss_git_object_read(ss_git_data *out, ss_git *git, const ss_oid *id,
                       uint64_t max_size, secscan_error *err);
void ss_git_data_release(ss_git_data *data);
/* Objects whose id begins with `n_digits` hex digits: how many, as far as two,
 * and one of them. */
int ss_git_objects_match(ss_git *git, const ss_oid *prefix, size_t n_digits,
                         ss_oid *out, uint32_t *n);
/* What a revision ("main", "HEAD~3", an id) names, peeled to a commit. */
int ss_git_resolve(ss_oid *out, ss_git *git, const char *revision,
                   secscan_error *err);

/* ---- all objects ------------------------------------------------------ */

#define SS_NO_OBJECT UINT32_MAX

typedef struct ss_git_object {
    ss_oid id;
    uint64_t size;
    uint64_t place; /* reading in this order is fastest */
    ss_git_kind kind;
    uint32_t entry; /* of the pack, where one of ours has it */
} ss_git_object;

typedef struct ss_git_problem {
    const char *path;            /* in the arena */
    const char *reason, *detail; /* static */
} ss_git_problem;

/* Every object, each once, by id; the position is its number. */
typedef struct ss_git_objects {
    SS_VEC(ss_git_object) list;
    SS_VEC(ss_git_problem) problems; /* what of the store cannot be read */
    SS_VEC(struct ss_pack *) packs;  /* NULL: read by name */
    uint32_t *fan;                   /* by the first two bytes of the id */
    uint64_t n_kind[5];
    int has_promisor; /* a pack of a partial clone */
    ss_arena arena;
} ss_git_objects;

int ss_git_objects_list(ss_git_objects *out, ss_git *git, secscan_error *err);
/* A pack that we read as a whole has it. */
int ss_git_objects_is_packed(const ss_git_objects *objects, uint32_t number);
uint32_t ss_git_objects_find(const ss_git_objects *objects, const uint8_t *id,
                             size_t id_len);
void ss_git_objects_release(ss_git_objects *objects);

/* ---- refs ------------------------------------------------------------- */

typedef enum ss_git_root_kind {
    SS_ROOT_REF,    /* refs and HEAD */
    SS_ROOT_PSEUDO, /* ORIG_HEAD, FETCH_HEAD ...: may name what is gone */
    SS_ROOT_NOTE,   /* refs/notes */
    SS_ROOT_STASH,  /* refs/stash and its log */
    SS_ROOT_REFLOG
} ss_git_root_kind;

typedef struct ss_git_root {
    const char *name; /* "refs/heads/main", "logs/HEAD"; in the arena */
    ss_oid id;
    ss_git_root_kind kind;
} ss_git_root;

/* Messages of one reflog, one a line, so that line numbers are the log's. */
typedef struct ss_git_log {
    const char *path; /* "logs/HEAD" */
    ss_bytes messages;
} ss_git_log;

typedef struct ss_git_refs {
    SS_VEC(ss_git_root) roots;
    SS_VEC(ss_git_log) logs;
    SS_VEC(ss_oid) shallow;
    size_t n_refs;    /* roots that are refs, HEAD apart */
    size_t n_damaged; /* refs and lines of logs that cannot be read */
    int has_head;
    ss_oid head;
    SS_VEC(ss_oid) merge_heads; /* of this worktree */
    ss_arena arena;
} ss_git_refs;

/* Read from files: all worktrees, packed refs, logs, the shallow list. */
int ss_git_refs_read(ss_git_refs *out, const ss_git *git, secscan_error *err);
/* Only HEAD and MERGE_HEAD of this worktree, and the shallow list. */
int ss_git_heads_read(ss_git_refs *out, const ss_git *git, secscan_error *err);
/* Refs whose names begin with `prefix`, which ends with a slash, without logs;
 * of a loose one and a packed one the loose one. */
int ss_git_refs_below(ss_git_refs *out, const ss_git *git, const char *prefix,
                      secscan_error *err);
void ss_git_refs_release(ss_git_refs *refs);
/* The id of a ref by its full name, links followed; *found 0 when there is
 * none. */
int ss_git_ref_read(ss_oid *out, int *found, const ss_git *git,
                    const char *name, secscan_error *err);

#endif
