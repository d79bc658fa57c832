/*
 * view.c: scanned text as a report may show it. Rule texts, fingerprints and
 * object ids are secscan's and git's own and do not pass here.
 */
#include "report/writer.h"

static int shows_secrets(const ss_report_view *view)
{
    return (view->options->flags & SECSCAN_REPORT_SHOW_SECRETS) != 0;
}

int ss_view_text(ss_buf *out, const ss_report_view *view, const char *text)
{
    ss_bytes bytes = ss_bytes_str(text ? text : "");

    if (shows_secrets(view))
        return ss_buf_add(out, bytes.data, bytes.len);
    return ss_mask_text(out, view->mask, bytes);
}

static int view_secret(ss_buf *out, const ss_report_view *view,
                       secscan_bytes bytes, size_t public_prefix)
{
    ss_bytes secret = ss_bytes_of(bytes.data, bytes.len);

    if (shows_secrets(view))
        return ss_buf_add(out, secret.data, secret.len);
    return ss_mask_secret(out, secret, public_prefix);
}

int ss_view_secret(ss_buf *out, const ss_report_view *view,
                   const secscan_finding *finding)
{
    return view_secret(out, view, finding->secret, finding->public_prefix);
}

int ss_view_part(ss_buf *out, const ss_report_view *view,
                 const secscan_part *part)
{
    ss_bytes secret = ss_bytes_of(part->secret.data, part->secret.len);

    if (part->public_prefix >= secret.len && !shows_secrets(view))
        return ss_mask_text(out, view->mask, secret);
    return view_secret(out, view, part->secret, part->public_prefix);
}

int ss_view_line(ss_buf *out, const ss_report_view *view,
                 const secscan_finding *finding, size_t *from, size_t *to)
{
    ss_bytes line = ss_bytes_of(finding->line.data, finding->line.len);
    ss_mask_place place = {
        ss_bytes_of(finding->secret.data, finding->secret.len),
        finding->secret_at, finding->public_prefix, 0, 0};
    size_t start = out->len;
    int rc;

    if (shows_secrets(view)) {
        size_t at = place.at < line.len ? place.at : line.len;
        size_t rest = line.len - at;

        *from = start + at;
        *to = *from + (place.secret.len < rest ? place.secret.len : rest);
        return ss_buf_add(out, line.data, line.len);
    }
    rc = ss_mask_line(out, view->mask, line, &place);
    *from = place.from;
    *to = place.to;
    return rc;
}
