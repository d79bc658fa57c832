/*
 * run_git_judge.c: origin verdicts of hits, and rules about paths alone.
 */
#include "run_git_judge.h"

#include "base/alloc.h"
#include "run/member.h"

#include <stdlib.h>

/* A pattern that looks no further than the last slash can be asked of a name
 * alone; any other one needs every path there is. */
static int is_about_name(const char *pattern)
{
    static const char *const known[] = {"(?:^|/)", "(^|/)", "[^/]"};

    for (const char *p = pattern; *p;) {
        size_t skip = 0;

        for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
            size_t len = strlen(known[i]);

            if (strncmp(p, known[i], len) == 0)
                skip = len;
        }
        if (!skip && *p == '/')
            return 0;
        p += skip ? skip : 1;
    }
    return 1;
}

void ss_git_judge_prepare(ss_git_history *h)
{
    const ss_rule_set *set = h->scan->handle->set;

    for (size_t i = 0; i < set->n_rules; i++) {
        const ss_rule *rule = set->rules[i];

        if (!ss_rule_is_path(rule))
            continue;
        h->has_path_rules = 1;
        h->needs_all_names |= !is_about_name(rule->path);
    }
}

static ss_verdict ask(const ss_git_history *h, const ss_match *match,
                      const char *path, const char *member, const char *commit)
{
    ss_filter *filter = ss_scanner_filter(h->scan->handle->scanner);

    return ss_member_verdict(filter, match, path, member, commit);
}

int ss_git_judge_form(const ss_git_history *h, uint32_t form, const char *path,
                      const char *member)
{
    return ask(h, &h->store.forms.at[form].match, path, member, NULL) ==
           SS_KEEP;
}

/* A verdict, counted: 1 when it stands. */
static int count_verdict(ss_git_history *h, ss_verdict verdict,
                         const char *path, uint32_t blob, int *rc)
{
    char id[SS_OID_TEXT];
    ss_origin origin = {path, id, SECSCAN_SOURCE_BLOB};

    if (verdict == SS_SUPPRESS)
        h->scan->handle->coverage.suppressed++;
    if (verdict == SS_NO_VERDICT) {
        if (blob == SS_NO_OBJECT)
            origin.object = NULL;
        else
            ss_oid_write(id, &h->objects.list.at[blob].id, h->id_len);
        *rc = ss_deliver_skip(h->scan->handle, &origin, "match-limit",
                              "an allowlist's pattern", &h->scan->sink);
    }
    return verdict == SS_KEEP;
}

int ss_git_judge_counted(ss_git_history *h, const ss_git_hit *hit,
                         const char *path, int *rc)
{
    ss_verdict verdict =
        ask(h, &h->store.forms.at[hit->form].match, path, hit->member, NULL);

    return count_verdict(h, verdict, path, hit->object, rc);
}

typedef struct secrets {
    SS_VEC(uint32_t) list;
} secrets;

static int add_secret(secrets *s, uint32_t secret)
{
    return SS_VEC_PUSH(&s->list, secret) ? SECSCAN_ERR_NOMEM : 0;
}

static int compare_numbers(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

    return a < b ? -1 : a > b;
}

static void sort_secrets(secrets *s)
{
    size_t n = 0;

    if (s->list.len)
        qsort(s->list.at, s->list.len, sizeof(uint32_t), compare_numbers);
    for (size_t i = 0; i < s->list.len; i++) {
        if (!n || s->list.at[n - 1] != s->list.at[i])
            s->list.at[n++] = s->list.at[i];
    }
    s->list.len = n;
}

static int judge_hits(ss_git_history *h, const char *path, uint32_t blob,
                      secrets *out)
{
    size_t n;
    const ss_git_hit *hits = ss_git_store_hits(&h->store, blob, &n);
    int rc = 0;

    for (size_t i = 0; !rc && i < n; i++) {
        const ss_git_form *form = &h->store.forms.at[hits[i].form];

        if (ss_git_judge_counted(h, &hits[i], path, &rc))
            rc = add_secret(out, form->secret);
    }
    return rc;
}

/* Rules about paths alone: the path is the secret. */
static int judge_path(ss_git_history *h, const char *path, uint32_t blob,
                      secrets *out)
{
    const secscan_scanner *handle = h->scan->handle;
    uint32_t form;
    int rc = 0;

    for (size_t i = 0; !rc && i < handle->n_path_rules; i++) {
        ss_match match = ss_path_match(handle, i);

        if (!count_verdict(h, ask(h, &match, path, NULL, NULL), path, blob,
                           &rc))
            continue;
        rc = ss_git_store_add_path(&h->store, &match, path, &form);
        if (!rc)
            rc = add_secret(out, h->store.forms.at[form].secret);
    }
    return rc;
}

int ss_git_judge_at(void *ctx, const char *path, uint32_t blob,
                    const uint32_t **out, size_t *n)
{
    ss_git_history *h = ctx;
    secrets found = {{NULL, 0, 0}};
    int rc;

    rc = judge_hits(h, path, blob, &found);
    if (!rc && h->has_path_rules)
        rc = judge_path(h, path, blob, &found);
    sort_secrets(&found);
    *n = found.list.len;
    *out = ss_arena_copy(&h->store.arena, found.list.at,
                         found.list.len * sizeof(uint32_t));
    if (!rc && !*out)
        rc = SECSCAN_ERR_NOMEM;
    SS_VEC_RELEASE(&found.list);
    return rc == SECSCAN_ERR_NOMEM ? ss_fail_nomem(h->err) : rc;
}

/* A commit's own text: every hit with this secret is allowed. */
static int is_text_excluded(const ss_git_history *h, uint32_t object,
                            uint32_t secret, const char *commit)
{
    size_t n;
    const ss_git_hit *hits = ss_git_store_hits(&h->store, object, &n);

    for (size_t i = 0; i < n; i++) {
        if (h->store.forms.at[hits[i].form].secret == secret &&
            ask(h, &h->store.forms.at[hits[i].form].match, NULL, hits[i].member,
                commit) != SS_SUPPRESS)
            return 0;
    }
    return 1;
}

int ss_git_judge_excluded(void *ctx, uint32_t secret, uint32_t commit,
                          uint32_t at)
{
    const ss_git_history *h = ctx;
    uint32_t object = h->walk.commits.at[commit].object;
    char id[SS_OID_TEXT];
    const ss_attr_place *place;
    const ss_git_hit *hits;
    size_t n;

    ss_oid_write(id, &h->objects.list.at[object].id, h->id_len);
    if (at == SS_NO_PLACE)
        return is_text_excluded(h, object, secret, id);
    place = ss_attr_place_at(h->attr, at);
    hits = ss_git_store_hits(&h->store, place->blob, &n);
    for (size_t i = 0; i < n; i++) {
        if (h->store.forms.at[hits[i].form].secret == secret)
            return ask(h, &h->store.forms.at[hits[i].form].match,
                       ss_attr_path(h->attr, place->path), hits[i].member,
                       id) == SS_SUPPRESS;
    }
    return 0;
}
