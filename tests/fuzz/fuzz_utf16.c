/*
 * fuzz_utf16.c: any bytes behind a byte order mark of UTF-16: decoding and the
 * places in what was decoded. The first byte chooses the order and the chunks.
 */
#include "fuzz.h"

#include <secscan.h>

#include <stdlib.h>
#include <string.h>

static int on_finding(void *ctx, const secscan_finding *finding)
{
    const size_t *len = ctx;

    if (finding->place.offset > *len || finding->place.line_start == 0 ||
        finding->place.column_start == 0)
        abort();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static secscan_rules *rules;
    secscan_scan_options options = {.size = sizeof(options), .threads = 1};
    secscan_sink sink = {sizeof(sink), &len, on_finding, NULL, NULL};
    secscan_scanner *scanner = NULL;
    uint8_t *text;

    if (!rules && secscan_rules_load(&rules, NULL, 0, NULL, NULL))
        abort();
    if (len < 2)
        return 0;
    options.chunk_core = data[0] / 2u;
    text = malloc(len + 1);
    if (!text)
        return 0;
    memcpy(text, data[0] & 1 ? "\xff\xfe" : "\xfe\xff", 2);
    memcpy(text + 2, data + 1, len - 1);
    len += 1;
    if (secscan_scanner_new(&scanner, rules, &options, NULL) ||
        secscan_scan_buffer(scanner, NULL, text, len, &sink, NULL))
        abort();
    secscan_scanner_free(scanner);
    free(text);
    return 0;
}
