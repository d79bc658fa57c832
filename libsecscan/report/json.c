/*
 * json.c: the reports "json" (one object) and "jsonl" (an object a line).
 * Fields are described in docs/output.md and docs/json-schema/.
 */
#include "json_out.h"

#include "report/utf8.h"

#define SCHEMA_VERSION "1.0"

/* The file that is there, when the path goes on inside of it. */
static void put_container(ss_json *json, const secscan_place *place)
{
    if (ss_view_is_member(place))
        ss_json_file(json, "container", place);
    else
        ss_json_null(json, "container");
}

static void put_encodings(ss_json *json, const secscan_place *place)
{
    ss_json_open(json, "encodings", '[');
    for (size_t i = 0; i < place->n_encodings; i++)
        ss_json_str(json, NULL, place->encodings[i]);
    ss_json_close(json, ']');
}

static void put_position(ss_json *json, const secscan_place *place)
{
    ss_json_text(json, "path", place->path);
    if (place->line_start) {
        ss_json_num(json, "line_start", place->line_start);
        ss_json_num(json, "line_end", place->line_end);
        ss_json_num(json, "column_start", place->column_start);
        ss_json_num(json, "column_end", place->column_end);
    } else {
        ss_json_null(json, "line_start");
        ss_json_null(json, "line_end");
        ss_json_null(json, "column_start");
        ss_json_null(json, "column_end");
    }
    ss_json_num(json, "offset", place->offset);
    ss_json_str(json, "source", secscan_source_name((int)place->source));
    ss_json_str(json, "object", place->object);
    put_container(json, place);
    put_encodings(json, place);
}

static void put_rule(ss_json *json, const secscan_finding *finding)
{
    ss_json_str(json, "rule", finding->rule);
    ss_json_str(json, "description", finding->description);
    ss_json_str(json, "category", finding->category);
    ss_json_str(json, "severity",
                secscan_severity_name((int)finding->severity));
    ss_json_str(json, "evidence",
                secscan_evidence_name((int)finding->evidence));
    ss_json_num(json, "confidence", finding->confidence);
    ss_json_text(json, "reason",
                 finding->reason && *finding->reason ? finding->reason : NULL);
    ss_json_bool(json, "gates", finding->gates != 0);
    ss_json_str(json, "fingerprint", finding->fingerprint);
}

static void put_secret(ss_json *json, const secscan_finding *finding)
{
    ss_json_secret(json, "secret", finding);
    ss_json_num(
        json, "secret_length",
        ss_utf8_count(ss_bytes_of(finding->secret.data, finding->secret.len)));
    ss_json_excerpt(json, "line", finding);
}

static void put_introducer(ss_json *json, const secscan_finding *finding)
{
    const secscan_commit *commit;

    if (finding->n_introductions == 0) {
        ss_json_null(json, "commit");
        ss_json_null(json, "author");
        ss_json_null(json, "email");
        ss_json_null(json, "date");
        ss_json_null(json, "subject");
        return;
    }
    commit = &finding->introductions[0].commit;
    ss_json_str(json, "commit", commit->id);
    ss_json_text(json, "author", commit->author_name);
    ss_json_text(json, "email", commit->author_email);
    ss_json_date(json, "date", commit->author_time, commit->author_offset);
    ss_json_text(json, "subject", commit->subject);
}

static void put_history(ss_json *json, const secscan_finding *finding)
{
    int is_history = finding->n_introductions > 0 || finding->reach != 0;

    ss_json_text(json, "submodule", finding->submodule);
    ss_json_bool(json, "known", finding->is_known != 0);
    ss_json_text(json, "known_path", finding->known_path);
    put_introducer(json, finding);
    ss_json_open(json, "commits", '[');
    for (size_t i = 0; i < finding->n_introductions; i++)
        ss_json_str(json, NULL, finding->introductions[i].commit.id);
    ss_json_close(json, ']');
    ss_json_open(json, "removed", '[');
    for (size_t i = 0; i < finding->n_removals; i++)
        ss_json_str(json, NULL, finding->removals[i].id);
    ss_json_close(json, ']');
    ss_json_bool(json, "boundary",
                 finding->n_introductions > 0 &&
                     finding->introductions[0].is_boundary);
    if (is_history) {
        ss_json_num(json, "n_commits", finding->n_commits);
        ss_json_num(json, "n_paths", finding->n_paths);
        ss_json_bool(json, "in_head", finding->in_head != 0);
        ss_json_str(json, "reach", secscan_reach_name((int)finding->reach));
        ss_json_num(json, "n_refs", finding->n_refs);
    } else {
        ss_json_null(json, "n_commits");
        ss_json_null(json, "n_paths");
        ss_json_null(json, "in_head");
        ss_json_null(json, "reach");
        ss_json_null(json, "n_refs");
    }
}

static void put_place(ss_json *json, const secscan_place *place)
{
    ss_json_open(json, NULL, '{');
    put_position(json, place);
    ss_json_close(json, '}');
}

static void put_places(ss_json *json, const secscan_finding *finding)
{
    ss_json_open(json, "places", '[');
    if (finding->n_places == 0)
        put_place(json, &finding->place);
    for (size_t i = 0; i < finding->n_places; i++)
        put_place(json, &finding->places[i]);
    ss_json_close(json, ']');
}

static void put_parts(ss_json *json, const secscan_finding *finding)
{
    ss_json_open(json, "parts", '[');
    for (size_t i = 0; i < finding->n_parts; i++) {
        const secscan_part *part = &finding->parts[i];

        ss_json_open(json, NULL, '{');
        ss_json_str(json, "rule", part->rule);
        ss_json_str(json, "description", part->description);
        ss_json_str(json, "role",
                    part->role && *part->role ? part->role : NULL);
        ss_json_str(json, "fingerprint", part->fingerprint);
        put_position(json, &part->place);
        ss_json_part(json, "secret", part);
        ss_json_num(
            json, "secret_length",
            ss_utf8_count(ss_bytes_of(part->secret.data, part->secret.len)));
        ss_json_close(json, '}');
    }
    ss_json_close(json, ']');
}

static void put_also(ss_json *json, const secscan_finding *finding)
{
    ss_json_open(json, "refs", '[');
    for (size_t i = 0; i < finding->n_refs_listed; i++)
        ss_json_str(json, NULL, finding->refs[i]);
    ss_json_close(json, ']');
    ss_json_open(json, "also", '[');
    for (size_t i = 0; i < finding->n_also; i++)
        ss_json_str(json, NULL, finding->also[i]);
    ss_json_close(json, ']');
}

static void put_finding(ss_json *json, const secscan_finding *finding)
{
    put_rule(json, finding);
    put_position(json, &finding->place);
    put_secret(json, finding);
    put_history(json, finding);
    put_places(json, finding);
    put_parts(json, finding);
    put_also(json, finding);
    ss_json_str(json, "suppressed_by", finding->suppressed_by);
    ss_json_text(json, "suppressed_reason",
                 finding->suppressed_by ? finding->suppressed_reason : NULL);
    ss_json_str(json, "advice",
                finding->advice && *finding->advice ? finding->advice : NULL);
}

static void put_skip(ss_json *json, const secscan_skip *skip)
{
    const secscan_place place = {.path = skip->path,
                                 .file_len = skip->file_len};

    ss_json_text(json, "path", skip->path);
    ss_json_str(json, "object", skip->object);
    ss_json_str(json, "reason", skip->reason);
    ss_json_text(json, "detail",
                 skip->detail && *skip->detail ? skip->detail : NULL);
    ss_json_bool(json, "incomplete", skip->is_incomplete != 0);
    put_container(json, &place);
}

static void put_tool(ss_json *json)
{
    const secscan_coverage *coverage = json->view->coverage;

    ss_json_str(json, "schema_version", SCHEMA_VERSION);
    ss_json_open(json, "tool", '{');
    ss_json_str(json, "name", "secscan");
    ss_json_str(json, "version", SECSCAN_VERSION);
    ss_json_str(json, "rules_version", coverage->rules_version);
    ss_json_num(json, "n_rules", coverage->n_rules);
    ss_json_close(json, '}');
    ss_json_text(json, "target", json->view->options->target);
}

static void put_skip_counts(ss_json *json, const secscan_coverage *coverage)
{
    ss_json_open(json, "skips", '[');
    for (size_t i = 0; i < coverage->n_skips; i++) {
        ss_json_open(json, NULL, '{');
        ss_json_str(json, "reason", coverage->skips[i].reason);
        ss_json_num(json, "count", coverage->skips[i].count);
        ss_json_bool(json, "incomplete", coverage->skips[i].is_incomplete != 0);
        ss_json_close(json, '}');
    }
    ss_json_close(json, ']');
}

static void put_suppressed(ss_json *json, const secscan_coverage *coverage)
{
    ss_json_open(json, "suppressed_by", '[');
    for (size_t i = 0; i < coverage->n_suppressed_by; i++) {
        if (!coverage->suppressed_by[i].count)
            continue;
        ss_json_open(json, NULL, '{');
        ss_json_str(json, "by", coverage->suppressed_by[i].by);
        ss_json_num(json, "count", coverage->suppressed_by[i].count);
        ss_json_close(json, '}');
    }
    ss_json_close(json, ']');
}

static void put_notes(ss_json *json, const secscan_coverage *coverage)
{
    ss_json_open(json, "notes", '[');
    for (size_t i = 0; i < coverage->n_notes; i++) {
        const secscan_note *note = &coverage->notes[i];

        ss_json_open(json, NULL, '{');
        ss_json_str(json, "kind", note->kind);
        ss_json_text(json, "file", *note->file ? note->file : NULL);
        if (note->line)
            ss_json_num(json, "line", note->line);
        else
            ss_json_null(json, "line");
        ss_json_str(json, "text", note->text);
        ss_json_close(json, '}');
    }
    ss_json_close(json, ']');
}

static void put_coverage(ss_json *json)
{
    const secscan_coverage *coverage = json->view->coverage;
    const struct {
        const char *key;
        uint64_t n;
    } counts[] = {
        {"units", coverage->units},
        {"bytes", coverage->bytes},
        {"decoded_bytes", coverage->decoded_bytes},
        {"files", coverage->files},
        {"blobs", coverage->blobs},
        {"commits", coverage->commits},
        {"trees", coverage->trees},
        {"tags", coverage->tags},
        {"refs", coverage->refs},
        {"objects", coverage->objects},
        {"findings", coverage->findings},
        {"gating", coverage->gating},
        {"suppressed", coverage->suppressed},
        {"unlisted", coverage->unlisted},
        {"cached", coverage->cached},
        {"containers", coverage->containers},
        {"members", coverage->members},
    };

    ss_json_open(json, "coverage", '{');
    ss_json_str(json, "mode",
                coverage->mode && *coverage->mode ? coverage->mode : "none");
    ss_json_text(json, "range", coverage->range);
    ss_json_str(json, "profile", coverage->profile);
    ss_json_str(json, "policy_digest", coverage->policy_digest);
    ss_json_bool(json, "complete", coverage->is_complete != 0);
    ss_json_bool(json, "shallow", coverage->is_shallow != 0);
    ss_json_bool(json, "partial", coverage->is_partial != 0);
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
        ss_json_num(json, counts[i].key, counts[i].n);
    put_suppressed(json, coverage);
    put_notes(json, coverage);
    put_skip_counts(json, coverage);
    ss_json_text(json, "warning",
                 coverage->warning && *coverage->warning ? coverage->warning
                                                         : NULL);
    ss_json_close(json, '}');
}

static void put_verdict(ss_json *json)
{
    const ss_report_view *view = json->view;

    ss_json_bool(json, "complete", view->coverage->is_complete != 0);
    ss_json_num(json, "exit_code", (uint64_t)view->exit_code);
}

void ss_json_report(ss_json *json)
{
    const ss_report_view *view = json->view;

    ss_json_open(json, NULL, '{');
    put_tool(json);
    ss_json_line(json);
    ss_json_open(json, "findings", '[');
    for (size_t i = 0; i < view->n_findings; i++) {
        ss_json_line(json);
        ss_json_open(json, NULL, '{');
        put_finding(json, secscan_findings_at(view->findings, i));
        ss_json_close(json, '}');
    }
    ss_json_close(json, ']');
    ss_json_line(json);
    ss_json_open(json, "skipped", '[');
    for (size_t i = 0; i < view->n_skips; i++) {
        ss_json_line(json);
        ss_json_open(json, NULL, '{');
        put_skip(json, &view->skips[i]);
        ss_json_close(json, '}');
    }
    ss_json_close(json, ']');
    ss_json_line(json);
    put_coverage(json);
    put_verdict(json);
    ss_json_close(json, '}');
}

int ss_report_json(ss_out *out, const ss_report_view *view)
{
    ss_json json;

    ss_json_init(&json, out, view);
    ss_json_report(&json);
    ss_out_puts(out, "\n");
    return ss_json_release(&json);
}

static void open_line(ss_json *json, const char *type)
{
    json->has_value = 0;
    ss_json_open(json, NULL, '{');
    ss_json_str(json, "type", type);
}

static void close_line(ss_json *json)
{
    ss_json_close(json, '}');
    ss_out_puts(json->out, "\n");
}

int ss_report_jsonl(ss_out *out, const ss_report_view *view)
{
    ss_json json;

    ss_json_init(&json, out, view);
    for (size_t i = 0; i < view->n_findings; i++) {
        open_line(&json, "finding");
        put_finding(&json, secscan_findings_at(view->findings, i));
        close_line(&json);
    }
    for (size_t i = 0; i < view->n_skips; i++) {
        open_line(&json, "skip");
        put_skip(&json, &view->skips[i]);
        close_line(&json);
    }
    open_line(&json, "summary");
    put_tool(&json);
    put_coverage(&json);
    put_verdict(&json);
    close_line(&json);
    return ss_json_release(&json);
}
