/*
 * gitleaks.c: the JSON report of gitleaks 8, for what reads that: an array of
 * findings with its names, one finding each, of the introducing commit.
 */
#include "report/gitleaks.h"

#include "json_out.h"

#include <math.h>

const secscan_commit *ss_gitleaks_commit(const secscan_finding *finding)
{
    static const secscan_commit none = {"", "", "", "", 0, 0, 0, 0};

    return finding->n_introductions ? &finding->introductions[0].commit : &none;
}

uint64_t ss_gitleaks_end_column(const secscan_place *place)
{
    return place->column_end ? place->column_end - 1 : 0;
}

/* Bits a byte, in millionths. */
static uint64_t entropy(secscan_bytes secret)
{
    size_t counts[256] = {0};
    double bits = 0;

    for (size_t i = 0; i < secret.len; i++)
        counts[(uint8_t)secret.data[i]]++;
    for (size_t i = 0; i < 256; i++) {
        double share = (double)counts[i] / (double)secret.len;

        if (counts[i])
            bits -= share * log2(share);
    }
    return (uint64_t)(bits * 1e6 + 0.5);
}

/* Without printf's %f, whose point is the locale's. */
static void put_entropy(ss_json *json, secscan_bytes secret)
{
    uint64_t millionths = secret.len ? entropy(secret) : 0;

    ss_json_num(json, "Entropy", millionths / 1000000);
    ss_out_printf(json->out, ".%06u", (unsigned)(millionths % 1000000));
}

static void put_places(ss_json *json, const secscan_place *place)
{
    ss_json_num(json, "StartLine", place->line_start);
    ss_json_num(json, "EndLine", place->line_end);
    ss_json_num(json, "StartColumn", place->column_start);
    ss_json_num(json, "EndColumn", ss_gitleaks_end_column(place));
}

/* An empty string where ours are null. */
static void put_secret(ss_json *json, const secscan_finding *finding)
{
    if (finding->secret.len) {
        ss_json_match(json, "Match", finding);
        ss_json_secret(json, "Secret", finding);
    } else {
        ss_json_str(json, "Match", "");
        ss_json_str(json, "Secret", "");
    }
}

static void put_author(ss_json *json, const secscan_commit *commit)
{
    ss_json_text(json, "Author", commit->author_name);
    ss_json_text(json, "Email", commit->author_email);
    if (*commit->id)
        ss_json_date(json, "Date", commit->author_time, 0);
    else
        ss_json_str(json, "Date", "");
    ss_json_text(json, "Message", commit->subject);
}

/* "commit:file:rule:line", or without a commit "file:rule:line". */
static void put_fingerprint(ss_json *json, const secscan_finding *finding,
                            const secscan_commit *commit)
{
    ss_buf *text = &json->scratch;

    if ((*commit->id && ss_buf_printf(text, "%s:", commit->id)) ||
        ss_view_text(text, json->view, finding->place.path) ||
        ss_buf_printf(text, ":%s:%llu", finding->rule,
                      (unsigned long long)finding->place.line_start))
        json->is_failed = 1;
    ss_json_bytes(json, "Fingerprint", ss_buf_bytes(text));
    ss_buf_reset(text);
}

static void put_finding(ss_json *json, const secscan_finding *finding)
{
    const secscan_commit *commit = ss_gitleaks_commit(finding);
    const char *path = finding->place.path;

    ss_json_line(json);
    ss_json_open(json, NULL, '{');
    ss_json_str(json, "RuleID", finding->rule);
    ss_json_str(json, "Description", finding->description);
    put_places(json, &finding->place);
    put_secret(json, finding);
    ss_json_text(json, "File", path ? path : "");
    ss_json_str(json, "SymlinkFile", "");
    ss_json_str(json, "Commit", commit->id);
    put_entropy(json, finding->secret);
    put_author(json, commit);
    ss_json_open(json, "Tags", '[');
    ss_json_close(json, ']');
    put_fingerprint(json, finding, commit);
    ss_json_close(json, '}');
}

int ss_report_gitleaks(ss_out *out, const ss_report_view *view)
{
    ss_json json;

    ss_json_init(&json, out, view);
    ss_json_open(&json, NULL, '[');
    for (size_t i = 0; i < view->n_findings; i++)
        put_finding(&json, secscan_findings_at(view->findings, i));
    ss_json_close(&json, ']');
    ss_out_puts(out, "\n");
    return ss_json_release(&json);
}
