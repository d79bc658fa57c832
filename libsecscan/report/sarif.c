/*
 * sarif.c: SARIF 2.1.0, for code scanning services and editors.
 * Rules come from the findings themselves: a log names the rules it uses.
 */
#include "json_out.h"

#include "base/map.h"
#include "report/utf8.h"

/* Code scanning services take no more of them. */
#define MAX_RELATED 100u

typedef struct sarif {
    ss_json json;
    ss_map rules; /* id to index in the log's list */
    ss_buf text;
} sarif;

static const char *level_of(const secscan_finding *finding)
{
    if (finding->category && strcmp(finding->category, "hygiene") == 0)
        return "note";
    if (finding->severity >= SECSCAN_HIGH)
        return finding->is_known ? "warning" : "error";
    return finding->severity == SECSCAN_MEDIUM ? "warning" : "note";
}

/* The scale that code scanning services sort by: 0.0 to 10.0. */
static const char *security_severity(const secscan_finding *finding)
{
    static const char *const scores[] = {"1.0", "3.0", "5.5", "8.0", "9.5"};

    return scores[finding->severity <= SECSCAN_CRITICAL ? finding->severity
                                                        : SECSCAN_CRITICAL];
}

/* ---- text ------------------------------------------------------------- */

static void add(sarif *s, const char *text)
{
    if (ss_buf_puts(&s->text, text))
        s->json.is_failed = 1;
}

static void add_scanned(sarif *s, const char *text)
{
    if (ss_view_text(&s->text, s->json.view, text))
        s->json.is_failed = 1;
}

static void put_text(sarif *s, const char *key)
{
    ss_json_bytes(&s->json, key, ss_buf_bytes(&s->text));
    ss_buf_reset(&s->text);
}

static void put_message(sarif *s)
{
    ss_json_open(&s->json, "message", '{');
    put_text(s, "text");
    ss_json_close(&s->json, '}');
}

static int is_uri_char(uint8_t c)
{
    return ss_is_alnum(c) || (c && strchr("-._~/!$&'()*+,;=@", c));
}

/* The path as a URI reference; the scratch is free between values. */
static void add_uri(sarif *s, const char *path)
{
    ss_buf *scratch = &s->json.scratch;

    if (ss_view_text(scratch, s->json.view, path))
        s->json.is_failed = 1;
    if (scratch->len && scratch->data[0] == '/')
        add(s, "file://");
    for (size_t i = 0; i < scratch->len; i++) {
        uint8_t c = scratch->data[i];
        int rc = is_uri_char(c) ? ss_buf_putc(&s->text, (char)c)
                                : ss_buf_printf(&s->text, "%%%02X", c);

        if (rc)
            s->json.is_failed = 1;
    }
    ss_buf_reset(scratch);
}

/* ---- rules ------------------------------------------------------------ */

static void put_rule(sarif *s, const secscan_finding *finding)
{
    ss_json *json = &s->json;
    int has_advice = finding->advice && *finding->advice;

    ss_json_open(json, NULL, '{');
    ss_json_str(json, "id", finding->rule);
    ss_json_open(json, "shortDescription", '{');
    ss_json_str(json, "text", finding->description);
    ss_json_close(json, '}');
    ss_json_open(json, "help", '{');
    ss_json_str(json, "text",
                has_advice ? finding->advice
                           : "Revoke it where it was issued, issue a new one, "
                             "and keep that out of the repository.");
    ss_json_close(json, '}');
    ss_json_open(json, "defaultConfiguration", '{');
    ss_json_str(json, "level", level_of(finding));
    ss_json_close(json, '}');
    ss_json_open(json, "properties", '{');
    ss_json_str(json, "security-severity", security_severity(finding));
    ss_json_open(json, "tags", '[');
    ss_json_str(json, NULL, "security");
    ss_json_str(json, NULL, finding->category);
    ss_json_close(json, ']');
    ss_json_close(json, '}');
    ss_json_close(json, '}');
}

static void put_rules(sarif *s)
{
    const ss_report_view *view = s->json.view;
    int is_new;

    ss_json_open(&s->json, "rules", '[');
    for (size_t i = 0; i < view->n_findings; i++) {
        const secscan_finding *finding = secscan_findings_at(view->findings, i);
        ss_map_entry *entry =
            ss_map_put(&s->rules, ss_bytes_str(finding->rule), &is_new);

        if (!entry) {
            s->json.is_failed = 1;
            break;
        }
        if (!is_new)
            continue;
        entry->value.num = s->rules.len - 1;
        ss_json_line(&s->json);
        put_rule(s, finding);
    }
    ss_json_close(&s->json, ']');
}

static void put_driver(sarif *s)
{
    ss_json *json = &s->json;

    ss_json_open(json, "tool", '{');
    ss_json_open(json, "driver", '{');
    ss_json_str(json, "name", "secscan");
    ss_json_str(json, "version", SECSCAN_VERSION);
    ss_json_str(json, "semanticVersion", SECSCAN_VERSION);
    put_rules(s);
    ss_json_close(json, '}');
    ss_json_close(json, '}');
}

/* ---- places ----------------------------------------------------------- */

static void put_region(sarif *s, const secscan_place *place,
                       const secscan_finding *finding)
{
    ss_json *json = &s->json;

    if (place->line_start == 0)
        return;
    ss_json_open(json, "region", '{');
    ss_json_num(json, "startLine", place->line_start);
    ss_json_num(json, "startColumn", place->column_start);
    ss_json_num(json, "endLine", place->line_end);
    ss_json_num(json, "endColumn", place->column_end);
    if (finding && finding->line.len) {
        ss_json_open(json, "snippet", '{');
        ss_json_excerpt(json, "text", finding);
        ss_json_close(json, '}');
    }
    ss_json_close(json, '}');
}

static void put_physical(sarif *s, const secscan_place *place,
                         const secscan_finding *finding)
{
    ss_json *json = &s->json;

    ss_json_open(json, "physicalLocation", '{');
    ss_json_open(json, "artifactLocation", '{');
    add_uri(s, place->path);
    put_text(s, "uri");
    if (place->path[0] != '/')
        ss_json_str(json, "uriBaseId", "%SRCROOT%");
    ss_json_close(json, '}');
    put_region(s, place, finding);
    ss_json_close(json, '}');
}

/* What has no path: a message, a name. */
static void put_logical(sarif *s, const secscan_place *place)
{
    ss_json *json = &s->json;
    const char *kind = secscan_source_name((int)place->source);

    add(s, kind);
    add(s, " ");
    add(s, place->object ? place->object : "");
    ss_json_open(json, "logicalLocations", '[');
    ss_json_open(json, NULL, '{');
    put_text(s, "fullyQualifiedName");
    ss_json_str(json, "kind", kind);
    ss_json_close(json, '}');
    ss_json_close(json, ']');
}

/* `finding`: the excerpt goes with its first place; NULL for the others. Two
 * blobs may hold a secret at one path and line: `id` keeps places apart. */
static void put_location(sarif *s, const secscan_place *place,
                         const secscan_finding *finding, size_t id)
{
    ss_json_open(&s->json, NULL, '{');
    if (id)
        ss_json_num(&s->json, "id", id);
    if (place->path && *place->path)
        put_physical(s, place, finding);
    else
        put_logical(s, place);
    ss_json_close(&s->json, '}');
}

/* A part's location says what it is to the finding. */
static void put_part(sarif *s, const secscan_part *part, size_t id)
{
    ss_json *json = &s->json;

    ss_json_open(json, NULL, '{');
    ss_json_num(json, "id", id);
    add(s, part->role && *part->role ? part->role : part->rule);
    add(s, " ");
    if (ss_view_part(&s->text, json->view, part))
        json->is_failed = 1;
    put_message(s);
    if (part->place.path && *part->place.path)
        put_physical(s, &part->place, NULL);
    else
        put_logical(s, &part->place);
    ss_json_close(json, '}');
}

/* Parts first; ids go on behind them. */
static void put_related(sarif *s, const secscan_finding *finding)
{
    size_t n = finding->n_places, n_parts = finding->n_parts;

    if (n < 2 && !n_parts)
        return;
    ss_json_open(&s->json, "relatedLocations", '[');
    for (size_t i = 0; i < n_parts; i++)
        put_part(s, &finding->parts[i], i + 1);
    for (size_t i = 1; i < n && i + n_parts <= MAX_RELATED; i++)
        put_location(s, &finding->places[i], NULL, i + n_parts);
    ss_json_close(&s->json, ']');
}

/* ---- results ---------------------------------------------------------- */

static void add_introduction(sarif *s, const secscan_finding *finding)
{
    const secscan_commit *commit = &finding->introductions[0].commit;

    add(s, finding->is_known ? ", known, repeated by commit "
           : finding->introductions[0].is_boundary ? ", at or before commit "
                                                   : ", introduced by commit ");
    if (ss_buf_printf(&s->text, "%.12s", commit->id))
        s->json.is_failed = 1;
    add(s, " of ");
    add_scanned(s, commit->author_name);
    add(s, finding->in_head ? ", still in HEAD" : ", not in HEAD");
}

static void put_result_message(sarif *s, const secscan_finding *finding)
{
    add(s, finding->description);
    if (finding->secret.len) {
        add(s, ": ");
        if (ss_view_secret(&s->text, s->json.view, finding) ||
            ss_buf_printf(&s->text, " (%zu chars)",
                          ss_utf8_count(ss_bytes_of(finding->secret.data,
                                                    finding->secret.len))))
            s->json.is_failed = 1;
    }
    if (finding->n_introductions)
        add_introduction(s, finding);
    put_message(s);
}

static void put_properties(sarif *s, const secscan_finding *finding)
{
    ss_json *json = &s->json;

    ss_json_open(json, "properties", '{');
    ss_json_str(json, "category", finding->category);
    ss_json_str(json, "severity",
                secscan_severity_name((int)finding->severity));
    ss_json_str(json, "evidence",
                secscan_evidence_name((int)finding->evidence));
    ss_json_num(json, "confidence", finding->confidence);
    ss_json_bool(json, "gates", finding->gates != 0);
    if (finding->is_known)
        ss_json_bool(json, "known", 1);
    if (finding->submodule)
        ss_json_text(json, "submodule", finding->submodule);
    ss_json_str(json, "security-severity", security_severity(finding));
    if (finding->n_introductions) {
        const secscan_commit *commit = &finding->introductions[0].commit;

        ss_json_str(json, "commit", commit->id);
        ss_json_text(json, "author", commit->author_name);
        ss_json_date(json, "date", commit->author_time, commit->author_offset);
        ss_json_bool(json, "in_head", finding->in_head != 0);
        ss_json_num(json, "n_commits", finding->n_commits);
        ss_json_num(json, "n_paths", finding->n_paths);
    }
    ss_json_close(json, '}');
}

/* A mark stands in the source, an entry in a file beside it. */
static void put_suppressions(sarif *s, const secscan_finding *finding)
{
    ss_json *json = &s->json;
    const char *by = finding->suppressed_by;

    if (!by)
        return;
    ss_json_open(json, "suppressions", '[');
    ss_json_open(json, NULL, '{');
    ss_json_str(json, "kind",
                strcmp(by, "inline") == 0 ? "inSource" : "external");
    ss_json_str(json, "status", finding->gates ? "rejected" : "accepted");
    add(s, by);
    if (finding->suppressed_reason && *finding->suppressed_reason) {
        add(s, ": ");
        add_scanned(s, finding->suppressed_reason);
    }
    put_text(s, "justification");
    ss_json_close(json, '}');
    ss_json_close(json, ']');
}

static void put_result(sarif *s, const secscan_finding *finding)
{
    ss_json *json = &s->json;
    const ss_map_entry *rule =
        ss_map_get(&s->rules, ss_bytes_str(finding->rule));

    ss_json_line(json);
    ss_json_open(json, NULL, '{');
    ss_json_str(json, "ruleId", finding->rule);
    if (rule)
        ss_json_num(json, "ruleIndex", rule->value.num);
    ss_json_str(json, "level", level_of(finding));
    ss_json_num(json, "rank", finding->confidence);
    put_result_message(s, finding);
    ss_json_open(json, "locations", '[');
    put_location(s, &finding->place, finding, 0);
    ss_json_close(json, ']');
    put_related(s, finding);
    ss_json_open(json, "partialFingerprints", '{');
    ss_json_str(json, "secscan/v1", finding->fingerprint);
    ss_json_close(json, '}');
    put_suppressions(s, finding);
    put_properties(s, finding);
    ss_json_close(json, '}');
}

/* ---- invocation ------------------------------------------------------- */

static void put_skip(sarif *s, const secscan_skip *skip)
{
    const secscan_place place = {.path = skip->path, .object = skip->object};

    ss_json_line(&s->json);
    ss_json_open(&s->json, NULL, '{');
    ss_json_str(&s->json, "level", skip->is_incomplete ? "error" : "note");
    add(s, "not scanned: ");
    add(s, skip->reason);
    if (skip->detail && *skip->detail) {
        add(s, ": ");
        add_scanned(s, skip->detail);
    }
    if (!skip->path && skip->object) {
        add(s, ", object ");
        add(s, skip->object);
    }
    put_message(s);
    if (skip->path && *skip->path) {
        ss_json_open(&s->json, "locations", '[');
        put_location(s, &place, NULL, 0);
        ss_json_close(&s->json, ']');
    }
    ss_json_close(&s->json, '}');
}

static void put_invocation(sarif *s)
{
    ss_json *json = &s->json;
    const ss_report_view *view = json->view;
    int is_done = view->exit_code <= 1 && view->coverage->is_complete;

    ss_json_open(json, "invocations", '[');
    ss_json_open(json, NULL, '{');
    ss_json_bool(json, "executionSuccessful", is_done);
    ss_json_num(json, "exitCode", (uint64_t)view->exit_code);
    ss_json_open(json, "toolExecutionNotifications", '[');
    for (size_t i = 0; i < view->n_skips; i++)
        put_skip(s, &view->skips[i]);
    if (view->coverage->warning && *view->coverage->warning) {
        ss_json_open(json, NULL, '{');
        ss_json_str(json, "level", "warning");
        add_scanned(s, view->coverage->warning);
        put_message(s);
        ss_json_close(json, '}');
    }
    ss_json_close(json, ']');
    ss_json_close(json, '}');
    ss_json_close(json, ']');
}

static void put_run(sarif *s)
{
    ss_json *json = &s->json;
    const ss_report_view *view = json->view;

    ss_json_open(json, NULL, '{');
    put_driver(s);
    put_invocation(s);
    ss_json_str(json, "columnKind", "unicodeCodePoints");
    ss_json_open(json, "results", '[');
    for (size_t i = 0; i < view->n_findings; i++)
        put_result(s, secscan_findings_at(view->findings, i));
    ss_json_close(json, ']');
    ss_json_open(json, "properties", '{');
    ss_json_bool(json, "complete", view->coverage->is_complete != 0);
    ss_json_str(json, "rules_version", view->coverage->rules_version);
    ss_json_str(json, "profile", view->coverage->profile);
    ss_json_num(json, "unlisted", view->coverage->unlisted);
    ss_json_num(json, "suppressed", view->coverage->suppressed);
    ss_json_close(json, '}');
    ss_json_close(json, '}');
}

int ss_report_sarif(ss_out *out, const ss_report_view *view)
{
    sarif s = {.rules = SS_MAP_INIT, .text = SS_BUF_INIT(256u << 20)};
    ss_json *json = &s.json;

    ss_json_init(json, out, view);
    ss_json_open(json, NULL, '{');
    ss_json_str(json, "$schema",
                "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/"
                "schemas/sarif-schema-2.1.0.json");
    ss_json_str(json, "version", "2.1.0");
    ss_json_open(json, "runs", '[');
    put_run(&s);
    ss_json_close(json, ']');
    ss_json_close(json, '}');
    ss_out_puts(out, "\n");
    ss_map_release(&s.rules);
    ss_buf_release(&s.text);
    return ss_json_release(json);
}
