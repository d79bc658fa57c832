/*
 * junit.c: JUnit XML, for pages that show tests: what gates has failed, what is
 * listed only was skipped, and whether all was read is a test, too.
 */
#include "report/field.h"

typedef struct junit {
    ss_out *out;
    ss_field field;
} junit;

static const char *entity_of(uint8_t c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return NULL;
    }
}

/* U+FFFE and U+FFFF are no characters of XML. */
static int is_no_character(ss_bytes text, size_t at)
{
    return text.len - at >= 3 && text.data[at] == 0xef &&
           text.data[at + 1] == 0xbf && text.data[at + 2] >= 0xbe;
}

static void put_field(junit *j)
{
    ss_bytes text = ss_buf_bytes(&j->field.text);

    for (size_t i = 0; i < text.len; i++) {
        const char *entity = entity_of(text.data[i]);

        if (entity) {
            ss_out_puts(j->out, entity);
        } else if (is_no_character(text, i)) {
            ss_out_puts(j->out, "\xef\xbf\xbd");
            i += 2;
        } else {
            ss_out_add(j->out, &text.data[i], 1);
        }
    }
    ss_buf_reset(&j->field.text);
}

/* The field as an attribute. */
static void put(junit *j, const char *name)
{
    ss_out_puts(j->out, " ");
    ss_out_puts(j->out, name);
    ss_out_puts(j->out, "=\"");
    put_field(j);
    ss_out_puts(j->out, "\"");
}

static void put_head(junit *j, size_t n_tests, size_t n_failures,
                     size_t n_skipped, int is_complete)
{
    ss_out_puts(j->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        "<testsuites>\n  <testsuite name=\"secscan\"");
    ss_out_printf(j->out,
                  " tests=\"%zu\" failures=\"%zu\" errors=\"%d\" "
                  "skipped=\"%zu\">\n",
                  n_tests, n_failures, !is_complete, n_skipped);
}

static void put_name(junit *j, const secscan_finding *finding)
{
    ss_field *f = &j->field;

    ss_field_rule_text(f, finding->rule);
    ss_field_puts(f, " at ");
    ss_field_place(f, &finding->place);
    ss_field_encodings(f, &finding->place);
    if (finding->n_introductions) {
        ss_field_puts(f, ", commit ");
        ss_field_puts(f, finding->introductions[0].commit.id);
    }
}

/* What stands in a failure: the excerpt, who, and what to do. */
static void put_body(junit *j, const secscan_finding *finding)
{
    ss_field *f = &j->field;

    ss_field_line(f, finding);
    put_field(j);
    ss_out_puts(j->out, "\n");
    if (finding->n_introductions) {
        const secscan_commit *commit = &finding->introductions[0].commit;

        ss_field_puts(f, "added ");
        ss_field_day(f, commit);
        ss_field_puts(f, " by ");
        ss_field_scanned(f, commit->author_name);
        put_field(j);
        ss_out_puts(j->out, "\n");
    }
    if (finding->advice && *finding->advice) {
        ss_field_rule_text(f, finding->advice);
        put_field(j);
        ss_out_puts(j->out, "\n");
    }
    ss_out_puts(j->out, finding->fingerprint);
}

static void put_message(junit *j, const secscan_finding *finding)
{
    ss_field *f = &j->field;

    ss_field_puts(f, secscan_severity_name((int)finding->severity));
    ss_field_puts(f, ": ");
    ss_field_rule_text(f, finding->description);
    ss_field_puts(f, ", ");
    ss_field_secret(f, finding);
    if (finding->suppressed_by) {
        ss_field_puts(f, ", suppressed: ");
        ss_field_puts(f, finding->suppressed_by);
    } else if (!finding->gates) {
        ss_field_puts(f, ", report only");
    }
    put(j, "message");
}

static void put_finding(junit *j, const secscan_finding *finding)
{
    const char *outcome = finding->gates ? "failure" : "skipped";

    ss_out_puts(j->out, "    <testcase");
    put_name(j, finding);
    put(j, "name");
    ss_field_rule_text(&j->field, finding->description);
    put(j, "classname");
    ss_field_file(&j->field, &finding->place);
    put(j, "file");
    ss_out_printf(j->out, ">\n      <%s", outcome);
    put_message(j, finding);
    if (finding->gates) {
        ss_field_rule_text(&j->field, finding->rule);
        put(j, "type");
    }
    ss_out_puts(j->out, ">");
    put_body(j, finding);
    ss_out_printf(j->out, "</%s>\n    </testcase>\n", outcome);
}

/* The test that everything was read. */
static void put_coverage(junit *j)
{
    const ss_report_view *view = j->field.view;

    ss_out_puts(j->out, "    <testcase name=\"everything was read\" "
                        "classname=\"secscan\"");
    if (view->coverage->is_complete) {
        ss_out_puts(j->out, "/>\n");
        return;
    }
    ss_out_puts(j->out, ">\n      <error type=\"incomplete\"");
    ss_field_outcome(&j->field);
    put(j, "message");
    ss_out_puts(j->out, ">");
    for (size_t i = 0; i < view->n_skips; i++) {
        if (!view->skips[i].is_incomplete)
            continue;
        ss_field_skip(&j->field, &view->skips[i]);
        put_field(j);
        ss_out_puts(j->out, "\n");
    }
    ss_out_puts(j->out, "</error>\n    </testcase>\n");
}

int ss_report_junit(ss_out *out, const ss_report_view *view)
{
    size_t n_gating = (size_t)ss_view_count_gating(view);
    junit j = {.out = out};

    ss_field_init(&j.field, view);
    put_head(&j, view->n_findings + 1, n_gating, view->n_findings - n_gating,
             view->coverage->is_complete != 0);
    put_coverage(&j);
    for (size_t i = 0; i < view->n_findings; i++)
        put_finding(&j, secscan_findings_at(view->findings, i));
    ss_out_puts(out, "  </testsuite>\n</testsuites>\n");
    return ss_field_release(&j.field);
}
