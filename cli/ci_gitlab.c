/*
 * ci_gitlab.c: GitLab CI: everything is a variable.
 */
#include "ci.h"

#include <string.h>

static const char fix_depth[] = "variables:\n"
                                "  GIT_DEPTH: \"0\"\n";

static int is_other(const char *a, const char *b)
{
    return a && b && strcmp(a, b) != 0;
}

/* Also a child pipeline of one. Merged results and merge trains check out a
 * merge commit. */
static void read_merge_request(ci_event *event)
{
    const char *type = ci_env("CI_MERGE_REQUEST_EVENT_TYPE");

    event->kind = CI_CHANGE;
    event->name = type && strcmp(type, "merge_train") == 0 ? "merge train"
                                                           : "merge request";
    event->base = ci_env("CI_MERGE_REQUEST_DIFF_BASE_SHA");
    event->source = ci_env("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA");
    event->is_fork = is_other(ci_env("CI_MERGE_REQUEST_SOURCE_PROJECT_ID"),
                              ci_env("CI_MERGE_REQUEST_PROJECT_ID"));
}

static void read_external(ci_event *event)
{
    event->kind = CI_CHANGE;
    event->name = "external pull request";
    event->base = ci_env("CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_SHA");
    event->source = ci_env("CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_SHA");
}

static void read_push(ci_event *event)
{
    event->kind = CI_PUSH;
    event->base = ci_env("CI_COMMIT_BEFORE_SHA");
    event->branch = ci_env("CI_COMMIT_BRANCH");
}

int ci_read_gitlab(ci_event *event)
{
    if (!ci_env("GITLAB_CI"))
        return 0;
    event->system = "GitLab";
    event->name = ci_env("CI_PIPELINE_SOURCE");
    event->head = ci_env("CI_COMMIT_SHA");
    event->default_branch = ci_env("CI_DEFAULT_BRANCH");
    event->fix_depth = fix_depth;
    if (ci_env("CI_MERGE_REQUEST_DIFF_BASE_SHA"))
        read_merge_request(event);
    else if (ci_env("CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_SHA"))
        read_external(event);
    else if (event->name && strcmp(event->name, "push") == 0)
        read_push(event);
    return 1;
}
