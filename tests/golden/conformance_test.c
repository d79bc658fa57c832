/*
 * conformance_test.c: conformance_test FOLDER...: scan the `input` of each
 * folder that write_conformance made, whole and in pieces, compare with its
 * expected.jsonl.
 *
 * Linked to the shared library, and over secscan.h alone: the first consumer.
 */
#include "golden/line.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_PATH = 4096 };

typedef struct text {
    char *data; /* NUL-terminated; NULL: there is no such file */
    size_t len;
} text;

static text read_in(const char *folder, const char *name)
{
    char path[MAX_PATH];
    text t = {0};
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "rb");
    if (!file)
        return t;
    fseek(file, 0, SEEK_END);
    t.len = (size_t)ftell(file);
    rewind(file);
    t.data = calloc(1, t.len + 1);
    if (!t.data || fread(t.data, 1, t.len, file) != t.len)
        abort();
    fclose(file);
    return t;
}

static int write_finding(void *ctx, const secscan_finding *finding)
{
    return conformance_line(ctx, finding);
}

static int scan_pieces(secscan_scanner *scanner, const char *name, text input,
                       size_t size, const secscan_sink *sink,
                       secscan_error *err)
{
    int rc = secscan_stream_begin(scanner, name, sink, err);
    int end;

    if (rc)
        return rc;
    for (size_t at = 0; !rc && at < input.len; at += size) {
        size_t left = input.len - at;

        rc = secscan_stream_feed(scanner, input.data + at,
                                 left < size ? left : size, err);
    }
    end = secscan_stream_end(scanner, err);
    return rc ? rc : end;
}

/* What is found, as lines; NULL: the scan failed. `size` is that of pieces; 0:
 * it is a buffer. */
static char *scan(secscan_scanner *scanner, const char *name, text input,
                  size_t size)
{
    char *lines = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&lines, &len);
    const secscan_sink sink = {
        .size = sizeof(sink), .ctx = out, .finding = write_finding};
    secscan_error err = {0};
    int rc;

    if (!out)
        abort();
    if (size)
        rc = scan_pieces(scanner, name, input, size, &sink, &err);
    else
        rc = secscan_scan_buffer(scanner, name, input.data, input.len, &sink,
                                 &err);
    fclose(out);
    if (rc) {
        printf("%s: %s\n", secscan_status_name(rc), err.message);
        free(lines);
        return NULL;
    }
    return lines;
}

static int check(secscan_scanner *scanner, const char *folder, size_t size)
{
    text input = read_in(folder, "input");
    text expected = read_in(folder, "expected.jsonl");
    text name = read_in(folder, "name");
    char *found = NULL;
    int is_same;

    if (input.data && expected.data)
        found = scan(scanner, name.data ? name.data : "input", input, size);
    is_same = found && !strcmp(found, expected.data);
    if (!is_same)
        printf("%s, pieces of %zu\nexpected:\n%s\nfound:\n%s\n", folder, size,
               expected.data ? expected.data : "(no such file)",
               found ? found : "(nothing to compare)");
    free(found);
    free(name.data);
    free(expected.data);
    free(input.data);
    return is_same ? 0 : 1;
}

int main(int argc, char **argv)
{
    static const size_t sizes[] = {0, 1, 7, 4093};
    const int n_sizes = sizeof(sizes) / sizeof(*sizes);
    secscan_rules *rules = NULL;
    secscan_scanner *scanner = NULL;
    secscan_error err = {0};
    int n_wrong = 0, rc;

    rc = secscan_rules_load(&rules, NULL, 0, NULL, &err);
    if (rc == SECSCAN_OK)
        rc = secscan_scanner_new(&scanner, rules, NULL, &err);
    for (int i = n_sizes; !rc && i < argc * n_sizes; i++)
        n_wrong += check(scanner, argv[i / n_sizes], sizes[i % n_sizes]);
    if (rc)
        printf("%s\n", err.message);
    else
        printf("%d of %d scans differ\n", n_wrong, (argc - 1) * n_sizes);
    secscan_scanner_free(scanner);
    secscan_rules_free(rules);
    return rc || n_wrong || argc < 2;
}
