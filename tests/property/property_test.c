/*
 * property_test.c: property_test PROPERTY FOLDER...: what has to hold over
 * every input. chunks    any chunk core, and any way of feeding, finds the same
 *   utf16     UTF-16 of either order finds what UTF-8 finds, odd lengths too
 *   threads   a tree's report has the same bytes with 1, 2 and 8 threads
 *   memory    whichever allocation fails, the scan fails with it or says what
 * it did not scan; or it only lacks the proof of a finding. It never finds less
 * in silence, and leaks nothing (under ASan)
 */
#include "golden/listing.h"
#include "property/inputs.h"

#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int n_failures;

static void must(int rc, const secscan_error *err)
{
    if (rc == SECSCAN_OK)
        return;
    fprintf(stderr, "%s: %s\n", secscan_status_name(rc), err->message);
    exit(2);
}

static secscan_rules *load_rules(void)
{
    static const char *const paths[] = {KINDS, WIDE};
    secscan_rules *rules = NULL;
    secscan_error err = {0};

    must(secscan_rules_load(&rules, paths, 2, NULL, &err), &err);
    return rules;
}

/* Scan with a chunk core of `core`, in pieces of `step` bytes (0: at once). */
static void scan(listing *out, secscan_rules *rules, const input *in,
                 size_t core, size_t step)
{
    secscan_scan_options options = {.size = sizeof(options),
                                    .chunk_core = core};
    secscan_sink sink = listing_sink(out);
    secscan_scanner *scanner = NULL;
    secscan_error err = {0};

    listing_reset(out);
    must(secscan_scanner_new(&scanner, rules, &options, &err), &err);
    if (!step) {
        must(secscan_scan_buffer(scanner, "input", in->data, in->len, &sink,
                                 &err),
             &err);
    } else {
        must(secscan_stream_begin(scanner, "input", &sink, &err), &err);
        for (size_t at = 0; at < in->len; at += step)
            must(secscan_stream_feed(scanner, in->data + at,
                                     in->len - at < step ? in->len - at : step,
                                     &err),
                 &err);
        must(secscan_stream_end(scanner, &err), &err);
    }
    secscan_scanner_free(scanner);
}

static void compare(const char *name, const char *how, size_t n,
                    const listing *wanted, const listing *found)
{
    if (!strcmp(listing_text(wanted), listing_text(found)))
        return;
    n_failures++;
    printf("%s, %s %zu: %zu findings instead of %zu\n", name, how, n, found->n,
           wanted->n);
    if (n_failures == 1)
        printf("wanted:\n%.4000s\nfound:\n%.4000s\n", listing_text(wanted),
               listing_text(found));
}

/* ---- chunks ----------------------------------------------------------- */

/* The smaller the core, the more often each byte is read: bound the work. */
static const struct {
    size_t core, max_len;
} cores[] = {{1, 4096}, {64, 16384}, {1000, 300000}, {65536, SIZE_MAX}};
static const struct {
    size_t step, max_len;
} steps[] = {{1, 20000}, {7, 200000}, {4096, SIZE_MAX}};

static void check_chunks(secscan_rules *rules, const input *in)
{
    listing wanted = {.with_also = 1}, found = {.with_also = 1};

    scan(&wanted, rules, in, in->len + 1, 0);
    for (size_t i = 0; i < sizeof(cores) / sizeof(*cores); i++) {
        if (in->len > cores[i].max_len)
            continue;
        scan(&found, rules, in, cores[i].core, 0);
        compare(in->name, "core", cores[i].core, &wanted, &found);
    }
    for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
        if (in->len > steps[i].max_len)
            continue;
        scan(&found, rules, in, 1000, steps[i].step);
        compare(in->name, "pieces of", steps[i].step, &wanted, &found);
    }
    printf("%s: %zu bytes, %zu findings\n", in->name, in->len, wanted.n);
    listing_release(&wanted);
    listing_release(&found);
}

/* ---- UTF-16 ----------------------------------------------------------- */

static int is_text(const input *in)
{
    return strcmp(in->name, "not-utf-8") && strcmp(in->name, "zeros") &&
           in->len && in->len < 300000;
}

static void check_utf16(secscan_rules *rules, const input *in)
{
    listing wanted = {.with_also = 1}, found = {.with_also = 1};

    if (!is_text(in))
        return;
    scan(&wanted, rules, in, 0, 0);
    for (int is_big = 0; is_big <= 1; is_big++) {
        input wide = input_to_utf16(in, is_big);
        scan(&found, rules, &wide, 0, 0);
        compare(in->name, is_big ? "big-endian" : "little-endian", 0, &wanted,
                &found);
        scan(&found, rules, &wide, 1000, 7);
        compare(in->name, "in pieces of", 7, &wanted, &found);
        /* Half a unit after the last line changes nothing before it. */
        wide.data[wide.len] = 'x';
        wide.len += in->data[in->len - 1] == '\n';
        scan(&found, rules, &wide, 0, 0);
        compare(in->name, "with an odd byte", 1, &wanted, &found);
        free(wide.data);
    }
    listing_release(&wanted);
    listing_release(&found);
}

/* ---- memory ------------------------------------------------------------ */

static int whole_scan(const input *in, listing *out)
{
    secscan_rules_options options = {.size = sizeof(options),
                                     .flags = SECSCAN_RULES_NO_CACHE};
    secscan_sink sink = listing_sink(out);
    secscan_scanner *scanner = NULL;
    secscan_rules *rules = NULL;
    secscan_error err = {0};
    int rc;

    listing_reset(out);
    rc = secscan_rules_load(&rules, NULL, 0, &options, &err);
    if (rc == SECSCAN_OK)
        rc = secscan_scanner_new(&scanner, rules, NULL, &err);
    if (rc == SECSCAN_OK)
        rc = secscan_scan_buffer(scanner, "input", in->data, in->len, &sink,
                                 &err);
    secscan_scanner_free(scanner);
    secscan_rules_free(rules);
    return rc;
}

static void check_memory(const input *in)
{
    listing wanted = {.with_also = 1}, found = {.with_also = 1};
    unsigned long n_allocations;

    ss_alloc_fail_at(0);
    if (whole_scan(in, &wanted))
        exit(2);
    n_allocations = ss_alloc_count();
    for (unsigned long n = 1; n <= n_allocations; n++) {
        int rc;
        ss_alloc_fail_at(n);
        rc = whole_scan(in, &found);
        ss_alloc_fail_at(0);
        if (rc != SECSCAN_ERR_NOMEM && !strstr(listing_text(&found), "skip") &&
            found.n != wanted.n) {
            printf("%s: allocation %lu of %lu fails: %s\n", in->name, n,
                   n_allocations, secscan_status_name(rc));
            n_failures++;
        }
    }
    if (whole_scan(in, &found))
        exit(2);
    compare(in->name, "after failures", n_allocations, &wanted, &found);
    printf("%s: %lu allocations\n", in->name, n_allocations);
    listing_release(&wanted);
    listing_release(&found);
}

/* ---- threads ------------------------------------------------------------ */

enum { N_COPIES = 5, MAX_PATH = 256 };

static void write_tree(const char *folder, const inputs *list, int is_removal)
{
    char path[MAX_PATH];

    for (int copy = 0; copy < N_COPIES; copy++) {
        for (size_t i = 0; i < list->len; i++) {
            const input *in = &list->at[i];
            FILE *file;
            snprintf(path, sizeof(path), "%s/%02d-%s", folder, copy, in->name);
            if (is_removal) {
                remove(path);
                continue;
            }
            file = fopen(path, "wb");
            if (!file || fwrite(in->data, 1, in->len, file) != in->len ||
                fclose(file))
                exit(2);
        }
    }
}

typedef struct text {
    char *data;
    size_t len;
} text;

static int append(void *ctx, const char *data, size_t len)
{
    text *t = ctx;

    t->data = realloc(t->data, t->len + len + 1);
    if (!t->data)
        exit(2);
    memcpy(t->data + t->len, data, len);
    t->len += len;
    t->data[t->len] = '\0';
    return 0;
}

static text report_tree(secscan_rules *rules, const char *folder,
                        uint32_t threads)
{
    secscan_scan_options options = {.size = sizeof(options),
                                    .threads = threads};
    secscan_report_options format = {.size = sizeof(format), .format = "jsonl"};
    secscan_scanner *scanner = NULL;
    secscan_report *report = NULL;
    secscan_error err = {0};
    text out = {0};

    must(secscan_scanner_new(&scanner, rules, &options, &err), &err);
    must(secscan_report_new(&report, rules, &format, append, &out, &err), &err);
    must(secscan_scan_tree(scanner, &folder, 1, NULL,
                           secscan_report_sink(report), &err),
         &err);
    must(secscan_report_finish(report, secscan_scanner_coverage(scanner), 1,
                               &err),
         &err);
    secscan_report_free(report);
    secscan_scanner_free(scanner);
    return out;
}

static void check_threads(secscan_rules *rules, const inputs *list)
{
    static const uint32_t threads[] = {1, 2, 8, 8};
    char folder[] = "/tmp/secscan-threads-XXXXXX";
    text wanted, found;

    if (!mkdtemp(folder))
        exit(2);
    write_tree(folder, list, 0);
    wanted = report_tree(rules, folder, 1);
    for (size_t i = 0; i < sizeof(threads) / sizeof(*threads); i++) {
        found = report_tree(rules, folder, threads[i]);
        if (strcmp(wanted.data, found.data) != 0) {
            printf("%u threads: another report\n", (unsigned)threads[i]);
            n_failures++;
        }
        free(found.data);
    }
    printf("%zu bytes of report\n", wanted.len);
    free(wanted.data);
    write_tree(folder, list, 1);
    remove(folder);
}

/* ------------------------------------------------------------------------ */

int main(int argc, char **argv)
{
    const char *property = argc > 1 ? argv[1] : "";
    secscan_rules *rules = load_rules();
    inputs list = {0};

    inputs_add_golden(&list, (const char *const *)argv + 2,
                      argc > 2 ? (size_t)argc - 2 : 0);
    inputs_add_awkward(&list);
    for (size_t i = 0; i < list.len; i++) {
        const input *in = &list.at[i];
        if (!strcmp(property, "chunks"))
            check_chunks(rules, in);
        else if (!strcmp(property, "utf16"))
            check_utf16(rules, in);
        else if (!strcmp(property, "memory") && in->len < 8192)
            check_memory(in);
    }
    if (!strcmp(property, "threads"))
        check_threads(rules, &list);
    inputs_release(&list);
    secscan_rules_free(rules);
    printf("%d failures\n", n_failures);
    return n_failures != 0;
}
