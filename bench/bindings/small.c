/*
 * small.c: nanoseconds that the C library takes for one small buffer: what the
 * bindings' overhead is counted over.
 *
 *     bench_small BYTES [COUNT]
 *
 * The median of 7 runs of COUNT (200,000) scans of a clean buffer, on stdout.
 */
#include <secscan.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RUNS 7

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The same text as the other languages scan: no secret, no anchor of a rule. */
static char *clean_text(size_t len)
{
    static const char words[] = "the quick brown fox jumps over the lazy dog\n";
    char *text = malloc(len + 1);

    for (size_t i = 0; text && i < len; i++)
        text[i] = words[i % (sizeof(words) - 1)];
    return text;
}

static int scan_many(secscan_scanner *scanner, const char *text, size_t len,
                     long count)
{
    const secscan_sink sink = {.size = sizeof(sink)};
    secscan_error err;
    int rc = 0;

    for (long i = 0; i < count && rc == 0; i++)
        rc = secscan_scan_buffer(scanner, NULL, text, len, &sink, &err);
    return rc;
}

int main(int argc, char **argv)
{
    size_t len = argc > 1 ? strtoul(argv[1], NULL, 10) : 64;
    long count = argc > 2 ? strtol(argv[2], NULL, 10) : 200000;
    char *text = clean_text(len);
    secscan_error err = {0};
    secscan_rules *rules = NULL;
    secscan_scanner *scanner = NULL;
    double times[RUNS];
    int rc;

    rc = secscan_rules_load(&rules, NULL, 0, NULL, &err);
    if (rc == 0)
        rc = secscan_scanner_new(&scanner, rules, NULL, &err);
    if (rc == 0)
        rc = scan_many(scanner, text, len, count / 10 + 1);
    for (size_t i = 0; i < RUNS && rc == 0; i++) {
        double began = now();

        rc = scan_many(scanner, text, len, count);
        times[i] = (now() - began) / (double)count;
    }
    if (rc == 0) {
        qsort(times, RUNS, sizeof(times[0]), compare);
        printf("%.0f\n", times[RUNS / 2]);
    } else {
        fprintf(stderr, "%s\n", err.message);
    }
    secscan_scanner_free(scanner);
    secscan_rules_free(rules);
    free(text);
    return rc != 0;
}
