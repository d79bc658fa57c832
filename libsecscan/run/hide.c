/*
 * hide.c: the policy's verdict on matches, and what is told of it.
 */
#include "hide.h"

#include "base/alloc.h"

static const char *const names[SS_N_HIDERS] = {
    "allowlist", "baseline", "gitleaks-ignore", "ignore", "inline"};

static int note(ss_hide *hide, const char *kind, const char *file,
                uint64_t line, const char *text)
{
    const secscan_note n = {kind, file, line, text};

    return SS_VEC_PUSH(&hide->notes, n) ? SECSCAN_ERR_NOMEM : 0;
}

int ss_hide_init(ss_hide *hide, secscan_policy *policy, const ss_rule_set *set,
                 secscan_error *err)
{
    int rc = 0;

    hide->set = set;
    for (size_t i = 0; i < SS_N_HIDERS; i++)
        hide->counts[i].by = names[i];
    if (!policy)
        return 0;
    hide->policy = secscan_policy_ref(policy);
    hide->used = ss_calloc(policy->rows.len + 1, 1);
    if (!hide->used)
        return ss_fail_nomem(err);
    for (size_t i = 0; !rc && i < policy->notes.len; i++) {
        const secscan_note *n = &policy->notes.at[i];

        rc = note(hide, n->kind, n->file, n->line, n->text);
    }
    return rc ? ss_fail_nomem(err) : 0;
}

void ss_hide_release(ss_hide *hide)
{
    secscan_policy_free(hide->policy);
    ss_free(hide->used);
    SS_VEC_RELEASE(&hide->notes);
    ss_arena_release(&hide->arena);
}

/* ---- verdicts ---- */

/* Lines between the start of the match and that of the secret. */
static uint64_t lines_before(const ss_match *match)
{
    uint64_t n = 0;

    for (size_t i = match->match_at; i < match->secret_at; i++)
        n += match->line.data[i] == '\n';
    return n;
}

int ss_hide_ask(ss_hider *out, ss_hide *hide, const ss_match *match,
                ss_policy_place *place, ss_arena *arena)
{
    ss_mark mark;

    *out = (ss_hider){NULL, NULL, 0};
    if (!hide->policy)
        return 0;
    place->secret = ss_match_secret(match);
    place->rule = match->rule;
    place->match_line = place->line - lines_before(match);
    if (ss_policy_ask(out, hide->policy, hide->used, place))
        return SECSCAN_ERR_NOMEM;
    if (out->by)
        return 0;
    mark = ss_mark_read(hide->policy, hide->set, match->line, match->rule,
                        match->evidence);
    if (mark.status != SS_MARK_HIDES)
        return 0;
    out->by = "inline";
    out->reason =
        ss_arena_str(arena, (const char *)mark.reason.data, mark.reason.len);
    return out->reason ? 0 : SECSCAN_ERR_NOMEM;
}

int ss_hide_note_idle(ss_hide *hide, const ss_match *match,
                      const secscan_place *place)
{
    const char *path = place->path ? place->path : "";
    ss_mark mark;

    if (!hide->policy)
        return 0;
    mark = ss_mark_read(hide->policy, hide->set, match->line, match->rule,
                        match->evidence);
    if (mark.status != SS_MARK_IDLE)
        return 0;
    path = ss_arena_str(&hide->arena, path, strlen(path));
    if (!path)
        return SECSCAN_ERR_NOMEM;
    return note(hide, "idle", path, place->line_start, mark.why);
}

/* ---- counts and notes ---- */

void ss_hide_count(ss_hide *hide, const char *by)
{
    for (size_t i = 0; i < SS_N_HIDERS; i++) {
        if (strcmp(names[i], by) == 0)
            hide->counts[i].count++;
    }
}

/* Of a configuration, what is adopted is the program's. */
static const char *change_text(const ss_hide *hide, int is_config)
{
    if (!(hide->policy->flags & SECSCAN_POLICY_ADOPT))
        return "what is judged changes it; that counts when it is in";
    return is_config ? "what is judged changes it"
                     : "what is judged changes it, and --adopt lets that count";
}

int ss_hide_note_change(ss_hide *hide, const char *path)
{
    const char *config = ss_policy_is_config(path);
    const char *name = config ? config : ss_policy_is_file(path);

    if (!hide->policy || !name)
        return 0;
    for (size_t k = 0; k < hide->notes.len; k++) {
        if (hide->notes.at[k].file == name &&
            strcmp(hide->notes.at[k].kind, "changed") == 0)
            return 0;
    }
    return note(hide, "changed", name, 0, change_text(hide, config != NULL));
}

int ss_hide_note_stale(ss_hide *hide)
{
    int rc = 0;

    if (!hide->policy)
        return 0;
    for (size_t i = 0; !rc && i < hide->policy->rows.len; i++) {
        const ss_policy_row *row = &hide->policy->rows.at[i];

        if (!hide->used[i] && !row->has_ended)
            rc = note(hide, "stale", row->file, row->line,
                      "this entry hides nothing any more");
    }
    return rc;
}

void ss_hide_tell(ss_hide *hide, secscan_coverage *coverage)
{
    uint64_t others = 0;

    for (size_t i = 1; i < SS_N_HIDERS; i++)
        others += hide->counts[i].count;
    hide->counts[0].count = coverage->suppressed - hide->n_told;
    coverage->suppressed = hide->counts[0].count + others;
    hide->n_told = others;
    coverage->suppressed_by = hide->counts;
    coverage->n_suppressed_by = SS_N_HIDERS;
    coverage->notes = hide->notes.at;
    coverage->n_notes = hide->notes.len;
}
