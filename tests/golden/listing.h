/*
 * listing.h: findings as text, a line of JSON each, to compare.
 */
#ifndef GOLDEN_LISTING_H
#define GOLDEN_LISTING_H

#include <secscan.h>

typedef struct listing {
    char *text; /* NUL-terminated once something was added */
    size_t len, cap, n;
    int with_also; /* the rules that lost, too */
} listing;

/* A sink that adds to the listing: findings and skips. */
secscan_sink listing_sink(listing *list);
const char *listing_text(const listing *list); /* never NULL */
void listing_reset(listing *list);
void listing_release(listing *list);

#endif
