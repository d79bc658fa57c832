/*
 * object.h: scan an object of a history: whole, or only what a delta brings in.
 */
#ifndef SS_OBJECT_H
#define SS_OBJECT_H

#include "scan/scanner.h"
#include "scan/trace.h"

/*
 * Scan `bytes` and leave its trace in `out` (reset first). With a base (the
 * trace of the object it is a delta of, and the copied runs in order of the
 * target), only the surroundings of what is new are scanned; matches and order
 * are those of scanning it whole. `sink` gets every match, inherited ones
 * included.
 */
int ss_object_scan(ss_scanner *scanner, ss_bytes bytes, const ss_trace *base,
                   const ss_run *runs, size_t n_runs, ss_trace *out,
                   const ss_match_sink *sink, secscan_error *err);

/* Only the trace of an object that is scanned elsewhere: nothing is delivered
 * or counted. */
int ss_object_trace(ss_scanner *scanner, ss_bytes bytes, ss_trace *out,
                    secscan_error *err);

/* Work out how far from a seam a match may start that sees it. */
void ss_object_measure(ss_scanner *scanner);

#endif
