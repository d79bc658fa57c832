/*
 * field.c: mask, clean, append.
 */
#include "field.h"

#include "report/date.h"
#include "report/screen.h"

#include <inttypes.h>

#define MAX_TEXT (256u << 20)
#define SHORT_ID 10u

void ss_field_init(ss_field *field, const ss_report_view *view)
{
    *field = (ss_field){view, SS_BUF_INIT(MAX_TEXT), SS_BUF_INIT(MAX_TEXT), 0};
}

int ss_field_release(ss_field *field)
{
    ss_buf_release(&field->text);
    ss_buf_release(&field->raw);
    return field->is_failed ? -1 : 0;
}

static void check(ss_field *field, int rc)
{
    if (rc)
        field->is_failed = 1;
}

/* What the view has put into `raw`, cleaned. */
static void take(ss_field *field, int rc)
{
    check(field, rc);
    check(field, ss_screen_clean(&field->text, ss_buf_bytes(&field->raw), 0));
    ss_buf_reset(&field->raw);
}

void ss_field_puts(ss_field *field, const char *ours)
{
    check(field, ss_buf_puts(&field->text, ours));
}

void ss_field_num(ss_field *field, uint64_t n)
{
    check(field, ss_buf_printf(&field->text, "%" PRIu64, n));
}

void ss_field_counted(ss_field *field, uint64_t n, const char *one,
                      const char *many)
{
    ss_field_num(field, n);
    ss_field_puts(field, " ");
    ss_field_puts(field, n == 1 ? one : many);
}

void ss_field_rule_text(ss_field *field, const char *text)
{
    check(field, ss_screen_clean(&field->text, ss_bytes_str(text), 0));
}

void ss_field_scanned(ss_field *field, const char *text)
{
    take(field, ss_view_text(&field->raw, field->view, text));
}

void ss_field_secret(ss_field *field, const secscan_finding *finding)
{
    if (finding->secret.len)
        take(field, ss_view_secret(&field->raw, field->view, finding));
}

void ss_field_match(ss_field *field, const secscan_finding *finding)
{
    if (finding->secret.len)
        take(field, ss_view_match(&field->raw, field->view, finding));
}

void ss_field_line(ss_field *field, const secscan_finding *finding)
{
    size_t from, to;

    if (finding->line.len)
        take(field,
             ss_view_line(&field->raw, field->view, finding, &from, &to));
}

void ss_field_day(ss_field *field, const secscan_commit *commit)
{
    char date[SS_DATE_TEXT];

    if (!ss_date_rfc3339(date, commit->author_time, commit->author_offset))
        check(field, ss_buf_add(&field->text, date, 10));
}

/* "commit-message" as words. */
static void add_source(ss_field *field, uint32_t source)
{
    const char *name = secscan_source_name((int)source);

    for (; *name; name++)
        check(field, ss_buf_putc(&field->text, *name == '-' ? ' ' : *name));
}

static void add_unit(ss_field *field, const secscan_place *place)
{
    if (place->path && *place->path) {
        ss_field_scanned(field, place->path);
        return;
    }
    add_source(field, place->source);
    if (place->object)
        check(field, ss_buf_printf(&field->text, " %.*s", (int)SHORT_ID,
                                   place->object));
}

void ss_field_place(ss_field *field, const secscan_place *place)
{
    add_unit(field, place);
    if (place->line_start)
        check(field, ss_buf_printf(&field->text, ":%" PRIu64 ":%" PRIu64,
                                   place->line_start, place->column_start));
}

void ss_field_file(ss_field *field, const secscan_place *place)
{
    take(field, ss_view_file(&field->raw, field->view, place));
}

void ss_field_encodings(ss_field *field, const secscan_place *place)
{
    if (!place->n_encodings)
        return;
    ss_field_puts(field, " (");
    check(field, ss_view_encodings(&field->text, place));
    ss_field_puts(field, ")");
}

void ss_field_skip(ss_field *field, const secscan_skip *skip)
{
    if (skip->path) {
        ss_field_scanned(field, skip->path);
        ss_field_puts(field, ": ");
    } else if (skip->object) {
        ss_field_puts(field, "object ");
        ss_field_puts(field, skip->object);
        ss_field_puts(field, ": ");
    }
    ss_field_puts(field, skip->reason);
    if (skip->detail && *skip->detail) {
        ss_field_puts(field, " (");
        ss_field_scanned(field, skip->detail);
        ss_field_puts(field, ")");
    }
}

void ss_field_outcome(ss_field *field)
{
    const ss_report_view *view = field->view;
    uint64_t gating = ss_view_count_gating(view);

    if (gating)
        ss_field_counted(field, gating, "secret", "secrets");
    else
        ss_field_puts(field,
                      view->n_findings ? "nothing that gates" : "no secrets");
    ss_field_puts(field, view->coverage->is_complete
                             ? ", complete, exit "
                             : ", but not everything was read, exit ");
    ss_field_num(field, (uint64_t)view->exit_code);
}
