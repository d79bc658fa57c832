/*
 * run_git_staged.c: what the index adds to HEAD.
 */
#include "run_git.h"

int ss_run_git_staged(const ss_git_scan *scan, secscan_error *err)
{
    (void)scan;
    return ss_fail(err, SECSCAN_ERR_ARG, "the index is not supported yet");
}
