/*
 * report.c: secscan_report_*: keep what arrives, then let a writer say it.
 *
 * Nothing is written before the end: a value found last may stand in the path
 * or the line of what was found first, and has to be masked there too.
 */
#include "report/writer.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/options.h"
#include "base/vec.h"

#define KNOWN_FLAGS                                                            \
    (SECSCAN_REPORT_SHOW_SECRETS | SECSCAN_REPORT_COLOR |                      \
     SECSCAN_REPORT_ASCII | SECSCAN_REPORT_QUIET | SECSCAN_REPORT_NO_VERDICT)
#define MAX_KEPT ((size_t)1 << 20) /* findings, and skips */

struct secscan_report {
    secscan_report_options options;
    const ss_report_writer *writer;
    secscan_sink sink;
    secscan_findings *findings; /* copies */
    SS_VEC(secscan_skip) skips; /* copies, in `arena` */
    ss_arena arena;
    ss_mask mask;
    const char *encoded; /* the last one masked: copies may share it */
    ss_out out;
    char *target, *event, *remote;
    int64_t began, ended;
    char note[SS_NOTE_TEXT];
    secscan_error error; /* the first failure of the sink */
    int is_finished;
};

static const ss_report_writer writers[] = {
    {"text", ss_report_text},         {"json", ss_report_json},
    {"jsonl", ss_report_jsonl},       {"sarif", ss_report_sarif},
    {"html", ss_report_html},         {"markdown", ss_report_markdown},
    {"github", ss_report_github},     {"gitlab", ss_report_gitlab},
    {"junit", ss_report_junit},       {"csv", ss_report_csv},
    {"gitleaks", ss_report_gitleaks}, {"hook", ss_report_hook},
};
#define N_WRITERS (sizeof(writers) / sizeof(writers[0]))

static const ss_report_writer purge_writer = {"purge-list", ss_report_purge};

static const ss_report_writer *find_writer(const char *format)
{
    if (format && strcmp(format, purge_writer.format) == 0)
        return &purge_writer;
    for (size_t i = 0; i < N_WRITERS; i++) {
        if (!format || strcmp(format, writers[i].format) == 0)
            return &writers[i];
    }
    return NULL;
}

const char *secscan_report_format_name(size_t index)
{
    return index < N_WRITERS ? writers[index].format : NULL;
}

/* ---- what arrives ------------------------------------------------------ */

/* Nothing more is taken; secscan_report_finish says why. */
static int refuse(secscan_report *report, size_t n_kept)
{
    if (report->error.code)
        return 1;
    if (n_kept >= MAX_KEPT)
        ss_fail(&report->error, SECSCAN_ERR_LIMIT,
                "more than %zu findings or skips: the report is cut there",
                MAX_KEPT);
    else
        ss_fail_nomem(&report->error);
    return 1;
}

static int mask(secscan_report *report, secscan_bytes secret,
                size_t public_prefix)
{
    return ss_mask_add(&report->mask, ss_bytes_of(secret.data, secret.len),
                       public_prefix);
}

static int mask_all(secscan_report *report, const secscan_finding *f)
{
    int rc = mask(report, f->secret, f->public_prefix);

    if (!rc && f->encoded.data != report->encoded)
        rc = mask(report, f->encoded, 0);
    report->encoded = f->encoded.data;
    for (size_t i = 0; !rc && i < f->n_parts; i++) {
        const secscan_part *part = &f->parts[i];

        if (part->public_prefix < part->secret.len)
            rc = mask(report, part->secret, part->public_prefix);
    }
    return rc;
}

static int on_finding(void *ctx, const secscan_finding *finding)
{
    secscan_report *report = ctx;
    const secscan_sink *sink = secscan_findings_sink(report->findings);
    size_t n = secscan_findings_count(report->findings);
    const secscan_finding *copy;

    if (n >= MAX_KEPT || sink->finding(sink->ctx, finding))
        return refuse(report, n);
    copy = secscan_findings_at(report->findings, n);
    return mask_all(report, copy) ? refuse(report, n) : 0;
}

static int keep_str(secscan_report *report, const char **s)
{
    if (!*s)
        return 0;
    *s = ss_arena_str(&report->arena, *s, strlen(*s));
    return *s ? 0 : -1;
}

static int on_skipped(void *ctx, const secscan_skip *skip)
{
    secscan_report *report = ctx;
    secscan_skip copy = *skip;

    if (report->skips.len >= MAX_KEPT || keep_str(report, &copy.path) ||
        keep_str(report, &copy.object) || keep_str(report, &copy.reason) ||
        keep_str(report, &copy.detail) || SS_VEC_PUSH(&report->skips, copy))
        return refuse(report, report->skips.len);
    return 0;
}

/* ---- the public calls -------------------------------------------------- */

/* The caller's text, copied: *out is freed with the report. */
static int own_str(char **out, const char **text)
{
    if (!*text)
        return 0;
    *out = ss_strdup(*text);
    *text = *out;
    return *out ? 0 : -1;
}

static int copy_options(secscan_report *report,
                        const secscan_report_options *options,
                        secscan_error *err)
{
    secscan_report_options *own = &report->options;
    int rc;

    rc = ss_options_copy(own, sizeof(*own), options, err);
    if (rc)
        return rc;
    if (own->flags & ~KNOWN_FLAGS)
        return ss_fail(err, SECSCAN_ERR_ARG, "unknown report flag");
    if (own_str(&report->target, &own->target) ||
        own_str(&report->event, &own->event) ||
        own_str(&report->remote, &own->remote))
        return ss_fail_nomem(err);
    return 0;
}

static int set_up(secscan_report *report, const secscan_report_options *options,
                  secscan_error *err)
{
    int rc;

    rc = copy_options(report, options, err);
    if (rc)
        return rc;
    report->writer = find_writer(report->options.format);
    report->options.format = NULL;
    if (!report->writer)
        return ss_fail(err, SECSCAN_ERR_ARG,
                       "unknown report format: see secscan_report_format_name");
    if (report->writer == &purge_writer &&
        !(report->options.flags & SECSCAN_REPORT_SHOW_SECRETS))
        return ss_fail(err, SECSCAN_ERR_ARG, "a list of secrets shows secrets");
    report->sink = (secscan_sink){sizeof(report->sink), report, on_finding,
                                  on_skipped, NULL};
    ss_mask_init(&report->mask);
    return secscan_findings_new(&report->findings, err);
}

int secscan_report_new(secscan_report **out, const secscan_rules *rules,
                       const secscan_report_options *options,
                       secscan_write_fn write, void *ctx, secscan_error *err)
{
    secscan_report *report;
    int rc;

    (void)rules; /* findings carry all that the formats of today say */
    if (!out || !write)
        return ss_fail(err, SECSCAN_ERR_ARG, "out and write are needed");
    report = ss_calloc(1, sizeof(*report));
    if (!report)
        return ss_fail_nomem(err);
    ss_out_init(&report->out, write, ctx);
    rc = set_up(report, options, err);
    if (rc) {
        secscan_report_free(report);
        return rc;
    }
    *out = report;
    return 0;
}

const secscan_sink *secscan_report_sink(secscan_report *report)
{
    return report ? &report->sink : NULL;
}

static int write_all(secscan_report *report, const secscan_coverage *coverage,
                     int exit_code, secscan_error *err)
{
    static const secscan_coverage none = {.mode = "none"};
    const ss_report_view view = {report->findings,
                                 secscan_findings_count(report->findings),
                                 report->skips.at,
                                 report->skips.len,
                                 coverage ? coverage : &none,
                                 &report->options,
                                 &report->mask,
                                 exit_code,
                                 report->began,
                                 report->ended,
                                 report->note};

    if (ss_mask_seal(&report->mask) ||
        report->writer->write(&report->out, &view))
        return ss_fail_nomem(err);
    ss_out_flush(&report->out);
    if (report->out.is_failed)
        return ss_fail(err, SECSCAN_ERR_IO, "the report cannot be written");
    return 0;
}

void secscan_report_set_times(secscan_report *report, int64_t began,
                              int64_t ended)
{
    if (!report)
        return;
    report->began = began;
    report->ended = ended;
}

const char *secscan_report_note(const secscan_report *report)
{
    return report ? report->note : "";
}

int secscan_report_finish(secscan_report *report,
                          const secscan_coverage *coverage, int exit_code,
                          secscan_error *err)
{
    int rc;

    if (!report)
        return ss_fail(err, SECSCAN_ERR_ARG, "report is needed");
    if (report->is_finished)
        return ss_fail(err, SECSCAN_ERR_BUSY, "the report is finished");
    report->is_finished = 1;
    rc = write_all(report, coverage, exit_code, err);
    if (rc == 0 && report->error.code) {
        if (err)
            *err = report->error;
        rc = report->error.code;
    }
    return rc;
}

void secscan_report_free(secscan_report *report)
{
    if (!report)
        return;
    ss_mask_release(&report->mask);
    SS_VEC_RELEASE(&report->skips);
    secscan_findings_free(report->findings);
    ss_arena_release(&report->arena);
    ss_out_release(&report->out);
    ss_free(report->target);
    ss_free(report->event);
    ss_free(report->remote);
    ss_free(report);
}
