/*
 * report_case.h: a made-up finding, and reports of it.
 */
#ifndef REPORT_CASE_H
#define REPORT_CASE_H

#include "unit.h"

#include "base/buf.h"

#include <stdio.h>

/* Made up of parts: no ready-made credential stands in the tree. */
static char secret[64];
static ss_buf report_bytes = SS_BUF_INIT(256u << 20);
static secscan_finding finding;
static secscan_place places[7];
static char line[128];

static const secscan_coverage coverage = {.mode = "history",
                                          .is_complete = 1,
                                          .units = 3,
                                          .bytes = 41234,
                                          .commits = 1234,
                                          .blobs = 14,
                                          .findings = 1,
                                          .gating = 1,
                                          .rules_version = "0123456789abcdef",
                                          .n_rules = 80,
                                          .warning = ""};

static int append(void *ctx, const char *data, size_t len)
{
    return ss_buf_add(ctx, data, len);
}

static secscan_bytes bytes_of(const char *s)
{
    return (secscan_bytes){s, strlen(s)};
}

static int set_up(void **state)
{
    (void)state;
    snprintf(secret, sizeof(secret), "%s%s%024d", "vend_", "live_", 7);
    snprintf(line, sizeof(line), "  KEY = \"%s\"", secret);
    finding = (secscan_finding){
        .rule = "vendor-key",
        .description = "Vendor live key",
        .category = "key",
        .advice = "Roll it at dashboard.example.com",
        .fingerprint = "s1:7c4e91d05b2a7c4e91d05b2a",
        .reason = "",
        .severity = SECSCAN_HIGH,
        .evidence = SECSCAN_PATTERN,
        .confidence = 90,
        .gates = 1,
        .secret = bytes_of(secret),
        .match = bytes_of(secret),
        .line = bytes_of(line),
        .secret_at = 9,
        .public_prefix = 10,
        .place = {.path = "payments/settings.py",
                  .offset = 800,
                  .line_start = 42,
                  .line_end = 42,
                  .column_start = 10,
                  .column_end = 44,
                  .source = SECSCAN_SOURCE_FILE},
        .n_places = 1,
    };
    places[0] = finding.place;
    finding.places = places;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ss_buf_release(&report_bytes);
    return 0;
}

static secscan_report *open_report(const char *format, uint32_t flags,
                                   uint32_t width)
{
    const secscan_report_options options = {.size = sizeof(options),
                                            .flags = flags,
                                            .width = width,
                                            .format = format};
    secscan_report *report = NULL;
    secscan_error err;

    ss_buf_reset(&report_bytes);
    CHECK_OK(secscan_report_new(&report, NULL, &options, append, &report_bytes,
                                &err));
    return report;
}

static void give(secscan_report *report)
{
    const secscan_sink *sink = secscan_report_sink(report);

    CHECK_OK(sink->finding(sink->ctx, &finding));
}

static void close_report(secscan_report *report, int exit_code)
{
    secscan_error err;

    CHECK_OK(secscan_report_finish(report, &coverage, exit_code, &err));
    secscan_report_free(report);
    CHECK_OK(ss_buf_putc(&report_bytes, '\0'));
}

/* The report of the one finding, as a string. */
static const char *report_of(const char *format, uint32_t flags)
{
    secscan_report *report = open_report(format, flags, 80);

    give(report);
    close_report(report, 1);
    return (const char *)report_bytes.data;
}

#define CHECK_HAS(text, part) CHECK(strstr((text), (part)) != NULL)
#define CHECK_LACKS(text, part) CHECK(strstr((text), (part)) == NULL)

#define REPORT_TEST(name)                                                      \
    cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
