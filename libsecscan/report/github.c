/*
 * github.c: workflow commands, which GitHub shows as annotations. It takes ten
 * errors, ten warnings and ten notices of a step: the worst come first, and
 * how many are not annotated is said.
 *
 * Every line is a command of ours, so that no scanned text can be one.
 */
#include "report/field.h"

#include "base/alloc.h"

#include <stdio.h>

#define MAX_LEVEL 10u    /* annotations of a level in a step */
#define MAX_MESSAGE 4000 /* bytes of one: GitHub cuts at 64 KB */

enum { LEVEL_ERROR, LEVEL_WARNING, LEVEL_NOTICE, N_LEVELS };

static const char *const level_names[] = {"error", "warning", "notice"};

typedef struct github {
    ss_out *out;
    ss_field field;
    size_t n[N_LEVELS]; /* written */
} github;

static int level_of(const secscan_finding *finding)
{
    if (!finding->gates)
        return LEVEL_NOTICE;
    return finding->severity >= SECSCAN_HIGH ? LEVEL_ERROR : LEVEL_WARNING;
}

/* The field, escaped for a message, or for a property, where two more
 * characters have a meaning. */
static void put(github *g, int is_property)
{
    ss_bytes text = ss_buf_bytes(&g->field.text);
    size_t len = text.len < MAX_MESSAGE ? text.len : MAX_MESSAGE;

    while (len < text.len && len && (text.data[len] & 0xc0) == 0x80)
        len--; /* a character is not cut */
    for (size_t i = 0; i < len; i++) {
        uint8_t c = text.data[i];

        if (c == '%' || (is_property && (c == ':' || c == ',')))
            ss_out_printf(g->out, "%%%02X", c);
        else
            ss_out_add(g->out, &c, 1);
    }
    ss_buf_reset(&g->field.text);
}

static void put_property(github *g, const char *before, const char *name)
{
    ss_out_puts(g->out, before);
    ss_out_puts(g->out, name);
    ss_out_puts(g->out, "=");
    put(g, 1);
}

static void put_place(github *g, const secscan_place *place)
{
    if (!place->path || !*place->path)
        return;
    ss_field_file(&g->field, place);
    put_property(g, " ", "file");
    if (!place->line_start || ss_view_is_member(place))
        return;
    ss_field_num(&g->field, place->line_start);
    put_property(g, ",", "line");
    ss_field_num(&g->field, place->line_end);
    put_property(g, ",", "endLine");
    /* Columns count within one line only. */
    if (place->line_start != place->line_end)
        return;
    ss_field_num(&g->field, place->column_start);
    put_property(g, ",", "col");
    ss_field_num(&g->field, place->column_end);
    put_property(g, ",", "endColumn");
}

static void add_commit(ss_field *f, const secscan_finding *finding)
{
    const secscan_commit *commit;

    if (!finding->n_introductions)
        return;
    commit = &finding->introductions[0].commit;
    ss_field_puts(f, ", added by commit ");
    ss_field_puts(f, commit->id);
    ss_field_puts(f, " of ");
    ss_field_scanned(f, commit->author_name);
}

/* What the annotation's file and line do not say. */
static void add_place(ss_field *f, const secscan_place *place)
{
    if (ss_view_is_member(place)) {
        ss_field_puts(f, ", at ");
        ss_field_place(f, place);
    }
    ss_field_encodings(f, place);
}

static void put_message(github *g, const secscan_finding *finding)
{
    ss_field *f = &g->field;

    ss_field_rule_text(f, finding->description);
    if (finding->secret.len) {
        ss_field_puts(f, ": ");
        ss_field_secret(f, finding);
    }
    add_place(f, &finding->place);
    add_commit(f, finding);
    if (finding->suppressed_by) {
        ss_field_puts(f, ". Suppressed: ");
        ss_field_puts(f, finding->suppressed_by);
    }
    ss_field_puts(f, ". ");
    ss_field_rule_text(f, finding->advice ? finding->advice : "");
    ss_field_puts(f, " [");
    ss_field_rule_text(f, finding->rule);
    ss_field_puts(f, ", ");
    ss_field_puts(f, finding->fingerprint);
    ss_field_puts(f, "]");
    put(g, 0);
}

static void put_finding(github *g, const secscan_finding *finding, int level)
{
    int has_file = finding->place.path && *finding->place.path;

    ss_out_puts(g->out, "::");
    ss_out_puts(g->out, level_names[level]);
    put_place(g, &finding->place);
    ss_field_puts(&g->field, "secscan: ");
    ss_field_puts(&g->field, secscan_severity_name((int)finding->severity));
    ss_field_puts(&g->field, " ");
    ss_field_rule_text(&g->field, finding->rule);
    put_property(g, has_file ? "," : " ", "title");
    ss_out_puts(g->out, "::");
    put_message(g, finding);
    ss_out_puts(g->out, "\n");
}

/* The last annotation of a level is kept for what has to be said of the scan:
 * that it is incomplete (an error), how it ended (a notice). */
static size_t room_for(int level)
{
    return level == LEVEL_WARNING ? MAX_LEVEL : MAX_LEVEL - 1;
}

static size_t put_findings(github *g, const secscan_finding **list, size_t n)
{
    size_t left_out = 0;

    for (size_t i = 0; i < n; i++) {
        int level = level_of(list[i]);

        if (g->n[level] >= room_for(level)) {
            left_out++;
            continue;
        }
        g->n[level]++;
        put_finding(g, list[i], level);
    }
    return left_out;
}

static void put_incomplete(github *g)
{
    const ss_report_view *view = g->field.view;
    size_t n = 0;

    for (size_t i = 0; i < view->n_skips; i++)
        n += view->skips[i].is_incomplete != 0;
    ss_out_puts(g->out, "::error title=secscan%3A incomplete::");
    ss_field_puts(&g->field, "Not everything was read");
    for (size_t i = 0; i < view->n_skips && n; i++) {
        if (!view->skips[i].is_incomplete)
            continue;
        ss_field_puts(&g->field, ": ");
        ss_field_skip(&g->field, &view->skips[i]);
        if (n > 1) {
            ss_field_puts(&g->field, ", and ");
            ss_field_num(&g->field, n - 1);
            ss_field_puts(&g->field, " more");
        }
        break;
    }
    put(g, 0);
    ss_out_puts(g->out, "\n");
}

static void put_outcome(github *g, size_t left_out)
{
    const ss_report_view *view = g->field.view;

    ss_out_puts(g->out, "::notice title=secscan::");
    ss_field_puts(&g->field, ss_view_verdict(view));
    ss_field_puts(&g->field, ": ");
    ss_field_outcome(&g->field);
    if (left_out) {
        ss_field_puts(&g->field, "; ");
        ss_field_counted(&g->field, left_out, "finding", "findings");
        ss_field_puts(&g->field, " not annotated: GitHub shows ten of a level");
        snprintf(view->note, SS_NOTE_TEXT,
                 "%zu of %zu findings are annotated, the worst first: GitHub "
                 "shows ten of a level",
                 view->n_findings - left_out, view->n_findings);
    }
    put(g, 0);
    ss_out_puts(g->out, "\n");
}

int ss_report_github(ss_out *out, const ss_report_view *view)
{
    const secscan_finding **list = ss_view_worst_first(view);
    github g = {.out = out};
    size_t left_out;

    if (!list)
        return -1;
    ss_field_init(&g.field, view);
    left_out = put_findings(&g, list, view->n_findings);
    if (!view->coverage->is_complete)
        put_incomplete(&g);
    put_outcome(&g, left_out);
    ss_free(list);
    return ss_field_release(&g.field);
}
