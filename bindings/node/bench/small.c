/*
 * small.c: small BYTES [NAME]: nanoseconds that C needs to scan a buffer of so
 * many bytes that holds nothing: what bench/small.mjs is compared with.
 */
#include <secscan.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 200000

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double measure(secscan_scanner *scanner, const char *data, size_t len)
{
    const secscan_sink sink = {.size = sizeof(sink)};
    double began = now();

    for (int i = 0; i < ROUNDS; i++)
        secscan_scan_buffer(scanner, NULL, data, len, &sink, NULL);
    return (now() - began) / ROUNDS;
}

int main(int argc, char **argv)
{
    static const char text[] = "a line of a log that holds nothing\n";
    size_t len = argc > 1 ? strtoul(argv[1], NULL, 10) : 48;
    char *data = malloc(len + 1);
    secscan_scanner *scanner = NULL;
    secscan_rules *rules = NULL;
    int rc = 1;

    if (!data || secscan_rules_load(&rules, NULL, 0, NULL, NULL) ||
        secscan_scanner_new(&scanner, rules, NULL, NULL))
        goto out;
    for (size_t i = 0; i < len; i++)
        data[i] = text[i % (sizeof(text) - 1)];
    measure(scanner, data, len); /* warm */
    printf("%zu bytes: %.0f ns\n", len, measure(scanner, data, len));
    rc = 0;
out:
    secscan_scanner_free(scanner);
    secscan_rules_free(rules);
    free(data);
    return rc;
}
