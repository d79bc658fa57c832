/*
 * small.c: nanoseconds that the C library takes for one small buffer: what the
 * bindings' overhead is counted over.
 *
 *     bench_small BYTES [COUNT]
 *
 * Processor time, the least of 15 runs of COUNT (20,000) scans of a clean text:
 * what else the machine does only adds to it.
 */
#include <secscan.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RUNS 15

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
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
    long count = argc > 2 ? strtol(argv[2], NULL, 10) : 20000;
    char *text = clean_text(len);
    secscan_error err = {0};
    secscan_rules *rules = NULL;
    secscan_scanner *scanner = NULL;
    double least = 0;
    int rc;

    rc = secscan_rules_load(&rules, NULL, 0, NULL, &err);
    if (rc == 0)
        rc = secscan_scanner_new(&scanner, rules, NULL, &err);
    if (rc == 0)
        rc = scan_many(scanner, text, len, count / 10 + 1);
    for (int i = 0; i < RUNS && rc == 0; i++) {
        double began = now();
        double taken;

        rc = scan_many(scanner, text, len, count);
        taken = (now() - began) / (double)count;
        least = i == 0 || taken < least ? taken : least;
    }
    if (rc == 0)
        printf("%.0f\n", least);
    else
        fprintf(stderr, "%s\n", err.message);
    secscan_scanner_free(scanner);
    secscan_rules_free(rules);
    free(text);
    return rc != 0;
}
