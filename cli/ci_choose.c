/*
 * ci_choose.c: from the event to the commits that it brings in, as far as they
 * are here. What is in doubt is scanned; what has to be here and is not ends
 * the job, with the way out.
 */
#include "ci.h"

#include "command.h"

#include <secscan_git.h>

#include <stdlib.h>
#include <string.h>

typedef struct chooser {
    ci_choice *out;
    const ci_event *event;
    const char *path;
    int code; /* the first failure */
} chooser;

/* The id of a commit, or an empty one. */
static secscan_git_look find(chooser *c, const char *revision)
{
    secscan_git_look look = {{0}, {0}, 0};
    secscan_error err = {0};
    int rc;

    if (c->code || !revision)
        return look;
    rc = secscan_git_find(&look, c->path, revision, &err);
    if (rc)
        c->code = cli_fail(&err, rc);
    return look;
}

static secscan_git_look find_branch(chooser *c, const char *branch)
{
    char ref[512];

    if (!branch || strlen(branch) > sizeof(ref) - 32)
        return find(c, NULL);
    snprintf(ref, sizeof(ref), "refs/remotes/origin/%s", branch);
    return find(c, ref);
}

static void set_range(chooser *c, const char *from, const char *to)
{
    size_t size = strlen(from) + strlen(to) + sizeof("..");

    c->out->range = malloc(size);
    if (!c->out->range) {
        fputs("secscan: out of memory\n", stderr);
        c->code = CLI_EXIT_INTERNAL;
        return;
    }
    snprintf(c->out->range, size, "%s%s%s", from, *from ? ".." : "", to);
    c->out->is_change = *from != '\0';
}

static void lack(chooser *c, const char *what)
{
    c->out->lack = what;
    c->out->fix = c->event->fix_ref ? c->event->fix_ref : c->event->fix_depth;
}

/* The range has no beginning that is here: what the default branch does not
 * have; of that branch itself, all. */
static void choose_without_base(chooser *c, const char *head)
{
    const char *branch = c->event->branch, *main = c->event->default_branch;
    secscan_git_look base = {{0}, {0}, 0};

    if (!branch || !main || strcmp(branch, main) != 0)
        base = find_branch(c, main);
    set_range(c, base.id, head);
}

/* A merge commit that the system made of the change and the newest base. */
static int is_made_merge(chooser *c)
{
    secscan_git_look second = find(c, c->event->source ? "HEAD^2" : NULL);

    return second.id[0] && strcmp(second.id, c->event->source) == 0;
}

static void choose_change(chooser *c, const char *head)
{
    secscan_git_look base = find(c, c->event->base);

    if (is_made_merge(c)) {
        set_range(c, find(c, "HEAD^1").id, find(c, "HEAD").id);
    } else if (base.id[0]) {
        set_range(c, base.id, head);
    } else if (c->out->is_shallow) {
        lack(c, "the commit that the change starts from is not here");
    } else {
        c->out->why = "its base is not here";
        choose_without_base(c, head);
    }
}

static void choose_push(chooser *c, const char *head)
{
    const char *before = c->event->base;
    secscan_git_look base = {{0}, {0}, 0};

    if (before && !ci_is_zero(before))
        base = find(c, before);
    if (base.id[0]) {
        set_range(c, base.id, head);
    } else if (c->out->is_shallow) {
        lack(c, "the commits before the push are not here");
    } else {
        c->out->why = !before || ci_is_zero(before)
                          ? "nothing was there before"
                          : "a forced push: what was there before is not here";
        choose_without_base(c, head);
    }
}

int ci_choose(ci_choice *out, const ci_event *event, const char *path)
{
    chooser c = {out, event, path, 0};
    secscan_git_look head = find(&c, "HEAD");

    memset(out, 0, sizeof(*out));
    out->is_shallow = head.is_shallow != 0;
    if (event->head)
        head = find(&c, event->head);
    if (!c.code && !head.id[0])
        lack(&c, event->head ? "the commit to scan is not here"
                             : "there is no commit here");
    else if (event->kind == CI_CHANGE)
        choose_change(&c, head.id);
    else if (event->kind == CI_PUSH)
        choose_push(&c, head.id);
    else
        set_range(&c, "", head.id);
    return c.code;
}
