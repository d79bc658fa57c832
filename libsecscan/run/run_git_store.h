/*
 * run_git_store.h: the matches of a whole history in little memory. One secret
 * is one number, whatever the number of blobs that hold it; equal lines are
 * kept once.
 */
#ifndef SS_RUN_GIT_STORE_H
#define SS_RUN_GIT_STORE_H

#include "base/map.h"
#include "run/handle.h"
#include "source/git.h"

#include "base/vec.h"

/* A match without its place: rule, verdict, line, and parts, whose lines and
 * offsets count from its own. */
typedef struct ss_git_form {
    ss_match match; /* bytes in the store's arena */
    uint32_t secret;
} ss_git_form;

#define SS_NO_FORM UINT32_MAX

typedef struct ss_git_hit {
    uint32_t form;
    uint32_t whole;   /* form of the match it is a part of, or SS_NO_FORM */
    uint32_t object;  /* number, or SS_NO_OBJECT */
    uint8_t source;   /* secscan_source */
    const char *path; /* of refs and logs; the id of an LFS object; else NULL */
    const char *member; /* of a container, as ss_match's; NULL: of none */
    const ss_encodings *encodings; /* NULL: it stands plainly */
    uint64_t offset, line_start, line_end, column_start, column_end;
} ss_git_hit;

typedef struct ss_git_store {
    const secscan_scanner *handle;
    SS_VEC(ss_git_form) forms;
    SS_VEC(ss_git_hit) hits; /* sorted once all are in */
    ss_map form_numbers;
    ss_map secrets;      /* fingerprint text to number */
    uint32_t *first_hit; /* by object: position + 1; after sorting */
    ss_arena arena;
} ss_git_store;

void ss_git_store_init(ss_git_store *store, const secscan_scanner *handle);
void ss_git_store_release(ss_git_store *store);

/* A match of `object` (or of a ref or log named `path`, borrowed). */
int ss_git_store_add(ss_git_store *store, const ss_match *match,
                     uint32_t object, secscan_source source, const char *path);
/* A rule about paths alone, at one path: its secret is the path. */
int ss_git_store_add_path(ss_git_store *store, const ss_match *match,
                          const char *path, uint32_t *form);
/* Sort by (object, source, path, offset, rule): before asking. */
int ss_git_store_sort_hits(ss_git_store *store, size_t n_objects);
/* Hits of an object, next to each other. */
const ss_git_hit *ss_git_store_hits(const ss_git_store *store, uint32_t object,
                                    size_t *n);

static inline size_t ss_git_store_n_secrets(const ss_git_store *store)
{
    return store->secrets.len;
}

#endif
