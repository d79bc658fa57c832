/*
 * sarif.c: SARIF 2.1.0, for code scanning services and editors.
 * Rules come from the findings themselves: a log names the rules it uses.
 */
#include "report/sarif.h"

#include "base/alloc.h"
#include "base/map.h"
#include "report/utf8.h"

#include <stdio.h>

/* Code scanning services take no more results, nor bytes, which are counted
 * when the file has been compressed. */
#define MAX_RESULTS 25000u
#define MAX_PACKED ((size_t)9 << 20) /* of 10 MiB */

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

/* ---- limits ------------------------------------------------------------ */

static size_t length_of(const char *s)
{
    return s ? strlen(s) : 0;
}

/* At least what the result takes when compressed: scanned text may be noise,
 * which stays as long as it is; names, ids and numbers take these bytes. */
static size_t packed_size(const secscan_finding *finding)
{
    size_t size = 200 + finding->line.len + length_of(finding->place.path);
    size_t n = finding->n_places < SS_SARIF_MAX_RELATED ? finding->n_places
                                                        : SS_SARIF_MAX_RELATED;

    for (size_t i = 0; i < finding->n_places && i < n; i++) {
        const char *path = finding->places[i].path;
        const char *last = i ? finding->places[i - 1].path : NULL;

        size += 24;
        if (path && last && strcmp(path, last) != 0)
            size += strlen(path);
    }
    for (size_t i = 0; i < finding->n_parts; i++)
        size += 60 + finding->parts[i].secret.len;
    if (finding->n_introductions)
        size += 40 + length_of(finding->introductions[0].commit.author_name);
    return size;
}

/* The worst that fit. */
static void choose_results(ss_sarif *s)
{
    const ss_report_view *view = s->json.view;
    size_t size = 0;

    while (s->n < view->n_findings && s->n < MAX_RESULTS) {
        size += packed_size(s->list[s->n]);
        if (size > MAX_PACKED)
            break;
        s->has_suppressed |= s->list[s->n]->suppressed_by != NULL;
        s->n++;
    }
    if (s->n < view->n_findings)
        snprintf(view->note, SS_NOTE_TEXT,
                 "%zu of %zu findings are in the SARIF file, the worst first: "
                 "code scanning takes no more",
                 s->n, view->n_findings);
}

/* ---- rules ------------------------------------------------------------ */

static void put_rule(ss_sarif *s, const secscan_finding *finding)
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

static void put_rules(ss_sarif *s)
{
    int is_new;

    ss_json_open(&s->json, "rules", '[');
    for (size_t i = 0; i < s->n; i++) {
        const secscan_finding *finding = s->list[i];
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

static void put_driver(ss_sarif *s)
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

/* ---- results ---------------------------------------------------------- */

static void add_introduction(ss_sarif *s, const secscan_finding *finding)
{
    const secscan_commit *commit = &finding->introductions[0].commit;

    ss_sarif_add(s, finding->is_known ? ", known, repeated by commit "
                    : finding->introductions[0].is_boundary
                        ? ", at or before commit "
                        : ", introduced by commit ");
    if (ss_buf_printf(&s->text, "%.12s", commit->id))
        s->json.is_failed = 1;
    ss_sarif_add(s, " of ");
    ss_sarif_add_scanned(s, commit->author_name);
    ss_sarif_add(s, finding->in_head ? ", still in HEAD" : ", not in HEAD");
}

static void put_result_message(ss_sarif *s, const secscan_finding *finding)
{
    ss_sarif_add(s, finding->description);
    if (finding->secret.len) {
        ss_sarif_add(s, ": ");
        if (ss_view_secret(&s->text, s->json.view, finding) ||
            ss_buf_printf(&s->text, " (%zu chars)",
                          ss_utf8_count(ss_bytes_of(finding->secret.data,
                                                    finding->secret.len))))
            s->json.is_failed = 1;
    }
    ss_sarif_add_place(s, &finding->place);
    if (finding->n_introductions)
        add_introduction(s, finding);
    ss_sarif_put_message(s);
}

static void put_encodings(ss_sarif *s, const secscan_place *place)
{
    ss_json_open(&s->json, "encodings", '[');
    for (size_t i = 0; i < place->n_encodings; i++)
        ss_json_str(&s->json, NULL, place->encodings[i]);
    ss_json_close(&s->json, ']');
}

static void put_properties(ss_sarif *s, const secscan_finding *finding)
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
    if (finding->place.n_encodings)
        put_encodings(s, &finding->place);
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

/* A mark stands in the source, an entry in a file beside it. All results have
 * the list, or none. */
static void put_suppressions(ss_sarif *s, const secscan_finding *finding)
{
    ss_json *json = &s->json;
    const char *by = finding->suppressed_by;

    if (!s->has_suppressed)
        return;
    ss_json_open(json, "suppressions", '[');
    if (by) {
        ss_json_open(json, NULL, '{');
        ss_json_str(json, "kind",
                    strcmp(by, "inline") == 0 ? "inSource" : "external");
        ss_json_str(json, "status", finding->gates ? "rejected" : "accepted");
        ss_sarif_add(s, by);
        if (length_of(finding->suppressed_reason)) {
            ss_sarif_add(s, ": ");
            ss_sarif_add_scanned(s, finding->suppressed_reason);
        }
        ss_sarif_put_text(s, "justification");
        ss_json_close(json, '}');
    }
    ss_json_close(json, ']');
}

static void put_result(ss_sarif *s, const secscan_finding *finding)
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
    ss_sarif_put_location(s, &finding->place, finding, 0);
    ss_json_close(json, ']');
    ss_sarif_put_related(s, finding);
    ss_json_open(json, "partialFingerprints", '{');
    ss_json_str(json, "secscan/v1", finding->fingerprint);
    ss_json_close(json, '}');
    put_suppressions(s, finding);
    put_properties(s, finding);
    ss_json_close(json, '}');
}

/* ---- invocation ------------------------------------------------------- */

static void put_skip(ss_sarif *s, const secscan_skip *skip)
{
    const secscan_place place = {
        .path = skip->path, .object = skip->object, .file_len = skip->file_len};

    ss_json_line(&s->json);
    ss_json_open(&s->json, NULL, '{');
    ss_json_str(&s->json, "level", skip->is_incomplete ? "error" : "note");
    ss_sarif_add(s, "not scanned: ");
    ss_sarif_add(s, skip->reason);
    if (skip->detail && *skip->detail) {
        ss_sarif_add(s, ": ");
        ss_sarif_add_scanned(s, skip->detail);
    }
    ss_sarif_add_place(s, &place);
    if (!skip->path && skip->object) {
        ss_sarif_add(s, ", object ");
        ss_sarif_add(s, skip->object);
    }
    ss_sarif_put_message(s);
    if (skip->path && *skip->path) {
        ss_json_open(&s->json, "locations", '[');
        ss_sarif_put_location(s, &place, NULL, 0);
        ss_json_close(&s->json, ']');
    }
    ss_json_close(&s->json, '}');
}

static void put_warning(ss_sarif *s, const char *text)
{
    if (!length_of(text))
        return;
    ss_json_open(&s->json, NULL, '{');
    ss_json_str(&s->json, "level", "warning");
    ss_sarif_add_scanned(s, text);
    ss_sarif_put_message(s);
    ss_json_close(&s->json, '}');
}

static void put_invocation(ss_sarif *s)
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
    put_warning(s, view->coverage->warning);
    put_warning(s, view->note);
    ss_json_close(json, ']');
    ss_json_close(json, '}');
    ss_json_close(json, ']');
}

static void put_run(ss_sarif *s)
{
    ss_json *json = &s->json;
    const ss_report_view *view = json->view;

    ss_json_open(json, NULL, '{');
    put_driver(s);
    put_invocation(s);
    ss_json_str(json, "columnKind", "unicodeCodePoints");
    ss_json_open(json, "results", '[');
    for (size_t i = 0; i < s->n; i++)
        put_result(s, s->list[i]);
    ss_json_close(json, ']');
    ss_json_open(json, "properties", '{');
    ss_json_bool(json, "complete", view->coverage->is_complete != 0);
    ss_json_str(json, "rules_version", view->coverage->rules_version);
    ss_json_str(json, "profile", view->coverage->profile);
    ss_json_str(json, "policy_digest", view->coverage->policy_digest);
    ss_json_num(json, "unlisted", view->coverage->unlisted);
    ss_json_num(json, "suppressed", view->coverage->suppressed);
    ss_json_num(json, "left_out", view->n_findings - s->n);
    if (view->coverage->containers) {
        ss_json_num(json, "containers", view->coverage->containers);
        ss_json_num(json, "members", view->coverage->members);
    }
    ss_json_close(json, '}');
    ss_json_close(json, '}');
}

int ss_report_sarif(ss_out *out, const ss_report_view *view)
{
    ss_sarif s = {.rules = SS_MAP_INIT, .text = SS_BUF_INIT(256u << 20)};
    ss_json *json = &s.json;

    s.list = ss_view_worst_first(view);
    if (!s.list)
        return -1;
    ss_json_init(json, out, view);
    choose_results(&s);
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
    ss_free(s.list);
    return ss_json_release(json);
}
