/*
 * run_git_range.c: what the commits of a range introduce.
 */
#include "run_git.h"

int ss_run_git_range(const ss_git_scan *scan, secscan_error *err)
{
    (void)scan;
    return ss_fail(err, SECSCAN_ERR_ARG, "ranges are not supported yet");
}
