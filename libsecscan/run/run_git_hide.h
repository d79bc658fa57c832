/*
 * run_git_hide.h: whether the policy hides a secret of a history, whose places
 * are told one after the other.
 */
#ifndef SS_RUN_GIT_HIDE_H
#define SS_RUN_GIT_HIDE_H

#include "run/run_git_objects.h"

typedef struct ss_git_hide_place {
    const ss_match *match;
    const char *path; /* NULL: none */
    const char *file; /* the same without a member; NULL: of no commit */
    const char *source;
    uint32_t object; /* number, or SS_NO_OBJECT */
    uint64_t line;
    int is_intro; /* a commit brought the secret in here */
} ss_git_hide_place;

typedef struct ss_git_hide {
    ss_git_history *h;
    const char *fingerprint;
    ss_arena *arena;
    ss_hider first;  /* of the places that count, the first's */
    size_t n_hidden; /* of the places that count */
    SS_VEC(const char *)
    bare;                        /* paths of those that nothing hides; NULL:
                                    not hidden by a line elsewhere in it */
    SS_VEC(const char *) hidden; /* paths where a line was named */
    ss_git_hide_place last;      /* the last one, and its verdict */
    ss_hider last_hider;
    int has_last;
} ss_git_hide;

/* `counts`: the secret is shown if nothing hides it here. Nonzero when out of
 * memory. */
int ss_git_hide_add(ss_git_hide *hide, const ss_git_hide_place *place,
                    int counts);
/* Fill in what hides the finding; of one that is not hidden, note a mark in the
 * line of `match` that does not count. */
int ss_git_hide_end(ss_git_hide *hide, secscan_finding *finding,
                    const ss_match *match);
void ss_git_hide_release(ss_git_hide *hide);

#endif
