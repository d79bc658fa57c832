/*
 * gitlab.c: gl-secret-detection-report.json, in GitLab's schema 15.0.2. A scan
 * that is incomplete is a failed one.
 */
#include "json_out.h"

#include "report/date.h"
#include "report/field.h"

#define VERSION "15.0.2"
#define SCHEMA_URL                                                             \
    "https://gitlab.com/gitlab-org/security-products/"                         \
    "security-report-schemas/-/raw/v" VERSION                                  \
    "/dist/secret-detection-report-format.json"
#define NO_COMMIT "0000000" /* as GitLab's own analyzer says it */
#define MAX_NAME 255u       /* bytes; the schema counts characters */
#define MAX_SOLUTION 7000u

typedef struct gitlab {
    ss_json json;
    ss_field field;
} gitlab;

/* The field, at most `max` bytes of it, and no character cut. */
static void put(gitlab *g, const char *key, size_t max)
{
    ss_bytes text = ss_buf_bytes(&g->field.text);

    if (text.len > max) {
        text.len = max;
        while (text.len && (text.data[text.len] & 0xc0) == 0x80)
            text.len--;
    }
    ss_json_bytes(&g->json, key, text);
    ss_buf_reset(&g->field.text);
}

/* ---- the scan ----------------------------------------------------------- */

static void put_tool(ss_json *json, const char *key)
{
    ss_json_open(json, key, '{');
    ss_json_str(json, "id", "secscan");
    ss_json_str(json, "name", "secscan");
    ss_json_str(json, "version", SECSCAN_VERSION);
    ss_json_open(json, "vendor", '{');
    ss_json_str(json, "name", "secscan");
    ss_json_close(json, '}');
    ss_json_close(json, '}');
}

/* UTC, without a zone. */
static void put_time(ss_json *json, const char *key, int64_t milliseconds)
{
    char text[SS_DATE_TEXT];

    if (ss_date_rfc3339(text, milliseconds / 1000, 0))
        ss_date_rfc3339(text, 0, 0);
    text[strlen(text) - 1] = 0; /* the Z */
    ss_json_str(json, key, text);
}

static void put_scan_message(gitlab *g, const char *level)
{
    ss_json_open(&g->json, NULL, '{');
    ss_json_str(&g->json, "level", level);
    put(g, "value", SIZE_MAX);
    ss_json_close(&g->json, '}');
}

static void put_messages(gitlab *g)
{
    const ss_report_view *view = g->json.view;
    const char *warning = view->coverage->warning;

    ss_json_open(&g->json, "messages", '[');
    ss_field_puts(&g->field, ss_view_verdict(view));
    ss_field_puts(&g->field, ": ");
    ss_field_outcome(&g->field);
    put_scan_message(g, view->coverage->is_complete ? "info" : "fatal");
    if (warning && *warning) {
        ss_field_scanned(&g->field, warning);
        put_scan_message(g, "warn");
    }
    for (size_t i = 0; i < view->n_skips; i++) {
        ss_field_puts(&g->field, "not scanned: ");
        ss_field_skip(&g->field, &view->skips[i]);
        put_scan_message(g, view->skips[i].is_incomplete ? "fatal" : "info");
    }
    ss_json_close(&g->json, ']');
}

static void put_scan(gitlab *g)
{
    ss_json *json = &g->json;
    const ss_report_view *view = json->view;
    int is_done = view->exit_code <= 1 && view->coverage->is_complete;

    ss_json_open(json, "scan", '{');
    put_tool(json, "analyzer");
    put_tool(json, "scanner");
    put_time(json, "start_time", view->began);
    put_time(json, "end_time", view->ended);
    ss_json_str(json, "status", is_done ? "success" : "failure");
    ss_json_str(json, "type", "secret_detection");
    put_messages(g);
    ss_json_close(json, '}');
}

/* ---- a finding ------------------------------------------------------------
 */

static const char *severity_of(const secscan_finding *finding)
{
    static const char *const names[] = {"Info", "Low", "Medium", "High",
                                        "Critical"};

    return names[finding->severity <= SECSCAN_CRITICAL ? finding->severity : 0];
}

/* One secret stands at many places of a tree: the place belongs to the id. */
static void put_id(gitlab *g, const secscan_finding *finding)
{
    ss_field *f = &g->field;

    ss_field_puts(f, finding->fingerprint);
    ss_field_puts(f, ":");
    ss_field_rule_text(f, finding->rule);
    ss_field_puts(f, ":");
    ss_field_place(f, &finding->place);
    put(g, "id", SIZE_MAX);
}

static void put_identifiers(gitlab *g, const secscan_finding *finding)
{
    ss_json *json = &g->json;

    ss_json_open(json, "identifiers", '[');
    ss_json_open(json, NULL, '{');
    ss_json_str(json, "type", "secscan_rule_id");
    ss_field_puts(&g->field, "secscan rule ");
    ss_field_rule_text(&g->field, finding->rule);
    put(g, "name", SIZE_MAX);
    ss_json_str(json, "value", finding->rule);
    ss_json_close(json, '}');
    ss_json_close(json, ']');
}

static void put_commit(gitlab *g, const secscan_finding *finding)
{
    const secscan_commit *commit =
        finding->n_introductions ? &finding->introductions[0].commit : NULL;
    ss_json *json = &g->json;

    ss_json_open(json, "commit", '{');
    ss_json_str(json, "sha", commit ? commit->id : NO_COMMIT);
    if (commit) {
        ss_json_text(json, "author", commit->author_name);
        ss_json_text(json, "message", commit->subject);
    }
    ss_json_close(json, '}');
}

static void put_location(gitlab *g, const secscan_finding *finding)
{
    const secscan_place *place = &finding->place;
    ss_json *json = &g->json;

    ss_json_open(json, "location", '{');
    if (place->path && *place->path)
        ss_json_file(json, "file", place);
    put_commit(g, finding);
    if (place->line_start && !ss_view_is_member(place)) {
        ss_json_num(json, "start_line", place->line_start);
        ss_json_num(json, "end_line", place->line_end);
    }
    ss_json_close(json, '}');
}

static void put_flags(gitlab *g, const secscan_finding *finding)
{
    ss_json *json = &g->json;

    if (!finding->suppressed_by)
        return;
    ss_json_open(json, "flags", '[');
    ss_json_open(json, NULL, '{');
    ss_json_str(json, "type", "flagged-as-likely-false-positive");
    ss_json_str(json, "origin", "secscan");
    ss_field_puts(&g->field, finding->suppressed_by);
    if (finding->suppressed_reason && *finding->suppressed_reason) {
        ss_field_puts(&g->field, ": ");
        ss_field_scanned(&g->field, finding->suppressed_reason);
    }
    put(g, "description", SIZE_MAX);
    ss_json_close(json, '}');
    ss_json_close(json, ']');
}

static void put_description(gitlab *g, const secscan_finding *finding)
{
    ss_field *f = &g->field;

    ss_field_rule_text(f, finding->description);
    ss_field_puts(f, " at ");
    ss_field_place(f, &finding->place);
    ss_field_encodings(f, &finding->place);
    if (finding->secret.len) {
        ss_field_puts(f, ": ");
        ss_field_secret(f, finding);
    }
    put(g, "description", SIZE_MAX);
}

static void put_finding(gitlab *g, const secscan_finding *finding)
{
    ss_json *json = &g->json;

    ss_json_line(json);
    ss_json_open(json, NULL, '{');
    put_id(g, finding);
    ss_field_rule_text(&g->field, finding->description);
    put(g, "name", MAX_NAME);
    put_description(g, finding);
    ss_json_str(json, "severity", severity_of(finding));
    if (finding->advice && *finding->advice) {
        ss_field_rule_text(&g->field, finding->advice);
        put(g, "solution", MAX_SOLUTION);
    }
    put_identifiers(g, finding);
    put_location(g, finding);
    put_flags(g, finding);
    if (finding->secret.len)
        ss_json_secret(json, "raw_source_code_extract", finding);
    ss_json_close(json, '}');
}

int ss_report_gitlab(ss_out *out, const ss_report_view *view)
{
    gitlab g;
    int rc;

    ss_json_init(&g.json, out, view);
    ss_field_init(&g.field, view);
    ss_json_open(&g.json, NULL, '{');
    ss_json_str(&g.json, "version", VERSION);
    ss_json_str(&g.json, "schema", SCHEMA_URL);
    put_scan(&g);
    ss_json_open(&g.json, "vulnerabilities", '[');
    for (size_t i = 0; i < view->n_findings; i++)
        put_finding(&g, secscan_findings_at(view->findings, i));
    ss_json_close(&g.json, ']');
    ss_json_close(&g.json, '}');
    ss_out_puts(out, "\n");
    rc = ss_field_release(&g.field);
    return ss_json_release(&g.json) || rc ? -1 : 0;
}
