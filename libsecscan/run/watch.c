/*
 * watch.c: see watch.h. What a unit unpacks to counts as scanned, up to the
 * unit's own size.
 */
#include "run/watch.h"

#include "os/clock.h"

#define EVERY_MS 50u

int ss_progress_tell(const secscan_sink *sink, const secscan_progress *state,
                     uint64_t *told_at)
{
    uint64_t now;

    if (!sink->progress)
        return 0;
    now = ss_clock_ms();
    if (*told_at && now - *told_at < EVERY_MS)
        return 0;
    *told_at = now;
    return sink->progress(sink->ctx, state);
}

void ss_watch_init(ss_watch *w, const secscan_sink *sink,
                   const ss_scanner *scanner)
{
    *w = (ss_watch){.sink = sink,
                    .scanner = scanner,
                    .bytes_before = ss_scanner_counts(scanner)->bytes};
    w->state.units_total = 1;
    w->state.phase = "scanning";
}

static int on_read(void *ctx, size_t len)
{
    ss_watch *w = ctx;
    uint64_t done = ss_scanner_counts(w->scanner)->bytes - w->bytes_before;

    (void)len;
    w->state.bytes_done = done < w->size ? done : w->size;
    return ss_progress_tell(w->sink, &w->state, &w->told_at);
}

ss_watch_fn ss_watch_on_read(const ss_watch *w)
{
    return w->sink->progress ? on_read : NULL;
}
