/*
 * run_git_judge.h: does a hit count at a path, in a commit? The second stage of
 * the verdict, asked by the attribution.
 */
#ifndef SS_RUN_GIT_JUDGE_H
#define SS_RUN_GIT_JUDGE_H

#include "run/run_git_objects.h"

/* For ss_attr_ops; ctx is the history. */
int ss_git_judge_at(void *ctx, const char *path, uint32_t blob,
                    const uint32_t **secrets, size_t *n);
int ss_git_judge_excluded(void *ctx, uint32_t secret, uint32_t commit,
                          uint32_t place);
/* 1: the form counts in a member (NULL: in none) of what has the path (NULL:
 * none). */
int ss_git_judge_form(const ss_git_history *h, uint32_t form, const char *path,
                      const char *member);

/* The same without a commit; what is not kept is counted, and said when there
 * is no verdict. *rc is a sink's answer. */
int ss_git_judge_counted(ss_git_history *h, const ss_git_hit *hit,
                         const char *path, int *rc);

/* What the rules ask for: names of all files, or of none. */
void ss_git_judge_prepare(ss_git_history *h);

#endif
