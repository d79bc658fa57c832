/*
 * writer.h: what a report writer is given, and the table row it fills.
 */
#ifndef SS_WRITER_H
#define SS_WRITER_H

#include "report/mask.h"
#include "report/out.h"

#include <secscan.h>

/* Everything there is to say, complete. */
typedef struct ss_report_view {
    const secscan_findings *findings;
    size_t n_findings;
    const secscan_skip *skips;
    size_t n_skips;
    const secscan_coverage *coverage; /* never NULL */
    const secscan_report_options *options;
    const ss_mask *mask;
    int exit_code;
    int64_t began, ended; /* milliseconds since 1970; 0: not known */
    char *note;           /* SS_NOTE_TEXT bytes: secscan_report_note */
} ss_report_view;

#define SS_NOTE_TEXT 400u

typedef struct ss_report_writer {
    const char *format;
    /* 0, or -1 when out of memory; failures of `out` are its own. */
    int (*write)(ss_out *out, const ss_report_view *view);
} ss_report_writer;

int ss_report_text(ss_out *out, const ss_report_view *view);
int ss_report_json(ss_out *out, const ss_report_view *view);
int ss_report_jsonl(ss_out *out, const ss_report_view *view);
int ss_report_hook(ss_out *out, const ss_report_view *view);
int ss_report_sarif(ss_out *out, const ss_report_view *view);
int ss_report_csv(ss_out *out, const ss_report_view *view);
int ss_report_junit(ss_out *out, const ss_report_view *view);
int ss_report_gitlab(ss_out *out, const ss_report_view *view);
int ss_report_github(ss_out *out, const ss_report_view *view);
int ss_report_markdown(ss_out *out, const ss_report_view *view);
int ss_report_html(ss_out *out, const ss_report_view *view);
int ss_report_gitleaks(ss_out *out, const ss_report_view *view);
int ss_report_purge(ss_out *out, const ss_report_view *view);

/* The findings, those that gate and are worst first; the caller frees it. NULL
 * when out of memory. */
const secscan_finding **ss_view_worst_first(const ss_report_view *view);
uint64_t ss_view_count_gating(const ss_report_view *view);
/* "PASSED", "FAILED", "INCOMPLETE" or "INTERRUPTED". */
const char *ss_view_verdict(const ss_report_view *view);

/* Is it in a container? Its lines are none of the file that is there. */
static inline int ss_view_is_member(const secscan_place *place)
{
    return place->path && place->file_len;
}
/* How a secret is written at a place, "base64 > gzip"; nothing when plainly. */
int ss_view_encodings(ss_buf *out, const secscan_place *place);

/* What every writer shows of scanned text goes through these: masked, or
 * as it is when secrets are shown. They append to `out`. */
int ss_view_text(ss_buf *out, const ss_report_view *view, const char *text);
/* The path of the file that is there: of a member the outermost container. */
int ss_view_file(ss_buf *out, const ss_report_view *view,
                 const secscan_place *place);
int ss_view_secret(ss_buf *out, const ss_report_view *view,
                   const secscan_finding *finding);
int ss_view_part(ss_buf *out, const ss_report_view *view,
                 const secscan_part *part);
/* What the rule matched, the secret in it. */
int ss_view_match(ss_buf *out, const ss_report_view *view,
                  const secscan_finding *finding);
/* The line(s); *from and *to are where the secret's form stands in `out`. */
int ss_view_line(ss_buf *out, const ss_report_view *view,
                 const secscan_finding *finding, size_t *from, size_t *to);

#endif
