/*
 * line.h: a finding as one line of JSON, the form of the conformance suite
 * (docs/conformance.md). Sees only secscan.h.
 */
#ifndef GOLDEN_LINE_H
#define GOLDEN_LINE_H

#include <secscan.h>

#include <stdio.h>

/* Write the line. 0, or -1 when the file cannot be written. */
int conformance_line(FILE *out, const secscan_finding *finding);

#endif
