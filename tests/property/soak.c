/*
 * soak.c: soak [SCANS]: many scans of small buffers leave nothing behind, those
 * that find something, that fail, and that are stopped included: the process
 * has grown by no more than a margin since a warm-up.
 */
#include "rules/template.h"

#include <secscan.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What malloc moves by itself. A leak of 5 bytes a scan is more. */
enum { SLACK = 4 << 20 };

typedef struct soak {
    secscan_scanner *scanner;
    ss_buf dirty;
    size_t n_found;
} soak;

static int refuse(void *ctx, const secscan_finding *finding)
{
    (void)ctx;
    (void)finding;
    return SECSCAN_ERR_IO;
}

static int count(void *ctx, const secscan_finding *finding)
{
    soak *s = ctx;

    (void)finding;
    s->n_found++;
    return 0;
}

static void expect(int status, int wanted, const secscan_error *err)
{
    if (status == wanted)
        return;
    fprintf(stderr, "%s, and not %s: %s\n", secscan_status_name(status),
            secscan_status_name(wanted), err->message);
    exit(1);
}

static void scan_clean(soak *s)
{
    static const char text[] = "a line of a log that holds nothing\n";
    const secscan_sink sink = {sizeof(sink), s, count, NULL, NULL};
    secscan_error err = {0};

    expect(secscan_scan_buffer(s->scanner, "a.log", text, sizeof(text) - 1,
                               &sink, &err),
           0, &err);
}

static void scan_dirty(soak *s)
{
    const secscan_sink sink = {sizeof(sink), s, count, NULL, NULL};
    secscan_error err = {0};

    expect(secscan_scan_buffer(s->scanner, "deploy.sh", s->dirty.data,
                               s->dirty.len, &sink, &err),
           0, &err);
}

/* Copies, as bindings have them. */
static void collect(soak *s)
{
    secscan_findings *found = NULL;
    secscan_error err = {0};

    expect(secscan_findings_new(&found, &err), 0, &err);
    expect(secscan_scan_buffer(s->scanner, "deploy.sh", s->dirty.data,
                               s->dirty.len, secscan_findings_sink(found),
                               &err),
           0, &err);
    s->n_found += secscan_findings_count(found);
    secscan_findings_free(found);
}

static void fail_in_sink(soak *s)
{
    const secscan_sink sink = {sizeof(sink), s, refuse, NULL, NULL};
    secscan_error err = {0};

    expect(secscan_scan_buffer(s->scanner, "deploy.sh", s->dirty.data,
                               s->dirty.len, &sink, &err),
           SECSCAN_ERR_IO, &err);
}

static void fail_in_stream(soak *s)
{
    const secscan_sink sink = {sizeof(sink), s, refuse, NULL, NULL};
    secscan_error err = {0};

    expect(secscan_stream_begin(s->scanner, "deploy.sh", &sink, &err), 0, &err);
    expect(secscan_stream_feed(s->scanner, s->dirty.data, s->dirty.len, &err),
           0, &err);
    expect(secscan_stream_end(s->scanner, &err), SECSCAN_ERR_IO, &err);
}

static void fail_in_rules(soak *s)
{
    static const char text[] = "[[rules]]\nid = \"own\"\nregex = '''a('''\n";
    secscan_rules *rules = NULL;
    secscan_error err = {0};

    (void)s;
    expect(secscan_rules_parse(&rules, text, sizeof(text) - 1, NULL, &err),
           SECSCAN_ERR_RULE, &err);
}

static void scan_many(soak *s, long n)
{
    static void (*const others[])(soak *) = {
        scan_dirty,   collect,        scan_dirty, collect,
        fail_in_sink, fail_in_stream, scan_dirty, fail_in_rules,
    };
    const size_t n_others = sizeof(others) / sizeof(*others);

    /* One in 16 is another one. */
    for (long i = 0; i < n; i++) {
        if (i % 16)
            scan_clean(s);
        else
            others[(size_t)(i / 16) % n_others](s);
    }
}

static long resident(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long size, pages;

    if (!file || fscanf(file, "%ld %ld", &size, &pages) != 2)
        abort();
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

static int setup(soak *s)
{
    const char *text = "GITHUB_TOKEN=ghp_{base62:30}{crc32}\n";
    secscan_rules *rules = NULL;
    secscan_error err = {0};

    if (ss_template_expand(&s->dirty, ss_bytes_str(text), 1))
        return -1;
    expect(secscan_rules_load(&rules, NULL, 0, NULL, &err), 0, &err);
    expect(secscan_scanner_new(&s->scanner, rules, NULL, &err), 0, &err);
    secscan_rules_free(rules);
    return 0;
}

int main(int argc, char **argv)
{
    soak s = {.dirty = SS_BUF_INIT(1024)};
    long n = argc > 1 ? atol(argv[1]) : 1000000;
    long before, grown;

    if (setup(&s))
        return 2;
    scan_many(&s, n / 10);
    before = resident();
    s.n_found = 0;
    scan_many(&s, n);
    grown = resident() - before;
    printf("%ld scans, %zu findings, %ld bytes more\n", n, s.n_found, grown);
    secscan_scanner_free(s.scanner);
    ss_buf_release(&s.dirty);
    return !s.n_found || grown > SLACK;
}
