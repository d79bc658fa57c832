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
} ss_report_view;

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

/* What every writer shows of scanned text goes through these: masked, or
 * as it is when secrets are shown. They append to `out`. */
int ss_view_text(ss_buf *out, const ss_report_view *view, const char *text);
int ss_view_secret(ss_buf *out, const ss_report_view *view,
                   const secscan_finding *finding);
int ss_view_part(ss_buf *out, const ss_report_view *view,
                 const secscan_part *part);
/* The line(s); *from and *to are where the secret's form stands in `out`. */
int ss_view_line(ss_buf *out, const ss_report_view *view,
                 const secscan_finding *finding, size_t *from, size_t *to);

#endif
