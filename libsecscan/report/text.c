/*
 * text.c: the report that people read: each finding with its line, where it
 * came in and what to do, then what was read and what follows.
 */
#include "report/date.h"
#include "report/excerpt.h"
#include "report/screen.h"
#include "report/utf8.h"
#include "report/writer.h"

#include <inttypes.h>

#define INDENT 12u     /* of what stands behind a label */
#define MAX_PLACES 4u  /* other files; JSON has all places */
#define MAX_PROSE 100u /* columns: longer lines are hard to read */
#define MAX_SKIPS 10u  /* more are counted */
#define MAX_NOTES 10u
#define SHORT_ID 10u
#define SHOWN_REFS 3u /* JSON has more */

typedef struct text {
    ss_screen screen;
    const ss_report_view *view;
    ss_buf raw, line; /* masked; cleaned */
    int is_failed;
} text;

static void check(text *t, int rc)
{
    if (rc)
        t->is_failed = 1;
}

static void reset(text *t)
{
    ss_buf_reset(&t->raw);
    ss_buf_reset(&t->line);
}

/* ---- pieces of a line, gathered in t->line ----------------------------- */

static void add(text *t, const char *s)
{
    check(t, ss_buf_puts(&t->line, s));
}

static void add_scanned(text *t, const char *s)
{
    ss_buf_reset(&t->raw);
    check(t, ss_view_text(&t->raw, t->view, s));
    check(t,
          ss_screen_clean(&t->line, ss_buf_bytes(&t->raw), t->screen.is_ascii));
}

/* 1234567 as "1,234,567". */
static void add_count(text *t, uint64_t n)
{
    char digits[24];
    char *end = digits + sizeof(digits);
    char *at = end;
    int place = 0;

    do {
        if (place && place % 3 == 0)
            *--at = ',';
        *--at = (char)('0' + n % 10);
        n /= 10;
        place++;
    } while (n);
    check(t, ss_buf_add(&t->line, at, (size_t)(end - at)));
}

static void add_counted(text *t, uint64_t n, const char *one, const char *many)
{
    add_count(t, n);
    add(t, " ");
    add(t, n == 1 ? one : many);
}

static void put_line(text *t, const char *color)
{
    ss_screen_put(&t->screen, color, ss_buf_bytes(&t->line));
    reset(t);
}

static void put_label(text *t, const char *label)
{
    size_t len = strlen(label);

    ss_screen_spaces(&t->screen, 2);
    ss_screen_puts(&t->screen, SS_DIM, label);
    ss_screen_spaces(&t->screen, len + 2 < INDENT ? INDENT - 2 - len : 1);
}

/* The gathered line behind a label, wrapped. */
static void put_labelled(text *t, const char *label)
{
    put_label(t, label);
    ss_screen_wrap(&t->screen, ss_buf_bytes(&t->line), INDENT, INDENT,
                   MAX_PROSE);
    reset(t);
}

static void end_line(text *t)
{
    ss_out_puts(t->screen.out, "\n");
}

/* ---- a finding --------------------------------------------------------- */

static const char *severity_color(uint32_t severity)
{
    static const char *const colors[] = {SS_DIM, SS_CYAN, SS_YELLOW, SS_RED,
                                         SS_BOLD_RED};

    return colors[severity <= SECSCAN_CRITICAL ? severity : 0];
}

static void add_upper(text *t, const char *s)
{
    for (; *s; s++)
        check(t, ss_buf_putc(&t->line, *s >= 'a' && *s <= 'z'
                                           ? (char)(*s - 'a' + 'A')
                                           : *s));
}

static void add_rule_text(text *t, const char *s)
{
    check(t, ss_screen_clean(&t->line, ss_bytes_str(s), t->screen.is_ascii));
}

static void add_kind(text *t, const secscan_finding *finding)
{
    add(t, "[");
    add_rule_text(t, finding->rule);
    add(t, ", ");
    add(t, secscan_evidence_name((int)finding->evidence));
    check(t, ss_buf_printf(&t->line, ", %u%%", finding->confidence));
    if (!finding->gates)
        add(t, ", report only");
    add(t, "]");
}

static void put_title(text *t, const secscan_finding *finding)
{
    size_t column;

    add_upper(t, secscan_severity_name((int)finding->severity));
    column = t->line.len + 2;
    put_line(t, severity_color(finding->severity));
    ss_screen_spaces(&t->screen, 2);
    add_rule_text(t, finding->description);
    column += ss_screen_columns(ss_buf_bytes(&t->line));
    put_line(t, SS_BOLD);
    add_kind(t, finding);
    column += 2 + ss_screen_columns(ss_buf_bytes(&t->line));
    if (t->screen.width && column > t->screen.width) {
        end_line(t);
        ss_screen_spaces(&t->screen, 2);
    } else {
        ss_screen_spaces(&t->screen, 2);
    }
    put_line(t, SS_DIM);
    end_line(t);
}

static void add_id(text *t, const char *id)
{
    check(t, ss_buf_add(&t->line, id, strnlen(id, SHORT_ID)));
}

/* "commit-message" as words. */
static void add_source(text *t, uint32_t source)
{
    const char *name = secscan_source_name((int)source);

    for (; *name; name++)
        check(t, ss_buf_putc(&t->line, *name == '-' ? ' ' : *name));
}

static void add_place(text *t, const secscan_place *place)
{
    if (place->path && *place->path) {
        add_scanned(t, place->path);
    } else {
        add_source(t, place->source);
        if (place->object) {
            add(t, " ");
            add_id(t, place->object);
        }
    }
    if (place->line_start)
        check(t, ss_buf_printf(&t->line, ":%" PRIu64 ":%" PRIu64,
                               place->line_start, place->column_start));
}

static void add_encodings(text *t, const secscan_place *place)
{
    if (!place->n_encodings)
        return;
    add(t, " (");
    check(t, ss_view_encodings(&t->line, place));
    add(t, ")");
}

static void put_place(text *t, const secscan_finding *finding)
{
    int is_text = finding->place.source == SECSCAN_SOURCE_BUFFER ||
                  finding->place.source == SECSCAN_SOURCE_FILE ||
                  finding->place.source == SECSCAN_SOURCE_BLOB;

    ss_screen_spaces(&t->screen, 2);
    add_place(t, &finding->place);
    put_line(t, SS_CYAN);
    if (!is_text && finding->place.path) {
        add(t, " (");
        add_source(t, finding->place.source);
        add(t, ")");
        put_line(t, NULL);
    }
    add_encodings(t, &finding->place);
    put_line(t, NULL);
    end_line(t);
}

static void put_underlined(text *t, const ss_excerpt *excerpt, size_t n_chars)
{
    ss_screen *screen = &t->screen;
    size_t before, secret;

    ss_excerpt_columns(excerpt, &before, &secret);
    ss_excerpt_put(excerpt, screen, 4);
    end_line(t);
    ss_screen_spaces(screen, 4 + before);
    while (secret-- > 0)
        add(t, "^");
    put_line(t, SS_RED);
    add(t, " ");
    add_counted(t, n_chars, "char", "chars");
    put_line(t, SS_DIM);
    end_line(t);
}

static void put_excerpt(text *t, const secscan_finding *finding)
{
    ss_excerpt excerpt = SS_EXCERPT_INIT;
    size_t width = t->screen.width > 4 ? t->screen.width - 4 : 0;
    size_t from, to;
    int rc;

    if (finding->line.len == 0 || finding->secret.len == 0)
        return;
    rc = ss_view_line(&t->raw, t->view, finding, &from, &to);
    if (rc == 0)
        rc = ss_excerpt_make(&excerpt, ss_buf_bytes(&t->raw), from, to, width,
                             t->screen.is_ascii);
    reset(t);
    check(t, rc);
    if (rc == 0)
        put_underlined(t, &excerpt,
                       ss_utf8_count(ss_bytes_of(finding->secret.data,
                                                 finding->secret.len)));
    ss_excerpt_release(&excerpt);
}

static void add_date(text *t, const secscan_commit *commit)
{
    char date[SS_DATE_TEXT];

    if (ss_date_rfc3339(date, commit->author_time, commit->author_offset))
        return;
    add(t, " ");
    check(t, ss_buf_add(&t->line, date, 10)); /* the day */
}

static void put_introduction(text *t, const secscan_introduction *it,
                             const char *label)
{
    if (it->is_boundary)
        add(t, "at or before ");
    add_id(t, it->commit.id);
    add_date(t, &it->commit);
    add(t, " ");
    add_scanned(t, it->commit.author_name);
    add(t, " <");
    add_scanned(t, it->commit.author_email);
    add(t, ">");
    put_labelled(t, label);
    if (*it->commit.subject) {
        add(t, "\"");
        add_scanned(t, it->commit.subject);
        add(t, "\"");
        put_labelled(t, "");
    }
}

static void put_submodule(text *t, const secscan_finding *finding)
{
    if (!finding->submodule)
        return;
    add(t, "submodule ");
    add_scanned(t, finding->submodule);
    put_labelled(t, "in");
}

static void put_known(text *t, const secscan_finding *finding)
{
    if (!finding->is_known)
        return;
    add(t, "was there before");
    if (finding->known_path) {
        add(t, ", at ");
        add_scanned(t, finding->known_path);
    }
    put_labelled(t, "known");
}

/* That it was taken out later does not help who has read it. */
static void put_removal(text *t, const secscan_finding *finding)
{
    const secscan_commit *commit;

    if (!finding->n_removals)
        return;
    commit = &finding->removals[finding->n_removals - 1];
    add_id(t, commit->id);
    add_date(t, commit);
    add(t, " ");
    add_scanned(t, commit->author_name);
    put_labelled(t, "removed");
}

static void add_reach(text *t, uint32_t reach)
{
    if (reach == SECSCAN_REACH_STASH)
        add(t, "only in the stash, ");
    else if (reach == SECSCAN_REACH_REFLOG)
        add(t, "only in a reflog, ");
    else if (reach == SECSCAN_REACH_UNREACHABLE)
        add(t, "only in unreachable objects, ");
}

static void put_now(text *t, const secscan_finding *finding)
{
    if (finding->in_head)
        add(t, "still in HEAD, ");
    else if (finding->reach == SECSCAN_REACH_REF)
        add(t, "not in HEAD, but in the history, ");
    else
        add_reach(t, finding->reach);
    add(t, "in ");
    add_counted(t, finding->n_commits, "commit", "commits");
    add(t, ", at ");
    add_counted(t, finding->n_paths, "path", "paths");
    if (finding->n_introductions > 1) {
        add(t, ", brought in ");
        add_counted(t, finding->n_introductions, "time", "times");
    }
    put_labelled(t, "now");
}

/* "refs/heads/main" is "main" to everybody. */
static const char *short_name(const char *ref)
{
    static const char *const known[] = {"refs/heads/", "refs/tags/",
                                        "refs/remotes/"};

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strncmp(ref, known[i], strlen(known[i])) == 0)
            return ref + strlen(known[i]);
    }
    return ref;
}

static void put_refs(text *t, const secscan_finding *finding)
{
    size_t n = finding->n_refs_listed < SHOWN_REFS ? finding->n_refs_listed
                                                   : SHOWN_REFS;

    if (!n)
        return;
    for (size_t i = 0; i < n; i++) {
        add(t, i ? ", " : "");
        add_scanned(t, short_name(finding->refs[i]));
    }
    if (finding->n_refs > n) {
        add(t, " and ");
        add_counted(t, finding->n_refs - n, "other", "others");
    }
    put_labelled(t, "refs");
}

/* The same file, message or name, whatever the line. */
static int is_same_unit(const secscan_place *a, const secscan_place *b)
{
    if (a->path && b->path)
        return strcmp(a->path, b->path) == 0;
    if (a->path || b->path || a->source != b->source)
        return 0;
    if (!a->object || !b->object)
        return a->object == b->object;
    return strcmp(a->object, b->object) == 0;
}

/* Versions of a file hold a secret at many lines: each file is named once. */
static void put_places(text *t, const secscan_finding *finding)
{
    const secscan_place *seen[MAX_PLACES + 1] = {&finding->place};
    size_t n_seen = 1;

    for (size_t i = 0; i < finding->n_places; i++) {
        const secscan_place *place = &finding->places[i];
        size_t k = 0;

        while (k < n_seen && !is_same_unit(seen[k], place))
            k++;
        if (k < n_seen)
            continue;
        if (n_seen > MAX_PLACES) {
            add(t, "and more: --format json names all");
            put_labelled(t, "");
            return;
        }
        add_place(t, place);
        add_encodings(t, place);
        put_labelled(t, n_seen > 1 ? "" : "also at");
        seen[n_seen++] = place;
    }
}

/* "access key id AKIA******** at line 12" */
static void put_parts(text *t, const secscan_finding *finding)
{
    for (size_t i = 0; i < finding->n_parts; i++) {
        const secscan_part *part = &finding->parts[i];

        add_rule_text(t, part->role && *part->role ? part->role : part->rule);
        add(t, " ");
        ss_buf_reset(&t->raw);
        check(t, ss_view_part(&t->raw, t->view, part));
        check(t, ss_screen_clean(&t->line, ss_buf_bytes(&t->raw),
                                 t->screen.is_ascii));
        check(t, ss_buf_printf(&t->line, ", line %" PRIu64,
                               part->place.line_start));
        put_labelled(t, i ? "" : "with");
    }
}

static void put_also(text *t, const secscan_finding *finding)
{
    for (size_t i = 0; i < finding->n_also; i++) {
        if (i)
            add(t, ", ");
        add_rule_text(t, finding->also[i]);
    }
    if (finding->n_also)
        put_labelled(t, "matches");
}

/* What hides it, or would. */
static void put_hider(text *t, const secscan_finding *finding)
{
    if (!finding->suppressed_by)
        return;
    add(t, finding->suppressed_by);
    if (finding->suppressed_reason && *finding->suppressed_reason) {
        add(t, ": ");
        add_scanned(t, finding->suppressed_reason);
    }
    put_labelled(t, "hidden by");
}

static void put_advice(text *t, const secscan_finding *finding)
{
    if (finding->reason && *finding->reason) {
        add_scanned(t, finding->reason);
        put_labelled(t, "because");
    }
    if (finding->advice && *finding->advice) {
        add_rule_text(t, finding->advice);
        put_labelled(t, "do");
    }
}

static void put_finding(text *t, const secscan_finding *finding)
{
    put_title(t, finding);
    put_place(t, finding);
    put_excerpt(t, finding);
    put_parts(t, finding);
    put_submodule(t, finding);
    if (finding->n_introductions)
        put_introduction(t, &finding->introductions[0],
                         finding->is_known ? "again" : "added");
    if (!finding->in_head)
        put_removal(t, finding);
    put_known(t, finding);
    if (finding->reach != SECSCAN_REACH_NONE)
        put_now(t, finding);
    put_refs(t, finding);
    put_places(t, finding);
    put_also(t, finding);
    put_hider(t, finding);
    put_advice(t, finding);
    add(t, finding->fingerprint);
    put_labelled(t, "id");
    end_line(t);
}

/* ---- the summary ------------------------------------------------------- */

/* What was not asked for, so that nobody takes it for read. */
static void put_range(text *t, const secscan_coverage *coverage)
{
    if (!coverage->range)
        return;
    add_scanned(t, coverage->range);
    add(t, strstr(coverage->range, "..")
               ? ": what its commits bring in"
               : ": what it reaches, no other ref and nothing unreachable");
    put_labelled(t, "range");
}

static void put_read(text *t, const secscan_coverage *coverage)
{
    const struct {
        uint64_t n;
        const char *one, *many;
    } counts[] = {
        {coverage->commits, "commit", "commits"},
        {coverage->tags, "tag", "tags"},
        {coverage->files, "file", "files"},
        {coverage->blobs, "blob", "blobs"},
        {coverage->containers, "container", "containers"},
        {coverage->members, "member", "members"},
    };
    size_t start = t->line.len;

    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        if (counts[i].n == 0)
            continue;
        add_counted(t, counts[i].n, counts[i].one, counts[i].many);
        add(t, ", ");
    }
    if (t->line.len == start && coverage->units) {
        add_counted(t, coverage->units, "text", "texts");
        add(t, ", ");
    }
    if (t->line.len == start)
        add(t, "nothing");
    else
        check(t, ss_screen_size(&t->line, coverage->bytes));
    if (coverage->decoded_bytes) {
        add(t, ", ");
        check(t, ss_screen_size(&t->line, coverage->decoded_bytes));
        add(t, " decoded");
    }
    if (coverage->n_rules) {
        add(t, ", ");
        add_counted(t, coverage->n_rules, "rule", "rules");
    }
    put_labelled(t, "read");
    if (coverage->cached) {
        add_counted(t, coverage->cached, "object", "objects");
        add(t, " that an earlier scan found clean, by --cache");
        put_labelled(t, "cache");
    }
}

/* "3 secrets (1 critical, 2 high)" */
static void add_gating(text *t, const ss_report_view *view, uint64_t gating)
{
    uint64_t counts[SECSCAN_CRITICAL + 1] = {0};
    const char *comma = " (";

    for (size_t i = 0; i < view->n_findings; i++) {
        const secscan_finding *finding = secscan_findings_at(view->findings, i);
        uint32_t severity = finding->severity;

        if (finding->gates)
            counts[severity <= SECSCAN_CRITICAL ? severity : 0]++;
    }
    add_counted(t, gating, "secret", "secrets");
    for (int i = SECSCAN_CRITICAL; i >= 0; i--) {
        if (counts[i] == 0)
            continue;
        add(t, comma);
        add_count(t, counts[i]);
        add(t, " ");
        add(t, secscan_severity_name(i));
        comma = ", ";
    }
    add(t, ")");
}

static void put_found(text *t, const ss_report_view *view)
{
    uint64_t gating = ss_view_count_gating(view);

    if (gating)
        add_gating(t, view, gating);
    if (view->n_findings > gating) {
        add(t, gating ? ", " : "");
        add_count(t, view->n_findings - gating);
        add(t, " report only");
    }
    put_labelled(t, "found");
}

static void put_allowlisted(text *t, const secscan_coverage *coverage)
{
    for (size_t i = 0; i < coverage->n_suppressed_by; i++) {
        const secscan_suppressed_count *hidden = &coverage->suppressed_by[i];

        if (!hidden->count || strcmp(hidden->by, "allowlist") != 0)
            continue;
        add_counted(t, hidden->count, "match", "matches");
        add(t, " taken out by allowlists");
        put_labelled(t, "hidden");
    }
}

/* "2 by .secscanignore, 1 by marks in lines" */
static void put_suppressed(text *t, const secscan_coverage *coverage)
{
    static const struct {
        const char *by, *text;
    } words[] = {{"baseline", " known by the baseline"},
                 {"gitleaks-ignore", " by .gitleaksignore"},
                 {"ignore", " by .secscanignore"},
                 {"inline", " by marks in lines"}};
    size_t n_words = sizeof(words) / sizeof(*words);
    int is_first = 1;

    for (size_t i = 0; i < coverage->n_suppressed_by; i++) {
        const secscan_suppressed_count *hidden = &coverage->suppressed_by[i];
        size_t k = 0;

        while (k < n_words && strcmp(words[k].by, hidden->by) != 0)
            k++;
        if (!hidden->count || k == n_words)
            continue;
        add(t, is_first ? "" : ", ");
        add_count(t, hidden->count);
        add(t, words[k].text);
        is_first = 0;
    }
    if (is_first)
        return;
    add(t, " (--no-suppress lists what is hidden)");
    put_labelled(t, "hidden");
}

static void put_note(text *t, const secscan_note *note, int is_first)
{
    if (*note->file) {
        add_scanned(t, note->file);
        if (note->line)
            check(t, ss_buf_printf(&t->line, ":%" PRIu64, note->line));
        add(t, ": ");
    }
    add(t, note->text);
    put_labelled(t, is_first ? "note" : "");
}

/* What is odd about ignore files, baselines and marks. */
static void put_notes(text *t, const secscan_coverage *coverage)
{
    size_t n = coverage->n_notes < MAX_NOTES ? coverage->n_notes : MAX_NOTES;

    for (size_t i = 0; i < n; i++)
        put_note(t, &coverage->notes[i], !i);
    if (coverage->n_notes > n) {
        add(t, "and ");
        add_count(t, coverage->n_notes - n);
        add(t, " more");
        put_labelled(t, "");
    }
}

/* What was found and is not listed, by whose wish. */
static void put_hidden(text *t, const secscan_coverage *coverage)
{
    put_allowlisted(t, coverage);
    put_suppressed(t, coverage);
    if (coverage->unlisted) {
        add_counted(t, coverage->unlisted, "finding", "findings");
        add(t, " below --min-severity, --min-evidence or --min-confidence, of "
               "other categories than asked for, or known before");
        put_labelled(t, "unlisted");
    }
}

static void put_profile(text *t, const secscan_coverage *coverage)
{
    if (coverage->profile && strcmp(coverage->profile, "block") == 0)
        add(t, "block: only what may stop a commit gates");
    else if (coverage->profile && strcmp(coverage->profile, "strict") == 0)
        add(t, "strict: hygiene gates, too");
    else
        return;
    put_labelled(t, "profile");
}

static void put_policy(text *t, const secscan_coverage *coverage)
{
    if (!coverage->policy_digest)
        return;
    add(t, "the operator's, digest ");
    add(t, coverage->policy_digest);
    put_labelled(t, "policy");
}

static void add_skipped(text *t, const secscan_coverage *coverage,
                        int is_incomplete)
{
    const char *comma = "";

    for (size_t i = 0; i < coverage->n_skips; i++) {
        if (!coverage->skips[i].is_incomplete != !is_incomplete)
            continue;
        add(t, comma);
        add_count(t, coverage->skips[i].count);
        add(t, " ");
        add(t, coverage->skips[i].reason);
        comma = ", ";
    }
}

static void put_skip(text *t, const secscan_skip *skip)
{
    if (skip->path) {
        add_scanned(t, skip->path);
        add(t, ": ");
    } else if (skip->object) {
        add(t, "object ");
        add_id(t, skip->object);
        add(t, ": ");
    }
    add(t, skip->reason);
    if (skip->detail && *skip->detail) {
        add(t, " (");
        add_scanned(t, skip->detail);
        add(t, ")");
    }
    put_labelled(t, "");
}

/* What makes the scan incomplete is named; the rest is counted. */
static void put_skips(text *t, const ss_report_view *view)
{
    size_t n = 0;

    add_skipped(t, view->coverage, 0);
    if (t->line.len)
        put_labelled(t, "left out");
    add_skipped(t, view->coverage, 1);
    if (t->line.len == 0)
        return;
    put_labelled(t, "NOT READ");
    for (size_t i = 0; i < view->n_skips; i++) {
        if (view->skips[i].is_incomplete && n++ < MAX_SKIPS)
            put_skip(t, &view->skips[i]);
    }
    if (n > MAX_SKIPS) {
        add(t, "and ");
        add_count(t, n - MAX_SKIPS);
        add(t, " more");
        put_labelled(t, "");
    }
}

static const char *verdict_color(int exit_code)
{
    if (exit_code == 0)
        return SS_BOLD_GREEN;
    return exit_code == 3 ? SS_BOLD_YELLOW : SS_BOLD_RED;
}

static void put_verdict(text *t, const ss_report_view *view)
{
    uint64_t gating = ss_view_count_gating(view);

    add(t, ss_view_verdict(view));
    put_line(t, verdict_color(view->exit_code));
    add(t, ": ");
    if (gating)
        add_counted(t, gating, "secret", "secrets");
    else
        add(t, view->n_findings ? "nothing that gates" : "no secrets");
    add(t, view->coverage->is_complete ? ", complete"
                                       : ", but not everything was read");
    check(t, ss_buf_printf(&t->line, ", exit %d", view->exit_code));
    put_line(t, NULL);
    end_line(t);
}

static void put_summary(text *t, const ss_report_view *view)
{
    put_range(t, view->coverage);
    put_read(t, view->coverage);
    put_profile(t, view->coverage);
    put_policy(t, view->coverage);
    if (view->n_findings)
        put_found(t, view);
    put_hidden(t, view->coverage);
    put_notes(t, view->coverage);
    put_skips(t, view);
    if (view->coverage->warning && *view->coverage->warning) {
        add_scanned(t, view->coverage->warning);
        put_labelled(t, "warning");
    }
    if (view->n_findings) {
        add(t, "revoke first, then remove: what was pushed stays known. "
               "`secscan rules show RULE` tells how. What is no secret: "
               "`secscan allow ID --path PATH --reason WHY`.");
        put_labelled(t, "next");
    }
    if (!(view->options->flags & SECSCAN_REPORT_NO_VERDICT))
        put_verdict(t, view);
}

int ss_report_text(ss_out *out, const ss_report_view *view)
{
    uint32_t flags = view->options->flags;
    text t = {{out, view->options->width, (flags & SECSCAN_REPORT_COLOR) != 0,
               (flags & SECSCAN_REPORT_ASCII) != 0},
              view,
              SS_BUF_INIT(64u << 20),
              SS_BUF_INIT(256u << 20),
              0};

    for (size_t i = 0; i < view->n_findings; i++)
        put_finding(&t, secscan_findings_at(view->findings, i));
    if (!(flags & SECSCAN_REPORT_QUIET))
        put_summary(&t, view);
    ss_buf_release(&t.raw);
    ss_buf_release(&t.line);
    return t.is_failed ? -1 : 0;
}
