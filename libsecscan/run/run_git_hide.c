/*
 * run_git_hide.c: places of a secret, and the policy's verdict on all of them.
 *
 * Entries of gitleaks name a line, as one commit has it. Lines move: where such
 * an entry hides a secret at one place of a path, it hides it at this path, but
 * not where another commit brought it in again: gitleaks tells that, too.
 */
#include "run_git_hide.h"

#include "base/alloc.h"
#include "source/git_path.h"

typedef struct place_in {
    const ss_git_history *h;
    const ss_git_hide_place *place;
} place_in;

/* Does the commit have the place's blob at its path? */
static int is_in(void *ctx, const char *commit)
{
    const place_in *in = ctx;
    const ss_git_history *h = in->h;
    ss_oid id, blob;
    uint32_t mode;

    if (in->place->object == SS_NO_OBJECT || !in->place->file ||
        ss_oid_read(&id, ss_bytes_str(commit), h->id_len) ||
        ss_git_path_find(&blob, &mode, h->git, &id, in->place->file))
        return 0;
    return ss_oid_equal(&blob, &h->objects.list.at[in->place->object].id);
}

/* From the root of the outermost repository. */
static const char *whole_path(const ss_git_hide *hide, const char *path)
{
    const char *prefix = hide->h->scan->prefix;
    size_t len = prefix ? strlen(prefix) : 0;
    char *whole;

    if (!prefix || !path)
        return path;
    whole = ss_arena_alloc(hide->arena, len + strlen(path) + 2);
    if (whole) {
        memcpy(whole, prefix, len);
        whole[len] = '/';
        memcpy(whole + len + 1, path, strlen(path) + 1);
    }
    return whole;
}

static int ask(ss_hider *out, const ss_git_hide *hide,
               const ss_git_hide_place *at)
{
    place_in in = {hide->h, at};
    ss_policy_place place = {.fingerprint = hide->fingerprint,
                             .path = whole_path(hide, at->path),
                             .source = at->source,
                             .line = at->line,
                             .is_in = is_in,
                             .ctx = &in};

    if (at->path && !place.path)
        return SECSCAN_ERR_NOMEM;
    return ss_hide_ask(out, &hide->h->scan->handle->hide, at->match, &place,
                       hide->arena);
}

/* Versions of a file hold the same line: the verdict is the same, unless line
 * numbers and commits matter. */
static int is_like_last(const ss_git_hide *hide, const ss_git_hide_place *place)
{
    return hide->has_last && hide->last.path == place->path &&
           hide->last.match == place->match &&
           hide->last.source == place->source &&
           !hide->h->scan->handle->hide.policy->positions.len;
}

int ss_git_hide_add(ss_git_hide *hide, const ss_git_hide_place *place,
                    int counts)
{
    ss_hider hider = hide->last_hider;

    if (!is_like_last(hide, place) && ask(&hider, hide, place))
        return SECSCAN_ERR_NOMEM;
    hide->last = *place;
    hide->last_hider = hider;
    hide->has_last = 1;
    if (hider.is_position && place->path &&
        SS_VEC_PUSH(&hide->hidden, place->path))
        return SECSCAN_ERR_NOMEM;
    if (!counts)
        return 0;
    if (!hider.by)
        return SS_VEC_PUSH(&hide->bare, place->is_intro ? NULL : place->path)
                   ? SECSCAN_ERR_NOMEM
                   : 0;
    if (!hide->n_hidden++)
        hide->first = hider;
    return 0;
}

static int is_hidden_path(const ss_git_hide *hide, const char *path)
{
    for (size_t i = 0; path && i < hide->hidden.len; i++) {
        if (strcmp(hide->hidden.at[i], path) == 0)
            return 1;
    }
    return 0;
}

int ss_git_hide_end(ss_git_hide *hide, secscan_finding *finding,
                    const ss_match *match)
{
    for (size_t i = 0; i < hide->bare.len; i++) {
        if (!is_hidden_path(hide, hide->bare.at[i]))
            return ss_hide_note_idle(&hide->h->scan->handle->hide, match,
                                     &finding->place);
    }
    ss_finding_hide(finding, &hide->first);
    return 0;
}

void ss_git_hide_release(ss_git_hide *hide)
{
    SS_VEC_RELEASE(&hide->bare);
    SS_VEC_RELEASE(&hide->hidden);
}
