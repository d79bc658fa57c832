/*
 * fuzz_scan.c: any bytes scanned with the built-in rules, whole and with a
 * chunk size from the first byte: the same findings both times.
 */
#include "fuzz.h"

#include <secscan.h>

#include <stdlib.h>

typedef struct sum {
    uint64_t value;
    size_t n, len;
} sum;

static void mix(sum *s, uint64_t value)
{
    s->value = (s->value ^ value) * 0x100000001b3u;
}

static int on_finding(void *ctx, const secscan_finding *finding)
{
    sum *s = ctx;

    if (finding->secret.len > s->len || finding->place.offset > s->len)
        abort();
    mix(s, finding->place.offset);
    mix(s, finding->place.line_start);
    mix(s, finding->place.column_start);
    mix(s, finding->secret.len);
    for (const char *c = finding->rule; *c; c++)
        mix(s, (uint8_t)*c);
    s->n++;
    return 0;
}

static sum scan(secscan_rules *rules, size_t core, const uint8_t *data,
                size_t len)
{
    secscan_scan_options options = {
        .size = sizeof(options), .threads = 1, .chunk_core = core};
    sum s = {0xcbf29ce484222325u, 0, len};
    const secscan_sink sink = {sizeof(sink), &s, on_finding, NULL, NULL};
    secscan_scanner *scanner = NULL;

    if (secscan_scanner_new(&scanner, rules, &options, NULL))
        abort();
    if (secscan_scan_buffer(scanner, "x", data, len, &sink, NULL))
        abort();
    secscan_scanner_free(scanner);
    return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static secscan_rules *rules;
    size_t core;
    sum whole, cut;

    if (!rules && secscan_rules_load(&rules, NULL, 0, NULL, NULL))
        abort();
    if (len < 2)
        return 0;
    core = data[0] < 128 ? data[0] + 1u : data[0] * 64u;
    whole = scan(rules, 0, data + 1, len - 1);
    cut = scan(rules, core, data + 1, len - 1);
    if (whole.n != cut.n || whole.value != cut.value)
        abort();
    return 0;
}
