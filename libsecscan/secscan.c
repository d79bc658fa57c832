/*
 * secscan.c: public entry points: check arguments, one internal call each.
 * Rules are in secscan_rules.c, trees and files in secscan_tree.c, reports in
 * report/report.c, histories in secscan_git.c.
 */
#include "run/run_stream.h"

#include <secscan.h>

/* Structs that callers make have no tail padding: a member added there would be
 * garbage in an old caller's struct. */
#define NO_TAIL(type, last)                                                    \
    _Static_assert(offsetof(type, last) + sizeof(((type *)0)->last) ==         \
                       sizeof(type),                                           \
                   #type " has tail padding")

NO_TAIL(secscan_rules_options, n_joined);
NO_TAIL(secscan_scan_options, max_unpacked);
NO_TAIL(secscan_policy_options, n_texts);
NO_TAIL(secscan_entry, line);
NO_TAIL(secscan_policy_text, reserved);
NO_TAIL(secscan_tree_options, reserved);
NO_TAIL(secscan_report_options, remote);
NO_TAIL(secscan_sink, progress);
_Static_assert(sizeof(secscan_error) == 256, "secscan_error is frozen");

const char *secscan_version(void)
{
    return SECSCAN_VERSION;
}

/* ---- names ---- */

#define NAME_IN(names, value)                                                  \
    ((value) >= 0 && (size_t)(value) < sizeof(names) / sizeof(*(names))        \
         ? (names)[value]                                                      \
         : "unknown")

const char *secscan_status_name(int status)
{
    static const char *const errors[] = {
        "SECSCAN_OK",          "SECSCAN_ERR_ARG",  "SECSCAN_ERR_NOMEM",
        "SECSCAN_ERR_IO",      "SECSCAN_ERR_RULE", "SECSCAN_ERR_LIMIT",
        "SECSCAN_ERR_BUSY",    "SECSCAN_ERR_GIT",  "SECSCAN_ERR_CORRUPT",
        "SECSCAN_ERR_INTERNAL"};

    if (status == SECSCAN_STOPPED)
        return "SECSCAN_STOPPED";
    return status > 0 ? "unknown" : NAME_IN(errors, -(long)status);
}

const char *secscan_severity_name(int severity)
{
    static const char *const names[] = {"info", "low", "medium", "high",
                                        "critical"};

    return NAME_IN(names, severity);
}

const char *secscan_evidence_name(int evidence)
{
    static const char *const names[] = {"context", "pattern", "structure",
                                        "checksum"};

    return NAME_IN(names, evidence);
}

const char *secscan_profile_name(int profile)
{
    static const char *const names[] = {"report", "block", "strict"};

    return NAME_IN(names, profile);
}

const char *secscan_source_name(int source)
{
    static const char *const names[] = {
        "buffer",     "file",      "blob",        "commit-message",
        "author",     "committer", "tag-message", "tagger",
        "note",       "ref",       "reflog",      "commit-header",
        "tag-header", "lfs"};

    return NAME_IN(names, source);
}

const char *secscan_reach_name(int reach)
{
    static const char *const names[] = {"none", "ref", "stash", "reflog",
                                        "unreachable"};

    return NAME_IN(names, reach);
}

/* ---- scanner ---- */

int secscan_scanner_new(secscan_scanner **out, secscan_rules *rules,
                        const secscan_scan_options *options, secscan_error *err)
{
    if (!out || !rules)
        return ss_fail(err, SECSCAN_ERR_ARG, "out or rules is NULL");
    return ss_handle_new(out, rules, options, err);
}

void secscan_scanner_free(secscan_scanner *scanner)
{
    ss_handle_free(scanner);
}

const secscan_coverage *secscan_scanner_coverage(secscan_scanner *scanner)
{
    return &scanner->coverage;
}

const secscan_costs *secscan_scanner_costs(secscan_scanner *scanner)
{
    if (!scanner->costs.rules)
        return NULL;
    scanner->told_costs.bytes =
        ss_scanner_counts(scanner->scanner)->engine_bytes;
    scanner->told_costs.engine_nanoseconds = scanner->costs.engine;
    scanner->told_costs.rules = scanner->costs.rules;
    scanner->told_costs.n_rules = scanner->set->n_rules;
    return &scanner->told_costs;
}

int secscan_coverage_exit_code(const secscan_coverage *coverage)
{
    if (coverage->gating)
        return 1;
    return coverage->is_complete ? 0 : 3;
}

/* ---- buffers and streams ---- */

static int set_stream_name(secscan_scanner *scanner, const char *name,
                           secscan_error *err)
{
    ss_buf_reset(&scanner->stream_name);
    if (name && ss_buf_add(&scanner->stream_name, name, strlen(name) + 1))
        return ss_fail_nomem(err);
    return 0;
}

static int open_stream(secscan_scanner *scanner, const char *name,
                       const secscan_sink *sink, secscan_error *err)
{
    ss_origin origin;
    int rc = ss_sink_copy(&scanner->stream_sink, sink, err);

    if (rc)
        return rc;
    rc = set_stream_name(scanner, name, err);
    if (rc)
        return rc;
    origin = ss_stream_origin(scanner);
    return ss_deliver_path(scanner, &origin, &scanner->stream_sink);
}

int secscan_stream_begin(secscan_scanner *scanner, const char *name,
                         const secscan_sink *sink, secscan_error *err)
{
    int rc;

    if (!scanner)
        return ss_fail(err, SECSCAN_ERR_ARG, "scanner is NULL");
    rc = ss_handle_enter(scanner, "buffer", err);
    if (rc)
        return rc;
    rc = open_stream(scanner, name, sink, err);
    if (!rc)
        rc = ss_stream_begin(&scanner->stream, scanner, err);
    if (rc)
        return ss_handle_leave(scanner, rc, err);
    scanner->is_streaming = 1;
    return 0;
}

static int check_stream(const secscan_scanner *scanner, secscan_error *err)
{
    if (!scanner || !scanner->is_streaming)
        return ss_fail(err, SECSCAN_ERR_ARG, "no stream is open");
    if (scanner->is_feeding)
        return ss_fail(err, SECSCAN_ERR_BUSY, "the scanner is in use");
    if (err && !scanner->stream_rc) /* else what feed said stays */
        err->code = SECSCAN_OK;
    return 0;
}

int secscan_stream_feed(secscan_scanner *scanner, const void *data, size_t len,
                        secscan_error *err)
{
    int rc = check_stream(scanner, err);

    if (rc)
        return rc;
    if (!data && len)
        return ss_fail(err, SECSCAN_ERR_ARG, "data is NULL");
    if (scanner->stream_rc)
        return ss_fail(err, SECSCAN_ERR_ARG, "the stream has failed: end it");
    scanner->is_feeding = 1;
    rc = ss_stream_feed(scanner->stream, ss_bytes_of(data, len), err);
    scanner->is_feeding = 0;
    scanner->stream_rc = rc;
    return ss_handle_status(rc, err);
}

int secscan_stream_end(secscan_scanner *scanner, secscan_error *err)
{
    int rc = check_stream(scanner, err);

    if (rc)
        return rc;
    scanner->is_feeding = 1;
    rc = ss_stream_end(scanner->stream, err);
    scanner->stream = NULL;
    scanner->is_feeding = 0;
    scanner->is_streaming = 0;
    if (!rc && scanner->stream_rc)
        scanner->coverage.is_complete = 0;
    scanner->stream_rc = 0;
    return ss_handle_leave(scanner, rc, err);
}

uint64_t secscan_stream_settled(const secscan_scanner *scanner)
{
    if (!scanner || !scanner->is_streaming || !scanner->stream)
        return 0;
    return ss_stream_settled(scanner->stream);
}

int secscan_scan_buffer(secscan_scanner *scanner, const char *name,
                        const void *data, size_t len, const secscan_sink *sink,
                        secscan_error *err)
{
    int rc;

    if (!scanner || (!data && len))
        return ss_fail(err, SECSCAN_ERR_ARG, "scanner or data is NULL");
    rc = ss_handle_enter(scanner, "buffer", err);
    if (rc)
        return rc;
    rc = open_stream(scanner, name, sink, err);
    if (!rc)
        rc = ss_run_buffer(scanner, ss_bytes_of(data, len), err);
    return ss_handle_leave(scanner, rc, err);
}
