/*
 * ci_github.c: GitHub Actions (and Gitea's and Forgejo's, which speak the
 * same): the event is a JSON file.
 */
#include "ci.h"

#include <jansson.h>

#include <string.h>

static const char fix_depth[] = "      - uses: actions/checkout@v4\n"
                                "        with:\n"
                                "          fetch-depth: 0\n";
static const char fix_ref[] =
    "      - uses: actions/checkout@v4\n"
    "        with:\n"
    "          fetch-depth: 0\n"
    "          ref: ${{ github.event.pull_request.head.sha }}\n";

/* The text at a path of keys, "pull_request.head.sha"; NULL. */
static const char *text_at(const json_t *value, const char *path)
{
    char key[40];

    while (value && *path) {
        size_t len = strcspn(path, ".");

        if (len >= sizeof(key))
            return NULL;
        memcpy(key, path, len);
        key[len] = '\0';
        value = json_object_get(value, key);
        path += len + (path[len] == '.');
    }
    return json_string_value(value);
}

static int is_same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static void read_pull_request(ci_event *event, const json_t *root)
{
    event->kind = CI_CHANGE;
    event->base = text_at(root, "pull_request.base.sha");
    event->head = text_at(root, "pull_request.head.sha");
    event->source = event->head;
    event->is_fork =
        !is_same(text_at(root, "pull_request.head.repo.full_name"),
                 text_at(root, "pull_request.base.repo.full_name"));
    if (is_same(event->name, "pull_request_target"))
        event->fix_ref = fix_ref;
}

static void read_merge_group(ci_event *event, const json_t *root)
{
    event->kind = CI_CHANGE;
    event->base = text_at(root, "merge_group.base_sha");
    event->head = text_at(root, "merge_group.head_sha");
}

static void read_push(ci_event *event, const json_t *root)
{
    static const char branches[] = "refs/heads/";
    const char *ref = text_at(root, "ref");

    event->kind = CI_PUSH;
    event->base = text_at(root, "before");
    event->head = text_at(root, "after");
    if (ref && strncmp(ref, branches, sizeof(branches) - 1) == 0)
        event->branch = ref + sizeof(branches) - 1;
    if (event->head && ci_is_zero(event->head))
        event->kind = CI_DELETED;
}

/* By what the event holds: there are many names for a pull request. */
static void read_event(ci_event *event, const json_t *root)
{
    event->default_branch = text_at(root, "repository.default_branch");
    if (text_at(root, "pull_request.head.sha"))
        read_pull_request(event, root);
    else if (text_at(root, "merge_group.head_sha"))
        read_merge_group(event, root);
    else if (is_same(event->name, "push"))
        read_push(event, root);
}

int ci_read_github(ci_event *event)
{
    const char *path = ci_env("GITHUB_EVENT_PATH");
    json_error_t error;
    json_t *root;

    if (!ci_env("GITHUB_ACTIONS"))
        return 0;
    event->system = "GitHub";
    event->name = ci_env("GITHUB_EVENT_NAME");
    event->summary = ci_env("GITHUB_STEP_SUMMARY");
    event->has_annotations = 1;
    event->fix_depth = fix_depth;
    root = path ? json_load_file(path, 0, &error) : NULL;
    if (!root) {
        fputs("secscan: the event cannot be read from GITHUB_EVENT_PATH; "
              "`secscan ci --range A..B` does without\n",
              stderr);
        return -1;
    }
    event->owned = root;
    read_event(event, root);
    return 1;
}

void ci_event_release(ci_event *event)
{
    json_decref(event->owned);
}
