/*
 * pipeline.h: what scanner.c (a stream of bytes) and object.c (an object and
 * the delta it came by) share: the state of a scanner, and the steps from a
 * match to its delivery.
 */
#ifndef SS_PIPELINE_H
#define SS_PIPELINE_H

#include "scan/chunk.h"
#include "scan/decode_utf16.h"
#include "scan/engine.h"
#include "scan/extract.h"
#include "scan/kind.h"
#include "scan/place.h"
#include "scan/scanner.h"
#include "scan/trace.h"
#include "scan/uncover.h"

#include "base/arena.h"
#include "base/vec.h"

/* A part of an object that is scanned again (object.c). */
typedef struct ss_object_window {
    size_t from, to; /* starts of matches, in the object */
    size_t gathered; /* where its bytes stand in the gathered buffer */
    size_t len;      /* bytes there */
} ss_object_window;

typedef enum encoding { UNKNOWN, PLAIN, UTF16 } encoding;

struct ss_scanner {
    const ss_rule_set *set;
    ss_engine *engine;
    ss_extractor *extractor;
    ss_namer *namer;
    ss_filter *filter;
    ss_candidates candidates;
    ss_reach reach;
    size_t core; /* bytes */

    /* The unit at hand. */
    int is_open;
    int is_failed; /* a feed failed: only end may follow */
    ss_match_sink sink;
    encoding encoding;
    ss_utf16 utf16;
    ss_buf raw;       /* undecoded bytes: the head, then UTF-16 */
    ss_buf bytes;     /* context and what has not been scanned */
    uint64_t offset;  /* of bytes.data[0] in the (decoded) unit */
    size_t core_from; /* the next core's start, in `bytes` */
    ss_place place;   /* of the next core's start */
    /* Reads a unit with the mark of UTF-16 as the bytes it is, too: a mark that
     * lies must not hide anything. Made when it is first needed. */
    struct ss_scanner *as_bytes;
    int is_held;              /* this is such a one: it delivers at the end */
    SS_VEC(ss_match) pending; /* found; not delivered, or still looked at */
    size_t n_resolved;        /* of them: overlaps are decided */
    size_t n_joined;          /* of those: they have their parts */
    size_t n_delivered;       /* of those */
    ss_arena arena;           /* bytes of what is pending */
    size_t arena_kept;        /* bytes in it when it was last renewed */
    ss_scan_counts counts;
    ss_costs *costs;       /* NULL: nobody asks */
    int (*ask)(void *ctx); /* between cores; NULL: nobody */
    void *ask_ctx;
    uint32_t min_password_len;
    ss_decode_options decoding; /* max_depth 0: nothing is decoded */
    ss_uncover uncover;

    /* An object and its delta. */
    ss_extract_sink found; /* where exact matches go */
    ss_trace *trace;       /* what the object leaves behind; NULL: a stream */
    size_t back, ahead;    /* of a seam: where matches may start that see it */
    int can_inherit;       /* built-in rules alone: every start may be tried */
    SS_VEC(ss_object_window) windows;
    ss_buf gathered;    /* their bytes */
    secscan_error *err; /* of the call at hand */
};

/* A carrier's match becomes one of a kind when the words around name it: its
 * rule and its span change. 1: go on; 0: nothing more to do, *rc is the status.
 */
int ss_pipeline_name(ss_scanner *s, ss_match *match, int *rc);
/* The verdict of the bytes: 1 to keep it; 0 with *rc what a sink answered. */
int ss_pipeline_is_kept(ss_scanner *s, const ss_match *match, int *rc);
/* Check its form, copy it, and let it wait for its delivery. */
int ss_pipeline_keep(ss_scanner *s, ss_match *match);
/* Both: the sink of an extraction. */
int ss_pipeline_judge(void *scanner, ss_match *match, int *is_taken);
int ss_pipeline_limit(void *scanner, uint64_t offset);
/* Scan one core of `unit`: what is found goes to s->found. No result depends on
 * a cap: when the candidates overflow, the core is halved and scanned again. */
int ss_pipeline_core(ss_scanner *s, ss_bytes unit, uint64_t offset, size_t from,
                     size_t to);
/* Let Hyperscan fill s->candidates, from empty. */
int ss_pipeline_match(ss_scanner *s, ss_bytes haystack);
/* Sorted candidates, whose ends count from the chunk's core, to exact matches.
 */
int ss_pipeline_extract(ss_scanner *s, const ss_chunk *chunk,
                        const ss_candidates *list);
/* Sort and place the matches that wait from `first` on; all begin in `chunk`,
 * and s->place is that of its core's start. */
void ss_pipeline_place(ss_scanner *s, const ss_chunk *chunk, size_t first);
/* The place of a match by itself; s->place is at most SS_UNCOVER_LEFT behind
 * its start, and then in the same line. */
void ss_pipeline_place_one(const ss_scanner *s, ss_match *match, ss_bytes unit,
                           uint64_t offset);
/* The unit's own encoding is the outermost of a match. */
void ss_pipeline_put_unit(const ss_scanner *s, ss_match *match);
/* Something was not scanned; `offset` as in a match. */
int ss_pipeline_skip(ss_scanner *s, const char *reason, uint64_t offset);
/* By ss_match_order, from `first` on. */
void ss_pipeline_sort(ss_scanner *s, size_t first);
/* Deliver what no match that starts at or behind `limit` can change: by an
 * overlap, or as a part that stands near (deliver.c). */
int ss_pipeline_deliver(ss_scanner *s, uint64_t limit);
/* End the unit, whatever became of it; returns `rc`. */
int ss_pipeline_close(ss_scanner *s, int rc);

#endif
