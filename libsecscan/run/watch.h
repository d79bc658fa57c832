/*
 * watch.h: how far a scan is, told to the sink, which may stop it.
 */
#ifndef SS_WATCH_H
#define SS_WATCH_H

#include "run/run_container.h"

/* Tell the sink, unless it was told just now. 0, or what it answered. *told_at
 * is 0 before the first time, and to have it told in any case. */
int ss_progress_tell(const secscan_sink *sink, const secscan_progress *state,
                     uint64_t *told_at);

/* One unit of the caller's: a buffer, a stream or a file. */
typedef struct ss_watch {
    const secscan_sink *sink;
    const ss_scanner *scanner;
    uint64_t bytes_before; /* that the scanner had scanned */
    uint64_t size;         /* of the unit, as far as it is known */
    uint64_t told_at;
    secscan_progress state;
} ss_watch;

/* All are borrowed. Starts the unit; *watch stays where it is. */
void ss_watch_init(ss_watch *watch, const secscan_sink *sink,
                   const ss_scanner *scanner);
/* For on_read of ss_unpacker and ss_file_worker; NULL when nobody listens. */
typedef int (*ss_watch_fn)(void *watch, size_t len);
ss_watch_fn ss_watch_on_read(const ss_watch *watch);

#endif
