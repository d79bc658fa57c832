/*
 * overhead.c: what one scan of a small buffer costs in C, for overhead.py:
 * nanoseconds, the least of some rounds.
 */
#include <secscan.h>

#include <stdio.h>
#include <time.h>

enum { N_ROUNDS = 7, N_SCANS = 200000 };

static const char text[] = "nothing to see here, go on";

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Nanoseconds a scan; negative when one fails. */
static double measure(secscan_scanner *scanner, const secscan_sink *sink)
{
    secscan_error err = {0};
    double begin = now();

    for (int i = 0; i < N_SCANS; i++) {
        if (secscan_scan_buffer(scanner, NULL, text, sizeof(text) - 1, sink,
                                &err))
            return -1;
    }
    return (now() - begin) / N_SCANS;
}

int main(void)
{
    const secscan_sink sink = {.size = sizeof(sink)};
    secscan_rules *rules = NULL;
    secscan_scanner *scanner = NULL;
    secscan_error err = {0};
    double best = -1;
    int rc;

    rc = secscan_rules_load(&rules, NULL, 0, NULL, &err);
    if (!rc)
        rc = secscan_scanner_new(&scanner, rules, NULL, &err);
    for (int i = 0; !rc && i < N_ROUNDS; i++) {
        double took = measure(scanner, &sink);

        if (best < 0 || took < best)
            best = took;
    }
    printf("%.0f ns a scan\n", best);
    secscan_scanner_free(scanner);
    secscan_rules_free(rules);
    return rc || best < 0;
}
