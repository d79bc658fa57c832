/*
 * git_ref.h: one ref by its full name, wherever the repository keeps it.
 */
#ifndef SS_GIT_REF_H
#define SS_GIT_REF_H

#include "source/git.h"

#define SS_REF_NAME_MAX 1024u

typedef struct ss_git_ref {
    int is_there;
    ss_oid id;
    char link[SS_REF_NAME_MAX]; /* the ref that it names; "" for an id */
} ss_git_ref;

/* The ref itself; links are not followed. */
int ss_git_ref_look(ss_git_ref *out, const ss_git *git, const char *name,
                    secscan_error *err);
/* The text of its log, oldest line first, in the format of files. Empty when
 * there is none. */
int ss_git_ref_log(ss_buf *out, const ss_git *git, const char *name,
                   secscan_error *err);

#endif
