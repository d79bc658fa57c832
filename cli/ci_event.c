/*
 * ci_event.c: which CI system this is. Of the others only pull requests are
 * known, by the variable that names the branch they go to.
 */
#include "ci.h"

#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *ci_env(const char *name)
{
    const char *value = getenv(name);

    return value && *value ? value : NULL;
}

int ci_is_zero(const char *id)
{
    return *id && strspn(id, "0") == strlen(id);
}

int ci_read_other(ci_event *event)
{
    static const struct {
        const char *system, *target;
    } systems[] = {
        {"Azure Pipelines", "SYSTEM_PULLREQUEST_TARGETBRANCH"},
        {"Bitbucket", "BITBUCKET_PR_DESTINATION_BRANCH"},
        {"Buildkite", "BUILDKITE_PULL_REQUEST_BASE_BRANCH"},
        {"Jenkins", "CHANGE_TARGET"},
    };

    event->system = "no CI system that secscan knows";
    event->fix_depth = "    git fetch --unshallow\n";
    for (size_t i = 0; i < sizeof(systems) / sizeof(systems[0]); i++) {
        const char *target = ci_env(systems[i].target);

        if (!target)
            continue;
        event->system = systems[i].system;
        event->name = "pull request";
        event->kind = CI_CHANGE;
        if (strncmp(target, "refs/heads/", 11) == 0)
            target += 11;
        snprintf(event->ref, sizeof(event->ref), "refs/remotes/origin/%s",
                 target);
        event->base = event->ref;
        break;
    }
    return 1;
}

int ci_event_read(ci_event *event)
{
    static int (*const systems[])(ci_event *) = {ci_read_github, ci_read_gitlab,
                                                 ci_read_other};
    int is_known = 0;

    memset(event, 0, sizeof(*event));
    for (size_t i = 0; !is_known; i++)
        is_known = systems[i](event);
    return is_known < 0 ? CLI_EXIT_USAGE : 0;
}
