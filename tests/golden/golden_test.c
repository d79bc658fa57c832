/*
 * golden_test.c: golden_test FOLDER: scan its input, compare with what it
 * expects. With SECSCAN_UPDATE_GOLDEN set the expectation is written instead.
 */
#include "golden/golden.h"
#include "golden/listing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int scan(listing *out, const golden *g)
{
    secscan_sink sink = listing_sink(out);
    secscan_scanner *scanner = NULL;
    secscan_rules *rules = NULL;
    secscan_error err = {0};
    int rc;

    rc = secscan_rules_load(&rules, NULL, 0, NULL, &err);
    if (rc == SECSCAN_OK)
        rc = secscan_scanner_new(&scanner, rules, NULL, &err);
    if (rc == SECSCAN_OK)
        rc = secscan_scan_buffer(scanner, g->name ? g->name : "input.txt",
                                 g->input, g->input_len, &sink, &err);
    if (rc)
        fprintf(stderr, "%s\n", err.message);
    secscan_scanner_free(scanner);
    secscan_rules_free(rules);
    return rc;
}

static int compare(const golden *g, const listing *found)
{
    if (!strcmp(g->expected, listing_text(found)))
        return 0;
    printf("expected:\n%s\nfound:\n%s", g->expected, listing_text(found));
    return 1;
}

int main(int argc, char **argv)
{
    listing found = {0};
    golden g;
    int rc;

    if (argc != 2 || golden_read(&g, argv[1]))
        return 2;
    rc = scan(&found, &g);
    if (!rc && getenv("SECSCAN_UPDATE_GOLDEN"))
        rc = golden_write_expected(argv[1], listing_text(&found));
    else if (!rc)
        rc = compare(&g, &found);
    listing_release(&found);
    golden_release(&g);
    return rc != 0;
}
