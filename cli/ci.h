/*
 * ci.h: what a CI system says about the job in its environment, and what of the
 * repository follows from that. One file a system; ci_command.c does the rest.
 */
#ifndef CLI_CI_H
#define CLI_CI_H

#include "args.h"

typedef enum ci_kind {
    CI_HISTORY = 0, /* a schedule, a button: all that the commit reaches */
    CI_CHANGE,      /* a pull request, a merge queue: base..head */
    CI_PUSH,        /* from `base`, the zero id when there was nothing */
    CI_DELETED      /* a ref has gone: nothing to scan */
} ci_kind;

/* Strings are of the environment, `ref` or `owned`; NULL: not said. */
typedef struct ci_event {
    const char *system; /* "GitHub" */
    const char *name;   /* "pull_request" */
    ci_kind kind;
    const char *base;
    const char *head;
    /* Of a change: its last commit. When HEAD is a merge commit that the system
     * made, that is its second parent, and the first is the newest base. */
    const char *source;
    const char *branch; /* of a push; NULL for a tag */
    const char *default_branch;
    int is_fork;
    int has_annotations;   /* lines of standard output become remarks */
    const char *summary;   /* a file for the job's page */
    const char *fix_depth; /* what in the job's file brings a whole clone */
    const char *fix_ref;   /* instead: what checks the change itself out */
    char ref[300];
    void *owned;
} ci_event;

/* Each returns 1 when the job is one of that system, 0 when not, or -1: it is,
 * and what it says cannot be read (said on standard error). */
int ci_read_github(ci_event *event);
int ci_read_gitlab(ci_event *event);
int ci_read_other(ci_event *event); /* always 1 */

/* The first that knows the job. 0, or the exit code. */
int ci_event_read(ci_event *event);
void ci_event_release(ci_event *event);

/* An environment variable; NULL when it is empty, too. */
const char *ci_env(const char *name);
/* Is it the id of nothing? */
int ci_is_zero(const char *id);

/* What to scan: a range, or all that one commit reaches. */
typedef struct ci_choice {
    char *range;      /* the caller frees it */
    int is_change;    /* 0: all that `range`, one commit, reaches */
    const char *why;  /* a word about a range that is not the event's own */
    int is_shallow;   /* the clone */
    const char *lack; /* what is not here and has to be; NULL: nothing */
    const char *fix;  /* and what brings it */
} ci_choice;

/* 0, or the exit code (said on standard error). */
int ci_choose(ci_choice *out, const ci_event *event, const char *path);

#endif
