/*
 * markdown.c: a summary for the pages of a CI job and for comments. GitHub
 * takes 1 MiB of a step: the worst findings come first, and how many are left
 * out is said.
 *
 * Scanned text is put into <code>, every sign of it that means anything as a
 * character reference: no markup, no mention and no link can come of it.
 */
#include "report/field.h"

#include "base/alloc.h"
#include "base/map.h"

#include <stdio.h>

#define MAX_SIZE 900000u /* bytes, without what is said after the table */

typedef struct markdown {
    ss_out *out;
    ss_field field;
    size_t size; /* bytes written of the table */
} markdown;

static void put(markdown *m, const char *ours)
{
    ss_out_puts(m->out, ours);
    m->size += strlen(ours);
}

/* The field; a sign that could mean something as a reference. */
static void put_field(markdown *m)
{
    ss_bytes text = ss_buf_bytes(&m->field.text);

    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];

        if (ss_is_alnum(c) || c >= 0x80 || strchr(" ,;'()-", c)) {
            ss_out_add(m->out, &c, 1);
            m->size++;
        } else {
            ss_out_printf(m->out, "&#%u;", c);
            m->size += 5;
        }
    }
    ss_buf_reset(&m->field.text);
}

static void put_code(markdown *m)
{
    put(m, "<code>");
    put_field(m);
    put(m, "</code>");
}

static const char *icon_of(int exit_code)
{
    if (exit_code == 0)
        return "&#9989;"; /* white heavy check mark */
    return exit_code == 3 ? "&#9888;&#65039;" : "&#10060;";
}

static void put_title(markdown *m)
{
    const ss_report_view *view = m->field.view;

    put(m, "## ");
    put(m, icon_of(view->exit_code));
    put(m, " secscan ");
    put(m, ss_view_verdict(view));
    put(m, ": ");
    ss_field_outcome(&m->field);
    put_field(m);
    put(m, "\n\n");
}

static void put_count(markdown *m, uint64_t n, const char *one,
                      const char *many)
{
    if (!n)
        return;
    ss_field_counted(&m->field, n, one, many);
    ss_field_puts(&m->field, ", ");
}

static void put_suppressed(markdown *m, const secscan_coverage *c)
{
    const char *before = " Suppressed: ";

    for (size_t i = 0; i < c->n_suppressed_by; i++) {
        if (!c->suppressed_by[i].count)
            continue;
        put(m, before);
        before = ", ";
        ss_field_num(&m->field, c->suppressed_by[i].count);
        ss_field_puts(&m->field, " by ");
        ss_field_puts(&m->field, c->suppressed_by[i].by);
        put_field(m);
    }
}

static void put_read(markdown *m)
{
    const secscan_coverage *c = m->field.view->coverage;

    put(m, "Read: ");
    put_count(m, c->commits, "commit", "commits");
    put_count(m, c->files, "file", "files");
    put_count(m, c->blobs, "blob", "blobs");
    put_count(m, c->containers, "container", "containers");
    put_count(m, c->members, "member", "members");
    ss_field_counted(&m->field, c->bytes, "byte", "bytes");
    if (c->decoded_bytes) {
        ss_field_puts(&m->field, ", ");
        ss_field_counted(&m->field, c->decoded_bytes, "byte", "bytes");
        ss_field_puts(&m->field, " decoded");
    }
    put_field(m);
    put(m, c->range ? ", range " : "");
    if (c->range) {
        ss_field_scanned(&m->field, c->range);
        put_code(m);
    }
    put(m, ".");
    put_suppressed(m, c);
    put(m, "\n\n");
}

static void put_introduction(markdown *m, const secscan_finding *finding)
{
    const secscan_commit *commit;

    if (!finding->n_introductions)
        return;
    commit = &finding->introductions[0].commit;
    if (ss_buf_add(&m->field.text, commit->id, strnlen(commit->id, 10)))
        m->field.is_failed = 1;
    put_code(m);
    put(m, "<br>");
    ss_field_day(&m->field, commit);
    ss_field_puts(&m->field, " ");
    put_field(m);
    ss_field_scanned(&m->field, commit->author_name);
    put_code(m);
    put(m, finding->in_head ? "<br>still in HEAD" : "<br>not in HEAD");
}

static void put_row(markdown *m, const secscan_finding *finding)
{
    ss_field *f = &m->field;

    put(m, "| ");
    put(m, secscan_severity_name((int)finding->severity));
    put(m, finding->gates           ? ""
           : finding->suppressed_by ? "<br>suppressed"
                                    : "<br>report only");
    put(m, " | ");
    ss_field_rule_text(f, finding->description);
    put_field(m);
    put(m, "<br>");
    ss_field_rule_text(f, finding->rule);
    put_code(m);
    put(m, " | ");
    ss_field_place(f, &finding->place);
    put_code(m);
    ss_field_encodings(f, &finding->place);
    put_field(m);
    if (finding->secret.len) {
        put(m, "<br>");
        ss_field_secret(f, finding);
        put_code(m);
    }
    put(m, " | ");
    put_introduction(m, finding);
    put(m, " | ");
    put(m, finding->fingerprint);
    put(m, " |\n");
}

static size_t put_table(markdown *m, const secscan_finding **list, size_t n)
{
    size_t i = 0;

    put(m, "| Severity | What | Where | Added | Id |\n"
           "|---|---|---|---|---|\n");
    for (; i < n && m->size < MAX_SIZE; i++)
        put_row(m, list[i]);
    put(m, "\n");
    return i;
}

/* How to rotate, once for each rule of what is listed. */
static void put_advice(markdown *m, const secscan_finding **list, size_t n)
{
    ss_map seen = SS_MAP_INIT;
    int is_new;

    put(m, "### What to do\n\nRevoke first, then remove: what was pushed stays "
           "known.\n\n");
    for (size_t i = 0; i < n; i++) {
        const secscan_finding *finding = list[i];

        if (!ss_map_put(&seen, ss_bytes_str(finding->rule), &is_new))
            m->field.is_failed = 1;
        else if (is_new && finding->advice && *finding->advice) {
            put(m, "- **");
            ss_field_rule_text(&m->field, finding->description);
            put_field(m);
            put(m, "**: ");
            ss_field_rule_text(&m->field, finding->advice);
            put_field(m);
            put(m, "\n");
        }
    }
    put(m, "\n");
    ss_map_release(&seen);
}

static void put_skips(markdown *m)
{
    const ss_report_view *view = m->field.view;
    size_t n = 0;

    for (size_t i = 0; i < view->n_skips; i++) {
        if (!view->skips[i].is_incomplete || n++ >= 20)
            continue;
        put(m, n == 1 ? "### Not read\n\n- " : "- ");
        ss_field_skip(&m->field, &view->skips[i]);
        put_code(m);
        put(m, "\n");
    }
    if (n > 20) {
        put(m, "- and ");
        ss_field_num(&m->field, n - 20);
        put_field(m);
        put(m, " more\n");
    }
    if (n)
        put(m, "\n");
}

static void put_left_out(markdown *m, size_t n_listed)
{
    const ss_report_view *view = m->field.view;

    if (n_listed == view->n_findings)
        return;
    snprintf(view->note, SS_NOTE_TEXT,
             "%zu of %zu findings are listed, the worst first: a job's summary "
             "takes 1 MiB",
             n_listed, view->n_findings);
    put(m, "**");
    put(m, view->note);
    put(m, "**\n\n");
}

static void put_findings(markdown *m, const secscan_finding **list)
{
    size_t n = m->field.view->n_findings;

    if (!n)
        return;
    n = put_table(m, list, n);
    put_left_out(m, n);
    put_advice(m, list, n);
}

int ss_report_markdown(ss_out *out, const ss_report_view *view)
{
    const secscan_finding **list = ss_view_worst_first(view);
    markdown m = {.out = out};

    if (!list)
        return -1;
    ss_field_init(&m.field, view);
    put_title(&m);
    put_read(&m);
    put_skips(&m);
    put_findings(&m, list);
    ss_free(list);
    return ss_field_release(&m.field);
}
