/*
 * run_git_gate.h: of a history's findings those that one ref reaches, or that
 * the commits of a range introduce: the only ones that gate when the caller
 * says so.
 */
#ifndef SS_RUN_GIT_GATE_H
#define SS_RUN_GIT_GATE_H

#include "run/run_git.h"
#include "source/git_range.h"

typedef struct ss_git_gate {
    const char *ref;  /* as the caller wrote it; NULL: all gate */
    int is_elsewhere; /* it is one of the repository around this one */
    ss_git_range range;
} ss_git_gate;

int ss_git_gate_read(ss_git_gate *out, const ss_git_scan *scan, ss_git *git,
                     const ss_git_refs *refs, secscan_error *err);
void ss_git_gate_release(ss_git_gate *gate);

/* Commits are those of the repository that was read. What no commit introduces
 * (a tag's message, a note, the name of a ref) goes by the refs that lead to
 * it. A submodule's findings are another repository's. */
int ss_git_gate_holds(const ss_git_gate *gate, const secscan_finding *finding);

#endif
