/*
 * hook.c: the report of git's hooks: one line when nothing stands in the way;
 * else what does, where it came in, and the ways out. Short: it is read in the
 * middle of something else.
 */
#include "report/date.h"
#include "report/excerpt.h"
#include "report/screen.h"
#include "report/writer.h"

#include <inttypes.h>

#define MAX_FINDINGS 10u
#define MAX_SKIPS 5u
#define SHORT_ID 7u

typedef struct event {
    const char *name;
    const char *what;  /* "push", in the headline */
    const char *doing; /* what the secrets would be */
    const char
        *retry; /* the command that comes with SECSCAN_SKIP; NULL: none */
} event;

static const event events[] = {
    {"commit", "commit", "committed", "git commit"},
    {"push", "push", "published", "git push"},
    {"receive", "push", "published", NULL},
};

typedef struct hook {
    ss_screen screen;
    const ss_report_view *view;
    const event *event;
    ss_buf raw, line; /* masked; cleaned */
    int is_failed;
} hook;

/* ---- pieces of a line, gathered in h->line ----------------------------- */

static void check(hook *h, int rc)
{
    if (rc)
        h->is_failed = 1;
}

static void add(hook *h, const char *s)
{
    check(h, ss_buf_puts(&h->line, s));
}

/* Scanned text: masked, and without what a terminal would obey. */
static void add_scanned(hook *h, const char *s)
{
    ss_buf_reset(&h->raw);
    check(h, ss_view_text(&h->raw, h->view, s));
    check(h,
          ss_screen_clean(&h->line, ss_buf_bytes(&h->raw), h->screen.is_ascii));
}

static void add_counted(hook *h, uint64_t n, const char *one, const char *many)
{
    check(h, ss_buf_printf(&h->line, "%" PRIu64 " %s", n, n == 1 ? one : many));
}

static void add_id(hook *h, const char *id)
{
    check(h, ss_buf_add(&h->line, id, strnlen(id, SHORT_ID)));
}

static void put(hook *h, const char *color)
{
    ss_screen_put(&h->screen, color, ss_buf_bytes(&h->line));
    ss_buf_reset(&h->line);
}

static void put_line(hook *h, const char *color)
{
    put(h, color);
    ss_out_puts(h->screen.out, "\n");
}

/* ---- the first line ---------------------------------------------------- */

static uint64_t count_gating(const hook *h)
{
    uint64_t n = 0;

    for (size_t i = 0; i < h->view->n_findings; i++)
        n += secscan_findings_at(h->view->findings, i)->gates != 0;
    return n;
}

static uint64_t count_suppressed(const hook *h)
{
    uint64_t n = h->view->coverage->suppressed;

    for (size_t i = 0; i < h->view->n_findings; i++)
        n += secscan_findings_at(h->view->findings, i)->suppressed_by != NULL;
    return n;
}

static void add_remote(hook *h)
{
    if (!h->view->options->remote)
        return;
    add(h, " to ");
    add_scanned(h, h->view->options->remote);
}

/* "3 commits, 14 files, 41 kB" */
static void add_read(hook *h)
{
    const secscan_coverage *c = h->view->coverage;

    if (c->commits) {
        add_counted(h, c->commits, "commit", "commits");
        add(h, ", ");
    }
    if (c->tags) {
        add_counted(h, c->tags, "tag", "tags");
        add(h, ", ");
    }
    if (c->blobs || c->commits || c->tags) {
        add_counted(h, c->blobs, "file", "files");
        add(h, ", ");
        if (c->members) {
            add_counted(h, c->members, "member", "members");
            add(h, " of containers, ");
        }
        check(h, ss_screen_size(&h->line, c->bytes));
    } else {
        add(h, "nothing new");
    }
}

/* What was found and does not stand in the way. */
static void add_rest(hook *h, uint64_t gating)
{
    uint64_t suppressed = count_suppressed(h);
    uint64_t others = h->view->n_findings - gating;

    for (size_t i = 0; i < h->view->n_findings; i++)
        others -=
            secscan_findings_at(h->view->findings, i)->suppressed_by != NULL;
    if (others) {
        add(h, ", ");
        check(h, ss_buf_printf(&h->line, "%" PRIu64 " report only", others));
    }
    if (suppressed) {
        add(h, ", ");
        check(h, ss_buf_printf(&h->line, "%" PRIu64 " suppressed", suppressed));
    }
}

static void add_time(hook *h, const char *before, const char *after)
{
    uint64_t ms = h->view->coverage->milliseconds;

    if (!ms)
        return;
    add(h, before);
    check(h, ss_buf_printf(&h->line, "%" PRIu64 " ms", ms));
    add(h, after);
}

static void put_clean(hook *h)
{
    const secscan_coverage *c = h->view->coverage;

    add(h, "secscan: ");
    add_read(h);
    add_remote(h);
    add(h, ": ");
    add(h, c->is_complete ? "no secrets" : "no secrets in what was read");
    add_rest(h, 0);
    add_time(h, " (", ")");
    put_line(h, NULL);
}

static void put_headline(hook *h, uint64_t gating)
{
    int is_let_through = h->view->exit_code == 0;

    add(h, "secscan: ");
    add(h, h->event->what);
    add_remote(h);
    put(h, SS_BOLD);
    add(h, is_let_through ? " LET THROUGH" : " BLOCKED");
    put(h, is_let_through ? SS_BOLD_YELLOW : SS_BOLD_RED);
    add(h, ": ");
    if (gating) {
        add_counted(h, gating, "secret", "secrets");
        add(h,
            is_let_through ? (gating == 1 ? " is " : " are ") : " would be ");
        add(h, h->event->doing);
    } else {
        add(h, "not everything could be read");
    }
    put_line(h, SS_BOLD);
}

/* ---- a finding --------------------------------------------------------- */

static const char *severity_color(uint32_t severity)
{
    return severity >= SECSCAN_HIGH     ? SS_BOLD_RED
           : severity >= SECSCAN_MEDIUM ? SS_YELLOW
                                        : SS_CYAN;
}

static void put_title(hook *h, const secscan_finding *f)
{
    const char *severity = secscan_severity_name((int)f->severity);

    add(h, "  ");
    for (; *severity; severity++)
        check(h, ss_buf_putc(&h->line, (char)(*severity - 'a' + 'A')));
    put(h, severity_color(f->severity));
    add(h, "  ");
    check(h, ss_screen_clean(&h->line, ss_bytes_str(f->description),
                             h->screen.is_ascii));
    put(h, SS_BOLD);
    add(h, "   [");
    check(h,
          ss_screen_clean(&h->line, ss_bytes_str(f->rule), h->screen.is_ascii));
    check(h, ss_buf_printf(&h->line, ", %s]",
                           secscan_evidence_name((int)f->evidence)));
    put_line(h, SS_DIM);
}

/* "payments/settings.py:42:22", "commit message of 9f31c2e:1:5" */
static void put_place(hook *h, const secscan_finding *f)
{
    const secscan_place *place = &f->place;
    const char *source = secscan_source_name((int)place->source);

    add(h, "  ");
    if (place->path && *place->path) {
        add_scanned(h, place->path);
    } else {
        for (; *source; source++)
            check(h, ss_buf_putc(&h->line, *source == '-' ? ' ' : *source));
        if (place->object) {
            add(h, " of ");
            add_id(h, place->object);
        }
    }
    if (place->line_start)
        check(h, ss_buf_printf(&h->line, ":%" PRIu64 ":%" PRIu64,
                               place->line_start, place->column_start));
    put(h, SS_CYAN);
    if (place->n_encodings) {
        add(h, " (");
        check(h, ss_view_encodings(&h->line, place));
        add(h, ")");
    }
    put_line(h, NULL);
}

static void put_underlined(hook *h, const ss_excerpt *excerpt, size_t n_chars)
{
    size_t before, secret;

    ss_excerpt_columns(excerpt, &before, &secret);
    ss_excerpt_put(excerpt, &h->screen, 5);
    check(h, ss_buf_printf(&h->line, "  (%zu chars)", n_chars));
    put_line(h, SS_DIM);
    ss_screen_spaces(&h->screen, 5 + before);
    while (secret-- > 0)
        add(h, "^");
    put_line(h, SS_RED);
}

static void put_excerpt(hook *h, const secscan_finding *f)
{
    ss_excerpt excerpt = SS_EXCERPT_INIT;
    size_t width = h->screen.width > 20 ? h->screen.width - 20 : 0;
    size_t from = 0, to = 0;
    int rc;

    if (f->line.len == 0 || f->secret.len == 0)
        return;
    ss_buf_reset(&h->raw);
    rc = ss_view_line(&h->raw, h->view, f, &from, &to);
    if (!rc)
        rc = ss_excerpt_make(&excerpt, ss_buf_bytes(&h->raw), from, to, width,
                             h->screen.is_ascii);
    check(h, rc);
    if (!rc)
        put_underlined(h, &excerpt, f->secret.len);
    ss_excerpt_release(&excerpt);
}

/* "refs/heads/main" is "main" to everybody. */
static const char *short_name(const char *ref)
{
    static const char *const known[] = {"refs/heads/", "refs/"};

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strncmp(ref, known[i], strlen(known[i])) == 0)
            return ref + strlen(known[i]);
    }
    return ref;
}

static void put_added(hook *h, const secscan_finding *f)
{
    const secscan_commit *commit = &f->introductions[0].commit;
    char date[SS_DATE_TEXT];

    add(h, "  added    ");
    add_id(h, commit->id);
    if (!ss_date_rfc3339(date, commit->author_time, commit->author_offset))
        check(h, ss_buf_printf(&h->line, "  %.10s", date));
    if (f->n_refs_listed) {
        add(h, "  on ");
        add_scanned(h, short_name(f->refs[0]));
    }
    if (f->n_refs > 1)
        check(h,
              ss_buf_printf(&h->line, " and %" PRIu64 " more", f->n_refs - 1));
    put_line(h, NULL);
}

/* People take it out and push again: both commits go out. */
static void put_removed(hook *h, const secscan_finding *f)
{
    if (!f->n_removals || f->n_removals < f->n_introductions)
        return;
    add(h, "  removed  ");
    add_id(h, f->removals[f->n_removals - 1].id);
    add(h, "  does not help: this push still publishes ");
    add_id(h, f->introductions[0].commit.id);
    put_line(h, NULL);
}

static void put_history(hook *h, const secscan_finding *f)
{
    if (!f->n_introductions)
        return;
    put_added(h, f);
    put_removed(h, f);
}

/* ---- what to do -------------------------------------------------------- */

static int is_tag(const secscan_finding *f)
{
    return f->place.source == SECSCAN_SOURCE_TAG_MESSAGE ||
           f->place.source == SECSCAN_SOURCE_TAGGER ||
           f->place.source == SECSCAN_SOURCE_TAG_HEADER;
}

/* With which command it is taken out of the commit. */
static void add_rewrite(hook *h, const secscan_finding *f)
{
    const char *id = f->introductions[0].commit.id;

    add(h, "take it out of ");
    add_id(h, id);
    if (f->in_head && f->n_commits == 1 && f->n_introductions == 1) {
        add(h, " (git commit --amend)");
        return;
    }
    add(h, " (git rebase -i ");
    add_id(h, id);
    add(h, "^)");
}

static void put_steps(hook *h, const secscan_finding *f)
{
    add(h, "  1. ");
    if (is_tag(f))
        add(h, "make the tag anew without it (git tag -f -a)");
    else if (f->n_introductions)
        add_rewrite(h, f);
    else
        add(h, "take it out of the file, and git add it again");
    if (f->place.path && *f->place.path)
        add(h, "; read it from the environment");
    put_line(h, NULL);
    add(h, "  2. ever shared or deployed? roll it: secscan rules show ");
    check(h,
          ss_screen_clean(&h->line, ss_bytes_str(f->rule), h->screen.is_ascii));
    put_line(h, NULL);
}

static int is_plain(const char *s)
{
    return *s && *s != '-' &&
           !s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "0123456789/._-+@%=,:")];
}

/* So that it can be copied into a shell; a path that needs more than quotes is
 * left to the reader. */
static void add_word(hook *h, const char *path)
{
    if (is_plain(path)) {
        add_scanned(h, path);
    } else if (strchr(path, '\'')) {
        add(h, "PATH");
    } else {
        add(h, "'");
        add_scanned(h, path);
        add(h, "'");
    }
}

static void put_allow(hook *h, const secscan_finding *f)
{
    add(h, "  Not a secret?  secscan allow ");
    add(h, f->fingerprint);
    if (f->place.path && *f->place.path) {
        add(h, " --path ");
        add_word(h, f->place.path);
    }
    add(h, " --reason \"...\"");
    put_line(h, NULL);
    if (h->event->retry)
        return;
    add(h, "  Cannot wait?   git push -o \"secscan.skip=");
    add(h, f->fingerprint);
    add(h, ":reason\"   (recorded)");
    put_line(h, NULL);
}

static void put_finding(hook *h, const secscan_finding *f)
{
    put_title(h, f);
    put_place(h, f);
    put_excerpt(h, f);
    put_history(h, f);
    put_steps(h, f);
    put_allow(h, f);
}

static void put_findings(hook *h, uint64_t gating)
{
    size_t n = 0;

    for (size_t i = 0; i < h->view->n_findings; i++) {
        const secscan_finding *f = secscan_findings_at(h->view->findings, i);

        if (!f->gates || n++ >= MAX_FINDINGS)
            continue;
        put_finding(h, f);
        if (n < gating)
            ss_out_puts(h->screen.out, "\n");
    }
    if (gating <= MAX_FINDINGS)
        return;
    check(h, ss_buf_printf(&h->line, "  and %" PRIu64 " more",
                           gating - MAX_FINDINGS));
    put_line(h, NULL);
}

/* ---- the last lines ---------------------------------------------------- */

static void put_skip(hook *h, const secscan_skip *skip)
{
    add(h, "  not read: ");
    if (skip->path) {
        add_scanned(h, skip->path);
        add(h, ": ");
    } else if (skip->object) {
        add_id(h, skip->object);
        add(h, ": ");
    }
    add(h, skip->reason);
    if (*skip->detail) {
        add(h, " (");
        add_scanned(h, skip->detail);
        add(h, ")");
    }
    put_line(h, NULL);
}

static void put_skips(hook *h)
{
    uint64_t n = 0;

    for (size_t i = 0; i < h->view->n_skips; i++) {
        if (h->view->skips[i].is_incomplete && n++ < MAX_SKIPS)
            put_skip(h, &h->view->skips[i]);
    }
    if (n > MAX_SKIPS) {
        check(h, ss_buf_printf(&h->line,
                               "  and %" PRIu64 " more that were not "
                               "read",
                               n - MAX_SKIPS));
        put_line(h, NULL);
    }
}

static void put_warning(hook *h)
{
    const char *warning = h->view->coverage->warning;

    if (!warning || !*warning)
        return;
    add(h, "  note: ");
    add_scanned(h, warning);
    put_line(h, NULL);
}

static void put_urgent(hook *h)
{
    if (!h->event->retry || h->view->exit_code == 0)
        return;
    add(h, "  Urgent?        SECSCAN_SKIP=\"reason\" ");
    add(h, h->event->retry);
    add(h, "   (recorded; server and CI still check)");
    put_line(h, NULL);
}

static void put_read(hook *h, uint64_t gating)
{
    add(h, "  read: ");
    add_read(h);
    add(h,
        h->view->coverage->is_complete ? ", all of the " : ", NOT all of the ");
    add(h, h->event->what);
    add_rest(h, gating);
    add_time(h, ", ", "");
    put_line(h, NULL);
}

static const event *find_event(const char *name)
{
    for (size_t i = 0; name && i < sizeof(events) / sizeof(events[0]); i++) {
        if (strcmp(events[i].name, name) == 0)
            return &events[i];
    }
    return &events[0];
}

int ss_report_hook(ss_out *out, const ss_report_view *view)
{
    uint32_t flags = view->options->flags;
    hook h = {{out, view->options->width, (flags & SECSCAN_REPORT_COLOR) != 0,
               (flags & SECSCAN_REPORT_ASCII) != 0},
              view,
              find_event(view->options->event),
              SS_BUF_INIT(64u << 20),
              SS_BUF_INIT(256u << 20),
              0};
    uint64_t gating = count_gating(&h);

    if (!gating && view->exit_code == 0) {
        if (!(flags & SECSCAN_REPORT_QUIET))
            put_clean(&h);
        put_warning(&h);
    } else {
        put_headline(&h, gating);
        put_findings(&h, gating);
        put_skips(&h);
        put_warning(&h);
        put_urgent(&h);
        put_read(&h, gating);
    }
    ss_buf_release(&h.raw);
    ss_buf_release(&h.line);
    return h.is_failed ? -1 : 0;
}
