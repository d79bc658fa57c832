/*
 * html.c: one page that needs nothing else: page/ holds it, tools/embed_page.c
 * puts it into the program.
 *
 * What was scanned is in it as JSON, in elements that do not run: the report as
 * --format json writes it, and what only the page needs. "<" is escaped, so
 * that no text ends its element.
 */
#include "base/alloc.h"
#include "base/map.h"
#include "json_out.h"
#include "report/page.h"

#include "report/date.h"

static void open_data(ss_json *json, const char *id)
{
    ss_out_printf(json->out, "<script type=\"application/json\" id=\"%s\">",
                  id);
    json->has_value = 0;
}

static void close_data(ss_json *json)
{
    ss_out_puts(json->out, "</script>\n");
}

/* A commit that brought a secret in or took one out; each once. */
static void put_commit(ss_json *json, ss_map *seen,
                       const secscan_commit *commit)
{
    int is_new;

    if (!ss_map_put(seen, ss_bytes_str(commit->id), &is_new)) {
        json->is_failed = 1;
        return;
    }
    if (!is_new)
        return;
    ss_json_line(json);
    ss_json_open(json, commit->id, '{');
    ss_json_date(json, "date", commit->author_time, commit->author_offset);
    ss_json_text(json, "author", commit->author_name);
    ss_json_text(json, "subject", commit->subject);
    ss_json_close(json, '}');
}

static void put_commits(ss_json *json)
{
    const ss_report_view *view = json->view;
    ss_map seen = SS_MAP_INIT;

    ss_json_open(json, "commits", '{');
    for (size_t i = 0; i < view->n_findings; i++) {
        const secscan_finding *finding = secscan_findings_at(view->findings, i);

        for (size_t k = 0; k < finding->n_introductions; k++)
            put_commit(json, &seen, &finding->introductions[k].commit);
        for (size_t k = 0; k < finding->n_removals; k++)
            put_commit(json, &seen, &finding->removals[k]);
    }
    ss_json_close(json, '}');
    ss_map_release(&seen);
}

static void put_run(ss_json *json)
{
    const ss_report_view *view = json->view;

    ss_json_open(json, NULL, '{');
    ss_json_str(json, "verdict", ss_view_verdict(view));
    ss_json_num(json, "began", view->began > 0 ? (uint64_t)view->began : 0);
    ss_json_num(json, "ended", view->ended > 0 ? (uint64_t)view->ended : 0);
    put_commits(json);
    ss_json_close(json, '}');
}

int ss_report_html(ss_out *out, const ss_report_view *view)
{
    ss_json json;

    ss_json_init(&json, out, view);
    json.is_in_html = 1;
    ss_out_puts(out, ss_page_before);
    open_data(&json, "report");
    ss_json_report(&json);
    close_data(&json);
    open_data(&json, "run");
    put_run(&json);
    close_data(&json);
    ss_out_puts(out, ss_page_behind);
    return ss_json_release(&json);
}
