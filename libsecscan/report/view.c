/*
 * view.c: scanned text as a report may show it. Rule texts, fingerprints and
 * object ids are secscan's and git's own and do not pass here.
 */
#include "report/writer.h"

#include "base/alloc.h"

#include <stdlib.h>

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

int ss_view_file(ss_buf *out, const ss_report_view *view,
                 const secscan_place *place)
{
    ss_bytes path = ss_bytes_str(place->path ? place->path : "");

    if (place->file_len && place->file_len < path.len)
        path.len = place->file_len;
    if (shows_secrets(view))
        return ss_buf_add(out, path.data, path.len);
    return ss_mask_text(out, view->mask, path);
}

int ss_view_encodings(ss_buf *out, const secscan_place *place)
{
    int rc = 0;

    for (size_t i = 0; !rc && i < place->n_encodings; i++) {
        rc = i ? ss_buf_puts(out, " > ") : 0;
        if (!rc)
            rc = ss_buf_puts(out, place->encodings[i]);
    }
    return rc;
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

/* The secret as a part of `match`; one that is not there as it is (it was
 * decoded) leaves nothing to show. */
static int mask_match(ss_buf *out, const ss_report_view *view,
                      const secscan_finding *finding)
{
    ss_bytes match = ss_bytes_of(finding->match.data, finding->match.len);
    ss_mask_place place = {
        ss_bytes_of(finding->secret.data, finding->secret.len), 0,
        finding->public_prefix, 0, 0};
    const uint8_t *at = NULL;

    if (place.secret.len && match.len)
        at = memmem(match.data, match.len, place.secret.data, place.secret.len);
    if (!at)
        return view_secret(out, view, finding->secret, finding->public_prefix);
    place.at = (size_t)(at - match.data);
    return ss_mask_line(out, view->mask, match, &place);
}

int ss_view_match(ss_buf *out, const ss_report_view *view,
                  const secscan_finding *finding)
{
    if (shows_secrets(view))
        return ss_buf_add(out, finding->match.data, finding->match.len);
    return mask_match(out, view, finding);
}

/* ---- all findings ------------------------------------------------------- */

static int compare_down(uint64_t a, uint64_t b)
{
    return (a < b) - (a > b);
}

typedef struct ranked {
    const secscan_finding *finding;
    size_t number;
} ranked;

static int compare_worst(const void *left, const void *right)
{
    const ranked *x = left, *y = right;
    const secscan_finding *a = x->finding, *b = y->finding;
    int order = compare_down(a->gates, b->gates);

    if (!order)
        order = compare_down(a->severity, b->severity);
    if (!order)
        order = compare_down(a->evidence, b->evidence);
    if (!order)
        order = compare_down(a->confidence, b->confidence);
    return order ? order : -compare_down(x->number, y->number);
}

const secscan_finding **ss_view_worst_first(const ss_report_view *view)
{
    size_t n = view->n_findings;
    ranked *list = ss_alloc((n + 1) * sizeof(*list));
    const secscan_finding **out = ss_alloc((n + 1) * sizeof(const void *));

    if (!list || !out) {
        ss_free(list);
        ss_free(out);
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        list[i] = (ranked){secscan_findings_at(view->findings, i), i};
    qsort(list, n, sizeof(*list), compare_worst);
    for (size_t i = 0; i < n; i++)
        out[i] = list[i].finding;
    ss_free(list);
    return out;
}

uint64_t ss_view_count_gating(const ss_report_view *view)
{
    uint64_t n = 0;

    for (size_t i = 0; i < view->n_findings; i++)
        n += secscan_findings_at(view->findings, i)->gates != 0;
    return n;
}

const char *ss_view_verdict(const ss_report_view *view)
{
    if (view->exit_code == 0)
        return "PASSED";
    if (view->exit_code == 3)
        return "INCOMPLETE";
    return view->exit_code == 130 ? "INTERRUPTED" : "FAILED";
}
