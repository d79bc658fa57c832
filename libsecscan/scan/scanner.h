/*
 * scanner.h: the pipeline over one unit: bytes in, matches out.
 *
 * chunk -> engine -> candidate -> extract -> filter, check -> overlaps ->
 * match. Knows nothing of paths, files or git. One thread at a time.
 */
#ifndef SS_SCANNER_H
#define SS_SCANNER_H

#include "scan/cost.h"
#include "scan/filter.h"
#include "scan/match.h"

typedef struct ss_scanner ss_scanner;

/* Results of a unit. All pointers are borrowed during the call. `match` gets
 * matches in order of (secret start, end, rule); `skip` gets what was not
 * scanned (a reason of secscan_skip). Nonzero stops the unit. */
typedef struct ss_match_sink {
    void *ctx;
    int (*match)(void *ctx, const ss_match *match);
    int (*skip)(void *ctx, const char *reason, uint64_t offset);
} ss_match_sink;

typedef struct ss_scan_counts {
    uint64_t units, bytes, decoded_bytes, suppressed;
    uint64_t engine_bytes; /* what Hyperscan has read of them */
} ss_scan_counts;

/* `set` is borrowed and outlives the scanner. chunk_core 0: chosen. */
int ss_scanner_new(ss_scanner **out, const ss_rule_set *set, size_t chunk_core,
                   secscan_error *err);
void ss_scanner_free(ss_scanner *scanner);

/* begin, feed any number of times, end. Matches are delivered during feed and
 * end. After a failure only end or drop may follow (they clean up). */
int ss_scanner_begin(ss_scanner *scanner, const ss_match_sink *sink,
                     secscan_error *err);
int ss_scanner_feed(ss_scanner *scanner, ss_bytes bytes, secscan_error *err);
int ss_scanner_end(ss_scanner *scanner, secscan_error *err);
/* Instead of end: what is left is not scanned. Nothing open is fine. */
void ss_scanner_drop(ss_scanner *scanner);
/* End, or after a failure or stop `rc` drop; rc, or what end says. */
int ss_scanner_finish(ss_scanner *scanner, int rc, secscan_error *err);
/* Nothing that is delivered from now on, and none of its parts, stands in front
 * of this offset of the open unit, as it is stored. */
uint64_t ss_scanner_settled(const ss_scanner *scanner);
/* The three in one, without copying the bytes: what a caller with the whole
 * unit in memory (a small file, a blob) should call. */
int ss_scanner_scan(ss_scanner *scanner, ss_bytes bytes,
                    const ss_match_sink *sink, secscan_error *err);

/* From now on passwords of databases that have fewer characters are findings.
 */
void ss_scanner_ask_length(ss_scanner *scanner, uint32_t min_password_len);

/* From now on count what the engine and each rule cost; NULL: do not. */
void ss_scanner_measure(ss_scanner *scanner, ss_costs *costs);

/* From now on asked between two cores of a unit. Nonzero stops the unit, and is
 * what the call returns. NULL: nobody is. */
void ss_scanner_watch(ss_scanner *scanner, int (*ask)(void *ctx), void *ctx);

/* How far encodings are followed; zero: not at all. */
typedef struct ss_decode_options {
    uint32_t max_depth;
    uint64_t max_decoded; /* bytes of a unit; 0: the default */
    /* Decoded bytes that are a container are handed to `container`, with the
     * sink's ctx, and nothing more of them is scanned here; `at` is the place
     * of the encoded text, with its encodings, and no rule. NULL: they are
     * plain bytes. */
    int (*is_container)(ss_bytes bytes);
    int (*container)(void *ctx, ss_bytes bytes, const ss_match *at);
} ss_decode_options;
/* From now on, units are decoded. */
void ss_scanner_ask_decoding(ss_scanner *scanner, ss_decode_options options);

ss_filter *ss_scanner_filter(ss_scanner *scanner); /* for origins */
const ss_scan_counts *ss_scanner_counts(const ss_scanner *scanner);

#endif
