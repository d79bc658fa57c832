/*
 * git_push.h: the refs of a push, as ids: what is sent, and what the other side
 * is known to have. No commit is walked here.
 */
#ifndef SS_GIT_PUSH_H
#define SS_GIT_PUSH_H

#include "source/git.h"

#include <secscan_git.h>

/* A tag, or a tree or blob that a ref names without a commit. */
typedef struct ss_git_named {
    ss_oid id;
    ss_git_kind kind;
} ss_git_named;

typedef struct ss_git_push {
    SS_VEC(ss_oid) wanted;      /* commits that are sent */
    SS_VEC(ss_oid) known;       /* commits that are there */
    SS_VEC(ss_git_named) named; /* what else is sent, tags of tags too */
    ss_git_refs refs;           /* roots: the refs as they are to be */
    int has_lost; /* an old value is not here: less is known than could be */
} ss_git_push;

/* Ids that are none are SECSCAN_ERR_ARG; what is sent and not here is
 * SECSCAN_ERR_GIT. */
int ss_git_push_read(ss_git_push *out, ss_git *git,
                     const secscan_git_options *options, secscan_error *err);
void ss_git_push_release(ss_git_push *push);

#endif
