/*
 * csv.c: the columns of gitleaks' CSV report, and one of ours behind them, a
 * finding a row (RFC 4180).
 *
 * Spreadsheets run what looks like a formula: a value that starts like one and
 * could call something gets an apostrophe before it.
 */
#include "report/date.h"
#include "report/field.h"
#include "report/gitleaks.h"

typedef struct csv {
    ss_out *out;
    ss_field field;
    int has_value; /* a comma comes before the next one */
} csv;

static int is_formula(ss_bytes text)
{
    if (text.len == 0 || !strchr("=+-@", text.data[0]))
        return 0;
    return memchr(text.data, '(', text.len) ||
           memchr(text.data, '|', text.len) || memchr(text.data, '!', text.len);
}

/* The field, in quotes when it needs them. */
static void put(csv *c)
{
    ss_bytes text = ss_buf_bytes(&c->field.text);
    int is_quoted =
        is_formula(text) || (text.len && (memchr(text.data, '"', text.len) ||
                                          memchr(text.data, ',', text.len)));

    if (c->has_value)
        ss_out_puts(c->out, ",");
    c->has_value = 1;
    if (is_quoted)
        ss_out_puts(c->out, is_formula(text) ? "\"'" : "\"");
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '"')
            ss_out_puts(c->out, "\"");
        ss_out_add(c->out, &text.data[i], 1);
    }
    if (is_quoted)
        ss_out_puts(c->out, "\"");
    ss_buf_reset(&c->field.text);
}

static void put_num(csv *c, uint64_t n)
{
    ss_field_num(&c->field, n);
    put(c);
}

static void put_text(csv *c, const char *text)
{
    ss_field_scanned(&c->field, text);
    put(c);
}

static void put_date(csv *c, const secscan_commit *commit)
{
    char date[SS_DATE_TEXT];

    if (!ss_date_rfc3339(date, commit->author_time, 0) && *commit->id)
        ss_field_puts(&c->field, date);
    put(c);
}

static void put_fingerprint(csv *c, const secscan_finding *finding,
                            const secscan_commit *commit)
{
    if (*commit->id) {
        ss_field_puts(&c->field, commit->id);
        ss_field_puts(&c->field, ":");
    }
    ss_field_scanned(&c->field, finding->place.path);
    ss_field_puts(&c->field, ":");
    ss_field_rule_text(&c->field, finding->rule);
    ss_field_puts(&c->field, ":");
    put_num(c, finding->place.line_start);
}

static void put_row(csv *c, const secscan_finding *finding)
{
    const secscan_commit *commit = ss_gitleaks_commit(finding);
    const secscan_place *place = &finding->place;

    c->has_value = 0;
    ss_field_rule_text(&c->field, finding->rule);
    put(c);
    put_text(c, commit->id);
    put_text(c, place->path);
    put(c); /* SymlinkFile */
    ss_field_secret(&c->field, finding);
    put(c);
    ss_field_match(&c->field, finding);
    put(c);
    put_num(c, place->line_start);
    put_num(c, place->line_end);
    put_num(c, place->column_start);
    put_num(c, ss_gitleaks_end_column(place));
    put_text(c, commit->author_name);
    put_text(c, commit->subject);
    put_date(c, commit);
    put_text(c, commit->author_email);
    put_fingerprint(c, finding, commit);
    put(c); /* Tags */
    if (ss_view_encodings(&c->field.text, place))
        c->field.is_failed = 1;
    put(c);
    ss_out_puts(c->out, "\n");
}

int ss_report_csv(ss_out *out, const ss_report_view *view)
{
    csv c = {.out = out};

    ss_field_init(&c.field, view);
    ss_out_puts(out, "RuleID,Commit,File,SymlinkFile,Secret,Match,StartLine,"
                     "EndLine,StartColumn,EndColumn,Author,Message,Date,Email,"
                     "Fingerprint,Tags,Encodings\n");
    for (size_t i = 0; i < view->n_findings; i++)
        put_row(&c, secscan_findings_at(view->findings, i));
    return ss_field_release(&c.field);
}
